"""Dates and times as FHIRPath compares and adds them: by the precision that was written down.

FHIRPath N1, section 6.6.7 and the "Date/Time" parts of 6.1 and 6.2 (http://hl7.org/fhirpath/N1). ``None`` stands for
the empty result: the two cannot be compared with what is known of them.
"""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from msgspec import Struct

_DATE = r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?"
_CLOCK = r"(\d\d)(?::(\d\d)(?::(\d\d(?:\.\d+)?))?)?"
_DATE_TIME = re.compile(rf"{_DATE}(?:(T)(?:{_CLOCK}(Z|[+-]\d\d:\d\d)?)?)?")
_TIME = re.compile(_CLOCK)
_SPANS = {"week": "604800", "day": "86400", "hour": "3600", "minute": "60", "second": "1", "millisecond": "0.001"}
SECONDS = {unit: Decimal(length) for unit, length in _SPANS.items()}
UCUM = {"wk": "week", "d": "day", "h": "hour", "min": "minute", "s": "second", "ms": "millisecond"}
_CALENDAR = ("year", "month", *SECONDS)


class Moment(Struct, frozen=True):
    """A Date, DateTime or Time: ``fields`` from the year (a Time: from the hour) on, as many as are known."""

    kind: str
    fields: tuple[int | Decimal, ...]
    offset: int | None = None
    """Minutes east of UTC; ``None`` when it was not written down."""
    text: str = ""

    def __str__(self) -> str:
        return self.text


def moment(text: str, kind: str = "") -> Moment | None:
    """The moment a text means; ``None`` when it is none (of this kind)."""
    if kind == "Time":
        found = _TIME.fullmatch(text.removeprefix("T"))
        fields = _numbers(found.groups()) if found else ()
        proper = bool(fields) and fields[0] < 24 and all(field < 60 for field in fields[1:])
        return Moment("Time", fields, None, text.removeprefix("T")) if proper else None
    found = _DATE_TIME.fullmatch(text)
    if not found or (kind == "Date" and found[4]):
        return None
    fields = _numbers((*found.groups()[:3], *found.groups()[4:7]))
    zone = found[8]
    offset = None if zone is None else _minutes(zone)
    made = Moment("DateTime" if found[4] or kind == "DateTime" else "Date", fields, offset, text)
    return made if _on_the_calendar(made) else None


def _numbers(groups: tuple[str | None, ...]) -> tuple[int | Decimal, ...]:
    known = [group for group in groups if group is not None]
    return tuple(Decimal(group) if "." in group else int(group) for group in known)


def _minutes(zone: str) -> int:
    if zone == "Z":
        return 0
    sign = -1 if zone.startswith("-") else 1
    return sign * (int(zone[1:3]) * 60 + int(zone[4:6]))


def _on_the_calendar(made: Moment) -> bool:
    try:
        _start(made)
    except ValueError:
        return False
    return True


def _start(made: Moment) -> datetime:
    """The beginning of what is known, as if it were in UTC."""
    full = [*made.fields, *(0, 1, 1, 0, 0, 0)[len(made.fields) :]]
    year, month, day, hour, minute, second = (int(field) for field in full)
    return datetime(year, month, day, hour, minute, second, int(full[5] % 1 * 1_000_000), tzinfo=UTC)


def compare(one: Moment, other: Moment) -> int | None:
    """-1, 0 or 1; ``None`` when they agree as far as both are known, and one is known better."""
    if (one.kind == "Time") != (other.kind == "Time"):
        return None
    if one.kind != "Time" and len(one.fields) > 3 and len(other.fields) > 3:
        if (one.offset is None) != (other.offset is None):
            return None
        one, other = _in_utc(one), _in_utc(other)
    for mine, theirs in zip(one.fields, other.fields, strict=False):
        if mine != theirs:
            return -1 if mine < theirs else 1
    return 0 if len(one.fields) == len(other.fields) else None


def _in_utc(made: Moment) -> Moment:
    if not made.offset:
        return made
    at = _start(made) - timedelta(minutes=made.offset)
    second = made.fields[5] if len(made.fields) > 5 else 0
    return Moment(made.kind, (at.year, at.month, at.day, at.hour, at.minute, second)[: len(made.fields)], 0)


def added(made: Moment, amount: Decimal, unit: str) -> Moment | None:
    """The moment moved by a quantity of time, at the same precision; ``None`` when the unit is no calendar duration."""
    word = calendar_unit(unit)
    if word is None:
        return None
    count = int(amount)
    if made.kind == "Time":
        return _added_to_time(made, SECONDS[word] * count) if word in SECONDS else None
    if word not in ("year", "month"):
        if len(made.fields) < 3:
            days = int(SECONDS[word] * count / 86400)
            return _months_later(made, 12 * int(days / 365) if len(made.fields) == 1 else int(days / 30))
        at = _start(made) + timedelta(microseconds=int(SECONDS[word] * count * 1_000_000))
        return _written(made, at)
    return _months_later(made, count * (12 if word == "year" else 1))


def calendar_unit(unit: str) -> str | None:
    """``"day"`` for what FHIRPath writes as ``day``, ``days`` or ``'d'``; ``None`` for what is no span of time.

    A year and a month of UCUM are averages, which no calendar has.
    """
    bare = unit.strip("'")
    word = UCUM.get(bare, bare.removesuffix("s"))
    return word if word in _CALENDAR else None


def _added_to_time(made: Moment, seconds: Decimal) -> Moment:
    hour, minute, second = (int(field) for field in (*made.fields, 0, 0)[:3])
    at = datetime(2000, 1, 1, hour, minute, second, tzinfo=UTC)
    part = made.fields[2] % 1 if len(made.fields) > 2 else 0
    at += timedelta(microseconds=int((Decimal(part) + seconds) * 1_000_000))
    text = at.strftime("%H:%M:%S")[: 3 * len(made.fields) - 1]
    return moment(text + (f".{at.microsecond // 1000:03}" if "." in made.text else ""), "Time") or made


def _months_later(made: Moment, months: int) -> Moment:
    year, month = divmod(int(made.fields[0]) * 12 + int((*made.fields, 1)[1]) - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError("a date is out of range")
    day = min(_start(made).day, monthrange(year, month + 1)[1])
    return _written(made, _start(made).replace(year=year, month=month + 1, day=day))


def _written(made: Moment, at: datetime) -> Moment:
    known = len(made.fields)
    text = f"{at.year:04}" + at.strftime("-%m-%d")[: 3 * (min(known, 3) - 1)]
    if made.kind == "DateTime":
        text += ("T" + at.strftime("%H:%M:%S")[: 3 * (known - 3) - 1]) if known > 3 else "T"
        text += f".{at.microsecond // 1000:03}" if "." in made.text else ""
        found = _DATE_TIME.fullmatch(made.text)
        text += (found[8] or "") if found else ""
    return moment(text, made.kind) or made
