"""Scores: a value, or the reason why there is none. Never a partial sum, never a zero that stands for a gap.

Three ways to a score, each named by what it is: the published key of an instrument (sum with bands, or decision table),
the form's own formula, and, for a form that has scored options and says nothing more, the plain sum of them when it is
clear what there is to sum. Two ways to one score must agree, or it is none.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from operator import is_
from typing import Any

from msgspec.structs import replace

from console.forms.asking.response import Misfit, examine, unusable
from console.forms.deciding.enablement import Settled, settle, undecided
from console.forms.deciding.layout import lines
from console.forms.instruments.description import GAPS, SEVERITIES, Sum
from console.forms.instruments.matching import Bound
from console.forms.instruments.published import by_key
from console.forms.instruments.results import Alert, Score, summed, unscored
from console.forms.instruments.states import Standing, missing_words, standings
from console.forms.model import Answers, Coding, Formula, Kind, Quantity, Questionnaire, Value
from console.forms.values import values

__all__ = ["Alert", "Known", "Score", "alerts", "computed_values", "score"]

_NUMBERS = (Kind.INTEGER, Kind.DECIMAL)


Known = dict[str, tuple[tuple[object, ...], Score]]
"""Scores by formulas, by the item that the formula fills, with what they were made of."""


def score(
    q: Questionnaire,
    given: Answers | Mapping[str, Any],
    bound: Bound | None = None,
    *,
    now: datetime | None = None,
    settled: Settled | None = None,
    known: Known | None = None,
) -> tuple[Score, ...]:
    """All scores of a form for these answers, or for a QuestionnaireResponse (a dict with ``resourceType``).

    ``bound`` is the instrument to score by, tied to this form (:func:`.matching.bind`); without one the form's own
    formulas or scored options decide. Where both score the same they must agree, or there is none; what else the form's
    formulas give stands beside it. Alerts of the instrument hang on its first score. ``now`` is the time that formulas
    may ask for; ``settled`` is what these answers decide, where that is known already. ``known`` keeps scores by
    formulas for the next call with it, for the same form, which makes only those anew that rest on something else.
    """
    answers, misfits, reason = _answers(q, given, bound)
    # A stray item is no part of any score. Anything unreadable at a place of the form spoils the scores that use it.
    spoiled = {misfit.link_id for misfit in misfits if misfit.link_id in q.by_id}
    settled = settled or settle(q, lines(q, answers), answers, now)
    kept = known if known is not None and not spoiled else {}
    gates = {items: _gates(q, answers, items, settled) for items in {formula.items for formula in q.formulas}}
    by_formula = [_kept(kept, q, answers, each, spoiled, settled, gates[each.items]) for each in q.formulas]
    if bound is not None:
        found = by_key(q, answers, bound, spoiled, settled.on)
        found = _with_own(q, found, by_formula, bound) if bound.links else found  # without: it is not to be scored
    elif q.formulas:
        found = by_formula
    else:
        found = _plain(q, answers, spoiled, settled)
    if reason:
        return tuple(replace(unscored(one, reason), alerts=()) for one in found)
    return tuple(_agreeing(q, answers, one) for one in found)


def alerts(scores: Iterable[Score]) -> tuple[Alert, ...]:
    """All alerts of these scores, the gravest first."""
    return tuple(sorted((a for one in scores for a in one.alerts), key=lambda a: -SEVERITIES.index(a.severity)))


def computed_values(scores: Iterable[Score]) -> dict[str, int | Decimal | str]:
    """The scores that stand, by the link id of their item, for :func:`console.forms.asking.response.build`."""
    return {one.link_id: one.value for one in scores if one.link_id is not None and one.value is not None}


def _answers(
    q: Questionnaire, given: Answers | Mapping[str, Any], bound: Bound | None
) -> tuple[Answers, tuple[Misfit, ...], str]:
    """The answers, what did not fit, and why a response as a whole gives no score (else empty)."""
    if "resourceType" not in given or "resourceType" in q.by_id:
        return given, (), ""
    reading = examine(q, given)
    reason = unusable(given)
    named = str(given.get("questionnaire") or "").split("|")[0]
    if not reason and named and q.url and named != q.url and (bound is None or reading.misfits):
        reason = "the response was given to another form"
        reason += ", and not all of it fits this one" if reading.misfits else ""
    return reading.answers, reading.misfits, reason


def _agreeing(q: Questionnaire, answers: Answers, one: Score) -> Score:
    """A result that was stored with the answers must be the one that they give."""
    for stored in values(answers.get(one.link_id or "", ())) if one.value is not None else ():
        held, said = _told(stored)
        if held == one.value:
            continue
        if isinstance(one.value, str):
            return unscored(one, f"the stored result “{said}” does not agree with the answers: {one.band}")
        reason = f"the stored total {stored} does not agree with the answers, which add up to {one.value}"
        return unscored(one, reason)
    return one


def _kept(
    known: Known,
    q: Questionnaire,
    answers: Answers,
    formula: Formula,
    spoiled: set[str],
    settled: Settled,
    gates: Sequence[Standing],
) -> Score:
    """:func:`_by_formula`, which is asked only when it rests on something else than at the last time."""
    rests_on = (
        *(answers.get(link_id) if link_id in settled.on else False for link_id in formula.items),
        settled.calculated.get(formula.link_id),
        settled.problems.get(formula.link_id),
        *(answers.get(gate.item.link_id) for gate in gates),
        *(gate.item for gate in gates),
    )
    held = known.get(formula.link_id)
    if held is None or len(held[0]) != len(rests_on) or not all(map(is_, held[0], rests_on)):
        held = known[formula.link_id] = (rests_on, _by_formula(q, answers, formula, spoiled, settled, gates))
    return held[1]


def _gates(q: Questionnaire, answers: Answers, link_ids: Iterable[str], settled: Settled) -> list[Standing]:
    """How those questions stand that have no answer, and by whose answers more of these would be asked."""
    listed = list(link_ids)
    gates = [link_id for link_id in undecided(q, settled, listed) if link_id not in listed]
    return list(standings(q, answers, gates, on=settled.on).values())


def _by_formula(
    q: Questionnaire,
    answers: Answers,
    formula: Formula,
    spoiled: set[str],
    settled: Settled,
    gates: Sequence[Standing],
) -> Score:
    """What the form's own formula gives, where all it rests on is answered; a plain sum is added up here as well."""
    if formula.plain:
        key = "plain sum given by the form's formula, which agrees"
        one = summed(q, answers, formula.items, formula.name, formula.link_id, spoiled, key, settled.on, gates=gates)
    else:
        one = _complete(q, answers, formula, spoiled, settled.on, gates)
    if one.reason is not None:
        return one
    problem = settled.problems.get(formula.link_id)
    found = settled.calculated.get(formula.link_id, ())
    if problem or not found:
        return unscored(one, problem or "the form's formula gives no result for these answers")
    value, band = _told(found[0])
    if value is None:
        return unscored(one, "the form's formula gives something that is no score")
    return replace(one, value=value, band=band)


def _told(found: Value) -> tuple[int | Decimal | str | None, str | None]:
    """What an item holds as a score is told: a number, or a word and what it is called."""
    match found:
        case Coding():
            return found.code or found.display, found.display or found.code
        case Quantity():
            return _told(found.value)
        case bool():
            return ("yes", "yes") if found else ("no", "no")
        case Decimal():
            return (int(found) if found == found.to_integral_value() else found), None
        case int():
            return found, None
        case str():
            return found, found
    return None, None


def _with_own(q: Questionnaire, published: list[Score], own: list[Score], bound: Bound) -> list[Score]:
    """The results by the published key and beside them what the form's own formulas give.

    A formula that fills the same item, or makes something of the scores of the same questions, is held against the key:
    where numbers differ neither stands, and what the key does not score the formula does not either.
    """
    rules = [rule for rule in bound.instrument.scores if isinstance(rule, Sum)]
    sums = {rule.name: {bound.links[link_id] for link_id in rule.items} for rule in rules}
    formulas = {formula.link_id: formula for formula in q.formulas}
    fallen: dict[str, str] = {}
    for place, one in enumerate(published):
        for theirs in own:
            formula = formulas[theirs.link_id or ""]
            number = _number(theirs.value)
            same_item = theirs.link_id == one.link_id
            same_scores = formula.weighs and set(formula.items) == sums.get(one.name)
            may_lack = isinstance(one.value, str) and theirs.value is None  # a table may know before all is answered
            alike = one.value is None or may_lack or one.value in (theirs.value, number)
            if not alike and (same_item or (same_scores and number is not None)):
                said = "nothing" if theirs.value is None else theirs.value
                reason = f"the published key gives {one.value} and the form's own formula {said}: they disagree"
                published[place] = one = unscored(one, reason)
            if one.value is None and (same_item or same_scores):
                fallen[formula.link_id] = one.reason or ""
    filled = {one.link_id for one in published}
    names = {one.name for one in published}
    for theirs in own:
        if theirs.link_id in filled:
            continue
        formula = formulas[theirs.link_id or ""]
        expression = q.by_id[formula.link_id].expressions.calculated
        behind = q.needs.get(expression, ()) if expression else ()
        reason = next((fallen[one] for one in (formula.link_id, *behind) if one in fallen), "")
        named = replace(theirs, name=f"{theirs.name} ({theirs.link_id})") if theirs.name in names else theirs
        published.append(unscored(named, reason) if reason and theirs.value is not None else named)
    return published


def _number(told: int | Decimal | str | None) -> int | Decimal | None:
    """A score as the number that it is, or that is written in it."""
    if isinstance(told, str):
        try:
            return Decimal(told.strip())
        except InvalidOperation:
            return None
    return told


def _complete(
    q: Questionnaire,
    answers: Answers,
    formula: Formula,
    spoiled: set[str],
    on: frozenset[str],
    gates: Sequence[Standing],
) -> Score:
    """A score without its value: how many of the questions it rests on are answered, and what is missing."""
    blank = Score(name=formula.name, link_id=formula.link_id, key="the form's own formula", of=len(formula.items))
    if formula.problem:
        return replace(blank, reason=formula.problem)
    repeated = next((one for one in (formula.link_id, *formula.items) if q.loops[one]), None)
    if repeated:
        return replace(blank, reason=f"item {repeated} can stand several times")
    asked = [one for one in standings(q, answers, formula.items, spoiled, on=on).values() if one.asked]
    missing = [one for one in asked if one.gap in GAPS or one.state in GAPS or (one.item.is_scored and one.gap)]
    counted = replace(blank, answered=len(asked) - len(missing), of=len(asked))
    if gates:
        return replace(counted, reason=missing_words([*missing, *gates]))
    if not asked:
        return replace(counted, reason="none of its questions is asked with these answers")
    return replace(counted, reason=missing_words(missing)) if missing else counted


def _plain(q: Questionnaire, answers: Answers, spoiled: set[str], settled: Settled) -> list[Score]:
    """One total over all scored options, when it is clear that they belong together."""
    scored = [item for item in q.by_id.values() if item.is_scored]
    if not scored:
        return []
    numbers = [item for item in q.by_id.values() if item.kind in _NUMBERS and not (item.options or item.calculated)]
    totals = [item.link_id for item in numbers if item.read_only and not item.hidden]
    key = "plain sum of all scored options; the form has no scoring key"
    total = Score(name="total", link_id=totals[0] if len(totals) == 1 else None, of=len(scored), key=key)
    if len({q.parents[item.link_id] for item in scored}) > 1:
        return [
            unscored(total, "the scored items stand in several groups and the form does not say which belong together")
        ]
    if len(totals) > 1:
        return [unscored(total, "the form has several items for results and does not say what each one sums")]
    offered = [option for item in scored for option in item.options if option.score is not None]
    if len({option.value.score_url for option in offered if isinstance(option.value, Coding)}) > 1:
        return [unscored(total, "the options carry two different kinds of score")]
    summands = [item.link_id for item in scored]
    gates = _gates(q, answers, summands, settled)
    return [summed(q, answers, summands, total.name, total.link_id, spoiled, key, settled.on, gates=gates)]
