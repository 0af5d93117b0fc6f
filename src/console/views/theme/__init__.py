"""How the console looks: colors, type, spacing and icons, decided once."""

from console.views.theme.icons import Icon, icon, paint_icon
from console.views.theme.theme import SCALES, Scheme, Theme, apply, current, make, watch
from console.views.theme.tokens import BadgeColors, Tokens
from console.views.theme.type_scale import Space, Type

__all__ = [
    "SCALES",
    "BadgeColors",
    "Icon",
    "Scheme",
    "Space",
    "Theme",
    "Tokens",
    "Type",
    "apply",
    "current",
    "icon",
    "make",
    "paint_icon",
    "watch",
]
