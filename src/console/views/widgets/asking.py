"""What asks for something on the page itself, never in a dialog: Enter answers, Escape goes."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from console.views.theme import Type, current, watch
from console.views.widgets.button import ActionButton, Look
from console.views.widgets.painting import rounded
from console.views.widgets.text import Text, Tone


class Asking(QFrame):
    """Questions in ``column``; ``bottom`` is its last line and ends with the buttons ``no`` and ``yes``.

    Enter is ``yes``, Escape is ``no``, whose accessible name is given. It begins hidden; ``closed`` when it goes.
    """

    closed = Signal()

    def __init__(self, yes: ActionButton, no: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.yes, self.no = yes, ActionButton("Cancel", key="Esc", look=Look.QUIET, name=no)
        self.complaint = Text("", Type.SMALL, Tone.WARN)
        self.column = QVBoxLayout(self)
        self.bottom = QHBoxLayout()
        self.hide()
        watch(self._restyle)

    def end(self) -> None:
        """Lay the last line out, once the questions are there."""
        self.bottom.addWidget(self.no)
        self.bottom.addWidget(self.yes)
        self.column.addLayout(self.bottom)

    def complain(self, words: str) -> None:
        """Say what is in the way; "" when nothing is any more."""
        self.complaint.setText(words)
        self.complaint.setVisible(bool(words))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.yes.click()
        elif event.key() == Qt.Key.Key_Escape:
            self.no.click()
        else:
            super().keyPressEvent(event)

    def _restyle(self) -> None:
        space = current().space
        self.column.setContentsMargins(space.s, 0, space.s, space.s)
        self.column.setSpacing(space.s)
        self.bottom.setSpacing(space.s)


class AskingPanel(Asking):
    """One that stands on a ground of its own over the page, and says that its words go far."""

    def __init__(self, yes: ActionButton, no: str, parent: QWidget) -> None:
        super().__init__(yes, no, parent)
        self.complaint.setWordWrap(True)
        record = "Dispatch sees this, and it may become a public record."
        self.bottom.addWidget(Text(record, Type.SMALL, Tone.MUTED, wrap=True), 1)

    def _restyle(self) -> None:
        super()._restyle()
        space = current().space
        self.column.setContentsMargins(space.l, space.m, space.l, space.m)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self.rect().toRectF()
        painter.fillRect(rect, theme.tokens.window)
        rounded(painter, rect, theme.space.radius, theme.tokens.surface, theme.tokens.accent, 1.5)
        painter.end()
