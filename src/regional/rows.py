"""Entries as rows, both ways."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from regional.database import Work
from wire.envelope import Entry
from wire.order import Link

COLUMNS = (
    'journal, seq, id, kind, version, subject, act, actor, device, n, made_at, "offset", body, salt, digest, chain, '
    "received_at, link"
)


class Placed(NamedTuple):
    """An entry that has its place, and the link there."""

    entry: Entry
    link: Link


def to_row(entry: Entry, link: Link) -> tuple[Any, ...]:
    """The entry as the values of :data:`COLUMNS`."""
    return (
        entry.journal,
        entry.seq,
        entry.id.bytes,
        entry.kind,
        entry.version,
        entry.subject.bytes,
        entry.act.bytes,
        entry.actor.bytes,
        entry.device.bytes,
        entry.n,
        entry.made_at,
        entry.offset,
        None if entry.body is None else entry.body.encode(),
        entry.salt,
        entry.digest,
        entry.chain,
        entry.received_at,
        link,
    )


_uuid = lru_cache(maxsize=65_536)(lambda value: UUID(bytes=value))


def from_row(row: Sequence[Any]) -> Placed:
    """The entry and the link whose values of :data:`COLUMNS` these are."""
    body = row[12]
    entry = Entry(
        journal=row[0],
        seq=row[1],
        id=UUID(bytes=row[2]),
        kind=row[3],
        version=row[4],
        subject=_uuid(row[5]),
        act=_uuid(row[6]),
        actor=_uuid(row[7]),
        device=_uuid(row[8]),
        n=row[9],
        made_at=row[10],
        offset=row[11],
        body=None if body is None else body.decode(),
        salt=row[13],
        digest=row[14],
        chain=row[15],
        received_at=row[16],
    )
    return Placed(entry, row[17])


def placed(work: Work, journals: Iterable[str], ids: Iterable[UUID]) -> dict[UUID, Placed]:
    """Those of ``ids`` that have a place in one of ``journals``."""
    in_journals, names = work.within("journal", journals)
    found: dict[UUID, Placed] = {}
    for part in _parts([each.bytes for each in ids]):
        in_ids, wanted = work.within("id", part)
        for row in work.rows(f"SELECT {COLUMNS} FROM entry WHERE {in_journals} AND {in_ids}", [*names, *wanted]):
            one = from_row(row)
            found[one.entry.id] = one
    return found


def _parts(values: list[bytes]) -> Iterable[list[bytes]]:
    for start in range(0, len(values), 1_000):
        yield values[start : start + 1_000]


def after(work: Work, journal: str, seq: int, limit: int) -> list[Placed]:
    """At most ``limit`` entries behind ``seq``, in order."""
    rows = work.rows(
        f"SELECT {COLUMNS} FROM entry WHERE journal = ? AND seq > ? ORDER BY seq LIMIT ?", (journal, seq, limit)
    )
    return [from_row(row) for row in rows]
