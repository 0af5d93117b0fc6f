"""The theme in force: chosen, applied, followed.

Widgets that paint themselves ask :func:`current` when they paint; widgets that set fonts or margins hand a method to
:func:`watch`, which calls it now and after every change.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from string import Template

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QStyleFactory

from console.errors import BugError, KnownError
from console.views.theme.assets import resource
from console.views.theme.palette import palette
from console.views.theme.tokens import DARK, HIGH_CONTRAST, LIGHT, Tokens
from console.views.theme.type_scale import Space, Type, font, load_fonts, space


class Scheme(StrEnum):
    """What a person chooses. ``AUTO`` follows the desktop: its contrast wish first, then light or dark."""

    AUTO = "auto"
    DARK = "dark"
    LIGHT = "light"
    HIGH_CONTRAST = "high_contrast"


SCALES = (1.0, 2.0)
"""The least and the greatest text scale."""

_TOKENS = {Scheme.DARK: DARK, Scheme.LIGHT: LIGHT, Scheme.HIGH_CONTRAST: HIGH_CONTRAST}


@dataclass(frozen=True, slots=True, eq=False)
class Theme:
    """One scheme at one text scale; never changed, only replaced."""

    scheme: Scheme
    scale: float
    tokens: Tokens
    space: Space
    _fonts: dict[Type, QFont] = field(default_factory=dict)

    def font(self, role: Type) -> QFont:
        """The font of a role. Shared: copy it before changing it."""
        if role not in self._fonts:
            self._fonts[role] = font(role, self.scale)
        return self._fonts[role]

    def px(self, pixels: float) -> int:
        """A length that belongs to text (an icon, a row, a column), at this text scale."""
        return round(pixels * self.scale)


def make(scheme: Scheme, scale: float = 1.0) -> Theme:
    """The theme of one decided scheme. Raises :class:`KnownError` for a scale outside 1.0 to 2.0."""
    if scheme not in _TOKENS:
        raise BugError(f"{scheme} has to be resolved before it is a theme")
    if not SCALES[0] <= scale <= SCALES[1]:
        raise KnownError(f"Text scale {scale:.0%} is not possible: choose 100 % to 200 %.")
    return Theme(scheme, scale, _TOKENS[scheme], space(scale))


class _Keeper(QObject):
    """Holds the theme in force and hears the desktop change its mind."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme = make(Scheme.DARK)
        self._app: QApplication | None = None
        self._auto = False

    def apply(self, app: QApplication, scheme: Scheme, scale: float) -> None:
        self._auto = scheme is Scheme.AUTO
        theme = make(_desktop_scheme(app) if self._auto else scheme, scale)
        load_fonts()
        if self._app is not app:
            self._app = app
            app.styleHints().colorSchemeChanged.connect(self._desktop_changed)
            app.setStyle(QStyleFactory.create("Fusion"))
        self.theme = theme
        app.setFont(theme.font(Type.BODY))
        app.setPalette(palette(theme.tokens))
        app.setStyleSheet(style_sheet(theme))
        self.changed.emit()

    @Slot()
    def _desktop_changed(self) -> None:
        if self._auto and self._app is not None:
            self.apply(self._app, Scheme.AUTO, self.theme.scale)


def _desktop_scheme(app: QApplication) -> Scheme:
    hints = app.styleHints()
    if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
        return Scheme.HIGH_CONTRAST
    # A desktop that does not say gets dark: dispatch rooms are dim.
    return Scheme.LIGHT if hints.colorScheme() == Qt.ColorScheme.Light else Scheme.DARK


def style_sheet(theme: Theme) -> str:
    """The small sheet that gives Qt's own widgets the theme's edges, padding and focus ring.

    Written when the scheme or the scale changes, never for a row.
    """
    names: dict[str, str] = {
        name: getattr(theme.tokens, name).name() for name in Tokens.__slots__ if name not in ("dark", "badges")
    }
    lengths = {name: f"{getattr(theme.space, name)}px" for name in Space.__slots__}
    sizes = {
        name: f"{theme.px(pixels)}px" for name, pixels in (("control", 24), ("bar", 11), ("mark", 16), ("round", 9))
    }
    marks = {"marks": resource("theme/marks").as_posix(), "ground": "dark" if theme.tokens.dark else "light"}
    text = resource("theme/console.qss").read_text(encoding="utf-8")
    return Template(text).substitute({**names, **lengths, **sizes, **marks})


_keeper: _Keeper | None = None


def _keep() -> _Keeper:
    global _keeper
    if _keeper is None:
        _keeper = _Keeper()
    return _keeper


def apply(app: QApplication, scheme: Scheme = Scheme.AUTO, scale: float = 1.0) -> None:
    """Put a scheme and a text scale (1.0 to 2.0) in force for the whole program, now and for windows made later."""
    _keep().apply(app, scheme, scale)


def current() -> Theme:
    """The theme in force: dark at 100 % until one was applied."""
    return _keep().theme


def watch(restyle: Callable[[], None]) -> None:
    """Call ``restyle`` now and after every change. Pass a bound method of a QObject: Qt ends it with the object."""
    _keep().changed.connect(restyle)
    restyle()
