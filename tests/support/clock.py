"""A clock that tests move by hand."""

import time
from datetime import UTC, datetime, timedelta


class FixedClock:
    """Stands still until told to move."""

    def __init__(self, start: datetime = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)) -> None:
        self._now = start
        self._elapsed = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._elapsed

    def advance(self, seconds: float) -> None:
        """Move both the wall clock and the monotonic clock forward."""
        self._now += timedelta(seconds=seconds)
        self._elapsed += seconds


class AheadClock:
    """The clock of a computer that is so many seconds ahead; its monotonic clock is right."""

    def __init__(self, seconds: float) -> None:
        self._ahead = timedelta(seconds=seconds)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def monotonic(self) -> float:
        return time.monotonic()
