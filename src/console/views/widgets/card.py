"""A card: a raised ground with an edge, in a tone, that shows when something in it has the focus."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from console.views.theme import current, watch
from console.views.widgets.painting import rounded
from console.views.widgets.text import Tone


class Card(QFrame):
    """Put content into ``body``. In a tone other than ``TEXT`` the ground and the edge say it.

    With ``follows_focus`` the edge turns to the accent while a widget inside has the focus, so the eye finds the
    question that is being answered.
    """

    def __init__(self, tone: Tone = Tone.TEXT, *, follows_focus: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = tone
        self._lit = False
        self.body = QVBoxLayout(self)
        watch(self._restyle)
        if follows_focus:
            application = QApplication.instance()
            assert isinstance(application, QApplication)
            application.focusChanged.connect(self._focus_moved)

    def set_tone(self, tone: Tone) -> None:
        self._tone = tone
        self.update()

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        lit = new is not None and self.isAncestorOf(new)
        if lit != self._lit:
            self._lit = lit
            self.update()

    def _restyle(self) -> None:
        space = current().space
        self.body.setContentsMargins(space.m, space.m, space.m, space.m)
        self.body.setSpacing(space.s)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        tokens = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill = tokens.raised if self._tone is Tone.TEXT else self._tone.ground(tokens)
        edge = tokens.line if self._tone in (Tone.TEXT, Tone.MUTED) else self._tone.color(tokens)
        if self._lit:
            fill, edge = tokens.accent_soft, tokens.focus
        rounded(painter, QRectF(self.rect()), theme.space.radius, fill, edge, 1.5 if self._lit else 1)
        painter.end()
