"""Quantities in other units."""

from decimal import Decimal

import pytest

from console.forms import Quantity
from console.forms.checking.units import UCUM, in_units_of


def quantity(value: str, code: str) -> Quantity:
    return Quantity(Decimal(value), "", UCUM, code)


@pytest.mark.parametrize(
    ("value", "unit", "other", "expected"),
    [
        ("10000", "m", "km", "10"),
        ("10", "[mi_i]", "km", "16.09344"),
        ("70", "[in_i]", "cm", "177.8"),
        ("180", "[lb_av]", "kg", "81.6466266"),
        ("98.6", "[degF]", "Cel", "37"),
        ("-40", "Cel", "[degF]", "-40"),
        ("310.15", "K", "Cel", "37"),
        ("90", "mg/dL", "g/L", "0.9"),
        ("1", "mL", "cm3", "1"),
        ("25", "kg/m2", "g/cm2", "2.5"),
        ("72", "{beats}/min", "/min", "72"),
        ("60", "/min", "Hz", "1"),
        ("4", "10*3/uL", "10*9/L", "4"),
        ("120", "mm[Hg]", "kPa", "15.99864"),
        ("90", "min", "h", "1.5"),
        ("2", "wk", "d", "14"),
        ("50", "%", "1", "0.5"),
        ("3", "mmol/L", "umol/mL", "3"),
        ("1", "furlong", "furlong", "1"),
    ],
)
def test_converted(value: str, unit: str, other: str, expected: str) -> None:
    found = in_units_of(quantity(value, unit), quantity("1", other))
    assert isinstance(found, Quantity)
    assert (found.value, found.code) == (Decimal(expected), other)


@pytest.mark.parametrize(
    ("unit", "other", "expected"),
    [
        ("[mi_i]", "kg", "unlike"),
        ("mg", "mL", "unlike"),
        ("Cel", "m", "unlike"),
        ("m", "m2", "unlike"),
        ("furlong", "m", "unknown"),
        ("m", "furlong", "unknown"),
        ("Cel/m", "m", "unknown"),
        ("m22", "m", "unknown"),
    ],
)
def test_not_converted(unit: str, other: str, expected: str) -> None:
    assert in_units_of(quantity("1", unit), quantity("1", other)) == expected


def test_words_are_not_codes() -> None:
    assert in_units_of(Quantity(Decimal(1), "m"), Quantity(Decimal(1), "km")) == "unknown"
    assert in_units_of(Quantity(Decimal(1), "pounds"), Quantity(Decimal(5), "pounds")) == Quantity(Decimal(1), "pounds")
    other = Quantity(Decimal(1), "", "urn:other", "mg")
    assert in_units_of(quantity("1", "mg"), other) == "unknown"
