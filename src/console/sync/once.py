"""One exchange with the server, to its end: for commands."""

import threading

from console.clock import Clock
from console.errors import KnownError
from console.models.store.store import Store
from console.sync.events import Standing, State
from console.sync.link import Link
from console.sync.membership import Membership


def exchange_once(store: Store, member: Membership, clock: Clock, program: str, *, within: float = 600.0) -> Standing:
    """Push and pull to the head, then stop. Raises :class:`KnownError` when the server cannot be reached.

    ``within`` are seconds after which it says how far it came.
    """
    done = threading.Event()
    last: list[Standing] = []

    def tell(standing: Standing) -> None:
        last[:] = [standing]
        settled = standing.state in (State.LIVE, State.ATTENTION) and standing.since is None
        if (settled and not (standing.behind or standing.older or standing.waiting)) or standing.says:
            done.set()

    link = Link(store, member, clock, program, tell)
    link.start()
    try:
        done.wait(within)
    finally:
        link.stop()
    standing = last[0] if last else Standing(State.OFFLINE, says="the server said nothing")
    if standing.since is not None:
        raise KnownError(f"Not exchanged: {standing.says} Everything waits here; nothing is lost.")
    return standing
