"""How a CAD feed is doing, readable from any thread: what the board's line on freshness rests on."""

import threading
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from console.clock import Clock

STALE_AFTER = timedelta(seconds=30)
"""A feed that has not shown a sign of life for this long is stale: a living one shows one every few seconds."""


class FeedState(StrEnum):
    """What a feed is, in one word."""

    STARTING = "starting"
    FRESH = "fresh"
    STALE = "stale"
    DOWN = "down"
    ENDED = "ended"
    """A file or a scenario that came to its end, or was stopped by a person."""


class CadHealth(msgspec.Struct, frozen=True):
    """A feed at one moment. ``alive_at`` is by this desk's clock, ``source_at`` the newest source time taken.

    ``says`` is a sentence for a person: what is wrong and what still works, or how the reading went.
    """

    source: str
    state: FeedState
    alive_at: datetime | None = None
    source_at: datetime | None = None
    entries: int = 0
    refused: int = 0
    says: str = ""


class HealthKeeper:
    """Keeps the health of one feed. The feed writes from its thread, anyone may take a snapshot from another."""

    def __init__(self, source: str, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._health = CadHealth(source, FeedState.STARTING, says=f"{source} is starting.")

    def alive(self, *, source_at: datetime | None = None, entries: int = 0, refused: int = 0) -> None:
        """The source answered, perhaps with ``entries`` new entries up to ``source_at``."""
        with self._lock:
            before = self._health
            newest = max(filter(None, (before.source_at, source_at)), default=None)
            self._health = CadHealth(
                before.source,
                FeedState.FRESH,
                self._clock.now(),
                newest,
                before.entries + entries,
                refused,
                f"{before.source} is live.",
            )

    def ended(self, says: str, *, refused: int) -> None:
        """The source has nothing more to say."""
        self._finish(FeedState.ENDED, says, refused)

    def down(self, says: str, *, refused: int) -> None:
        """The source failed; ``says`` is the sentence that tells why."""
        self._finish(FeedState.DOWN, says, refused)

    def _finish(self, state: FeedState, says: str, refused: int) -> None:
        with self._lock:
            self._health = msgspec.structs.replace(self._health, state=state, says=says, refused=refused)

    def snapshot(self) -> CadHealth:
        """The health now: a feed that has been silent for too long is stale."""
        with self._lock:
            health = self._health
        if health.state is not FeedState.FRESH or health.alive_at is None:
            return health
        silence = self._clock.now() - health.alive_at
        if silence < STALE_AFTER:
            return health
        says = (
            f'The feed "{health.source}" has been silent for {int(silence.total_seconds())} s. Calls may be missing '
            "here: look at CAD, and enter a call by hand if you need it on the board."
        )
        return msgspec.structs.replace(health, state=FeedState.STALE, says=says)
