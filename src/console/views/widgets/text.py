"""Words on a screen: a role of the type scale and a tone, restyled when the theme changes."""

from enum import StrEnum

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPalette, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from console.views.theme import Tokens, Type, current, watch
from console.views.widgets.access import tip


class Tone(StrEnum):
    """What a text or a panel means, by the token that colors it."""

    TEXT = "text"
    MUTED = "muted"
    ACCENT = "accent"
    GOOD = "good"
    CHANGED = "changed"
    WARN = "warn"
    DANGER = "danger"

    def color(self, tokens: Tokens) -> QColor:
        """The color of text in this tone."""
        found: QColor = getattr(tokens, self.value)
        return found

    def ground(self, tokens: Tokens) -> QColor:
        """The quiet ground a panel of this tone has."""
        soft: QColor = getattr(tokens, f"{self.value}_soft", tokens.raised)
        return soft


class Text(QLabel):
    """A label. Text is plain: what a caller or a CAD system wrote is never read as markup."""

    _role, _tone = Type.BODY, Tone.TEXT  # Qt speaks of changes while a label is still being made

    def __init__(
        self,
        text: str = "",
        role: Type = Type.BODY,
        tone: Tone = Tone.TEXT,
        *,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._role, self._tone = role, tone
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        watch(self._restyle)

    def set_tone(self, tone: Tone) -> None:
        if tone is not self._tone:
            self._tone = tone
            self._restyle()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # Polished anew, a style sheet (Qt 6.11) gives a label back the palette and the font it remembers: after a
        # change of theme or of text size those can be the ones before, dark on dark and twice as large.
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._recolor()
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._resize()

    def _restyle(self) -> None:
        self.setFont(current().font(self._role))
        self._recolor()

    def _resize(self) -> None:
        wanted = current().font(self._role)
        if self.font().pointSizeF() != wanted.pointSizeF():
            self.setFont(wanted)

    def _recolor(self) -> None:
        colors, color = self.palette(), self._tone.color(current().tokens)
        if colors.color(QPalette.ColorRole.WindowText) != color:
            colors.setColor(QPalette.ColorRole.WindowText, color)
            self.setPalette(colors)


class ElidedText(Text):
    """One line that ends in … where it does not fit, with the whole of it as tool tip and accessible name."""

    def __init__(
        self, text: str = "", role: Type = Type.BODY, tone: Tone = Tone.TEXT, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(text, role, tone, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(current().px(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(24), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tip()

    def setText(self, text: str) -> None:
        super().setText(text)
        self._tip()

    def _tip(self) -> None:
        cut = QFontMetrics(self.font()).horizontalAdvance(self.text()) > self.contentsRect().width()
        tip(self, self.text() if cut else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self._tone.color(current().tokens))
        room = self.contentsRect()
        words = QFontMetrics(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), words)
        painter.end()


class FewLines(ElidedText):
    """Words that go on in the next line, ``most`` lines of them: only the last of those ends in … where it has to."""

    _most = 1  # as with a label's role: Qt asks while it is still being made

    def __init__(
        self,
        text: str = "",
        role: Type = Type.BODY,
        tone: Tone = Tone.TEXT,
        *,
        most: int = 2,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, role, tone, parent=parent)
        self._most = most
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def hasHeightForWidth(self) -> bool:
        return True  # which a label says of itself only where it breaks lines in its own way

    def heightForWidth(self, width: int) -> int:
        return len(self._lines(width)) * QFontMetrics(self.font()).lineSpacing()

    def setText(self, text: str) -> None:
        super().setText(text)
        self.updateGeometry()

    def _lines(self, width: int) -> list[str]:
        """The text in lines of this width: the last one with all that is left."""
        left = self.text()
        lines: list[str] = []
        layout = QTextLayout(left, self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        while len(lines) + 1 < self._most and (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            lines.append(self.text()[line.textStart() : line.textStart() + line.textLength()].rstrip())
            left = self.text()[line.textStart() + line.textLength() :]
        layout.endLayout()
        return [*lines, left] if left or not lines else lines

    def _tip(self) -> None:
        width = self.contentsRect().width()
        cut = QFontMetrics(self.font()).horizontalAdvance(self._lines(width)[-1]) > width
        tip(self, self.text() if cut else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self._tone.color(current().tokens))
        metrics, room = QFontMetrics(self.font()), self.contentsRect()
        for at, line in enumerate(self._lines(room.width())):
            words = metrics.elidedText(line, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(0, at * metrics.lineSpacing() + metrics.ascent(), words)
        painter.end()


class SectionHeader(Text):
    """The spaced capitals above a group. Written in sentence case; screen readers get it that way."""

    def __init__(self, text: str, *, parent: QWidget | None = None) -> None:
        super().__init__(text.upper(), Type.LABEL, Tone.MUTED, parent=parent)
        self.setAccessibleName(text)

    def set_text(self, text: str) -> None:
        self.setText(text.upper())
        self.setAccessibleName(text)


class Rule(QFrame):
    """A quiet line between two parts."""

    def __init__(self, *, upright: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if upright:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), current().tokens.line)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()
