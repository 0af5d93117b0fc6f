"""What is typed into a question, read as the answer it takes. Dates and times may be typed as people say them."""

import re
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from console.forms.document import is_plain
from console.forms.model import Answer, Attachment, Coding, Date, DateTime, Kind, Quantity, Reference, Time
from console.forms.values import MAX_INTEGER, is_date, is_date_time, is_time

EXAMPLES = {
    Kind.INTEGER: "a whole number",
    Kind.DECIMAL: "a number",
    Kind.QUANTITY: "a number",
    Kind.DATE: "a date: 2026-11-21, 11/21/2026, 2026-11, 2026, today, yesterday",
    Kind.DATE_TIME: "a date and a time: 2026-11-21 22:14, 22:14 (today), now",
    Kind.TIME: "a time: 22:14, now",
    Kind.URL: "an address, without spaces",
}
"""By kind, what can be typed, as words that end a sentence."""

_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1}


def typed_answer(kind: Kind, text: str, now: datetime, unit: Coding | None = None) -> Answer:
    """What was typed as the answer its question takes. Raises ValueError when it is none.

    ``now`` is the time in the zone in which dates and times are meant; ``unit`` is that of a quantity.
    """
    match kind:
        case Kind.INTEGER:
            return _whole(text)
        case Kind.DECIMAL:
            return _number(text)
        case Kind.QUANTITY:
            unit = unit or Coding()
            return Quantity(_number(text), unit.display or unit.code, unit.system, unit.code)
        case Kind.DATE:
            return Date(_date(text, now))
        case Kind.DATE_TIME:
            return DateTime(_date_time(text, now))
        case Kind.TIME:
            return Time(_time(text, now))
        case Kind.REFERENCE:
            return Reference(text)
        case Kind.URL if text.split() != [text]:
            raise ValueError(text)
        case _:
            return text


def as_typed(answer: Answer) -> str:
    """An answer as it would be typed: the reverse of :func:`typed_answer`."""
    match answer:
        case Date() | DateTime() | Time():
            return answer.text
        case Quantity():
            return f"{answer.value:f}"
        case Reference():
            return answer.display or answer.reference or answer.value
        case Attachment():
            return answer.title
        case Coding():
            return answer.display or answer.code
        case Decimal():
            return f"{answer:f}"
        case _:
            return f"{answer}"


def _whole(text: str) -> int:
    number = int(text)
    if not -MAX_INTEGER - 1 <= number <= MAX_INTEGER:
        raise ValueError(text)
    return number


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not is_plain(number):
        raise ValueError(text)
    return number


def _date(text: str, now: datetime) -> str:
    said = text.lower()
    if said in _DAYS:
        return f"{now + timedelta(days=_DAYS[said]):%Y-%m-%d}"
    if american := _AMERICAN.fullmatch(text):
        month, day, year = american.groups()
        text = f"{year}-{int(month):02}-{int(day):02}"
    if not is_date(text):
        raise ValueError(text)
    return text


def _time(text: str, now: datetime) -> str:
    if text.lower() == "now":
        return f"{now:%H:%M:%S}"
    if clock := _CLOCK.fullmatch(text):
        hour, minute, second = clock.groups()
        text = f"{int(hour):02}:{minute}:{second or '00'}"
    if not is_time(text):
        raise ValueError(text)
    return text


def _date_time(text: str, now: datetime) -> str:
    if text.lower() == "now":
        return now.isoformat(timespec="seconds")
    if is_date_time(text) or is_date(text):
        return text
    day, _, clock = text.rpartition(" ")
    moment = f"{_date(day.strip() or 'today', now)}T{_time(clock, now)}"
    # Of that day, not of today: the offset of summer time may have changed in between.
    found = datetime.fromisoformat(moment).replace(tzinfo=now.tzinfo).isoformat(timespec="seconds")
    if not is_date_time(found):
        raise ValueError(text)
    return found
