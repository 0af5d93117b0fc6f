"""What formulas fill in: calculated values, scores that hold, and what else of a line a formula decides.

A score is filled in only when every question it rests on that is asked has an answer, when the formula was seen to read
each of them, with its score where it reads scores, and, where it is a plain sum, when it gives the same as adding up
natively. Anything else is no score, with the reason, and what a formula would make of it (its band, a sentence with it)
is left out as well.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Context, Decimal
from typing import Any

from msgspec.structs import replace

from console.forms.deciding.layout import Line
from console.forms.deciding.logic import Situation
from console.forms.document import is_plain
from console.forms.fhirpath import Moment, Seen, Unevaluable
from console.forms.model import (
    Coding,
    Date,
    DateTime,
    Expression,
    Formula,
    Item,
    Kind,
    Option,
    Quantity,
    Questionnaire,
    Time,
    Value,
)
from console.forms.values import fits, is_date, is_date_time, is_time, option_of, parse_coding, values

_NUMBERS = (Kind.INTEGER, Kind.DECIMAL, Kind.QUANTITY)
_ADDING = ("sum(", "avg(", "count(", "aggregate(")
_NUMBERED = re.compile(r"\s*[+-]?\d{1,3}(?!\d)")
_DIGITS = Context(prec=15)
"""Digits of a calculated number: as many as FHIR asks every reader of decimals to keep."""


class Filler:
    """Fills lines one after the other and notes what comes of it."""

    def __init__(self, q: Questionnaire, situation: Situation) -> None:
        self.q = q
        self.situation = situation
        self.formulas = {formula.link_id: formula for formula in q.formulas}
        self.values: dict[str, tuple[Value, ...]] = {}
        self.problems: dict[str, str] = {}

    def fill(self, line: Line) -> None:
        """Calculates the value of a line, when it has one."""
        expression = line.item.expressions.calculated
        if expression is None or self.q.logic.problem(expression):
            return
        formula = self.formulas.get(line.item.link_id)
        try:
            if not is_ready(self.q, expression, self.situation):
                return
            seen = Seen()
            found = fitted(line.item, self.q.logic.values(expression, line, self.situation, seen))
            if formula is not None:
                if formula.plain:
                    _agreeing(found, self._sum(formula))
                if found and (unshown := formula.problem or self._unshown(formula, expression, seen)):
                    self.problems[line.key] = unshown
                    found = found if formula.decides else ()
        except Unevaluable as error:
            self.problems[line.key] = error.message
            return
        if found:
            self.values[line.key] = self.situation.answers[line.key] = found

    def keep(self, line: Line, calculated: Mapping[str, tuple[Value, ...]], problems: Mapping[str, str]) -> None:
        """What was filled in before, or why nothing was, stands."""
        if line.key in calculated:
            self.values[line.key] = self.situation.answers[line.key] = calculated[line.key]
        if line.key in problems:
            self.problems[line.key] = problems[line.key]

    def _sum(self, formula: Formula) -> Decimal:
        held = _asked(formula.items, self.situation)
        return sum((_worth(item, value) or Decimal(0) for item, given in held for value in given), Decimal(0))

    def _unshown(self, formula: Formula, expression: Expression, seen: Seen) -> str:
        """Why it cannot be shown that the formula read what it rests on; empty when it can."""
        links = self.q.logic.looks(expression).links
        held = {item.link_id: item for item, given in _asked(links or formula.items, self.situation) if given}
        named = self.q.logic.named_items(expression)
        texts = [one.text for one in self.q.logic.named(expression)]
        picks_highest = any("sort(" in text for text in texts)
        for link_id, item in held.items():
            if link_id not in (seen.read if link_id in named else seen.reached) and not self._stands_in(link_id, held):
                return f"its formula does not look at the answer to item {item.label}"
            if link_id in formula.items and not _may_equal(
                item, {text for one, text in seen.compared if one == link_id}
            ):
                return f"its formula compares the answer to item {item.label} with what it cannot be"
            is_number = (item.kind in _NUMBERS or item.is_weighed or _is_numbered(item)) and link_id in formula.items
            if is_number and link_id in seen.dropped - seen.picked and not picks_highest:
                return f"its formula leaves the answer to item {item.label} aside"
            if is_number and link_id in seen.missed - seen.held - seen.scored:
                return f"its formula looks for a number of another type than the answer to item {item.label} is"
            looked_for = (item.is_weighed and link_id in seen.read) or (link_id in seen.weighed and link_id in named)
            if formula.weighs and looked_for and link_id not in seen.scored:
                return f"its formula finds no score with the answer to item {item.label}"
        if seen.merged and any(word in text for text in texts for word in _ADDING):
            return "its formula counts equal numbers once"
        if not seen.read:
            return "its formula looks at no answer"
        return "its formula finds no scores with the answers" if formula.weighs and not seen.scored else ""

    def _stands_in(self, link_id: str, held: Mapping[str, Item]) -> bool:
        """Whether it stands within another of these questions, and need not be meant."""
        while link_id := self.q.parents[link_id]:
            if link_id in held:
                return True
        return False

    def dressed(self, line: Line) -> Line:
        """The line with what formulas decide of it."""
        own = line.item.expressions
        if own.options is None and not own.fields:
            return line
        changed: dict[str, Any] = {}
        for field, expression in own.fields:
            found = self._one(expression, line) if is_ready(self.q, expression, self.situation) else None
            if field == "text" and isinstance(found, str) and found.strip():
                changed["text"] = found
            elif field in ("required", "read_only") and isinstance(found, bool):
                changed[field] = found
            elif field in ("minimum", "maximum") and found is not None:
                bound = _value(line.item, found)
                changed[field] = Decimal(bound) if isinstance(bound, int) else bound
        if own.options is not None:
            changed["options"] = tuple(self._options(own.options, line))
        return replace(line, item=replace(line.item, **changed))

    def _one(self, expression: Expression, line: Line) -> Any:
        try:
            found = self.q.logic.values(expression, line, self.situation)
        except Unevaluable:
            return None
        return found[0] if len(found) == 1 else None

    def _options(self, expression: Expression, line: Line) -> Iterable[Option]:
        try:
            found = self.q.logic.values(expression, line, self.situation)
        except Unevaluable:
            return
        for one in found:
            value = _typed(line.item, one)
            if value is not None and fits(line.item.kind, value):
                yield Option(value, value.display or value.code if isinstance(value, Coding) else _text(one))


def _may_equal(item: Item, compared: set[str | bool | None]) -> bool:
    """Whether an answer that is one of a few can be any of what it is compared with, if it is compared at all."""
    closed = item.kind is Kind.BOOLEAN or (item.options and not item.is_open and not item.unlisted)
    if not compared or not closed:
        return True
    held = [option.value for option in item.options] or [True, False]
    parts = ((one.code, one.display, one.system, one.version) if isinstance(one, Coding) else (one,) for one in held)
    return any(part in compared for each in parts for part in each if isinstance(part, str | bool))


def _is_numbered(item: Item) -> bool:
    """Whether each of its options is a number, be it with words after it."""
    return bool(item.options) and all(_NUMBERED.match(option.label) for option in item.options)


def is_ready(q: Questionnaire, expression: Expression, situation: Situation) -> bool:
    """Whether all that a formula with a score in it needs and that is asked has a value, and a score if it has any."""
    if expression not in q.needs:
        return True
    asked = False
    for item, given in _asked(q.needs[expression], situation):
        if not given or (item.is_scored and any(_worth(item, value) is None for value in given)):
            return False
        asked = True
    return asked


def _asked(link_ids: Iterable[str], situation: Situation) -> Iterable[tuple[Item, tuple[Value, ...]]]:
    """Those of these items that are asked, each with what was answered."""
    for link_id in link_ids:
        for line in situation.by_item.get(link_id, ()):
            if situation.state.get(line.key, True):
                yield line.item, values(situation.answers.get(line.key, ()))


def _worth(item: Item, value: Value) -> Decimal | None:
    option = option_of(item, value)
    return option.score if option else None


def _agreeing(found: tuple[Value, ...], total: Decimal) -> None:
    given = next((one.value if isinstance(one, Quantity) else one for one in found), "nothing")
    if given != total:
        raise Unevaluable(f"the form's formula gives {given} and adding up the answers {total}: they disagree")


def fitted(item: Item, found: tuple[Any, ...]) -> tuple[Value, ...]:
    """What a formula gave as answers to an item. Raises :class:`Unevaluable` when it cannot hold them."""
    if len(found) > 1 and not item.repeats:
        raise Unevaluable("it gives several values")
    held = tuple(_value(item, one) for one in found)
    if None in held:
        raise Unevaluable(f"it gives something that is no answer to a question of type {item.kind}")
    return held  # type: ignore[return-value]


def _value(item: Item, found: Any) -> Value | None:
    """One result as a value of the item's type; ``None`` when it is none."""
    value = _typed(item, found)
    if value is None or (isinstance(value, Decimal) and not is_plain(value)):
        return None
    option = option_of(item, value)
    if option is not None:
        return option.value
    return value if fits(item.kind, value) and item.is_open else None


def _typed(item: Item, found: Any) -> Value | None:
    match item.kind, found:
        case Kind.BOOLEAN, bool():
            return found
        case Kind.DATE | Kind.DATE_TIME | Kind.TIME, Moment() | str():
            return _time(item.kind, _text(found))
        case Kind.CHOICE | Kind.OPEN_CHOICE, dict():
            return parse_coding(found)
        case ((Kind.STRING | Kind.TEXT | Kind.URL | Kind.OPEN_CHOICE), (str() | int() | Decimal() | Moment())):
            return _text(found) if _text(found).strip() else None
        case Kind.QUANTITY, dict() if "value" in found:
            unit, system, code = (str(found.get(name) or "") for name in ("unit", "system", "code"))
            return Quantity(_short(found["value"]), unit, system, code)
        case _, bool():
            return None
        case Kind.INTEGER, int() | Decimal():
            return int(found) if found == int(found) else None
        case Kind.DECIMAL, int() | Decimal():
            return _short(found)
        case Kind.QUANTITY, int() | Decimal() if item.unit is not None:
            return Quantity(_short(found), item.unit.display or item.unit.code, item.unit.system, item.unit.code)
    return None


def _short(number: Any) -> Decimal:
    """The number in as many digits as are kept; a calculated third has no end."""
    exact = Decimal(str(number))
    return exact if len(exact.as_tuple().digits) <= _DIGITS.prec else exact.normalize(_DIGITS)


def _time(kind: Kind, text: str) -> Value | None:
    if kind is Kind.DATE:
        return Date(text[:10]) if is_date(text[:10]) else None
    if kind is Kind.TIME:
        return Time(text) if is_time(text) else None
    return DateTime(text) if is_date_time(text) else None


def _text(found: Any) -> str:
    if isinstance(found, bool):
        return "true" if found else "false"
    return f"{found:f}" if isinstance(found, Decimal) else str(found)
