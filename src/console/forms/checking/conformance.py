"""Whether a stored QuestionnaireResponse satisfies its form, told as a FHIR R4 OperationOutcome.

The rules are those of :mod:`console.forms.checking.validation`, which the screen shows while a form is filled in and by
which it is signed (:mod:`console.forms.checking.signing`); the places are those of the document. Beside them is what
only a document can have wrong: its fields, the order of its items, the form that it names.

What is missing is a warning only where a response may lack it: while it is in progress, when it was stopped or entered
in error, and in a group that is not in the response and need not be. So is a constraint that does not hold: FHIR has it
satisfied before a response is complete. Whatever else contradicts the form is an error in every status.

https://hl7.org/fhir/R4/operationoutcome.html, https://hl7.org/fhir/R4/questionnaireresponse.html.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from console.errors import KnownError
from console.forms.asking.response import ROOT, STATUSES, Reading, examine, unusable
from console.forms.checking.rules import Broken, Severity
from console.forms.checking.validation import INVARIANT, REQUIRED, Issue, validate
from console.forms.deciding.layout import lines
from console.forms.document import Json, child, objects
from console.forms.model import DateTime, Questionnaire
from console.forms.refusals import one_line
from console.forms.values import is_date_time, order

_WHOLE = ("completed", "amended")
_ELEMENT = frozenset(("id", "extension", "modifierExtension"))
_RESPONSE = _ELEMENT | {
    "resourceType", "meta", "implicitRules", "language", "text", "contained", "identifier", "basedOn", "partOf",
    "questionnaire", "status", "subject", "encounter", "authored", "author", "source", "item",
}  # fmt: skip
_ITEM = _ELEMENT | {"linkId", "definition", "text", "answer", "item"}
_ANSWER = _ELEMENT | {"item"}
_VALUES = {
    "Boolean", "Decimal", "Integer", "Date", "DateTime", "Time", "String", "Uri", "Attachment", "Coding", "Quantity",
    "Reference",
}  # fmt: skip
_OUT_OF_PERIOD = (
    ("start", -1, "it was authored before the form came into use"),
    ("end", 1, "it was authored after the form went out of use"),
)

Told = tuple[str, Broken]
"""A place in the response and what is wrong there."""


def outcome(q: Questionnaire, response: Mapping[str, Any]) -> Json:
    """An OperationOutcome with everything that is wrong with a response; no issue of severity ``error``: it is valid.

    Raises :class:`KnownError` when the document is no QuestionnaireResponse.
    """
    if response.get("resourceType") != "QuestionnaireResponse":
        raise KnownError("it is not a QuestionnaireResponse.")
    found: list[Told] = []
    try:
        found += _form(q, response)
        found += _document(response)
        found += _answers(q, response, examine(q, response))
    except KnownError as error:  # a list that is none, or the like: nothing below it can be read
        found.append((ROOT, Broken(error.message, "structure")))
    issues = [_told(where, rule) for where, rule in found] or [
        _told("", Broken("The response satisfies the form.", "informational", Severity.INFORMATION))
    ]
    return {"resourceType": "OperationOutcome", "issue": issues}


def is_valid(told: Json) -> bool:
    """Whether an OperationOutcome holds no error."""
    return all(issue["severity"] != Severity.ERROR for issue in told["issue"])


def _told(where: str, rule: Broken) -> Json:
    issue: Json = {"severity": rule.severity.value, "code": rule.code, "details": {"text": one_line(rule.text)}}
    return issue | ({"expression": [where]} if where else {})


def _answers(q: Questionnaire, response: Mapping[str, Any], reading: Reading) -> Iterator[Told]:
    for misfit in (*reading.misfits, *reading.oddities):
        yield misfit.where, Broken(f"{misfit.link_id}: {misfit.text}", "structure")
    whole = response.get("status") in _WHOLE
    spoiled = {misfit.key for misfit in reading.misfits}
    parents = {line.key: line.parent for line in lines(q, reading.answers)}
    for issue in validate(q, reading.answers, stored=True, now=_time(response)):
        if issue.code == REQUIRED and issue.key in spoiled:
            continue  # an answer that cannot be read is not also missing
        severity = issue.severity
        if issue.code in (REQUIRED, INVARIANT) and not whole:
            severity = Severity.WARNING
        if issue.code == REQUIRED and not _expected(q, issue, parents.get(issue.key, ""), reading):
            severity = Severity.WARNING
        named = f"{issue.link_id}: {issue.text}" if issue.link_id else issue.text
        yield _where(issue, reading, parents), Broken(named, issue.code, severity)


def _expected(q: Questionnaire, issue: Issue, parent: str, reading: Reading) -> bool:
    """Whether what is missing has to be there: what it stands in is, and that it is asked is certain."""
    here = issue.link_id
    while here:
        formula = q.by_id[here].expressions.enabled
        if formula is not None and q.logic.problem(formula):
            return False
        here = q.parents[here]
    return not parent or parent in reading.places


def _time(response: Mapping[str, Any]) -> datetime | None:
    """When the response was written, which is the time that its formulas ask for; ``None`` when it is not said."""
    authored = response.get("authored")
    if not isinstance(authored, str) or not is_date_time(authored) or len(authored) < len("2026-11-22"):
        return None
    moment = datetime.fromisoformat(authored)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _where(issue: Issue, reading: Reading, parents: Mapping[str, str]) -> str:
    """Where an issue stands in the response; what is missing, stands where it should be."""
    place = reading.places.get(issue.key)
    if place and issue.number is not None and issue.number < len(place.numbers):
        return f"{place.where}.answer[{place.numbers[issue.number]}]"
    key = issue.key
    while key and key not in reading.places:
        key = parents.get(key, "")
    return reading.places[key].where if key else ROOT


def _form(q: Questionnaire, response: Mapping[str, Any]) -> Iterator[Told]:
    """Whether the response was given to this form, and the form may be used."""
    where = f"{ROOT}.questionnaire"
    named = response.get("questionnaire")
    if named is None:
        yield ROOT, Broken("it does not say to which form it was given", "business-rule", Severity.WARNING)
    elif not isinstance(named, str):
        yield where, Broken("'questionnaire' is not text", "structure")
    else:
        yield from ((where, rule) for rule in _named(q, response, named))
    if q.status in ("draft", "retired"):
        yield where, Broken(f"the form is marked as {q.status}", "business-rule", Severity.WARNING)
    authored = response.get("authored")
    if isinstance(authored, str) and is_date_time(authored):
        period = child(q.raw, "effectivePeriod")
        for key, wrong, text in _OUT_OF_PERIOD:
            if isinstance(period.get(key), str) and order(DateTime(authored), DateTime(period[key])) == wrong:
                yield f"{ROOT}.authored", Broken(text, "business-rule", Severity.WARNING)
    for finding in q.findings:
        text = f"{finding.link_id}: {finding.text}" if finding.link_id else finding.text
        yield "", Broken(f"In the form: {text}", "not-supported", Severity.INFORMATION)


def _named(q: Questionnaire, response: Mapping[str, Any], named: str) -> Iterator[Broken]:
    """The canonical by which a response names its form: ``url|version``, or ``#id`` of one that it contains."""
    if named == q.canonical:  # also where its url itself has a fragment
        return
    if named.startswith("#"):
        inside = [each for each in objects(dict(response), "contained") if each.get("id") == named[1:]]
        if not inside or inside[0].get("resourceType") != "Questionnaire":
            yield Broken("the form it refers to is not contained in it", "not-found")
            return
        named = str(inside[0].get("url") or "")
    url, _, version = named.partition("#")[0].partition("|")
    if q.url and url and url != q.url:
        yield Broken("it was given to another form", "not-found")
    elif not q.url and url:
        yield Broken("the form has no url, so that it may be another one", "not-found", Severity.WARNING)
    elif version and version != q.version:
        yield Broken("it was given to another version of the form", "business-rule", Severity.WARNING)


def _document(response: Mapping[str, Any]) -> Iterator[Told]:
    """The fields of the document itself, whatever form it was given to."""
    status = response.get("status")
    if status is None:
        yield ROOT, Broken("it has no status", "required")
    elif status not in STATUSES:
        yield f"{ROOT}.status", Broken("its status is none that FHIR knows", "code-invalid")
    authored = response.get("authored")
    if authored is not None and not (isinstance(authored, str) and is_date_time(authored)):
        yield f"{ROOT}.authored", Broken("'authored' is not a date and time", "value")
    if reason := unusable(response):
        known = status == "entered-in-error"
        yield ROOT, Broken(reason, "business-rule", Severity.WARNING if known else Severity.ERROR)
    yield from _unknown(response, ROOT, _RESPONSE)
    waiting = [(ROOT, dict(response))]
    while waiting:
        where, holder = waiting.pop(0)
        for number, entry in enumerate(objects(holder, "item")):
            at = f"{where}.item[{number}]"
            yield from _unknown(entry, at, _ITEM)
            if not isinstance(entry.get("linkId"), str):
                yield at, Broken("it has no linkId", "required")
            waiting.append((at, entry))
            for place, answer in enumerate(objects(entry, "answer")):
                yield from _unknown(answer, f"{at}.answer[{place}]", _ANSWER)
                waiting.append((f"{at}.answer[{place}]", {"item": answer.get("item")}))


def _unknown(holder: Mapping[str, Any], where: str, known: frozenset[str]) -> Iterator[Told]:
    """Fields that FHIR does not have here. An underscore stands before what extends a plain field."""
    for key in holder:
        name = key.removeprefix("_")
        is_value = known is _ANSWER and name.startswith("value") and name.removeprefix("value") in _VALUES
        if name not in known and not is_value:
            yield where, Broken("it has a field that FHIR does not have there", "structure")
    for key in ("item", "answer"):
        held = holder.get(key)
        if isinstance(held, list) and (not held or None in held):
            yield where, Broken(f"'{key}' holds nothing, or an empty place; FHIR leaves out what is empty", "structure")
