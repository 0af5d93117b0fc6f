"""The newest advice that dispatch has not acknowledged: a key for having read it, one for having passed it on."""

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
    """Two lines: whose advice on which call and how old; what it says.

    ``acknowledged`` carries call, advice and whether it was passed to the units: to have read it does not say so.
    """

    KEY, PASSED_KEY = "F6", "⇧F6"
    acknowledged = Signal(object, object, bool)

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        self._now = now
        self._waiting: Sequence[WaitingAdvice] = ()
        super().__init__(parent)
        named(self, "Advice")
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.read)
        self.hide()
        watch(self._restyle)

    def show_advice(self, waiting: Sequence[WaitingAdvice]) -> None:
        """The advice that waits; the newest is shown, the others are counted."""
        before = {each.advice for each in self._waiting}
        self._waiting = sorted(waiting, key=lambda each: each.at, reverse=True)
        self.setVisible(bool(waiting))
        if self._waiting:
            newest = self._waiting[0]
            named(
                self,
                f"Acknowledge advice on {newest.number} by {newest.by_name}: {newest.text}",
                "key F6: read; Shift+F6: passed to units",
            )
            self.setToolTip(f"{newest.text}\nF6 read · Shift+F6 passed to units")
            if newest.advice not in before:
                announce(self, self.accessibleName())
        self.update()

    def read(self) -> None:
        """Somebody read the advice that is shown."""
        self._acknowledge(passed=False)

    def passed(self) -> None:
        """Somebody read the advice that is shown and passed it to the units."""
        self._acknowledge(passed=True)

    def _acknowledge(self, *, passed: bool) -> None:
        if self._waiting:
            self.acknowledged.emit(self._waiting[0].call, self._waiting[0].advice, passed)

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
        edge = theme.px(14)
        half = inner.height() / 2
        ends = [
            self._paint_key(painter, inner, top, key, word)
            for top, key, word in (
                (inner.top(), self.KEY, "read"),
                (inner.top() + half, self.PASSED_KEY, "passed to units"),
            )
        ]
        paint_icon(
            painter, QRectF(inner.left(), inner.top() + (half - edge) / 2, edge, edge), Icon.ADVICE, tokens.accent
        )
        more = f" · {others} more" if others else ""
        head = f"{short_number(newest.number)} · {newest.by_name} · {short_text(age(newest.at, self._now()))}{more}"
        left = inner.left() + edge + theme.space.xs
        first = QRectF(left, inner.top(), ends[0] - theme.space.s - left, half)
        second = QRectF(inner.left(), inner.top() + half, ends[1] - theme.space.s - inner.left(), half)
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

    def _paint_key(self, painter: QPainter, inner: QRectF, top: float, key: str, word: str) -> float:
        """A key at the right edge, and the word for what it says where there is room; returns where they begin."""
        theme = current()
        chip = key_size(theme, key)
        rect = QRectF(inner.right() - chip.width(), top, chip.width(), chip.height())
        paint_key(painter, rect, key, theme, theme.tokens.accent)
        if inner.width() < theme.px(260):
            return rect.left()
        metrics = QFontMetricsF(theme.font(Type.CAPTION))
        wide = metrics.horizontalAdvance(word)
        painter.setFont(theme.font(Type.CAPTION))
        painter.setPen(theme.tokens.muted)
        left = rect.left() - theme.space.xs - wide
        painter.drawText(QRectF(left, top, wide + 1, chip.height()), Qt.AlignmentFlag.AlignVCenter, word)
        return left
