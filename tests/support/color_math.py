"""Contrast and color distance as the standards define them, for checking the theme.

WCAG 2.2 relative luminance and contrast ratio; CIE76 distance in CIELAB (D65); dichromat simulation by Viénot,
Brettel and Mollon, "Digital video colourmaps for checking the legibility of displays by dichromats" (1999) for protan
and deutan, and the single-plane tritan form of the same method.
"""

import math

from PySide6.QtGui import QColor

type_names = ("protan", "deutan", "tritan")

_SIMULATION = {
    # Rows of linear RGB → linear RGB.
    "protan": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deutan": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
    "tritan": ((1.0, 0.14461, -0.14461), (0.0, 0.85924, 0.14076), (0.0, 0.85924, 0.14076)),
}


def _linear(color: QColor) -> tuple[float, float, float]:
    def channel(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    return channel(color.red()), channel(color.green()), channel(color.blue())


def luminance(color: QColor) -> float:
    red, green, blue = _linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    """The WCAG contrast ratio, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _lab(linear: tuple[float, float, float]) -> tuple[float, float, float]:
    red, green, blue = (min(1.0, max(0.0, channel)) for channel in linear)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883

    def bend(value: float) -> float:
        return value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116

    return 116 * bend(y) - 16, 500 * (bend(x) - bend(y)), 200 * (bend(y) - bend(z))


def distance(one: QColor, other: QColor, seen_as: str = "") -> float:
    """CIE76 distance, for normal sight ("") or as one of ``type_names`` sees it."""

    def seen(color: QColor) -> tuple[float, float, float]:
        linear = _linear(color)
        if not seen_as:
            return linear
        red, green, blue = (
            sum(weight * channel for weight, channel in zip(row, linear, strict=True)) for row in _SIMULATION[seen_as]
        )
        return red, green, blue

    return math.dist(_lab(seen(one)), _lab(seen(other)))
