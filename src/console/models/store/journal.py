"""The journal in SQL: inserting entries and reading them back, in canonical order.

These statements carry a live call and a replay of a year alike, so the hot ones go to the driver as they stand.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from console.models.store.engine import execute, execute_many, in_parts
from wire.envelope import GENESIS, Entry
from wire.messages import Refusal

COLUMNS = (
    "id, journal, kind, version, subject, act, actor, device, n, made_at, offset, body, salt, digest, chain, seq, "
    "received_at"
)
INSERT = f"INSERT INTO entry ({COLUMNS}) VALUES ({', '.join('?' * 17)})"
_SELECT = f"SELECT {COLUMNS} FROM entry"
_CANONICAL = "seq IS NULL, seq, former IS NULL, former, place"
_FOLDS = f"(refused IS NULL OR refusal = '{Refusal.KIND.value}')"
"""A refused entry leaves the fold, but for one that the server is only too old for: it counts as what waits does."""


def to_row(entry: Entry) -> tuple[Any, ...]:
    """The entry as the values of :data:`COLUMNS`."""
    return (
        entry.id.bytes,
        entry.journal,
        entry.kind,
        entry.version,
        entry.subject.bytes,
        entry.act.bytes,
        entry.actor.bytes,
        entry.device.bytes,
        entry.n,
        entry.made_at,
        entry.offset,
        entry.body,
        entry.salt,
        entry.digest,
        entry.chain,
        entry.seq,
        entry.received_at,
    )


_uuid = lru_cache(maxsize=16_384)(lambda value: UUID(bytes=value))
"""The id with these bytes. The entries of a call under work are read again at each act, and share most of their ids."""


def from_row(row: Sequence[Any]) -> Entry:
    """The entry whose values of :data:`COLUMNS` these are."""
    return Entry(
        id=_uuid(row[0]),
        journal=row[1],
        kind=row[2],
        version=row[3],
        subject=_uuid(row[4]),
        act=_uuid(row[5]),
        actor=_uuid(row[6]),
        device=_uuid(row[7]),
        n=row[8],
        made_at=row[9],
        offset=row[10],
        body=row[11],
        salt=row[12],
        digest=row[13],
        chain=row[14],
        seq=row[15],
        received_at=row[16],
    )


def insert(connection: Connection, entries: Sequence[Entry]) -> None:
    """Append entries, in this order. Raises the driver's IntegrityError for an id or a count that is taken."""
    if entries:
        execute_many(connection, INSERT, [to_row(entry) for entry in entries])


def of_subjects(connection: Connection, subjects: Iterable[UUID]) -> dict[UUID, list[Entry]]:
    """The entries of these subjects that fold, in canonical order; a subject without any is left out."""
    standing: dict[UUID, list[Entry]] = {}
    for part, marks in in_parts(subjects):
        query = f"SELECT {COLUMNS} FROM entry WHERE subject IN ({marks}) AND {_FOLDS} ORDER BY {_CANONICAL}"
        for row in execute(connection, query, part):
            standing.setdefault(_uuid(row[4]), []).append(from_row(row))
    return standing


def places(connection: Connection, entries: Iterable[UUID]) -> dict[bytes, tuple[int, int | None]]:
    """The place and the ``seq`` of those of ``entries`` that are here, by the bytes of their ids."""
    found: dict[bytes, tuple[int, int | None]] = {}
    for part, marks in in_parts(entries):
        rows = execute(connection, f"SELECT id, place, seq FROM entry WHERE id IN ({marks})", part)
        found |= {identity: (place, seq) for identity, place, seq in rows}
    return found


class Standing(NamedTuple):
    """What the store has of a subject: the last ``seq``, 0 for none, and what stands behind it, in canonical order."""

    last: int
    waiting: tuple[bytes, ...] = ()


def standing(connection: Connection, subjects: Iterable[UUID]) -> dict[UUID, Standing]:
    """How the order of these subjects ends; those of which nothing is here are left out."""
    found: dict[UUID, Standing] = {}
    some_wait: list[UUID] = []
    for part, marks in in_parts(subjects):
        query = (
            "SELECT subject, coalesce(max(seq), 0), max(seq IS NULL AND " + _FOLDS + ") FROM entry "
            f"WHERE subject IN ({marks}) GROUP BY subject"
        )
        for subject, last, waits in execute(connection, query, part):
            found[_uuid(subject)] = Standing(last)
            if waits:
                some_wait.append(_uuid(subject))
    for part, marks in in_parts(some_wait):
        query = (
            f"SELECT subject, id FROM entry WHERE subject IN ({marks}) AND seq IS NULL AND {_FOLDS} "
            f"ORDER BY {_CANONICAL}"
        )
        for subject, identity in execute(connection, query, part):
            its = found[_uuid(subject)]
            found[_uuid(subject)] = its._replace(waiting=(*its.waiting, identity))
    return found


def adopt_order(connection: Connection, ordered: Iterable[tuple[int, Entry]]) -> None:
    """Note the ``seq`` that a server gave to entries this store has in these places; they are refused no longer."""
    execute_many(
        connection,
        "UPDATE entry SET seq = ?, received_at = ?, refused = NULL WHERE place = ?",
        [(entry.seq, entry.received_at, place) for place, entry in ordered],
    )


def set_refused(connection: Connection, entry: UUID, reason: str | None, code: str = "") -> UUID | None:
    """Note why a server would not order an entry, in words and by code, or None once it is offered again.

    Returns its subject.

    None for an entry that is not here, that has its ``seq``, or of which nothing changes.
    """
    row = connection.exec_driver_sql(
        "UPDATE entry SET refused = ?, refusal = ? WHERE id = ? AND seq IS NULL AND refused IS NOT ? RETURNING subject",
        (reason, code or None, entry.bytes, reason),
    ).first()
    return UUID(bytes=row[0]) if row else None


def last_of_device(connection: Connection, journal: str, device: UUID) -> tuple[int, bytes]:
    """The count and chain value of this device's last entry in ``journal``; (0, GENESIS) before its first."""
    row = execute(
        connection,
        "SELECT n, chain FROM entry WHERE journal = ? AND device = ? AND n IS NOT NULL ORDER BY n DESC LIMIT 1",
        (journal, device.bytes),
    ).fetchone()
    return (row[0], row[1]) if row else (0, GENESIS)


def chains(connection: Connection) -> Iterator[Entry]:
    """Every entry, per journal and device in ``n`` order: what :func:`wire.envelope.verify_chain` reads."""
    for row in connection.exec_driver_sql(f"{_SELECT} ORDER BY journal, device, n, place"):
        yield from_row(row)


def in_order(connection: Connection) -> Iterator[tuple[Entry, str | None]]:
    """Every entry of every journal, each journal in canonical order, with the reason if it was refused."""
    for row in connection.exec_driver_sql(f"SELECT {COLUMNS}, refused FROM entry ORDER BY journal, {_CANONICAL}"):
        yield from_row(row), row[17]


def count(connection: Connection) -> int:
    """How many entries there are."""
    return int(connection.exec_driver_sql("SELECT count(*) FROM entry").scalar_one())


def is_empty(connection: Connection) -> bool:
    """Whether nothing was ever entered here."""
    return execute(connection, "SELECT 1 FROM entry LIMIT 1").fetchone() is None
