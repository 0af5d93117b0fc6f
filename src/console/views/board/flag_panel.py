"""Flagging a call: a reason by number key, words if one wants, Enter; or taking the flag back. Never a dialog."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.actions import lengths
from console.queries.board import BoardRow
from console.views.board.wording import title
from console.views.theme import Icon, Type, current, watch
from console.views.widgets import ActionButton, Choice, ChoiceRow, ElidedText, Look, Text, Tone, named, numbered
from console.views.widgets.lines_edit import counted
from console.views.widgets.painting import rounded


class FlagPanel(QFrame):
    """Asks for the reason. ``flagged`` carries call, reason code and words, ``withdrawn`` call and words.

    ``opened`` (call, whether it takes the flag back) when it asks, ``closed`` when it goes, either way. What was
    refused is given back, see :meth:`give_back`.
    """

    flagged = Signal(object, str, str)
    withdrawn = Signal(object, str)
    opened = Signal(object, bool)
    closed = Signal()

    def __init__(self, reasons: Sequence[tuple[str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        self._call: UUID | None = None
        self._row: BoardRow | None = None
        self._withdraws = False
        self._given: tuple[BoardRow, bool, tuple[str, ...], str] | None = None
        self._title = Text("", Type.STRONG)
        self._what = ElidedText("", Type.SMALL, Tone.MUTED)
        self._complaint = Text("", Type.SMALL, Tone.WARN, wrap=True)
        self.words = named(QLineEdit(), "Words for the flag, optional")
        self.words.textChanged.connect(self._count)
        self._record = Text("Dispatch sees this, and it may become a public record.", Type.SMALL, Tone.MUTED, wrap=True)
        self._flag = ActionButton("Flag", key="Enter", look=Look.PRIMARY, icon=Icon.FLAG, name="Flag the call")
        self._cancel = ActionButton("Cancel", key="Esc", look=Look.QUIET, name="Do not flag")
        self._flag.clicked.connect(self._submit)
        self._cancel.clicked.connect(self.dismiss)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._title)
        self._column.addWidget(self._what)
        self._reasons_at = self._column.count()
        self._reasons: ChoiceRow | None = None
        self._column.addWidget(self._complaint)
        self._column.addWidget(self.words)
        self._bottom = QHBoxLayout()
        self._bottom.addWidget(self._record, 1)
        self._bottom.addWidget(self._cancel)
        self._bottom.addWidget(self._flag)
        self._column.addLayout(self._bottom)
        named(self, "Flag a call")
        self.set_reasons(reasons)
        self.hide()
        watch(self._restyle)

    @property
    def call(self) -> UUID | None:
        """The call the panel is open for."""
        return self._call

    def set_reasons(self, reasons: Sequence[tuple[str, str]]) -> None:
        """The center's list as (code, label)."""
        if self._reasons is not None:
            self._column.removeWidget(self._reasons)
            self._reasons.deleteLater()
        choices: tuple[Choice, ...] = numbered(reasons)
        self._reasons = ChoiceRow("Reason for the flag", choices, parent=self)
        self._reasons.changed.connect(self._answered)
        self._column.insertWidget(self._reasons_at, self._reasons)
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
        self._flag.set_words("Withdraw" if withdraws else "Flag", "Withdraw the flag" if withdraws else "Flag the call")
        self._complaint.hide()
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
        self._complaint.setText(why)
        self._complaint.show()
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._submit()
        elif event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def _answered(self) -> None:
        self._complaint.hide()

    def _count(self, text: str) -> None:
        """Nothing is cut: near the end of the room it counts, and past it the words stay and it says so."""
        count = counted(len(text.strip()), lengths.REASON if self._withdraws else lengths.FLAG)
        self._complaint.setText(count)
        self._complaint.setVisible(bool(count))

    def _submit(self) -> None:
        call, chosen = self._call, self._reasons.values if self._reasons is not None else ()
        if call is None or self._row is None:
            return
        words = self.words.text().strip()
        if self._withdraws and not words:
            self._complain("Say why the flag goes.", self.words)
            return
        if not self._withdraws and not chosen:
            self._complain("Choose a reason first.", self._reasons)
            return
        self._given = (self._row, self._withdraws, chosen, words)
        self.dismiss()
        if self._withdraws:
            self.withdrawn.emit(call, words)
        else:
            self.flagged.emit(call, chosen[0], words)

    def _complain(self, words: str, where: QWidget | None) -> None:
        self._complaint.setText(words)
        self._complaint.show()
        if where is not None:
            where.setFocus(Qt.FocusReason.OtherFocusReason)

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
