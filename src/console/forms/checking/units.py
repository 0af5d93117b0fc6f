"""Quantities in other units, as far as a form needs it to compare an answer with a bound.

Units are those of UCUM (https://ucum.org/ucum): the ones a clinician meets, with metric prefixes, products, quotients
and whole powers (``mg/dL``, ``kg/m2``). What is not in the tables is never guessed at.
"""

import re
from decimal import Decimal, localcontext
from typing import Literal

from console.forms.model import Quantity

UCUM = "http://unitsofmeasure.org"
_REMARK = re.compile(r"\{[^}]*\}")
_TERM = re.compile(r"([^\d+-]*[^\d+-])([+-]?\d)?")
_TEN = re.compile(r"10[*^](-?\d)")
_PREFIXES = {"G": 9, "M": 6, "k": 3, "h": 2, "da": 1, "d": -1, "c": -2, "m": -3, "u": -6, "n": -9, "p": -12}

Scale = tuple[str, int, str]
"""A dimension, its power, and how much of the base unit one of this unit is."""

_METRIC: dict[str, Scale] = {
    "m": ("length", 1, "1"),
    "g": ("mass", 1, "1"),
    "s": ("time", 1, "1"),
    "mol": ("amount", 1, "1"),
    "eq": ("amount", 1, "1"),
    "L": ("length", 3, "0.001"),
    "l": ("length", 3, "0.001"),
    "J": ("energy", 1, "1"),
    "cal": ("energy", 1, "4.184"),
    "Pa": ("pressure", 1, "1"),
    "bar": ("pressure", 1, "100000"),
    "m[Hg]": ("pressure", 1, "133322"),
    "Hz": ("time", -1, "1"),
}
_PLAIN: dict[str, Scale] = {
    "": ("", 1, "1"),
    "1": ("", 1, "1"),
    "%": ("", 1, "0.01"),
    "min": ("time", 1, "60"),
    "h": ("time", 1, "3600"),
    "d": ("time", 1, "86400"),
    "wk": ("time", 1, "604800"),
    "mo": ("time", 1, "2629800"),
    "a": ("time", 1, "31557600"),
    "[in_i]": ("length", 1, "0.0254"),
    "[ft_i]": ("length", 1, "0.3048"),
    "[yd_i]": ("length", 1, "0.9144"),
    "[mi_i]": ("length", 1, "1609.344"),
    "[lb_av]": ("mass", 1, "453.59237"),
    "[oz_av]": ("mass", 1, "28.349523125"),
    "[foz_us]": ("length", 3, "0.0000295735295625"),
}
_DEGREES = {
    "K": (Decimal(1), Decimal(0)),
    "Cel": (Decimal(1), Decimal("273.15")),
    "[degF]": (Decimal(5) / Decimal(9), Decimal("459.67")),
}
"""Temperatures: the size of a degree, and what to add to count from absolute zero."""


def in_units_of(value: Quantity, other: Quantity) -> Quantity | Literal["unlike", "unknown"]:
    """``value`` in the unit of ``other``; ``unlike`` when they measure different things, ``unknown`` when unsure."""
    codes = value.code or value.unit, other.code or other.unit
    if codes[0] == codes[1] and (not value.system or not other.system or value.system == other.system):
        return Quantity(value.value, other.unit, other.system, other.code)
    if not (value.code and other.code and value.system == other.system == UCUM):
        return "unknown"
    with localcontext() as context:
        context.prec = 40
        scales = _scale(codes[0]), _scale(codes[1])
        if scales[0] is None or scales[1] is None:
            return "unknown"
        if scales[0][0] != scales[1][0]:
            return "unlike"
        number = (value.value + scales[0][2]) * scales[0][1] / scales[1][1] - scales[1][2]
        context.prec = 15  # a factor such as 5/9 leaves something in the last places
        return Quantity(+number, other.unit, other.system, other.code)


def _scale(code: str) -> tuple[dict[str, int], Decimal, Decimal] | None:
    """The dimensions of a unit with their powers, its size in base units, and its zero."""
    code = _REMARK.sub("", code)
    if code in _DEGREES:
        return {"temperature": 1}, *_DEGREES[code]
    dimensions: dict[str, int] = {}
    factor = Decimal(1)
    for place, product in enumerate(code.split("/")):
        sign = -1 if place else 1
        for term in product.split("."):
            found = _term(term)
            if found is None:
                return None
            dimension, power, size = found
            dimensions[dimension] = dimensions.get(dimension, 0) + sign * power
            factor *= size**sign
    return {name: power for name, power in dimensions.items() if name and power}, factor, Decimal(0)


def _term(term: str) -> tuple[str, int, Decimal] | None:
    if ten := _TEN.fullmatch(term):
        return "", 1, Decimal(10) ** int(ten[1])
    if term in _PLAIN:
        dimension, power, size = _PLAIN[term]
        return dimension, power, Decimal(size)
    match = _TERM.fullmatch(term)
    found = _atom(match[1]) if match else None
    if match is None or found is None:
        return None
    exponent = int(match[2] or 1)
    return found[0], found[1] * exponent, found[2] ** exponent


def _atom(symbol: str) -> tuple[str, int, Decimal] | None:
    if found := _PLAIN.get(symbol) or _METRIC.get(symbol):
        return found[0], found[1], Decimal(found[2])
    for prefix, tens in _PREFIXES.items():
        if symbol.startswith(prefix) and (atom := _METRIC.get(symbol.removeprefix(prefix))):
            return atom[0], atom[1], Decimal(atom[2]).scaleb(tens)
    return None
