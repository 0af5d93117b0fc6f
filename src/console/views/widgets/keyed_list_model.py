"""A list model of frozen rows, each with a key, that is never reset.

A reset forgets which row was selected, and the next key press would act on another caller. Rows are inserted, removed,
moved and changed one by one instead, so a view keeps its selection, its current row and its place.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from console.views.widgets.row_diff import Insert, Move, Remove, steps

R = TypeVar("R")

AnyIndex = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""The row itself."""
CLOCK_ROLE = Qt.ItemDataRole.UserRole + 2
"""Named in ``dataChanged`` when only the ages of rows have changed."""

_ROOT = QModelIndex()


class KeyedListModel(QAbstractListModel, Generic[R]):
    """Rows of one kind. ``key`` names a row for good; ``text`` is what a screen reader says of the whole of it.

    The text of a row is its display text too: a view that paints rows itself never shows it, and assistive technology
    reads one row as one sentence instead of cell by cell.
    """

    def __init__(self, key: Callable[[R], Hashable], text: Callable[[R], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._key, self._text = key, text
        self._rows: list[R] = []
        self._keys: list[Hashable] = []

    @property
    def rows(self) -> Sequence[R]:
        """The rows in order. Not to be changed."""
        return self._rows

    def row(self, index: AnyIndex) -> R | None:
        """The row of an index, or None for an invalid one."""
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def index_of(self, key: Hashable) -> QModelIndex:
        """The index of a row; invalid when it is not there."""
        try:
            return self.index(self._keys.index(key))
        except ValueError:
            return QModelIndex()

    def show(self, rows: Iterable[R]) -> None:
        """Become these rows, in the fewest steps. Two rows with one key: the first counts."""
        wanted: dict[Hashable, R] = {}
        for row in rows:
            wanted.setdefault(self._key(row), row)
        new_keys, new_rows = list(wanted), list(wanted.values())
        for step in steps(self._keys, new_keys):
            match step:
                case Remove(first, last):
                    self.beginRemoveRows(_ROOT, first, last)
                    del self._rows[first : last + 1], self._keys[first : last + 1]
                    self.endRemoveRows()
                case Insert(first, last):
                    self.beginInsertRows(_ROOT, first, last)
                    self._rows[first:first] = new_rows[first : last + 1]
                    self._keys[first:first] = new_keys[first : last + 1]
                    self.endInsertRows()
                case Move(origin, target):
                    # Qt names the row before which it will stand, counted before it is taken out.
                    self.beginMoveRows(_ROOT, origin, origin, _ROOT, target + (target > origin))
                    self._rows.insert(target, self._rows.pop(origin))
                    self._keys.insert(target, self._keys.pop(origin))
                    self.endMoveRows()
        self._change(new_rows)

    def touch(self, first: int, last: int) -> None:
        """Say that the ages of these rows have changed; the rows outside are left alone."""
        last = min(last, len(self._rows) - 1)
        if 0 <= first <= last:
            self.dataChanged.emit(self.index(first), self.index(last), [CLOCK_ROLE])

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index)
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(row)
        return None

    def _change(self, rows: Sequence[R]) -> None:
        """Take over the content of rows that stand where they are, telling of each stretch that differs."""
        first: int | None = None
        for at, row in enumerate(rows):
            same = self._rows[at] is row or self._rows[at] == row
            self._rows[at] = row
            if not same and first is None:
                first = at
            elif same and first is not None:
                self.dataChanged.emit(self.index(first), self.index(at - 1))
                first = None
        if first is not None:
            self.dataChanged.emit(self.index(first), self.index(len(rows) - 1))
