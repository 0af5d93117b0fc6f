"""A field for a number on a scale, set by arrow keys."""

from decimal import Decimal

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QSlider

from console.forms.asking.present import Row
from console.forms.look import Control, slider_steps
from console.forms.model import Answer, Kind
from console.views.theme import Type
from console.views.widgets import Text, Tone, named
from console.views.workspace.entry import ENTER, Entry, line_in

_RESTS_MS = 400


def positions(row: Row) -> tuple[Decimal, Decimal, int] | None:
    """Least, step and number of steps of a slider that can be drawn."""
    slides = row.control is Control.SLIDER and row.kind in (Kind.INTEGER, Kind.DECIMAL)
    return slider_steps(row.minimum, row.maximum, row.step) if slides and not row.repeats and not row.choices else None


class _Slide(QSlider):
    """A slider that stands nowhere until it is set: the first arrow sets it to the end it comes from."""

    went_on = Signal()
    moved = Signal(int)
    left = Signal()

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.is_set = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        first = {Qt.Key.Key_Right: self.minimum(), Qt.Key.Key_Left: self.maximum()}.get(Qt.Key(event.key()))
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in ENTER and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.went_on.emit()
        elif event.key() in ENTER:
            event.ignore()
        elif first is not None and not self.is_set:
            self.setValue(first)
            self.sliderMoved.emit(first)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class SlideEntry(Entry):
    """A number on a scale, by arrow keys; its ends say what they mean."""

    says = ("unit", "lower", "upper")

    def __init__(self, row: Row, name: str, steps: tuple[Decimal, Decimal, int]) -> None:
        super().__init__()
        self._low, self._step, count = steps
        self._whole, self._name, self._unit = row.kind is Kind.INTEGER, name, row.unit
        self._moved = False
        self._between: int | Decimal | None = None  # what is held, where the scale has no such step
        self.slider = _Slide()
        self.slider.setRange(0, count)
        self.slider.setPageStep(max(count // 10, 1))
        self.slider.sliderMoved.connect(self._slid)
        self.slider.actionTriggered.connect(self._acted)
        self.slider.left.connect(self.commit)
        self.slider.went_on.connect(self._enter)
        self.slider.moved.connect(self.moved)
        self._value = Text("", Type.STRONG)
        self._rests = QTimer(self)
        self._rests.setObjectName("slider rests")
        self._rests.setSingleShot(True)
        self._rests.setInterval(_RESTS_MS)
        self._rests.timeout.connect(self.commit)
        line = line_in(self)
        line.addWidget(Text(row.lower or f"{self._low:f}", Type.SMALL, Tone.MUTED))
        line.addWidget(self.slider, 1)
        high = self._low + self._step * count
        line.addWidget(Text(row.upper or f"{high:f}", Type.SMALL, Tone.MUTED))
        line.addWidget(self._value)
        self.setFocusProxy(self.slider)
        self._say()

    @property
    def blank(self) -> bool:
        return not self.slider.is_set

    def show_answers(self, answers: tuple[Answer, ...], chosen: bool) -> None:
        if self._moved:
            return
        held = next((each for each in answers if isinstance(each, int | Decimal)), None)
        self.slider.is_set = held is not None
        steps = Decimal(0) if held is None else (Decimal(held) - self._low) / self._step
        self.slider.setValue(round(min(max(steps, Decimal(0)), Decimal(self.slider.maximum()))))
        self._between = held if held is not None and steps != self.slider.value() else None
        self._say()

    def commit(self) -> None:
        self._rests.stop()
        if self._moved:
            self._moved = False
            value = self._low + self._step * self.slider.value()
            self.gave.emit(int(value) if self._whole else value)

    def _acted(self, action: int) -> None:
        self._slid(self.slider.sliderPosition())

    def _slid(self, position: int) -> None:
        self.slider.is_set, self._moved, self._between = True, True, None
        self.slider.setValue(position)
        self._rests.start()
        self._say()
        self.typing.emit()

    def _enter(self) -> None:
        self.commit()
        self.went_on.emit()

    def _say(self) -> None:
        value = self._low + self._step * self.slider.value() if self._between is None else self._between
        said = f"{Decimal(value):f} {self._unit}".strip() if self.slider.is_set else "not answered"
        self._value.setText(said)
        if self.slider.property("unset") is not (not self.slider.is_set):
            self.slider.setProperty("unset", not self.slider.is_set)
            self.slider.style().unpolish(self.slider)
            self.slider.style().polish(self.slider)
        self._value.set_tone(Tone.TEXT if self.slider.is_set else Tone.MUTED)
        named(self.slider, f"{self._name}: {said}")
