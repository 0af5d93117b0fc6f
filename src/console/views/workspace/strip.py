"""A line that opens under the header for what needs a word more: a reason, a way of contact."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.actions import lengths
from console.views.theme import Type, current, watch
from console.views.widgets import ActionButton, Choice, ChoiceRow, Look, Notice, Text, Tone, named
from console.views.workspace.typing_box import Submitted, WordsBox
from console.views.workspace.work import Work

Answered = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Words:
    """Words that the line asks for: the ``field`` of ``subject`` that their draft belongs to, and their ``limit``."""

    field: str
    subject: UUID | None
    placeholder: str
    limit: int = lengths.REASON


class Strip(QWidget):
    """Asks one thing in place. ``answered`` gets the choice ("" without choices) and the words; Esc takes it away.

    With words it stays until :meth:`done` or :meth:`refuse`: what was typed is kept as a draft, like everything else,
    and stands where it was typed until the record has it. Without words it goes with the choice.

    Signals: ``closed`` when it goes away, so that the focus can return to where it was.
    """

    closed = Signal()

    def __init__(self, work: Work) -> None:
        super().__init__()
        self._work = work
        self._answered: Answered | None = None
        self._row: ChoiceRow | None = None
        self._given: Submitted | None = None
        self._asks_words = False
        self._title = Text(role=Type.STRONG)
        self._note = Text(role=Type.CAPTION, tone=Tone.MUTED, wrap=True)
        self.box = WordsBox(work.seat, work.saver, "strip", "Words", limit=lengths.REASON, most=3, enter=True)
        self.box.entered.connect(self._enter)
        self.box.typed.connect(self._quieten)
        self._ok = ActionButton("Enter", key="Enter", look=Look.SECONDARY)
        self._ok.clicked.connect(self._enter)
        self._cancel = ActionButton("Cancel", key="Esc", look=Look.QUIET)
        self._cancel.clicked.connect(self.dismiss)
        self.notice = Notice()
        self._choices = QVBoxLayout()
        self._line = QHBoxLayout()
        top = Qt.AlignmentFlag.AlignTop
        self._line.addWidget(self.box, 1)
        self._line.addWidget(self._ok, 0, top)
        self._line.addWidget(self._cancel, 0, top)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._title)
        self._column.addLayout(self._choices)
        self._column.addLayout(self._line)
        self._column.addWidget(self.notice)
        self._column.addWidget(self._note)
        self.hide()
        watch(self._restyle)

    @property
    def row(self) -> ChoiceRow | None:
        """The choices, while it offers some."""
        return self._row

    def ask(
        self,
        title: str,
        answered: Answered,
        *,
        words: Words | None = None,
        choices: Sequence[Choice] = (),
        note: str = "",
        ok: str = "Enter",
    ) -> None:
        """Open with the focus in it: a person pressed a key for this. Without ``words`` only choices are offered."""
        self._answered, self._given, self._asks_words = answered, None, words is not None
        self._title.setText(title)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self.notice.say("")
        self.box.setVisible(words is not None)
        if words is not None:
            self.box.reuse(words.field, words.subject, self._work.page, self._work.seat.desk.zone, limit=words.limit)
            named(self.box.edit, f"{title}: {words.placeholder}")
            self.box.edit.set_hint(words.placeholder)
        self._ok.set_words(ok)
        if self._row is not None:
            self._choices.removeWidget(self._row)
            self._row.deleteLater()
            self._row = None
        if choices:
            self._row = ChoiceRow(title, choices, parent=self)
            self._row.changed.connect(self._chosen)
            self._choices.addWidget(self._row)
            self._row.lead_to(self.box.edit)
        self._ok.setVisible(not choices)
        self.show()
        (self._row or self.box).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def dismiss(self) -> None:
        """Take it away without an answer. What was typed stays a draft."""
        self._go_away(led_on=self.isVisible())

    def _go_away(self, *, led_on: bool) -> None:
        if not self.isHidden():
            self.box.flush()
            self._answered = self._given = None
            if led_on:
                self.closed.emit()  # before Qt leads the focus to whatever is next
            self.hide()

    @property
    def given(self) -> Submitted | None:
        """The words of the answer that is on its way."""
        return self._given

    def done(self, given: Submitted) -> None:
        """That answer is in the record. Whoever went on to something else meanwhile stays there."""
        self.box.done(given)
        if given is self._given:
            focus: QWidget | None = self.window().focusWidget()  # None when nothing has it, whatever its types say
            self._go_away(led_on=focus is not None and self.isVisible() and self.isAncestorOf(focus))

    def refuse(self, given: Submitted | None, why: str) -> bool:
        """That answer was refused: the words stand where they were typed. False when something else is asked by now."""
        if given is None or given is not self._given:
            return False
        self._given = None
        if self._row is not None:
            self._row.set_values(())
        self.notice.say(why)
        return True

    def flush(self) -> None:
        """Keep what is typed here, now."""
        self.box.flush()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def _quieten(self) -> None:
        self.notice.say("")

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
        if self._given is not None:
            return  # it is on its way
        answered = self._answered
        if not self._asks_words:
            self.dismiss()
            if answered is not None:
                answered(choice, "")
            return
        self.box.flush()
        self._given = self.box.submitted()
        if answered is not None:
            answered(choice, self._given.text)

    def _restyle(self) -> None:
        space = current().space
        self._column.setContentsMargins(0, space.s, 0, space.xs)
        self._column.setSpacing(space.xs)
        self._line.setSpacing(space.s)
