"""Opening hours: is a place open now, until when, and when does it open next.

The answer is open, closed or **unknown**: a wrong "open" sends a person in crisis to a locked door, so hours that
nobody stated, and hours in a time zone that nobody stated, are unknown and never a guess.

Hours are the wall clock of the place itself. Where a night has an hour twice or not at all, a time means what RFC 5545
section 3.3.5 says: the first of two, and for one that is skipped the offset from before the gap.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

import msgspec

from console.models.service import Hours

MINUTES_A_DAY = 24 * 60
MINUTES_A_WEEK = 7 * MINUTES_A_DAY
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ALWAYS = tuple(Hours(day, 0, MINUTES_A_DAY) for day in range(7))
"""Around the clock, every day."""

_Point = TypeVar("_Point", int, datetime)


class Opening(StrEnum):
    """Whether a place is open at one moment, as far as its hours say."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class OpenState(msgspec.Struct, frozen=True):
    """Whether a place is open at one moment.

    ``until`` is when an open place closes and ``opens`` when a closed one opens, both aware in UTC; None when that
    never happens or is not known. ``text`` says it for a person in the place's own time: "open until 17:00".
    """

    state: Opening
    until: datetime | None
    opens: datetime | None
    text: str


_HOURS_UNKNOWN = OpenState(Opening.UNKNOWN, None, None, "hours not known")
_ZONE_UNKNOWN = OpenState(Opening.UNKNOWN, None, None, "time zone not known")
_ALWAYS_OPEN = OpenState(Opening.OPEN, None, None, "open 24/7")
_NEVER_OPEN = OpenState(Opening.CLOSED, None, None, "closed, no opening hours")


@lru_cache(maxsize=1)
def _zone_names() -> dict[str, str]:
    """Every zone of the time zone database that knows daylight saving, by its name in lower case.

    Bare abbreviations ("EST", "MST") are left out: there they are fixed offsets, an hour wrong half of the year.
    """
    return {name.casefold(): name for name in available_timezones() if "/" in name or name == "UTC"}


def zone_name(words: str) -> str | None:
    """The time zone's name as the database spells it ("america/chicago" → "America/Chicago"); None for no zone."""
    return _zone_names().get("_".join(words.split()).casefold())


def open_state(hours: tuple[Hours, ...] | None, zone: str, at: datetime, *, desk_zone: str = "") -> OpenState:
    """Whether a place with these ``hours`` in time zone ``zone`` is open at ``at`` (aware).

    Touching stretches are one: a place open every day around the clock has no ``until``. With ``desk_zone`` given, the
    text names the place's zone where its clock differs from the desk's at that moment.
    """
    if hours is None:
        return _HOURS_UNKNOWN
    week = merged_week(hours)
    if not week:
        return _NEVER_OPEN
    if week == ((0, MINUTES_A_WEEK),):
        return _ALWAYS_OPEN
    name = zone_name(zone)
    if name is None:
        return _ZONE_UNKNOWN
    place = ZoneInfo(name)
    here = at.astimezone(place)
    stretches = _stretches(week, name, here.date() - timedelta(days=here.weekday()))
    current = next((stretch for stretch in stretches if stretch[0] <= at < stretch[1]), None)
    if current is not None:
        moment = _moment(current[1].astimezone(place), here, desk_zone, end=True)
        return OpenState(Opening.OPEN, current[1], None, f"open until {moment}")
    following = next(stretch for stretch in stretches if stretch[0] > at)
    moment = _moment(following[0].astimezone(place), here, desk_zone)
    return OpenState(Opening.CLOSED, None, following[0], f"closed, opens {moment}")


@lru_cache(maxsize=4096)
def merged_week(hours: tuple[Hours, ...]) -> tuple[tuple[int, int], ...]:
    """The hours as stretches of minutes after Monday 00:00, in order, touching and overlapping ones made one.

    A stretch that runs from Sunday into Monday ends after 7 × 24 × 60; the whole week is (0, 7 × 24 × 60).
    """
    stretches = sorted(
        (hour.day * MINUTES_A_DAY + hour.opens, hour.day * MINUTES_A_DAY + hour.closes) for hour in hours
    )
    week = _joined(stretches)
    # What runs over the end of Sunday may touch or cover what begins on Monday.
    while len(week) > 1 and week[-1][1] >= week[0][0] + MINUTES_A_WEEK:
        closes = week.pop(0)[1]
        week[-1] = (week[-1][0], max(week[-1][1], closes + MINUTES_A_WEEK))
    if len(week) == 1 and week[0][1] - week[0][0] >= MINUTES_A_WEEK:
        return ((0, MINUTES_A_WEEK),)
    return tuple(week)


def _joined(stretches: Iterable[tuple[_Point, _Point]]) -> list[tuple[_Point, _Point]]:
    joined: list[tuple[_Point, _Point]] = []
    for opens, closes in stretches:
        if joined and opens <= joined[-1][1]:
            if closes > joined[-1][1]:
                joined[-1] = (joined[-1][0], closes)
        else:
            joined.append((opens, closes))
    return joined


@lru_cache(maxsize=4096)
def _stretches(week: tuple[tuple[int, int], ...], zone: str, monday: date) -> list[tuple[datetime, datetime]]:
    """The stretches of the week that begins on ``monday``, of the one before and two after, as UTC moments in order."""
    place = ZoneInfo(zone)
    midnight = datetime.combine(monday, time())
    stretches = []
    for start in (midnight + timedelta(weeks=shift) for shift in (-1, 0, 1, 2)):
        for opens, closes in week:
            begin, end = (
                (start + timedelta(minutes=minutes)).replace(tzinfo=place).astimezone(UTC)
                for minutes in (opens, closes)
            )
            if begin < end:  # a stretch inside the hour that a spring night skips does not happen
                stretches.append((begin, end))
    # A spring night can make one stretch's end pass the next one's beginning.
    return _joined(sorted(stretches))


def _moment(moment: datetime, here: datetime, desk_zone: str, *, end: bool = False) -> str:
    """A moment for a person, both in the place's time: "17:00", "Mon 08:00", with the zone where the desk's differs.

    What ends at midnight ends at 24:00 of the day before: "tomorrow 00:00" is read as a day too late.
    """
    day, clock = moment.date(), f"{moment:%H:%M}"
    if end and clock == "00:00":
        day, clock = day - timedelta(days=1), "24:00"
    days = (day - here.date()).days
    if days == 0 or moment - here < timedelta(hours=12):
        said = clock
    elif days == 1:
        said = f"tomorrow {clock}"
    else:
        said = f"{DAY_NAMES[day.weekday()]} {clock}"
    desk = zone_name(desk_zone)
    if desk is not None and moment.utcoffset() != moment.astimezone(ZoneInfo(desk)).utcoffset():
        said += f" {moment.tzname()}"
    return said


def spoken(hours: tuple[Hours, ...] | None) -> str:
    """The week in one line, 24-hour: "Mon–Fri 09:00–17:00; Sat 10:00–14:00"; what the hours reader reads back."""
    if hours is None:
        return "hours not known"
    if not hours:
        return "closed"
    if merged_week(hours) == ((0, MINUTES_A_WEEK),):
        return "24/7"
    by_day: dict[int, list[str]] = {}
    for hour in sorted(hours, key=lambda hour: (hour.day, hour.opens)):
        by_day.setdefault(hour.day, []).append(_range(hour))
    runs: list[tuple[int, int, str]] = []
    for day, ranges in by_day.items():
        said = ", ".join(ranges)
        if runs and runs[-1][2] == said and runs[-1][1] == day - 1:
            runs[-1] = (runs[-1][0], day, said)
        else:
            runs.append((day, day, said))
    return "; ".join(f"{_days(first, last)} {said}" for first, last, said in runs)


def _range(hour: Hours) -> str:
    if hour.closes - hour.opens == MINUTES_A_DAY and hour.opens == 0:
        return "24 hours"
    return f"{_clock(hour.opens)}–{_clock(hour.closes)}"


def _clock(minutes: int) -> str:
    minutes = minutes if minutes == MINUTES_A_DAY else minutes % MINUTES_A_DAY
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _days(first: int, last: int) -> str:
    if (first, last) == (0, 6):
        return "daily"
    return DAY_NAMES[first] if first == last else f"{DAY_NAMES[first]}–{DAY_NAMES[last]}"
