"""A person at a desk: everything a signed-in window works with, handed to every screen as one value."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from console.bridge.bridge import Bridge
from console.bridge.ticker import Ticker
from console.handoff.printing import Printers
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.queries.board import Freshness

if TYPE_CHECKING:
    from console.forms.library import Library


@dataclass(slots=True)
class Seat:
    """``cad`` says how fresh the CAD feed is when asked, ``shelf`` holds the shipped forms, read when first asked for.

    ``printer`` is the printer chosen for sheets, "" for none: the one thing here that may change while a person sits.
    """

    desk: Desk
    sign_in: SignIn
    bridge: Bridge
    ticker: Ticker
    cad: Callable[[], Freshness]
    shelf: "Callable[[], Library]"
    printers: Printers
    printer: str = ""

    @property
    def forms(self) -> "Library":
        """The shipped forms."""
        return self.shelf()
