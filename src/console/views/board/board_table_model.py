"""The board's item model: rows of calls, their ages, and which of them are new or have left."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QObject

from console.models.center import Limits
from console.queries.board import BoardRow
from console.views.board.wording import RowWords, row_words, spoken_row
from console.views.widgets import KeyedListModel


class BoardTableModel(KeyedListModel[BoardRow]):
    """Rows of calls. ``fresh`` rows came by the last showing; ``gone`` rows have left the view and wait to go."""

    def __init__(self, now: Callable[[], datetime], limits: Limits, parent: QObject | None = None) -> None:
        super().__init__(_call_of, self._spoken, parent)
        self._now = now
        self._limits = limits
        self.fresh: frozenset[UUID] = frozenset()
        self.gone: frozenset[UUID] = frozenset()
        self.stale = False

    def words(self, row: BoardRow, *, selected: bool = False) -> RowWords:
        """What a row says now."""
        return row_words(row, self._now(), self._limits, selected=selected)

    def set_limits(self, limits: Limits) -> None:
        """Take over the center's limits for colors of clocks."""
        self._limits = limits
        self._all_changed()

    def set_stale(self, stale: bool) -> None:
        """Dim every row: the source has been silent."""
        if stale != self.stale:
            self.stale = stale
            self._all_changed()

    def set_marks(self, fresh: Collection[UUID], gone: Collection[UUID]) -> None:
        """Which rows are new to the eye and which have left."""
        changed = (self.fresh ^ frozenset(fresh)) | (self.gone ^ frozenset(gone))
        self.fresh, self.gone = frozenset(fresh), frozenset(gone)
        self._repaint(changed)

    def calls(self) -> list[UUID]:
        """The calls in the order they stand."""
        return [row.call for row in self.rows]

    def _spoken(self, row: BoardRow) -> str:
        marks = ("New. " if row.call in self.fresh else "") + ("Left this view. " if row.call in self.gone else "")
        return marks + spoken_row(row, self._now(), self._limits)

    def _all_changed(self) -> None:
        if self.rows:
            self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))

    def _repaint(self, calls: Iterable[UUID]) -> None:
        for call in calls:
            index = self.index_of(call)
            if index.isValid():
                self.dataChanged.emit(index, index)


def _call_of(row: BoardRow) -> UUID:
    return row.call
