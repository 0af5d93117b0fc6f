"""Labeled fields under one another: the label at the middle of its field, and no field wider than a person reads."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from console.views.theme import Type, current, watch
from console.views.widgets.text import Text, Tone

LABELS = 168
"""Pixels at 100 % for labels of several words, where forms stand under one another: all begin at one edge."""
WIDEST = 640
"""Pixels at 100 % that labels and fields take at most: a line for a name is no wider because the window is."""


class Fields(QWidget):
    """A column of labels and a column of fields. A row can be hidden, and a line of help stand under a field."""

    def __init__(self, *, labels: int = 0, parent: QWidget | None = None) -> None:
        """``labels`` is the least width of their column, so that forms under one another begin at one edge."""
        super().__init__(parent)
        self._least = labels
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._labels: dict[QWidget, QLabel] = {}
        watch(self._restyle)

    def row(self, label: str, widget: QWidget) -> None:
        """A field and its label."""
        words = Text(label)
        words.setBuddy(widget)
        at = self._grid.rowCount()
        self._grid.addWidget(words, at, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(widget, at, 1)
        self._labels[widget] = words

    def help(self, words: str) -> None:
        """A quiet line under the field that was added last."""
        self._grid.addWidget(Text(words, Type.SMALL, Tone.MUTED, wrap=True), self._grid.rowCount(), 1)

    def add(self, widget: QWidget) -> None:
        """Something across both columns."""
        self._grid.addWidget(widget, self._grid.rowCount(), 0, 1, 2)

    def show_row(self, widget: QWidget, shown: bool) -> None:
        """Show or hide a field with its label."""
        widget.setVisible(shown)
        self._labels[widget].setVisible(shown)

    def _restyle(self) -> None:
        theme = current()
        self.setMaximumWidth(theme.px(WIDEST))
        self._grid.setColumnMinimumWidth(0, theme.px(self._least))
        self._grid.setHorizontalSpacing(theme.space.m)
        self._grid.setVerticalSpacing(theme.space.s)


def beside_room(fields: Fields) -> QHBoxLayout:
    """The fields at the left, and at the right the room that they do not take."""
    line = QHBoxLayout()
    line.addWidget(fields, 1)
    line.addStretch(0)
    return line
