"""Imports for the moment after this one, made on a lane while nobody waits for them.

Starting up imports what the sign-in page needs. The rest follows in two parts: the board while somebody types their
name and password, everything else once they see it. A screen that is asked for earlier imports what it needs itself.
"""

from collections.abc import Sequence
from importlib import import_module

BOARD = ("console.app.seats", "console.views.shell.waiting_bar")
REST = (
    "console.views.workspace",
    "console.views.directory",
    "console.views.people.people_screen",
    "console.views.status.status_screen",
    "console.views.shell.strip_desk",
)


def bring(modules: Sequence[str]) -> None:
    """Import these modules, and all that they need."""
    for name in modules:
        import_module(name)
