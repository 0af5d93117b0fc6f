"""Units are read as people write them; a code that is not known stays what it is."""

from decimal import Decimal

import pytest

from console.forms.asking.present import answer_text
from console.forms.asking.units import unit_words
from console.forms.model import Coding, Item, Kind, Quantity


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("mm[Hg]", "mmHg"),
        ("kg/m2", "kg/m²"),
        ("mg/dL", "mg/dL"),
        ("/min", "/min"),
        ("ug/L", "µg/L"),
        ("[degF]", "°F"),
        ("Cel", "°C"),
        ("m.s-2", "m·s⁻²"),
        ("a", "years"),
        ("kg/d", "kg/d"),
        ("[arb'U]/mL", "[arb'U]/mL"),
        ("{score}", "{score}"),
        ("%", "%"),
        ("", ""),
    ],
)
def test_codes_of_units_are_said_as_people_write_them(code: str, words: str) -> None:
    assert unit_words(Coding(code=code)) == words
    assert unit_words(Coding(code=code, display=code)) == words


def test_the_words_of_the_form_go_before() -> None:
    assert unit_words(Coding(code="mm[Hg]", display="millimeters of mercury")) == "millimeters of mercury"
    pressure = Item(link_id="1", kind=Kind.QUANTITY)
    assert answer_text(pressure, Quantity(Decimal(120), "mm[Hg]", "http://unitsofmeasure.org", "mm[Hg]")) == "120 mmHg"
