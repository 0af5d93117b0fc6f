"""The lines of a form that are read, not answered: headings, words to say, and what a repeating group can become."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.forms.asking.present import Row
from console.forms.model import Kind
from console.views.theme import Type, current
from console.views.widgets import ActionButton, Look, Text, Tone
from console.views.workspace.question import shape


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
        return self.row.is_question and not self.adds

    @property
    def shape(self) -> object:
        """What its widget is built from; answers aside."""
        return shape(self.row), self.adds, self.row.number, self.goes


class ReadLine(QWidget):
    """A heading or words to say. ``removed`` (key) when an occurrence is to go."""

    removed = Signal(str)

    def __init__(self, slot: Slot) -> None:
        super().__init__()
        self.slot_shape, row = slot.shape, slot.row
        self._key = row.key
        column = QVBoxLayout(self)
        column.setContentsMargins(0, current().space.xs if row.kind is Kind.GROUP else 0, 0, 0)
        column.setSpacing(current().space.xs)
        line = QHBoxLayout()
        words = f"{row.prefix} {row.text}".strip()
        if row.kind is Kind.GROUP:
            number = f" ({row.number})" if slot.goes or row.number > 1 else ""
            line.addWidget(Text(words + number, Type.STRONG if row.depth == 0 else Type.MEDIUM, wrap=True), 1)
        else:
            line.addWidget(Text(words, Type.SMALL, Tone.MUTED, wrap=True), 1)
        if slot.goes:
            called = f"Remove: {words}{number}"
            self.remove = ActionButton("Remove", look=Look.QUIET, name=called)
            self.remove.clicked.connect(self._remove)
            line.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(line)
        if row.help:
            column.addWidget(Text(row.help, Type.SMALL, Tone.MUTED, wrap=True))
        self._because = Text(role=Type.SMALL, tone=Tone.MUTED, wrap=True)
        self._because.hide()
        column.addWidget(self._because)

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
