"""Which lines of a form are asked, given the answers so far.

FHIR R4, ``Questionnaire.item.enableWhen`` (https://hl7.org/fhir/R4/questionnaire-definitions.html) and the operators of
https://hl7.org/fhir/R4/codesystem-questionnaire-enable-operator.html:

* a line is asked when what it stands in is asked and its conditions hold, any or all as ``enableBehavior`` says;
* a question that is not asked counts as unanswered, whatever was answered to it before;
* ``=`` and the comparisons hold when any answer satisfies them; ``!=`` holds when *no* answer is equal, so it holds
  for a question that has no answer yet;
* refused, not asked and unable are no values: ``exists`` is false for them and nothing equals them;
* a formula (``enableWhenExpression``) asks the line when it gives true, beside the conditions; nothing is not true;
* inside a repeating group a condition looks at its own occurrence; from outside, at all occurrences; inside one of
  several answers a condition on that question looks at that one answer.
"""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from console.forms.deciding.filling import Filler, is_ready
from console.forms.deciding.layout import Line, lines, numbered, place_of
from console.forms.deciding.logic import Situation
from console.forms.fhirpath import Unevaluable
from console.forms.model import Answers, Condition, Expression, Questionnaire, Value
from console.forms.values import equal, order, values


def enabled(q: Questionnaire, answers: Answers) -> frozenset[str]:
    """The keys of all lines that are asked. Depends on the answers, not on their order; always ends."""
    return enabled_lines(q, lines(q, answers), answers)


def enabled_lines(q: Questionnaire, standing: tuple[Line, ...], answers: Answers) -> frozenset[str]:
    """:func:`enabled` for lines that have been laid out already."""
    return settle(q, standing, answers).on


class Settled(Struct, frozen=True):
    """A form as its answers decide it."""

    lines: tuple[Line, ...]
    """All lines, with what formulas decide of them: text, required, bounds, options."""
    on: frozenset[str]
    """The keys of the lines that are asked."""
    calculated: dict[str, tuple[Value, ...]]
    """What formulas fill in, by key."""
    problems: dict[str, str]
    """Key → why the formula that fills it gives nothing."""
    situation: Situation


def settle(
    q: Questionnaire,
    standing: tuple[Line, ...],
    answers: Answers,
    now: datetime | None = None,
    before: Settled | None = None,
) -> Settled:
    """What is asked and what is calculated, in one pass: each line after what it looks at.

    ``now`` is what formulas take for the time; those that ask for it give nothing without it. ``before`` is how the
    form stood for other answers: of the same lines, only those are decided anew that look at something that changed.
    """
    filled = {line.key for line in standing if line.item.calculated}
    given = {key: held for key, held in answers.items() if key not in filled}
    if before is not None and before.situation.standing is not standing:
        before = None
    situation = before.situation.after(given, now) if before is not None else Situation(standing, given, now)
    due = _due(q, before.situation, situation) if before is not None else set(q.order)
    filler = Filler(q, situation)
    state = situation.state
    for link_id in q.order:
        for line in situation.by_item.get(link_id, ()):
            if before is not None and link_id not in due:
                state[line.key] = before.situation.state[line.key]
                if line.item.calculated:
                    filler.keep(line, before.calculated, before.problems)
                continue
            state[line.key] = _is_asked(q, line, situation)
            if line.item.calculated and state[line.key]:
                filler.fill(line)
            if before is not None and not _stands(line.key, situation, before.situation):
                due |= q.watchers[link_id]
    on = frozenset(key for key, held in state.items() if held)
    return Settled(
        tuple(filler.dressed(line) if line.key in on else line for line in standing),
        on,
        filler.values,
        filler.problems,
        situation,
    )


def _due(q: Questionnaire, before: Situation, situation: Situation) -> set[str]:
    """The items that look at an answer that was given, changed or taken back since, or at the time."""
    lines, old, new = situation.lines, before.given, situation.given
    changed = {lines[key].item.link_id for key in old.keys() | new.keys() if key in lines and _other(key, old, new)}
    return set(q.watchers[""]).union(*(q.watchers[link_id] for link_id in changed))


def _stands(key: str, situation: Situation, before: Situation) -> bool:
    """Whether a line is asked as it was before, and filled with the same."""
    return situation.state[key] == before.state[key] and not _other(key, situation.answers, before.answers)


def _other(key: str, old: Answers, new: Answers) -> bool:
    """Whether something else is held there. What is equal can still be another number: 1.0 and 1.00."""
    return old.get(key) is not new.get(key)


def _is_asked(q: Questionnaire, line: Line, situation: Situation) -> bool:
    item = line.item
    combine = any if item.enable_any else all
    return (
        situation.state.get(line.parent, True)
        and (not item.enable_when or combine(_holds(q, c, line, situation) for c in item.enable_when))
        and (item.expressions.enabled is None or _formula_holds(q, item.expressions.enabled, line, situation))
    )


def _formula_holds(q: Questionnaire, expression: Expression, line: Line, situation: Situation) -> bool:
    """Whether an enableWhenExpression asks the line. One that fails on these answers asks rather more.

    Words that hang on a score are not shown before there is one.
    """
    if not is_ready(q, expression, situation):
        return False
    try:
        return q.logic.holds(expression, line, situation)
    except Unevaluable:
        return True


def holding(
    q: Questionnaire, answers: Answers, keys: Iterable[str], now: datetime | None = None
) -> dict[str, tuple[Condition, ...]]:
    """By key, which conditions of the lines at ``keys`` hold now."""
    wanted = set(keys)
    settled = settle(q, lines(q, answers), answers, now)
    return {
        line.key: tuple(c for c in line.item.enable_when if _holds(q, c, line, settled.situation))
        for line in settled.lines
        if line.key in wanted
    }


def undecided(q: Questionnaire, settled: Settled, link_ids: Iterable[str]) -> tuple[str, ...]:
    """The questions without an answer on which it hangs whether these are asked, in the order of the form."""
    situation, found, met = settled.situation, set[str](), set[str]()
    answered = {line.item.link_id for key, line in situation.lines.items() if values(situation.answers.get(key, ()))}
    waiting = [link_id for link_id in link_ids if link_id not in settled.on]
    while waiting:
        link_id = waiting.pop()
        line = situation.lines.get(link_id)
        if link_id in met or line is None:
            continue
        met.add(link_id)
        if line.parent and line.parent not in settled.on:
            waiting.append(line.parent)
            continue
        conditions, formula = line.item.enable_when, line.item.expressions.enabled
        open_ones = [c for c in conditions if c.operator != "exists" and c.question not in answered]
        others = [c for c in conditions if c not in open_ones]
        read = [one for one in _read(q, formula) if one not in answered] if formula is not None else []
        if formula is not None and not read and not _formula_holds(q, formula, line, situation):
            continue
        combine = any if line.item.enable_any else all
        if not conditions or combine([*map(bool, open_ones), *(_holds(q, c, line, situation) for c in others)]):
            gates = {*read, *(condition.question for condition in open_ones)}
            found |= gates & settled.on
            waiting += gates - settled.on
    return tuple(link_id for link_id in q.by_id if link_id in found) if found else ()


def _read(q: Questionnaire, formula: Expression) -> tuple[str, ...]:
    """The questions that the formula of a gate reads; where that may be any, those it names or with scores."""
    if q.logic.problem(formula):
        return ()
    links, named = q.logic.rests_on(formula), q.logic.named_items(formula)
    items = [q.by_id[link_id] for link_id in (q.by_id if links is None else links)]
    wanted = (item for item in items if links is not None or item.is_weighed or item.link_id in named)
    return tuple(item.link_id for item in wanted if item.is_question and not item.calculated)


def withdrawn(q: Questionnaire, answers: Answers, now: datetime | None = None) -> tuple[str, ...]:
    """Keys of questions that have answers but are no longer asked: kept for re-enabling, left out of the response."""
    return not_in(q, answers, settle(q, lines(q, answers), answers, now).on)


def not_in(q: Questionnaire, answers: Answers, on: frozenset[str]) -> tuple[str, ...]:
    """:func:`withdrawn` when it is known what is asked: in the order of the form, then of the occurrences."""
    rank = {link_id: number for number, link_id in enumerate(q.by_id)}
    places = ((key, place_of(q, key)) for key, given in answers.items() if given and key not in on)
    found = [(rank[place[0]], place[1], key) for key, place in places if place]
    return tuple(key for _, _, key in sorted(found))


def _holds(q: Questionnaire, condition: Condition, line: Line, situation: Situation) -> bool:
    here, there = q.loops[line.item.link_id], q.loops[condition.question]
    own = here.index(condition.question) if condition.question in here else None
    shared = next((i for i, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), min(len(here), len(there)))
    given = [
        value
        for target in situation.by_item.get(condition.question, ())
        if target.occurrence[:shared] == line.occurrence[:shared] and situation.state.get(target.key, True)
        for number, value in numbered(target.item, situation.answers.get(target.key, ()))
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
