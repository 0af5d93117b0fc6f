"""The first start: the center, its first administrator, and where the key is kept."""

from dataclasses import dataclass
from zoneinfo import available_timezones

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget

from console.views.entrance.page import EntrancePage
from console.views.theme import Icon
from console.views.widgets import ActionButton, Look


@dataclass(frozen=True, slots=True)
class Founding:
    """What the first person typed."""

    center: str
    zone: str
    display_name: str
    name: str
    password: str
    passphrase: str


class WizardPage(EntrancePage):
    """Signal ``submitted`` (Founding)."""

    submitted = Signal(object)

    def __init__(self, zone: str, parent: QWidget | None = None) -> None:
        super().__init__(
            "Set up this desk",
            "You become the first administrator and a supervisor, and can add the others afterwards. "
            "Everything is kept on this computer, encrypted.",
            parent,
        )
        self._center = self.field("Center", placeholder="Westside Emergency Communications")
        self._zone = QComboBox()
        self._zone.setEditable(True)
        self._zone.addItems(sorted(each for each in available_timezones() if "/" in each or each == "UTC"))
        self._zone.setCurrentText(zone)
        completer = self._zone.completer()
        if isinstance(completer, QCompleter):
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.row("Time zone", self._zone)
        self._display_name = self.field("Your name", placeholder="R. Okafor")
        self._name = self.field("Sign-in name", placeholder="rokafor")
        self._password = self.field("Password", secret=True, placeholder="8 characters or more")
        self._again = self.field("Password again", secret=True)
        self._passphrase = self.field("Passphrase", secret=True, placeholder="8 characters or more")
        self._passphrase_again = self.field("Passphrase again", secret=True)
        self.need_passphrase(False)
        self._button = ActionButton("Set up", key="Ctrl+Enter", look=Look.PRIMARY, icon=Icon.CHECK)
        self._button.setShortcut("Ctrl+Return")
        self._button.clicked.connect(self._submit)
        self.add(self._button)

    def need_passphrase(self, needed: bool) -> None:
        """Ask for a passphrase too: this computer has no key store that could keep the key."""
        for line in (self._passphrase, self._passphrase_again):
            self.form.setRowVisible(line, needed)
        self._needs_passphrase = needed

    @property
    def asks_for_passphrase(self) -> bool:
        """Whether a passphrase is asked for too."""
        return self._needs_passphrase

    def refuse(self, words: str) -> None:
        """The set-up did not go through; everything typed stays."""
        self.card.setEnabled(True)
        self.show_problem(words)
        (self._passphrase if self._needs_passphrase else self._center).setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._center.setFocus()

    def _submit(self) -> None:
        problem = self._check()
        self.show_problem(problem)
        if problem:
            return
        self.card.setEnabled(False)
        self.submitted.emit(
            Founding(
                self._center.text().strip(),
                self._zone.currentText().strip(),
                self._display_name.text().strip(),
                self._name.text().strip(),
                self._password.text(),
                self._passphrase.text() if self._needs_passphrase else "",
            )
        )

    def _check(self) -> str:
        if not self._center.text().strip():
            return "The center needs a name."
        if self._zone.currentText().strip() not in available_timezones():
            return "Choose the center's time zone from the list, for example America/Chicago."
        if not self._name.text().strip():
            return "Type the name you will sign in with."
        if self._password.text() != self._again.text():
            return "The two passwords are not the same."
        if self._needs_passphrase and self._passphrase.text() != self._passphrase_again.text():
            return "The two passphrases are not the same."
        return ""
