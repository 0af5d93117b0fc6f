"""Badges and chips: small things that say one word."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.models.call import Level
from console.views.theme import Icon, Type, current, paint_icon, watch
from console.views.widgets.access import tip
from console.views.widgets.painting import LEVEL_WORDS, badge_size, key_size, paint_badge, paint_key, rounded
from console.views.widgets.text import Tone


class Painted(QWidget):
    """A widget that paints itself and has one natural size, asked anew when the theme changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        watch(self._restyle)

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class Badge(Painted):
    """A level: shape, word and fill. Another word may stand in for the level's own ("RULE MET")."""

    def __init__(self, level: Level, word: str = "", *, parent: QWidget | None = None) -> None:
        self._level, self._word = level, word or LEVEL_WORDS[level]
        super().__init__(parent)
        self.set_level(level, word)

    @property
    def level(self) -> Level:
        return self._level

    def set_level(self, level: Level, word: str = "") -> None:
        self._level, self._word = level, word or LEVEL_WORDS[level]
        self.setAccessibleName(self._word.lower() if word else f"level {self._word.lower()}")
        self._restyle()

    def sizeHint(self) -> QSize:
        return badge_size(current(), self._word).toSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_badge(painter, QRectF(self.rect()), self._level, current(), self._word)
        painter.end()


class KeyHint(Painted):
    """The chip that says which key does it. Screen readers hear keys from the control itself."""

    def __init__(self, key: str, *, parent: QWidget | None = None) -> None:
        self._key = key
        super().__init__(parent)

    def sizeHint(self) -> QSize:
        return key_size(current(), self._key).toSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_key(painter, QRectF(self.rect()), self._key, current())
        painter.end()


_SIGNS = {Tone.GOOD: Icon.CHECK, Tone.WARN: Icon.ALARM, Tone.DANGER: Icon.ALARM}


class StatusDot(Painted):
    """``● CAD fresh 2 s``: a sign and words, for status lines. The sign differs by tone, not only its color.

    Where room is short the words are cut, or an icon stands for them (:meth:`shorten`), with the whole of them as tool
    tip.
    """

    _icon: Icon | None = None

    def __init__(self, text: str = "", tone: Tone = Tone.MUTED, *, parent: QWidget | None = None) -> None:
        self._text, self._tone = text, tone
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def minimumSizeHint(self) -> QSize:
        theme = current()
        return QSize(theme.px(60) if self._icon is None else self.width_of_icon(), theme.px(20))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tip()

    def _tip(self) -> None:
        cut = self.width() < self.width_of_words()
        tip(self, self._text if cut else "")

    def shorten(self, icon: Icon | None) -> None:
        """Let this icon stand for the words; None shows them again. A screen reader hears the words in any case."""
        if icon is not self._icon:
            self._icon = icon
            self._tip()
            self._restyle()

    def set_status(self, text: str, tone: Tone) -> None:
        if (text, tone) != (self._text, self._tone):
            self._text, self._tone = text, tone
            self.setAccessibleName(text)
            self._tip()
            self._restyle()

    def sizeHint(self) -> QSize:
        width = self.width_of_words() if self._icon is None else self.width_of_icon()
        return QSize(width, current().px(20))

    def width_of_words(self) -> int:
        """What it takes with all of its words."""
        return round(QFontMetricsF(current().font(Type.SMALL)).horizontalAdvance(self._text)) + current().px(19)

    def width_of_icon(self) -> int:
        """What it takes with an icon in their place."""
        return current().px(34)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self._tone.color(theme.tokens)
        middle = self.height() / 2
        if sign := _SIGNS.get(self._tone):
            edge = theme.px(13)
            paint_icon(painter, QRectF(0, middle - edge / 2, edge, edge), sign, color)
        else:
            edge = theme.px(6)
            rounded(painter, QRectF(theme.px(3.5), middle - edge / 2, edge, edge), edge / 2, color)
        room = QRectF(self.rect())
        room.setLeft(theme.px(17))
        if self._icon is not None:
            edge = theme.px(15)
            paint_icon(painter, QRectF(room.left(), middle - edge / 2, edge, edge), self._icon, color)
            painter.end()
            return
        painter.setPen(color)
        painter.setFont(theme.font(Type.SMALL))
        said = QFontMetricsF(painter.font()).elidedText(self._text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, said)
        painter.end()


class Watermark(Painted):
    """``DRILL · NOT REAL CALLS``: on every window of a drill."""

    def __init__(self, text: str = "DRILL · NOT REAL CALLS", *, parent: QWidget | None = None) -> None:
        self._text = text
        super().__init__(parent)
        self.setAccessibleName(text.lower())

    def sizeHint(self) -> QSize:
        theme = current()
        metrics = QFontMetricsF(theme.font(Type.LABEL))
        return QSize(round(metrics.horizontalAdvance(self._text)) + theme.px(20), theme.px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme.tokens
        rounded(painter, QRectF(self.rect()), theme.px(3.5), tokens.changed_soft, tokens.changed)
        painter.setPen(tokens.changed)
        painter.setFont(theme.font(Type.LABEL))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)
        painter.end()
