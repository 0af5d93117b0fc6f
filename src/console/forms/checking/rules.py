"""What one answer must keep to, one small check a rule. No text ever repeats the answer.

The words in ``code`` are those of https://hl7.org/fhir/R4/valueset-issue-type.html.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from console.forms.checking.units import in_units_of
from console.forms.model import Attachment, Coding, Date, DateTime, Item, Kind, Quantity, Reference, Time, Value
from console.forms.patterns import matches
from console.forms.reading.resource_types import RESOURCE_TYPES
from console.forms.values import is_date, is_date_time, is_time, option_of, order

_DIGITS = 15
_MEGABYTE = 1_000_000
_REFERENCE = re.compile(
    r"(?:[a-zA-Z][a-zA-Z0-9+.-]*://[^\s/]+/(?:[^\s/]+/)*)?([A-Z][A-Za-z]+)/[A-Za-z0-9.-]{1,64}(?:/_history/[A-Za-z0-9.-]+)?"
)
"""https://hl7.org/fhir/R4/references.html#literal; the type of resource is the first group."""
_OTHER_REFERENCE = re.compile(r"#\S*|urn:(?:uuid|oid):[0-9A-Za-z.-]+")


class Severity(StrEnum):
    """FHIR's issue severities, as far as they are used here."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


class Broken(Struct, frozen=True):
    """A rule that is broken: what is wrong in words, FHIR's code for it, and how grave it is."""

    text: str
    code: str = "value"
    severity: Severity = Severity.ERROR


Rule = Callable[[Item, Value], Iterator[Broken]]


def broken(item: Item, value: Value) -> Iterator[Broken]:
    """Every rule that this answer, which is of a type the item takes, breaks."""
    for rule in _RULES:
        yield from rule(item, value)


def _well_formed(item: Item, value: Value) -> Iterator[Broken]:
    match value:
        case Date() if not is_date(value.text):
            yield Broken("the date does not exist")
        case DateTime() if not is_date_time(value.text):
            yield Broken("the date and time do not exist")
        case Time() if not is_time(value.text):
            yield Broken("the time does not exist")
        case str() if item.kind is Kind.URL and value.split() != [value]:
            yield Broken("an address has no spaces in it")
        case bool():
            return
        case Decimal() if len(value.normalize().as_tuple().digits) > _DIGITS:
            yield Broken(f"the number has more than {_DIGITS} digits")


def _length(item: Item, value: Value) -> Iterator[Broken]:
    if isinstance(value, str):
        if item.max_length is not None and len(value) > item.max_length:
            yield Broken(f"the text is longer than {item.max_length} characters")
        if item.min_length is not None and len(value) < item.min_length:
            yield Broken(f"the text is shorter than {item.min_length} characters")


def _range(item: Item, value: Value) -> Iterator[Broken]:
    if item.minimum is not None and order(value, item.minimum) == -1:
        yield Broken(f"the value is below {_written(item, 'minimum', item.minimum)}")
    if item.maximum is not None and order(value, item.maximum) == 1:
        yield Broken(f"the value is above {_written(item, 'maximum', item.maximum)}")


def _written(item: Item, field: str, bound: Decimal | Date | DateTime | Time) -> str:
    if any(name == field for name, _ in item.expressions.fields):  # what it gives may be another answer
        return "what a formula of the form allows"
    return f"{bound:f}" if isinstance(bound, Decimal) else bound.text


def _pattern(item: Item, value: Value) -> Iterator[Broken]:
    if item.limits.pattern and isinstance(value, str):
        found = matches(item.limits.pattern, value)
        if found is None:
            yield Broken("the pattern of the form is too costly to check", "too-costly", Severity.WARNING)
        elif not found:
            example = f", such as {item.look.placeholder}" if item.look.placeholder else ""
            yield Broken(f"the text does not have the form that is asked for{example}")


def _decimal_places(item: Item, value: Value) -> Iterator[Broken]:
    number = value.value if isinstance(value, Quantity) else value
    most = item.limits.decimal_places
    if most is not None and isinstance(number, Decimal) and -int(number.normalize().as_tuple().exponent) > most:
        yield Broken(f"the number has more than {most} decimal places")


def _quantity_range(item: Item, value: Value) -> Iterator[Broken]:
    if not isinstance(value, Quantity):
        return
    for bound, wrong, word in ((item.limits.least, -1, "below"), (item.limits.most, 1, "above")):
        if bound is None:
            continue
        converted = in_units_of(value, bound)
        written = f"{bound.value:f} {bound.unit or bound.code}".strip()
        if converted == "unlike":
            yield Broken(f"the unit measures something else than that of {written}")
        elif converted == "unknown":
            yield Broken(f"the unit cannot be compared with that of {written}", "not-supported", Severity.WARNING)
        elif order(converted, bound) == wrong:
            yield Broken(f"the value is {word} {written}")


def _unit(item: Item, value: Value) -> Iterator[Broken]:
    if not isinstance(value, Quantity) or not item.units or item.open_units:
        return
    given = Coding(value.system, value.code, value.unit)
    if not any(_same_unit(given, unit) for unit in item.units):
        offered = ", ".join(unit.display or unit.code for unit in item.units[:12])
        yield Broken(f"the unit is not one of those offered: {offered}")


def _same_unit(given: Coding, offered: Coding) -> bool:
    if given.code and offered.code:
        return given.code == offered.code and (not given.system or not offered.system or given.system == offered.system)
    names = {offered.code, offered.display} - {""}
    return given.display in names or given.code in names


def _attachment(item: Item, value: Value) -> Iterator[Broken]:
    if not isinstance(value, Attachment):
        return
    limits = item.limits
    media_type = value.contentType.partition(";")[0].strip().casefold()
    if limits.media_types and media_type not in {each.casefold() for each in limits.media_types}:
        yield Broken(f"the attachment is not of type {', '.join(limits.media_types)}")
    try:
        held = len(base64.b64decode("".join(value.data.split()), validate=True))
    except (binascii.Error, ValueError):
        yield Broken("what is attached is not base64")
        return
    if value.data and value.size is not None and value.size != held:
        yield Broken("the attachment is not as large as it says")
    size = held if value.data else value.size or 0
    if limits.megabytes is not None and size > limits.megabytes * _MEGABYTE:
        yield Broken(f"the attachment is larger than {limits.megabytes:f} MB")


def _reference(item: Item, value: Value) -> Iterator[Broken]:
    if not isinstance(value, Reference) or not value.reference:
        return
    match = _REFERENCE.fullmatch(value.reference)
    resource = match[1] if match else value.type
    if match is None and not _OTHER_REFERENCE.fullmatch(value.reference):
        yield Broken("the reference is not one that FHIR knows")
    elif match and resource not in RESOURCE_TYPES:
        yield Broken("the reference leads to a type of resource that does not exist")
    elif item.limits.resources and resource and resource not in item.limits.resources:
        yield Broken(f"the reference does not lead to a {' or '.join(item.limits.resources)}")


def _membership(item: Item, value: Value) -> Iterator[Broken]:
    if item.unlisted and not (item.kind is Kind.OPEN_CHOICE and isinstance(value, str)):
        yield Broken(f"whether it is one of the options cannot be told: {item.unlisted}", "not-supported")
    if not item.options:
        return
    option = option_of(item, value)
    if option is not None:
        offered = option.value
        if isinstance(value, Coding) and isinstance(offered, Coding) and offered.system and not value.system:
            yield Broken("the code does not say which system it is from", "code-invalid")
    elif item.kind is not Kind.OPEN_CHOICE:
        if not any(isinstance(each.value, Coding) and each.value.code == value for each in item.options):
            yield Broken("the answer is not one of the options", "code-invalid")
    elif not isinstance(value, str) and any(type(option.value) is type(value) for option in item.options):
        text = "the answer is a code that is not one of the options; anything else is given as text"
        yield Broken(text, "code-invalid")


_RULES: tuple[Rule, ...] = (
    _well_formed,
    _length,
    _range,
    _pattern,
    _decimal_places,
    _quantity_range,
    _unit,
    _attachment,
    _reference,
    _membership,
)
