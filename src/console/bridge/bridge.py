"""The only link between Qt and everything below it.

Widgets hand over a job and the two bound methods that will hear of it; the job runs on a lane, the methods run on the
GUI thread. What other desks, feeds and windows change arrives as one signal.
"""

import itertools
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from console.bridge.lanes import Lane, Outcome
from console.errors import BugError, KnownError
from console.models.changes import Changes
from console.security.redaction import safe_id

log = logging.getLogger("console.bridge")

SHUTDOWN_SECONDS = 5.0
Done = Callable[[Any], None]
Failed = Callable[[KnownError], None]


@dataclass(slots=True)
class _Waiting:
    owner: QObject
    done: Done
    failed: Failed


class Bridge(QObject):
    """Runs jobs off the GUI thread and brings their outcomes back to it.

    Signals: ``changed`` (Changes) after every commit, whoever made it; ``broke`` (str) with a report id when a job met
    a fault of ours. The lane "write" keeps a person's acts in order. Nothing that may hang or last holds up anything
    else: "read" for queries, "slow" for drawing sheets, "printing" for the print system, "saving" for files that people
    asked for, "entrance" for opening the home and signing in, "aside" for what nobody waits for.
    """

    changed = Signal(object)
    broke = Signal(str)
    _came_back = Signal(object)
    _noticed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tickets = itertools.count(1)
        self._waiting: dict[int, _Waiting] = {}
        self._lanes: dict[str, Lane] = {}
        self._came_back.connect(self._bring_back, Qt.ConnectionType.QueuedConnection)
        self._noticed.connect(self.changed, Qt.ConnectionType.QueuedConnection)
        self._closed = False

    def write(self, owner: QObject, job: Callable[[], Any], done: Done, failed: Failed) -> None:
        """Run one act of a person, after those given before."""
        self._run("write", owner, job, done, failed)

    def read(self, owner: QObject, job: Callable[[], Any], done: Done, failed: Failed) -> None:
        """Run a query."""
        self._run("read", owner, job, done, failed)

    def slow(self, owner: QObject, job: Callable[[], Any], done: Done, failed: Failed) -> None:
        """Run something of our own that takes long: drawing a sheet. Nothing here waits for anything outside."""
        self._run("slow", owner, job, done, failed)

    def printing(self, owner: QObject, job: Callable[[], Any], done: Done, failed: Failed) -> None:
        """Run something that waits for the print system, which may not answer."""
        self._run("printing", owner, job, done, failed)

    def saving(self, owner: QObject, job: Callable[[], Any], done: Done, failed: Failed) -> None:
        """Write a file where a person wants it, which may be on a share that does not answer."""
        self._run("saving", owner, job, done, failed)

    def entrance(self, owner: QObject, job: Callable[[], Any], done: Done, failed: Failed) -> None:
        """Open the home, found it, or check who signs in: the key store and the password take their time."""
        self._run("entrance", owner, job, done, failed)

    def aside(self, owner: QObject, job: Callable[[], Any], done: Done, failed: Failed) -> None:
        """Run something that nobody waits for: folding again after an update, an import, keeping a preference."""
        self._run("aside", owner, job, done, failed)

    def notice(self, changes: Changes) -> None:
        """Tell the screens what changed; may be called on any thread."""
        if not self._closed:
            self._noticed.emit(changes)

    def close(self) -> bool:
        """End every lane after what it was given; False when one is still busy after five seconds.

        What a person did is written however long it takes: the lane "write" is waited for without a limit.
        """
        self._closed = True
        for lane in self._lanes.values():
            lane.end()
        if (write := self._lanes.get("write")) is not None:
            write.wait(None)
        ended = [lane.wait(SHUTDOWN_SECONDS) for lane in self._lanes.values()]
        self._lanes.clear()
        self._waiting.clear()
        return all(ended)

    def _run(self, name: str, owner: QObject, job: Callable[[], Any], done: Done, failed: Failed) -> None:
        if self._closed:
            return
        lane = self._lanes.get(name)
        if lane is None:
            lane = self._lanes[name] = Lane(name, self._came_back.emit)
        ticket = next(self._tickets)
        self._waiting[ticket] = _Waiting(owner, done, failed)
        lane.give(ticket, job)

    def _bring_back(self, outcome: Outcome) -> None:
        waiting = self._waiting.pop(outcome.ticket, None)
        if waiting is None:
            return
        error = outcome.error
        if error is not None and not isinstance(error, KnownError):
            error = self._report(error)
        if not isValid(waiting.owner):
            return
        if isinstance(error, KnownError):
            waiting.failed(error)
        else:
            waiting.done(outcome.result)

    def _report(self, error: BaseException) -> KnownError:
        """Log a fault of ours under an id, without a caller's words, and turn it into a line for the person."""
        report = uuid.uuid4().hex[:8]
        name = safe_id(type(error).__name__)
        log.error("job failed, report %s: %s", safe_id(report), name, exc_info=_stack_only(error))
        self.broke.emit(report)
        return KnownError(f"Something in the program went wrong (report {report}). Your words are kept; try again.")


def _stack_only(error: BaseException) -> tuple[type[BaseException], BaseException, Any]:
    """The error's type and stack for the log; its message stays out, it may hold what a caller said."""
    return BugError, BugError(type(error).__name__).with_traceback(error.__traceback__), error.__traceback__
