"""Local times as a CAD writes them, into UTC; honest about the two hours a year that a local time cannot tell."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

from console.feeds.profile import Times
from wire.envelope import micros

_YEARS = range(1970, 2200)
"""A time outside these is a slip of the export; far enough outside, no calendar could show it in every zone."""


_DIRECTIVE = re.compile("%.")
_OF_A_DAY = {"%Y", "%y", "%m", "%d", "%b", "%B", "%j"}
_OF_A_TIME = {"%H", "%I", "%M", "%S", "%f", "%p"}


class ReadTime(msgspec.Struct, frozen=True):
    """A time in microseconds since 1970 UTC; whether the local hour came twice, or never, that day."""

    micros: int
    ambiguous: bool = False
    shifted: bool = False


class Unreadable(Exception):
    """Raised for a time that cannot be read; the message says why."""


def _parser(form: str) -> Callable[[str], datetime]:
    """What reads a time in this form; raises ValueError for one in another.

    Where the form is a day, a space and a time of that day, each half is read by itself and remembered: an export holds
    few days and few times of day, and reading one by its form costs more than all else about a time.
    """

    def whole(text: str) -> datetime:
        return datetime.strptime(text, form)  # noqa: DTZ007  (the zone is the profile's)

    day_form, _, time_form = form.partition(" ")
    if not set(_DIRECTIVE.findall(day_form)) <= _OF_A_DAY or not set(_DIRECTIVE.findall(time_form)) <= _OF_A_TIME:
        return whole

    @lru_cache(maxsize=4_096)
    def day(text: str) -> date:
        return datetime.strptime(text, day_form).date()  # noqa: DTZ007

    @lru_cache(maxsize=4_096)
    def time_of_day(text: str) -> time:
        return datetime.strptime(text, time_form).time()  # noqa: DTZ007

    def halves(text: str) -> datetime:
        on, _, at = text.partition(" ")
        return datetime.combine(day(on), time_of_day(at))

    return halves


class TimeReader:
    """Reads times by a profile's formats and zone. A time that carries its own offset needs no zone."""

    def __init__(self, times: Times, zone: ZoneInfo) -> None:
        self._times = times
        self._zone = zone
        self._cached = lru_cache(maxsize=8_192)(self._read)
        self._parsers = [_parser(each) for each in times.formats]

    def read(self, text: str) -> ReadTime:
        """The moment that ``text`` names; raises :class:`Unreadable`."""
        return self._cached(text)

    def _read(self, text: str) -> ReadTime:
        for parse in self._parsers:
            try:
                moment = parse(text)
            except ValueError:
                continue
            if moment.year not in _YEARS:
                raise Unreadable(f"'{text[:40]}' is in the year {moment.year}")
            return self._placed(moment, text)
        raise Unreadable(f"'{text[:40]}' is no time in the form {' or '.join(self._times.formats)}")

    def _placed(self, moment: datetime, text: str) -> ReadTime:
        if moment.tzinfo is not None:
            return ReadTime(micros(moment.astimezone(UTC)))
        first = moment.replace(tzinfo=self._zone, fold=0)
        second = moment.replace(tzinfo=self._zone, fold=1)
        before, after = first.utcoffset(), second.utcoffset()
        assert before is not None
        assert after is not None
        if before == after:
            return ReadTime(micros(moment.replace(tzinfo=UTC) - before))
        if before > after:  # the clocks went back: this local time came twice (PEP 495)
            if self._times.ambiguous == "refuse":
                raise Unreadable(f"'{text}' came twice in {self._zone.key}: the clocks went back")
            chosen = first if self._times.ambiguous == "first" else second
            return ReadTime(micros(chosen.astimezone(UTC)), ambiguous=True)
        if self._times.nonexistent == "refuse":
            raise Unreadable(f"'{text}' never was in {self._zone.key}: the clocks went forward")
        return ReadTime(micros(first.astimezone(UTC)), shifted=True)
