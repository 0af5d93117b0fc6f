"""The first start of a desk that belongs to a center which shares: a code from the server's operator is enough."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.views.entrance.page import EntrancePage
from console.views.entrance.wizard_page import NO_KEY_STORE
from console.views.widgets import ActionButton, Look, Text, Tone

_TITLE = "Join a center"
_SENTENCE = (
    "For a further desk of a center that shares. The operator of its regional server gives you the address and a code; "
    "people, settings and calls come from there. Everything is kept on this computer too, encrypted."
)


@dataclass(frozen=True, slots=True)
class Joining:
    """What the person typed."""

    url: str
    code: str
    authority_file: str
    passphrase: str


class JoinPage(EntrancePage):
    """Signals: ``submitted`` (Joining); ``found_requested`` for who wants to set up a center of their own instead."""

    submitted = Signal(object)
    found_requested = Signal()

    def __init__(self, *, passphrase_needed: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(_TITLE, _SENTENCE, parent)
        self._url = self.field("Server address", placeholder="https://sync.example.org:8811")
        self._code = self.field("Code", placeholder="from the operator, good once")
        self._authority = self.field("Certificate file", placeholder="only where the center has its own authority")
        self._why = Text(NO_KEY_STORE, tone=Tone.WARN, wrap=True)
        self.fields.add(self._why)
        self._passphrase = self.field("Passphrase", secret=True, placeholder="8 characters or more, several words")
        self._again = self.field("Passphrase again", secret=True)
        self.need_passphrase(passphrase_needed)
        self._progress = Text("", tone=Tone.MUTED, wrap=True)
        self._progress.hide()
        self.add(self._progress)
        self._button = ActionButton("Join", key="Ctrl+Enter", look=Look.PRIMARY)
        self._button.clicked.connect(self._submit)
        keys = QShortcut(QKeySequence("Ctrl+Return"), self)
        keys.setAutoRepeat(False)
        keys.activated.connect(self._submit)
        self._instead = ActionButton("Set up a new center")
        self._instead.clicked.connect(self.found_requested)
        buttons = QWidget()
        across = QHBoxLayout(buttons)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self._instead)
        across.addWidget(self._button, 1)
        self.add(buttons)
        self.show_problem("")

    def need_passphrase(self, needed: bool) -> None:
        """Ask for a passphrase too: this computer has no key store that could keep the key."""
        self._why.setVisible(needed)
        for line in (self._passphrase, self._again):
            self.fields.show_row(line, needed)
        self._needs_passphrase = needed

    def fill(self, typed: Joining) -> None:
        """Put everything in, as if it had been typed."""
        for line, words in (
            (self._url, typed.url),
            (self._code, typed.code),
            (self._authority, typed.authority_file),
            (self._passphrase, typed.passphrase),
            (self._again, typed.passphrase),
        ):
            line.setText(words)

    @property
    def progress(self) -> str:
        """How far the joining is."""
        return self._progress.text()

    def show_progress(self, words: str) -> None:
        """Say how far the joining is."""
        self._progress.setText(words)
        self._progress.setVisible(bool(words))

    def refuse(self, words: str) -> None:
        """It did not go through; everything typed stays."""
        self.card.setEnabled(True)
        self.show_progress("")
        self.show_problem(words)
        self._code.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._url.setFocus()

    def _submit(self) -> None:
        if not self.card.isEnabled():
            return
        problem = self._check()
        self.show_problem(problem)
        if problem:
            return
        self.card.setEnabled(False)
        self.show_progress("Asking the server…")
        self.submitted.emit(
            Joining(
                self._url.text().strip(),
                self._code.text().strip(),
                self._authority.text().strip(),
                self._passphrase.text() if self._needs_passphrase else "",
            )
        )

    def _check(self) -> str:
        if not self._url.text().strip() or not self._code.text().strip():
            return "Type the server's address and the code."
        if self._needs_passphrase and not self._passphrase.text():
            return "Type a passphrase: this computer has no key store."
        if self._needs_passphrase and self._passphrase.text() != self._again.text():
            return "The two passphrases are not the same."
        return ""
