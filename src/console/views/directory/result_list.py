"""The list of services found: rows follow the answer one by one, and the arrow keys never leave it by surprise."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from console.directory.rank import Hit
from console.views.directory.result_delegate import ResultDelegate, row_shape
from console.views.directory.wording import spoken_row
from console.views.theme import current, watch
from console.views.widgets import KeyedListModel, named


class ResultList(QListView):
    """Services found. ``chosen`` carries the hit that is selected now, or None; ``entered`` when Enter is pressed on
    it; ``left_upward`` when Up is pressed on the first row."""

    chosen = Signal(object)
    entered = Signal()
    left_upward = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "Services found", "Up and Down choose; the page beside shows all of it")
        self.setObjectName("services")
        self._rows: KeyedListModel[Hit] = KeyedListModel(_service_of, spoken_row, self)
        self._stacked: bool | None = None
        self.setModel(self._rows)
        self.setItemDelegate(ResultDelegate(self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setStyleSheet("QListView#services { border: none; border-radius: 0; }")
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.selectionModel().selectionChanged.connect(self._moved)
        watch(self._restyle)

    @property
    def rows(self) -> Sequence[Hit]:
        """The hits in the order they stand."""
        return self._rows.rows

    @property
    def selected(self) -> Hit | None:
        """The hit that is selected."""
        chosen = self.selectionModel().selectedIndexes()
        return self._rows.row(chosen[0]) if chosen else None

    def show_answer(self, hits: Sequence[Hit]) -> None:
        """The answer to a new question: from the top, with the first row selected."""
        self._rows.show(hits)
        self.scrollToTop()
        self.select(hits[0].service if hits else None)

    def show_again(self, hits: Sequence[Hit]) -> None:
        """The same question answered anew: rows stay where they are, new ones come after them.

        A selected row that is gone leaves nothing selected: the next key must not act on its neighbor.
        """
        before = self.selected
        at = self.verticalScrollBar().value()
        fresh = {hit.service: hit for hit in hits}
        standing = [fresh.pop(row.service) for row in self.rows if row.service in fresh]
        self._rows.show([*standing, *fresh.values()])
        self.select(before.service if before else None, scroll=False)
        self.verticalScrollBar().setValue(at)
        self.chosen.emit(self.selected)

    def select(self, service: UUID | None, *, scroll: bool = True) -> None:
        """Select a service; None, or one that is not there, selects nothing."""
        index = self._rows.index_of(service) if service is not None else QModelIndex()
        if not index.isValid():
            self.clearSelection()
            return
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if scroll:
            self.scrollTo(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, chosen = event.key(), self.selectionModel().selectedIndexes()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if chosen:
                self.entered.emit()
            return
        if key == Qt.Key.Key_Up and (not chosen or chosen[0].row() == 0):
            self.left_upward.emit()
            return
        if key == Qt.Key.Key_Down and not chosen and self.rows:
            self.select(self.rows[0].service)
            return
        if event.text().strip() and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()  # letters go to the screen; the list does not search by them
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Assistive technology is never shown an empty current row while there are rows.
        if not self.currentIndex().isValid() and self.rows:
            self.selectionModel().setCurrentIndex(self._rows.index(0), QItemSelectionModel.SelectionFlag.NoUpdate)
        super().focusInEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        stacked = row_shape(current(), self.viewport().width()).stacked
        if stacked is not self._stacked:
            self._stacked = stacked
            self.scheduleDelayedItemsLayout()

    def _moved(self) -> None:
        self.chosen.emit(self.selected)

    def _restyle(self) -> None:
        self.verticalScrollBar().setSingleStep(current().px(20))
        self.scheduleDelayedItemsLayout()


def _service_of(hit: Hit) -> UUID:
    return hit.service
