"""Stores for benchmarks, and the bare driver that does the same work with the same rows and nothing else."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from console.actions.acting import acting
from console.clock import SystemClock
from console.models.changes import Changes
from console.models.sign_in import SignIn
from console.models.store import engine as engines
from console.models.store import journal, record
from console.models.store.desk import Desk, shipped_defaults
from console.models.store.store import Store
from console.settings import resources
from wire.administration import DeskEnrolled, UserAdded
from wire.journals import Audience, user_id
from wire.permissions import Role

KEY = bytes(range(32))
CENTER = "bench"

Rows = list[tuple[Any, ...]]


def new_desk(home: Path) -> Desk:
    """A desk of its own with a dispatcher and a clinician."""
    store = Store.create(home, KEY)
    zone = ZoneInfo("America/Los_Angeles")
    desk = Desk(store, SystemClock(), CENTER, "Bench", CENTER, zone.key, shipped_defaults(resources()))
    administrator = SignIn(user_id(CENTER, "admin"), "admin", "Admin", frozenset({Role.ADMINISTRATOR}))
    with acting(desk, administrator) as act:
        act.add(desk.enrolment, DeskEnrolled(act.now, "A", (Audience.OPERATIONS,)))
        for role in (Role.DISPATCHER, Role.CLINICIAN):
            act.add(user_id(CENTER, role), UserAdded(act.now, role, role.title(), (role,)))
    return desk


def sign_in(role: Role) -> SignIn:
    """Somebody with this role at :func:`new_desk`."""
    return SignIn(user_id(CENTER, role), role, role.title(), frozenset({role}))


class Written:
    """The rows of one commit: those of the journal, and those of the record by table."""

    def __init__(self, entries: Rows, rows: dict[str, Rows]) -> None:
        self.entries = entries
        self.rows = rows


def written_by(store: Store, changes: Changes) -> Written:
    """What a commit wrote, read back from the store."""
    rows: dict[str, Rows] = {}
    with store.read() as connection:
        entries = _rows(connection, f"SELECT {journal.COLUMNS} FROM entry WHERE id IN (", changes.entries)
        for name in {name for name, _ in changes.subjects}:
            columns = ", ".join(f'"{column}"' for column in record.columns_of(name))
            rows[name] = _rows(connection, f'SELECT {columns} FROM "{name}" WHERE subject IN (', changes.of(name))
    return Written(entries, rows)


def _rows(connection: Any, select: str, ids: Any) -> Rows:
    values = tuple(each.bytes for each in ids)
    found = connection.exec_driver_sql(f"{select}{', '.join('?' * len(values))})", values)
    return [tuple(row) for row in found]


class BareDriver:
    """``sqlcipher3`` on a file of the same tables, with the same settings, writing rows that somebody else made."""

    def __init__(self, home: Path) -> None:
        Store.create(home, KEY).close()
        self._connection = engines.connect(home / engines.DATABASE, KEY, cache_kib=engines.WRITER_CACHE_KIB)
        self._insert = journal.INSERT
        self._upserts = {name: record.upsert(name) for name in record.PROJECTIONS}

    def write(self, written: Written) -> None:
        """One commit of exactly these rows."""
        execute, executemany = self._connection.execute, self._connection.executemany
        execute("BEGIN IMMEDIATE")
        executemany(self._insert, written.entries)
        for name, rows in written.rows.items():
            executemany(self._upserts[name], rows)
        execute("COMMIT")

    def write_all(self, commits: Sequence[Written]) -> None:
        """One commit after the other."""
        for written in commits:
            self.write(written)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
