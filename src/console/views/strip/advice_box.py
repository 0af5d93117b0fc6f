"""The newest advice that dispatch has not acknowledged, with the one key that does."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from console.queries.advice import WaitingAdvice
from console.views.strip.wording import short_number
from console.views.theme import Icon, Type, current, paint_icon, watch
from console.views.widgets import Tone, announce, named
from console.views.widgets.ages import age, short_text
from console.views.widgets.painting import focus_ring, key_size, paint_key, rounded


class AdviceBox(QPushButton):
    """Two lines: whose advice on which call and how old; what it says. ``acknowledged`` carries call and advice."""

    KEY = "F6"
    acknowledged = Signal(object, object)

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        self._now = now
        self._waiting: Sequence[WaitingAdvice] = ()
        super().__init__(parent)
        named(self, "Advice")
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.acknowledge)
        self.hide()
        watch(self._restyle)

    def show_advice(self, waiting: Sequence[WaitingAdvice]) -> None:
        """The advice that waits; the newest is shown, the others are counted."""
        before = {each.advice for each in self._waiting}
        self._waiting = sorted(waiting, key=lambda each: each.at, reverse=True)
        self.setVisible(bool(waiting))
        if self._waiting:
            newest = self._waiting[0]
            named(self, f"Acknowledge advice on {newest.number} by {newest.by_name}: {newest.text}", f"key {self.KEY}")
            self.setToolTip(newest.text)
            if newest.advice not in before:
                announce(self, self.accessibleName())
        self.update()

    def acknowledge(self) -> None:
        """Acknowledge the advice that is shown."""
        if self._waiting:
            self.acknowledged.emit(self._waiting[0].call, self._waiting[0].advice)

    def sizeHint(self) -> QSize:
        theme = current()
        return QSize(theme.px(330), theme.px(54))

    def minimumSizeHint(self) -> QSize:
        theme = current()
        return QSize(theme.px(180), theme.px(54))

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._waiting:
            return
        theme = current()
        tokens = theme.tokens
        newest, others = self._waiting[0], len(self._waiting) - 1
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        rounded(painter, rect, theme.space.radius, tokens.accent_soft, tokens.accent)
        inner = rect.adjusted(theme.space.s, theme.px(5), -theme.space.s, -theme.px(5))
        chip = key_size(theme, self.KEY)
        key = QRectF(inner.right() - chip.width(), inner.top(), chip.width(), chip.height())
        paint_key(painter, key, self.KEY, theme, tokens.accent)
        edge = theme.px(14)
        half = inner.height() / 2
        paint_icon(
            painter, QRectF(inner.left(), inner.top() + (half - edge) / 2, edge, edge), Icon.ADVICE, tokens.accent
        )
        more = f" · {others} more" if others else ""
        head = f"{short_number(newest.number)} · {newest.by_name} · {short_text(age(newest.at, self._now()))}{more}"
        left = inner.left() + edge + theme.space.xs
        first = QRectF(left, inner.top(), key.left() - theme.space.s - left, half)
        second = QRectF(inner.left(), inner.top() + half, inner.width(), half)
        for room, text, role, tone in (
            (first, head, Type.SMALL, Tone.ACCENT),
            (second, newest.text, Type.MEDIUM, Tone.TEXT),
        ):
            metrics = QFontMetricsF(theme.font(role))
            painter.setFont(theme.font(role))
            painter.setPen(tone.color(tokens))
            said = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, said)
        if self.hasFocus():
            focus_ring(painter, rect, theme)
        painter.end()
