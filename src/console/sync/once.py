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

PATIENCE = 3.0
"""Seconds without a connection after which a single exchange gives up."""
STANDS_STILL = 15.0
"""Seconds without progress after which what needs a person is left to one."""
_LOOK = 0.1


def exchange_once(store: Store, member: Membership, clock: Clock, program: str, *, within: float = 600.0) -> Standing:
    """Push and pull to the head, then stop. Raises :class:`KnownError` when the server cannot be reached.

    ``within`` are seconds after which it says how far it came.
    """
    done = threading.Event()
    last: list[Standing] = []
    away = _Away(clock)

    def tell(standing: Standing) -> None:
        if done.is_set():  # a look that begins while the link is being closed is nobody's any more
            return
        last[:] = [standing]
        away.tell(standing)
        settled = standing.state in (State.LIVE, State.ATTENTION) and standing.since is None
        if settled and not (standing.behind or standing.older or standing.waiting):
            done.set()

    link = Link(store, member, clock, program, tell)
    link.start()
    try:
        _wait(done, away, clock, within)
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
    away = _Away(clock)

    def tell(standing: Standing) -> None:
        last[:] = [standing]
        told(standing)
        away.tell(standing)

    def look(_: object) -> None:
        with store.read() as connection:
            if subjects.state(connection, DESK, store.enrolment) is not None:
                done.set()

    link = Link(store, member, clock, program, tell)
    forget = store.subscribe(look)
    link.start()
    try:
        _wait(done, away, clock, within)
    finally:
        link.stop()
        forget()
    with store.read() as connection:
        if subjects.state(connection, DESK, store.enrolment) is not None:
            return
    _came(last)
    raise KnownError("The server did not send the center's people in time. Try again; this desk has joined already.")


class _Away:
    """Whether to give up: at once where a person has to do something, else when the connection stays away for long.

    A server ends a connection to begin anew, too: when what the desk may read has changed.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._since: float | None = None
        self._stuck_since: float | None = None
        self._left: tuple[int, ...] = ()
        self._final = False

    def tell(self, standing: Standing) -> None:
        """Hear how it goes."""
        stuck = standing.state is State.ATTENTION and standing.since is None and bool(standing.says)
        left = (standing.waiting, standing.behind, standing.older)
        if left != self._left or stuck is (self._stuck_since is None):
            self._stuck_since = self._clock.monotonic() if stuck else None
        self._left = left
        if standing.since is None:
            self._since = None
        elif standing.says:
            self._since = self._clock.monotonic() if self._since is None else self._since
            self._final = standing.state is State.ATTENTION

    @property
    def for_good(self) -> bool:
        """Whether there is no use in waiting any longer."""
        now = self._clock.monotonic()
        if self._stuck_since is not None and now - self._stuck_since > STANDS_STILL:
            return True
        return self._final or (self._since is not None and now - self._since > PATIENCE)


def _wait(done: threading.Event, away: _Away, clock: Clock, within: float) -> None:
    """Until it is done, or there is no use in waiting."""
    give_up = clock.monotonic() + within
    while not done.wait(_LOOK) and not away.for_good and clock.monotonic() < give_up:
        pass


def _came(last: list[Standing]) -> Standing:
    standing = last[0] if last else Standing(State.OFFLINE, says="the server said nothing")
    if standing.since is not None:
        raise KnownError(f"Not exchanged: {standing.says} Everything waits here; nothing is lost.")
    return standing
