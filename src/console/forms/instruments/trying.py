"""What a key gives with a form: every band at both of its ends, every combination of yes and no, and a gap.

It is tried with the form itself, its conditions and its formulas, by the scoring that is used later. Whoever ties a
form to a key sees so before anybody is asked whether it does what its publisher says.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import product

from console.forms.instruments.description import Sum, Table
from console.forms.instruments.matching import Bound
from console.forms.instruments.scoring import Score, score
from console.forms.instruments.states import state_of
from console.forms.model import Answer, Answers, Item, Kind, NonAnswer, Questionnaire

_MOST = 10
"""Questions of a table of which every combination is tried: 1,024."""
_SHOWN = 3


def gives(q: Questionnaire, bound: Bound) -> tuple[str, ...]:
    """A line for each result there can be, with how one comes to it."""
    lines: list[str] = []
    for place, rule in enumerate(bound.instrument.scores if bound.links else ()):
        match rule:
            case Sum():
                lines += _sum(q, bound, rule, place)
            case Table():
                lines += _table(q, bound, rule, place)
    rules = bound.instrument.alerts if bound.links else ()
    return (*lines, *(f"{rule.severity.capitalize() or 'Told'}: {rule.text}" for rule in rules))


def _sum(q: Questionnaire, bound: Bound, rule: Sum, place: int) -> Iterator[str]:
    items = [q.by_id[bound.links[each]] for each in rule.items]
    scores = [sorted(option.score for option in item.options if option.score is not None) for item in items]
    least, most = (sum((each[end] for each in scores), Decimal(0)) for end in (0, -1))

    def at(total: Decimal) -> str:
        one = score(q, _adding_up(items, total), bound)[place]
        return _outcome(one) if one.value == total or one.reason else f"gives {one.value}"

    for band in rule.bands:
        ends = dict.fromkeys(Decimal(end) for end in (band.low, band.high) if least <= end <= most)
        odd = [f"{end} {said}" for end in ends if (said := at(end)) != band.label]
        yield f"{band.low} to {band.high}: {'; '.join(odd) or band.label if ends else 'cannot be reached'}"
    if not rule.bands:
        yield f"{least:f} to {most:f}: {'; '.join(dict.fromkeys((at(least), at(most)))) or 'a total'}"
    elif outside := [f"{end:f} {at(end)}" for end in (least, most) if not _within(rule, end)]:
        yield "; ".join(outside)
    missing = dict(_adding_up(items, least))
    missing.pop(items[-1].link_id)
    yield f"Without an answer to item {items[-1].label}: {_outcome(score(q, missing, bound)[place])}"


def _within(rule: Sum, total: Decimal) -> bool:
    return any(band.low <= total <= band.high for band in rule.bands)


def _adding_up(items: Iterable[Item], total: Decimal) -> Answers:
    """Answers whose scores add up to ``total`` where that can be: each as high as what is left allows."""
    listed = list(items)
    lowest = [min(_scored(item)) for item in listed]
    left = total - sum(lowest)
    given: dict[str, tuple[Answer, ...]] = {}
    for item, low in zip(listed, lowest, strict=True):
        worth = max(each for each in _scored(item) if each - low <= left)
        left -= worth - low
        given[item.link_id] = (next(option.value for option in item.options if option.score == worth),)
    return given


def _scored(item: Item) -> list[Decimal]:
    return [option.score for option in item.options if option.score is not None]


def _table(q: Questionnaire, bound: Bound, rule: Table, place: int) -> Iterator[str]:
    items = [q.by_id[bound.links[each]] for each in rule.items]
    if len(items) > _MOST:
        yield f"{rule.name}: {len(items)} questions have too many combinations to list."
        return
    yes, no = ({item.link_id: _meaning(item, bound, state) for item in items} for state in ("yes", "no"))
    found: dict[str, list[frozenset[str]]] = {}
    for chosen in product((False, True), repeat=len(items)):
        given = {item.link_id: (yes if each else no)[item.link_id] for item, each in zip(items, chosen, strict=True)}
        said = _outcome(score(q, given, bound)[place])
        found.setdefault(said, []).append(frozenset(i.label for i, each in zip(items, chosen, strict=True) if each))
    order = {item.label: at for at, item in enumerate(items)}
    for said, ways in found.items():
        yield f"{said}: {len(ways)} of {2 ** len(items)} combinations; {_least(ways, order)}"
    refused: dict[str, list[str]] = {}
    for item in items:
        said = _outcome(score(q, {**no, item.link_id: (NonAnswer.REFUSED,)}, bound)[place])
        refused.setdefault("no result" if said.startswith("no result") else said, []).append(item.label)
    for said, labels in refused.items():
        yield f"One of {', '.join(labels)} refused, the others no: {said}"
    yield f"Nothing answered: {_outcome(score(q, {}, bound)[place])}"


def _least(ways: Iterable[frozenset[str]], order: Mapping[str, int]) -> str:
    """The fewest answers with yes that come to a result."""
    smallest = sorted(ways, key=lambda way: (len(way), sorted(order[each] for each in way)))
    least: list[frozenset[str]] = []
    for way in smallest:
        if not any(each <= way for each in least):
            least.append(way)
    if not least[0]:
        return "as when all are no"
    shown = [" and ".join(sorted(way, key=lambda each: order[each])) for way in least[:_SHOWN]]
    more = f", and {len(least) - _SHOWN} more" if len(least) > _SHOWN else ""
    return f"yes to {', or '.join(shown)}{more}"


def _meaning(item: Item, bound: Bound, state: str) -> tuple[Answer, ...]:
    """The answer to an item that means ``state``."""
    if item.kind is Kind.BOOLEAN:
        return (state == "yes",)
    return next((o.value,) for o in item.options if state_of(item, (o.value,), bound.states) == state)


def _outcome(one: Score) -> str:
    if one.value is None:
        return f"no result: {one.reason}"
    return one.band or str(one.value)
