"""Typing a call in by hand, for when CAD is away. A panel on the board, never a dialog."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.actions import lengths
from console.views.theme import Icon, Type, current, watch
from console.views.widgets import ActionButton, Look, Text, Tone, named
from console.views.widgets.lines_edit import counted
from console.views.widgets.painting import rounded

_FIELDS = (
    ("Number", "Number of the call, if it has one", lengths.NUMBER),
    ("Type", "What the call is about", lengths.TYPE),
    ("Place", "Place", lengths.PLACE),
    ("Words", "Words, if they help", lengths.ENTERED),
)


class EntryPanel(QFrame):
    """Asks for number, type, place and words, which ``entered`` carries. ``opened`` and ``closed``: it comes and goes.

    What was typed stays until the call is in the record: a refusal leaves everything where it was.
    """

    entered = Signal(str, str, str, str)
    opened = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._open = False
        self._fields = tuple(named(QLineEdit(), name) for name, _, _ in _FIELDS)
        self._complaint = Text("", Type.SMALL, Tone.WARN, wrap=True)
        self._complaint.hide()
        self._record = Text("Dispatch sees this, and it may become a public record.", Type.SMALL, Tone.MUTED, wrap=True)
        self._enter = ActionButton("Enter the call", key="Enter", look=Look.PRIMARY, icon=Icon.CHECK)
        self._cancel = ActionButton("Cancel", key="Esc", look=Look.QUIET, name="Do not enter a call")
        self._enter.clicked.connect(self._submit)
        self._cancel.clicked.connect(self.dismiss)
        self._column = QVBoxLayout(self)
        self._column.addWidget(Text("Enter a call by hand", Type.STRONG))
        for field, (_, hint, _most) in zip(self._fields, _FIELDS, strict=True):
            field.setPlaceholderText(hint)
            field.textChanged.connect(self._count)
            self._column.addWidget(field)
        self._column.addWidget(self._complaint)
        self._bottom = QHBoxLayout()
        self._bottom.addWidget(self._record, 1)
        self._bottom.addWidget(self._cancel)
        self._bottom.addWidget(self._enter)
        self._column.addLayout(self._bottom)
        named(self, "Enter a call by hand")
        self.hide()
        watch(self._restyle)

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
        self._complaint.setText(" · ".join(counts))
        self._complaint.setVisible(bool(counts))

    @property
    def asking(self) -> bool:
        """Whether the panel is open."""
        return self._open

    def ask(self) -> None:
        """Open with what was typed before, if it never became a call."""
        self._open = True
        self._complaint.hide()
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
        self._enter.setEnabled(True)
        for field in self._fields:
            field.clear()
        self.dismiss()

    def refuse(self, words: str) -> None:
        """The call was not entered, and why."""
        self._enter.setEnabled(True)
        self._complaint.setText(words)
        self._complaint.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._submit()
        elif event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def _submit(self) -> None:
        if not self._enter.isEnabled():
            return  # the first press is on its way
        number, what, place, words = (field.text().strip() for field in self._fields)
        if not what:
            self.refuse("Say what the call is about.")
            self._fields[1].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._complaint.hide()
        self._enter.setEnabled(False)
        self.entered.emit(number, what, place, words)

    def _restyle(self) -> None:
        space = current().space
        self._column.setContentsMargins(space.l, space.m, space.l, space.m)
        self._column.setSpacing(space.s)
        self._bottom.setSpacing(space.s)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self.rect().toRectF()
        painter.fillRect(rect, theme.tokens.window)
        rounded(painter, rect, theme.space.radius, theme.tokens.surface, theme.tokens.accent, 1.5)
        painter.end()
