"""Desks that share through a real server: real stores, the real sync thread, and waiting for what must come."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from console.actions.acting import acting
from console.clock import Clock, SystemClock
from console.models.store import exchange, outbox
from console.models.store.desk import Desk, shipped_defaults
from console.models.store.store import Store
from console.settings import resources
from console.sync import joining
from console.sync.events import Standing, State
from console.sync.link import Link
from console.sync.membership import Membership, as_text, membership
from tests.support.desk import KEY, PROVIDER, founded_home, person
from tests.support.entries import CENTER
from wire.fold import Body

PATIENCE = 40.0
"""Seconds after which what did not come is called lost."""


_PAUSE = threading.Event()  # never set: it only makes a busy loop a patient one


class SharingDesk:
    """One desk: a home that joined a server, and, between :meth:`start` and :meth:`stop`, its sync thread."""

    def __init__(self, home: Path, *, first: bool = False, again: bool = False, clock: Clock | None = None) -> None:
        self.home = home
        self.clock = clock or SystemClock()
        if again:  # a home that joined already
            self.store = Store.open(home, KEY)
        else:
            self.store = Store.open(founded_home(home), KEY) if first else Store.create(home, KEY)
        self.link: Link | None = None
        self.standing: Standing | None = None

    @property
    def desk(self) -> Desk:
        """What actions and queries take."""
        defaults = shipped_defaults(resources())
        return Desk(self.store, self.clock, CENTER, "Northside 911", PROVIDER, "America/Chicago", defaults)

    def join(self, url: str, code: str) -> "SharingDesk":
        """Belong to the server, and connect."""
        joining.join(self.store, url, code)
        return self.start()

    def move(self, url: str) -> None:
        """The server answers at another address from now on."""
        with self.store.write() as transaction:
            kept = membership(transaction.connection)
            assert kept is not None
            text = as_text(Membership(url, kept.key, kept.authority))
            transaction.connection.exec_driver_sql("UPDATE home SET value = ? WHERE name = ?", (text, exchange.SHARES))

    def start(self) -> "SharingDesk":
        """Connect, and stay connected."""
        with self.store.read() as connection:
            member = membership(connection)
        assert member is not None
        self.standing = None  # what the link before this one said is not how it stands
        self.link = Link(self.store, member, self.clock, "test", self._tell)
        self.link.start()
        return self

    def stop(self) -> None:
        """Disconnect."""
        link, self.link = self.link, None
        if link is not None:
            link.stop()

    def close(self) -> None:
        """Disconnect and close the store."""
        self.stop()
        self.store.close()

    def _tell(self, standing: Standing) -> None:
        self.standing = standing

    # -- people --------------------------------------------------------------------------------------------------------

    def enter(self, who: str, *facts: tuple[UUID, Body]) -> list[UUID]:
        """One act of a person; the ids of its entries, all of them saved."""
        with acting(self.desk, person(who)) as act:
            return [act.add(subject, body) for subject, body in facts]

    # -- what there is -------------------------------------------------------------------------------------------------

    def holds(self, *entries: UUID) -> bool:
        """Whether all of these are here, each with its place in the server's order."""
        with self.store.read() as connection:
            return all(
                connection.exec_driver_sql(
                    "SELECT 1 FROM entry WHERE id = ? AND seq IS NOT NULL", (entry.bytes,)
                ).first()
                for entry in entries
            )

    def order(self, journal: str) -> list[tuple[int, UUID]]:
        """The server's order of a journal, as far as it is held here."""
        with self.store.read() as connection:
            rows = connection.exec_driver_sql(
                "SELECT seq, id FROM entry WHERE journal = ? AND seq IS NOT NULL ORDER BY seq", (journal,)
            ).all()
        return [(row[0], UUID(bytes=row[1])) for row in rows]

    def people(self) -> int:
        """How many people are known here."""
        with self.store.read() as connection:
            return int(connection.exec_driver_sql('SELECT count(*) FROM "user"').scalar_one())

    def waiting(self) -> int:
        """How many entries are still to be sent."""
        with self.store.read() as connection:
            return outbox.count(connection)

    def refused(self) -> list[tuple[UUID, str, str]]:
        """Refused entries, with the code and the sentence."""
        with self.store.read() as connection:
            rows = connection.exec_driver_sql("SELECT id, refusal, refused FROM entry WHERE refused IS NOT NULL").all()
        return [(UUID(bytes=row[0]), row[1], row[2]) for row in rows]

    def settled(self) -> bool:
        """Whether the link says that all is exchanged."""
        standing = self.standing
        return (
            standing is not None
            and standing.state in (State.LIVE, State.ATTENTION)
            and replace(standing, state=State.LIVE, refused=0, offset=None, journals={}, says="")
            == Standing(State.LIVE)
        )


def until(condition: Callable[[], Any], what: str = "it") -> None:
    """Wait for a condition; fail when it does not come."""
    give_up = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < give_up, f"waited {PATIENCE} s for {what}"
        _PAUSE.wait(0.01)
