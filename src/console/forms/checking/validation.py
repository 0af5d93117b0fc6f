"""Whether given answers satisfy the form: one small check per rule, each naming the question it is about.

What one answer must keep to stands in :mod:`console.forms.checking.rules`; here is what answers must keep to
together. Only questions that are asked are checked: ``required`` does not apply to what is disabled. Refused, not
asked and unable satisfy ``required``: the question was dealt with. What is missing in a group, or about an answer, that
is not there itself is a warning: the response then holds nothing that would need it.
"""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from console.forms.checking.rules import Broken, Severity, broken
from console.forms.deciding.enablement import Settled, not_in, settle
from console.forms.deciding.layout import Line, lines, place_of
from console.forms.deciding.nested import accepts
from console.forms.fhirpath import Unevaluable
from console.forms.model import Answer, Answers, Item, Kind, NonAnswer, Questionnaire, Value
from console.forms.values import is_too_large, option_of, values

REQUIRED = "required"
"""FHIR's code for what is missing: no mistake yet while a form is being filled in."""
INVARIANT = "invariant"
"""FHIR's code for a constraint of the form that does not hold."""


class Issue(Struct, frozen=True):
    """One thing wrong. ``key`` is the place, ``link_id`` the item; the text never repeats the answer."""

    key: str
    link_id: str
    severity: Severity
    text: str
    code: str = "business-rule"
    """FHIR's code, https://hl7.org/fhir/R4/valueset-issue-type.html."""
    number: int | None = None
    """Which of the values given there it is about, counted from 0; ``None`` when it is about all of them."""


Checked = dict[str, tuple[Item, tuple[Answer, ...], tuple[Issue, ...]]]
"""What is wrong with single questions, by key, with the item and the answers it was found for."""


def validate(
    q: Questionnaire,
    answers: Answers,
    *,
    stored: bool = False,
    now: datetime | None = None,
    settled: Settled | None = None,
    known: Checked | None = None,
) -> tuple[Issue, ...]:
    """Everything wrong with these answers, in the order of the form; without an error they can be signed.

    An answer to what is not asked is kept while a form is filled in, and left out of the response: a warning. In
    answers that were ``stored`` in a response it is a mistake. ``now`` is the time for constraints that ask for it;
    ``settled`` is what these answers decide, where that is known already. ``known`` keeps what was found for the next
    call with it, for the same form, which checks only those questions anew that hold something else.
    """
    settled = settled or settle(q, lines(q, answers), answers, now)
    known = {} if known is None else known
    standing, on = settled.lines, settled.on
    there = _there(settled, answers)
    soften = not stored  # of a stored response its own items say what is there
    found = [Issue(key, key, Severity.ERROR, "it is not in the form") for key in answers if place_of(q, key) is None]
    for line in standing:
        given = answers.get(line.key, ())
        if line.key not in on:
            if stored and values(given):
                found.append(_issue(line, Broken("it is answered, and is not asked with these answers", "conflict")))
            elif given:
                text = "it is not asked with these answers; its own answer will be left out"
                found.append(_issue(line, Broken(text, "business-rule", Severity.WARNING)))
        elif line.item.is_question:
            checked = known.get(line.key)
            if checked is None or checked[0] is not line.item or checked[1] != given:
                checked = known[line.key] = line.item, given, tuple(_question(line, given))
            found += (_softer(each) for each in checked[2]) if soften and line.parent not in there else checked[2]
        elif given:
            found.append(_issue(line, Broken(f"a {line.item.kind} item takes no answer", "structure")))
    stands = {line.key for line in standing}
    for key in not_in(q, answers, on):
        if key not in stands and (place := place_of(q, key)):
            text = "it belongs to an answer that is not given"
            found.append(Issue(key, place[0], Severity.WARNING, text))
    return (*found, *_groups(standing, on, there, soften), *_constraints(q, settled, stored))


def _there(settled: Settled, answers: Answers) -> set[str]:
    """The lines that a response holds with these answers: what is answered or filled in, and what that stands in."""
    parents = {line.key: line.parent for line in settled.lines}
    found = {""}
    for key, held in answers.items():
        if key in settled.on and held:
            while key not in found:
                found.add(key)
                key = parents[key]
    return found


def _softer(issue: Issue) -> Issue:
    """What is missing where nothing is."""
    return replace(issue, severity=Severity.WARNING) if issue.code == REQUIRED else issue


def _issue(line: Line, rule: Broken, number: int | None = None) -> Issue:
    return Issue(line.key, line.item.link_id, rule.severity, rule.text, rule.code, number)


def _question(line: Line, given: tuple[Answer, ...]) -> Iterator[Issue]:
    item = line.item
    held = values(given)
    for rule in _counts(item, given, held):
        yield _issue(line, rule)
    for number, value in enumerate(held):
        if not accepts(item, value):
            large = Broken("the number is too large")
            other = Broken(f"the answer is not of the type {item.kind}", "structure")
            yield _issue(line, large if is_too_large(value) else other, number)
            continue
        for rule in broken(item, value):
            yield _issue(line, rule, number)


def _counts(item: Item, given: tuple[Answer, ...], held: tuple[Value, ...]) -> Iterator[Broken]:
    """How many answers there are: required, repeats, and a reason for none beside an answer."""
    reasons = [answer for answer in given if isinstance(answer, NonAnswer)]
    by_hand = not (item.hidden or item.read_only or item.calculated)
    least = item.min_occurs if item.min_occurs is not None else 1
    if item.required and by_hand and not held and not reasons:
        yield Broken("an answer is required", REQUIRED)
    elif held and len(held) < least:
        yield Broken(f"at least {least} answers are needed", REQUIRED)
    if reasons and (held or len(reasons) > 1):
        yield Broken("it is answered and marked as not answered at once", "business-rule")
    if len(held) > 1 and not item.repeats:
        yield Broken("it takes one answer", "business-rule")
    if item.repeats and item.max_occurs is not None and len(held) > item.max_occurs:
        yield Broken(f"at most {item.max_occurs} answers are allowed", "business-rule")
    exclusive = [option_of(item, value) for value in held]
    if len(held) > 1 and any(option is not None and option.exclusive for option in exclusive):
        yield Broken("an option that excludes all others is chosen together with others", "business-rule")


def _groups(standing: tuple[Line, ...], on: frozenset[str], filled: set[str], soften: bool) -> Iterator[Issue]:
    """Required groups must hold something; repeating ones must stand as often as the form allows."""
    stands: dict[tuple[str, tuple[int, ...]], list[Line]] = {}
    for line in standing:
        if line.item.kind is Kind.GROUP and line.key in on:
            around = line.occurrence[:-1] if line.item.repeats else line.occurrence
            stands.setdefault((line.item.link_id, around), []).append(line)
    for occurrences in stands.values():
        item = occurrences[0].item
        held = [line for line in occurrences if line.key in filled]
        if item.required and not item.hidden and not held:
            issue = _issue(occurrences[0], Broken("something in this group must be answered", REQUIRED))
            yield _softer(issue) if soften and occurrences[0].parent not in filled else issue
        if item.min_occurs is not None and 0 < len(held) < item.min_occurs:
            yield _issue(occurrences[0], Broken(f"this group must stand {item.min_occurs} times", REQUIRED))
        if item.max_occurs is not None and len(held) > item.max_occurs:
            text = f"this group may stand {item.max_occurs} times"
            yield _issue(held[item.max_occurs], Broken(text, "business-rule"))


def _constraints(q: Questionnaire, settled: Settled, stored: bool) -> Iterator[Issue]:
    """What the form says must hold, as formulas. What they give besides false is no complaint, nothing included."""
    lines = (line for line in settled.lines if line.key in settled.on and line.item.expressions.constraints)
    places = [(line, line.item.expressions.constraints) for line in lines]
    for line, constraints in ((None, q.constraints), *places):
        key, link_id = (line.key, line.item.link_id) if line else ("", "")
        for constraint in constraints:
            severity = Severity.WARNING if constraint.warning else Severity.ERROR
            try:
                if q.logic.values(constraint.expression, line, settled.situation) == (False,):
                    yield Issue(key, link_id, severity, constraint.text, INVARIANT)
            except Unevaluable:
                if stored:  # while a form is filled in, it is known from the findings of the form
                    why = q.logic.problem(constraint.expression) or "its formula fails on these answers"
                    text = f"a constraint of the form cannot be checked: {why}"
                    yield Issue(key, link_id, Severity.WARNING, text, "not-supported")
