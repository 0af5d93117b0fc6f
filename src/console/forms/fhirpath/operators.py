"""The operators of FHIRPath N1, section 6, where the engine differs from it (dates, quantities, unknown truth)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from fhirpathpy.engine import nodes
from fhirpathpy.engine.invocations import invocation_registry

from console.forms.fhirpath.moments import Moment, added, compare, moment
from console.forms.fhirpath.operands import (
    Unfit,
    is_number,
    is_only_extension,
    number,
    rounded,
    short,
    single,
    text_of,
    value,
)
from console.forms.fhirpath.quantities import in_base_unit, product

_Call = Callable[..., Any]


def _equal_values(one: Any, other: Any) -> bool | None:
    if isinstance(one, str) and isinstance(other, Moment):
        one = moment(one, other.kind if other.kind == "Time" else "") or one
    elif isinstance(other, str) and isinstance(one, Moment):
        other = moment(other, one.kind if one.kind == "Time" else "") or other
    if isinstance(one, Moment) and isinstance(other, Moment):
        sign = compare(one, other)
        if sign is None and (one.kind == "Time") != (other.kind == "Time"):
            return False
        return None if sign is None else sign == 0
    if isinstance(one, nodes.FP_Quantity) and isinstance(other, nodes.FP_Quantity):
        mine, theirs = in_base_unit(one.value, one.unit), in_base_unit(other.value, other.unit)
        if {mine[0], theirs[0]} <= {"calendar", "a1", "mo1"} and mine[0] != theirs[0]:
            return None  # a year of the calendar and one of UCUM are not of the same length
        return mine == theirs
    if isinstance(one, bool) != isinstance(other, bool):
        return False
    return bool(one == other)


def _equal(ctx: Any, left: list[Any], right: list[Any]) -> Any:
    left, right = _without_extensions(left), _without_extensions(right)
    if not left or not right:
        return []
    _noted(ctx, left, right)
    if len(left) != len(right):
        return False
    found = [_equal_values(value(a), value(b)) for a, b in zip(left, right, strict=True)]
    return False if False in found else [] if None in found else True


def _noted(ctx: Any, left: list[Any], right: list[Any]) -> None:
    """Notes with what answers are compared."""
    for ones, others in ((left, right), (right, left)):
        for one in ones if ctx else ():
            ctx["seen"].compare(one, others)


def _without_extensions(found: list[Any]) -> list[Any]:
    return [node for node in found if not is_only_extension(node)] if len(found) > 1 else found


def _unequal(ctx: Any, left: list[Any], right: list[Any]) -> Any:
    equal = _equal(ctx, left, right)
    return [] if equal == [] else not equal


def _equivalent_values(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return " ".join(one.lower().split()) == " ".join(other.lower().split())
    if is_number(one) and is_number(other):
        places = min(_places(one), _places(other))
        return rounded(one, places) == rounded(other, places)
    if isinstance(one, nodes.FP_Quantity) and isinstance(other, nodes.FP_Quantity):
        mine, theirs = _averaged(one), _averaged(other)
        return mine[0] == theirs[0] and _equivalent_values(mine[1], theirs[1])
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_equivalent_values(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return _equivalent({}, one, other)
    return _equal_values(one, other) is True


def _averaged(quantity: Any) -> tuple[str, Decimal]:
    measured, amount = in_base_unit(quantity.value, quantity.unit)
    return ("calendar", amount * 12) if measured == "a1" else ("calendar" if measured == "mo1" else measured, amount)


def _equivalent(ctx: Any, left: list[Any], right: list[Any]) -> bool:
    _noted(ctx, left, right)
    rest = [value(node) for node in right]
    for node in left:
        match = next((i for i, other in enumerate(rest) if _equivalent_values(value(node), other)), None)
        if match is None:
            return False
        del rest[match]
    return not rest


def _places(number: Any) -> int:
    return max(0, -int(Decimal(number).normalize().as_tuple().exponent))


def order(left: list[Any], right: list[Any]) -> int | None:
    one, other = single(left), single(right)
    if isinstance(one, str) and isinstance(other, Moment):
        one = moment(one, other.kind if other.kind == "Time" else "")
    elif isinstance(other, str) and isinstance(one, Moment):
        other = moment(other, one.kind if one.kind == "Time" else "")
    if isinstance(one, Moment) and isinstance(other, Moment):
        if (one.kind == "Time") != (other.kind == "Time"):
            raise Unfit("a time of day and a date cannot be put in order")
        return compare(one, other)
    if isinstance(one, nodes.FP_Quantity) and isinstance(other, nodes.FP_Quantity):
        mine, theirs = in_base_unit(one.value, one.unit), in_base_unit(other.value, other.unit)
        return None if mine[0] != theirs[0] else (mine[1] > theirs[1]) - (mine[1] < theirs[1])
    if (is_number(one) and is_number(other)) or (isinstance(one, str) and isinstance(other, str)):
        return int(one > other) - int(one < other)
    raise Unfit("two values of different types cannot be put in order")


def _ordered(holds: Callable[[int], bool]) -> _Call:
    def apply(ctx: Any, left: list[Any], right: list[Any]) -> Any:
        if not left or not right:
            return []
        sign = order(left, right)
        return [] if sign is None else holds(sign)

    return apply


def _plus(ctx: Any, left: list[Any], right: list[Any]) -> Any:
    one, other = single(left), single(right)
    if isinstance(one, str) and isinstance(other, nodes.FP_Quantity):
        one = moment(one) or one
    if isinstance(one, Moment) and isinstance(other, nodes.FP_Quantity):
        return _moved(one, other, 1)
    if isinstance(one, nodes.FP_Quantity) and isinstance(other, nodes.FP_Quantity) and one.unit == other.unit:
        return nodes.FP_Quantity(one.value + other.value, one.unit)
    if isinstance(one, str) and isinstance(other, str):
        return short(one + other)
    return number(one) + number(other)


def _minus(ctx: Any, left: list[Any], right: list[Any]) -> Any:
    one, other = single(left), single(right)
    if isinstance(one, str) and isinstance(other, nodes.FP_Quantity):
        one = moment(one) or one
    if isinstance(one, Moment) and isinstance(other, nodes.FP_Quantity):
        return _moved(one, other, -1)
    if isinstance(one, nodes.FP_Quantity) and isinstance(other, nodes.FP_Quantity) and one.unit == other.unit:
        return nodes.FP_Quantity(one.value - other.value, one.unit)
    return number(one) - number(other)


def _moved(made: Moment, by: Any, sign: int) -> Moment:
    moved = added(made, by.value * sign, by.unit)
    if moved is None:
        raise Unfit("only a span of time can be added to a date or time")
    return moved


def _times(ctx: Any, left: list[Any], right: list[Any]) -> Any:
    one, other = single(left), single(right)
    if isinstance(one, nodes.FP_Quantity) and isinstance(other, nodes.FP_Quantity):
        return nodes.FP_Quantity(one.value * other.value, product(one.unit, other.unit))
    return number(one) * number(other)


def _divided(ctx: Any, left: list[Any], right: list[Any]) -> Any:
    one, other = single(left), single(right)
    if isinstance(one, nodes.FP_Quantity) and isinstance(other, nodes.FP_Quantity):
        unit = product(one.unit, other.unit, divided=True)
        return nodes.FP_Quantity(Decimal(one.value) / other.value, unit) if other.value else []
    return Decimal(number(one)) / number(other) if number(other) else []


def _and_text(ctx: Any, left: list[Any], right: list[Any]) -> str:
    return short("".join(text_of(part) for part in (left, right) if part))


def truth(found: list[Any]) -> bool | None:
    """Singleton evaluation: one value that is no truth value counts as true; none is unknown."""
    if not found:
        return None
    one = single(found)
    return one if isinstance(one, bool) else True


def _logic(decide: Callable[[bool | None, bool | None], bool | None]) -> _Call:
    def apply(ctx: Any, left: list[Any], right: list[Any]) -> Any:
        held = decide(truth(left), truth(right))
        return [] if held is None else held

    return apply


def _and(one: bool | None, other: bool | None) -> bool | None:
    return False if one is False or other is False else None if one is None or other is None else True


def _or(one: bool | None, other: bool | None) -> bool | None:
    return True if one or other else None if one is None or other is None else False


def _xor(one: bool | None, other: bool | None) -> bool | None:
    return None if one is None or other is None else one is not other


def _implies(one: bool | None, other: bool | None) -> bool | None:
    return _or(None if one is None else not one, other)


def _among(name: str) -> _Call:
    """A test of membership of the engine, noted."""
    function = invocation_registry[name]["fn"]

    def apply(ctx: Any, left: list[Any], right: list[Any]) -> Any:
        _noted(ctx, left, right)
        return function(ctx, left, right)

    return apply


_BOTH = {2: ["Any", "Any"]}
OPERATORS: dict[str, dict[str, Any]] = {
    **{name: {**invocation_registry[name], "fn": _among(name)} for name in ("inOp", "containsOp")},
    "=": {"fn": _equal, "arity": _BOTH},
    "!=": {"fn": _unequal, "arity": _BOTH},
    "~": {"fn": _equivalent, "arity": _BOTH},
    "!~": {"fn": lambda ctx, a, b: not _equivalent(ctx, a, b), "arity": _BOTH},
    "and": {"fn": _logic(_and), "arity": _BOTH},
    "or": {"fn": _logic(_or), "arity": _BOTH},
    "xor": {"fn": _logic(_xor), "arity": _BOTH},
    "implies": {"fn": _logic(_implies), "arity": _BOTH},
    "&": {"fn": _and_text, "arity": _BOTH},
    "<": {"fn": _ordered(lambda sign: sign < 0), "arity": _BOTH, "nullable": True},
    "<=": {"fn": _ordered(lambda sign: sign <= 0), "arity": _BOTH, "nullable": True},
    ">": {"fn": _ordered(lambda sign: sign > 0), "arity": _BOTH, "nullable": True},
    ">=": {"fn": _ordered(lambda sign: sign >= 0), "arity": _BOTH, "nullable": True},
    "+": {"fn": _plus, "arity": _BOTH, "nullable": True},
    "-": {"fn": _minus, "arity": _BOTH, "nullable": True},
    "*": {"fn": _times, "arity": _BOTH, "nullable": True},
    "/": {"fn": _divided, "arity": _BOTH, "nullable": True},
}
"""Entries of the engine's table: the function is called with the context and what stands left and right."""
