"""Answers as FHIR ``value[x]`` and back, and what it means for two of them to be equal or in order."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from console.forms.document import FHIR as FHIR
from console.forms.document import Json, as_uri, decimal, is_plain
from console.forms.model import (
    Answer,
    Attachment,
    Coding,
    Date,
    DateTime,
    Item,
    Kind,
    NonAnswer,
    Option,
    Quantity,
    Reference,
    Time,
    Value,
)

SCORE_URLS = tuple(
    FHIR + name
    for name in (
        "ordinalValue",
        "itemWeight",
        "questionnaire-ordinalValue",
        "valueset-ordinalValue",
        "codesystem-ordinalValue",
        "iso21090-CO-value",
    )
)
"""Where a score may be written: R4 and R5 names first, then the older ones that real forms still use."""
MAX_INTEGER = 2**31 - 1
"""The largest whole number that FHIR's ``integer`` holds (32 bits)."""
_PROPERTIES = {name: FHIR + name for name in ("ordinalValue", "itemWeight")}

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
_TIME = re.compile(r"\d{2}:\d{2}:\d{2}(\.\d+)?")
_ODD_SPACE = re.compile(r"[^\S \r\n\t]")
_TYPES: dict[str, tuple[Kind, ...]] = {
    "Boolean": (Kind.BOOLEAN,),
    "Decimal": (Kind.DECIMAL,),
    "Integer": (Kind.INTEGER, Kind.DECIMAL),
    "Date": (Kind.DATE,),
    "DateTime": (Kind.DATE_TIME,),
    "Time": (Kind.TIME,),
    "String": (Kind.STRING, Kind.TEXT, Kind.OPEN_CHOICE),
    "Uri": (Kind.URL,),
    "Coding": (Kind.CHOICE, Kind.OPEN_CHOICE),
    "Quantity": (Kind.QUANTITY,),
    "Reference": (Kind.REFERENCE,),
    "Attachment": (Kind.ATTACHMENT,),
}


_REFERENCE = ("reference", "type", "display")
_ATTACHMENT = Attachment.__struct_fields__


def is_date(text: str) -> bool:
    """Whether the text is a FHIR ``date`` that the calendar has."""
    match = _DATE.fullmatch(text)
    if not match:
        return False
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return False
    return True


def is_date_time(text: str) -> bool:
    """Whether the text is a FHIR ``dateTime`` that the calendar has."""
    if is_date(text):
        return True
    return bool(_DATE_TIME.fullmatch(text)) and _instant(text) is not None


def is_time(text: str) -> bool:
    """Whether the text is a FHIR ``time``."""
    if not _TIME.fullmatch(text):
        return False
    try:
        time.fromisoformat(text[:8])
    except ValueError:
        return False
    return True


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if _DATE_TIME.fullmatch(text) else None
    except ValueError:
        return None


def value_of(holder: Json, prefix: str = "value") -> tuple[str, Any] | None:
    """The one ``prefix[x]`` of an element as (type, JSON), e.g. ``("Date", "2020")``; ``None`` when none or several."""
    found = [
        (key[len(prefix) :], value)
        for key, value in holder.items()
        if key.startswith(prefix) and key[len(prefix) : len(prefix) + 1].isupper() and value is not None
    ]
    return found[0] if len(found) == 1 else None


def parse(fhir_type: str, value: Any) -> Value | None:
    """A JSON ``value[x]`` as a value of ours; ``None`` when it is not a proper value of that type."""
    match fhir_type:
        case "Boolean":
            return value if isinstance(value, bool) else None
        case "Integer":
            return value if isinstance(value, int) and not isinstance(value, bool) else None
        case "Decimal":
            return decimal(value)
        case "Date":
            return Date(value) if isinstance(value, str) and is_date(value) else None
        case "DateTime":
            return DateTime(value) if isinstance(value, str) and is_date_time(value) else None
        case "Time":
            return Time(value) if isinstance(value, str) and is_time(value) else None
        case "String" | "Uri" | "Url" | "Markdown":
            return value if isinstance(value, str) and value.strip() else None
        case "Coding":
            return parse_coding(value)
        case "Quantity":
            return _parse_quantity(value)
        case "Reference":
            return _parse_reference(value)
        case "Attachment":
            return _parse_attachment(value)
        case _:
            return None


def _parse_reference(value: Any) -> Reference | None:
    if not isinstance(value, dict):
        return None
    identifier = value.get("identifier")
    named = {key: value.get(key) for key in _REFERENCE}
    named |= {key: identifier.get(key) for key in ("system", "value")} if isinstance(identifier, dict) else {}
    found = Reference(**{key: held for key, held in named.items() if isinstance(held, str)})
    return found if found.display.strip() or found.reference or found.value else None


def _parse_attachment(value: Any) -> Attachment | None:
    if not isinstance(value, dict):
        return None
    held: dict[str, Any] = {key: value[key] for key in _ATTACHMENT if value.get(key) is not None}
    proper = all(isinstance(held[key], str) for key in held if key != "size")
    size = held.get("size")
    if not held or not proper or isinstance(size, bool) or not isinstance(size, int | None):
        return None
    return Attachment(**held)


def parse_coding(value: Any) -> Coding | None:
    """A JSON Coding, with the score that stands in it; ``None`` when it has neither code nor display."""
    if not isinstance(value, dict):
        return None
    fields = {key: value.get(key) for key in ("system", "code", "display", "version")}
    if not all(entry is None or isinstance(entry, str) for entry in fields.values()):
        return None
    if not fields["code"] and not fields["display"]:
        return None
    score, url = score_in(value)
    return Coding(
        system=fields["system"] or "",
        code=fields["code"] or "",
        display=fields["display"] or "",
        version=fields["version"] or "",
        score=score,
        score_url=url,
    )


def _parse_quantity(value: Any) -> Quantity | None:
    if not isinstance(value, dict) or value.get("comparator") is not None:
        return None
    number = decimal(value.get("value"))
    names = [value.get(key) for key in ("unit", "system", "code")]
    if number is None or not all(name is None or isinstance(name, str) for name in names):
        return None
    return Quantity(number, *(name or "" for name in names))


def score_in(*holders: Json) -> tuple[Decimal | None, str]:
    """The score of the first of these elements that carries one, and the url it stands under."""
    return next((found for holder in holders for found in _scores(holder)), (None, ""))


def scores_in(*holders: Json) -> set[Decimal]:
    """Every different score that stands on these elements: more than one is a contradiction."""
    return {score for holder in holders for score, _ in _scores(holder)}


def _scores(holder: Json) -> Iterator[tuple[Decimal, str]]:
    """The scores on an element: in its extensions, or among the properties of a concept."""
    named = [(entry, entry.get("url")) for entry in _listed(holder, "extension") if isinstance(entry, dict)]
    named += [(e, _PROPERTIES.get(str(e.get("code")))) for e in _listed(holder, "property") if isinstance(e, dict)]
    for entry, url in named:
        number = decimal(entry.get("valueDecimal", entry.get("valueInteger")))
        if url in SCORE_URLS and number is not None:
            yield number, str(url)


def numbers_in(*holders: Json) -> tuple[tuple[str, Decimal], ...]:
    """The numbers on these elements that stand under addresses of the form's own, once each."""
    found: dict[str, Decimal] = {}
    for entry in (entry for holder in holders for entry in _listed(holder, "extension")):
        url = entry.get("url") if isinstance(entry, dict) else None
        number = decimal(entry.get("valueDecimal", entry.get("valueInteger"))) if isinstance(url, str) else None
        if number is not None and url not in SCORE_URLS:
            found.setdefault(str(url), number)
    return tuple(found.items())


def _listed(holder: Json, key: str) -> list[Any]:
    entries = holder.get(key)
    return entries if isinstance(entries, list) else []


def is_too_large(value: Value | None) -> bool:
    """Whether it is a whole number beyond what a FHIR ``integer`` holds."""
    return isinstance(value, int) and not -MAX_INTEGER - 1 <= value <= MAX_INTEGER


def fits(kind: Kind, value: Value) -> bool:
    """Whether a value is of the type this kind of item takes, options aside."""
    number = value.value if isinstance(value, Quantity) else value
    if isinstance(number, Decimal) and not is_plain(number):
        return False
    if kind is Kind.INTEGER and is_too_large(value):
        return False
    return kind in _TYPES[fhir_type(value, kind)]


def fhir_type(value: Value, kind: Kind | None = None) -> str:
    """The ``x`` of ``value[x]`` for this value in an item of this kind."""
    match value:
        case bool():
            return "Boolean"
        case int():
            return "Decimal" if kind is Kind.DECIMAL else "Integer"
        case str():
            return "Uri" if kind is Kind.URL else "String"
        case _:
            return type(value).__name__


def encode(answer: Answer, kind: Kind | None = None) -> Json:
    """One answer as a JSON object: FHIR's ``{"valueX": …}``, or ``{"nonAnswer": "refused"}``.

    This is also the form in which single answers are kept in a journal. ``kind`` is needed only where FHIR has two
    types for one of ours (a url, a whole number in a decimal item).
    """
    if isinstance(answer, NonAnswer):
        return {"nonAnswer": answer.value}
    match answer:
        case Decimal():
            value: Any = _number(answer)
        case Date() | DateTime() | Time():
            value = answer.text
        case str():
            value = as_uri(answer) if kind is Kind.URL else clean(answer)
        case Coding():
            value = _coding(answer)
        case Quantity():
            value = {"value": _number(answer.value)}
            value |= {key: clean(getattr(answer, key)) for key in ("unit", "system", "code") if getattr(answer, key)}
        case Reference():
            identifier = {key: clean(getattr(answer, key)) for key in ("system", "value") if getattr(answer, key)}
            value = {key: clean(getattr(answer, key)) for key in _REFERENCE if getattr(answer, key)}
            value |= {"identifier": identifier} if identifier else {}
        case Attachment():
            value = {key: held for key in _ATTACHMENT if (held := getattr(answer, key)) not in ("", None)}
        case _:
            value = answer
    return {f"value{fhir_type(answer, kind)}": value}


def decode(document: Json) -> Answer | None:
    """The reverse of :func:`encode`; ``None`` when the object holds no proper answer."""
    word = document.get("nonAnswer")
    if word is not None:
        return next((entry for entry in NonAnswer if entry.value == word), None)
    found = value_of(document)
    return parse(*found) if found else None


def decoded(documents: Iterable[Json]) -> tuple[Answer, ...]:
    """Those of several objects that hold a proper answer."""
    return tuple(answer for answer in map(decode, documents) if answer is not None)


def _number(value: Decimal | int) -> int | float:
    value = Decimal(value)
    return int(value) if value == value.to_integral_value() else float(value)


def kept_number(url: str, number: Decimal) -> Json:
    """A number as an extension."""
    return {"url": url, "valueDecimal": _number(number)}


def _coding(coding: Coding) -> Json:
    value: Json = {}
    if coding.score is not None:
        value["extension"] = [kept_number(coding.score_url or SCORE_URLS[0], coding.score)]
    fields = ("system", "version", "code", "display")
    return value | {field: clean(getattr(coding, field)) for field in fields if getattr(coding, field)}


def clean(text: str) -> str:
    """The text as FHIR allows it: odd white space (a pasted no-break space) becomes a plain one."""
    return _ODD_SPACE.sub(" ", text).encode("utf-8", "replace").decode()


def values(answers: Iterable[Answer]) -> tuple[Value, ...]:
    """Only the answers that carry a value: non-answers and empty text are not values."""
    return tuple(
        answer
        for answer in answers
        if not isinstance(answer, NonAnswer) and not (isinstance(answer, str) and not answer.strip())
    )


def same_coding(one: Coding, other: Coding) -> bool:
    """Whether two codings mean the same. A system that one of them does not name is taken as the other's."""
    if one.code and other.code:
        return one.code == other.code and (not one.system or not other.system or one.system == other.system)
    return not one.code and not other.code and one.display == other.display


def option_of(item: Item, value: Value) -> Option | None:
    """The option that this value is, if any. A code two options share is told apart by its system or not at all."""
    if not isinstance(value, Coding):
        return next((option for option in item.options if equal(option.value, value)), None)
    near = [option for option in item.options if isinstance(option.value, Coding) and same_coding(option.value, value)]
    exact = [o for o in near if isinstance(o.value, Coding) and o.value.system == value.system]
    found = exact or near
    return found[0] if len(found) == 1 else None


def equal(one: Value, other: Value) -> bool:
    """Equality as ``enableWhen`` and option membership use it."""
    if isinstance(one, Coding) and isinstance(other, Coding):
        return same_coding(one, other)
    if isinstance(one, Reference) and isinstance(other, Reference) and one.reference and other.reference:
        return one.reference == other.reference
    if isinstance(one, Date | DateTime | Time) and type(one) is type(other):
        return one == other or order(one, other) == 0
    return order(one, other) == 0 if _ordered(one, other) else type(one) is type(other) and one == other


def _ordered(one: Value, other: Value) -> bool:
    numbers = isinstance(one, int | Decimal) and isinstance(other, int | Decimal)
    return (numbers and isinstance(one, bool) == isinstance(other, bool)) or isinstance(one, Quantity)


def order(one: Value, other: Value) -> int | None:
    """-1, 0 or 1, or ``None`` when the two cannot be put in order.

    A date known only to the month cannot be said to lie before a day of that month. Quantities are in order only when
    their units are the same: nothing is converted.
    """
    match one, other:
        case (bool(), _) | (_, bool()):
            return None if type(one) is not type(other) or one != other else 0
        case (int() | Decimal(), int() | Decimal()):
            return _sign(one, other)
        case (str(), str()):
            return _sign(one, other)
        case (Time(), Time()):
            return _sign(_padded(one.text), _padded(other.text))
        case (Date() | DateTime(), Date() | DateTime()):
            return _order_dates(one.text, other.text)
        case (Quantity(), Quantity()):
            alike = (one.code or one.unit) == (other.code or other.unit) and (
                not one.system or not other.system or one.system == other.system
            )
            return _sign(one.value, other.value) if alike else None
        case _:
            return None


def _sign(one: Any, other: Any) -> int:
    return int(one > other) - int(one < other)


def _padded(text: str) -> str:
    return text[:8] + (text[8:] or ".").ljust(10, "0")


def _order_dates(one: str, other: str) -> int | None:
    instants = _instant(one), _instant(other)
    if instants[0] is not None and instants[1] is not None:
        return _sign(*instants)
    length = min(len(one), len(other), 10)
    sign = _sign(one[:length], other[:length])
    same_precision = min(len(one), 11) == min(len(other), 11)
    return sign if sign or same_precision else None
