"""Random forms with conditions, circles and repeating groups, and random answers to them."""

import json
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from console.forms import (
    Answer,
    Attachment,
    Date,
    DateTime,
    Item,
    Kind,
    NonAnswer,
    Quantity,
    Questionnaire,
    Reference,
    Time,
    load,
)
from console.forms.deciding.layout import key_of
from tests.forms.building import document, group, item, option

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=8)
NUMBERS = st.decimals(min_value=-(10**6), max_value=10**6, places=3)
DATES = st.dates().map(lambda day: Date(day.isoformat()))
NON_ANSWERS = st.sampled_from(NonAnswer)
_ANSWER_TO = {
    "boolean": st.booleans().map(lambda value: {"answerBoolean": value}),
    "integer": st.integers(-3, 3).map(lambda value: {"answerInteger": value}),
    "decimal": st.integers(-3, 3).map(lambda value: {"answerDecimal": value}),
    "string": TEXT.map(lambda value: {"answerString": value}),
    "choice": st.sampled_from("abc").map(lambda code: {"answerCoding": {"system": "urn:codes", "code": code}}),
}
_KINDS = (*_ANSWER_TO, "date", "time", "quantity", "reference", "attachment", "open-choice", "display")


@st.composite
def documents(draw: st.DrawFn, repeating: bool = True, scored: bool = False) -> dict[str, Any]:
    """A Questionnaire document with up to a dozen items, nested, whose conditions look anywhere in the form."""
    made: list[dict[str, Any]] = []

    def build(depth: int) -> dict[str, Any]:
        link_id = f"i{len(made)}"
        kind = draw(st.sampled_from(("group", *_KINDS) if depth < 3 else _KINDS))
        built = item(link_id, kind)
        made.append(built)
        if kind in ("choice", "open-choice"):
            scores = draw(st.lists(st.integers(0, 3), min_size=3, max_size=3)) if scored else [None] * 3
            built["answerOption"] = [option(code, score) for code, score in zip("abc", scores, strict=True)]
        if kind == "group":
            built["item"] = [build(depth + 1) for _ in range(draw(st.integers(0, 3)))]
            built["repeats"] = repeating and draw(st.booleans())
        elif kind != "display":
            built["repeats"] = draw(st.booleans())
            built["required"] = kind != "attachment" and draw(st.booleans())
            if (repeating or not built["repeats"]) and depth < 3 and draw(st.integers(0, 4)) == 0:
                built["item"] = [build(depth + 1)]
        return built

    top = [build(0) for _ in range(draw(st.integers(1, 5)))]
    targets = [entry for entry in made if entry["type"] in _ANSWER_TO]
    for entry in made:
        conditions = draw(st.lists(st.sampled_from(targets), max_size=2)) if targets else []
        if conditions:
            entry["enableWhen"] = [draw(_condition(target)) for target in conditions]
            entry["enableBehavior"] = draw(st.sampled_from(("any", "all")))
    return document(*top) if top else document(group("g"))


def _condition(target: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    ordered = target["type"] in ("integer", "decimal", "string")
    operators = ("=", "!=", ">", "<", ">=", "<=") if ordered else ("=", "!=")
    compare = st.builds(
        lambda operator, answer: {"question": target["linkId"], "operator": operator, **answer},
        st.sampled_from(operators),
        _ANSWER_TO[target["type"]],
    )
    exists = st.booleans().map(
        lambda wanted: {"question": target["linkId"], "operator": "exists", "answerBoolean": wanted}
    )
    return compare | exists


def questionnaires(repeating: bool = True, scored: bool = False) -> st.SearchStrategy[Questionnaire]:
    return documents(repeating, scored).map(lambda made: load(json.dumps(made)))


def values_for(entry: Item) -> st.SearchStrategy[Any]:
    """A proper value for an item."""
    match entry.kind:
        case Kind.BOOLEAN:
            return st.booleans()
        case Kind.INTEGER:
            return st.integers(-5, 5)
        case Kind.DECIMAL:
            return NUMBERS
        case Kind.DATE:
            return DATES
        case Kind.DATE_TIME:
            return DATES.map(lambda day: DateTime(f"{day.text}T10:00:00Z"))
        case Kind.TIME:
            return st.times().map(lambda time: Time(time.isoformat()))
        case Kind.QUANTITY:
            return NUMBERS.map(lambda number: Quantity(number, "mg", "http://unitsofmeasure.org", "mg"))
        case Kind.REFERENCE:
            return TEXT.map(Reference)
        case Kind.ATTACHMENT:
            return TEXT.map(lambda name: Attachment(contentType="image/png", title=name, size=3))
        case Kind.CHOICE:
            return st.sampled_from([each.value for each in entry.options])
        case Kind.OPEN_CHOICE:
            return st.one_of(TEXT, *(st.just(each.value) for each in entry.options))
        case _ if entry.options:
            return st.sampled_from([each.value for each in entry.options])
        case _:
            return TEXT


@st.composite
def answers_to(draw: st.DrawFn, q: Questionnaire, non_answers: bool = True) -> dict[str, tuple[Answer, ...]]:
    """Answers to some of the questions, in occurrences one to three of repeating groups."""
    given: dict[str, tuple[Answer, ...]] = {}
    for link_id, entry in q.by_id.items():
        if not entry.is_question:
            continue
        for occurrence in draw(st.sets(st.tuples(*(st.integers(1, 3) for _ in q.loops[link_id])), max_size=3)):
            if non_answers and draw(st.integers(0, 3)) == 0:
                held: tuple[Answer, ...] = (draw(NON_ANSWERS),)
            else:
                most = 2 if entry.repeats else 1
                # Nobody gives the same answer twice: the second time takes it away.
                held = tuple(dict.fromkeys(draw(st.lists(values_for(entry), min_size=1, max_size=most))))
            given[key_of(link_id, occurrence)] = held
    return given


def has_circle(q: Questionnaire) -> bool:
    """Whether any condition looks at what is decided after it: there answers count before they are decided."""
    place = {link_id: n for n, link_id in enumerate(q.order)}
    return any(place[c.question] >= place[link_id] for link_id, entry in q.by_id.items() for c in entry.enable_when)


def as_written(answer: Answer) -> Answer:
    """An answer as it comes back from JSON: numbers lose their trailing zeros, nothing else."""
    return Decimal(answer.normalize()) if isinstance(answer, Decimal) else answer
