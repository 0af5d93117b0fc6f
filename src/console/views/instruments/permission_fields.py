"""The permission record: who, when, where the document is, until when."""

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from console.actions.instruments import Permit
from console.models.instrument import Permission
from console.views.widgets import Fields, Notice, Text, Tone, named
from console.views.widgets.fields import beside_room


class PermissionFields(QWidget):
    """Four fields. ``given`` is what stands in them, None while all are empty."""

    def __init__(self) -> None:
        super().__init__()
        self.by = named(QLineEdit(), "Permitted by")
        self.on = named(QLineEdit(), "Day of the permission", "year-month-day")
        self.document = named(QLineEdit(), "Where the document is")
        self.until = named(QLineEdit(), "Last day", "year-month-day, empty where it has no end")
        self.by.setPlaceholderText("who holds the rights")
        self.on.setPlaceholderText("2026-11-21")
        self.document.setPlaceholderText("folder, contract, address of the page")
        self.until.setPlaceholderText("empty: it does not end")
        fields = Fields(labels=150)
        for label, line in (
            ("Permitted by", self.by),
            ("On", self.on),
            ("Document", self.document),
            ("Until", self.until),
        ):
            fields.row(label, line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.why = Text("", tone=Tone.MUTED, wrap=True)
        self.said = Notice()  # above what it is about: what is below may be scrolled out of sight
        column.addWidget(self.why)
        column.addWidget(self.said)
        column.addLayout(beside_room(fields))

    @property
    def given(self) -> Permit | None:
        """The record as it was typed."""
        permit = Permit(self.by.text(), self.on.text(), self.document.text(), self.until.text())
        return permit if any((permit.given_by, permit.given_on, permit.document, permit.until)) else None

    def ask_missing(self) -> bool:
        """Go to the first field that has to be filled in and is not, say what is missing, and whether something is."""
        self.said.say("")
        for line, words in (
            (self.by, "Who gave the permission is missing."),
            (self.on, "The day of the permission is missing. Write it like 2026-11-21."),
            (self.document, "Where the document is found is missing: a folder, a contract, the address of a page."),
        ):
            if not line.text().strip():
                line.setFocus()
                self.said.say(words)
                return True
        return False

    def show_permission(self, permission: Permission | None, *, anew: bool = False) -> None:
        """Put what is on record into the fields; ``anew`` leaves its days out, for one that is over."""
        self.said.say("")
        values = ("", "", "", "")
        if permission is not None:
            days = ("", "") if anew else (permission.given_on, permission.until)
            values = (permission.given_by, days[0], permission.document, days[1])
        for line, value in zip((self.by, self.on, self.document, self.until), values, strict=True):
            line.setText(value)
