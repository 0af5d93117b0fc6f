"""The newest advice that dispatch has not acknowledged: a key for having read it, one for having passed it on."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from console.queries.advice import WaitingAdvice
from console.views.strip.wording import short_number
from console.views.theme import Icon, Type, current, paint_icon, watch
from console.views.widgets import Tone, announce, named, tip
from console.views.widgets.ages import age, short_text
from console.views.widgets.painting import focus_ring, key_size, paint_key, rounded


class AdviceBox(QPushButton):
    """Two lines: whose advice on which call, how old, and the keys; what it says, in all of the second one.

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
            tip(self, f"{newest.text}\nF6 read · Shift+F6 passed to units")
            self.updateGeometry()
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

    @property
    def said(self) -> str:
        """The advice as far as there is room for it."""
        theme = current()
        words = self._waiting[0].text if self._waiting else ""
        metrics = QFontMetricsF(theme.font(Type.MEDIUM))
        return metrics.elidedText(words, Qt.TextElideMode.ElideRight, self.width() - 2.0 * theme.space.s)

    def sizeHint(self) -> QSize:
        theme = current()
        words = self._waiting[0].text if self._waiting else ""
        wide = QFontMetricsF(theme.font(Type.MEDIUM)).horizontalAdvance(words) + 2 * theme.space.s + 2
        return QSize(min(max(theme.px(400), round(wide)), theme.px(620)), theme.px(54))

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
        end = inner.right()
        for key, word in ((self.PASSED_KEY, "passed to units"), (self.KEY, "read")):
            end = self._paint_key(painter, inner, end, key, word) - theme.space.s
        paint_icon(
            painter, QRectF(inner.left(), inner.top() + (half - edge) / 2, edge, edge), Icon.ADVICE, tokens.accent
        )
        more = f" · {others} more" if others else ""
        head = f"{short_number(newest.number)} · {newest.by_name} · {short_text(age(newest.at, self._now()))}{more}"
        left = inner.left() + edge + theme.space.xs
        first = QRectF(left, inner.top(), max(0.0, end - left), half)
        second = QRectF(inner.left(), inner.top() + half, inner.width(), half)
        for room, text, role, tone in (
            (first, head, Type.SMALL, Tone.ACCENT),
            (second, self.said, Type.MEDIUM, Tone.TEXT),
        ):
            metrics = QFontMetricsF(theme.font(role))
            painter.setFont(theme.font(role))
            painter.setPen(tone.color(tokens))
            said = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, said)
        if self.hasFocus():
            focus_ring(painter, rect, theme)
        painter.end()

    def _paint_key(self, painter: QPainter, inner: QRectF, end: float, key: str, word: str) -> float:
        """A key that ends at ``end``, and the word for what it says where there is room; returns where they begin."""
        theme = current()
        chip = key_size(theme, key)
        top = inner.top()
        rect = QRectF(end - chip.width(), top, chip.width(), chip.height())
        paint_key(painter, rect, key, theme, theme.tokens.accent)
        if inner.width() < theme.px(360):
            return rect.left()
        metrics = QFontMetricsF(theme.font(Type.CAPTION))
        wide = metrics.horizontalAdvance(word)
        painter.setFont(theme.font(Type.CAPTION))
        painter.setPen(theme.tokens.muted)
        left = rect.left() - theme.space.xs - wide
        painter.drawText(QRectF(left, top, wide + 1, chip.height()), Qt.AlignmentFlag.AlignVCenter, word)
        return left
