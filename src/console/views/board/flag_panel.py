"""Flagging a call: a reason by number key, words if one wants, Enter; or taking the flag back. Never a dialog."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from console.actions import lengths
from console.queries.board import BoardRow
from console.views.board.wording import title
from console.views.theme import Icon, Type
from console.views.widgets import (
    ActionButton,
    AskingPanel,
    Choice,
    ChoiceRow,
    ElidedText,
    Look,
    Text,
    Tone,
    named,
    numbered,
)
from console.views.widgets.lines_edit import counted


class FlagPanel(AskingPanel):
    """Asks for the reason. ``flagged`` carries call, reason code and words, ``withdrawn`` call and words.

    ``opened`` (call, whether it takes the flag back) when it asks, ``closed`` when it goes, either way. What was
    refused is given back, see :meth:`give_back`.
    """

    flagged = Signal(object, str, str)
    withdrawn = Signal(object, str)
    opened = Signal(object, bool)

    def __init__(self, reasons: Sequence[tuple[str, str]], parent: QWidget) -> None:
        super().__init__(
            ActionButton("Flag", key="Enter", look=Look.PRIMARY, icon=Icon.FLAG, name="Flag the call"),
            "Do not flag",
            parent,
        )
        self._call: UUID | None = None
        self._row: BoardRow | None = None
        self._withdraws = False
        self._given: tuple[BoardRow, bool, tuple[str, ...], str] | None = None
        self._title = Text("", Type.STRONG)
        self._what = ElidedText("", Type.SMALL, Tone.MUTED)
        self.words = named(QLineEdit(), "Words for the flag, optional")
        self.words.textChanged.connect(self._count)
        self.no.clicked.connect(self.dismiss)
        self.yes.clicked.connect(self._submit)
        self.column.addWidget(self._title)
        self.column.addWidget(self._what)
        self._reasons_at = self.column.count()
        self._reasons: ChoiceRow | None = None
        self.column.addWidget(self.complaint)
        self.column.addWidget(self.words)
        self.end()
        named(self, "Flag a call")
        self.set_reasons(reasons)

    @property
    def call(self) -> UUID | None:
        """The call the panel is open for."""
        return self._call

    def set_reasons(self, reasons: Sequence[tuple[str, str]]) -> None:
        """The center's list as (code, label)."""
        if self._reasons is not None:
            self.column.removeWidget(self._reasons)
            self._reasons.deleteLater()
        choices: tuple[Choice, ...] = numbered(reasons)
        self._reasons = ChoiceRow("Reason for the flag", choices, parent=self)
        self._reasons.changed.connect(self.complaint.hide)
        self.column.insertWidget(self._reasons_at, self._reasons)
        self._reasons.lead_to(self.words)

    def ask(self, row: BoardRow) -> None:
        """Open for a call, with nothing chosen and the focus on the reasons."""
        self._open(row, withdraws=False)
        if self._reasons is not None:
            self._reasons.setFocus(Qt.FocusReason.PopupFocusReason)

    def ask_back(self, row: BoardRow) -> None:
        """Open to take the flag of a call back, with the focus on the reason's words."""
        self._open(row, withdraws=True)
        self.words.setFocus(Qt.FocusReason.PopupFocusReason)

    def _open(self, row: BoardRow, *, withdraws: bool) -> None:
        self.dismiss()  # what was typed for another call is that one's
        self._call, self._row, self._withdraws = row.call, row, withdraws
        number = row.number or "this call"
        self._title.setText(f"Withdraw the flag of {number}" if withdraws else f"Flag {number}")
        self._what.setText(title(row))
        self.words.clear()
        self.words.setPlaceholderText("Why the flag goes" if withdraws else "Words, if they help")
        named(self.words, "Reason for withdrawing the flag" if withdraws else "Words for the flag, optional")
        self.yes.set_words("Withdraw" if withdraws else "Flag", "Withdraw the flag" if withdraws else "Flag the call")
        self.complain("")
        if self._reasons is not None:
            self._reasons.setVisible(not withdraws)
            self._reasons.set_values(())
        self.show()
        self.raise_()
        self.opened.emit(row.call, withdraws)

    def give_back(self, call: UUID, why: str) -> bool:
        """What was asked for ``call`` was refused: open again with what was chosen and typed, and say why.

        False when the panel is open for something else by now.
        """
        given = self._given
        if given is None or given[0].call != call or self._call is not None:
            return False
        row, withdraws, chosen, words = given
        self._open(row, withdraws=withdraws)
        if self._reasons is not None:
            self._reasons.set_values(chosen)
        self.words.setText(words)
        self.complain(why)
        return True

    def take_focus(self) -> None:
        """To the words, where a refusal is answered."""
        self.words.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Go without flagging."""
        if self._call is not None:
            self._call = None
            self.hide()
            self.closed.emit()

    def _count(self, text: str) -> None:
        """Nothing is cut: near the end of the room it counts, and past it the words stay and it says so."""
        self.complain(counted(len(text.strip()), lengths.REASON if self._withdraws else lengths.FLAG))

    def _submit(self) -> None:
        call, chosen = self._call, self._reasons.values if self._reasons is not None else ()
        if call is None or self._row is None:
            return
        words = self.words.text().strip()
        if self._withdraws and not words:
            self._refuse("Say why the flag goes.", self.words)
            return
        if not self._withdraws and not chosen:
            self._refuse("Choose a reason first.", self._reasons)
            return
        self._given = (self._row, self._withdraws, chosen, words)
        self.dismiss()
        if self._withdraws:
            self.withdrawn.emit(call, words)
        else:
            self.flagged.emit(call, chosen[0], words)

    def _refuse(self, words: str, where: QWidget | None) -> None:
        self.complain(words)
        if where is not None:
            where.setFocus(Qt.FocusReason.OtherFocusReason)
