"""Unlocking a desk whose key is sealed under a passphrase."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from console.views.entrance.page import EntrancePage
from console.views.theme import Icon
from console.views.widgets import ActionButton, Look


class PassphrasePage(EntrancePage):
    """Signal ``submitted`` (passphrase)."""

    submitted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "Unlock this desk",
            "This desk's records are sealed under a passphrase, because the computer has no key store.",
            parent,
        )
        self._passphrase = self.field("Passphrase", secret=True)
        self._button = ActionButton("Unlock", key="Enter", look=Look.PRIMARY, icon=Icon.LOCK)
        self._button.clicked.connect(self._submit)
        self._passphrase.returnPressed.connect(self._submit)
        self.add(self._button)

    def refuse(self, words: str) -> None:
        """It did not open."""
        self._passphrase.setEnabled(True)
        self._button.setEnabled(True)
        self.show_problem(words)
        self._passphrase.clear()
        self._passphrase.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._passphrase.setFocus()

    def _submit(self) -> None:
        if not self._passphrase.text():
            self.show_problem("Type the passphrase.")
            return
        self.show_problem("")
        self._passphrase.setEnabled(False)
        self._button.setEnabled(False)
        self.submitted.emit(self._passphrase.text())
