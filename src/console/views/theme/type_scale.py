"""Type and spacing, decided once.

Sizes are in points, so that a screen's density counts; the person's text scale multiplies them. Inter ships with the
program: one font makes the same row break at the same word on every workstation.
"""

from dataclasses import dataclass
from enum import Enum
from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from console.errors import BugError
from console.views.theme.assets import resource

FAMILIES = ("Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "Cantarell", "DejaVu Sans", "Arial", "sans-serif")
_FONT_FILES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf")

_REGULAR, _MEDIUM, _STRONG = QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.DemiBold


class Type(Enum):
    """One role of text: points at 100 %, weight, and whether figures keep one width (clocks that tick in place)."""

    CAPTION = (8.0, _REGULAR, True)
    LABEL = (7.75, _STRONG, False)  # section labels and badge words, spaced capitals
    SMALL = (9.0, _REGULAR, True)
    BODY = (10.0, _REGULAR, False)
    MEDIUM = (10.0, _MEDIUM, False)
    STRONG = (10.0, _STRONG, False)
    HEADING = (11.5, _STRONG, False)
    TITLE = (14.0, _STRONG, False)
    CLOCK = (13.0, _STRONG, True)
    SMALL_CLOCK = (10.0, _MEDIUM, True)

    @property
    def points(self) -> float:
        return self.value[0]


@dataclass(frozen=True, slots=True)
class Space:
    """Distances in device-independent pixels at one text scale. They grow with the text, but more slowly than it."""

    xs: int
    s: int
    m: int
    l: int  # noqa: E741 - the sizes are one row of a scale
    xl: int
    radius: int
    ring: int


def space(scale: float) -> Space:
    """The distances for a text scale of 1.0 to 2.0."""
    grow = 1 + (scale - 1) * 0.5
    return Space(
        xs=round(4 * grow),
        s=round(8 * grow),
        m=round(12 * grow),
        l=round(16 * grow),
        xl=round(24 * grow),
        radius=round(6 * grow),
        ring=2 if scale < 1.5 else 3,
    )


def font(role: Type, scale: float) -> QFont:
    """A new font for one role at one text scale."""
    points, weight, tabular = role.value
    made = QFont(list(FAMILIES))
    made.setPointSizeF(points * scale)
    made.setWeight(weight)
    made.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    made.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    if role is Type.LABEL:
        made.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 104)
    return made


@cache
def load_fonts() -> None:
    """Register the shipped font with Qt, once. Raises :class:`BugError` where a file is damaged."""
    for name in _FONT_FILES:
        path = resource(f"theme/fonts/{name}")
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise BugError(f"the font {path} cannot be read")
