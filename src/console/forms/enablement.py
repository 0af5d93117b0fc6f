"""Which lines of a form are asked, given the answers so far.

FHIR R4, ``Questionnaire.item.enableWhen`` (https://hl7.org/fhir/R4/questionnaire-definitions.html) and the operators of
https://hl7.org/fhir/R4/codesystem-questionnaire-enable-operator.html:

* a line is asked when what it stands in is asked and its conditions hold, any or all as ``enableBehavior`` says;
* a question that is not asked counts as unanswered, whatever was answered to it before;
* ``=`` and the comparisons hold when any answer satisfies them; ``!=`` holds when *no* answer is equal, so it holds
  for a question that has no answer yet;
* refused, not asked and unable are no values: ``exists`` is false for them and nothing equals them;
* inside a repeating group a condition looks at its own occurrence; from outside, at all occurrences; inside one of
  several answers a condition on that question looks at that one answer.
"""

from collections.abc import Mapping

from console.forms.layout import Line, lines, numbered, place_of
from console.forms.model import Answers, Condition, Questionnaire, Value
from console.forms.values import equal, order


def enabled(q: Questionnaire, answers: Answers) -> frozenset[str]:
    """The keys of all lines that are asked. Depends on the answers, not on their order; always ends."""
    return enabled_lines(q, lines(q, answers), answers)


def enabled_lines(q: Questionnaire, standing: tuple[Line, ...], answers: Answers) -> frozenset[str]:
    """:func:`enabled` for lines that have been laid out already."""
    by_item: dict[str, list[Line]] = {}
    for line in standing:
        by_item.setdefault(line.item.link_id, []).append(line)
    state: dict[str, bool] = {}
    for link_id in q.order:
        for line in by_item.get(link_id, ()):
            conditions = line.item.enable_when
            combine = any if line.item.enable_any else all
            state[line.key] = state.get(line.parent, True) and (
                not conditions or combine(_holds(q, c, line, by_item, state, answers) for c in conditions)
            )
    return frozenset(key for key, on in state.items() if on)


def withdrawn(q: Questionnaire, answers: Answers) -> tuple[str, ...]:
    """Keys of questions that have answers but are no longer asked: kept for re-enabling, left out of the response."""
    return not_in(q, answers, enabled(q, answers))


def not_in(q: Questionnaire, answers: Answers, on: frozenset[str]) -> tuple[str, ...]:
    """:func:`withdrawn` when it is known what is asked: in the order of the form, then of the occurrences."""
    rank = {link_id: number for number, link_id in enumerate(q.by_id)}
    places = ((key, place_of(q, key)) for key, given in answers.items() if given and key not in on)
    found = [(rank[place[0]], place[1], key) for key, place in places if place]
    return tuple(key for _, _, key in sorted(found))


def _holds(
    q: Questionnaire,
    condition: Condition,
    line: Line,
    by_item: Mapping[str, list[Line]],
    state: Mapping[str, bool],
    answers: Answers,
) -> bool:
    here, there = q.loops[line.item.link_id], q.loops[condition.question]
    own = here.index(condition.question) if condition.question in here else None
    shared = next((i for i, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), min(len(here), len(there)))
    given = [
        value
        for target in by_item.get(condition.question, ())
        if target.occurrence[:shared] == line.occurrence[:shared] and state.get(target.key, True)
        for number, value in numbered(target.item, answers.get(target.key, ()))
        if own is None or number == line.occurrence[own]
    ]
    match condition.operator:
        case "exists":
            return bool(given) is condition.value
        case "!=":
            return not any(equal(value, condition.value) for value in given)
        case "=":
            return any(equal(value, condition.value) for value in given)
        case operator:
            return any(_in_order(value, operator, condition.value) for value in given)


def _in_order(value: Value, operator: str, other: Value) -> bool:
    sign = order(value, other)
    if sign is None:
        return False
    return {">": sign > 0, ">=": sign >= 0, "<": sign < 0, "<=": sign <= 0}[operator]
