"""The head of the board: which calls, and which of those."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QWidget

from console.queries.board import Board, View
from console.views.theme import current, watch
from console.views.widgets import KeyHint, PillTabs, named

VIEWS = ((View.FLAGGED, "Flagged"), (View.MINE, "Mine"), (View.OPEN, "All open"), (View.RECENT, "Recent"))

_FILTER_WAIT_MS = 150
_ANY_WIDTH = 16_777_215


class BoardHead(QWidget):
    """Tabs and filter, on one line where both fit, else on two.

    ``view_changed`` and ``filter_changed`` tell what a person chose; ``done`` that the filter was left for the rows.
    """

    view_changed = Signal(str)
    filter_changed = Signal(str)
    done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tabs = PillTabs("Views of the board", [(view.value, label) for view, label in VIEWS])
        self.filter = named(QLineEdit(), "Filter calls", "key /")
        self.filter.setPlaceholderText("Filter calls")
        self.filter.setClearButtonEnabled(True)
        self._key = KeyHint("/", parent=self.filter)
        self._wait = QTimer(self)
        self._wait.setObjectName("board filter")
        self._wait.setSingleShot(True)
        self._wait.setInterval(_FILTER_WAIT_MS)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignLeft)
        self._row.addStretch(1)
        self._row.addWidget(self.filter)
        self.tabs.chosen.connect(self.view_changed)
        self.filter.textChanged.connect(self._edited)
        self.filter.returnPressed.connect(self._leave)
        self._wait.timeout.connect(self._tell)
        watch(self._restyle)

    def show_board(self, board: Board) -> None:
        """The view and the counts of a board."""
        self.tabs.set_value(board.view)
        self.tabs.set_counts(board.counts)

    def go_filter(self) -> None:
        """Give the filter the focus, with what is in it selected."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def clear_filter(self) -> bool:
        """Empty the filter at once; false when it was empty."""
        if not self.filter.text():
            return False
        self.filter.clear()
        self._tell()
        return True

    def choose(self, at: int) -> None:
        """Choose a view by its place, as its key does."""
        self.tabs.buttons()[at].click()

    def _edited(self, text: str) -> None:
        self._key.setVisible(not text)
        self._wait.start()

    def _tell(self) -> None:
        self._wait.stop()
        self.filter_changed.emit(self.filter.text().strip())

    def _leave(self) -> None:
        self._tell()
        self.done.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        theme = current()
        narrow = self.width() < self.tabs.sizeHint().width() + theme.px(200) + theme.space.l
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self.filter.setMinimumWidth(0 if narrow else theme.px(200))
        self.filter.setMaximumWidth(_ANY_WIDTH if narrow else theme.px(260))
        chip = self._key.sizeHint()
        words = self.filter.fontMetrics().horizontalAdvance(self.filter.placeholderText())
        self._key.resize(chip)
        self._key.move(words + 2 * theme.space.m, (self.filter.sizeHint().height() - chip.height()) // 2)

    def _restyle(self) -> None:
        self._row.setSpacing(current().space.s)
        self._fit()
