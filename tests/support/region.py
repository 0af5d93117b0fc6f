"""A server that may be done any harm, the network in front of it, desks that share through it, and what must be true.

``saved`` is the oracle: the id of every entry that somebody was told is saved, whatever dies afterwards.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from msgspec.structs import replace

from console.models.audit import AuditRecorded
from console.models.call import CallEntered, CallMessaged
from console.models.encounter import EncounterNoted, EncounterStarted
from console.models.store import exchange
from console.models.store.desk import shipped_defaults
from console.settings import resources
from console.sync import joining
from regional import rows
from regional.database import Work
from regional.homes import open_database
from tests.regional.servers import Server
from tests.support.entries import at
from tests.support.proxy import Proxy
from tests.support.sharing import SharingDesk, until
from wire.envelope import GENESIS, Entry, body_digest, chain_value
from wire.messages import Point
from wire.order import START, link_after

ADMINISTRATION, OPERATIONS = "northside/administration", "northside/operations"
CLINICAL, AUDIT = "lakeside/clinical", "northside/audit"
DEFAULTS = shipped_defaults(resources())

Start = Callable[..., Server]


class Region:
    """Desks reach the server through ``network``, wherever it runs at the moment."""

    def __init__(self, start: Start, address: str, network: Proxy, folder: Path) -> None:
        self.network = network
        self.address = address
        self.saved: dict[UUID, str] = {}
        self.desks: list[SharingDesk] = []
        self._start = start
        self._folder = folder
        self._numbers = itertools.count()
        self.server = self.begin()

    # -- the server ----------------------------------------------------------------------------------------------------

    def begin(self, **environment: str) -> Server:
        """Start a server on the database of now."""
        self.server = self._start(self.address, **environment)
        self.network.target = ("127.0.0.1", int(self.server.url.rpartition(":")[2]))
        return self.server

    def read(self, job: Callable[[Work], Any]) -> Any:
        """Look into the server's database, beside it."""
        database = open_database(self.server.database, self.server.home)
        try:
            return database.read(job)
        finally:
            database.close()

    def write(self, statement: str, values: Iterable[Any] = ()) -> None:
        """Change the server's database behind its back."""
        database = open_database(self.server.database, self.server.home)
        try:
            database.write(lambda work: work.run(statement, list(values)))
        finally:
            database.close()

    def rewrite(self, journal: str, changed: UUID, body: str) -> None:
        """Have an entry say something else, with every digest, chain and link such that they agree with it.

        The server's process is not there meanwhile.
        """
        link, chains = START, dict[UUID, bytes]()
        for entry, _ in self.journals()[journal]:
            if entry.id == changed:
                entry = replace(entry, body=body, digest=body_digest(entry.salt, body))
            if entry.n is not None:
                entry = replace(entry, chain=chain_value(chains.get(entry.device, GENESIS), entry))
                chains[entry.device] = entry.chain or b""
            link = link_after(link, entry)
            row = [(entry.body or "").encode(), entry.digest, entry.chain, link, journal, entry.seq]
            self.write("UPDATE entry SET body = ?, digest = ?, chain = ?, link = ? WHERE journal = ? AND seq = ?", row)
        self.write("UPDATE journal SET link = ? WHERE journal = ?", [link, journal])
        for device, chain in chains.items():
            where = "WHERE journal = ? AND device = ?"
            self.write(f"UPDATE device_head SET chain = ? {where}", [chain, journal, device.bytes])

    def events(self, name: str) -> list[dict[str, Any]]:
        """What the server logged under this name."""
        return [event for event in self.server.events() if event.get("event") == name]

    # -- desks ---------------------------------------------------------------------------------------------------------

    def desk(
        self, audience: str = "clinical", *, connected: bool = True, connect: bool = True, **options: Any
    ) -> SharingDesk:
        """A desk that joined; the first one brings the center. It is connected, was so once, or never."""
        first = not self.desks
        desk = SharingDesk(self._folder / f"desk-{next(self._numbers)}", first=first, **options)
        self.desks.append(desk)
        if not connect:
            joining.join(desk.store, self.network.url, self.server.code("Northside", audience))
            return desk
        desk.join(self.network.url, self.server.code("Northside", audience))
        if not first:
            until(lambda: desk.people() == self.desks[0].people(), "the people of the center")
        if not connected:
            until(desk.settled, "rest")
            desk.stop()
        return desk

    def opened(self, home: Path, **options: Any) -> SharingDesk:
        """A desk in a home that joined already; not connected yet."""
        desk = SharingDesk(home, again=True, **options)
        self.desks.append(desk)
        return desk

    def gone(self, desk: SharingDesk) -> None:
        """This desk takes no part any more."""
        desk.close()
        self.desks.remove(desk)

    def enter(self, desk: SharingDesk, who: str, *facts: tuple[UUID, Any]) -> list[UUID]:
        """One act; what it entered counts as saved from here on."""
        ids = desk.enter(who, *facts)
        self.saved |= dict.fromkeys(ids, who)
        return ids

    def work(self, desk: SharingDesk, times: int = 1, who: str = "clinician", *, words: str = "words") -> list[UUID]:
        """Acts in one journal and in several; a clinician's reach across all that a desk writes."""
        ids = []
        for _ in range(times):
            call, encounter, number = uuid4(), uuid4(), next(self._numbers)
            ids += self.enter(desk, who, (call, CallEntered(f"26-{number}", "WELFARE CHECK", "1 Main St", at())))
            if who == "clinician":
                ids += self.enter(
                    desk,
                    who,
                    (encounter, EncounterStarted(at(), "flag", call)),
                    (call, CallMessaged(at(), f"{words} {number}")),
                    (encounter, EncounterNoted(at(), f"clinical {words}")),
                    (uuid4(), AuditRecorded(at(), "record.opened", about=call)),
                )
            else:
                ids += self.enter(desk, who, (call, CallMessaged(at(), f"{words} {number}")))
        return ids

    # -- what must be true ---------------------------------------------------------------------------------------------

    def journals(self) -> dict[str, list[tuple[Entry, bytes]]]:
        """Every journal of the server as it stands, with the links."""

        def look(work: Work) -> dict[str, list[tuple[Entry, bytes]]]:
            names = [row[0] for row in work.rows("SELECT journal FROM journal ORDER BY journal")]
            return {name: [(each.entry, each.link) for each in rows.after(work, name, 0, 10**6)] for name in names}

        found: dict[str, list[tuple[Entry, bytes]]] = self.read(look)
        return found

    def refused(self) -> set[UUID]:
        """The entries that the server keeps without a place."""
        return {UUID(bytes=row[0]) for row in self.read(lambda work: work.rows("SELECT id FROM refusal"))}

    def comes_to_rest(self) -> None:
        """Every desk is connected, has everything and has sent everything; then nothing is lost, doubled or different.

        I1, I2, I3, I5, I10, I11 and I12 of the invariants.
        """
        for desk in self.desks:
            until(partial(self._at_rest, desk), f"{desk.home.name} to settle: {desk.standing}")
        until(self._heads_reached, "every desk to reach every head")
        placed = self.check() | self.refused()
        lost = [identity for identity in self.saved if identity not in placed]
        assert not lost, f"I1: {len(lost)} of {len(self.saved)} saved entries are lost"

    @staticmethod
    def _at_rest(desk: SharingDesk) -> bool:
        return not desk.waiting() and desk.settled()

    def _heads_reached(self) -> bool:
        heads = {row[0]: Point(row[1], row[2]) for row in self.read(lambda w: w.rows("SELECT * FROM journal"))}
        for desk in self.desks:
            with desk.store.read() as connection:
                cursors = exchange.cursors(connection)
            reads = desk.standing.journals if desk.standing else {}
            if any(name in reads and cursors[name].point != head for name, head in heads.items() if name in cursors):
                return False
            if not self._at_rest(desk):
                return False
        return True

    def check(self) -> set[UUID]:
        """What is true of the server, and of what every desk holds, at any moment; returns what has a place."""
        desks = [each for desk in self.desks for each in self._held(desk)]  # first: it has no more than the server
        journals = self.journals()
        places: dict[UUID, tuple[str, int]] = {}
        for name, entries in journals.items():
            link = START
            for number, (entry, kept) in enumerate(entries, 1):
                assert entry.seq == number, f"I3: {name} has a hole in front of {entry.seq}"
                link = link_after(link, entry)
                assert link == kept, f"I10: the link of {name} at {number} proves something else"
                assert entry.id not in places, f"I2: {entry.kind} stands twice, at {places.get(entry.id)} and {name}"
                places[entry.id] = name, number
        for desk, name, cursor, own, held in desks:
            theirs = [(entry.seq, entry.id) for entry, _ in journals[name]] if name in journals else []
            assert held == theirs[cursor.floor.seq : cursor.point.seq], f"I4, I5: {desk.home.name}: {name}"
            assert own == cursor.point.link, f"I10: {desk.home.name}: {name}"
        return set(places)

    @staticmethod
    def _held(desk: SharingDesk) -> Iterator[tuple[SharingDesk, str, exchange.Cursor, bytes, list[tuple[int, UUID]]]]:
        with desk.store.read() as connection:
            for name, cursor in exchange.cursors(connection).items():
                if name == AUDIT:
                    continue
                links = exchange.links(connection, name, [cursor.point.seq])
                rows_ = connection.exec_driver_sql(
                    "SELECT seq, id FROM entry WHERE journal = ? AND seq > ? ORDER BY seq", (name, cursor.floor.seq)
                )
                held = [(row[0], UUID(bytes=row[1])) for row in rows_]
                yield desk, name, cursor, links.get(cursor.point.seq, b""), held
