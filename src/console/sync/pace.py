"""How much is asked for and sent at a time, so that the slowest of links still carries each piece before it is called
dead: less after a connection broke late in silence, more again as soon as pieces come across easily.
"""

from typing import Final

from wire.messages import MOST_BYTES, MOST_ENTRIES

MOST: Final = 2 * MOST_ENTRIES
"""Entries in one page at most."""
FEWEST: Final = 16
"""Entries in one page or push on the slowest of links."""
EASY, HARD = 2.0, 6.0
"""Seconds since the last progress: with less, the next piece may be larger; a connection that breaks after more has to
carry smaller ones."""
_BYTES_EACH = 2 * MOST_BYTES // MOST_ENTRIES


class Pace:
    """What a link has shown that it can carry; it outlives connections."""

    def __init__(self) -> None:
        self.entries = MOST
        """In one page, and in one push."""
        self.moved_at = 0.0
        """When something moved on last."""

    @property
    def bytes(self) -> int:
        """Bytes of bodies in one push."""
        return self.entries * _BYTES_EACH

    def moved(self, now: float, *, carried: bool) -> None:
        """Something moved on; ``carried`` when it was a page or a push."""
        if carried and now - self.moved_at < EASY:
            self.entries = min(MOST, 2 * self.entries)
        self.moved_at = now

    def broke(self, now: float, *, busy: bool) -> None:
        """The connection broke; ``busy`` while something was to be carried."""
        if busy and now - self.moved_at > HARD:
            self.entries = max(FEWEST, self.entries // 4)
