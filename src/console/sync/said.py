"""What the last exchange came to, kept in the store: for commands, which run no link of their own.

Only what a person can do something about: why it came to nothing or stands still, and how far the clock is off.
"""

from datetime import datetime

import msgspec

from console.models.store.exchange import SAID
from console.models.store.store import Reading, Store, set_fact
from console.sync.events import Standing, State
from wire.envelope import from_micros, micros

MINUTE = 60_000_000
_JITTER = MINUTE // 2
"""Microseconds by which what was measured of a clock differs from one time to the next without being news."""


class Said(msgspec.Struct, frozen=True):
    """``words`` is "" where nothing is to be said; ``offset`` is how far the clock is behind, in microseconds."""

    words: str = ""
    offset: int = 0
    noted_at: int = 0

    @property
    def at(self) -> datetime:
        """Since when it is so."""
        return from_micros(self.noted_at)


def said(connection: Reading) -> Said:
    """What was noted last."""
    kept = Store.fact(connection, SAID)
    return msgspec.json.decode(kept, type=Said) if kept else Said()


def is_news(standing: Standing, noted: Said) -> bool:
    """Whether ``standing`` is the outcome of an exchange, and another one than was noted."""
    if standing.since is None and standing.state not in (State.LIVE, State.ATTENTION):
        return False
    if standing.since is not None and not standing.says:
        return False  # it connects
    return standing.says != noted.words or abs(_offset(standing, noted) - noted.offset) > _JITTER


def note(store: Store, standing: Standing, noted: Said, now: datetime) -> Said:
    """Keep what ``standing`` came to; returns what is noted then. Raises :class:`KnownError` where it cannot."""
    found = Said(standing.says, _offset(standing, noted), micros(now))
    with store.write() as transaction:
        set_fact(transaction.connection, SAID, msgspec.json.encode(found).decode())
    return found


def _offset(standing: Standing, noted: Said) -> int:
    if standing.offset is None:
        return noted.offset  # nothing was measured this time
    return standing.offset if abs(standing.offset) >= MINUTE else 0
