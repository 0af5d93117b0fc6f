"""One question of a form: its words, its answers by number key, and a field where words or numbers are typed."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from console.forms.model import Answer, Date, DateTime, Kind, NonAnswer, Reference, Time
from console.forms.present import Row
from console.views.theme import Type
from console.views.widgets import Card, Choice, ChoiceRow, Text, Tone
from console.views.widgets.lines_edit import LinesEdit

_WORDS = (Kind.STRING, Kind.TEXT, Kind.URL, Kind.REFERENCE)
_TYPED = (*_WORDS, Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.DATE_TIME, Kind.TIME)
_EXAMPLES = {
    Kind.INTEGER: "a whole number",
    Kind.DECIMAL: "a number",
    Kind.DATE: "a date: 2026, 2026-11 or 2026-11-21",
    Kind.DATE_TIME: "2026-11-21T22:14:00-06:00",
    Kind.TIME: "22:14:00",
}


def typed_answer(kind: Kind, text: str) -> Answer:
    """What was typed as the answer its question takes. Raises ValueError when it is none."""
    match kind:
        case Kind.INTEGER:
            return int(text)
        case Kind.DECIMAL:
            try:
                return Decimal(text)
            except InvalidOperation as error:
                raise ValueError(text) from error
        case Kind.DATE:
            return Date(text)
        case Kind.DATE_TIME:
            return DateTime(text)
        case Kind.TIME:
            return Time(text)
        case Kind.REFERENCE:
            return Reference(text)
        case _:
            return text


def as_typed(answer: Answer) -> str:
    """An answer as it would be typed: the reverse of :func:`typed_answer`."""
    match answer:
        case Date() | DateTime() | Time():
            return answer.text
        case Reference():
            return answer.display or answer.reference or answer.value
        case _:
            return f"{answer}"


class AnswerRow(ChoiceRow):
    """Answers by number key. ``keyed`` after one was given by key, so that the next question can have the focus;
    ``moved`` (1 or -1) for Down and Up."""

    keyed = Signal()
    moved = Signal(int)

    def __init__(self, question: str, choices: Sequence[Choice], *, multiple: bool = False) -> None:
        super().__init__(question, choices, multiple=multiple)
        for button in self.findChildren(QAbstractButton):
            button.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # To a button Up and Down are Left and Right; here they go to another question.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
            if step:
                self.moved.emit(step)
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text().isdigit()
        if digit and event.isAutoRepeat():
            return  # a key held down answers one question, not the next ones too
        before = self.values
        super().keyPressEvent(event)
        if digit and (self.values != before or event.isAccepted()):
            self.keyed.emit()


class QuestionCard(Card):
    """A question. ``answered`` carries its key and the answer, None to withdraw; ``keyed`` follows an answer by key."""

    answered = Signal(str, object)
    keyed = Signal(str)
    typing = Signal(str)
    lit = Signal(str)
    moved = Signal(int)
    finished = Signal()
    wrong = Signal(str, str)

    def __init__(self, row: Row) -> None:
        super().__init__(follows_focus=True)
        self.key = row.key
        self._shape = shape(row)
        self._kind, self._repeats = row.kind, row.repeats
        self._given: dict[str, Answer] = {}
        self._before: tuple[str, ...] = ()
        words = f"{row.prefix} {row.text}".strip()
        words = f"{row.about}: {words}" if row.about else words
        self._text = Text(words, Type.MEDIUM, wrap=True)
        self.body.addWidget(self._text)
        if row.help:
            self.body.addWidget(Text(row.help, Type.SMALL, Tone.MUTED, wrap=True))
        self._stated = Text(role=Type.SMALL, tone=Tone.CHANGED, wrap=True)
        self._stated.hide()
        self.body.addWidget(self._stated)
        self.edit: LinesEdit | None = None
        if row.open and row.kind in _TYPED:
            example = row.placeholder or _EXAMPLES.get(row.kind, "")
            self.edit = LinesEdit(words, example, most=4 if row.kind is Kind.TEXT else 1)
            self.edit.left.connect(self.commit)
            self.edit.entered.connect(self._finish)
            self.edit.textChanged.connect(self._typed)
            self.edit.went_up.connect(partial(self.moved.emit, -1))
            self.edit.went_down.connect(partial(self.moved.emit, 1))
            self.body.addWidget(self.edit)
        choices: list[Choice] = []
        for at, choice in enumerate((*row.choices, *row.non_answers)):
            value = f"{at}"
            self._given[value] = choice.answer
            choices.append(Choice(value, choice.label, choice.number, quiet=at >= len(row.choices)))
        self.answers = AnswerRow(words, choices, multiple=row.repeats)
        self.answers.changed.connect(self._chosen)
        self.answers.keyed.connect(self._keyed)
        self.answers.moved.connect(self.moved)
        self.body.addWidget(self.answers)
        self._wrong = Text(role=Type.SMALL, tone=Tone.WARN, wrap=True)
        self._wrong.hide()
        self.body.addWidget(self._wrong)
        self.setFocusProxy(self.edit or self.answers)

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        super()._focus_moved(old, new)
        if new is not None and self.isAncestorOf(new):
            self.lit.emit(self.key)

    @property
    def blank(self) -> bool:
        return not self.answers.values and not (self.edit and self.edit.text().strip())

    def show_stated(self, words: str) -> None:
        """Show what somebody stated about this already; "" for nothing."""
        self._stated.setText(words)
        self._stated.setVisible(bool(words))

    def fits(self, row: Row) -> bool:
        """Whether this card can go on showing ``row``."""
        return self._shape == shape(row)

    def show_row(self, row: Row) -> None:
        """Show the answer; words being typed are left alone."""
        chosen = [str(at) for at, choice in enumerate((*row.choices, *row.non_answers)) if choice.chosen]
        if self.answers.values != tuple(chosen):
            self.answers.set_values(chosen)
        self._before = self.answers.values
        if self.edit is not None and not self.edit.hasFocus():
            typed = next((each for each in row.answers if not isinstance(each, NonAnswer)), None)
            text = "" if typed is None else as_typed(typed)
            if not any(choice.chosen for choice in row.choices):
                self.edit.set_text(text)

    def start(self) -> None:
        (self.edit or self.answers).setFocus(Qt.FocusReason.TabFocusReason)

    def commit(self) -> None:
        """Give what was typed as the answer."""
        if self.edit is None:
            return
        text = self.edit.text().strip()
        if not text:
            if not self.answers.values:
                self.answered.emit(self.key, None)
            return
        try:
            answer = typed_answer(self._kind, text)
        except ValueError:
            self._wrong.setText(f"{text!r} is not {_EXAMPLES.get(self._kind, 'an answer to this question')}.")
            self._wrong.show()
            self.wrong.emit(self.key, self._wrong.text())
            return
        self._wrong.hide()
        self.answers.set_values(())
        self.answered.emit(self.key, answer)

    def _finish(self) -> None:
        """Ctrl+Enter in the words: they are given, and the form is done."""
        self.commit()
        self.finished.emit()

    def _typed(self) -> None:
        if self.edit is not None and self.edit.hasFocus():
            self.typing.emit(self.key)

    def _chosen(self, values: tuple[str, ...]) -> None:
        if not self._repeats:
            self.answered.emit(self.key, self._given[values[0]] if values else None)
            if values and self.edit is not None:
                self.edit.set_text("")
            return
        flipped = set(values) ^ set(self._before)
        if not values:
            self.answered.emit(self.key, None)
        for value in sorted(flipped):
            if values:
                self.answered.emit(self.key, self._given[value])
        self._before = values

    def _keyed(self) -> None:
        if not self._repeats:
            self.keyed.emit(self.key)


def shape(row: Row) -> object:
    """What a card is built from; answers aside."""
    return (row.key, row.about, row.text, row.kind, tuple(choice.label for choice in row.choices), row.editable)


def reading(row: Row) -> QWidget:
    """A line that is read, not asked: a group's heading or words to say."""
    if row.kind is Kind.GROUP:
        words = "\n".join(filter(None, (row.text, row.help)))
        return Text(words, Type.STRONG if row.depth == 0 else Type.MEDIUM, wrap=True)
    return Text(row.text, Type.SMALL, Tone.MUTED, wrap=True)
