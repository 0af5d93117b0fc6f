"""Readers about calls: the open ones, the recent ones, one by what people call it."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Connection

from console.models.call_fold import CALL
from console.models.call_state import CallState
from console.models.store import subjects
from console.models.store.record import OPEN

Reading = Connection
RECENT = 200
"""How many calls the recent view shows, newest first."""


def open_calls(connection: Connection) -> Iterator[tuple[UUID, CallState]]:
    """Every call that still asks for somebody, oldest first."""
    yield from _read(connection, "WHERE open AND open = ? ORDER BY opened_at", (OPEN,))


def calls_with_alerts(connection: Connection) -> Iterator[tuple[UUID, CallState]]:
    """Every call on which an alert may stand, oldest first: the open ones, and ended ones with something unread."""
    yield from _read(connection, "WHERE open ORDER BY opened_at", ())


def recent_calls(connection: Connection) -> Iterator[tuple[UUID, CallState]]:
    """The calls that CAD or a clinician touched last, newest first, open or not."""
    yield from _read(connection, "ORDER BY touched_at DESC LIMIT ?", (RECENT,))


def every_call(connection: Connection) -> Iterator[tuple[UUID, CallState]]:
    """Every call, oldest first."""
    yield from _read(connection, "WHERE opened_at ORDER BY opened_at", ())


def flagged_calls(connection: Connection) -> Iterator[tuple[UUID, CallState]]:
    """Every call with a flag that is not disposed, oldest flag first."""
    yield from _read(connection, "WHERE open AND flagged_at IS NOT NULL ORDER BY flagged_at", ())


def by_number(connection: Connection, number: str) -> list[UUID]:
    """The calls with this incident number, newest first."""
    rows = connection.exec_driver_sql(
        "SELECT subject FROM call WHERE number = ? ORDER BY opened_at DESC", (number.strip(),)
    )
    return [UUID(bytes=row[0]) for row in rows]


def by_id_prefix(connection: Connection, prefix: str) -> list[UUID]:
    """The calls whose id begins with these hexadecimal digits (at most three are looked for)."""
    rows = connection.exec_driver_sql(
        "SELECT subject FROM call WHERE lower(hex(subject)) LIKE ? LIMIT 3", (f"{prefix.lower().replace('-', '')}%",)
    )
    return [UUID(bytes=row[0]) for row in rows]


def counts(connection: Connection) -> tuple[int, int, int]:
    """How many calls are open, how many of them flagged, and how many there are at all."""
    row = connection.exec_driver_sql(
        "SELECT (SELECT count(*) FROM call WHERE open AND open = ?), "
        "(SELECT count(*) FROM call WHERE open AND flagged_at IS NOT NULL), (SELECT count(*) FROM call)",
        (OPEN,),
    ).one()
    return int(row[0]), int(row[1]), int(row[2])


def _read(connection: Connection, rest: str, values: tuple[int, ...]) -> Iterator[tuple[UUID, CallState]]:
    for row in connection.exec_driver_sql(f"SELECT subject, state FROM call {rest}", values):
        yield UUID(bytes=row[0]), subjects.decode(CALL, row[1])
