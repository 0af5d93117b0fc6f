"""The bar under the tabs: what is wrong, what was just said, what waits, how old it is, how many there are."""

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from console.models.center import Limits
from console.queries.board import Board
from console.views.board import wording
from console.views.board.holding import Held
from console.views.widgets import BannerBar, Tone

_REMARK_FOR = timedelta(seconds=4)


class BoardNotice(BannerBar):
    """Says one thing at a time, the gravest; how fresh CAD is stands at its right end always.

    ``release_requested``, ``retry_requested`` and ``entry_requested`` (a call by hand) tell what pressing it asked for.
    """

    release_requested = Signal()
    entry_requested = Signal()
    retry_requested = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__("Board", parent=parent)
        self._now = now
        self._remark_until: datetime | None = None
        self._trouble = ""
        self._offers_entry = False
        self.may_enter = False
        self.activated.connect(self._asked)

    def set_trouble(self, words: str) -> None:
        """What went wrong with reading the board; "" when it was read."""
        self._trouble = words

    def remark(self, words: str) -> None:
        """Say something for a moment."""
        self._remark_until = self._now() + _REMARK_FOR
        self.say(words, Tone.ACCENT)

    def speak(self, board: Board, held: Held, limits: Limits) -> None:
        """Say what is to be said now."""
        now = self._now()
        cad, tone = wording.freshness(board, now)
        self.say_aside(cad, tone)
        troubled = tone in (Tone.WARN, Tone.DANGER)
        self._offers_entry = False
        if self._trouble:
            self.say(self._trouble, Tone.DANGER, key="F5", key_says="tries again")
        elif self._remark_until is not None and now < self._remark_until:
            return
        elif held.waits:
            runs = wording.new_runs(held.new, now, limits, gone=len(held.gone), moved=held.moved)
            says = {0: "catches up", 1: "shows it"}.get(len(held.new), "shows them")
            self.say(runs, tone if troubled else Tone.ACCENT, key="N", key_says=says)
        elif troubled:
            self._offers_entry = self.may_enter
            key, does = ("F10", "enters a call by hand") if self.may_enter else ("", "")
            self.say(board.cad.says, tone, key=key, key_says=does)
        else:
            self.say(wording.summary(board), Tone.MUTED)

    def _asked(self) -> None:
        if self._trouble:
            self.retry_requested.emit()
        elif self._offers_entry:
            self.entry_requested.emit()
        else:
            self.release_requested.emit()
