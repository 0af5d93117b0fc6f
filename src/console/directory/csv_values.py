"""Reading one cell: what it says, and the sentence to show when that is doubtful.

Each reader returns the value that is kept and a doubt, empty when there is none. Words are kept as written even when
they are doubtful; a number, a date or a link that cannot be used is left empty.
"""

import re
from datetime import date, datetime, timedelta
from typing import TypeVar

from console.directory.hours import zone_name

Value = TypeVar("Value")
OLDEST = 120
"""Years: no age limit of a service is above this."""

_SHORT_NUMBERS = frozenset({"988", "211", "311", "411", "511", "611", "711", "811", "911"})
_EXTENSION = re.compile(r"[\s,;]*(?:extension|ext\.?|x|#)\s*\d{1,6}\s*$", re.IGNORECASE)
_NUMBERS_APART = re.compile(r"\s*(?:[;/|\n]|,(?!\s*(?:ext|x|#))|\bor\b)\s*", re.IGNORECASE)
_LABEL_BEFORE = re.compile(r"^[a-z][a-z .-]*:?\s+(?=[\d(+])", re.IGNORECASE)
_REMARK_AFTER = re.compile(r"\s*\((?!\d{3}\))[^)]*\)\s*$")
_KEYPAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")


def phone(words: str) -> tuple[str, str]:
    """Phone numbers as written. Short codes (988, 211, 741741), extensions and letters ("TALK") are fine."""
    if not words:
        return "", "is missing"
    for number in filter(None, _NUMBERS_APART.split(words)):
        if why := _phone_doubt(number):
            return words, f"“{number}” {why}; kept as written"
    return words, ""


def _phone_doubt(number: str) -> str:
    number = _EXTENSION.sub("", _REMARK_AFTER.sub("", _LABEL_BEFORE.sub("", number, count=1))).strip()
    if not re.fullmatch(r"[+\d(][\d\s().\-–+a-z]*", number, re.IGNORECASE):
        return "is not a phone number"
    digits = re.sub(r"\D", "", number.casefold().translate(_KEYPAD))
    if number.startswith("+") and not digits.startswith("1"):
        return "" if 8 <= len(digits) <= 15 else "has too few or too many digits for a number abroad"
    if len(digits) == 3:
        return "" if digits in _SHORT_NUMBERS else "is not a short number in use"
    if len(digits) in (5, 6):
        return ""  # where to send a text message
    if len(digits) == 11 and digits.startswith("1"):
        digits = digits[1:]
    if len(digits) == 7:
        return "has no area code"
    # North American Numbering Plan: neither the area code nor the exchange begins with 0 or 1.
    if len(digits) != 10:
        return f"has {len(digits)} digits"
    return "cannot be dialed" if digits[0] in "01" or digits[3] in "01" else ""


def coordinate(words: str, limit: int) -> tuple[float | None, str]:
    """Degrees between -limit and limit, with a point (or one comma) as the decimal mark."""
    if not words:
        return None, ""
    plain = words.replace("°", "").replace("−", "-").strip()
    if re.fullmatch(r"-?\d{1,3},\d+", plain):
        plain = plain.replace(",", ".")
    if not re.fullmatch(r"[-+]?\d{1,3}(?:\.\d*)?", plain):
        return None, f"“{words}” is not a number of degrees; left empty"
    value = float(plain)
    return (value, "") if abs(value) <= limit else (None, f"“{words}” is outside -{limit} to {limit}; left empty")


def words_list(words: str) -> tuple[str, ...]:
    """The items of a list parted by semicolons; by commas or bars where there is no semicolon. Each once, in order."""
    mark = next((mark for mark in ";|," if mark in words), ";")
    items: dict[str, str] = {}
    for item in (" ".join(part.split()) for part in words.split(mark)):
        if item:
            items.setdefault(item.casefold(), item)
    return tuple(items.values())


def needs(words: str) -> tuple[str, ...]:
    """:func:`words_list` in lower case: the words that filter the directory."""
    return tuple(item.casefold() for item in words_list(words))


def age(words: str) -> tuple[int | None, str]:
    """Whole years, 0 to 120."""
    if not words:
        return None, ""
    found = re.fullmatch(r"(\d{1,3})(?:\.0+)?(?:\s*(?:years?|yrs?|y))?\.?", words, re.IGNORECASE)
    if found is None or int(found[1]) > OLDEST:
        return None, f"“{words}” is not an age in whole years; left empty"
    return int(found[1]), ""


def time_zone(words: str, otherwise: str) -> tuple[str, str]:
    """A zone of the time zone database; ``otherwise`` where the cell is empty."""
    if not words:
        return otherwise, ""
    name = zone_name(words)
    if name is None:
        return "", f"“{words}” is not a time zone such as America/Chicago; open or closed will be unknown"
    return name, ""


def url(words: str) -> tuple[str, str]:
    """A web address; "www.example.org" is one."""
    if not words:
        return "", ""
    if re.fullmatch(r"(?:https?://)?[\w.-]+\.[a-z]{2,}(?::\d+)?(?:[/?#]\S*)?", words, re.IGNORECASE):
        return words, ""
    return "", f"“{words}” is not a web address; left empty"


def verified_on(words: str, at: datetime) -> tuple[str, str]:
    """An ISO date. A date as United States spreadsheets write it, month first, is read as well.

    A date after ``at`` is refused; a day of grace is for those who live east of UTC.
    """
    if not words:
        return "", ""
    found = re.fullmatch(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[T ][\d:.Z+]*)?", words) or re.fullmatch(
        r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})", words
    )
    try:
        day = date(int(found["y"]), int(found["m"]), int(found["d"])) if found else None
    except ValueError:
        day = None
    if day is None:
        return "", f"“{words}” is not a date; write it as 2026-08-31. Left empty: never verified"
    if day > (at + timedelta(days=1)).date():
        return "", f"{day} has not come yet; left empty: never verified"
    return day.isoformat(), ""
