"""Desks that share, for benchmarks: real stores, the real sync thread, one center."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from msgspec.structs import replace as with_members

from benchmarks.servers import Server
from benchmarks.stores import CENTER, KEY
from console.actions.acting import acting
from console.clock import SystemClock
from console.models.call import CallClaimed, CallEntered, CallFlagged, CallMessaged
from console.models.sign_in import SignIn
from console.models.store import outbox
from console.models.store.desk import Desk, shipped_defaults
from console.models.store.journal import last_of_device
from console.models.store.store import Store
from console.settings import resources
from console.sync import joining
from console.sync.events import Standing, State
from console.sync.link import Link
from console.sync.membership import membership
from wire.administration import DeskEnrolled, OrganizationFounded, UserAdded
from wire.envelope import GENESIS, Entry, body_digest, chain_value, from_micros, micros, new_salt, uuid7
from wire.fold import Body
from wire.journals import Audience, derived_id, journal_name, user_id
from wire.permissions import Role

PATIENCE = 120.0
"""Seconds after which what did not come is called lost."""
ENTRIES_A_CALL = 10
OPERATIONS = journal_name(CENTER, Audience.OPERATIONS)
_LINES = (
    "Unit is two minutes out and asks for the best door to use. The sister waits at the corner with a key.",
    "He is calmer now and sits on the stairs. He agreed to keep talking until somebody he knows is there.",
    "No weapon seen by anybody on scene; there is a kitchen knife in the sink, the neighbor took the others away.",
    "He says that he has not slept since Thursday and that he stopped his medication three weeks ago.",
    "Asked for no lights and no sirens; the last visit went badly because of the noise, says the mother.",
    "Mobile crisis team can be there in forty minutes. Please tell the unit to wait with the sister until then.",
    "Line was lost for a minute; he called back by himself from the same number and apologized.",
)


def person(role: Role) -> SignIn:
    """Somebody with this role."""
    return SignIn(user_id(CENTER, role), role, role.title(), frozenset({role}))


class SharingDesk:
    """A desk that joins a server; :meth:`connect` and :meth:`disconnect` as often as wanted."""

    def __init__(self, home: Path, *, first: bool = False) -> None:
        self.store = Store.create(home, KEY)
        defaults = shipped_defaults(resources())
        self.desk = Desk(self.store, SystemClock(), CENTER, "Bench", CENTER, "America/Los_Angeles", defaults)
        self._link: Link | None = None
        self._standing: Standing | None = None
        self._told = threading.Event()
        if first:
            self._found()

    def _found(self) -> None:
        with acting(self.desk, person(Role.ADMINISTRATOR)) as act:
            founded = OrganizationFounded(act.now, "Bench", CENTER, CENTER, self.desk.zone_name)
            act.add(derived_id("organization", CENTER), founded)
            both = (Audience.OPERATIONS, Audience.CLINICAL)
            act.add(self.desk.enrolment, DeskEnrolled(act.now, "A", both))
            for role in (Role.ADMINISTRATOR, Role.DISPATCHER, Role.CLINICIAN):
                act.add(person(role).user, UserAdded(act.now, role, role.title(), (role,)))

    def join(self, url: str, code: str) -> "SharingDesk":
        """Belong to a server, without connecting."""
        joining.join(self.store, url, code)
        return self

    def connect(self) -> "SharingDesk":
        """Connect and stay connected."""
        with self.store.read() as connection:
            member = membership(connection)
        assert member is not None
        self._link = Link(self.store, member, self.desk.clock, "benchmark", self._tell)
        self._link.start()
        return self

    def disconnect(self) -> None:
        """End the connection."""
        link, self._link = self._link, None
        if link is not None:
            link.stop()

    def close(self) -> None:
        """End everything."""
        self.disconnect()
        self.store.close()

    def _tell(self, standing: Standing) -> None:
        self._standing = standing
        self._told.set()

    def wait_until_settled(self, entries: int = 0) -> None:
        """Until everything is exchanged, and at least ``entries`` are held of the operations journal."""

        def settled() -> bool:
            standing = self._standing
            if standing is None or standing.refused:
                assert standing is None, f"{standing.refused} entries were refused"
                return False
            cursor = standing.journals.get(OPERATIONS)
            held = 0 if cursor is None else cursor.point.seq - cursor.floor.seq
            quiet = replace(standing, offset=None, journals={}, says="") == Standing(State.LIVE)
            return quiet and held >= entries and not self.waiting()

        give_up = time.monotonic() + PATIENCE
        while not settled():
            if not self._told.wait(give_up - time.monotonic()):
                raise RuntimeError(f"not exchanged within {PATIENCE} s: {self._standing}")
            self._told.clear()

    def waiting(self) -> int:
        """How many entries wait to be sent."""
        with self.store.read() as connection:
            return outbox.count(connection)


@contextmanager
def first_desk(home: Path, server: Server) -> Iterator[SharingDesk]:
    """The desk that brings its center to the server, with one call; connected, and everything exchanged."""
    desk = SharingDesk(home, first=True).join(server.url, server.code(CENTER))
    try:
        with acting(desk.desk, person(Role.DISPATCHER)) as act:
            act.add(uuid7(), CallEntered("17-0", "WELFARE CHECK", "1 ELM ST", act.now))
        desk.connect().wait_until_settled(1)
        yield desk
    finally:
        desk.close()


class Hand:
    """Entries as one device writes them, one after the other, without a store: counted and chained."""

    def __init__(self, device: UUID, n: int = 0, chain: bytes = GENESIS) -> None:
        self._device, self._n, self._chain = device, n, chain

    def write(self, actor: UUID, subject: UUID, body: Body, made_at: int) -> Entry:
        """The next entry of the operations journal, an act of its own."""
        self._n += 1
        identity, text, salt = uuid7(), body.as_json(), new_salt()
        entry = Entry(
            id=identity,
            journal=OPERATIONS,
            kind=body.KIND,
            version=body.VERSION,
            subject=subject,
            act=identity,
            actor=actor,
            device=self._device,
            n=self._n,
            made_at=made_at,
            offset=None,
            body=text,
            salt=salt,
            digest=body_digest(salt, text),
            chain=None,
        )
        self._chain = chain_value(self._chain, entry)
        return with_members(entry, chain=self._chain)


def calls_under_way(hand: Hand, count: int, now: int) -> Iterator[Entry]:
    """``count`` entries of calls with :data:`ENTRIES_A_CALL` each, eight calls at work at the same time."""
    dispatcher, clinician = person(Role.DISPATCHER).user, person(Role.CLINICIAN).user
    made = 0
    while made < count:
        at_work = [uuid7() for _ in range(8)]
        for nth in range(ENTRIES_A_CALL):
            for call in at_work[: count - made]:
                made += 1
                actor = dispatcher if nth in (0, 1) or nth % 2 else clinician
                yield hand.write(actor, call, _said(nth, made, now + made), now + made)


def _said(nth: int, made: int, now: int) -> Body:
    at = from_micros(now) - timedelta(hours=2)
    steps: dict[int, Callable[[], Body]] = {
        0: lambda: CallEntered(f"17-{made}", "WELFARE CHECK", "1200 BLOCK OF E PIKE ST", at, "alone"),
        1: lambda: CallFlagged("suicidal", at, "caller says he has said goodbye to his family"),
        2: lambda: CallClaimed(at),
    }
    step = steps.get(nth)
    return step() if step is not None else CallMessaged(at, _LINES[made % len(_LINES)])


def work_alone(desk: SharingDesk, count: int) -> list[Entry]:
    """``count`` entries of a desk that is not connected, as a shift leaves them: they wait to be sent."""
    with desk.store.read() as connection:
        head = last_of_device(connection, OPERATIONS, desk.store.device)
    now = micros(desk.desk.clock.now())
    entries = list(calls_under_way(Hand(desk.store.device, *head), count, now))
    for start in range(0, count, 1_000):
        desk.store.append(entries[start : start + 1_000])
    return entries
