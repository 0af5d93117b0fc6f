"""Typing a call in by hand, for when CAD is away. A panel on the board, never a dialog."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from console.actions import lengths
from console.views.theme import Icon, Type
from console.views.widgets import ActionButton, AskingPanel, Look, Text, named
from console.views.widgets.lines_edit import counted

_FIELDS = (
    ("Number", "Number of the call, if it has one", lengths.NUMBER),
    ("Type", "What the call is about", lengths.TYPE),
    ("Place", "Place", lengths.PLACE),
    ("Words", "Words, if they help", lengths.ENTERED),
)


class EntryPanel(AskingPanel):
    """Asks for number, type, place and words, which ``entered`` carries. ``opened`` and ``closed``: it comes and goes.

    What was typed stays until the call is in the record: a refusal leaves everything where it was.
    """

    entered = Signal(str, str, str, str)
    opened = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(
            ActionButton("Enter the call", key="Enter", look=Look.PRIMARY, icon=Icon.CHECK),
            "Do not enter a call",
            parent,
        )
        self._open = False
        self._fields = tuple(named(QLineEdit(), name) for name, _, _ in _FIELDS)
        self.no.clicked.connect(self.dismiss)
        self.yes.clicked.connect(self._submit)
        self.column.addWidget(Text("Enter a call by hand", Type.STRONG))
        for field, (_, hint, _most) in zip(self._fields, _FIELDS, strict=True):
            field.setPlaceholderText(hint)
            field.textChanged.connect(self._count)
            self.column.addWidget(field)
        self.column.addWidget(self.complaint)
        self.end()
        named(self, "Enter a call by hand")

    @property
    def fields(self) -> dict[str, QLineEdit]:
        """What is typed into, by its name."""
        return {name: field for (name, _, _), field in zip(_FIELDS, self._fields, strict=True)}

    def _count(self) -> None:
        """Nothing is cut: near the end of its room a field counts, and past it the words stay and it says so."""
        counts = [
            f"{name}: {count}"
            for (name, _, most), field in zip(_FIELDS, self._fields, strict=True)
            if (count := counted(len(field.text().strip()), most))
        ]
        self.complain(" · ".join(counts))

    @property
    def asking(self) -> bool:
        """Whether the panel is open."""
        return self._open

    def ask(self) -> None:
        """Open with what was typed before, if it never became a call."""
        self._open = True
        self.complain("")
        self.show()
        self.raise_()
        self.opened.emit()
        self._fields[0].setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Go without entering; what was typed is there when it comes again."""
        if self._open:
            self._open = False
            self.hide()
            self.closed.emit()

    def done(self) -> None:
        """The call is in the record."""
        self.yes.setEnabled(True)
        for field in self._fields:
            field.clear()
        self.dismiss()

    def refuse(self, words: str) -> None:
        """The call was not entered, and why."""
        self.yes.setEnabled(True)
        self.complain(words)

    def _submit(self) -> None:
        number, what, place, words = (field.text().strip() for field in self._fields)
        if not what:
            self.refuse("Say what the call is about.")
            self._fields[1].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.complain("")
        self.yes.setEnabled(False)  # until the answer is here: a second press is the same call
        self.entered.emit(number, what, place, words)
