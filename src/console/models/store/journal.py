"""The journal in SQL: inserting entries and reading them back, in canonical order.

These statements carry a live call and a replay of a year alike, so the hot ones go to the driver as they stand.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import Connection

from console.models.store.engine import execute, execute_many
from wire.envelope import GENESIS, Entry

COLUMNS = (
    "id, journal, kind, version, subject, act, actor, device, n, made_at, offset, body, salt, digest, chain, seq, "
    "received_at"
)
INSERT = f"INSERT INTO entry ({COLUMNS}) VALUES ({', '.join('?' * 17)})"
_SELECT = f"SELECT {COLUMNS} FROM entry"
_CANONICAL = "seq IS NULL, seq, former IS NULL, former, place"
_MOST_VARIABLES = 500


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


class Held(NamedTuple):
    """What this store has of some subjects.

    ``standing`` are the entries that fold, by subject in canonical order. ``seqs`` is the ``seq`` of every entry,
    refused ones included, by the bytes of its id.
    """

    standing: dict[UUID, list[Entry]]
    seqs: dict[bytes, int | None]


def of_subjects(connection: Connection, subjects: Iterable[UUID]) -> Held:
    """Every entry of these subjects."""
    standing: dict[bytes, list[Entry]] = {}
    seqs: dict[bytes, int | None] = {}
    wanted = [subject.bytes for subject in subjects]
    for start in range(0, len(wanted), _MOST_VARIABLES):
        part = wanted[start : start + _MOST_VARIABLES]
        marks = ", ".join("?" * len(part))
        rows = execute(
            connection, f"SELECT {COLUMNS}, refused FROM entry WHERE subject IN ({marks}) ORDER BY {_CANONICAL}", part
        )
        for row in rows:
            seqs[row[0]] = row[15]
            if row[17] is None:
                its_entries = standing.get(row[4])
                if its_entries is None:
                    its_entries = standing[row[4]] = []
                its_entries.append(from_row(row))
    return Held({_uuid(subject): its_entries for subject, its_entries in standing.items()}, seqs)


def sort_canonically(entries: list[Entry]) -> None:
    """Sequenced entries by ``seq``, then the others in the order they stand: that in which this desk got them."""
    entries.sort(key=lambda entry: (entry.seq is None, entry.seq or 0))


def adopt_order(connection: Connection, entries: Sequence[Entry]) -> None:
    """Note the ``seq`` that a server gave to entries this store has already; they are refused no longer."""
    connection.exec_driver_sql(
        "UPDATE entry SET seq = ?, received_at = ?, refused = NULL WHERE id = ?",
        [(entry.seq, entry.received_at, entry.id.bytes) for entry in entries],
    )


def in_their_places(
    connection: Connection, ordered: Iterable[Entry], standing: Mapping[UUID, list[Entry]]
) -> dict[UUID, list[Entry]]:
    """What stands of the subjects of ``ordered``, with the places just adopted; each is still to be sorted.

    ``standing`` is what stood there before. Only what the store has and that did not stand, being refused, is read.
    """
    places = {entry.id: entry for entry in ordered}
    found = {subject: standing.get(subject, []) for subject in {entry.subject for entry in places.values()}}
    for its_entries in found.values():
        for index, entry in enumerate(its_entries):
            placed = places.get(entry.id) if entry.seq is None else None
            if placed is not None:
                its_entries[index] = replace(entry, seq=placed.seq, received_at=placed.received_at)
                del places[entry.id]
    return found | of_subjects(connection, {entry.subject for entry in places.values()}).standing


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
