"""What is imported when: what the sign-in page needs first, and the rest ahead of its moment, while nobody waits.

The board follows while somebody types their name and password, everything else once they see it; both on a lane. A
screen that is asked for earlier imports what it needs itself.
"""

from collections.abc import Sequence
from importlib import import_module

BEFORE_QT = ("console.app.opening",)
"""The store and its libraries. PySide6 puts a function of its own into every import that comes after it, which makes
these take a quarter longer; so they come before."""
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
