"""A board of many open calls while CAD goes on telling of them, and a person at work on it; a process of its own.

``python -m benchmarks.watched_board FOLDER CALLS PER_SECOND SECONDS STEP`` makes an encrypted home in ``FOLDER``, opens
the window of a clinician on it, feeds the updates through the feed of the program, and prints one line of JSON: for
each thing that went on, the longest time that the event loop stood still, and the 99th percentile, in milliseconds. The
queue is looked at for ``SECONDS`` with updates and as long without; a person at work does something every ``STEP``.
``--where`` also says on the error stream where it stood still for long.
"""

import argparse
import gc
import json
import logging
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.beats import Beats
from benchmarks.invented import SOURCE, Queue
from benchmarks.stand_ins import PASSWORD, hash_for_free, keep_key_beside
from benchmarks.watch import memory
from console.actions import directory, homes, people
from console.app.opening import look_at
from console.app.program import Program
from console.app.screen import open_screen
from console.bridge.watchdog import Watchdog
from console.clock import SystemClock
from console.feeds.feed import FeedThread
from console.feeds.intake import Intake
from console.feeds.refusals import Reading
from console.feeds.source import SourceEvent
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.off_gui import mark_gui_thread
from console.settings import Settings, resources
from console.views.shell.frame import Frame
from wire.permissions import Role

_SECTIONS = ("screen", "facts", "assess", "level", "advise", "services", "sheet", "dispose", "history")


class Pace(NamedTuple):
    """How long the queue is looked at, and how long a person looks at what came before the next key; in seconds."""

    seconds: float
    step: float


class Updates:
    """The CAD that tells of the queue, from now on, without end."""

    name = SOURCE
    origin = None

    def __init__(self, queue: Queue, per_second: int) -> None:
        self.reading = Reading()
        self._queue = queue
        self._per_second = per_second

    def events(self) -> Iterator[SourceEvent]:
        """One event after the other."""
        return self._queue.updates(self._per_second)


class Shift:
    """What happens, step by step; each step yields the seconds until the next."""

    def __init__(self, program: Program, frame: Frame, feed: FeedThread, beats: Beats, given: Pace) -> None:
        self._program, self._frame, self._feed, self._beats = program, frame, feed, beats
        self._seconds, self._step = given
        self._entries = 0
        self.rows = 0
        self._steps = self._begin()
        self._next()

    def _next(self) -> None:
        wait = next(self._steps, None)
        if wait is None:
            self._program.application.quit()
        else:
            QTimer.singleShot(round(wait * 1000), self._next)

    def _begin(self) -> Iterator[float]:
        board = self._frame.board_page.board
        self._beats.phase("making ahead")
        yield 1 + 4 * self._step
        while not self._frame.spare_time.idle:
            yield self._step
        self._beats.phase("")
        board.view_changed.emit("open")
        yield 1 + self._step
        self.rows = len(board.model.rows)
        self._beats.phase("no updates")
        yield self._seconds
        self._beats.phase("")
        self._program.feed = self._feed
        self._feed.start()
        yield 1 + self._step
        self._beats.phase("updates")
        yield self._seconds
        yield from self._work()
        self._beats.phase("")

    def _work(self) -> Iterator[float]:
        page, beats = self._frame.board_page, self._beats
        calls = [row.call for row in page.board.model.rows if row.flagged][:3]
        beats.phase("opening a call")
        page.open_call(calls[0])
        yield 2 * self._step
        for section in _SECTIONS:
            beats.phase(f"section {section}")
            page.workspace.go(section)
            yield self._step
        beats.phase("opening another call")
        for call in calls[1:]:
            page.open_call(call)
            yield self._step
        for screen in ("directory", "people", "status", "board"):
            beats.phase(f"screen {screen}")
            self._frame.show_screen(screen)
            yield self._step
        beats.phase("list of keys")
        self._frame.toggle_keys()
        yield self._step


def main(folder: Path, calls: int, per_second: int, given: Pace, *, where: bool) -> int:
    """Make the home, open the window, work a while, print."""
    home = folder / "home"
    keep_key_beside(home)
    hash_for_free()
    desk, clinician, queue = _center(home, calls)
    gc.disable()
    application = open_screen()
    program = Program(application, home, Settings(theme="dark"))
    try:
        program.use(look_at(desk))
        mark_gui_thread(threading.get_ident())
        watchdog = Watchdog(program, stall_seconds=0.03) if where else None
        frame = program.show_work(program.open_window(), clinician)
        feed = FeedThread(Updates(queue, per_second), Intake(desk.store, desk.center), clock=program.clock)
        beats = Beats()
        shift = Shift(program, frame, feed, beats, given)
        _end_when_stuck(application, given.seconds)
        application.exec()
        health = feed.health()
        if watchdog is not None:
            watchdog.stop()
    finally:
        program.close()
        mark_gui_thread(None)
    found = {"rows": shift.rows, "entries": health.entries, "memory": memory("VmHWM"), "stalls": beats.seen()}
    print(json.dumps(found), flush=True)
    return 0


def _end_when_stuck(application: QApplication, seconds: float) -> None:
    QTimer.singleShot(round((60 + 2 * seconds) * 1000), partial(application.exit, 1))


def _center(home: Path, calls: int) -> tuple[Desk, SignIn, Queue]:
    """A founded center with its directory, somebody who may do most things, and a queue as it stands now."""
    clock = SystemClock()
    desk, first = homes.found_home(
        home, clock, center_name="Northside 911", administrator="avery", password=PASSWORD, zone_name="America/Chicago"
    )
    roles = (Role.DISPATCHER, Role.CLINICIAN, Role.SUPERVISOR, Role.ADMINISTRATOR)
    people.add_person(desk, first, "jordan", PASSWORD, roles)
    clinician = people.sign_in(desk, "jordan", PASSWORD)
    directory.import_services(desk, clinician, resources() / "directory" / "westside.csv")
    queue = Queue(desk.center, calls, clock.now())
    Intake(desk.store, desk.center).take(list(queue.opening()))
    return desk, clinician, queue


if __name__ == "__main__":
    words = argparse.ArgumentParser()
    words.add_argument("folder", type=Path)
    words.add_argument("calls", type=int)
    words.add_argument("per_second", type=int)
    words.add_argument("seconds", type=float)
    words.add_argument("step", type=float)
    words.add_argument("--where", action="store_true")
    given = words.parse_args()
    if given.where:
        logging.basicConfig(level=logging.WARNING, format="%(relativeCreated)d %(name)s %(message)s")
        logging.getLogger("console.watchdog").setLevel(logging.INFO)
    sys.exit(main(given.folder, given.calls, given.per_second, Pace(given.seconds, given.step), where=given.where))
