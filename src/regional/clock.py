"""The time, read in one place so that a test can set it."""

import time

from regional.failpoints import CLOCK_OFF


class Clock:
    """The machine's clock."""

    def now(self) -> int:
        """Microseconds since 1970-01-01 UTC."""
        return time.time_ns() // 1_000 + CLOCK_OFF * 1_000_000

    def monotonic(self) -> float:
        """Seconds that never go back, for measuring."""
        return time.monotonic()
