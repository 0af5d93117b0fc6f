"""Lines with the time they were said: narrative, levels, history. Changed in place, never built anew."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from console.views.theme import Type, current, watch
from console.views.widgets import Text, Tone


@dataclass(frozen=True, slots=True)
class TimedLine:
    """One line: when, what, how it is meant, and a quieter second line ("you · passed to units 22:13:40")."""

    time: str
    text: str
    tone: Tone = Tone.TEXT
    under: str = ""


class TimedLines(QWidget):
    """Shows :class:`TimedLine` rows. Text is plain, can be selected with the mouse, and is read aloud line by line."""

    def __init__(self, name: str, *, nothing: str = "", width: int = 44) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._nothing = nothing
        self._width = width
        self._rows: list[tuple[Text, Text, Text]] = []
        self._lines: tuple[TimedLine, ...] = ()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self._grid = QGridLayout()
        whole.addLayout(self._grid)
        whole.addStretch(1)
        self._grid.setColumnStretch(1, 1)
        self._empty = Text(nothing, Type.SMALL, Tone.MUTED, wrap=True)
        self._grid.addWidget(self._empty, 0, 0, 1, 2)
        self._empty.setVisible(bool(nothing))
        watch(self._restyle)

    @property
    def lines(self) -> tuple[TimedLine, ...]:
        """What is shown."""
        return self._lines

    def show_lines(self, lines: Sequence[TimedLine]) -> None:
        """Show these lines; rows that say the same already are left alone."""
        new = tuple(lines)
        if new == self._lines:
            return
        for at, line in enumerate(new):
            if at >= len(self._rows):
                self._add_row()
            if at >= len(self._lines) or self._lines[at] != line:
                self._fill(at, line)
        for at in range(len(new), len(self._rows)):
            for label in self._rows[at]:
                label.hide()
        self._lines = new
        self._empty.setVisible(not new and bool(self._nothing))

    def _fill(self, at: int, line: TimedLine) -> None:
        time, text, under = self._rows[at]
        time.setText(line.time)
        text.setText(line.text)
        text.set_tone(line.tone)
        text.setAccessibleName(" ".join(part for part in (line.time, line.text, line.under) if part))
        under.setText(line.under)
        time.show()
        text.show()
        under.setVisible(bool(line.under))

    def _add_row(self) -> None:
        at = len(self._rows)
        time = Text("", Type.SMALL, Tone.MUTED)
        text = Text("", Type.SMALL, wrap=True)
        under = Text("", Type.CAPTION, Tone.MUTED, wrap=True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid.addWidget(time, 2 * at + 1, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(text, 2 * at + 1, 1)
        self._grid.addWidget(under, 2 * at + 2, 1)
        self._rows.append((time, text, under))

    def _restyle(self) -> None:
        theme = current()
        self._grid.setHorizontalSpacing(theme.space.s)
        self._grid.setVerticalSpacing(theme.space.xs // 2)
        self._grid.setColumnMinimumWidth(0, theme.px(self._width))
