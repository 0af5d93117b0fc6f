"""Scores: a value, or the reason why there is none. Never a partial sum, never a zero that stands for a gap.

Three ways to a score, each named by what it is: the published key of an instrument (sum with bands, or decision table),
the form's own formula, and, for a form that has scored options and says nothing more, the plain sum of them when it is
clear what there is to sum. Two ways to one score must agree, or it is none.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from operator import is_
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from console.forms.asking.response import Misfit, examine, unusable
from console.forms.deciding.enablement import Settled, settle
from console.forms.deciding.layout import lines
from console.forms.instruments.description import SEVERITIES, AlertRule, Row, Severity, Sum, Table, Unscored
from console.forms.instruments.matching import Bound
from console.forms.instruments.states import Standing, holds, missing_words, standings
from console.forms.model import Answers, Coding, Formula, Kind, Quantity, Questionnaire
from console.forms.values import values

_NUMBERS = (Kind.INTEGER, Kind.DECIMAL)
_GAPS = ("blank", "refused", "not-asked", "unable", "unreadable")


class Alert(Struct, frozen=True):
    """Something that must be told, whatever the total. ``items`` are the link ids that gave rise to it."""

    code: str
    severity: Severity
    text: str
    items: tuple[str, ...] = ()


class Score(Struct, frozen=True, kw_only=True):
    """One result of a form.

    Exactly one of ``value`` and ``reason`` is there. ``value`` is a number for a sum and a word for a decision table;
    ``band`` is what the published key calls it. ``words`` qualify the result and belong wherever it is shown.
    """

    name: str
    link_id: str | None = None
    value: Decimal | int | str | None = None
    reason: str | None = None
    band: str | None = None
    severity: Severity = ""
    words: str = ""
    alerts: tuple[Alert, ...] = ()
    answered: int = 0
    of: int = 0
    """How many of the questions it needs have what it needs: "8 of 9"."""
    key: str = ""
    """What it was scored by: the instrument's title and version, or how the plain sum came about."""


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

    ``bound`` is the instrument to score by, tied to this form (:func:`.matching.bind`); without
    one the form's own formulas or scored options decide. Where both score one item they must agree, or there is none.
    Alerts of the instrument hang on its first score. ``now`` is the time that formulas may ask for; ``settled`` is
    what these answers decide, where that is known already. ``known`` keeps scores by formulas for the next call with
    it, for the same form, which makes only those anew that rest on something else.
    """
    answers, misfits, reason = _answers(q, given)
    # A stray item is no part of any score. Anything unreadable at a place of the form spoils the scores that use it.
    spoiled = {misfit.link_id for misfit in misfits if misfit.link_id in q.by_id}
    settled = settled or settle(q, lines(q, answers), answers, now)
    if bound is not None:
        found = [_held_against(settled, q, one) for one in _by_instrument(q, answers, bound, spoiled, settled.on)]
    elif q.formulas:
        kept = known if known is not None and not spoiled else {}
        found = [_kept(kept, q, answers, formula, spoiled, settled) for formula in q.formulas]
    else:
        found = _plain(q, answers, spoiled, settled.on)
    if reason:
        return tuple(replace(_unscored(one, reason), alerts=()) for one in found)
    return tuple(_agreeing(q, answers, one) for one in found)


def alerts(scores: Iterable[Score]) -> tuple[Alert, ...]:
    """All alerts of these scores, the gravest first."""
    return tuple(sorted((a for one in scores for a in one.alerts), key=lambda a: -SEVERITIES.index(a.severity)))


def computed_values(scores: Iterable[Score]) -> dict[str, int | Decimal]:
    """The numbers of calculated items of the form by link id, for :func:`console.forms.asking.response.build`."""
    return {
        one.link_id: one.value for one in scores if one.link_id is not None and isinstance(one.value, int | Decimal)
    }


def _answers(q: Questionnaire, given: Answers | Mapping[str, Any]) -> tuple[Answers, tuple[Misfit, ...], str]:
    """The answers, what did not fit, and why a response as a whole gives no score (else empty)."""
    if "resourceType" not in given or "resourceType" in q.by_id:
        return given, (), ""
    reading = examine(q, given)
    reason = unusable(given)
    named = str(given.get("questionnaire") or "").split("|")[0]
    if not reason and reading.misfits and named and q.url and named != q.url:
        reason = "the response was given to another form, and not all of it fits this one"
    return reading.answers, reading.misfits, reason


def _agreeing(q: Questionnaire, answers: Answers, one: Score) -> Score:
    """A result that was stored with the answers must be the one that they give."""
    for stored in values(answers.get(one.link_id or "", ())) if one.value is not None else ():
        if isinstance(one.value, str):
            if (stored.code if isinstance(stored, Coding) else stored) != one.value:
                said = (stored.display or stored.code) if isinstance(stored, Coding) else stored
                return _unscored(one, f"the stored result “{said}” does not agree with the answers: {one.band}")
        elif stored != one.value:
            reason = f"the stored total {stored} does not agree with the answers, which add up to {one.value}"
            return _unscored(one, reason)
    return one


def _unscored(one: Score, reason: str) -> Score:
    return replace(one, value=None, band=None, severity="", words="", reason=reason)


def _kept(
    known: Known, q: Questionnaire, answers: Answers, formula: Formula, spoiled: set[str], settled: Settled
) -> Score:
    """:func:`_by_formula`, which is asked only when it rests on something else than at the last time."""
    rests_on = (
        *(answers.get(link_id) if link_id in settled.on else False for link_id in formula.items),
        settled.calculated.get(formula.link_id),
        settled.problems.get(formula.link_id),
    )
    held = known.get(formula.link_id)
    if held is None or not all(map(is_, held[0], rests_on)):
        held = known[formula.link_id] = (rests_on, _by_formula(q, answers, formula, spoiled, settled))
    return held[1]


def _by_formula(q: Questionnaire, answers: Answers, formula: Formula, spoiled: set[str], settled: Settled) -> Score:
    """What the form's own formula gives, where all it rests on is answered; a plain sum is added up here as well."""
    if formula.plain:
        key = "plain sum given by the form's formula, which agrees"
        one = _sum(q, answers, formula.items, formula.name, formula.link_id, spoiled, key, settled.on)
    else:
        one = _complete(q, answers, formula, spoiled, settled.on)
    if one.reason is not None:
        return one
    problem = settled.problems.get(formula.link_id)
    found = settled.calculated.get(formula.link_id, ())
    if problem or not found:
        return _unscored(one, problem or "the form's formula gives no result for these answers")
    value = found[0].value if isinstance(found[0], Quantity) else found[0]
    if isinstance(value, Coding):
        return replace(one, value=value.code or value.display, band=value.display or value.code)
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return _unscored(one, "the form's formula gives something that is no score")
    whole = isinstance(value, Decimal) and value == value.to_integral_value()
    return replace(one, value=int(value) if whole else value, band=value if isinstance(value, str) else None)


def _held_against(settled: Settled, q: Questionnaire, one: Score) -> Score:
    """A result by the published key, unless the form's own formula for the same item gives another."""
    if one.value is None or all(formula.link_id != one.link_id for formula in q.formulas):
        return one
    found = next(iter(settled.calculated.get(one.link_id or "", ())), None)
    theirs: Any = "nothing" if found is None else found
    match found:
        case Quantity():
            theirs = found.value
        case Coding():
            theirs = found.code or found.display
    may_lack = isinstance(one.value, str) and found is None  # a table may know before all is answered
    if may_lack or theirs == one.value:
        return one
    return _unscored(one, f"the published key gives {one.value} and the form's own formula {theirs}: they disagree")


def _complete(q: Questionnaire, answers: Answers, formula: Formula, spoiled: set[str], on: frozenset[str]) -> Score:
    """A score without its value: how many of the questions it rests on are answered, and what is missing."""
    blank = Score(name=formula.name, link_id=formula.link_id, key="the form's own formula", of=len(formula.items))
    repeated = next((one for one in (formula.link_id, *formula.items) if q.loops[one]), None)
    if repeated:
        return replace(blank, reason=f"item {repeated} can stand several times")
    asked = [one for one in standings(q, answers, formula.items, spoiled, on=on).values() if one.asked]
    missing = [one for one in asked if one.gap in _GAPS or one.state in _GAPS or (one.item.is_scored and one.gap)]
    counted = replace(blank, answered=len(asked) - len(missing), of=len(asked))
    if not asked:
        return replace(counted, reason="none of its questions is asked with these answers")
    return replace(counted, reason=missing_words(missing)) if missing else counted


def _plain(q: Questionnaire, answers: Answers, spoiled: set[str], on: frozenset[str]) -> list[Score]:
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
            _unscored(total, "the scored items stand in several groups and the form does not say which belong together")
        ]
    if len(totals) > 1:
        return [_unscored(total, "the form has several items for results and does not say what each one sums")]
    offered = [option for item in scored for option in item.options if option.score is not None]
    if len({option.value.score_url for option in offered if isinstance(option.value, Coding)}) > 1:
        return [_unscored(total, "the options carry two different kinds of score")]
    return [_sum(q, answers, [item.link_id for item in scored], total.name, total.link_id, spoiled, key, on)]


def _sum(
    q: Questionnaire,
    answers: Answers,
    link_ids: Sequence[str],
    name: str,
    link_id: str | None,
    spoiled: set[str],
    key: str,
    on: frozenset[str] | None = None,
) -> Score:
    blank = Score(name=name, link_id=link_id, key=key, of=len(link_ids))
    repeated = next((one for one in link_ids if q.loops[one]), None)
    if repeated:
        return replace(blank, reason=f"item {repeated} can stand several times")
    found = [one for one in standings(q, answers, link_ids, spoiled, on=on).values() if one.asked]
    missing = [one for one in found if one.score is None]
    counted = replace(blank, answered=len(found) - len(missing), of=len(found))
    if not found:
        return replace(counted, reason="none of its questions is asked with these answers")
    if missing:
        return replace(counted, reason=missing_words(missing))
    total = sum((one.score for one in found if one.score is not None), Decimal(0))
    return replace(counted, value=int(total) if total == total.to_integral_value() else total)


def _by_instrument(
    q: Questionnaire, answers: Answers, bound: Bound, spoiled: set[str], on: frozenset[str]
) -> list[Score]:
    instrument = bound.instrument
    key = f"{instrument.title}, version {instrument.version}"
    looked_at = {link_id for rule in instrument.alerts for c in rule.when for link_id in c.items}
    looked_at |= {link_id for one in instrument.scores if isinstance(one, Table) for link_id in one.items}
    there = standings(q, answers, [bound.links[link_id] for link_id in looked_at], spoiled, bound.states, on)
    found = {link_id: there[bound.links[link_id]] for link_id in looked_at}
    scores = []
    for one in instrument.scores:
        link_id = bound.links.get(one.link_id) if one.link_id else None
        match one:
            case Sum():
                items = [bound.links[i] for i in one.items]
                scores.append(_banded(_sum(q, answers, items, one.name, link_id, spoiled, key, on), one))
            case Table():
                scores.append(_table(one, link_id, found, key))
            case Unscored():
                scores.append(Score(name=one.name, link_id=link_id, reason=one.reason, key=key))
    if scores and (raised := tuple(_alerts(instrument.alerts, found, bound))):
        first = scores[0]
        scores[0] = replace(first, alerts=first.alerts + raised)
    return scores


def _banded(total: Score, rule: Sum) -> Score:
    if not rule.bands or not isinstance(total.value, int | Decimal):
        return total
    band = next((band for band in rule.bands if band.low <= total.value <= band.high), None)
    if band is None:
        return _unscored(total, f"the total {total.value} lies outside the published range")
    alert = (Alert("band", band.severity, f"{total.name}: {band.label}"),) if band.severity else ()
    return replace(total, band=band.label, severity=band.severity, alerts=alert)


def _table(table: Table, link_id: str | None, found: Mapping[str, Standing], key: str) -> Score:
    row = next(row for row in table.rows if all(holds(condition, found) for condition in row.when))
    asked = [found[i] for i in table.items if found[i].asked]
    gaps = [one for one in asked if one.state in _GAPS]
    reason = row.reason.replace("{missing}", missing_words(_named(row, found))) if row.reason is not None else None
    text = row.alert or row.band or ""
    return Score(
        name=table.name,
        link_id=link_id,
        value=row.value,
        reason=reason,
        band=row.band if row.value is not None else None,
        severity=row.severity,
        words=row.words,
        alerts=(Alert(row.value or "not-scored", row.severity, text),) if row.severity and text else (),
        answered=len(asked) - len(gaps),
        of=len(asked),
        key=key,
    )


def _named(row: Row, found: Mapping[str, Standing]) -> list[Standing]:
    """The gaps that made this row hold."""
    return [
        found[link_id]
        for condition in row.when
        for link_id in condition.items
        if found[link_id].state in condition.states and found[link_id].state in _GAPS
    ]


def _alerts(rules: Iterable[AlertRule], found: Mapping[str, Standing], bound: Bound) -> Iterable[Alert]:
    for rule in rules:
        if all(holds(condition, found) for condition in rule.when):
            looked_at = dict.fromkeys(link_id for condition in rule.when for link_id in condition.items)
            yield Alert(rule.code, rule.severity, rule.text, tuple(bound.links[link_id] for link_id in looked_at))
