"""When to try the server again: later each time, with full jitter, and a breaker.

The breaker is for a server that takes connections and ends each at once. These are counted until one lasts or carries
something; from the fifth on it is open: a trial twice a minute, no more. Pure: time is handed in, and chance.
"""

import random
from typing import Final

FIRST_DELAY, LONGEST_DELAY, FINAL_DELAY = 0.25, 30.0, 60.0
"""Seconds: full jitter up to the first, doubled each time, up to the longest; and when a person has to do something."""
STEADY: Final = 5.0
"""Seconds after the greeting within which a connection that carried nothing counts as ended at once."""
OPENS_AT: Final = 5
"""Connections in a row that were ended at once, from which on the breaker is open."""


class Retry:
    """The attempts of one desk; it outlives connections."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._at: float | None = None  # at once
        self._failures = 0
        self._ended_at_once = 0
        self._welcomed_at: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether the server has ended so many connections at once that only trials are made."""
        return self._ended_at_once >= OPENS_AT

    @property
    def says(self) -> str:
        """What a person is told of it; "" while there is nothing to tell."""
        if not self.is_open:
            return ""
        return (
            f"The server took {self._ended_at_once} connections in a row and ended each at once. It is tried again "
            "twice a minute; tell the server's operator."
        )

    def is_due(self, now: float) -> bool:
        """Whether to connect now."""
        return self._at is None or now >= self._at

    def welcomed(self, now: float) -> None:
        """The server greeted, and everything can go on."""
        self._welcomed_at = now

    def carried(self) -> None:
        """A page was taken or a push answered: this connection was of use."""
        self._failures = self._ended_at_once = 0

    def tick(self, now: float) -> None:
        """Time passed on a connection."""
        if self._welcomed_at is not None and now - self._welcomed_at >= STEADY:
            self.carried()

    def lost(self, now: float, *, after: float = 0.0, final: bool = False) -> None:
        """The connection ended, or none came about: try again ``after`` so many seconds at least."""
        self.tick(now)
        if self._welcomed_at is not None:
            self._ended_at_once += 1
            self._welcomed_at = None
        longest = min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(self._failures, 20))
        least = FINAL_DELAY if final else LONGEST_DELAY if self.is_open else self._chance.uniform(0.0, longest)
        self._at = now + max(after, least)
        self._failures += 1

    def at_once(self, now: float) -> bool:
        """Only to greet again: no delay, unless even that was ended too often. False then."""
        if not self.is_open:
            self._at = now
        return not self.is_open
