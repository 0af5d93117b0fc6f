"""Quantities as FHIRPath compares and multiplies them, with the few units that are converted.

FHIRPath N1, section 4.1.8 (http://hl7.org/fhirpath/N1); units are written as in UCUM (https://ucum.org).
"""

import re
from decimal import Decimal
from typing import Any

from console.forms.fhirpath.moments import SECONDS, UCUM, calendar_unit

_UNITS = {
    **{code: ("time", SECONDS[word]) for code, word in UCUM.items()},
    **{
        code: ("mass", Decimal(size))
        for code, size in {"g": "1", "mg": "0.001", "kg": "1000", "[lb_av]": "453.59237"}.items()
    },
    **{
        code: ("length", Decimal(size))
        for code, size in {"m": "1", "cm": "0.01", "mm": "0.001", "[in_i]": "0.0254"}.items()
    },
}
"""The units that are converted: those that forms measure people and time in. Any other is equal to itself only."""
_FACTOR = re.compile(r"([./]?)((?:\[[^\]]*\]|[^\[\]./\d])+)(-?\d+)?")


def in_base_unit(value: Any, unit: str) -> tuple[str, Decimal]:
    """A quantity as (what is measured, how much of it): two of the same first part can be compared."""
    amount = Decimal(value)
    if unit and not unit.startswith("'"):  # a word of the calendar, whose years and months have no fixed length
        word = calendar_unit(unit)
        if word in ("year", "month"):
            return "calendar", amount * (12 if word == "year" else 1)
        unit = next((code for code, known in UCUM.items() if known == word), unit)
    powers: dict[str, int] = {}
    for mark, symbol, exponent in _FACTOR.findall(unit.strip("'")):
        measured, size = _UNITS.get(symbol, (symbol, Decimal(1)))
        power = int(exponent or 1) * (-1 if mark == "/" else 1)
        powers[measured] = powers.get(measured, 0) + power
        amount *= size**power
    return ".".join(f"{name}{power}" for name, power in sorted(powers.items()) if power), amount


def product(one: str, other: str, *, divided: bool = False) -> str:
    """The unit of two quantities multiplied, or divided."""
    mark = "/" if divided else "."
    return "'" + one.strip("'") + mark + other.strip("'") + "'"
