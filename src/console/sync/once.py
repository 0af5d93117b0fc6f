"""Exchanging for as long as it takes and no longer: to the end for commands, and for what a new desk needs first."""

import threading
from collections.abc import Callable

from console.clock import Clock
from console.errors import KnownError
from console.models.store import subjects
from console.models.store.store import Store
from console.sync.events import Standing, State
from console.sync.link import Link
from console.sync.membership import Membership
from wire.administration import DESK


def exchange_once(store: Store, member: Membership, clock: Clock, program: str, *, within: float = 600.0) -> Standing:
    """Push and pull to the head, then stop. Raises :class:`KnownError` when the server cannot be reached.

    ``within`` are seconds after which it says how far it came.
    """
    done = threading.Event()
    last: list[Standing] = []
    away = _Away()

    def tell(standing: Standing) -> None:
        last[:] = [standing]
        settled = standing.state in (State.LIVE, State.ATTENTION) and standing.since is None
        if (settled and not (standing.behind or standing.older or standing.waiting)) or away.told(standing):
            done.set()

    link = Link(store, member, clock, program, tell)
    link.start()
    try:
        done.wait(within)
    finally:
        link.stop()
    return _came(last)


def bring_center(
    store: Store,
    member: Membership,
    clock: Clock,
    program: str,
    told: Callable[[Standing], None] = lambda standing: None,
    *,
    within: float = 60.0,
) -> None:
    """Bring what a desk that was empty needs before anybody can sign in at it: its center, its people and itself.

    ``told`` hears how it goes, on the sync thread. Raises :class:`KnownError` when it does not come; the desk has
    joined all the same, and the rest comes with any later connection.
    """
    done = threading.Event()
    last: list[Standing] = []
    away = _Away()

    def tell(standing: Standing) -> None:
        last[:] = [standing]
        told(standing)
        if away.told(standing):
            done.set()

    def look(_: object) -> None:
        with store.read() as connection:
            if subjects.state(connection, DESK, store.enrolment) is not None:
                done.set()

    link = Link(store, member, clock, program, tell)
    forget = store.subscribe(look)
    link.start()
    try:
        done.wait(within)
    finally:
        link.stop()
        forget()
    with store.read() as connection:
        if subjects.state(connection, DESK, store.enrolment) is not None:
            return
    _came(last)
    raise KnownError("The server did not send the center's people in time. Try again; this desk has joined already.")


class _Away:
    """Whether to give up: a connection that could not be made is the end; one that ended is made once more."""

    def __init__(self) -> None:
        self._was_there = False
        self._forgiven: tuple[float, str] | None = None

    def told(self, standing: Standing) -> bool:
        """Hear how it goes; True when there is no use in waiting any longer."""
        if standing.since is None:
            self._was_there = True
            return False
        ended = (standing.since, standing.says)
        if self._was_there and standing.state is not State.ATTENTION:
            self._was_there = False  # a server ends a connection to begin anew, too: what the desk may read has changed
            self._forgiven = ended
        return bool(standing.says) and ended != self._forgiven


def _came(last: list[Standing]) -> Standing:
    standing = last[0] if last else Standing(State.OFFLINE, says="the server said nothing")
    if standing.since is not None:
        raise KnownError(f"Not exchanged: {standing.says} Everything waits here; nothing is lost.")
    return standing
