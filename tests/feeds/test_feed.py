"""A feed on its thread: it delivers, it stops in order, and when it fails it says so and why."""

import logging
import threading
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from console.errors import KnownError
from console.feeds.drill import DrillSource
from console.feeds.feed import Fed, FeedThread, feed
from console.feeds.health import STALE_AFTER, FeedState, HealthKeeper
from console.feeds.intake import Intake
from console.feeds.pace import MAX_SPEED
from console.feeds.refusals import Reading
from console.feeds.scenario import load_scenario
from console.feeds.source import SourceEvent
from console.models.changes import Changes
from console.models.store.store import Store
from tests.feeds.making import CENTER, source
from tests.support.clock import FixedClock
from wire.envelope import Entry

KEY = bytes(range(32))


class Collected:
    """A journal in memory."""

    def __init__(self) -> None:
        self.entries: dict[object, Entry] = {}

    def append(self, entries: Sequence[Entry]) -> Changes:
        fresh = [entry for entry in entries if entry.id not in self.entries]
        self.entries.update((entry.id, entry) for entry in fresh)
        return Changes(frozenset(("call", entry.subject) for entry in fresh), tuple(entry.id for entry in fresh))


class Failing:
    """A source that tells a little and then fails."""

    name = "cad"
    origin = None

    def __init__(self, error: Exception, events: Sequence[SourceEvent] = ()) -> None:
        self.reading = Reading()
        self._error = error
        self._events = events

    def events(self) -> Iterator[SourceEvent]:
        yield from self._events
        raise self._error


ROWS = ("1,2026-04-28 21:14,FIGHT,x", "2,2026-04-28 21:15,TRESPASS,y", "3,never,FIGHT,z")


def test_a_replay_reaches_the_store_and_says_how_it_went(tmp_path: Path) -> None:
    health = HealthKeeper("cad", FixedClock())
    told: list[Changes] = []
    with Store.create(tmp_path / "home", KEY) as store:

        def run() -> Fed:
            return feed(
                source(tmp_path, *ROWS),
                Intake(store, CENTER),
                health,
                speed=MAX_SPEED,
                clock=FixedClock(),
                wait=lambda _: False,
                deliver=told.append,
            )

        first, second = run(), run()

    assert (first.entries, first.stopped) == (2, False)
    assert second.entries == 0
    assert [len(each.of("call")) for each in told] == [2]
    now = health.snapshot()
    assert now.state is FeedState.ENDED
    assert now.refused == 1
    assert now.says == "cad is at its end; nothing more comes from it. 3 rows read, 2 calls, 1 refused."


class Locked(Collected):
    """A journal that cannot be written the first few times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def append(self, entries: Sequence[Entry]) -> Changes:
        if self.times:
            self.times -= 1
            raise KnownError("The store is locked.")
        return super().append(entries)


def test_a_store_that_is_locked_is_tried_again_until_it_takes_what_came(tmp_path: Path) -> None:
    health, journal = HealthKeeper("cad", FixedClock()), Locked(8)
    pauses: list[float] = []
    said: list[tuple[FeedState, str]] = []

    def wait(seconds: float) -> bool:
        if seconds:
            pauses.append(seconds)
            said.append((health.snapshot().state, health.snapshot().says))
        return False

    fed = feed(
        source(tmp_path, *ROWS),
        Intake(journal, CENTER),
        health,
        speed=MAX_SPEED,
        clock=FixedClock(),
        wait=wait,
        persist=True,
    )

    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert set(said) == {(FeedState.DOWN, "The store is locked. cad waits and tries again.")}
    assert fed.entries == len(journal.entries) == 2
    assert health.snapshot().state is FeedState.ENDED


def test_a_feed_that_waits_for_its_store_can_be_stopped(tmp_path: Path) -> None:
    fed = feed(
        source(tmp_path, *ROWS),
        Intake(Locked(9), CENTER),
        HealthKeeper("cad", FixedClock()),
        speed=MAX_SPEED,
        clock=FixedClock(),
        wait=lambda seconds: seconds > 0,
        persist=True,
    )

    assert (fed.entries, fed.stopped) == (0, True)


def test_a_failing_source_is_down_with_the_sentence_that_says_why() -> None:
    health = HealthKeeper("cad", FixedClock())

    with pytest.raises(KnownError, match="the share is gone"):
        feed(
            Failing(KnownError("the share is gone")),
            Intake(Collected(), CENTER),
            health,
            speed=MAX_SPEED,
            clock=FixedClock(),
            wait=lambda _: False,
        )

    assert (health.snapshot().state, health.snapshot().says) == (FeedState.DOWN, "the share is gone")


def test_a_silent_feed_is_stale_and_says_what_to_do() -> None:
    clock = FixedClock()
    health = HealthKeeper("cad", clock)
    assert health.snapshot().state is FeedState.STARTING

    health.alive(entries=3, source_at=datetime.fromisoformat("2015-01-01T00:00:00+00:00"))
    clock.advance(STALE_AFTER.total_seconds() - 1)
    assert health.snapshot().state is FeedState.FRESH

    clock.advance(1)
    stale = health.snapshot()
    assert stale.state is FeedState.STALE
    assert stale.says.startswith('The feed "cad" has been silent for 30 s.')
    assert "by hand" in stale.says

    health.alive()
    assert health.snapshot().state is FeedState.FRESH
    assert health.snapshot().entries == 3
    assert health.snapshot().source_at == stale.source_at


def test_a_drill_runs_on_its_thread_until_it_is_stopped(tmp_path: Path) -> None:
    clock = FixedClock()
    on_board = threading.Event()
    with Store.create(tmp_path / "home", KEY, drill=True) as store:
        drill = DrillSource(load_scenario("evening"), CENTER, clock.now())
        thread = FeedThread(drill, Intake(store, CENTER), clock=clock, deliver=lambda changes: on_board.set())
        thread.start()
        assert on_board.wait(30)  # the past is on the board; a clock that stands still brings nothing more
        assert thread.running
        assert thread.health().state is FeedState.FRESH

        thread.stop()
        thread.stop()

    assert not thread.running
    assert thread.failure is None
    assert thread.health().state is FeedState.ENDED
    assert thread.health().says.startswith("drill was stopped.")
    assert thread.health().entries > 100


def test_a_thread_that_fails_by_the_environment_says_so() -> None:
    failing = Failing(KnownError("the share is gone"))
    thread = FeedThread(failing, Intake(Collected(), CENTER), clock=FixedClock(), speed=MAX_SPEED)

    thread.start()
    thread.wait()

    assert isinstance(thread.failure, KnownError)
    assert (thread.health().state, thread.health().says) == (FeedState.DOWN, "the share is gone")


def test_a_fault_of_the_program_is_logged_and_shown(caplog: pytest.LogCaptureFixture) -> None:
    failing = Failing(ZeroDivisionError("oops"))
    thread = FeedThread(failing, Intake(Collected(), CENTER), clock=FixedClock(), speed=MAX_SPEED)

    with caplog.at_level(logging.ERROR):
        thread.start()
        thread.wait()

    assert isinstance(thread.failure, ZeroDivisionError)
    assert "ZeroDivisionError" in caplog.text
    assert thread.health().state is FeedState.DOWN
    assert "fault of this program (ZeroDivisionError)" in thread.health().says


def test_stopping_a_thread_that_never_began_is_harmless() -> None:
    thread = FeedThread(Failing(KnownError("x")), Intake(Collected(), CENTER), clock=FixedClock())

    thread.stop()

    assert not thread.running
