"""Buttons that show their key."""

from enum import Enum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from console.views.theme import Icon, Theme, Type, current, paint_icon, watch
from console.views.widgets.access import named
from console.views.widgets.painting import focus_ring, key_size, paint_key, rounded


class Look(Enum):
    """How loud a button is. One ``PRIMARY`` to a screen, or to a card with fields of its own.

    ``DANGER`` is for what cannot be taken back in 10 seconds.
    """

    PRIMARY = "primary"
    SECONDARY = "secondary"
    QUIET = "quiet"
    DANGER = "danger"


class ActionButton(QPushButton):
    """A button with its words, its key and, where it helps, an icon.

    ``key`` is only shown; the screen that owns the shortcut binds it. The accessible name is the text unless ``name``
    says more ("Claim call 26-118-4471"), and the key is part of the description.
    """

    def __init__(
        self,
        text: str,
        *,
        key: str = "",
        look: Look = Look.SECONDARY,
        icon: Icon | None = None,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self._key, self._look, self._icon = key, look, icon
        self._shows_key = bool(key)
        super().__init__(text, parent)
        named(self, name or text, f"key {key}" if key else "")
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        watch(self._restyle)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.update()

    def set_words(self, text: str, name: str = "") -> None:
        """Change what the button says, for the eye and for the ear."""
        self.setText(text)
        named(self, name or text)
        self.updateGeometry()

    def show_key(self, shown: bool) -> None:
        """Whether the key stands beside the words; screen readers say it always."""
        if shown is not self._shows_key:
            self._shows_key = shown
            self._restyle()

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def _parts(self, theme: Theme) -> tuple[float, float, float]:
        """Widths of icon, words and key, each with the gap that follows or precedes it."""
        words = QFontMetricsF(theme.font(Type.MEDIUM)).horizontalAdvance(self.text())
        icon = theme.px(16) + (theme.space.s if self.text() else 0) if self._icon is not None else 0.0
        key = key_size(theme, self._key).width() + theme.space.s if self._shows_key else 0.0
        return icon, words, key

    def sizeHint(self) -> QSize:
        theme = current()
        pad = theme.space.m if self._look is not Look.QUIET else theme.space.s
        return QSize(round(sum(self._parts(theme)) + 2 * pad), theme.px(32))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def _colors(self, theme: Theme) -> tuple[QColor | None, QColor | None, QColor]:
        """Fill, edge and ink for the state the button is in."""
        tokens = theme.tokens
        over = self.underMouse() and self.isEnabled()
        if not self.isEnabled():
            # Nothing to press: no ground, and an edge that only says where the words belong.
            return None, None if self._look is Look.QUIET else tokens.line, tokens.faint
        if self._look is Look.PRIMARY:
            fill = tokens.accent.darker(108) if self.isDown() else tokens.accent.lighter(106) if over else tokens.accent
            return fill, None, tokens.on_accent
        if self._look is Look.DANGER:
            return (tokens.raised if self.isDown() else tokens.danger_soft), tokens.danger, tokens.danger
        if self._look is Look.QUIET:
            return (tokens.line if self.isDown() else tokens.raised if over else None), None, tokens.text
        return (tokens.line if self.isDown() or over else tokens.raised), tokens.outline, tokens.text

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, edge, ink = self._colors(theme)
        rect = QRectF(self.rect())
        rounded(painter, rect, theme.space.radius, fill, edge)
        icon, words, key = self._parts(theme)
        left = rect.left() + max(theme.space.xs, (rect.width() - icon - words - key) / 2)
        if self._icon is not None:
            mark = QRectF(left, rect.center().y() - theme.px(8), theme.px(16), theme.px(16))
            paint_icon(painter, mark, self._icon, ink)
        painter.setPen(ink)
        painter.setFont(theme.font(Type.MEDIUM))
        room = QRectF(left + icon, rect.top(), words + 1, rect.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if self._shows_key:
            size = key_size(theme, self._key)
            chip = QRectF(
                left + icon + words + theme.space.s, rect.center().y() - size.height() / 2, size.width(), size.height()
            )
            paint_key(painter, chip, self._key, theme, ink)
        if self.hasFocus():
            if self._look is Look.PRIMARY:
                # On the accent itself the ring needs a gap to be seen.
                gap = theme.space.ring
                inner = rect.adjusted(gap, gap, -gap, -gap)
                rounded(painter, inner, theme.space.radius - gap, None, theme.tokens.on_accent, 1.5)
            else:
                focus_ring(painter, rect, theme)
        painter.end()
