"""A field for words, numbers, dates, and quantities with their unit."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox

from console.forms.asking.present import Row
from console.forms.asking.units import unit_words
from console.forms.model import Answer, Coding, Item, Kind, NonAnswer, Quantity
from console.forms.values import equal, values
from console.views.theme import Type
from console.views.widgets import Text, Tone, named
from console.views.widgets.lines_edit import LinesEdit
from console.views.workspace.entry import ENTER, Entry, Unscrolled, line_in
from console.views.workspace.typed import EXAMPLES, as_typed, typed_answer

_WORDS = (Kind.STRING, Kind.TEXT, Kind.URL, Kind.REFERENCE, Kind.OPEN_CHOICE)
TYPED = (*_WORDS, Kind.INTEGER, Kind.DECIMAL, Kind.QUANTITY, Kind.DATE, Kind.DATE_TIME, Kind.TIME)
"""The kinds of question that take typed answers."""


class AnswerEdit(LinesEdit):
    """Words in an answer: Enter gives them and goes on, Shift+Enter begins a new line, Ctrl+Enter finishes the form."""

    went_on = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in ENTER and held == Qt.KeyboardModifier.NoModifier:
            if not event.isAutoRepeat():
                self.went_on.emit()
        elif (held == Qt.KeyboardModifier.ControlModifier and Qt.Key.Key_1 <= event.key() <= Qt.Key.Key_9) or (
            held in (Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier)
            and event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        ):
            event.ignore()  # the question's and the form's
        else:
            super().keyPressEvent(event)


class TypedEntry(Entry):
    """A field for words, numbers, dates, and quantities with their unit."""

    def __init__(self, row: Row, item: Item, name: str, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._kind, self._repeats, self._now = row.kind, row.repeats, now
        self.one_of_many = row.repeats
        chooses_unit = row.kind is Kind.QUANTITY and (len(row.units) > 1 or row.open_units)
        self.says = ("prompt",) if chooses_unit else ("prompt", "unit")
        self._unit = item.unit or (item.units[0] if len(item.units) == 1 else None)
        other = (row.open_label or "Something else") if row.choices else ""
        hint = row.placeholder or other or EXAMPLES.get(row.kind, "")
        called = f"{name}: {other}" if other else name
        self.edit = AnswerEdit(called, hint, most=4 if row.kind is Kind.TEXT else 1)
        self.edit.left.connect(self.commit)
        self.edit.went_on.connect(self._enter)
        self.edit.entered.connect(self._finish)
        self.edit.textChanged.connect(self._typed)
        self.edit.went_up.connect(self._up)
        self.edit.went_down.connect(self._down)
        line = line_in(self)
        if row.prompt:
            line.addWidget(Text(row.prompt, Type.SMALL, Tone.MUTED))
        line.addWidget(self.edit, 1)
        self.units: QComboBox | None = None
        if chooses_unit:
            self.units = self._units(row, name)
            line.addWidget(self.units)
        elif row.unit:
            line.addWidget(Text(row.unit, Type.BODY, Tone.MUTED))
        self.setFocusProxy(self.edit)

    def _units(self, row: Row, name: str) -> QComboBox:
        box = Unscrolled()
        named(box, f"Unit: {name}")
        box.setEditable(row.open_units)
        for unit in row.units:
            box.addItem(unit_words(unit), unit)
        box.activated.connect(self.commit)
        return box

    @property
    def words(self) -> str:
        return self.edit.text().strip()

    def go_on(self, words: str) -> None:
        with QSignalBlocker(self.edit):
            self.edit.set_text(words)
        self._read(words)
        self._resumed = not self.why

    def show_answers(self, answers: tuple[Answer, ...], chosen: bool) -> None:
        kept = self.keeps(answers)
        self._held = answers
        if kept or self.edit.hasFocus() or self._repeats:
            return
        typed = next((each for each in answers if not isinstance(each, NonAnswer)), None)
        if not chosen:
            self.edit.set_text("" if typed is None else as_typed(typed))
        if isinstance(typed, Quantity) and self.units is not None:
            held = [self.units.itemData(at) for at in range(self.units.count())]
            at = next((at for at, unit in enumerate(held) if typed.unit in (unit.display, unit.code)), -1)
            self.units.setCurrentIndex(at)
            if at < 0:
                self.units.setEditText(typed.unit)

    def commit(self) -> None:
        text = self.words
        if not text:
            self.wrong.emit("")
            if not self._repeats and not any(isinstance(each, NonAnswer) for each in self._held):
                self.gave.emit(None)
            return
        answer = self._read(text)
        if answer is None:
            return
        if not self._repeats:
            self.gave.emit(answer)
            return
        with QSignalBlocker(self.edit):
            self.edit.set_text("")  # the next one can be typed; the ones given stand above
        if not any(equal(each, answer) for each in values(self._held) if not isinstance(answer, NonAnswer)):
            self.gave.emit(answer)

    def _read(self, text: str) -> Answer | None:
        """What is typed as an answer; None where it is none, which is said."""
        try:
            answer = typed_answer(self._kind, text, self._now(), self._chosen_unit())
        except ValueError:
            self.wrong.emit(f"{text!r} is not {EXAMPLES.get(self._kind, 'an answer to this question')}.")
            return None
        self.wrong.emit("")
        return answer

    def _chosen_unit(self) -> Coding | None:
        if self.units is None:
            return self._unit
        held = self.units.currentText().strip()
        found = self.units.itemData(self.units.findText(held))
        return found if isinstance(found, Coding) else Coding(display=held)

    def _enter(self) -> None:
        typed = not self.blank
        self.commit()
        if not (self._repeats and typed):  # after one of several the next one is typed
            self.went_on.emit()

    def _finish(self) -> None:
        self.commit()
        self.finished.emit()

    def _typed(self) -> None:
        if self.edit.hasFocus():
            self.typing.emit()

    def _up(self) -> None:
        self.moved.emit(-1)

    def _down(self) -> None:
        self.moved.emit(1)
