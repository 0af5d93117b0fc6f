"""Units as they are read: UCUM's codes are for programs."""

import re

from console.forms.model import Coding

_TERM = re.compile(r"(\[\w+\]|[^\d\[\]+-]*(?:\[\w+\])?)(-?\d)?")
_READ = {
    "mm[Hg]": "mmHg",
    "cm[H2O]": "cmH₂O",
    "Cel": "°C",
    "[degF]": "°F",
    "[in_i]": "in",
    "[ft_i]": "ft",
    "[mi_i]": "mi",
    "[lb_av]": "lb",
    "[oz_av]": "oz",
    "[foz_us]": "fl oz",
    "[IU]": "IU",
    "ug": "µg",
    "uL": "µL",
    "umol": "µmol",
}
_ALONE = {"h": "hours", "d": "days", "wk": "weeks", "mo": "months", "a": "years"}
"""Times; in a quotient the letter is what people write."""
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def unit_words(unit: Coding | None) -> str:
    """A unit as a person reads it: the form's own words for it, else those of its code, else the code as it is."""
    if unit is None:
        return ""
    if unit.display and unit.display != unit.code:
        return unit.display
    if unit.code in _ALONE:
        return _ALONE[unit.code]
    found = [part if part in ("/", ".") else _term(part) for part in re.split(r"([./])", unit.code)]
    return unit.code if None in found else "".join(each for each in found if each).replace(".", "·")


def _term(part: str) -> str | None:
    if part in _READ:
        return _READ[part]
    held = _TERM.fullmatch(part)
    if held is None:
        return None
    base, power = held[1], held[2] or ""
    if "[" in base and base not in _READ:
        return None
    return _READ.get(base, base) + power.translate(_RAISED)
