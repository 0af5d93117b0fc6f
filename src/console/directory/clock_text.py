"""Reading one stretch of a day as people write it: "9am-5pm", "18:00-02:00", "9-5pm", "0800-1700".

A time without am or pm may stand for two moments. A stretch is read where one reading is certain; where it is merely
what everybody means ("9-5"), it is read and said to be doubtful; otherwise it is refused.
"""

import re

import msgspec

HALF_DAY = 12 * 60
DAY = 24 * 60
LONGEST_NIGHT = 16 * 60
"""Minutes. "09:00-05:00" more likely means 17:00 than twenty hours, so a longer night is not believed."""

TO = r"\s*(?:-|to\b|until\b|till?\b|through\b|thru\b)\s*"
_HALF = r"\s*(?P<half>[ap])(?:\.?\s?m\b\.?|\b)"
_TIME = re.compile(
    r"(?:12\s*)?(?P<word>noon|midnight)\b"
    r"|(?P<military>\d{4})(?!\d)"
    rf"|(?P<hour>\d{{1,2}})(?:[:.](?P<minute>\d{{2}})(?::00)?)?(?!\d)(?:{_HALF})?"
)
TIME = re.sub(r"\?P<\w+>", "?:", _TIME.pattern)
"""The pattern of one time, without groups, for use inside a larger one."""


class Unreadable(Exception):
    """The words say nothing certain; the message is the rest of a sentence that a person reads."""


class _Time(msgspec.Struct, frozen=True):
    """One time as written.

    ``minutes`` after midnight at face value. ``fixed``: am, pm, noon or midnight was said. ``day_clock``: only a
    24-hour clock writes it so. ``with_minutes``: the minutes were written out. ``padded``: as HH:MM.
    """

    minutes: int
    fixed: bool
    day_clock: bool
    with_minutes: bool
    padded: bool = False


class Stretch(msgspec.Struct, frozen=True):
    """Minutes after midnight; ``closes`` passes 24 × 60 over midnight. ``doubt`` is empty when the words are clear."""

    opens: int
    closes: int
    doubt: str = ""


def uses_day_clock(words: str) -> bool:
    """Whether a stretch shows a 24-hour clock: "13:00-17:00", "08:00-12:00"."""
    return any(time.day_clock for time in _ends(words))


def read_stretch(words: str, *, day_clock: bool) -> Stretch:
    """The stretch that ``words`` state. ``day_clock``: the text around them shows a 24-hour clock.

    Raises :class:`Unreadable` when the words fit several stretches, or none.
    """
    opens, closes = _ends(words)
    shown_elsewhere = day_clock and opens.with_minutes and closes.with_minutes and opens.minutes < closes.minutes
    if opens.day_clock or closes.day_clock or shown_elsewhere or (opens.padded and closes.padded):
        return _face_value(words, opens, closes)
    if opens.fixed and closes.fixed:
        return _face_value(words, opens, closes)
    if opens.fixed or closes.fixed:
        return _nearest(words, opens, closes)
    morning = 6 * 60 <= opens.minutes < HALF_DAY
    afternoon = closes.minutes == HALF_DAY or closes.minutes < min(7 * 60, opens.minutes)
    if morning and afternoon:
        return Stretch(opens.minutes, closes.minutes % HALF_DAY + HALF_DAY, f"“{words}” has no am or pm")
    raise Unreadable(f"“{words}” needs am or pm")


def _ends(words: str) -> tuple[_Time, _Time]:
    opens, closes = re.split(TO, words, maxsplit=1)
    return _time(opens), _time(closes)


def _time(said: str) -> _Time:
    found = _TIME.fullmatch(said)
    if found is None:
        raise Unreadable(f"“{said}” is not a time")
    if found["word"]:
        return _Time(HALF_DAY if found["word"] == "noon" else DAY, True, False, True)
    if found["military"]:
        hour, minute, digits = int(said[:2]), int(said[2:]), said[:2]
    else:
        hour, minute, digits = int(found["hour"]), int(found["minute"] or 0), found["hour"]
    if minute > 59 or hour > 24 or (hour == 24 and minute) or (found["half"] and not 1 <= hour <= 12):
        raise Unreadable(f"“{said}” is not a time of day")
    if found["half"]:
        return _Time(hour % 12 * 60 + minute + (HALF_DAY if found["half"] == "p" else 0), True, False, True)
    day_clock = hour > 12 or digits.startswith("0") or found["military"] is not None
    with_minutes = found["minute"] is not None
    return _Time(hour * 60 + minute, False, day_clock, with_minutes, with_minutes and len(digits) == 2)


def _face_value(words: str, opens: _Time, closes: _Time) -> Stretch:
    start = opens.minutes % DAY
    end = DAY if closes.minutes == DAY - 1 else closes.minutes  # 23:59 is how forms that lack 24:00 say it
    if end == start:
        raise Unreadable(f"“{words}” begins and ends at the same time; write “24 hours” if that is meant")
    if end < start:
        end += DAY
        if end - start > LONGEST_NIGHT and not (opens.fixed and closes.fixed):
            raise Unreadable(f"“{words}” would be {(end - start) / 60:g} hours")
    return Stretch(start, end)


def _nearest(words: str, opens: _Time, closes: _Time) -> Stretch:
    """One end has am or pm: the other is the one at most twelve hours away."""
    start, end = opens.minutes, closes.minutes
    length = (end - start) % HALF_DAY or HALF_DAY
    if opens.fixed:
        start %= DAY
        other_start = start
    else:
        start = (end - length) % DAY
        other_start = (start - HALF_DAY) % DAY
    # "9-11pm" is two hours to most people, but a day from 9 am to some.
    doubtful = length + HALF_DAY <= LONGEST_NIGHT and other_start >= 5 * 60
    return Stretch(start, start + length, f"“{words}” has am or pm at one end only" if doubtful else "")
