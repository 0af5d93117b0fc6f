"""What could not be stored: remembered for as long as whoever brought it may be expected to have tried again."""

from regional.clock import Clock
from regional.errors import Away

_TRIED_AGAIN = 60.0
"""Seconds within which a desk whose write failed has tried again."""


class Failing:
    """Whether what was written last was stored."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failed: tuple[float, Away] | None = None

    def failed(self, away: Away) -> None:
        """It was not. Somebody else who holds what was needed says nothing of the next."""
        if not away.held:
            self._failed = self._clock.monotonic(), away

    def stored(self) -> None:
        """It was."""
        self._failed = None

    @property
    def now(self) -> Away | None:
        """Why the last was not stored, if that was lately; else None."""
        failed = self._failed
        return failed[1] if failed is not None and self._clock.monotonic() - failed[0] < _TRIED_AGAIN else None
