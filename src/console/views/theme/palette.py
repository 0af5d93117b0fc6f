"""The Fusion palette of a scheme, derived from its tokens."""

from PySide6.QtGui import QColor, QPalette

from console.views.theme.tokens import Tokens

_Role = QPalette.ColorRole
_Group = QPalette.ColorGroup


def palette(tokens: Tokens) -> QPalette:
    """A palette with every role set: a role left out would be Fusion's own gray in one corner of one dialog."""
    made = QPalette()
    roles: dict[QPalette.ColorRole, QColor] = {
        _Role.Window: tokens.window,
        _Role.WindowText: tokens.text,
        _Role.Base: tokens.field,
        _Role.AlternateBase: tokens.surface,
        _Role.ToolTipBase: tokens.raised,
        _Role.ToolTipText: tokens.text,
        _Role.PlaceholderText: tokens.muted,
        _Role.Text: tokens.text,
        _Role.Button: tokens.raised,
        _Role.ButtonText: tokens.text,
        _Role.BrightText: tokens.danger,
        _Role.Light: tokens.raised,
        _Role.Midlight: tokens.line,
        _Role.Mid: tokens.outline,
        _Role.Dark: tokens.line,
        _Role.Shadow: tokens.window,
        _Role.Highlight: tokens.accent,
        _Role.HighlightedText: tokens.on_accent,
        _Role.Accent: tokens.accent,
        _Role.Link: tokens.accent,
        _Role.LinkVisited: tokens.accent,
    }
    for role, color in roles.items():
        made.setColor(role, color)
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.PlaceholderText):
        made.setColor(_Group.Disabled, role, tokens.faint)
    made.setColor(_Group.Disabled, _Role.Highlight, tokens.line)
    made.setColor(_Group.Disabled, _Role.HighlightedText, tokens.muted)
    return made
