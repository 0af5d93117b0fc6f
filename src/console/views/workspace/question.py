"""One question of a form: its words, why it is asked, its answers by number key, and a field where one is needed."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.forms.asking.present import Row
from console.forms.model import Answer, Item, NonAnswer
from console.views.theme import Type, current
from console.views.widgets import Card, Choice, Text, Tone, named
from console.views.widgets.lines_edit import LinesEdit
from console.views.workspace.answer_row import AnswerRow
from console.views.workspace.entry import Entry
from console.views.workspace.entry_pick import PickEntry, is_long
from console.views.workspace.entry_slide import SlideEntry, positions
from console.views.workspace.entry_typed import TYPED, TypedEntry
from console.views.workspace.typed import as_typed

_STATES = {"refused": "refused", "not-asked": "not asked", "unable": "unable"}


def question_words(row: Row) -> str:
    """The words of a question with its number, as a screen reader says them."""
    words = f"{row.prefix} {row.text}".strip() or row.link_id
    return f"{row.about}: {words}" if row.about else words


def needs_field(row: Row) -> bool:
    """Whether its number keys are not enough to answer a question."""
    return is_long(row) or bool(positions(row)) or (row.open and row.kind in TYPED)


def entry_for(row: Row, item: Item, now: Callable[[], datetime]) -> Entry | None:
    """The field that a question needs beside its number keys; None when it needs none."""
    name = question_words(row)
    if is_long(row):
        return PickEntry(row, name)
    if steps := positions(row):
        return SlideEntry(row, name, steps)
    return TypedEntry(row, item, name, now) if row.open and row.kind in TYPED else None


class QuestionCard(Card):
    """A question. ``answered`` carries its key and the answer, None to withdraw; ``keyed`` follows an answer by key and
    Enter; ``lit`` when it has the focus; ``moved`` for Up and Down; ``finished`` for Ctrl+Enter in a field; ``typing``
    while something was typed and not given; ``wrong`` with why that is no answer.

    With ``columns`` it is one row of a grid: its words on the left, its answers as numbers, each so many pixels wide.
    """

    answered = Signal(str, object)
    keyed = Signal(str)
    typing = Signal(str)
    lit = Signal(str)
    moved = Signal(int)
    finished = Signal()
    wrong = Signal(str, str)
    columns: Sequence[int] = ()

    def __init__(self, row: Row, item: Item, now: Callable[[], datetime], columns: Sequence[int] = ()) -> None:
        super().__init__(follows_focus=True)
        self.columns = columns
        self._said = QVBoxLayout() if columns else self.body
        self.key = row.key
        self.row = row
        self._words = question_words(row)
        self._shape = shape(row)
        self._given: dict[str, Answer] = {}
        self._before: tuple[str, ...] = ()
        self._shown: Row | None = None
        if row.about:
            self._said.addWidget(Text(row.about, Type.SMALL, Tone.ACCENT, wrap=True))
        self._title = Text(_title(row), Type.MEDIUM, wrap=True)
        self._said.addWidget(self._title)
        if row.help:
            self._said.addWidget(Text(row.help, Type.SMALL, Tone.MUTED, wrap=True))
        self._because = self._line(Tone.MUTED)
        self._stated = self._line(Tone.CHANGED)
        self._held: AnswerRow | None = None
        self._held_words: list[str] = []
        self.entry = entry_for(row, item, now)
        self._long = is_long(row)
        self._listed = () if self._long else row.choices
        choices: list[Choice] = []
        for at, choice in enumerate((*self._listed, *row.non_answers)):
            self._given[f"{at}"] = choice.answer
            typed = self.entry is not None and not self._listed  # a digit is part of what is typed there
            choices.append(Choice(f"{at}", choice.label, choice.number, at >= len(self._listed), typed))
        stacked = len(self._listed) if row.orientation == "vertical" and not columns else 0
        self.answers = AnswerRow(self._words, choices, multiple=row.repeats, stacked=stacked, columns=columns)
        self.answers.changed.connect(self._chosen)
        self.answers.keyed.connect(self._keyed)
        self.answers.went_on.connect(self._go_on)
        self.answers.moved.connect(self.moved)
        # Where there are options to choose from, what is typed is the exception and stands below them.
        parts: list[QWidget | None] = [self.entry, self.answers] if not self._listed else [self.answers, self.entry]
        before, behind = beside(row, self.entry.says if self.entry is not None else ())
        self._beside = " ".join(filter(None, (before, behind)))
        for part in (_words(before), *parts, _words(behind)):
            if part is not None and not (columns and part is self.answers):
                self._said.addWidget(part)
        if self.entry is not None:
            self._follow(self.entry)
        self._wrong = self._line(Tone.WARN)
        self._broken, self._broken_tone = "", Tone.WARN
        self._start = self.entry if self.entry is not None and not self._listed else self.answers
        self.setFocusProxy(self._start)
        if columns:
            self._stand_in_line()

    def _stand_in_line(self) -> None:
        line = QHBoxLayout()
        line.addLayout(self._said, 1)
        line.addWidget(self.answers, 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(line)
        self._restyle()

    def _restyle(self) -> None:
        super()._restyle()
        if self.columns:
            space = current().space
            self.body.setContentsMargins(space.m, space.xs, space.m, space.xs)
            self._said.setSpacing(space.xs)

    def _line(self, tone: Tone) -> Text:
        line = Text(role=Type.SMALL, tone=tone, wrap=True)
        line.hide()
        self._said.addWidget(line)
        return line

    def _follow(self, entry: Entry) -> None:
        entry.gave.connect(self._gave)
        entry.went_on.connect(self._go_on)
        entry.finished.connect(self.finished)
        entry.moved.connect(self.moved)
        entry.typing.connect(self._typing)
        entry.wrong.connect(self._checked)

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        super()._focus_moved(old, new)
        if new is not None and self.isAncestorOf(new):
            self.lit.emit(self.key)

    @property
    def edit(self) -> LinesEdit | None:
        """The field for words, where it has one."""
        return self.entry.edit if isinstance(self.entry, TypedEntry) else None

    @property
    def blank(self) -> bool:
        """Whether nothing was answered and nothing is being typed."""
        return self.row.state == "blank" and (self.entry is None or self.entry.blank)

    @property
    def goes_on(self) -> bool:
        """Whether ``keyed`` follows the answer that is given just now."""
        return self.answers.by_key and not self.row.repeats

    def show_stated(self, words: str) -> None:
        """Show what somebody stated about this already; "" for nothing."""
        _say(self._stated, words)

    def show_because(self, words: str) -> None:
        """Show why it is asked; "" where it is always asked."""
        if words != self._because.text():
            self._shown = None  # it is described with it
            _say(self._because, words)

    def show_wrong(self, words: str, tone: Tone) -> None:
        """Show what is wrong with its answer by the rules of the form, "" for nothing; not while one types."""
        if (words, tone) != (self._broken, self._broken_tone):
            self._broken, self._broken_tone, self._shown = words, tone, None
            self._describe(self.row)
            if not self.entry or not self.entry.hasFocus():
                self._say_wrong(self.entry.why if self.entry else "")

    def _say_wrong(self, why: str) -> None:
        self._wrong.set_tone(Tone.WARN if why else self._broken_tone)
        _say(self._wrong, why or self._broken)

    def fits(self, row: Row, columns: Sequence[int] = ()) -> bool:
        """Whether this card can go on showing ``row``, in such columns."""
        return self._shape == shape(row) and self.columns == columns

    def take(self, row: Row, columns: Sequence[int] = ()) -> bool:
        """Become the card of another question, where only its words are others; whether that was possible."""
        if self.entry is not None or needs_field(row) or _built_from(row) != _built_from(self.row):
            return False
        if self.columns != columns:
            return False
        self.key, self.row = row.key, row
        self._words, self._shape, self._shown = question_words(row), shape(row), None
        self._title.setText(_title(row))
        self._given = {f"{at}": choice.answer for at, choice in enumerate((*row.choices, *row.non_answers))}
        self.answers.rename(self._words)
        self.answers.set_values(())
        return True

    def show_row(self, row: Row) -> None:
        """Show the answer; words being typed are left alone."""
        if row is self._shown and self.entry is None and self.answers.values == self._before:
            return
        self.row = self._shown = row
        self._listed = () if self._long else row.choices
        shown = (*self._listed, *row.non_answers)
        chosen = tuple(f"{at}" for at, choice in enumerate(shown) if choice.chosen)
        if self.answers.values != chosen:
            self.answers.set_values(chosen)
        self._before = self.answers.values
        if self.entry is not None:
            self.entry.show_answers(row.answers, any(choice.chosen for choice in self._listed))
            if row.repeats:
                self._hold(row)
        self._describe(row)
        if not self.entry or not self.entry.hasFocus():
            self._say_wrong(self.entry.why if self.entry else "")

    def _describe(self, row: Row) -> None:
        state = _STATES.get(row.state) or (f"answered {row.answer_text}" if row.state == "answered" else "not answered")
        required = ", required" if row.required and row.state == "blank" else ""
        said = ", ".join(filter(None, (f"{state}{required}", self._beside, self._because.text(), self._broken)))
        named(self.answers, self._words, said)
        if (edit := self.edit) is not None:
            edit.setAccessibleDescription(said)

    def _hold(self, row: Row) -> None:
        """What was typed or found so far, where several are taken: each goes when it is pressed."""
        offered = [choice.answer for choice in self._listed]
        held = [each for each in row.answers if not isinstance(each, NonAnswer) and each not in offered]
        labels = {choice.answer: choice.label for choice in row.choices} if not self._listed else {}
        words = [labels.get(each) or as_typed(each) for each in held]
        if self._held is not None:
            if self._held_words == words:
                return
            self.body.removeWidget(self._held)
            self._held.hide()
            self._held.deleteLater()
            self._held = None
        self._held_words = words
        if words:
            choices = [Choice(f"{at}", each) for at, each in enumerate(words)]
            self._held = AnswerRow(f"Given: {self._words}", choices, multiple=True)
            self._held.set_values([f"{at}" for at in range(len(words))])
            self._held.changed.connect(partial(self._take_out, held))
            self._held.went_on.connect(self._go_on)
            self._held.moved.connect(self.moved)
            assert self.entry is not None
            self.body.insertWidget(self.body.indexOf(self.entry), self._held)
            self._held.show()

    def _take_out(self, held: Sequence[Answer], left: tuple[str, ...]) -> None:
        gone = next((each for at, each in enumerate(held) if f"{at}" not in left), None)
        if gone is not None:
            self.start()
            self.answered.emit(self.key, gone)  # given a second time, one of several is taken back

    def start(self) -> None:
        self._start.setFocus(Qt.FocusReason.TabFocusReason)

    def commit(self) -> None:
        """Give what stands in its field as the answer."""
        if self.entry is not None:
            self.entry.commit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Ctrl and a digit is the digit's answer also while words are typed.
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        digit = event.key() - Qt.Key.Key_0
        if held == Qt.KeyboardModifier.ControlModifier and 1 <= digit <= 9:
            if not event.isAutoRepeat() and self.answers.answer(f"{digit}"):
                self._keyed()
            return
        super().keyPressEvent(event)

    def _typing(self) -> None:
        self.typing.emit(self.key)

    def _checked(self, why: str) -> None:
        """What was typed is no answer, or is one, though it may break a rule of the form."""
        self._say_wrong(why)
        if why:
            self.wrong.emit(self.key, why)

    def _gave(self, answer: object) -> None:
        if answer is None and any(choice.chosen for choice in self._listed):
            return  # nothing is typed, an option is chosen
        self.answered.emit(self.key, answer)
        self._say_wrong("")

    def _chosen(self, values: tuple[str, ...]) -> None:
        if not self.row.repeats:
            self.answered.emit(self.key, self._given[values[0]] if values else None)
            return
        flipped = set(values) ^ set(self._before)
        if not values and not self._held:
            self.answered.emit(self.key, None)
        else:
            for value in sorted(flipped):
                self.answered.emit(self.key, self._given[value])
        self._before = values

    def _keyed(self) -> None:
        if not self.row.repeats or self.row.state in _STATES:
            self.keyed.emit(self.key)

    def _go_on(self) -> None:
        self.keyed.emit(self.key)


def shape(row: Row) -> object:
    """What a card is built from; answers aside."""
    labels = tuple(choice.label for choice in row.choices)
    return (row.key, row.prefix, row.text, row.about, row.help, row.kind, labels, row.editable, *beside(row, ()))


def _built_from(row: Row) -> object:
    """What the widgets in a card without a field are built from."""
    labels = tuple((choice.label, choice.number) for choice in (*row.choices, *row.non_answers))
    return row.about, row.help, labels, row.repeats, len(row.choices), row.orientation, beside(row, ())


def beside(row: Row, said: tuple[str, ...]) -> tuple[str, str]:
    """The words of the form that stand before its answers and behind them, those aside that are ``said`` already."""
    words = {name: "" if name in said else getattr(row, name) for name in ("prompt", "lower", "upper", "unit")}
    ends = f"{words['lower']} → {words['upper']}".strip() if words["lower"] or words["upper"] else ""
    return words["prompt"], " · ".join(filter(None, (ends, words["unit"])))


def _words(words: str) -> Text | None:
    return Text(words, Type.SMALL, Tone.MUTED, wrap=True) if words else None


def _title(row: Row) -> str:
    return f"{row.prefix} {row.text}".strip() or row.link_id


def _say(line: Text, words: str) -> None:
    if words != line.text():
        line.setText(words)
    if line.isHidden() == bool(words):
        line.setVisible(bool(words))
