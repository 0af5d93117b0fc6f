"""The rule that slow work never runs on the thread that paints.

The desktop program names its GUI thread once, at start. Store, key store, PDF and printing code begin with
:func:`refuse_on_gui_thread`, so a call from a widget fails in the first test that reaches it, not at 3 a.m.
"""

import threading

from console.errors import BugError

_gui_thread: int | None = None


def mark_gui_thread(ident: int | None) -> None:
    """Name the thread that paints (``threading.get_ident()``); ``None`` when there is none."""
    global _gui_thread
    _gui_thread = ident


def refuse_on_gui_thread(what: str) -> None:
    """Raise :class:`BugError` when called on the GUI thread. ``what`` names the work, e.g. ``"store"``."""
    if _gui_thread is not None and threading.get_ident() == _gui_thread:
        raise BugError(f"{what} work was started on the GUI thread")
