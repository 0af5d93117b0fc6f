"""A person at a desk: everything a signed-in window works with, handed to every screen as one value."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from console.bridge.bridge import Bridge
from console.bridge.ticker import Ticker
from console.handoff.printing import Printers
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.queries.board import Freshness


@dataclass(slots=True)
class Seat:
    """``cad`` says how fresh the CAD feed is when asked.

    ``printer`` is the printer chosen for sheets, "" for none: the one thing here that may change while a person sits.
    """

    desk: Desk
    sign_in: SignIn
    bridge: Bridge
    ticker: Ticker
    cad: Callable[[], Freshness]
    printers: Printers
    printer: str = ""

    def here(self) -> datetime:
        """The time as the clock of the center shows it."""
        return self.ticker.now().astimezone(self.desk.zone)
