"""The colors, decided once for three schemes.

`QPalette` has no words for most of what a dispatch screen says (raised, warn, stale, the badge of a level), so those
are tokens here and the palette is derived from them. Every pair that carries text has a contrast of 4.5:1 or more, and
every outline that marks a control, a badge or the focus has 3:1 or more (WCAG 2.2, 1.4.3 and 1.4.11); a test computes
all of them.

The fills of the level badges are stepped in lightness, so they stay apart for people who see no red, green or blue; the
shape and the word say the same again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from PySide6.QtGui import QColor

from console.models.call import Level


@dataclass(frozen=True, slots=True, eq=False)
class BadgeColors:
    """What one badge is painted with. The outline keeps its edge visible on every ground a badge stands on."""

    fill: QColor
    text: QColor
    outline: QColor


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The colors of one scheme, by what they mean.

    Grounds, deepest first: ``window`` (behind lists), ``surface`` (bars and panels), ``raised`` (cards, chips),
    ``field`` (where one types). ``line`` parts things quietly; ``outline`` is the edge of something one can act on.
    ``selected``, ``hover`` and the ``…_soft`` colors are grounds for text as well.
    """

    dark: bool
    window: QColor
    surface: QColor
    raised: QColor
    field: QColor
    line: QColor
    outline: QColor
    text: QColor
    muted: QColor
    faint: QColor  # disabled text only: exempt from contrast, and never the only sign
    accent: QColor
    on_accent: QColor
    accent_soft: QColor
    focus: QColor
    selected: QColor
    hover: QColor
    good: QColor
    changed: QColor  # something is not what it was: a type, a fact
    changed_soft: QColor
    warn: QColor
    warn_soft: QColor
    danger: QColor
    danger_soft: QColor
    badges: Mapping[Level, BadgeColors]


def _colors(**names: str) -> dict[str, QColor]:
    return {name: QColor(value) for name, value in names.items()}


def _badges(
    not_set: tuple[str, str, str], closed: tuple[str, str, str], **outlines: str
) -> Mapping[Level, BadgeColors]:
    """The measured fills with this scheme's outlines.

    What asks for nothing is no brighter than what does: the badges of a closed call and of a level that nobody has set
    step back toward the scheme's own ground.
    """
    fills = {
        Level.CRITICAL: ("#8f0020", "#ffffff"),
        Level.HIGH: ("#f08a24", "#000000"),
        Level.MEDIUM: ("#ffe28a", "#000000"),
        Level.LOW: ("#0a6ebd", "#ffffff"),
    }
    badges = {
        level: BadgeColors(QColor(fill), QColor(text), QColor(outlines[level.value]))
        for level, (fill, text) in fills.items()
    }
    badges[Level.NOT_SET] = BadgeColors(*map(QColor, not_set))
    badges[Level.CLOSED] = BadgeColors(*map(QColor, closed))
    return MappingProxyType(badges)


DARK = Tokens(
    dark=True,
    **_colors(
        window="#101317",
        surface="#171a1f",
        raised="#22272e",
        field="#0e1115",
        line="#2b3139",
        outline="#76818e",
        text="#eceff3",
        muted="#a7b0bb",
        faint="#69727d",
        accent="#8ab4f8",
        on_accent="#0a1626",
        accent_soft="#1a2a3d",
        focus="#8ab4f8",
        selected="#1c2a3a",
        hover="#1a1f25",
        good="#6fcf8e",
        changed="#ffe28a",
        changed_soft="#2e2a17",
        warn="#ffb066",
        warn_soft="#35260f",
        danger="#ff9aa0",
        danger_soft="#3a0f18",
    ),
    badges=_badges(
        not_set=("#3d4650", "#eceff3", "#8b95a1"),
        closed=("#22272e", "#c9ccd1", "#8b95a1"),
        critical="#e0526c",
        high="#ffb066",
        medium="#fff0bd",
        low="#4ea3e6",
    ),
)

LIGHT = Tokens(
    dark=False,
    **_colors(
        window="#ffffff",
        surface="#f4f6f8",
        raised="#e9edf1",
        field="#ffffff",
        line="#d8dde3",
        outline="#6f7a86",
        text="#14181d",
        muted="#4f5964",
        faint="#8d96a0",
        accent="#0b57d0",
        on_accent="#ffffff",
        accent_soft="#e3edfc",
        focus="#0b57d0",
        selected="#dfebfc",
        hover="#f1f5fa",
        good="#176338",
        changed="#664800",
        changed_soft="#fff4cc",
        warn="#8a4300",
        warn_soft="#ffecd6",
        danger="#a3001f",
        danger_soft="#fde7ea",
    ),
    badges=_badges(
        not_set=("#c9ccd1", "#000000", "#5b6570"),
        closed=("#f4f6f8", "#3f4852", "#5b6570"),
        critical="#5c0014",
        high="#8a4300",
        medium="#7a5f00",
        low="#064a80",
    ),
)

HIGH_CONTRAST = Tokens(
    dark=True,
    **_colors(
        window="#000000",
        surface="#000000",
        raised="#161616",
        field="#000000",
        line="#8c8c8c",
        outline="#ffffff",
        text="#ffffff",
        muted="#e2e2e2",
        faint="#9a9a9a",
        accent="#ffd633",
        on_accent="#000000",
        accent_soft="#332a00",
        focus="#ffd633",
        selected="#002f5c",
        hover="#1f1f1f",
        good="#86f7ad",
        changed="#fff07a",
        changed_soft="#2e2a00",
        warn="#ffc78a",
        warn_soft="#3a2100",
        danger="#ffb3b8",
        danger_soft="#4a0010",
    ),
    badges=_badges(
        not_set=("#555555", "#ffffff", "#ffffff"),
        closed=("#000000", "#ffffff", "#ffffff"),
        critical="#ffffff",
        high="#ffffff",
        medium="#ffffff",
        low="#ffffff",
    ),
)
