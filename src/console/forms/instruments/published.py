"""Results by the published key of an instrument: sums with bands, decision tables, and alerts."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from msgspec.structs import replace

from console.forms.instruments.description import GAPS, AlertRule, Row, Sum, Table, Unscored
from console.forms.instruments.matching import Bound
from console.forms.instruments.results import Alert, Score, summed, unscored
from console.forms.instruments.states import Standing, holds, missing_words, standings
from console.forms.model import Answers, Questionnaire


def by_key(q: Questionnaire, answers: Answers, bound: Bound, spoiled: set[str], on: frozenset[str]) -> list[Score]:
    """The scores of an instrument, its alerts with the first of them."""
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
                total = summed(q, answers, items, one.name, link_id, spoiled, key, on, published=True)
                scores.append(_banded(total, one))
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
        return unscored(total, f"the total {total.value} lies outside the published range")
    alert = (Alert("band", band.severity, f"{total.name}: {band.label}"),) if band.severity else ()
    return replace(total, band=band.label, severity=band.severity, alerts=alert)


def _table(table: Table, link_id: str | None, found: Mapping[str, Standing], key: str) -> Score:
    row = next(row for row in table.rows if all(holds(condition, found) for condition in row.when))
    open_to = _open_gaps(table, row, found)
    if row.value is not None and open_to:
        row = replace(row if row.when else Row(), value=None, reason=missing_words(open_to), words="")
    asked = [found[i] for i in table.items if found[i].asked]
    gaps = [one for one in asked if one.state in GAPS]
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


def _open_gaps(table: Table, row: Row, found: Mapping[str, Standing]) -> list[Standing]:
    """The gaps by which a row could be the wrong one: those that the key says nothing of, and another row before it
    could hold if they were answered. A row that holds always needs them all."""
    gaps = {i: found[i] for i in table.items if found[i].asked and found[i].state in GAPS}
    if not gaps:
        return []
    named = {(i, state) for each in table.rows for c in each.when for i in c.items for state in c.states}
    gaps = {i: one for i, one in gaps.items() if (i, one.state) not in named}
    if not row.when:
        return list(gaps.values())
    before = table.rows[: table.rows.index(row)]
    return [
        one
        for i, one in gaps.items()
        if any(i in c.items for each in before if _may_hold(each, found, gaps) for c in each.when)
    ]


def _may_hold(row: Row, found: Mapping[str, Standing], gaps: Mapping[str, Standing]) -> bool:
    """Whether a row could hold if the gaps were answered."""
    for condition in row.when:
        combine = any if condition.any else all
        alone = {i: replace(condition, any=(), all=(i,)) for i in condition.items}
        if not combine(i in gaps or holds(one, found) for i, one in alone.items()):
            return False
    return True


def _named(row: Row, found: Mapping[str, Standing]) -> list[Standing]:
    """The gaps that made this row hold."""
    return [
        found[link_id]
        for condition in row.when
        for link_id in condition.items
        if found[link_id].state in condition.states and found[link_id].state in GAPS
    ]


def _alerts(rules: Iterable[AlertRule], found: Mapping[str, Standing], bound: Bound) -> Iterable[Alert]:
    for rule in rules:
        if all(holds(condition, found) for condition in rule.when):
            looked_at = dict.fromkeys(link_id for condition in rule.when for link_id in condition.items)
            yield Alert(rule.code, rule.severity, rule.text, tuple(bound.links[link_id] for link_id in looked_at))
