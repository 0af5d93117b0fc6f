"""Local times as a CAD writes them, into UTC; honest about the two hours a year that a local time cannot tell."""

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

from console.feeds.profile import Times
from wire.envelope import micros

_YEARS = range(1970, 2200)
"""A time outside these is a slip of the export; far enough outside, no calendar could show it in every zone."""


class ReadTime(msgspec.Struct, frozen=True):
    """A time in microseconds since 1970 UTC; whether the local hour came twice, or never, that day."""

    micros: int
    ambiguous: bool = False
    shifted: bool = False


class Unreadable(Exception):
    """Raised for a time that cannot be read; the message says why."""


class TimeReader:
    """Reads times by a profile's formats and zone. A time that carries its own offset needs no zone."""

    def __init__(self, times: Times, zone: ZoneInfo) -> None:
        self._times = times
        self._zone = zone
        self._cached = lru_cache(maxsize=8_192)(self._read)

    def read(self, text: str) -> ReadTime:
        """The moment that ``text`` names; raises :class:`Unreadable`."""
        return self._cached(text)

    def _read(self, text: str) -> ReadTime:
        for each in self._times.formats:
            try:
                moment = datetime.strptime(text, each)  # noqa: DTZ007  (the zone is the profile's, see below)
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
            return ReadTime(micros(first.astimezone(UTC)))
        if before > after:  # the clocks went back: this local time came twice (PEP 495)
            if self._times.ambiguous == "refuse":
                raise Unreadable(f"'{text}' came twice in {self._zone.key}: the clocks went back")
            chosen = first if self._times.ambiguous == "first" else second
            return ReadTime(micros(chosen.astimezone(UTC)), ambiguous=True)
        if self._times.nonexistent == "refuse":
            raise Unreadable(f"'{text}' never was in {self._zone.key}: the clocks went forward")
        return ReadTime(micros(first.astimezone(UTC)), shifted=True)
