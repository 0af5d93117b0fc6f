"""The parts of the board in their places: what stands where, not what it shows nor what is done with it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from console.bridge.ticker import Ticker
from console.models.center import Limits
from console.views.board.alarm_panel import AlarmPanel
from console.views.board.board_head import BoardHead
from console.views.board.board_list import BoardList
from console.views.board.board_notice import BoardNotice
from console.views.board.board_table_model import BoardTableModel
from console.views.board.entry_panel import EntryPanel
from console.views.board.flag_panel import FlagPanel
from console.views.theme import Icon, current, watch
from console.views.widgets import EmptyState, ErrorState, LoadingState


class BoardParts(QWidget):
    """Tabs, filter, notice, rows, alarms and the panels over them; and the signals of the board."""

    opened = Signal(object)
    selection_changed = Signal(object)
    flag_requested = Signal(object, str, str)
    withdrawal_requested = Signal(object, str)
    call_entered = Signal(str, str, str, str)
    claim_requested = Signal(object)
    fallback_requested = Signal(object)
    dropped_requested = Signal(object)
    officer_requested = Signal(object)
    suggestion_dismissed = Signal(object)
    filter_changed = Signal(str)
    view_changed = Signal(str)
    alarm_acknowledged = Signal(str)
    retry_requested = Signal()
    keys_requested = Signal()

    def __init__(
        self, ticker: Ticker, limits: Limits, reasons: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._now: Callable[[], datetime] = ticker.now
        self._limits = limits
        self.head = BoardHead()
        self.notice = BoardNotice(self._now)
        self.model = BoardTableModel(self._now, limits, self)
        self.list = BoardList(self.model)
        self.loading = LoadingState("Reading the board…")
        self.empty = EmptyState(Icon.BOARD)
        self.error = ErrorState()
        self.pages = QStackedWidget()
        for page in (self.loading, self.list, self.empty, self.error):
            self.pages.addWidget(page)
        self.alarms = AlarmPanel(self._now)
        self.flag_panel = FlagPanel(reasons, self)
        self.entry_panel = EntryPanel(self)
        self._lay_out()
        watch(self._restyle)

    def _lay_out(self) -> None:
        self._bar = QVBoxLayout()
        self._bar.addWidget(self.head)
        self._bar.addWidget(self.notice)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._bar)
        self._line = QFrame()
        self._line.setFixedHeight(1)
        self._line.setAutoFillBackground(True)
        column.addWidget(self._line)
        column.addWidget(self.pages, 1)
        column.addWidget(self.alarms)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.alarms.limit(self.height() // 4)
        self._place_panel()

    def _place_panel(self) -> None:
        """Over the rows, beside the row it is about: below it, or above where there is no room below."""
        theme = current()
        if self.entry_panel.asking:
            entry = self.entry_panel
            entry.setFixedWidth(min(self.width() - 2 * theme.space.l, theme.px(640)))
            entry.adjustSize()
            entry.move(theme.space.l, self.pages.y() + theme.space.s)
        panel = self.flag_panel
        if panel.call is None:
            return
        width = min(self.width() - 2 * theme.space.l, theme.px(640))
        panel.setFixedWidth(width)
        height = panel.heightForWidth(width) if panel.hasHeightForWidth() else panel.sizeHint().height()
        panel.resize(width, height)
        row = self.list.visualRect(self.list.selected_index())
        top = self.list.viewport().mapTo(self, row.bottomLeft()).y() + theme.space.xs
        lowest = self.alarms.y() - height - theme.space.s  # an alarm stays in sight while somebody flags
        if top > lowest:
            top = self.list.viewport().mapTo(self, row.topLeft()).y() - height - theme.space.xs
        panel.move(theme.space.l, max(theme.space.s, min(top, lowest)))

    def _restyle(self) -> None:
        theme = current()
        space = theme.space
        self._bar.setContentsMargins(space.l, space.s, space.l, space.s)
        self._bar.setSpacing(space.s)
        palette = self._line.palette()
        palette.setColor(self._line.backgroundRole(), theme.tokens.line)
        self._line.setPalette(palette)
        self._place_panel()
