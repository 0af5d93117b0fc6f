"""What a page has typed, done and kept, told truthfully in one line."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.bridge.seat import Seat
from console.errors import KnownError
from console.views.widgets import Tone

Done = Callable[[Any], None]
Failed = Callable[[KnownError], None]


def _nothing(result: Any) -> None:
    """For jobs whose outcome only matters when they fail."""


class Saver(QObject):
    """Runs a page's writing and knows what is not on disk yet.

    An act is something a person did (a flag, a level): refused, it says so where it was done. Keeping is what the page
    does by itself (a draft, an answer): until it succeeds, the page says ``NOT SAVED``.

    Signals: ``told`` (words, :class:`Tone`) whenever the line changes, ``saved`` (datetime) when all is on disk.
    """

    told = Signal(str, object)
    saved = Signal(object)

    def __init__(self, seat: Seat, parent: QObject) -> None:
        super().__init__(parent)
        self._seat = seat
        self._typed: set[str] = set()
        self._flying: dict[str, int] = {}
        self._failed: dict[str, str] = {}
        self._drafts: dict[str, str] = {}
        self._acts = 0
        self._last: datetime | None = None
        self._said: tuple[str, Tone] = ("", Tone.MUTED)

    @property
    def words(self) -> str:
        """The line now."""
        return self._said[0]

    @property
    def tone(self) -> Tone:
        return self._said[1]

    def typed(self, name: str) -> None:
        """The field ``name`` holds something that was not handed over yet."""
        if name not in self._typed:
            self._typed.add(name)
            self._tell()

    def refuse(self, name: str, why: str) -> None:
        """What the field ``name`` holds cannot be kept as it is."""
        self._typed.discard(name)
        self._failed[name] = why
        self._tell()

    def unchanged(self, name: str) -> None:
        """The field ``name`` holds again what is on disk."""
        self._typed.discard(name)
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
        self._typed.discard(name)
        self._flying[name] = self._flying.get(name, 0) + 1
        self._tell()
        self._seat.bridge.write(self, job, partial(self._kept, name, done), partial(self._not_kept, name, failed))

    def act(self, job: Callable[[], Any], done: Done, failed: Failed) -> None:
        """Do what a person decided."""
        self._acts += 1
        self._tell()
        self._seat.bridge.write(self, job, partial(self._acted, done), partial(self._refused, failed))

    def _landed(self, name: str) -> None:
        left = self._flying.pop(name, 1) - 1
        if left:
            self._flying[name] = left

    def _kept(self, name: str, done: Done, result: Any) -> None:
        self._landed(name)
        self._failed.pop(name, None)
        self._last = self._seat.ticker.now()
        done(result)
        self._tell()

    def _not_kept(self, name: str, failed: Failed, error: KnownError) -> None:
        self._landed(name)
        self._failed[name] = error.message
        failed(error)
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
        if self._failed:
            said = (f"NOT SAVED: {next(iter(self._failed.values()))}", Tone.DANGER)
        elif self._typed or self._flying or self._acts:
            said = ("saving…", Tone.MUTED)
        elif self._last is not None:
            said = (f"All changes saved {self._last.astimezone(self._seat.desk.zone):%H:%M:%S}", Tone.GOOD)
        else:
            said = ("", Tone.MUTED)
        if said == self._said:
            return
        self._said = said
        self.told.emit(*said)
        if said[1] is Tone.GOOD:
            self.saved.emit(self._last)
