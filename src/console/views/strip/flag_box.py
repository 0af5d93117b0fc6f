"""Flagging by number: the dispatcher reads the number off CAD, types it, and picks a reason."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from console.actions import lengths
from console.views.theme import Icon, Type, current, watch
from console.views.widgets import ActionButton, Asking, ChoiceRow, Look, Text, named, numbered
from console.views.widgets.lines_edit import counted


class NumberField(QLineEdit):
    """Where the number is typed. ``entered`` carries it; ``left`` when Escape gave it up."""

    entered = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "Call number to flag", "key F2")
        self.setPlaceholderText("Call number")
        self.setMaxLength(40)
        self.returnPressed.connect(self._enter)
        watch(self._restyle)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        number = self.text().strip()
        if number:
            self.entered.emit(number)

    def _restyle(self) -> None:
        self.setFixedWidth(current().px(130))


class ReasonRow(Asking):
    """The second line of the strip while a number waits for its reason.

    ``flagged`` carries number, reason code and words; ``opened`` (number) when it asks for one, ``closed`` when the
    line goes, either way.
    """

    flagged = Signal(str, str, str)
    opened = Signal(str)

    def __init__(self, reasons: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(
            ActionButton("Flag", key="Enter", look=Look.PRIMARY, icon=Icon.FLAG, name="Flag the call"),
            "Do not flag",
            parent,
        )
        self._number = ""
        self._title = Text("", Type.STRONG)
        self._reasons = ChoiceRow("Reason for the flag", numbered(reasons))
        self._reasons.changed.connect(self.complaint.hide)
        self.words = named(QLineEdit(), "Words for the flag, optional")
        self.words.setPlaceholderText("Words, if they help; they may become a public record")
        self.words.textChanged.connect(self._count)
        self.no.clicked.connect(self.dismiss)
        self.yes.clicked.connect(self._submit)
        self.column.addWidget(self._reasons)
        for widget, stretch in ((self._title, 0), (self.words, 1), (self.complaint, 0)):
            self.bottom.addWidget(widget, stretch)
        self.end()

    @property
    def number(self) -> str:
        """The number that waits for its reason."""
        return self._number

    def ask(self, number: str) -> None:
        """Open for a number, nothing chosen, the focus on the reasons. For another number what was chosen stays."""
        if not self._number:
            self.words.clear()
            self._reasons.set_values(())
        self._number = number
        self._title.setText(f"Flag {number}")
        self.complain("")
        self.show()
        self.opened.emit(number)
        self._reasons.setFocus(Qt.FocusReason.PopupFocusReason)

    def give_back(self, number: str, reason: str, words: str) -> None:
        """Open again with what was asked for and refused; the focus stays where it is."""
        self._number = number
        self._title.setText(f"Flag {number}")
        self.words.setText(words)
        self._reasons.set_values((reason,))
        self.complain("")
        self.show()
        self.opened.emit(number)

    def dismiss(self) -> None:
        """Go without flagging."""
        if self._number:
            self._number = ""
            self.hide()
            self.closed.emit()

    def _count(self, text: str) -> None:
        self.complain(counted(len(text.strip()), lengths.FLAG))

    def _submit(self) -> None:
        chosen = self._reasons.values
        if not chosen:
            self.complain("Choose a reason first.")
            self._reasons.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        number, words = self._number, self.words.text().strip()
        self.dismiss()
        self.flagged.emit(number, chosen[0], words)
