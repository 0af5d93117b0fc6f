"""A note on a service: what this center knows of it and no import says."""

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.actions import lengths
from console.views.theme import Type, current, watch
from console.views.widgets import ActionButton, Text, Tone, announce
from console.views.widgets.lines_edit import LinesEdit, counted

HINT = "What this center knows of it: the door code, whom to ask for, when they are full"


class NoteBox(QWidget):
    """Asks for a note on one service at a time.

    ``entered`` carries service and words; ``opened`` (service) and ``closed`` say what it asks for; ``typed`` that the
    person changed the words. They stay until :meth:`done`; what is too long is counted and never cut.
    """

    entered = Signal(object, str)
    opened = Signal(object)
    closed = Signal()
    typed = Signal()

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._service: UUID | None = None
        self._filling = False
        self.edit = LinesEdit("Note on the service", HINT, most=5)
        self.edit.textChanged.connect(self._changed)
        self.edit.entered.connect(self.enter)
        self._says = Text("", Type.CAPTION, Tone.MUTED, wrap=True)
        self._says.hide()
        self.add = ActionButton("Leave the note", key="Ctrl Enter")
        self.add.clicked.connect(self.enter)
        self._hint = f"{key} · everyone at this center reads it, also who handles no calls: nothing of a caller"
        self.setFocusProxy(self.edit)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.edit, self._says):
            self._column.addWidget(widget)
        self._column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self._tell("")
        watch(self._restyle)

    @property
    def says(self) -> str:
        """What stands under the words."""
        return self._says.text()

    def ask(self, service: UUID | None) -> None:
        """Ask for a note on this service, or on none. What stands here belongs to the one before."""
        if service == self._service:
            return
        self.closed.emit()
        self._service = service
        self.put("")
        if service is not None:
            self.opened.emit(service)

    def put(self, text: str) -> None:
        """Fill in words that were typed before."""
        self._filling = True
        self.edit.set_text(text)
        self._filling = False
        self._tell("")

    def resumed(self, says: str) -> None:
        """Say that the words are a draft."""
        self._tell(says)

    def enter(self) -> None:
        """Hand the note over, as it stands."""
        if self._service is not None and self.edit.text().strip() and self.add.isEnabled():
            self.add.setEnabled(False)
            self.entered.emit(self._service, self.edit.text())

    def done(self, service: UUID, text: str) -> None:
        """The note is in the record."""
        self.add.setEnabled(True)
        if service == self._service and self.edit.text() == text:
            self.put("")

    def refuse(self, why: str) -> None:
        """The note was refused: it stays here, with the reason."""
        self.add.setEnabled(True)
        self._tell(why, Tone.WARN)
        announce(self, why)

    def _changed(self) -> None:
        if not self._filling:
            self._tell("")
            self.typed.emit()

    def _tell(self, words: str, tone: Tone = Tone.MUTED) -> None:
        length = len(self.edit.text().strip())
        over = length > lengths.SERVICE_NOTE
        said = (counted(length, lengths.SERVICE_NOTE), words or self._hint)
        self._says.set_tone(Tone.WARN if over else tone)
        self._says.setText(" · ".join(part for part in said if part))
        self._says.show()

    def _restyle(self) -> None:
        self._column.setSpacing(current().space.xs)
