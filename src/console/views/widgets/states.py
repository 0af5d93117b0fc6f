"""What a page shows when it has no rows to show, and why: empty, still loading, or failed. Each is designed."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from console.views.theme import Icon, Type, current, paint_icon, watch
from console.views.widgets.badge import Painted
from console.views.widgets.button import ActionButton, Look
from console.views.widgets.text import Text, Tone

_LONGEST_LINE = 640
"""Pixels at 100 % that a sentence takes before it goes on in the next line: longer ones are hard to follow."""


class Picture(Painted):
    """One icon, drawn at a size of its own."""

    def __init__(self, icon: Icon, tone: Tone) -> None:
        self._icon, self._tone = icon, tone
        super().__init__()

    def sizeHint(self) -> QSize:
        edge = current().px(40)
        return QSize(edge, edge)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, QRectF(self.rect()), self._icon, self._tone.color(current().tokens))
        painter.end()


class StateView(QWidget):
    """An icon, a line, a sentence under it and, where there is one, the thing to do, with its key."""

    activated = Signal()

    def __init__(self, icon: Icon, tone: Tone, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = Picture(icon, tone)
        self._title = Text(role=Type.HEADING, wrap=True)
        self._sentence = Text(tone=Tone.MUTED, wrap=True)
        self._action: ActionButton | None = None
        self._offers = ("", "")
        for label in (self._title, self._sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addWidget(self._title)
        self._column.addWidget(self._sentence)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self._inside, 20)
        across.addStretch(1)
        whole = QVBoxLayout(self)
        whole.addStretch(2)
        whole.addLayout(across)
        whole.addStretch(3)
        watch(self._restyle)

    @property
    def title(self) -> str:
        return self._title.text()

    @property
    def sentence(self) -> str:
        return self._sentence.text()

    @property
    def action(self) -> ActionButton | None:
        return self._action

    def say(self, title: str, sentence: str = "", *, action: str = "", key: str = "") -> None:
        """Say what is so and, with ``action``, what to do; pressing it emits ``activated``."""
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        self.setAccessibleName(" ".join(part for part in (title, sentence) if part))
        if self._offers == (action, key):
            return  # the button may have the focus
        self._offers = (action, key)
        if self._action is not None:
            self._column.removeWidget(self._action)
            self._action.deleteLater()
            self._action = None
        if action:
            self._action = ActionButton(action, key=key, look=Look.SECONDARY, parent=self)
            self._action.clicked.connect(self.activated)
            self._column.addWidget(self._action, 0, Qt.AlignmentFlag.AlignHCenter)

    def _restyle(self) -> None:
        theme = current()
        self._column.setSpacing(theme.space.m)
        self._inside.setMaximumWidth(theme.px(_LONGEST_LINE))


class EmptyState(StateView):
    """There is nothing, and that is all right."""

    def __init__(self, icon: Icon = Icon.CHECK, *, parent: QWidget | None = None) -> None:
        super().__init__(icon, Tone.MUTED, parent=parent)


class LoadingState(StateView):
    """It is being read. Nothing moves: a spinner draws the eye away from the call."""

    def __init__(self, words: str = "Reading…", *, parent: QWidget | None = None) -> None:
        super().__init__(Icon.CLOCK, Tone.MUTED, parent=parent)
        self.say(words)


class ErrorState(StateView):
    """It could not be read: what happened, what still works, what to do."""

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(Icon.ALARM, Tone.WARN, parent=parent)
