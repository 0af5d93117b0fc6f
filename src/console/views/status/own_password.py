"""One's own password: the old one, and the new one twice."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from console.bridge import passwords
from console.bridge.seat import Seat
from console.errors import KnownError
from console.views.widgets import ActionButton, Card, Fields, Look, Notice, SectionHeader, Tone, named
from console.views.widgets.fields import LABELS, beside_room


class OwnPassword(Card):
    """Changes the password of whoever sits here. What was typed goes once it is changed."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self._seat = seat
        self._fields = tuple(
            named(QLineEdit(), name) for name in ("Your password now", "New password", "New password again")
        )
        self._change = ActionButton("Change password", look=Look.PRIMARY)
        self._change.clicked.connect(self.change)
        self._said = Notice()
        self.body.addWidget(SectionHeader("Your password"))
        form = Fields(labels=LABELS)
        for field in self._fields:
            field.setEchoMode(QLineEdit.EchoMode.Password)
            field.returnPressed.connect(self.change)
            form.row(field.accessibleName(), field)
        self.body.addLayout(beside_room(form))
        self.body.addWidget(self._change, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self._said)

    @property
    def said(self) -> str:
        """What became of the last try."""
        return self._said.text()

    def change(self) -> None:
        """Change it, if the new one was typed the same twice."""
        old, new, again = (field.text() for field in self._fields)
        if not self._change.isEnabled():
            return
        if new != again:
            self._said.say("The new password was not typed the same twice.")
            return
        self._change.setEnabled(False)
        job = partial(passwords.change_own_password, self._seat.desk, self._seat.sign_in, old, new)
        self._seat.bridge.entrance(self, job, self._changed, self._refused)

    def _changed(self, _result: object) -> None:
        for field in self._fields:
            field.clear()
        self._change.setEnabled(True)
        self._said.say("Your password is changed.", Tone.GOOD)

    def _refused(self, error: KnownError) -> None:
        self._change.setEnabled(True)
        self._said.say(error.message, Tone.DANGER)
