"""A line of a list with a second one under it: the name, and what there is to say of it."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from console.views.theme import Type, current
from console.views.widgets.painting import focus_ring
from console.views.widgets.text import Tone


class TwoLines(QStyledItemDelegate):
    """Paints an item whose text is two lines: what it is called, and quietly what is so of it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, current().px(48))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme = current()
        rect = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.tokens.selected)
        inner = rect.adjusted(theme.space.m, theme.space.xs, -theme.space.m, -theme.space.xs)
        half = inner.height() / 2
        who, _, what = str(index.data(Qt.ItemDataRole.DisplayRole) or "").partition("\n")
        for at, (words, role, tone) in enumerate(((who, Type.STRONG, Tone.TEXT), (what, Type.SMALL, Tone.MUTED))):
            room = QRectF(inner.left(), inner.top() + at * half, inner.width(), half)
            painter.setFont(theme.font(role))
            painter.setPen(tone.color(theme.tokens))
            said = QFontMetricsF(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, said)
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), theme.tokens.line)
        if option.state & QStyle.StateFlag.State_HasFocus:
            focus_ring(painter, rect, theme, square=True)
        painter.restore()
