"""Sharing with other desks: how it goes, and joining a center's server, for the first time or again.

Joining takes two steps: a look at what the code leads to, with everything that would become one, then the joining.
"""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from console.bridge.seat import Seat
from console.errors import KnownError
from console.queries.status import DeskStatus
from console.sync import joining
from console.sync.status import SyncStatus, clock_words
from console.views.widgets import ActionButton, Card, Fields, Look, SectionHeader, Text, Tone, announce, named
from console.views.widgets.fields import LABELS, beside_room
from wire.journals import Audience, audience_of
from wire.messages import Joined

_ALONE = "This desk works alone: it shares with no server, and nothing waits."
_HOW = "To share, ask the operator of your center's regional server for its address and a code for this desk."
_AGAIN = (
    "A desk that has joined joins again with a new code: after it was revoked, for another audience, or where the "
    "server has another address. At the same address no certificate file has to be named again."
)
_NOT_YOURS = "An administrator can have this desk join the center's regional server."
_SHARED = {
    Audience.OPERATIONS: "calls",
    Audience.CLINICAL: "clinical records",
    Audience.ADMINISTRATION: "people and settings",
    Audience.AUDIT: "the audit trail",
    Audience.DIRECTORY: "the directory",
}


class SharingCard(Card):
    """Signal ``joined`` once this desk belongs to a server."""

    joined = Signal()

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self._seat = seat
        self._says = Text("", wrap=True)
        self._details = Text("", tone=Tone.MUTED, wrap=True)
        self._whole = Text("", tone=Tone.MUTED, wrap=True)
        self._whole.hide()
        self._address = named(QLineEdit(), "Server address")
        self._address.setPlaceholderText("https://sync.example.org:8811")
        self._code = named(QLineEdit(), "Code from the operator")
        self._authority = named(QLineEdit(), "Certificate file")
        self._authority.setPlaceholderText("only where the center has an authority of its own")
        self._look = ActionButton("Look what it leads to", look=Look.PRIMARY)
        self._join = ActionButton("Join", look=Look.PRIMARY)
        self._change = ActionButton("Change something")
        self._again = ActionButton("Join again…", name="Join again, with a new code from the operator")
        self._leave = ActionButton("Cancel", look=Look.QUIET, name="Cancel joining again")
        self._why = Text(_AGAIN, tone=Tone.MUTED, wrap=True)
        self._found = Text("", wrap=True)
        self._problem = Text("", tone=Tone.DANGER, wrap=True)
        self._form = QWidget()
        self._looked: tuple[str, str, str] | None = None
        self._server = ""
        self._alone, self._joins_again = True, False
        self._build()
        self.show_server(SyncStatus("alone", 0, 0, "working alone"))

    def _build(self) -> None:
        self.body.addWidget(SectionHeader("Sharing with other desks"))
        for words in (self._says, self._details, self._whole):
            self.body.addWidget(words)
        form = Fields(labels=LABELS)
        for line in self._fields:
            form.row(line.accessibleName(), line)
            line.returnPressed.connect(self.look)
        column = beside_room(form)
        column.setContentsMargins(0, 0, 0, 0)
        self._form.setLayout(column)
        # What is wrong stands above the field that has the focus then: who types in large letters sees both.
        for part in (self._why, self._problem, self._form, self._found):
            self.body.addWidget(part)
        self._problem.hide()
        buttons = QHBoxLayout()
        for button, slot in (
            (self._again, self.join_again),
            (self._look, self.look),
            (self._join, self.join),
            (self._change, self._back),
            (self._leave, self._leave_it),
        ):
            buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            button.clicked.connect(slot)
        buttons.addStretch(1)
        self.body.addLayout(buttons)

    @property
    def _fields(self) -> tuple[QLineEdit, ...]:
        return self._address, self._code, self._authority

    @property
    def says(self) -> str:
        """Everything it says, for tests and screen readers."""
        lines = (self._says, self._details, self._whole, self._why, self._found, self._problem)
        return "\n".join(line.text() for line in lines if not line.isHidden() and line.text())

    # -- how it goes ---------------------------------------------------------------------------------------------------

    def show_server(self, status: SyncStatus) -> None:
        """Where the desk stands with a server."""
        self._alone = status.state == "alone"
        if self._alone:
            may = self._seat.sign_in.may("user.added")
            self._says.setText(f"{_ALONE} {_HOW if may else _NOT_YOURS}")
            self._details.setText("")
        else:
            waiting = f"{status.waiting:,} to send." if status.waiting else "Nothing waits to be sent."
            self._says.setText(f"{status.more or status.says} {waiting}")
            self._details.setText("\n".join(filter(None, (status.server, _clock(status), _journals(status)))))
        self._details.setVisible(bool(self._details.text()))
        self._server = status.server
        self._arrange()

    def show_desk(self, found: DeskStatus) -> None:
        """From which day on this desk holds everything, where it does not hold all."""
        self._whole.setText(found.lacks)
        self._whole.setVisible(bool(found.lacks))

    # -- joining -------------------------------------------------------------------------------------------------------

    def join_again(self) -> None:
        """Ask for what a desk that has joined joins again with."""
        self._joins_again = True
        self._address.setText(self._server)
        self._arrange()
        self._code.setFocus()

    def look(self) -> None:
        """Ask what the code leads to; nothing is joined."""
        typed = (self._address.text().strip(), self._code.text().strip(), self._authority.text().strip())
        if not self._look.isEnabled() or self._looked is not None:
            return
        if not typed[0] or not typed[1]:
            self._say_problem("Type the server's address and the code.")
            return
        self._busy(True)
        self._say_problem("")
        store = self._seat.desk.store
        job = partial(joining.look_with_file, store, typed[0], typed[1], typed[2])
        self._seat.bridge.entrance(self, job, partial(self._seen, typed), self._refused)

    def join(self) -> None:
        """Belong to the server, after the look at what that means."""
        if self._looked is None or not self._join.isEnabled():
            return
        self._busy(True)
        job = partial(joining.join_with_file, self._seat.desk.store, *self._looked)
        self._seat.bridge.entrance(self, job, self._joined, self._refused)

    def _seen(self, typed: tuple[str, str, str], found: Joined) -> None:
        self._busy(False)
        self._looked = typed
        self._found.setText(in_words(found))
        self._arrange()
        self._join.setFocus()
        announce(self, self._found.text())

    def _joined(self, found: Joined) -> None:
        self._busy(False)
        self._alone = False
        self._leave_it()
        self._says.setText(f"This desk has joined {found.center_name}. It connects.")
        announce(self, self._says.text())
        self.joined.emit()

    def _refused(self, error: KnownError) -> None:
        self._busy(False)
        self._back()
        self._say_problem(error.message)
        announce(self, error.message)

    def _back(self) -> None:
        self._looked = None
        self._found.setText("")
        self._arrange()
        self._code.setFocus()

    def _leave_it(self) -> None:
        self._joins_again = False
        for line in self._fields:
            line.clear()
        self._back()
        self._say_problem("")
        self._again.setFocus()

    def _busy(self, busy: bool) -> None:
        for widget in (*self._fields, self._look, self._join, self._change, self._leave):
            widget.setEnabled(not busy)

    def _say_problem(self, words: str) -> None:
        self._problem.setText(words)
        self._problem.setVisible(bool(words))

    def _arrange(self) -> None:
        may, looked = self._seat.sign_in.may("user.added"), self._looked is not None
        asks = may and (self._alone or self._joins_again)
        self._again.setVisible(may and not asks)
        for widget in (self._why, self._leave):
            widget.setVisible(asks and not self._alone)
        self._form.setVisible(asks and not looked)
        self._look.setVisible(asks and not looked)
        for widget in (self._join, self._change, self._found):
            widget.setVisible(asks and looked)
        if not asks:
            self._problem.hide()


def in_words(found: Joined) -> str:
    """What a code leads to, and what becomes one with it."""
    clinical = Audience.CLINICAL in found.audiences
    holds = "clinical work and operations" if clinical else "operations only, nothing clinical"
    lines = [f"This code is for {found.center_name}, as desk {found.desk_code}. It will hold {holds}."]
    if found.first:
        lines.append("It is the center's first desk: its people and settings become the center's.")
    if found.shared:
        lines.append(
            f"Known here and there by the same name, and one person from now on: {', '.join(found.shared)}. If any of "
            "them are two different people, do not join: rename one first."
        )
    lines.append("Everything entered here goes up. This cannot be taken back.")
    return "\n".join(lines)


def _clock(status: SyncStatus) -> str:
    if status.offset is None:
        return "How far this desk's clock is from the server's is not known yet."
    if abs(status.offset) < 1:
        return "This desk's clock agrees with the server's."
    return clock_words(status.offset)


def _journals(status: SyncStatus) -> str:
    parts = []
    for name, last, floor in status.journals:
        count = f"{last:,} {'entry' if last == 1 else 'entries'}"
        held = f"the newest {last - floor:,} of {count}, the older ones still to come" if floor else count
        parts.append(f"{_SHARED[audience_of(name)]} ({held})")
    return f"Here of what the desks share: {'; '.join(parts)}." if parts else ""
