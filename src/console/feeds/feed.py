"""Running a source into the journal: here and now for a command, on a thread of its own for a desk."""

import logging
import threading
from collections.abc import Callable

import msgspec

from console.clock import Clock
from console.errors import KnownError
from console.feeds.health import CadHealth, HealthKeeper
from console.feeds.intake import Intake
from console.feeds.pace import Wait, paced
from console.feeds.source import CadSource, SourceEvent
from console.models.changes import Changes

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds from one try to write the store to the next: the pause doubles from the first to the longest."""

Deliver = Callable[[Changes], None]
"""Told what changed after each transaction, on the thread that feeds."""


class Fed(msgspec.Struct, frozen=True):
    """What a run came to: how many events were told, how many entries were new, and whether it was stopped early."""

    events: int
    entries: int
    stopped: bool


def feed(
    source: CadSource,
    intake: Intake,
    health: HealthKeeper,
    *,
    speed: float | None,
    clock: Clock,
    wait: Wait,
    deliver: Deliver = lambda changes: None,
    persist: bool = False,
) -> Fed:
    """Deliver the source to its end, or until ``wait`` says to stop. Not for the GUI thread.

    ``speed`` 1 is that of the calls, None as fast as they can be taken. Raises :class:`KnownError` when the source
    cannot be read; the health then says so too. With ``persist`` a store that cannot be written ends nothing: the same
    events are given again until they are taken, and the health says what is wrong meanwhile. Without, it raises too.
    """
    events = entries = 0
    stopped = False

    def stop(seconds: float) -> bool:
        nonlocal stopped
        stopped = wait(seconds)
        return stopped

    try:
        health.alive()
        for batch in paced(source.events(), speed=speed, origin=source.origin, clock=clock, wait=stop):
            taken = _take(intake, batch, health, source, stop if persist else None)
            if taken is None:
                break
            changes = taken
            events += len(batch)
            entries += len(changes.entries)
            newest = max((event.at for event in batch), default=None)
            health.alive(source_at=newest, entries=len(changes.entries), refused=source.reading.refused_count)
            if changes:
                deliver(changes)
    except KnownError as error:
        health.down(error.message, refused=source.reading.refused_count)
        raise
    says = f"{source.name} was stopped" if stopped else f"{source.name} is at its end; nothing more comes from it"
    health.ended(f"{says}. {source.reading.sentence()}", refused=source.reading.refused_count)
    return Fed(events, entries, stopped)


def _take(
    intake: Intake, batch: list[SourceEvent], health: HealthKeeper, source: CadSource, wait: Wait | None
) -> Changes | None:
    """Take the events, however often it needs; None when ``wait`` says to stop first. Without it the first try counts.

    Events that were taken in part are no harm: those that are here already are passed over.
    """
    pause = FIRST_PAUSE
    while True:
        try:
            return intake.take(batch)
        except KnownError as error:
            if wait is None:
                raise
            health.down(f"{error.message} {source.name} waits and tries again.", refused=source.reading.refused_count)
            if wait(pause):
                return None
        pause = min(2 * pause, LONGEST_PAUSE)


class FeedThread:
    """One source on a thread of its own, stopped in order.

    A source that fails ends the thread with its health *down* and the sentence that says why; a store that fails is
    tried again until it takes what came. A fault of this program is logged whole, kept in :attr:`failure` and said as
    such.
    """

    def __init__(
        self,
        source: CadSource,
        intake: Intake,
        *,
        clock: Clock,
        speed: float | None = 1.0,
        deliver: Deliver = lambda changes: None,
    ) -> None:
        self._source = source
        self._intake = intake
        self._clock = clock
        self._speed = speed
        self._deliver = deliver
        self._stop = threading.Event()
        self._health = HealthKeeper(source.name, clock)
        self._thread = threading.Thread(target=self._run, name=f"cad-feed {source.name}", daemon=True)
        self.failure: Exception | None = None

    def start(self) -> None:
        """Begin to deliver. A feed thread runs once."""
        self._thread.start()

    def stop(self) -> None:
        """Ask it to stop and wait until it has; what it was appending is whole. Safe to call twice, or before start."""
        self._stop.set()
        self.wait()

    def wait(self) -> None:
        """Return when it has come to its end by itself, or was stopped; at once when it never began."""
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join()

    @property
    def running(self) -> bool:
        """Whether it still delivers."""
        return self._thread.is_alive()

    def health(self) -> CadHealth:
        """How the feed is doing, from any thread."""
        return self._health.snapshot()

    def _run(self) -> None:
        try:
            feed(
                self._source,
                self._intake,
                self._health,
                speed=self._speed,
                clock=self._clock,
                wait=self._stop.wait,
                deliver=self._deliver,
                persist=True,
            )
        except KnownError as error:
            self.failure = error
            log.info("CAD feed %s ended: %s", self._source.name, error.detail or type(error).__name__)
        except Exception as error:
            self.failure = error
            log.exception("CAD feed %s ended by a fault of this program", self._source.name)
            self._health.down(
                f"{self._source.name} stopped by a fault of this program ({type(error).__name__}). Calls that are here "
                "stay; enter new ones by hand and start the program again.",
                refused=self._source.reading.refused_count,
            )
