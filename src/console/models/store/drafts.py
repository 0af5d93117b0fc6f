"""Words typed but not yet entered: kept encrypted under their author, so that no crash takes them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from wire.envelope import from_micros, micros


@dataclass(frozen=True, slots=True)
class Draft:
    """What an author last typed into one field. ``subject`` is what the field is about."""

    name: str
    subject: UUID | None
    text: str
    saved_at: datetime


def keep(connection: Connection, author: UUID, name: str, subject: UUID | None, text: str, at: datetime) -> None:
    """Keep what the field holds now; an empty text discards the draft."""
    if not text:
        discard(connection, author, name)
        return
    connection.exec_driver_sql(
        "INSERT INTO draft (author, name, subject, text, saved_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (author, name) DO UPDATE SET subject = excluded.subject, text = excluded.text, "
        "saved_at = excluded.saved_at",
        (author.bytes, name, subject.bytes if subject else None, text, micros(at)),
    )


def discard(connection: Connection, author: UUID, name: str) -> None:
    """The words became an entry, or the author emptied the field."""
    connection.exec_driver_sql("DELETE FROM draft WHERE author = ? AND name = ?", (author.bytes, name))


def of_author(connection: Connection, author: UUID) -> tuple[Draft, ...]:
    """Every draft of one person, newest first."""
    rows = connection.exec_driver_sql(
        "SELECT name, subject, text, saved_at FROM draft WHERE author = ? ORDER BY saved_at DESC", (author.bytes,)
    )
    return tuple(Draft(row[0], UUID(bytes=row[1]) if row[1] else None, row[2], from_micros(row[3])) for row in rows)
