"""Recognizing what is not plain FHIR R4: other versions, CQL, and extensions that would change what is asked.

STU3 uses the same ``resourceType`` with other fields. Read as R4 it would lose questions or answers without a word, so
it is told apart by the fields that only it has.
"""

import re
from collections.abc import Iterator
from typing import Any

from console.forms.document import Json, extensions
from console.forms.model import Finding
from console.forms.reading.expressions import ASKING, CQF, FIELDS, is_read
from console.forms.refusals import refuse

_STU3_ITEM = re.compile(
    "options?|initial(Boolean|Decimal|Integer|Date|DateTime|Time|String|Ur[il]|Attachment|Coding|Quantity|Reference)"
)
_DECIDING = {
    "answerOptionsToggleExpression": "which of its options are offered is decided by a formula",
    "subQuestionnaire": "it stands for another form that would have to be fetched",
    "questionnaireAdaptive": "which questions come next is decided by a server",
}
_PASSED_OVER = {
    "candidateExpression": "suggestions for its answer come from a formula; none are made",
    "itemPopulationContext": "it would be filled in from a record; it starts blank",
    "itemMedia": "a picture or recording that belongs to it is not shown",
    "itemAnswerMedia": "a picture or recording that belongs to an option is not shown",
    "cqf-library": "a library of logic that belongs to it is not used",
    "signatureRequired": "it wants a signature of its own; an assessment is signed as a whole",
}
_OF_FORM = frozenset({
    "id", "resourceType", "meta", "implicitRules", "language", "text", "contained", "extension", "modifierExtension",
    "url", "identifier", "version", "name", "title", "derivedFrom", "status", "experimental", "subjectType", "date",
    "publisher", "contact", "description", "useContext", "jurisdiction", "purpose", "copyright", "approvalDate",
    "lastReviewDate", "effectivePeriod", "code", "item", "versionAlgorithmString", "versionAlgorithmCoding",
    "copyrightLabel",
})  # fmt: skip
_OF_ITEM = frozenset({
    "id", "extension", "modifierExtension", "linkId", "definition", "code", "prefix", "text", "type", "enableWhen",
    "enableBehavior", "required", "repeats", "readOnly", "maxLength", "answerValueSet", "answerOption", "initial",
    "item", "answerConstraint", "disabledDisplay",
})  # fmt: skip
"""The fields of FHIR R4 and R5."""
_FORMULA = re.compile("expression|fhirpath|constraint", re.IGNORECASE)


def refuse_other_versions(form: Json) -> None:
    """Refuse older forms, naming the field that gives them away. R5 is :mod:`console.forms.reading.r5`."""
    if "group" in form:
        refuse("this is FHIR DSTU2 ('group'); FHIR R4 is needed")
    for item, link_id in _items(form):
        for key in item:
            if _STU3_ITEM.fullmatch(key):
                refuse(f"this is FHIR STU3 ('{key}'); FHIR R4 is needed", link_id)
        conditions = item.get("enableWhen")
        for condition in conditions if isinstance(conditions, list) else []:
            if isinstance(condition, dict) and "hasAnswer" in condition:
                refuse("this is FHIR STU3 ('hasAnswer'); FHIR R4 is needed", link_id)
            if isinstance(condition, dict) and condition.get("question") and condition.get("operator") is None:
                refuse("an enableWhen has no operator, as in FHIR STU3; FHIR R4 needs one", link_id)


def refuse_cql(form: Json) -> None:
    """Refuse a form that carries an expression in CQL anywhere: its logic cannot be run here."""
    for holder, link_id in [(form, ""), *_items(form)]:
        own = {key: value for key, value in holder.items() if key not in ("item", "contained")}
        if any("cql" in str(language) for language in _languages(own)):
            refuse("it contains an expression in CQL, which is not evaluated here", link_id)


def refuse_modifiers(holder: Json, link_id: str) -> None:
    """Refuse an unknown modifier extension: FHIR forbids acting on an element while ignoring one."""
    found = holder.get("modifierExtension")
    if found:
        entry = found[0] if isinstance(found, list) else found
        url = entry.get("url") if isinstance(entry, dict) else None
        refuse(f"a modifier extension that is not known here changes its meaning ({url})", link_id)


def passed_over(holder: Json, link_id: str, asked: bool = True) -> Iterator[Finding]:
    """What the extensions of an item or of the form ask for and do not get; refuses an asked form when that matters."""
    for entry in extensions(holder):
        name = _name(entry)
        if name in _DECIDING and entry.get("valueBoolean") is not False:
            yield _unfit(f"{_DECIDING[name]} ({name}), which is not evaluated here", link_id, asked)
        if name in _PASSED_OVER:
            yield Finding(link_id, _PASSED_OVER[name])
        elif entry["url"] in ASKING and not is_read(entry):
            yield _unfit(f"the formula in '{name}' cannot be read", link_id, asked)
        elif _is_formula(entry, name) and not is_read(entry):
            yield Finding(link_id, f"the formula in '{name}' is not evaluated")
        elif name == "assemble-expectation" and str(entry.get("valueCode")).endswith("child"):
            yield Finding(link_id, "it is made to be a part of another form; it is asked as it stands")
    for key, value in holder.items():
        if key.startswith("_") and key not in FIELDS and isinstance(value, dict) and extensions(value, *CQF):
            if key in ("_repeats", "_answerValueSet", "_type"):
                text = f"'{key[1:]}' is decided by a formula (cqf-expression), which is not evaluated here"
                yield _unfit(text, link_id, asked)
            yield Finding(link_id, f"the formula for '{key[1:]}' is not evaluated; the fixed value is used")


def unknown_fields(holder: Json, link_id: str, asked: bool = True) -> Iterator[Finding]:
    """The fields of an item, or of the form, that FHIR has not; refuses an asked form when one decides what is asked.

    Some programs write an extension as a field. Read as FHIR it would be gone without a word.
    """
    for key in holder:
        name = key.removeprefix("_")
        if name in (_OF_ITEM if link_id else _OF_FORM) or name == "fhir_comments":
            continue
        if any(url.endswith(f"-{name}") for url in ASKING) or name in _DECIDING:
            yield _unfit(
                f"'{name}' is a field in it; FHIR R4 has that as an extension, and reads no other", link_id, asked
            )
        else:
            yield Finding(link_id, f"it has a field '{name[:40]}' that FHIR R4 has not; it is passed over")


def foreign_extensions(form: Json) -> Iterator[Finding]:
    """The extensions on the form and its items that are not FHIR's own, by name: whatever they say, it is not done.

    Formulas are reported where they stand.
    """
    entries = [entry for holder in (form, *(item for item, _ in _items(form))) for entry in extensions(holder)]
    foreign = {_name(each) for each in entries if not each["url"].startswith("http://hl7.org/fhir/")}
    names = sorted(foreign - {_name(each) for each in entries if _is_formula(each, _name(each))})
    if names:
        more = f" and {len(names) - 12} more" if len(names) > 12 else ""
        yield Finding("", f"extensions that are not FHIR's own are not acted on: {', '.join(names[:12])}{more}")


def _name(extension: Json) -> str:
    last = str(extension["url"]).rstrip("/").rsplit("/", 1)[-1]
    return last.removeprefix("sdc-questionnaire-").removeprefix("questionnaire-")


def _is_formula(entry: Json, name: str) -> bool:
    """Whether an extension carries a formula: as FHIR has them, or as text under a name that says so."""
    return isinstance(entry.get("valueExpression"), dict) or (
        isinstance(entry.get("valueString"), str) and bool(_FORMULA.search(name)) and not name.endswith("language")
    )


def _unfit(reason: str, link_id: str, asked: bool) -> Finding:
    return refuse(reason, link_id) if asked else Finding(link_id, reason)


def _items(holder: Json) -> Iterator[tuple[Json, str]]:
    """All raw items with their link ids, in document order, without assuming that anything is well formed."""
    waiting = [holder]
    while waiting:
        here = waiting.pop()
        if here is not holder:
            link_id = here.get("linkId")
            yield here, link_id if isinstance(link_id, str) else ""
        entries = here.get("item")
        waiting += (
            [entry for entry in reversed(entries) if isinstance(entry, dict)] if isinstance(entries, list) else []
        )


def _languages(value: Any) -> Iterator[Any]:
    waiting = [value]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, dict):
            if "expression" in entry or "reference" in entry:
                yield entry.get("language")
            if str(entry.get("url")).endswith(("-expression-language", "-cqlExpression")):  # as they were before R4
                yield entry["url"] if entry["url"].endswith("cqlExpression") else entry.get("valueString")
            waiting += entry.values()
        elif isinstance(entry, list):
            waiting += entry
