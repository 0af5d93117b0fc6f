"""Painting one service found: open or not, its name, the number to call large, how near and how fresh."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from console.directory.rank import Hit
from console.views.directory.opening_badge import opening_size, paint_opening
from console.views.directory.wording import RowWords, row_words
from console.views.theme import Icon, Theme, Type, current, paint_icon
from console.views.widgets import ROW_ROLE, Tone
from console.views.widgets.painting import focus_ring

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class RowShape:
    """Where the parts of a row are, for one width at one theme. A narrow row takes three lines instead of two."""

    stacked: bool
    height: int
    line: float
    badge: float
    right: float


def row_shape(theme: Theme, width: float) -> RowShape:
    """The shape of rows that are ``width`` wide."""
    line = QFontMetricsF(theme.font(Type.STRONG)).height() + theme.px(4)
    stacked = width < theme.px(560)
    return RowShape(
        stacked=stacked,
        height=round((3 if stacked else 2) * line + 2 * theme.px(9)),
        line=line,
        badge=max(opening_size(theme).width(), theme.px(126)),
        right=theme.px(196),
    )


class ResultDelegate(QStyledItemDelegate):
    """Paints the rows of a list of :class:`Hit`. All sizes and colors come from the theme in force."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, row_shape(current(), option.rect.width()).height)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        hit = index.data(ROW_ROLE)
        if not isinstance(hit, Hit):
            return
        state: QStyle.StateFlag = option.state
        theme = current()
        tokens = theme.tokens
        rect = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, tokens.selected if selected else tokens.hover)
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), tokens.line)
        if selected:
            painter.fillRect(QRectF(rect.left(), rect.top(), theme.px(3), rect.height() - 1), tokens.accent)
        shape = row_shape(theme, rect.width())
        pen = _Pen(painter, theme)
        (_paint_stacked if shape.stacked else _paint_wide)(pen, rect, shape, hit, row_words(hit))
        if state & QStyle.StateFlag.State_HasFocus:
            focus_ring(painter, rect.adjusted(1, 0, -1, -1), theme)
        painter.restore()


def _paint_wide(pen: "_Pen", rect: QRectF, shape: RowShape, hit: Hit, words: RowWords) -> None:
    theme = pen.theme
    gap, top = theme.space.m, rect.top() + (rect.height() - 2 * shape.line) / 2
    left, right = rect.left() + theme.space.l, rect.right() - theme.space.l
    pen.badge(QRectF(left, top, shape.badge, shape.line), hit)
    pen.text(QRectF(left, top + shape.line, shape.badge, shape.line), words.opening, Type.SMALL, Tone.MUTED)
    left += shape.badge + gap
    end = right - shape.right
    used = pen.text(QRectF(end, top, shape.right, shape.line), words.phone, *_phone(hit), _RIGHT)
    pen.text(QRectF(left, top, right - used - gap - left, shape.line), words.name, Type.STRONG, Tone.TEXT)
    used = pen.freshness(QRectF(end - theme.px(40), top + shape.line, right - end + theme.px(40), shape.line), words)
    pen.text(QRectF(left, top + shape.line, right - used - gap - left, shape.line), words.about, Type.BODY, Tone.MUTED)


def _paint_stacked(pen: "_Pen", rect: QRectF, shape: RowShape, hit: Hit, words: RowWords) -> None:
    theme = pen.theme
    left, right = rect.left() + theme.space.m, rect.right() - theme.space.m
    top = rect.top() + theme.px(9)
    pen.badge(QRectF(left, top, shape.badge, shape.line), hit)
    used = pen.text(
        QRectF(left + shape.badge, top, right - left - shape.badge, shape.line), words.phone, *_phone(hit), _RIGHT
    )
    opening = QRectF(left + opening_size(theme).width() + theme.space.s, top, 0, shape.line)
    opening.setRight(right - used - theme.space.s)
    pen.text(opening, words.opening, Type.SMALL, Tone.MUTED)
    pen.text(QRectF(left, top + shape.line, right - left, shape.line), words.name, Type.STRONG, Tone.TEXT)
    below = QRectF(left, top + 2 * shape.line, right - left, shape.line)
    used = pen.freshness(below, words)
    pen.text(below.adjusted(0, 0, -used - theme.space.m, 0), words.about, Type.BODY, Tone.MUTED)


def _phone(hit: Hit) -> tuple[Type, Tone]:
    return (Type.CLOCK, Tone.TEXT) if hit.described.phone else (Type.SMALL, Tone.WARN)


class _Pen:
    """Paints the parts of one row."""

    def __init__(self, painter: QPainter, theme: Theme) -> None:
        self.painter, self.theme = painter, theme

    def text(self, room: QRectF, text: str, role: Type, tone: Tone, align: Qt.AlignmentFlag = _LEFT) -> float:
        """Paint one line, cut where the room ends; returns how wide it is."""
        if not text or room.width() <= 0:
            return 0.0
        metrics = QFontMetricsF(self.theme.font(role))
        said = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        self.painter.setFont(self.theme.font(role))
        self.painter.setPen(tone.color(self.theme.tokens))
        self.painter.drawText(room, align, said)
        return metrics.horizontalAdvance(said)

    def badge(self, room: QRectF, hit: Hit) -> None:
        size = opening_size(self.theme)
        rect = QRectF(room.left(), room.center().y() - size.height() / 2, size.width(), size.height())
        paint_opening(self.painter, rect.toRect().toRectF(), hit.open.state, self.theme)

    def freshness(self, room: QRectF, words: RowWords) -> float:
        """Distance and age of the knowledge, at the right; a stale one has a sign. Returns how wide it is."""
        theme = self.theme
        used = self.text(room, words.verified, Type.SMALL, Tone.WARN if words.stale else Tone.MUTED, _RIGHT)
        if words.stale:
            edge = theme.px(13)
            mark = QRectF(room.right() - used - edge - theme.px(4), room.center().y() - edge / 2, edge, edge)
            paint_icon(self.painter, mark, Icon.CLOCK, Tone.WARN.color(theme.tokens))
            used += edge + theme.px(4)
        if words.distance:
            left = room.adjusted(0, 0, -used - theme.space.m, 0)
            used += theme.space.m + self.text(left, words.distance, Type.SMALL, Tone.TEXT, _RIGHT)
        return used
