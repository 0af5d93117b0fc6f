"""Flagged calls as chips: as many as fit, the rest as a number."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from console.models.center import Limits
from console.queries.board import BoardRow
from console.views.strip.wording import ChipWords, chip_words, spoken_chip
from console.views.theme import Theme, Type, current, watch
from console.views.widgets import ActionButton, Look, Text, Tone, named
from console.views.widgets.painting import badge_size, focus_ring, paint_badge, rounded

_LEAST, _MOST = 208, 280


class CallChip(QPushButton):
    """One call: its level, its clock, who has it, what it is."""

    def __init__(self, row: BoardRow, words: ChipWords, parent: QWidget) -> None:
        self.row, self._words = row, words
        super().__init__(parent)
        self.setAutoDefault(False)

    def show_row(self, row: BoardRow, words: ChipWords, spoken: str) -> None:
        """What the chip says now; repaints only what changed."""
        if (row, words) != (self.row, self._words) or not self.accessibleName():
            self.row, self._words = row, words
            named(self, spoken)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        tokens = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        over = self.underMouse()
        rounded(painter, rect, theme.space.radius, tokens.raised, tokens.outline if over else tokens.line)
        inner = rect.adjusted(theme.space.s, theme.px(4), -theme.space.s, -theme.px(4))
        size = badge_size(theme)
        badge = QRectF(inner.left(), inner.top(), size.width(), size.height())
        paint_badge(painter, badge, self.row.level, theme)
        clock = QRectF(badge)
        clock.setLeft(badge.right() + theme.space.s)
        clock.setRight(inner.right())
        used = self._text(painter, theme, clock, self._words.clock, Type.CLOCK, self._words.clock_tone)
        number = QRectF(clock)
        number.setLeft(clock.left() + used + theme.space.xs)
        if QFontMetricsF(theme.font(Type.SMALL)).horizontalAdvance(self._words.number) <= number.width():
            self._text(painter, theme, number, self._words.number, Type.SMALL, Tone.MUTED, Qt.AlignmentFlag.AlignRight)
        below = QRectF(inner.left(), badge.bottom() + theme.px(2), inner.width(), inner.bottom() - badge.bottom())
        used = self._text(painter, theme, below, self._words.who, Type.MEDIUM, self._words.who_tone)
        below.setLeft(below.left() + used + theme.space.s)
        self._text(painter, theme, below, self._words.what, Type.SMALL, Tone.MUTED)
        if self.hasFocus():
            focus_ring(painter, rect, theme)
        painter.end()

    def _text(
        self,
        painter: QPainter,
        theme: Theme,
        room: QRectF,
        text: str,
        role: Type,
        tone: Tone,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> float:
        font = theme.font(role)
        metrics = QFontMetricsF(font)
        said = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, room.width()))
        painter.setFont(font)
        painter.setPen(tone.color(theme.tokens))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | align, said)
        return metrics.horizontalAdvance(said)


class ChipRow(QWidget):
    """The chips, left to right. ``opened`` carries a chip's call; ``more_requested`` asks for the board."""

    opened = Signal(object)
    more_requested = Signal()

    def __init__(self, now: Callable[[], datetime], limits: Limits, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now, self._limits = now, limits
        self._rows: Sequence[BoardRow] = ()
        self._chips: dict[UUID, CallChip] = {}
        self._none = Text("No flagged calls", Type.SMALL, Tone.MUTED, parent=self)
        self._more = ActionButton("", look=Look.QUIET, name="Open the board", parent=self)
        self._more.clicked.connect(self.more_requested)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        watch(self._restyle)

    def show_rows(self, rows: Sequence[BoardRow]) -> None:
        """These calls, the most wanted first. A chip that stays keeps its place's focus."""
        self._rows = rows
        kept = {row.call for row in rows}
        for call in [call for call in self._chips if call not in kept]:
            self._chips.pop(call).deleteLater()
        for row in rows:
            if row.call not in self._chips:
                chip = CallChip(row, chip_words(row, self._now(), self._limits), self)
                chip.clicked.connect(self._clicked)
                self._chips[row.call] = chip
        self.refresh()
        self._arrange()

    def refresh(self) -> None:
        """Bring the clocks up to date."""
        now = self._now()
        for row in self._rows:
            words = chip_words(row, now, self._limits)
            self._chips[row.call].show_row(row, words, spoken_chip(row, now, self._limits))

    def shown(self) -> list[UUID]:
        """The calls whose chips fit, in order."""
        return [row.call for row in self._rows if not self._chips[row.call].isHidden()]

    def sizeHint(self) -> QSize:
        theme = current()
        return QSize(theme.px(_LEAST), theme.px(54))  # it grows into what the rest leaves

    def minimumSizeHint(self) -> QSize:
        theme = current()
        return QSize(theme.px(_LEAST), theme.px(54))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Give every chip an equal part of the room, none less than it needs, the rest to the number at the end."""
        theme = current()
        gap, least, most = theme.space.s, theme.px(_LEAST), theme.px(_MOST)
        count = len(self._rows)
        fits = max(1, (self.width() + gap) // (least + gap))
        if fits < count:
            self._more.set_words(f"+{count - fits}", f"{count - fits} more flagged calls: open the board")
            room = self.width() - self._more.sizeHint().width() - gap
            fits = max(1, (room + gap) // (least + gap))
            self._more.set_words(f"+{count - fits}", f"{count - fits} more flagged calls: open the board")
        else:
            room = self.width()
        self._more.setVisible(fits < count)
        self._none.setVisible(count == 0)
        self._none.setGeometry(0, 0, self.width(), self.height())
        shown = min(fits, count)
        wide = min(most, (room - gap * (shown - 1)) // shown) if shown else 0
        x = 0
        for at, row in enumerate(self._rows):
            chip = self._chips[row.call]
            chip.setVisible(at < shown)
            if at < shown:
                chip.setGeometry(x, 0, wide, self.height())
                x += wide + gap
        self._more.setGeometry(x, 0, self._more.sizeHint().width(), self.height())
        before: QWidget | None = None
        for call in self.shown():
            if before is not None:
                QWidget.setTabOrder(before, self._chips[call])
            before = self._chips[call]

    def _clicked(self) -> None:
        chip = self.sender()
        if isinstance(chip, CallChip):
            self.opened.emit(chip.row.call)

    def _restyle(self) -> None:
        self.updateGeometry()
        self._arrange()
        self.update()
