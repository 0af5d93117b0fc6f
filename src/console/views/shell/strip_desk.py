"""Wires the strip to what a dispatcher may do and see."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from console.actions import calls, flags
from console.bridge.refresher import Refresher
from console.bridge.seat import Seat
from console.bridge.sound import Ringer
from console.errors import KnownError
from console.models.center import Center
from console.models.changes import Changes
from console.models.sign_in import SignIn
from console.queries.advice import waiting_advice
from console.queries.alarms import Alarm
from console.queries.board import Board, View, board
from console.queries.finding import call_by_number
from console.views.shell.acknowledging import acknowledging
from console.views.shell.alarm_keeper import AlarmKeeper
from console.views.strip import StripWindow
from console.views.widgets import Tone
from console.views.widgets.kept_words import KeptWords

_REST_MILLISECONDS = 250
_LOOK_AGAIN_SECONDS = 5


class StripDesk(QObject):
    """The strip of one signed-in dispatcher. Signals: ``board_requested``, and ``opened`` (call) to see it whole."""

    board_requested = Signal()
    opened = Signal(object)

    def __init__(self, seat: Seat, center: Center, ringer: Ringer, parent: QObject) -> None:
        super().__init__(parent)
        self._seat = seat
        self._ticks = 0
        self._alarms: tuple[Alarm, ...] = ()
        reasons = [(choice.code, choice.label) for choice in center.flag_reasons]
        self.window = StripWindow(seat.ticker, center.limits, reasons, drill=seat.desk.drill)
        self._keeper = AlarmKeeper(seat, ringer, self)
        self._board = Refresher(seat.bridge, self._read_board, self, rest=_REST_MILLISECONDS)
        self._advice = Refresher(
            seat.bridge, partial(waiting_advice, seat.desk, seat.sign_in), self, rest=_REST_MILLISECONDS
        )
        self._wire()
        self.look()

    @property
    def sign_in(self) -> SignIn:
        """Who sits here."""
        return self._seat.sign_in

    def look(self) -> None:
        """Read everything anew."""
        self._board.request()
        self._advice.request()

    def _wire(self) -> None:
        window, seat = self.window, self._seat
        self._board.loaded.connect(window.show_board)
        self._board.failed.connect(self._remark)
        self._advice.loaded.connect(window.show_advice)
        self._advice.failed.connect(self._remark)
        self._keeper.shown.connect(self._show_alarms)
        self._keeper.failed.connect(self._remark_words)
        seat.bridge.changed.connect(self._changed)
        seat.ticker.tick.connect(self._tick)
        reasons = window.reasons
        self._words = KeptWords(seat, reasons.words.text, reasons.words.setText, self)
        reasons.opened.connect(self._asks_for_flag)
        reasons.closed.connect(self._words.close)
        reasons.words.textEdited.connect(self._words.typed)
        self._words.failed.connect(self._remark)
        window.flag_requested.connect(self._flag)
        window.advice_acknowledged.connect(self._acknowledge_advice)
        window.alarm_acknowledged.connect(self._acknowledge_alarm)
        window.opened.connect(self.opened)
        window.board_requested.connect(self.board_requested)

    def _read_board(self) -> Board:
        return board(self._seat.desk, self._seat.sign_in, View.FLAGGED, "", self._seat.cad())

    def _changed(self, changes: Changes) -> None:
        if changes.touches("call"):
            self.look()

    def _tick(self) -> None:
        self._ticks += 1
        if self._ticks % _LOOK_AGAIN_SECONDS == 0:
            self.look()

    def _show_alarms(self, found: tuple[Alarm, ...]) -> None:
        self._alarms = found
        self.window.show_alarms(found)

    # -- acts ----------------------------------------------------------------------------------------------------------

    def _act(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self._seat.bridge.write(self, job, done, self._remark)

    def _asks_for_flag(self, number: str) -> None:
        self._words.open(f"flag:#{number}")

    def flush(self) -> None:
        """Keep what is typed, now."""
        self._words.flush()

    def _flag(self, number: str, reason: str, words: str) -> None:
        job = partial(_flag_by_number, self._seat, number, reason, words)
        refused = partial(self._flag_refused, number, reason, words)
        self._seat.bridge.write(self, job, partial(self._flagged, number), refused)

    def _flag_refused(self, number: str, reason: str, words: str, error: KnownError) -> None:
        self.window.flag_refused(number, reason, words, error.message)

    def _flagged(self, number: str, call: UUID) -> None:
        self._words.done(f"flag:#{number}")
        self.window.follow(call)
        self.window.show_remark(f"{number} is flagged", Tone.GOOD)

    def _acknowledge_advice(self, call: UUID, advice: UUID, passed: bool) -> None:
        seat = self._seat
        self._act(partial(calls.acknowledge_advice, seat.desk, seat.sign_in, call, advice, passed=passed), self._kept)

    def _acknowledge_alarm(self, key: str) -> None:
        job = acknowledging(self._seat, self._alarms, key)
        if job is None:
            self._remark_words("This stays until its cause ends")
            return
        self._act(job, self._kept)

    def _kept(self, _result: object) -> None:
        """The record says it now; the change comes by itself."""

    def _remark(self, error: KnownError) -> None:
        self._remark_words(error.message)

    def _remark_words(self, words: str) -> None:
        self.window.show_remark(words, Tone.WARN)


def _flag_by_number(seat: Seat, number: str, reason: str, words: str) -> UUID:
    call = call_by_number(seat.desk, seat.sign_in, number)
    flags.flag(seat.desk, seat.sign_in, call, reason, words)
    return call
