"""The list of calls: it follows its rows, keeps its place, and knows whether somebody is aiming at a row."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from console.queries.board import BoardRow
from console.views.board.board_table_model import BoardTableModel
from console.views.board.row_delegate import RowDelegate, row_shape
from console.views.theme import current, watch
from console.views.widgets import SteadyList, named


class BoardList(SteadyList):
    """Rows of calls. ``opened`` carries the call (Enter, double click); ``aimed`` when the pointer changed rows."""

    opened = Signal(object)
    aimed = Signal()

    def __init__(self, model: BoardTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._hovered: UUID | None = None
        self._stacked: bool | None = None
        named(self, "Calls", "Enter opens, F2 flags, F3 claims")
        self.setObjectName("board")
        self.setModel(model)
        self.setItemDelegate(RowDelegate(self))
        self.setFrameShape(SteadyList.Shape.NoFrame)
        self.setStyleSheet("QListView#board { border: none; border-radius: 0; }")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.doubleClicked.connect(self._open)
        watch(self._restyle)

    # -- what stands where --------------------------------------------------------------------------------------------

    def show_rows(self, rows: Sequence[BoardRow]) -> None:
        """Become these rows. What the eye is on stays where it is: the selected row, else the first one in view.

        At the top of the list, with nothing selected, the list stays at the top, so that the worst call is in view.
        """
        anchor = self._anchor()
        self._model.show(rows)
        self.executeDelayedItemsLayout()
        bar = self.verticalScrollBar()
        if anchor is None:
            bar.setValue(0)
            return
        call, offset = anchor
        index = self._model.index_of(call)
        if index.isValid():
            bar.setValue(index.row() * self._row_height() - offset)

    def _anchor(self) -> tuple[UUID, int] | None:
        """The row to hold on to and its distance from the top edge, or None to stay at the top."""
        candidates = []
        selected = self.selected_index()
        if selected.isValid() and self.viewport().rect().intersects(self.visualRect(selected)):
            candidates.append(selected)
        first, _ = self.visible_rows()
        if first >= 0 and self.verticalScrollBar().value() > 0:
            candidates.append(self._model.index(first))
        for index in candidates:
            row = self._model.row(index)
            if row is not None:
                return row.call, self.visualRect(index).top()
        return None

    def visible_rows(self) -> tuple[int, int]:
        """The first and the last row in view; (-1, -1) when there is none."""
        count = self._model.rowCount()
        if count == 0 or not self.isVisible():
            return -1, -1
        height = self._row_height()
        top = self.verticalScrollBar().value()
        first = min(top // height, count - 1)
        return first, min((top + self.viewport().height()) // height, count - 1)

    def bring_up(self, call: UUID) -> None:
        """Scroll so that a call is in view."""
        index = self._model.index_of(call)
        if index.isValid():
            self.scrollTo(index)

    # -- who is aiming ------------------------------------------------------------------------------------------------

    def selected_index(self) -> QModelIndex:
        chosen = self.selectionModel().selectedIndexes()
        return chosen[0] if chosen else QModelIndex()

    @property
    def selected(self) -> UUID | None:
        """The selected call."""
        row = self._model.row(self.selected_index())
        return row.call if row is not None else None

    @property
    def hovered(self) -> UUID | None:
        """The call under the pointer."""
        return self._hovered

    def select(self, call: UUID | None) -> None:
        """Select a call, or nothing. A call that is not there leaves the selection as it is."""
        if call is None:
            self.clearSelection()
            return
        index = self._model.index_of(call)
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    # -- events -------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.selected_index())
            return
        moves = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Home, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
        if key in moves and not self.selected_index().isValid() and self._model.rowCount():
            # The first arrow key selects the first row in view; it does not skip it.
            first, _ = self.visible_rows()
            self.select(self._model.rows[max(first, 0)].call)
            return
        if event.text().strip() and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()  # letters are keys of the board; the list does not search by them
            return
        super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._point(self._model.row(self.indexAt(event.position().toPoint())))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.indexAt(event.position().toPoint()).isValid():
            self.clearSelection()
        super().mousePressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._point(None)
        return super().viewportEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._point(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Assistive technology is never shown an empty current row while there are rows.
        if not self.currentIndex().isValid() and self._model.rowCount():
            self.selectionModel().setCurrentIndex(self._model.index(0), QItemSelectionModel.SelectionFlag.NoUpdate)
        super().focusInEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        stacked = row_shape(current(), self.viewport().width()).stacked
        if stacked is not self._stacked:
            self._stacked = stacked
            self.scheduleDelayedItemsLayout()

    def _point(self, row: BoardRow | None) -> None:
        call = row.call if row is not None else None
        if call != self._hovered:
            self._hovered = call
            self.aimed.emit()

    def _open(self, index: QModelIndex) -> None:
        row = self._model.row(index)
        if row is not None:
            self.opened.emit(row.call)

    def _row_height(self) -> int:
        return row_shape(current(), self.viewport().width()).height

    def _restyle(self) -> None:
        self.verticalScrollBar().setSingleStep(current().px(20))
        self.scheduleDelayedItemsLayout()
