"""A layout that breaks into lines, as words do: answers stay whole at 200 % text."""

from PySide6.QtCore import QMargins, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Left to right, then the next line. ``gap`` is the distance in both directions; the first ``stacked`` have a line
    each."""

    def __init__(self, parent: QWidget | None = None, *, gap: int = 8, stacked: int = 0) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap, self._stacked = gap, stacked
        self.setContentsMargins(QMargins())

    def set_gap(self, gap: int) -> None:
        self._gap = gap
        self.invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), place=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, place=True)

    def sizeHint(self) -> QSize:
        hints = [item.sizeHint() for item in self._items if not item.isEmpty()]
        if not hints:
            return QSize()
        return QSize(sum(hint.width() for hint in hints) + self._gap * (len(hints) - 1), max(h.height() for h in hints))

    def minimumSize(self) -> QSize:
        least = QSize()
        for item in self._items:
            least = least.expandedTo(item.minimumSize())
        return least

    def _arrange(self, rect: QRect, *, place: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        standing: list[tuple[QLayoutItem, QRect]] = []
        for at, item in enumerate(self._items):
            if item.isEmpty():
                continue  # hidden: no room, no gap
            hint = item.sizeHint()
            if hint.width() > rect.width() and item.hasHeightForWidth():
                hint = QSize(rect.width(), item.heightForWidth(rect.width()))  # its words go on in the next line
            if x > rect.x() and (at <= self._stacked > 0 or x + hint.width() > rect.x() + rect.width()):
                self._settle(standing, line)
                x, y, line = rect.x(), y + line + self._gap, 0
            if place:
                standing.append((item, QRect(x, y, min(hint.width(), rect.width()), hint.height())))
            x += hint.width() + self._gap
            line = max(line, hint.height())
        self._settle(standing, line)
        return y + line - rect.y()

    def _settle(self, standing: list[tuple[QLayoutItem, QRect]], line: int) -> None:
        """Put one line in its place: words stand at the middle of the buttons beside them."""
        for item, room in standing:
            item.setGeometry(room.translated(0, (line - room.height()) // 2))
        standing.clear()
