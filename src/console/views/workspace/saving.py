"""What a page has typed, done and kept, told truthfully in one line."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from console.bridge.seat import Seat
from console.errors import KnownError, TryAgain
from console.views.widgets import Tone

Done = Callable[[Any], None]
Failed = Callable[[KnownError], None]
_Keeping = tuple[Callable[[], Any], Done, Failed]

RETRY_MS = 5000
"""How long to wait before what could not be kept is tried again, while the disk is full."""


def _nothing(result: Any) -> None:
    """For jobs whose outcome only matters when they fail."""


class Saver(QObject):
    """Runs a page's writing and knows what is not on disk yet.

    An act is something a person did (a flag, a level): refused, it says so where it was done. Keeping is what the page
    does by itself (a draft, an answer): until it succeeds, the page says ``NOT SAVED``, and where nothing but the disk
    stood in the way it is tried again by itself.

    Signals: ``told`` (words, :class:`Tone`) whenever the line changes, ``saved`` (datetime) when all is on disk,
    ``unsaved`` (str) why something is not, "" when nothing is in the way any more.
    """

    told = Signal(str, object)
    saved = Signal(object)
    unsaved = Signal(str)

    def __init__(self, seat: Seat, parent: QObject) -> None:
        super().__init__(parent)
        self._seat = seat
        self._typed: set[str] = set()
        self._flying: dict[str, int] = {}
        self._failed: dict[str, str] = {}
        self._drafts: dict[str, str] = {}
        self._newest: dict[str, int] = {}
        self._again: dict[str, _Keeping] = {}
        self._retry = QTimer(self)
        self._retry.setObjectName("keeping-again")
        self._retry.setSingleShot(True)
        self._retry.timeout.connect(self.try_again)
        self._acts = 0
        self._last: datetime | None = None
        self._said: tuple[str, Tone] = ("", Tone.MUTED)
        self._problem = ""

    @property
    def words(self) -> str:
        """The line now."""
        return self._said[0]

    @property
    def tone(self) -> Tone:
        return self._said[1]

    @property
    def problem(self) -> str:
        """Why something is not on disk; "" when nothing is in the way."""
        return self._problem

    def typed(self, name: str) -> None:
        """The field ``name`` holds something that was not handed over yet."""
        if name not in self._typed:
            self._typed.add(name)
            self._tell()

    def refuse(self, name: str, why: str) -> None:
        """What the field ``name`` holds cannot be kept as it is."""
        self._supersede(name)
        self._failed[name] = why
        self._tell()

    def unchanged(self, name: str) -> None:
        """The field ``name`` holds again what is on disk."""
        self._supersede(name)
        self._failed.pop(name, None)
        self._tell()

    def hand_over(self, draft: str, text: str) -> None:
        """The draft holds ``text`` from now on, though it may still be on its way to the disk."""
        self._drafts[draft] = text

    def handed_over(self, draft: str, read: str) -> str:
        """What the draft holds: what this page handed over last, else what was read."""
        return self._drafts.get(draft, read)

    def keep(self, name: str, job: Callable[[], Any], done: Done = _nothing, failed: Failed = _nothing) -> None:
        """Keep what the field ``name`` holds at this moment."""
        self._send(name, (job, done, failed), self._supersede(name))

    def _supersede(self, name: str) -> int:
        """What is on its way for the field ``name`` is not the last word any more; the number of what comes now."""
        self._typed.discard(name)
        self._again.pop(name, None)
        self._newest[name] = self._newest.get(name, 0) + 1
        return self._newest[name]

    def _send(self, name: str, what: _Keeping, turn: int) -> None:
        job, done, _ = what
        self._flying[name] = self._flying.get(name, 0) + 1
        self._tell()
        not_kept = partial(self._not_kept, name, turn, what)
        self._seat.bridge.write(self, job, partial(self._kept, name, turn, done), not_kept)

    def try_again(self) -> None:
        """Keep now what a full disk kept back. What was typed since goes its own way."""
        waiting, self._again = self._again, {}
        for name, what in waiting.items():
            self._send(name, what, self._newest[name])

    def act(self, job: Callable[[], Any], done: Done, failed: Failed) -> None:
        """Do what a person decided."""
        self.try_again()  # an act stands on what was typed before it
        self._acts += 1
        self._tell()
        self._seat.bridge.write(self, job, partial(self._acted, done), partial(self._refused, failed))

    def _landed(self, name: str) -> None:
        left = self._flying.pop(name, 1) - 1
        if left:
            self._flying[name] = left

    def _kept(self, name: str, turn: int, done: Done, result: Any) -> None:
        self._landed(name)
        self._last = self._seat.ticker.now()
        if turn == self._newest[name]:  # else the field holds something newer, which may have been refused
            self._failed.pop(name, None)
            done(result)
        self._tell()

    def _not_kept(self, name: str, turn: int, what: _Keeping, error: KnownError) -> None:
        self._landed(name)
        if turn == self._newest[name]:  # else the field holds something newer, and these words must not come after it
            self._failed[name] = error.message
            if isinstance(error, TryAgain):
                self._again[name] = what
                self._retry.start(RETRY_MS)
        what[2](error)
        self._tell()

    def _acted(self, done: Done, result: Any) -> None:
        self._acts -= 1
        self._last = self._seat.ticker.now()
        done(result)
        self._tell()

    def _refused(self, failed: Failed, error: KnownError) -> None:
        self._acts -= 1
        failed(error)
        self._tell()

    def _tell(self) -> None:
        problem = next(iter(self._failed.values()), "")
        if problem:
            said = (f"NOT SAVED: {problem}", Tone.DANGER)
        elif self._typed or self._flying or self._acts:
            said = ("saving…", Tone.MUTED)
        elif self._last is not None:
            said = ("All changes saved", Tone.GOOD)  # when, says the line at the bottom, for all of the window
        else:
            said = ("", Tone.MUTED)
        if said == self._said:
            return
        self._said = said
        self.told.emit(*said)
        if problem != self._problem:
            self._problem = problem
            self.unsaved.emit(problem)
        if said[1] is Tone.GOOD:
            self.saved.emit(self._last)
