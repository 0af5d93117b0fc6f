"""Signing in: a name and a password."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from console.views.entrance.page import EntrancePage
from console.views.theme import Icon
from console.views.widgets import ActionButton, Look


class SignInPage(EntrancePage):
    """Signal ``submitted`` (name, password)."""

    submitted = Signal(str, str)

    def __init__(self, center: str, parent: QWidget | None = None, *, drill: bool = False) -> None:
        super().__init__("Sign in", center, parent, drill=drill)
        self._name = self.field("Name")
        self._password = self.field("Password", secret=True)
        self._button = ActionButton("Sign in", key="Enter", look=Look.PRIMARY, icon=Icon.LOCK)
        self._button.clicked.connect(self._submit)
        self._name.returnPressed.connect(self._password.setFocus)
        self._password.returnPressed.connect(self._submit)
        self.add(self._button)

    def say_center(self, center: str) -> None:
        """The center whose desk this is, once it is known."""
        self.say_title("Sign in", center)

    def busy(self, busy: bool) -> None:
        """While the password is checked nothing can be pressed twice."""
        for widget in (self._name, self._password, self._button):
            widget.setEnabled(not busy)

    def refuse(self, words: str) -> None:
        """The name and password did not do; the password is typed anew."""
        self.busy(False)
        self.show_problem(words)
        self._password.clear()
        self._password.setFocus()

    def clear(self) -> None:
        """Ready for the next person."""
        self.busy(False)
        self.show_problem("")
        self._name.clear()
        self._password.clear()
        self._name.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._name.setFocus()

    def _submit(self) -> None:
        if not self._name.text().strip() or not self._password.text():
            self.show_problem("Type your name and your password.")
            return
        self.show_problem("")
        self.busy(True)
        self.submitted.emit(self._name.text().strip(), self._password.text())
