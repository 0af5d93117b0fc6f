"""Entries that changed nothing and that somebody should look at: refused ones, and ones that make no sense."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from wire.envelope import from_micros


@dataclass(frozen=True, slots=True)
class Unsettled:
    """One such entry, with the reason. ``refused`` says that whoever orders its journal would not take it."""

    entry: UUID
    kind: str
    subject: UUID
    journal: str
    actor: UUID
    made_at: datetime
    reason: str
    refused: bool


def unsettled(connection: Connection, *, journal: str | None = None) -> Iterator[Unsettled]:
    """Every such entry, of one journal or of all, in the order this desk came to know them."""
    rows = connection.exec_driver_sql(
        "SELECT entry.id, kind, entry.subject, journal, actor, made_at, coalesce(refused, reason), refused IS NOT NULL "
        "FROM entry LEFT JOIN senseless ON senseless.entry = entry.id "
        "WHERE (refused IS NOT NULL OR reason IS NOT NULL) AND (journal = ? OR ? IS NULL) ORDER BY place",
        (journal, journal),
    )
    for row in rows:
        yield Unsettled(
            UUID(bytes=row[0]),
            row[1],
            UUID(bytes=row[2]),
            row[3],
            UUID(bytes=row[4]),
            from_micros(row[5]),
            row[6],
            bool(row[7]),
        )


def counts(connection: Connection) -> tuple[int, int]:
    """How many entries were refused, and how many make no sense where they stand."""
    row = connection.exec_driver_sql(
        "SELECT (SELECT count(*) FROM entry WHERE refused IS NOT NULL), (SELECT count(*) FROM senseless)"
    ).one()
    return int(row[0]), int(row[1])
