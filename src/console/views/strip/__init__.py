"""The strip: the dispatcher's slim bar that stays on top."""

from console.views.strip.strip_window import STRIP_KEYS, StripWindow
from console.views.strip.wording import WaitingAdvice

__all__ = ["STRIP_KEYS", "StripWindow", "WaitingAdvice"]
