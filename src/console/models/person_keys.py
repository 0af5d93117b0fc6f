"""What two records of perhaps one person are compared by: a call-back number, a name and a date of birth as keys.

A key only finds what may belong together; whether it does is for a person to say. So a key leaves out what people type
differently, and there is none where a match would mean nothing. Keys are columns of the record: whoever changes what
they are raises the version of the aggregates `call` and `encounter`.
"""

import re
import unicodedata
from datetime import date
from functools import lru_cache

_EXTENSION = re.compile(r"(?:x|ext|extension|#)[.:\s]*\d+\s*$", re.IGNORECASE)
_APART = re.compile(
    r"[;/()\[\]\"“”\n]|\b(?:aka|a\.k\.a\.|alias|likes|called|prefers|known as|goes by|nickname)(?=\W|$)"
)
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr"})
_WORDS_FOR_NOBODY = """
    unknown unk refused anonymous anon none na caller complainant passerby neighbor wireless mobile employee staff clerk
    security mother father brother sister husband wife son daughter friend male female woman boy girl juvenile subject
    patient pt client party fnu lnu refuses declined withheld not hospital clinic shelter school store hotel motel
"""
_NOBODY = frozenset(_WORDS_FOR_NOBODY.split())
_NO_DAY = "1900-01-01"
_PLACEHOLDERS = frozenset({"doe john", "doe jane"})
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<month>\d{1,2})([/.-])(?P<day>\d{1,2})\2(?P<year>\d{4})(?!\d)",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})(?!\d)",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?\s+{_MONTH},?\s+(?P<year>\d{{4}})(?!\d)",
    )
)


@lru_cache(maxsize=1_024)  # asked for before and after each act on a call
def phone_key(text: str) -> str | None:
    """The digits of a call-back number without its extension and the leading 1 of North America.

    None for what nobody can be called back on: fewer than seven digits, one digit all through, or 911 as the area code,
    which networks put before a telephone that has no number.
    """
    digits = "".join(each for each in _EXTENSION.sub("", text) if each in "0123456789")
    if len(digits) == 11 and digits.startswith("1"):
        digits = digits[1:]
    if not 7 <= len(digits) <= 15 or len(set(digits)) == 1 or (len(digits) == 10 and digits.startswith("911")):
        return None
    return digits


@lru_cache(maxsize=1_024)
def name_keys(text: str) -> tuple[str, ...]:
    """The names in what was typed, as keys: "Reyes, Daniel J (likes Danny)" is "daniel reyes" and "danny".

    Letters without accents and case, words in the order of the alphabet; titles and lone letters are left out. What
    stands for a name that nobody knows ("unknown", "a neighbor", "John Doe") is none.
    """
    parts = [_words(part) for piece in _APART.split(_plain(text)) for part in _told_in_order(piece)]
    found = ("" if _NOBODY.intersection(part) else " ".join(sorted(part)) for part in parts)
    return tuple(dict.fromkeys(key for key in found if key and key not in _PLACEHOLDERS))


def is_full(key: str) -> bool:
    """Whether a name's key has two words that are more than a letter: a first name alone tells nobody from another."""
    return sum(not _is_initial(word) for word in key.split()) > 1


@lru_cache(maxsize=1_024)
def birth_date(text: str) -> str | None:
    """The one date in what was typed, in ISO's form; of two numbers the month comes first, as in the United States.

    None where there is no whole date, or several, or the first of 1900, which stands for one that nobody knows.
    """
    found = {each for pattern in _DATES for match in pattern.finditer(text) if (each := _date(match))}
    return found.pop() if len(found) == 1 and found != {_NO_DAY} else None


def _date(match: "re.Match[str]") -> str | None:
    given = match.groupdict()
    month = given.get("month") or _MONTHS.index(given["name"].lower()) + 1
    try:
        return date(int(given["year"]), int(month), int(given["day"])).isoformat()
    except ValueError:
        return None


def _plain(text: str) -> str:
    """Case and accents left out."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(each for each in folded if not unicodedata.combining(each))


def _told_in_order(piece: str) -> list[str]:
    """The names in a list with commas; "Reyes, Daniel" is one, since a name of one word goes before its other half."""
    parts = [part for each in piece.split(",") if (part := each.strip())]
    first, *others = parts or [""]
    return [f"{first} {others[0]}", *others[1:]] if others and len(first.split()) == 1 else [first, *others]


def _words(text: str) -> list[str]:
    joined = re.sub(r"['’`.]", "", re.sub(r"\b(\w)\.", r"\1 ", text))
    words = [word for word in re.findall(r"[^\W\d_]+", joined) if word not in _TITLES]
    long = [word for word in words if not _is_initial(word)]
    return long if len(long) > 1 else words


def _is_initial(word: str) -> bool:
    """Whether a word is no more than the first letter of a name; one character of Chinese is a name."""
    return len(word) == 1 and "a" <= word <= "z"
