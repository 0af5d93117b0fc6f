"""The strip: the dispatcher's slim bar beside CAD. Flag, who has it, what they advise, alarms; nothing else."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent, QScreen, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from console.bridge.ticker import Ticker
from console.models.center import Limits
from console.queries.advice import WaitingAdvice
from console.queries.alarms import Alarm
from console.queries.board import NO_SOURCE, Board, BoardRow, Freshness
from console.views.strip.advice_box import AdviceBox
from console.views.strip.chips import ChipRow
from console.views.strip.flag_box import NumberField, ReasonRow
from console.views.strip.wording import newest_first
from console.views.theme import Icon, Type, current, watch
from console.views.widgets import ActionButton, ElidedText, Look, StatusDot, Tone, Watermark, announce, tip
from console.views.widgets.ages import age, rough_text

STRIP_KEYS = (
    ("F2", "flag a call by its number"),
    ("F6", "acknowledge the advice as read"),
    ("Shift+F6", "acknowledge it as passed to the units"),
    ("F9", "acknowledge the alarm"),
    ("F10", "open the board"),
)
"""Every key of the strip, for the overlay that lists them."""

_REMARK_FOR = timedelta(seconds=6)
_ANY_WIDTH = 16_777_215
_TONES = {"fresh": Tone.GOOD, "stale": Tone.WARN, "down": Tone.DANGER}


class StripWindow(QWidget):
    """Stays on top, never takes the focus by itself, and says nothing of a caller in its title.

    ``flag_requested`` carries number, reason code and words; ``advice_acknowledged`` call, advice
    and whether it was passed to the units.
    """

    flag_requested = Signal(str, str, str)
    opened = Signal(object)
    advice_acknowledged = Signal(object, object, bool)
    alarm_acknowledged = Signal(str)
    board_requested = Signal()
    closed = Signal()

    def __init__(
        self,
        ticker: Ticker,
        limits: Limits,
        reasons: Sequence[tuple[str, str]],
        *,
        drill: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Tool | Qt.WindowType.WindowStaysOnTopHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setWindowTitle("Clinician Console strip")
        self._now: Callable[[], datetime] = ticker.now
        self._rows: tuple[BoardRow, ...] = ()
        self._followed: UUID | None = None
        self._cad: Freshness = NO_SOURCE
        self._alarms: Sequence[Alarm] = ()
        self._heard: frozenset[str] = frozenset()
        self._remark_until: datetime | None = None
        self.number = NumberField()
        self._flag = ActionButton("Flag", key="F2", icon=Icon.FLAG, name="Flag a call by its number")
        self.chips = ChipRow(self._now, limits)
        self.advice = AdviceBox(self._now)
        self._alarm = ActionButton("", key="F9", look=Look.DANGER, icon=Icon.BELL, name="Acknowledge the alarm")
        self._alarm.hide()
        self._quiet = StatusDot("No alarms", Tone.MUTED)
        self._fresh = StatusDot("", Tone.MUTED)
        self._mark = Watermark("DRILL")
        self._mark.setVisible(drill)
        self.reasons = ReasonRow(reasons)
        self._remark = ElidedText("", Type.SMALL)
        self._remark.hide()
        self._lay_out()
        self._wire(ticker)
        watch(self._restyle)
        self.show_alarms(())
        self._tell_freshness()

    # -- what is shown -------------------------------------------------------------------------------------------------

    def show_board(self, board: Board) -> None:
        """The flagged calls and the freshness of CAD."""
        self._rows, self._cad = board.rows, board.cad
        self.chips.show_rows(newest_first(self._rows, self._followed))
        self._tell_freshness()

    def follow(self, call: UUID | None) -> None:
        """Keep one call first: the one that was flagged here, or is selected on the board."""
        self._followed = call
        self.chips.show_rows(newest_first(self._rows, call))

    def show_advice(self, waiting: Sequence[WaitingAdvice]) -> None:
        """Advice that dispatch has not acknowledged."""
        self.advice.show_advice(waiting)
        self._settle_height()

    def show_alarms(self, alarms: Sequence[Alarm]) -> None:
        """The alerts of now, gravest first. The first that waits is named on the button."""
        self._alarms = [alarm for alarm in alarms if not alarm.acknowledged_by and alarm.tier != "advisory"]
        waiting = len(self._alarms)
        self._quiet.setVisible(waiting == 0)
        self._alarm.setVisible(waiting > 0)
        if waiting:
            first = self._alarms[0]
            self._alarm.set_words(str(waiting), f"Acknowledge: {first.detail}, {first.title}. {waiting} wait")
            tip(self._alarm, f"{first.detail} · {first.title}")
            self._alarm.set_look(Look.DANGER if first.tier == "alarm" else Look.SECONDARY)
            if first.tier == "alarm" and first.key not in self._heard:
                announce(self, f"Alarm. {first.detail}. {first.title}", urgent=True)
        self._heard = frozenset(alarm.key for alarm in self._alarms)

    def show_remark(self, words: str, tone: Tone = Tone.WARN) -> None:
        """Say something for some seconds, e.g. that no open call has the number that was typed."""
        self._remark.setText(words)
        self._remark.set_tone(tone)
        self._remark.show()
        self._remark_until = self._now() + _REMARK_FOR
        announce(self, words)
        self._settle_height()

    def flag_refused(self, number: str, reason: str, words: str, why: str) -> None:
        """The flag was refused: number, reason and words stand here again, unless another is being typed."""
        self.show_remark(why)
        if self.reasons.number or self.number.text().strip():
            return
        self.number.setText(number)
        self.reasons.give_back(number, reason, words)
        self._settle_height()
        if self.number.hasFocus():
            self.number.selectAll()

    def place_on(self, screen: QScreen) -> None:
        """Along the top edge of a screen, as wide as it is."""
        room = screen.availableGeometry()
        self.setGeometry(room.x(), room.y(), room.width(), self.sizeHint().height())

    @property
    def says_of_alarms(self) -> str:
        """What the alarm button says to a screen reader; "" while nothing waits."""
        return self._alarm.accessibleName() if self._alarms else ""

    # -- acts ----------------------------------------------------------------------------------------------------------

    def start_flag(self) -> None:
        """Go to the number (F2), or on to the reasons when there is one."""
        if self.number.hasFocus() and self.number.text().strip():
            self._ask(self.number.text().strip())
            return
        self.number.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.number.selectAll()

    def acknowledge_alarm(self) -> None:
        """Acknowledge the first alarm that waits (F9)."""
        if self._alarms:
            self.alarm_acknowledged.emit(self._alarms[0].key)

    def _ask(self, number: str) -> None:
        self._remark.hide()
        self.reasons.ask(number)
        self._settle_height()

    def _flagged(self, number: str, reason: str, words: str) -> None:
        self.number.clear()
        self.flag_requested.emit(number, reason, words)

    def _reasons_closed(self) -> None:
        self._settle_height()
        self.number.setFocus(Qt.FocusReason.PopupFocusReason)

    def _tick(self) -> None:
        if not self.isVisible():
            return
        self.chips.refresh()
        self.advice.update()
        self._tell_freshness()
        if self._remark_until is not None and self._now() >= self._remark_until:
            self._remark_until = None
            self._remark.hide()
            self._settle_height()

    def _tell_freshness(self) -> None:
        cad = self._cad
        if cad.state == "none":
            self._fresh.set_status("No CAD", Tone.MUTED)
            return
        old = f" {rough_text(age(cad.last_at, self._now()))}" if cad.last_at is not None else ""
        self._fresh.set_status(f"CAD {cad.state}{old}", _TONES.get(cad.state, Tone.MUTED))
        tip(self._fresh, cad.says)

    # -- building ------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        before: tuple[QWidget, ...] = (self._mark, self.number, self._flag)
        after: tuple[QWidget, ...] = (self._alarm, self._quiet, self._fresh)
        self._row = QHBoxLayout()
        for widget in before:
            self._row.addWidget(widget)
        self._row.addWidget(self.chips, 1)
        for widget in after:
            self._row.addWidget(widget)
        self._below = QHBoxLayout()
        self._below.addWidget(self.advice)
        self._column = QVBoxLayout(self)
        # What arrives never widens the window over the CAD beside it.
        self._column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._column.addLayout(self._row)
        self._column.addLayout(self._below)
        self._column.addWidget(self.reasons)
        self._column.addWidget(self._remark)

    def _wire(self, ticker: Ticker) -> None:
        ticker.tick.connect(self._tick)
        self._flag.clicked.connect(self._flag_pressed)
        self.number.entered.connect(self._ask)
        self.reasons.flagged.connect(self._flagged)
        self.reasons.closed.connect(self._reasons_closed)
        self.chips.opened.connect(self.opened)
        self.chips.more_requested.connect(self.board_requested)
        self.advice.acknowledged.connect(self.advice_acknowledged)
        self._alarm.clicked.connect(self.acknowledge_alarm)
        acts: dict[str, Callable[[], None]] = {
            "F2": self.start_flag,
            "F6": self.advice.read,
            "Shift+F6": self.advice.passed,
            "F9": self.acknowledge_alarm,
            "F10": self.board_requested.emit,
        }
        for key, act in acts.items():
            QShortcut(QKeySequence(key), self).activated.connect(act)

    def _flag_pressed(self) -> None:
        number = self.number.text().strip()
        if number:
            self._ask(number)
        else:
            self.start_flag()

    def _settle_height(self) -> None:
        """As high as its lines need, and no higher. Advice takes a line of its own where one line is too narrow."""
        theme = current()
        own_line = self.width() < theme.px(900)
        if own_line is not (self._below.indexOf(self.advice) >= 0):
            (self._row if own_line else self._below).removeWidget(self.advice)
            if own_line:
                self._below.addWidget(self.advice)
            else:
                self._row.insertWidget(self._row.indexOf(self.chips) + 1, self.advice)
        space = theme.space
        full = own_line and not self.advice.isHidden()
        self._below.setContentsMargins(space.s, 0, space.s, space.xs if full else 0)
        self.advice.setMaximumWidth(_ANY_WIDTH if own_line else max(theme.px(360), self.width() * 2 // 5))
        self._column.activate()
        self.setFixedHeight(self._height())

    def _height(self) -> int:
        if self._column.hasHeightForWidth():
            return self._column.totalHeightForWidth(self.width())
        return self._column.totalSizeHint().height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._settle_height()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    def _restyle(self) -> None:
        space = current().space
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._row.setContentsMargins(space.s, space.xs, space.s, space.xs)
        self._row.setSpacing(space.s)
        self._remark.setContentsMargins(space.s, 0, space.s, space.xs)
        self._settle_height()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = current().tokens
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens.surface)
        painter.fillRect(0, self.height() - 1, self.width(), 1, tokens.outline)
        painter.end()
