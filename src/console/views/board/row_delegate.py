"""Painting a row of the board: badge, clock, two lines of what it is, who has it."""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from console.queries.board import BoardRow
from console.views.board.board_table_model import BoardTableModel
from console.views.board.wording import CLOCK_CAPTIONS, Hint, RowWords
from console.views.theme import Icon, Theme, Type, current, paint_icon
from console.views.widgets import ROW_ROLE, Tone
from console.views.widgets.ages import WIDEST_CLOCKS, clock_text
from console.views.widgets.painting import badge_size, focus_ring, key_size, paint_badge, paint_key

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class RowShape:
    """Where the parts of a row are, for one width at one theme. A narrow row takes three lines instead of two."""

    stacked: bool
    height: int
    line: float
    badge: float
    clock: float
    right: float
    spans: float


def row_shape(theme: Theme, width: float) -> RowShape:
    """The shape of rows that are ``width`` wide."""
    line = QFontMetricsF(theme.font(Type.STRONG)).height() + theme.px(3)
    stacked = width < theme.px(640)
    lines = 3 if stacked else 2
    return RowShape(
        stacked=stacked,
        height=round(lines * line + 2 * theme.px(9) + (theme.px(4) if stacked else 0)),
        line=line,
        badge=badge_size(theme).width(),
        clock=_clock_width(theme, stacked=stacked),
        right=theme.px(190) if not stacked else width * 0.45,
        spans=theme.px(150) if width >= theme.px(1000) else 0,
    )


@lru_cache(maxsize=4)
def _clock_width(theme: Theme, *, stacked: bool) -> float:
    """What no age and no caption is wider than: a clock that is cut says less than none."""
    metrics = QFontMetricsF(theme.font(Type.CLOCK))
    widest = max(metrics.horizontalAdvance(each) for each in WIDEST_CLOCKS)
    if not stacked:  # a stacked row has no caption
        metrics = QFontMetricsF(theme.font(Type.CAPTION))
        widest = max(widest, *(metrics.horizontalAdvance(each) for each in CLOCK_CAPTIONS))
    return ceil(widest) + 1


class RowDelegate(QStyledItemDelegate):
    """Paints the rows of a :class:`BoardTableModel`. All sizes and colors come from the theme in force."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        width = option.rect.width()
        return QSize(0, row_shape(current(), width).height)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row, model = index.data(ROW_ROLE), index.model()
        if not isinstance(row, BoardRow) or not isinstance(model, BoardTableModel):
            return
        state: QStyle.StateFlag = option.state
        theme = current()
        rect = QRectF(option.rect)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        dim = model.stale or row.call in model.gone
        words = model.words(row, selected=selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, rect, theme, selected=selected, hovered=hovered, fresh=row.call in model.fresh)
        pen = _Pen(painter, theme, dim=dim)
        shape = row_shape(theme, rect.width())
        (self._stacked if shape.stacked else self._wide)(pen, rect, shape, words, gone=row.call in model.gone)
        if state & QStyle.StateFlag.State_HasFocus:
            focus_ring(painter, rect.adjusted(0, 0, 0, -1), theme, square=True)
        painter.restore()

    def _ground(
        self, painter: QPainter, rect: QRectF, theme: Theme, *, selected: bool, hovered: bool, fresh: bool
    ) -> None:
        tokens = theme.tokens
        if selected or hovered:
            painter.fillRect(rect, tokens.selected if selected else tokens.hover)
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), tokens.line)
        if selected or fresh:
            bar = tokens.accent if selected else tokens.changed
            painter.fillRect(QRectF(rect.left(), rect.top(), theme.px(3), rect.height() - 1), bar)

    def _wide(self, pen: "_Pen", rect: QRectF, shape: RowShape, words: RowWords, *, gone: bool) -> None:
        theme = pen.theme
        gap, top = theme.space.m, rect.top() + (rect.height() - 2 * shape.line) / 2
        left = rect.left() + theme.space.l
        pen.badge(QRectF(left, rect.top(), shape.badge, rect.height()), words)
        left += shape.badge + gap
        pen.clock(
            QRectF(left, top, shape.clock, shape.line), QRectF(left, top + shape.line, shape.clock, shape.line), words
        )
        left += shape.clock + gap + theme.space.xs
        right = rect.right() - theme.space.l
        pen.who(QRectF(right - shape.right, top, shape.right, shape.line), words, gone=gone)
        used = pen.hints(QRectF(right - shape.right, top + shape.line, shape.right, shape.line), words)
        who = pen.width(words.who, Type.STRONG)
        beside = bool(shape.spans and words.spans)
        end = right - max(shape.right if beside else 0, used, who) - gap
        if beside:
            for at, span in enumerate(words.spans):
                place = QRectF(end - shape.spans, top + at * shape.line, shape.spans, shape.line)
                pen.text(place, span, Type.SMALL, Tone.MUTED, _RIGHT)
            end -= shape.spans + gap
        pen.title(QRectF(left, top, end - left, shape.line), words)
        pen.second_line(QRectF(left, top + shape.line, end - left, shape.line), words)

    def _stacked(self, pen: "_Pen", rect: QRectF, shape: RowShape, words: RowWords, *, gone: bool) -> None:
        theme = pen.theme
        left, right = rect.left() + theme.space.m, rect.right() - theme.space.m
        top = rect.top() + theme.px(9)
        pen.badge(QRectF(left, top, shape.badge, shape.line), words)
        x = left + (shape.badge if words.level is not None or words.tag else 0) + theme.space.s
        x = left if words.level is None and not words.tag else x
        pen.clock(QRectF(x, top, shape.clock, shape.line), None, words)
        who = QRectF(x + shape.clock + theme.space.s, top, 0, shape.line)
        who.setRight(right)
        pen.who(who, words, gone=gone)
        top += shape.line + theme.px(4)
        pen.title(QRectF(left, top, right - left, shape.line), words)
        top += shape.line
        used = pen.hints(QRectF(left, top, right - left, shape.line), words)
        pen.second_line(QRectF(left, top, right - left - used - theme.space.m, shape.line), words)


class _Pen:
    """Paints the parts of one row, dimmed or not."""

    def __init__(self, painter: QPainter, theme: Theme, *, dim: bool) -> None:
        self.painter, self.theme, self._dim = painter, theme, dim

    def _color(self, tone: Tone) -> QColor:
        tokens = self.theme.tokens
        return tokens.muted if self._dim else tone.color(tokens)

    def width(self, text: str, role: Type) -> float:
        return QFontMetricsF(self.theme.font(role)).horizontalAdvance(text)

    def text(self, room: QRectF, text: str, role: Type, tone: Tone, align: Qt.AlignmentFlag = _LEFT) -> float:
        """Paint one line, cut where the room ends; returns how wide it is."""
        if not text or room.width() <= 0:
            return 0.0
        font: QFont = self.theme.font(role)
        metrics = QFontMetricsF(font)
        said = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        self.painter.setFont(font)
        self.painter.setPen(self._color(tone))
        self.painter.drawText(room, align, said)
        return metrics.horizontalAdvance(said)

    def title(self, room: QRectF, words: RowWords) -> None:
        """What and where; then the call's number, where there is room for the whole of it."""
        used = self.text(room, words.title, Type.STRONG if words.weighs else Type.MEDIUM, Tone.TEXT)
        rest = QRectF(room)
        rest.setLeft(room.left() + used + self.theme.space.m)
        if self.width(words.number, Type.SMALL) <= rest.width():
            self.text(rest, words.number, Type.SMALL, Tone.MUTED)

    def badge(self, room: QRectF, words: RowWords) -> None:
        if words.level is None and not words.tag:
            return
        size = badge_size(self.theme)
        rect = QRectF(room.left(), room.center().y() - size.height() / 2, size.width(), size.height())
        self.painter.setOpacity(0.6 if self._dim else 1.0)
        if words.level is not None:
            paint_badge(self.painter, rect.toRect().toRectF(), words.level, self.theme)
        else:
            self._tag(rect, words.tag)
        self.painter.setOpacity(1.0)

    def _tag(self, rect: QRectF, tag: str) -> None:
        """A quiet mark where a badge would be: a rule's suggestion is nobody's flag and must not look like one."""
        edge = self.theme.px(14)
        mark = QRectF(rect.left(), rect.center().y() - edge / 2, edge, edge)
        paint_icon(self.painter, mark, Icon.SUGGEST, self._color(Tone.ACCENT))
        room = rect.adjusted(edge + self.theme.space.xs, 0, self.theme.space.s, 0)
        self.text(room, tag, Type.SMALL, Tone.ACCENT)

    def clock(self, room: QRectF, below: QRectF | None, words: RowWords) -> None:
        read = clock_text(words.clock) if words.clock is not None else "–"
        self.text(room, read, Type.CLOCK, words.clock_tone, _RIGHT if below is not None else _LEFT)
        if below is not None:
            tone = words.clock_tone if words.clock_caption == "unclaimed" else Tone.MUTED
            self.text(below, words.clock_caption, Type.CAPTION, tone, _RIGHT)

    def who(self, room: QRectF, words: RowWords, *, gone: bool) -> None:
        if gone:
            self.text(room, "left this view", Type.SMALL, Tone.MUTED, _RIGHT)
        else:
            self.text(room, words.who, Type.STRONG, words.who_tone, _RIGHT)

    def second_line(self, room: QRectF, words: RowWords) -> None:
        left = QRectF(room)
        for lead in words.leads:
            left.setLeft(left.left() + self.text(left, lead.text, Type.BODY, lead.tone) + self.theme.space.xs)
        self.text(left, words.headline, Type.BODY, Tone.MUTED)

    def hints(self, room: QRectF, words: RowWords) -> float:
        """The keys that do something with this row, from the right; returns how wide they are."""
        right = room.right()
        for hint in reversed(words.hints):
            right = self._hint(room, right, hint, words.hint_tone) - self.theme.space.s
        return room.right() - right

    def _hint(self, room: QRectF, right: float, hint: Hint, tone: Tone) -> float:
        if hint.key:
            size = key_size(self.theme, hint.key)
            chip = QRectF(right - size.width(), room.center().y() - size.height() / 2, size.width(), size.height())
            paint_key(self.painter, chip, hint.key, self.theme)
            right = chip.left() - self.theme.space.xs * 1.5
        place = QRectF(room.left(), room.top(), right - room.left(), room.height())
        return right - self.text(place, hint.text, Type.SMALL, tone, _RIGHT)
