"""The lines of a form that are read, not answered: headings, words to say, and what a repeating group can become."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.forms.asking.present import Row
from console.forms.model import Kind
from console.views.theme import Type, current
from console.views.widgets import ActionButton, Look, Text, Tone
from console.views.workspace.form_state import FormState, Part
from console.views.workspace.question import beside, shape


@dataclass(frozen=True)
class Slot:
    """A place in the column: a line of the form, or with ``adds`` the button that asks a group once more.

    ``goes`` says that this occurrence of a repeating group can be taken away.
    """

    row: Row
    adds: bool = False
    goes: bool = False

    @property
    def key(self) -> str:
        """What the place is called: that of its line, or that with a plus sign."""
        return f"+{self.row.key}" if self.adds else self.row.key

    @property
    def is_question(self) -> bool:
        """Whether it is answered here; what a formula fills in, or the form locks, is read."""
        return self.row.editable and not self.adds

    @property
    def shape(self) -> object:
        """What its widget is built from; answers aside."""
        return shape(self.row), self.adds, self.row.number, self.goes


def slots(state: FormState, part: Part) -> list[Slot]:
    """The places of one part: its lines, and under the last of each repeating group what asks it once more."""
    found: list[Slot] = []
    open_groups: list[Row] = []
    for row in part.rows:
        while open_groups and row.depth <= open_groups[-1].depth:
            found.append(Slot(open_groups.pop(), adds=True))
        if state.can_follow(row):
            open_groups.append(row)
        found.append(Slot(row, goes=state.can_go(row)))
    return found + [Slot(row, adds=True) for row in reversed(open_groups)]


class ReadLine(QWidget):
    """A heading, words to say, or what is filled in. ``removed`` (key) when an occurrence is to go."""

    removed = Signal(str)

    def __init__(self, slot: Slot) -> None:
        super().__init__()
        self.slot_shape, row = slot.shape, slot.row
        self._key = row.key
        column = QVBoxLayout(self)
        column.setContentsMargins(0, current().space.xs if row.kind is Kind.GROUP else 0, 0, 0)
        column.setSpacing(current().space.xs)
        line = QHBoxLayout()
        self._words = words = f"{row.prefix} {row.text}".strip()
        if row.is_question:
            self._value = Text(role=Type.MEDIUM, wrap=True)
            line.addWidget(self._value, 1)
        elif row.kind is Kind.GROUP:
            number = f" ({row.number})" if slot.goes or row.number > 1 else ""
            line.addWidget(Text(words + number, Type.STRONG if row.depth == 0 else Type.MEDIUM, wrap=True), 1)
        else:
            tone = Tone.WARN if row.category == "security" else Tone.MUTED
            line.addWidget(Text(words, Type.SMALL, tone, wrap=True), 1)
        if slot.goes:
            called = f"Remove: {words}{number}"
            self.remove = ActionButton("Remove", look=Look.QUIET, name=called)
            self.remove.clicked.connect(self._remove)
            line.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(line)
        for words in beside(row, ("unit",)) if row.is_question else ():  # the value has its unit
            if words:
                column.addWidget(Text(words, Type.SMALL, Tone.MUTED, wrap=True))
        if row.help:
            column.addWidget(Text(row.help, Type.SMALL, Tone.MUTED, wrap=True))
        self._because = Text(role=Type.SMALL, tone=Tone.MUTED, wrap=True)
        self._because.hide()
        column.addWidget(self._because)
        self._wrong = Text(role=Type.SMALL, wrap=True)
        self._wrong.hide()
        column.addWidget(self._wrong)

    def show_value(self, value: str) -> None:
        """Show what is filled in for this question; "" for nothing yet."""
        lead = self._words if self._words.endswith(("?", ":")) else f"{self._words}:"
        self._value.setText(f"{lead} {value or 'nothing yet'}")
        self._value.set_tone(Tone.TEXT if value else Tone.MUTED)

    def show_wrong(self, words: str, tone: Tone) -> None:
        """Show what is wrong with it by the rules of the form; "" for nothing."""
        if words != self._wrong.text():
            self._wrong.set_tone(tone)
            self._wrong.setText(words)
            self._wrong.setVisible(bool(words))

    def show_because(self, words: str) -> None:
        """Show why it is there; "" where it always is."""
        if words != self._because.text():
            self._because.setText(words)
            self._because.setVisible(bool(words))

    def _remove(self) -> None:
        self.removed.emit(self._key)


class AddLine(QWidget):
    """The button under the last occurrence of a repeating group. ``added`` (key of that occurrence)."""

    added = Signal(str)

    def __init__(self, slot: Slot) -> None:
        super().__init__()
        self.slot_shape = slot.shape
        self._key = slot.row.key
        words = slot.row.short_text or slot.row.text
        self.add = ActionButton(f"Add another: {words}" if len(words) <= 40 else "Add another", name=f"Add: {words}")
        self.add.clicked.connect(self._add)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.add)
        line.addStretch(1)
        self.setFocusProxy(self.add)

    def _add(self) -> None:
        self.added.emit(self._key)
