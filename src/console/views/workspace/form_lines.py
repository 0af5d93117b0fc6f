"""The lines of a form, in their places, and those that are read, not answered: headings, words to say, what to add."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.forms.asking.present import Row
from console.forms.model import Kind
from console.views.theme import Type, current
from console.views.widgets import ActionButton, Look, Text, Tone
from console.views.workspace.form_grid import Grid, grid_of
from console.views.workspace.form_state import FormState, Part
from console.views.workspace.question import beside, shape

_UNDER_ONE_HEAD = 5
"""Most rows of a grid until the words over its columns stand again: on a low screen too they are seen with each row."""


@dataclass(frozen=True)
class Slot:
    """A place in the column: a line of the form, or with ``adds`` the button that asks a group once more.

    ``goes`` says that this occurrence of a repeating group can be taken away. With ``heads`` it is what stands over
    the columns of ``grid``, and without, a question that is a row in that.
    """

    row: Row
    adds: bool = False
    goes: bool = False
    grid: Grid | None = None
    heads: bool = False

    @property
    def key(self) -> str:
        """What the place is called: that of its line, or that with a sign before it."""
        return f"{'+' if self.adds else '#' if self.heads else ''}{self.row.key}"

    @property
    def is_question(self) -> bool:
        """Whether it is answered here; what a formula fills in, or the form locks, is read."""
        return self.row.editable and not self.adds and not self.heads

    @property
    def columns(self) -> tuple[int, ...]:
        """How wide its answers are where it is a row of a grid."""
        return self.grid.columns if self.grid is not None else ()

    @property
    def shape(self) -> object:
        """What its widget is built from; answers aside."""
        return self.grid if self.heads else (shape(self.row), self.adds, self.row.number, self.goes)


def slots(state: FormState, part: Part, room: int) -> list[Slot]:
    """The places of one part in so many pixels: its lines, what stands over a grid, and what asks a group once more."""
    rows = part.rows
    found: list[Slot] = []
    open_groups: list[Row] = []
    grid: Grid | None = None
    grid_depth = rows_under_head = in_grid = 0
    for at, row in enumerate(rows):
        while open_groups and row.depth <= open_groups[-1].depth:
            found.append(Slot(open_groups.pop(), adds=True))
        if state.can_follow(row):
            open_groups.append(row)
        if grid is not None and row.depth <= grid_depth:
            grid = None
        if row.table is not None:
            end = next((i for i in range(at + 1, len(rows)) if rows[i].depth <= row.depth), len(rows))
            inside = rows[at + 1 : end]
            grid, grid_depth, in_grid = grid_of(row, inside, room), row.depth, 0
            rows_under_head = _evenly(sum(each.editable for each in inside))
        if grid is not None and row.editable:
            if in_grid % rows_under_head == 0:
                found.append(Slot(row, grid=grid, heads=True))
            in_grid += 1
        found.append(Slot(row, goes=state.can_go(row), grid=grid if row.editable else None))
    return found + [Slot(row, adds=True) for row in reversed(open_groups)]


def _evenly(count: int) -> int:
    """How many of so many rows stand under one head, when no head is to have many fewer than another."""
    heads = -(-count // _UNDER_ONE_HEAD) or 1
    return -(-count // heads)


def line_of(slot: Slot, more: Callable[[str], None], less: Callable[[str], None]) -> QWidget:
    """The widget of a place at which nothing is answered; what is called when a group is to be asked more, or less."""
    if slot.heads and slot.grid is not None:
        return GridHead(slot, slot.grid)
    if slot.adds:
        add = AddLine(slot)
        add.added.connect(more)
        return add
    line = ReadLine(slot)
    line.removed.connect(less)
    return line


class ReadLine(QWidget):
    """A heading, words to say, or what is filled in. ``removed`` (key) when an occurrence is to go."""

    removed = Signal(str)

    def __init__(self, slot: Slot) -> None:
        super().__init__()
        self.slot_shape, row = slot.shape, slot.row
        self._key = row.key
        column = QVBoxLayout(self)
        column.setContentsMargins(0, current().space.xs if row.kind is Kind.GROUP else 0, 0, 0)
        column.setSpacing(current().space.xs)
        line = QHBoxLayout()
        self._words = words = f"{row.prefix} {row.text}".strip()
        if row.is_question:
            self._value = Text(role=Type.MEDIUM, wrap=True)
            line.addWidget(self._value, 1)
        elif row.kind is Kind.GROUP:
            number = f" ({row.number})" if slot.goes or row.number > 1 else ""
            line.addWidget(Text(words + number, Type.STRONG if row.depth == 0 else Type.MEDIUM, wrap=True), 1)
        else:
            tone = Tone.WARN if row.category == "security" else Tone.MUTED
            line.addWidget(Text(words, Type.SMALL, tone, wrap=True), 1)
        if slot.goes:
            called = f"Remove: {words}{number}"
            self.remove = ActionButton("Remove", look=Look.QUIET, name=called)
            self.remove.clicked.connect(self._remove)
            line.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(line)
        for words in beside(row, ("unit",)) if row.is_question else ():  # the value has its unit
            if words:
                column.addWidget(Text(words, Type.SMALL, Tone.MUTED, wrap=True))
        if row.help:
            column.addWidget(Text(row.help, Type.SMALL, Tone.MUTED, wrap=True))
        self._because = Text(role=Type.SMALL, tone=Tone.MUTED, wrap=True)
        self._because.hide()
        column.addWidget(self._because)
        self._wrong = Text(role=Type.SMALL, wrap=True)
        self._wrong.hide()
        column.addWidget(self._wrong)

    def show_value(self, value: str) -> None:
        """Show what is filled in for this question; "" for nothing yet."""
        lead = self._words if self._words.endswith(("?", ":")) else f"{self._words}:"
        self._value.setText(f"{lead} {value or 'nothing yet'}")
        self._value.set_tone(Tone.TEXT if value else Tone.MUTED)

    def show_wrong(self, words: str, tone: Tone) -> None:
        """Show what is wrong with it by the rules of the form; "" for nothing."""
        if words != self._wrong.text():
            self._wrong.set_tone(tone)
            self._wrong.setText(words)
            self._wrong.setVisible(bool(words))

    def show_because(self, words: str) -> None:
        """Show why it is there; "" where it always is."""
        if words != self._because.text():
            self._because.setText(words)
            self._because.setVisible(bool(words))

    def _remove(self) -> None:
        self.removed.emit(self._key)


class GridHead(QWidget):
    """The words over the columns of a grid."""

    def __init__(self, slot: Slot, grid: Grid) -> None:
        super().__init__()
        self.slot_shape, space = slot.shape, current().space
        line = QHBoxLayout(self)
        line.setContentsMargins(space.m, space.xs, space.m, 0)
        line.setSpacing(space.s)
        line.addStretch(1)
        tones = [Tone.TEXT] * len(grid.options) + [Tone.MUTED] * len(grid.others)
        for label, tone, width in zip((*grid.options, *grid.others), tones, grid.columns, strict=True):
            words = Text(label, Type.SMALL, tone, wrap=True)
            words.setFixedWidth(width)
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
            line.addWidget(words)


class AddLine(QWidget):
    """The button under the last occurrence of a repeating group. ``added`` (key of that occurrence)."""

    added = Signal(str)

    def __init__(self, slot: Slot) -> None:
        super().__init__()
        self.slot_shape = slot.shape
        self._key = slot.row.key
        words = slot.row.short_text or slot.row.text
        self.add = ActionButton(f"Add another: {words}" if len(words) <= 40 else "Add another", name=f"Add: {words}")
        self.add.clicked.connect(self._add)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.add)
        line.addStretch(1)
        self.setFocusProxy(self.add)

    def _add(self) -> None:
        self.added.emit(self._key)
