"""How old a thing is, in words: on a clock, beside a name, and read aloud."""

from datetime import datetime, timedelta


def age(since: datetime, now: datetime) -> timedelta:
    """Time passed, never negative: a source whose clock runs ahead is not "in the future" on a board."""
    return max(timedelta(0), now - since)


_HOURS_MATTER_DAYS = 10
WIDEST_CLOCKS = ("00:00:00", "0 d 00 h", "00000 d")
"""What is as wide as anything that :func:`clock_text` says, in a font whose figures are all as wide."""


def clock_text(passed: timedelta) -> str:
    """``01:52`` to ``59:59``, then ``1:02:07``, then ``2 d 03 h``, and from ten days on ``206 d``."""
    seconds = int(passed.total_seconds())
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    if hours == 0:
        return f"{minute:02}:{second:02}"
    if hours < 24:
        return f"{hours}:{minute:02}:{second:02}"
    days = hours // 24
    return f"{days} d {hours % 24:02} h" if days < _HOURS_MATTER_DAYS else f"{days} d"


def short_text(passed: timedelta) -> str:
    """For the middle of a line: ``0:08``, ``11:25``, ``1:02 h``, ``2 d``."""
    seconds = int(passed.total_seconds())
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    if hours == 0:
        return f"{minute}:{second:02}"
    if hours < 24:
        return f"{hours}:{minute:02} h"
    return f"{hours // 24} d"


def rough_text(passed: timedelta) -> str:
    """For freshness: ``2 s``, ``4 min``, ``3 h``, ``2 d``."""
    seconds = int(passed.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def spoken_text(passed: timedelta) -> str:
    """For a screen reader: ``1 minute 52 seconds``, ``2 hours 5 minutes``, ``3 days``."""
    seconds = int(passed.total_seconds())
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, second = divmod(rest, 60)
    if days:
        parts = [(days, "day"), (hours, "hour")]
    elif hours:
        parts = [(hours, "hour"), (minutes, "minute")]
    else:
        parts = [(minutes, "minute"), (second, "second")]
    said = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count]
    return " ".join(said) or "0 seconds"
