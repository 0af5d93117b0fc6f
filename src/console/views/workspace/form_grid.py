"""Questions with the same few answers as a grid: the answers' words once above them, each question a row of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QFontMetrics

from console.forms.asking.present import Choice, Row
from console.views.theme import Theme, Type, current

_LEAST_COLUMN, _LEAST_WORDS = 42, 220
_REMEMBERED = 200
_LINES = 2.5
"""Over which the words of an answer are spread; they never break evenly, so that these are three."""


@dataclass(frozen=True)
class Grid:
    """What the rows of a grid share: the words over its columns, the form's and the others, and how wide each is."""

    options: tuple[str, ...]
    others: tuple[str, ...]
    columns: tuple[int, ...]

    @property
    def width(self) -> int:
        """Of all columns together."""
        return sum(self.columns) + len(self.columns) * current().space.s


def grid_of(group: Row, inside: Sequence[Row], room: int) -> Grid | None:
    """The grid that a group with these lines makes in so many pixels; None where it is asked line by line."""
    asked = [row for row in inside if row.editable]
    if group.repeats or group.table is None or group.table.rows != "questions" or not asked:
        return None
    first, theme = asked[0], current()
    options, others = _labels(first.choices), _labels(first.non_answers)
    if any(_labels(row.choices) != options or row.repeats != first.repeats for row in asked):
        return None
    grid = Grid(options, others, _columns(options, theme) + _columns(others, theme))
    return grid if room - grid.width - 2 * theme.space.m >= theme.px(_LEAST_WORDS) else None


def _labels(choices: Sequence[Choice]) -> tuple[str, ...]:
    return tuple(choice.label for choice in choices)


@lru_cache(_REMEMBERED)
def _columns(labels: tuple[str, ...], theme: Theme) -> tuple[int, ...]:
    """How wide the columns of these are: all as the one with the longest words."""
    metrics = QFontMetrics(theme.font(Type.SMALL))
    widest = max((_needed(label, metrics) for label in labels), default=0) + theme.space.xs
    return (max(widest, theme.px(_LEAST_COLUMN)),) * len(labels)


def _needed(label: str, metrics: QFontMetrics) -> int:
    longest = max((metrics.horizontalAdvance(word) for word in label.split()), default=0)
    return max(longest, round(metrics.horizontalAdvance(label) / _LINES))
