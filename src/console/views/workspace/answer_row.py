"""Answers by number key, with the keys that lead from question to question."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton

from console.views.widgets import Choice, ChoiceRow

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class AnswerRow(ChoiceRow):
    """Answers by number key. ``keyed`` after one was given by key, and for Enter, so that the next question can have
    the focus; ``moved`` (1 or -1) for Down and Up. ``by_key`` while a number key answers: ``keyed`` follows."""

    keyed = Signal()
    went_on = Signal()
    moved = Signal(int)

    def __init__(
        self,
        question: str,
        choices: Sequence[Choice],
        *,
        multiple: bool = False,
        stacked: int = 0,
        columns: Sequence[int] = (),
    ) -> None:
        super().__init__(question, choices, multiple=multiple, stacked=stacked, columns=columns)
        self.by_key = False
        for button in self.findChildren(QAbstractButton):
            button.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # To a button Up and Down are Left and Right; here they go to another question.
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
            if step:
                self.moved.emit(step)
                return True
            plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
            if event.key() in _ENTER and plain:
                if not event.isAutoRepeat():
                    self.went_on.emit()
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text().isdigit()
        if digit and event.isAutoRepeat():
            return  # a key held down answers one question, not the next ones too
        before, self.by_key = self.values, digit
        super().keyPressEvent(event)
        self.by_key = False
        if digit and (self.values != before or event.isAccepted()):
            self.keyed.emit()
