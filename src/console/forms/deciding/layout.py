"""The lines of a form as they stand for given answers, and the keys that answers are kept under.

An answer is kept under a **key**. For an item that stands once the key is its link id. Inside a repeating group the
first occurrence has the bare link id too; later ones add their number, counted from one: ``drug#2``; with a repeating
group in a repeating group, outermost first: ``dose#2.1``. A group has as many occurrences as the answers reach, at
least one.
"""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from console.forms.model import Answer, Answers, Item, Kind, Questionnaire, Value
from console.forms.values import option_of, values

MAX_OCCURRENCES = 100
"""Occurrences of one repeating group that are recognized; a key beyond it names nothing."""
MAX_ANSWERS = 99_999
"""The same for the answers of a question that has lines in each."""


class Line(Struct, frozen=True):
    """One item where it stands: once, or in one occurrence of the repeating groups around it."""

    key: str
    item: Item
    occurrence: tuple[int, ...]
    """Its numbers, one for each of :attr:`Questionnaire.loops`, outermost first, counted from one."""
    parent: str
    """Key of the line it stands in; empty at the top."""
    depth: int


def key_of(link_id: str, occurrence: tuple[int, ...]) -> str:
    """The key of an item in an occurrence."""
    if all(number == 1 for number in occurrence):
        return link_id
    return f"{link_id}#{'.'.join(map(str, occurrence))}"


def place_of(q: Questionnaire, key: str) -> tuple[str, tuple[int, ...]] | None:
    """Link id and occurrence of a key; ``None`` when the form has no such place."""
    if key in q.by_id:
        return key, (1,) * len(q.loops[key])
    link_id, _, numbers = key.rpartition("#")
    parts = numbers.split(".")
    if link_id not in q.by_id or len(parts) != len(q.loops[link_id]):
        return None
    if not all(part.isdecimal() and part.isascii() and len(part) <= len(str(MAX_ANSWERS)) for part in parts):
        return None
    occurrence = tuple(map(int, parts))
    most = (MAX_OCCURRENCES if q.by_id[loop].kind is Kind.GROUP else MAX_ANSWERS for loop in q.loops[link_id])
    within = all(1 <= number <= limit for number, limit in zip(occurrence, most, strict=True))
    return (link_id, occurrence) if within and key_of(link_id, occurrence) == key else None


def link_of(q: Questionnaire, key: str) -> str:
    """The linkId of a key of this form, which may itself hold what parts it from the number of an occurrence."""
    return key if key in q.by_id else key.rpartition("#")[0]


def lines(
    q: Questionnaire,
    answers: Answers,
    occurrences: Mapping[str, int] | None = None,
    before: tuple[Line, ...] | None = None,
) -> tuple[Line, ...]:
    """Every line in document order, enabled or not.

    ``occurrences`` asks for more of a repeating group than its answers reach: the key of its first occurrence → how
    many (a screen on which "add another" was pressed). ``before`` are the lines of the same form for other answers;
    they themselves are given back where the lines stand the same.
    """
    if before is not None and not any(q.loops.values()):
        return before
    found = tuple(_lines(q.items, "", (), 0, answers, _reach(q, answers, occurrences or {})))
    return before if before is not None and found == before else found


def numbered(item: Item, given: Iterable[Answer]) -> tuple[tuple[int, Value], ...]:
    """The values a question holds, each with the number of its lines, in the order they were given."""
    found: list[tuple[int, Value]] = []
    typed = len(item.options)
    for value in values(given):
        option = option_of(item, value)
        if option is None:
            typed += 1
        number = typed if option is None else 1 + next(i for i, one in enumerate(item.options) if one is option)
        found.append((number, value))
    return tuple(found)


def _reach(
    q: Questionnaire, answers: Answers, occurrences: Mapping[str, int]
) -> dict[tuple[str, tuple[int, ...]], int]:
    """How far each repeating group reaches: (link id, occurrence of what is around it) → number of occurrences."""
    reach: dict[tuple[str, tuple[int, ...]], int] = {}
    for key, given in answers.items():
        place = place_of(q, key)
        if place is None or not given:
            continue
        link_id, occurrence = place
        for depth, group in enumerate(q.loops[link_id]):
            around = (group, occurrence[:depth])
            reach[around] = max(reach.get(around, 1), occurrence[depth])
    for key, count in occurrences.items():
        place = place_of(q, key)
        if place and q.loops[place[0]][-1:] == (place[0],):
            around = (place[0], place[1][:-1])
            reach[around] = max(reach.get(around, 1), min(count, MAX_OCCURRENCES))
    return reach


def _lines(
    items: tuple[Item, ...],
    parent: str,
    around: tuple[int, ...],
    depth: int,
    answers: Answers,
    reach: Mapping[tuple[str, tuple[int, ...]], int],
) -> Iterator[Line]:
    for item in items:
        repeated = item.kind is Kind.GROUP and item.repeats
        for number in range(1, reach.get((item.link_id, around), 1) + 1) if repeated else (0,):
            occurrence = (*around, number) if repeated else around
            key = key_of(item.link_id, occurrence)
            yield Line(key, item, occurrence, parent, depth)
            if item.nests:
                for answer in sorted({place for place, _ in numbered(item, answers.get(key, ()))}):
                    yield from _lines(item.items, key, (*occurrence, answer), depth + 1, answers, reach)
            else:
                yield from _lines(item.items, key, occurrence, depth + 1, answers, reach)


def without_occurrence(q: Questionnaire, answers: Answers, group: str, number: int) -> dict[str, tuple[Answer, ...]]:
    """The answers after occurrence ``number`` of a repeating group is removed; those behind it move up.

    ``group`` is the key of the group's first occurrence.
    """
    place = place_of(q, group)
    if place is None:
        return dict(answers)
    goes = {behind: behind - 1 for behind in range(number + 1, MAX_OCCURRENCES + 1)}
    return renumbered(q, answers, (place[0], place[1][:-1]), {number: None, **goes})


def renumbered(
    q: Questionnaire, answers: Answers, loop: tuple[str, tuple[int, ...]], goes: Mapping[int, int | None]
) -> dict[str, tuple[Answer, ...]]:
    """The answers after occurrences of one loop got other numbers: old → new, or ``None`` for one that is gone.

    ``loop`` is the link id of the repeating group or question and the occurrence of what is around it.
    """
    link_id, around = loop
    kept: dict[str, tuple[Answer, ...]] = {}
    for key, given in answers.items():
        at = place_of(q, key)
        if at and link_id in q.loops[at[0]] and at[1][: len(around)] == around:
            number = goes.get(at[1][len(around)], at[1][len(around)])
            if number is None:
                continue
            key = key_of(at[0], (*around, number, *at[1][len(around) + 1 :]))
        kept[key] = given
    return kept
