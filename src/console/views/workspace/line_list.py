"""A list of lines with their times, for as many as a long call has: painted, changed in place, read line by line."""

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from console.views.theme import Type, current, watch
from console.views.widgets import named
from console.views.widgets.keyed_list_model import ROW_ROLE, KeyedListModel

Index = QModelIndex | QPersistentModelIndex
_WRAP = int(Qt.TextFlag.TextWordWrap)
_WORD = re.compile(r"(\s+)")
_SHORT = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its ``key`` for good, when, what, by whom, and ``more`` for who asks (what it said before)."""

    key: Hashable
    time: str
    text: str
    by: str = ""
    more: str = ""


def breakable(text: str, room: int, metrics: QFontMetrics) -> str:
    """``text`` with a place to break after every letter of each word that is wider than ``room`` pixels."""
    words = _WORD.split(text)
    wide = (len(word) > _SHORT and metrics.horizontalAdvance(word) > room for word in words)
    return "".join("\u200b".join(word) if too else word for word, too in zip(words, wide, strict=True))


def _key(line: Line) -> Hashable:
    return line.key


def _spoken(line: Line) -> str:
    return " ".join(part for part in (line.time, line.text, line.by) if part)


class _Model(KeyedListModel[Line]):
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.row(index)
        if line is not None and role == Qt.ItemDataRole.ToolTipRole:
            return line.more or None
        return super().data(index, role)


class _Delegate(QStyledItemDelegate):
    """Time, then the words, wrapped, and who said them in smaller type after them."""

    def _left(self) -> int:
        return QFontMetrics(current().font(Type.SMALL)).horizontalAdvance("22:22:22") + current().space.m

    def _rooms(self, line: Line, width: int) -> tuple[QRect, QRect]:
        theme = current()
        room = max(20, width - self._left() - 2 * theme.space.s)
        left = theme.space.s + self._left()
        metrics = QFontMetrics(theme.font(Type.BODY))
        text = metrics.boundingRect(QRect(0, 0, room, 10_000), _WRAP, breakable(line.text, room, metrics))
        words = QRect(left, theme.space.xs // 2, room, text.height())
        if not line.by:
            return words, QRect(left, words.bottom(), room, 0)
        by = QFontMetrics(theme.font(Type.CAPTION)).boundingRect(QRect(0, 0, room, 10_000), _WRAP, line.by)
        return words, QRect(left, words.bottom() + 1, room, by.height())

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view, line = option.widget, index.data(ROW_ROLE)
        width = view.viewport().width() if isinstance(view, QListView) else option.rect.width()
        return QSize(width, self._rooms(line, width)[1].bottom() + 1 + current().space.xs // 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, line, view = current(), index.data(ROW_ROLE), option.widget
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected and isinstance(view, QListView) and view.hasFocus():
            painter.fillRect(option.rect, theme.tokens.selected)
        words, by = (room.translated(option.rect.topLeft()) for room in self._rooms(line, option.rect.width()))
        painter.setPen(theme.tokens.muted)
        painter.setFont(theme.font(Type.SMALL))
        painter.drawText(words.translated(-self._left(), 0), int(Qt.AlignmentFlag.AlignTop), line.time)
        if line.by:
            painter.setFont(theme.font(Type.CAPTION))
            painter.drawText(by, _WRAP, line.by)
        painter.setPen(theme.tokens.text)
        painter.setFont(theme.font(Type.BODY))
        painter.drawText(words, _WRAP, breakable(line.text, words.width(), QFontMetrics(painter.font())))


class LineList(QListView):
    """Shows :class:`Line` rows; never scrolls sideways, never takes the focus by itself.

    Signals: ``chosen`` (key) on Enter or a double click, ``left_down`` on Down past the last line and on Esc.
    """

    chosen = Signal(object)
    left_down = Signal()

    def __init__(self, name: str, description: str = "") -> None:
        super().__init__()
        named(self, name, description)
        self._model = _Model(_key, _spoken, self)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self))
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.doubleClicked.connect(self._choose)
        watch(self._restyle)

    @property
    def lines(self) -> Sequence[Line]:
        """What is shown."""
        return self._model.rows

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines. The end stays in view for whoever was there; whoever scrolled up stays where they are."""
        bar = self.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 2
        before = len(self._model.rows)
        self._model.show(lines)
        if at_end and len(self._model.rows) > before:
            self.scrollToBottom()

    def go_last(self) -> None:
        """Put the focus on the newest line."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setCurrentIndex(self._model.index(len(self._model.rows) - 1))

    def content_height(self) -> int:
        """How tall all lines are together."""
        return sum(self.sizeHintForRow(at) for at in range(len(self._model.rows)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        here = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and here.isValid() and not event.modifiers():
            self._choose(here)
        elif event.key() == Qt.Key.Key_Escape or (
            event.key() == Qt.Key.Key_Down and here.row() == len(self._model.rows) - 1
        ):
            self.left_down.emit()
        else:
            super().keyPressEvent(event)

    def _choose(self, index: QModelIndex) -> None:
        line = self._model.row(index)
        if line is not None:
            self.chosen.emit(line.key)

    def _restyle(self) -> None:
        self.doItemsLayout()
