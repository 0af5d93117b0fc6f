"""What is imported when: what the sign-in page needs first, and the rest ahead of its moment, while nobody waits.

The store and the board follow while somebody types their name and password, everything else once they see the board;
all on a lane. A screen that is asked for earlier imports what it needs itself.
"""

import builtins
from collections.abc import Sequence
from importlib import import_module

PAINTED_MILLISECONDS = 100
"""What was just shown is painted within this time, before anything else takes the machine's time."""
BOARD = ("console.app.seats", "console.views.shell.waiting_bar")
REST = (
    "console.views.workspace",
    "console.views.directory",
    "console.views.people.people_screen",
    "console.views.instruments.instruments_screen",
    "console.views.status.status_screen",
    "console.views.shell.strip_desk",
)


def bring_qt() -> None:
    """Import Qt, and keep Python's own way to import.

    PySide6 puts another in its place. For names in another spelling, which this program does not use, that one reads
    and keeps the source of every module imported from then on: a quarter of the time that a start takes.
    """
    plain = builtins.__import__
    try:
        import_module("PySide6.QtWidgets")
    finally:
        builtins.__import__ = plain


def bring(modules: Sequence[str]) -> None:
    """Import these modules, and all that they need."""
    for name in modules:
        import_module(name)
