"""The first start: the center, its first administrator, and where the key is kept.

Two steps: what is typed, then a look at what will stand for ever before it is made.
"""

from dataclasses import dataclass
from zoneinfo import available_timezones

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QVBoxLayout, QWidget

from console.views.entrance.page import EntrancePage
from console.views.theme import Type, current, watch
from console.views.widgets import ActionButton, Look, Text, Tone, announce

TITLE = "Set up this desk"
SENTENCE = (
    "You become the first administrator and a supervisor, and can add the others afterwards. "
    "Everything is kept on this computer, encrypted."
)
FOR_EVER = "For ever: it stands in every record and on every sheet, and cannot be changed later."
NO_KEY_STORE = (
    "This computer has no key store. The key of the records is sealed under this passphrase, and every start asks for "
    "it: without it nobody can open them again. Keep a copy in a safe place."
)


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
    """Signal ``submitted`` (Founding), once the person has seen what becomes permanent and said yes to it.

    ``join_requested`` for who belongs to a center that shares already.

    ``passphrase_needed`` asks for a passphrase from the start; ``problem`` is what already stands in the way.
    """

    submitted = Signal(object)
    join_requested = Signal()

    def __init__(
        self, zone: str, *, passphrase_needed: bool = False, problem: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(TITLE, SENTENCE, parent)
        self._center = self.field("Center", placeholder="for example Westside Emergency Communications")
        self.fields.help(FOR_EVER)
        self._zone = QComboBox()
        self._zone.setEditable(True)
        self._zone.addItems(sorted(each for each in available_timezones() if "/" in each or each == "UTC"))
        self._zone.setCurrentText(zone)
        completer = self._zone.completer()
        if isinstance(completer, QCompleter):
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.row("Time zone", self._zone)
        self._display_name = self.field("Your name", placeholder="for example R. Okafor")
        self._name = self.field("Sign-in name", placeholder="for example rokafor")
        self._password = self.field("Password", secret=True, placeholder="8 characters or more")
        self._again = self.field("Password again", secret=True)
        self._why = Text(NO_KEY_STORE, tone=Tone.WARN, wrap=True)
        self.fields.add(self._why)
        self._passphrase = self.field("Passphrase", secret=True, placeholder="8 characters or more, several words")
        self._passphrase_again = self.field("Passphrase again", secret=True)
        self.need_passphrase(passphrase_needed)
        self._look_back = LookBack()
        self._look_back.hide()
        self.add(self._look_back)
        self._button = ActionButton("Continue", key="Ctrl+Enter", look=Look.PRIMARY)
        keys = QShortcut(QKeySequence("Ctrl+Return"), self)
        keys.setAutoRepeat(False)  # a key that is held down does not say yes to what nobody has read
        keys.activated.connect(self._go_on)
        self._button.clicked.connect(self._go_on)
        self._change = ActionButton("Change something", key="Esc")
        self._change.clicked.connect(self.change)
        self._change.hide()
        self._join = ActionButton("Join a center", name="Join a center that shares, with a code from its server")
        self._join.clicked.connect(self.join_requested)
        buttons = QWidget()
        across = QHBoxLayout(buttons)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self._change)
        across.addWidget(self._join)
        across.addWidget(self._button, 1)
        self.add(buttons)
        self.show_problem(problem)

    def need_passphrase(self, needed: bool) -> None:
        """Ask for a passphrase too: this computer has no key store that could keep the key."""
        self._why.setVisible(needed)
        for line in (self._passphrase, self._passphrase_again):
            self.fields.show_row(line, needed)
        self._needs_passphrase = needed

    def fill(self, typed: Founding) -> None:
        """Put everything in, as if it had been typed, and go on to the look at it."""
        self._zone.setCurrentText(typed.zone)
        for line, words in (
            (self._center, typed.center),
            (self._display_name, typed.display_name),
            (self._name, typed.name),
            *((line, typed.password) for line in (self._password, self._again)),
            *((line, typed.passphrase) for line in (self._passphrase, self._passphrase_again)),
        ):
            line.setText(words)
        self._go_on()

    @property
    def asks_for_passphrase(self) -> bool:
        """Whether a passphrase is asked for too."""
        return self._needs_passphrase

    @property
    def asks_to_confirm(self) -> str:
        """The center's name while it is shown back; "" before."""
        return self._look_back.center if self._confirming else ""

    @property
    def says(self) -> str:
        """All that is shown back."""
        return self._look_back.words

    def refuse(self, words: str) -> None:
        """The set-up did not go through; everything typed stays."""
        self.card.setEnabled(True)
        self.change()
        self.show_problem(words)
        if self._needs_passphrase:
            self._passphrase.setFocus()

    def change(self) -> None:
        """Back to what was typed."""
        self._confirm(False)
        self._center.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._center.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._confirming and self.card.isEnabled():
            self.change()
            return
        super().keyPressEvent(event)

    @property
    def _confirming(self) -> bool:
        return self._look_back.isVisibleTo(self)

    def _confirm(self, confirming: bool) -> None:
        if confirming:
            self.say_title("Is this right?", "")
        else:
            self.say_title(TITLE, SENTENCE)
        self.fields.setVisible(not confirming)
        self._look_back.setVisible(confirming)
        self._change.setVisible(confirming)
        self._join.setVisible(not confirming)
        self._button.set_words("Set up this center" if confirming else "Continue")

    def _go_on(self) -> None:
        if not self.card.isEnabled():
            return
        problem = self._check()
        self.show_problem(problem)
        if problem:
            self._confirm(False)
            return
        typed = self._typed()
        if not self._confirming:
            self._look_back.say(typed)
            self._confirm(True)
            self._button.setFocus()
            announce(self, f"The center is named {typed.center}, for ever. Is this right?")
            return
        self.card.setEnabled(False)
        self.submitted.emit(typed)

    def _typed(self) -> Founding:
        return Founding(
            self._center.text().strip(),
            self._zone.currentText().strip(),
            self._display_name.text().strip(),
            self._name.text().strip(),
            self._password.text(),
            self._passphrase.text() if self._needs_passphrase else "",
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
        if self._needs_passphrase and not self._passphrase.text():
            return "Type a passphrase: this computer has no key store."
        if self._needs_passphrase and self._passphrase.text() != self._passphrase_again.text():
            return "The two passphrases are not the same."
        return ""


class LookBack(QWidget):
    """What was typed, shown back before it is made."""

    def __init__(self) -> None:
        super().__init__()
        self._center = Text("", Type.TITLE, wrap=True)
        self._for_ever = Text(FOR_EVER, tone=Tone.WARN, wrap=True)
        self._rest = Text("", wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(Text("The center is named", tone=Tone.MUTED))
        for words in (self._center, self._for_ever, self._rest):
            self._column.addWidget(words)
        watch(self._restyle)

    @property
    def center(self) -> str:
        """The name that is shown back."""
        return self._center.text()

    @property
    def words(self) -> str:
        """All that is shown."""
        return "\n".join(each.text() for each in (self._center, self._for_ever, self._rest))

    def say(self, typed: Founding) -> None:
        """Show back what matters of it; never a password."""
        self._center.setText(typed.center)
        who = f"{typed.display_name} ({typed.name})" if typed.display_name else typed.name
        kept = "sealed under your passphrase" if typed.passphrase else "kept in the key store of this computer"
        self._rest.setText(f"Time zone {typed.zone}. First administrator: {who}. The key is {kept}.")

    def _restyle(self) -> None:
        self._column.setSpacing(current().space.s)
