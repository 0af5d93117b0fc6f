"""A list view that never selects a row by itself."""

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from console.views.widgets.keyed_list_model import AnyIndex


class SteadyList(QListView):
    """For lists in which acting on the wrong row would harm somebody.

    When the current row is taken away Qt selects its neighbor, and the next key press would act on that. Here the
    neighbor only becomes current, for assistive technology, and nothing is selected until a person selects it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAutoScroll(False)  # only a person's own key brings a row into view, see keyPressEvent

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The row that a key moved to is brought into view: nobody acts on a row that is not seen."""
        before = self.currentIndex()
        super().keyPressEvent(event)
        if self.currentIndex() != before:
            self.scrollTo(self.currentIndex())

    def rowsAboutToBeRemoved(self, parent: AnyIndex, start: int, end: int) -> None:
        current, model = self.currentIndex(), self.model()
        if current.isValid() and start <= current.row() <= end:
            beside = end + 1 if end + 1 < model.rowCount() else start - 1
            if self.selectionModel().isSelected(current):
                self.clearSelection()
            self.selectionModel().setCurrentIndex(model.index(beside, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
        super().rowsAboutToBeRemoved(parent, start, end)
