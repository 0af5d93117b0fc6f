"""What happens off the GUI thread before somebody works: opening or founding the home, and checking who signs in.

Only a lane imports this module. The libraries of the store take as long to import as all else a start needs, and by
then there is a window, most often with somebody typing their name.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from console.actions import homes, people
from console.clock import Clock
from console.models.center import Center
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.models.store.rebuild import refold_outdated
from console.queries.center import read_center
from console.security.home_key import needs_passphrase
from console.sync.signing_in import sign_in
from console.sync.status import SyncStatus, status


class Opened(NamedTuple):
    """A desk, and what the first screens need beside it."""

    desk: Desk
    center: Center
    server: SyncStatus

    def sign_in(self, name: str, password: str) -> SignIn:
        """Who this is; raises as :func:`console.sync.signing_in.sign_in`."""
        here = partial(people.sign_in, self.desk, name, password)
        return sign_in(self.desk.store, self.desk.clock, name, password, here)

    def refold(self, stop: Callable[[], bool]) -> int:
        """Fold anew what a program that folds otherwise wrote last; returns of how many subjects."""
        return refold_outdated(self.desk.store, stop=stop)

    def close(self) -> None:
        """Close the store; that of a drill is thrown away."""
        if self.desk.drill:
            homes.throw_away(self.desk.store)
        else:
            self.desk.store.close()


def look_at(desk: Desk) -> Opened:
    """Read what the first screens need."""
    return Opened(desk, read_center(desk), status(desk))


class NewHome(NamedTuple):
    """A home that nobody set up. ``needs_passphrase``: none was given, and nothing else here could keep the key."""

    needs_passphrase: bool


def open_home(home: Path, clock: Clock, passphrase: str | None) -> Opened | NewHome:
    """Open a home, or say what setting it up needs; raises as :func:`console.actions.homes.open_desk`."""
    try:
        return look_at(homes.open_desk(home, clock, passphrase=passphrase))
    except homes.NotFounded:
        return NewHome(passphrase is None and needs_passphrase(home))


def found_home(home: Path, clock: Clock, **typed: Any) -> tuple[Opened, SignIn]:
    """Found a home; takes and raises what :func:`console.actions.homes.found_home` does."""
    desk, first = homes.found_home(home, clock, **typed)
    return look_at(desk), first
