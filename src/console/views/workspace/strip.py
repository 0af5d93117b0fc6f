"""A line that opens under the header for what needs a word more: a reason, a way of contact."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.views.theme import Type, current, watch
from console.views.widgets import ActionButton, Choice, ChoiceRow, Look, Text, Tone, named

Answered = Callable[[str, str], None]


class Strip(QWidget):
    """Asks one thing in place. ``answered`` gets the choice ("" without choices) and the words; Esc takes it away.

    Signals: ``closed`` when it goes away, so that the focus can return to where it was.
    """

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._answered: Answered | None = None
        self._row: ChoiceRow | None = None
        self._title = Text(role=Type.STRONG)
        self._note = Text(role=Type.CAPTION, tone=Tone.MUTED, wrap=True)
        self._words = QLineEdit()
        self._words.returnPressed.connect(self._enter)
        self._ok = ActionButton("Enter", key="Enter", look=Look.SECONDARY)
        self._ok.clicked.connect(self._enter)
        self._cancel = ActionButton("Cancel", key="Esc", look=Look.QUIET)
        self._cancel.clicked.connect(self.dismiss)
        self._choices = QVBoxLayout()
        self._line = QHBoxLayout()
        for widget in (self._words, self._ok, self._cancel):
            self._line.addWidget(widget, 1 if widget is self._words else 0)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._title)
        self._column.addLayout(self._choices)
        self._column.addLayout(self._line)
        self._column.addWidget(self._note)
        self.hide()
        watch(self._restyle)

    @property
    def row(self) -> ChoiceRow | None:
        """The choices, while it offers some."""
        return self._row

    @property
    def edit(self) -> QLineEdit:
        return self._words

    def ask(
        self,
        title: str,
        placeholder: str,
        answered: Answered,
        *,
        choices: Sequence[Choice] = (),
        note: str = "",
        ok: str = "Enter",
        words: bool = True,
    ) -> None:
        """Open with the focus in it: a person pressed a key for this. Without ``words`` only choices are offered."""
        self._answered = answered
        self._title.setText(title)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        named(self._words, f"{title}: {placeholder}")
        self._words.setPlaceholderText(placeholder)
        self._words.clear()
        self._words.setVisible(words)
        self._ok.set_words(ok)
        if self._row is not None:
            self._choices.removeWidget(self._row)
            self._row.deleteLater()
            self._row = None
        if choices:
            self._row = ChoiceRow(title, choices, parent=self)
            self._row.changed.connect(self._chosen)
            self._choices.addWidget(self._row)
            self._row.lead_to(self._words)
        self._ok.setVisible(not choices)
        self.show()
        (self._row or self._words).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def dismiss(self) -> None:
        """Take it away without an answer."""
        if self.isVisible():
            self._answered = None
            self.hide()
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def _chosen(self, values: tuple[str, ...]) -> None:
        if values:
            self._give(values[0])

    def _enter(self) -> None:
        if self._row is None:
            self._give("")
        elif self._row.values:
            self._give(self._row.values[0])
        else:
            self._row.setFocus(Qt.FocusReason.OtherFocusReason)

    def _give(self, choice: str) -> None:
        answered, words = self._answered, self._words.text()
        self.dismiss()
        if answered is not None:
            answered(choice, words)

    def _restyle(self) -> None:
        space = current().space
        self._column.setContentsMargins(0, space.s, 0, space.xs)
        self._column.setSpacing(space.xs)
        self._line.setSpacing(space.s)
