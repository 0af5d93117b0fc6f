"""The strip: the dispatcher's slim bar that stays on top."""

from console.views.strip.strip_window import STRIP_KEYS, StripWindow

__all__ = ["STRIP_KEYS", "StripWindow"]
