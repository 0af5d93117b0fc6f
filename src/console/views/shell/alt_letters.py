"""Alt with a letter is a key of the program or nothing: it never types the letter."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

_HELD = Qt.KeyboardModifier.AltModifier
_BESIDE = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


class AltLetters(QObject):
    """Keeps Alt with a letter from the widget that has the focus, where no shortcut took it.

    Qt's fields write the letter on Linux. Only the widget in focus is watched, so nothing else pays for it.
    """

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        application.focusChanged.connect(self._turn)
        self._turn(None, application.focusWidget())

    def _turn(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is not None:
            before.removeEventFilter(self)
        if now is not None:
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        text = event.text()
        if event.modifiers() & ~_BESIDE != _HELD or not text or not text.isprintable():
            return False
        event.ignore()
        return True
