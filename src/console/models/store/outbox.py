"""What this desk still has to send: its own entries, and those of others that a server lost.

Only a desk that shares keeps an outbox: it is filled when sharing begins, and every entry that is appended without a
place in its journal's order goes into it. An entry leaves it when it gets its ``seq``, or is refused.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from console.models.store.engine import execute, execute_many
from console.models.store.journal import COLUMNS, from_row
from wire.envelope import Entry

# What a server lost goes to it with the place it had: that tells that its author had the right to write it once.
_COLUMNS = ", ".join(f"entry.{name.strip()}" for name in COLUMNS.split(",")).replace("entry.seq", "entry.former")
_WAITING = f"SELECT entry.place, {_COLUMNS} FROM outbox JOIN entry USING (place) WHERE entry.place > ?"


class Batch(NamedTuple):
    """Whole acts that wait, in the order they were made; ``last`` is the place of the last of them.

    ``left`` counts what waits behind ``last``.
    """

    entries: tuple[Entry, ...]
    last: int
    left: int


class Unsent(NamedTuple):
    """What one transaction put behind everything that waited: whole acts.

    ``last`` is the place of the last of them, ``before`` that of the last that waited already.
    """

    entries: tuple[Entry, ...]
    last: int
    before: int


def fill(connection: Connection) -> None:
    """Everything without a place in an order is to be sent, unless it was refused.

    What a source wrote and this desk dropped is left to desks that hold it: no device's count has a gap without it.
    """
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO outbox (place) SELECT place FROM entry "
        "WHERE seq IS NULL AND refused IS NULL AND (n IS NOT NULL OR body IS NOT NULL)"
    )


def add(connection: Connection, places: Iterable[int]) -> None:
    """What was appended in these places is to be sent."""
    execute_many(connection, "INSERT INTO outbox (place) VALUES (?)", [(place,) for place in places])


def fill_one(connection: Connection, entry: UUID) -> None:
    """Put an entry in or take it out, whichever its state asks for: it was refused, or is offered again."""
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO outbox (place) SELECT place FROM entry WHERE id = ? AND seq IS NULL AND refused IS NULL",
        (entry.bytes,),
    )
    connection.exec_driver_sql(
        "DELETE FROM outbox WHERE place IN (SELECT place FROM entry WHERE id = ? AND refused IS NOT NULL)",
        (entry.bytes,),
    )


def last_places(connection: Connection) -> tuple[int, int]:
    """The place of the last entry of the store, and of the last that waits; 0 where there is none."""
    query = "SELECT coalesce((SELECT max(place) FROM entry), 0), coalesce((SELECT max(place) FROM outbox), 0)"
    last, waits = execute(connection, query).fetchone()
    return int(last), int(waits)


def take_out(connection: Connection, places: Iterable[int]) -> None:
    """These have their place in an order by now."""
    execute_many(connection, "DELETE FROM outbox WHERE place = ?", [(place,) for place in places])


def count(connection: Connection) -> int:
    """How many entries wait."""
    return int(execute(connection, "SELECT count(*) FROM outbox").fetchone()[0])


def all_have_places(connection: Connection) -> bool:
    """Whether every entry of this desk, which shares, has its place in an order: none waits, none was refused."""
    unplaced = "SELECT 1 FROM outbox UNION ALL SELECT 1 FROM entry WHERE refused IS NOT NULL LIMIT 1"
    return execute(connection, unplaced).fetchone() is None


def subjects(connection: Connection, journal: str) -> set[UUID]:
    """What the entries of this journal that wait are about."""
    query = "SELECT DISTINCT subject FROM outbox CROSS JOIN entry USING (place) WHERE journal = ?"
    return {UUID(bytes=row[0]) for row in execute(connection, query, (journal,))}


def kinds(connection: Connection, wanted: Sequence[str], subject: UUID | None = None) -> dict[UUID, set[str]]:
    """By subject (or of one), which of these kinds wait; not what had a place once and was lost by the server."""
    marks = ", ".join("?" * len(wanted))
    if subject is None:
        rows = connection.exec_driver_sql(
            "SELECT DISTINCT subject, kind FROM outbox CROSS JOIN entry USING (place) "
            f"WHERE former IS NULL AND kind IN ({marks})",
            tuple(wanted),
        )
    else:
        rows = connection.exec_driver_sql(
            "SELECT DISTINCT subject, kind FROM entry CROSS JOIN outbox USING (place) "
            f"WHERE subject = ? AND former IS NULL AND kind IN ({marks})",
            (subject.bytes, *wanted),
        )
    found: dict[UUID, set[str]] = {}
    for row in rows:
        found.setdefault(UUID(bytes=row[0]), set()).add(row[1])
    return found


def read(connection: Connection, behind: int, most: int, most_bytes: int) -> Batch:
    """The next whole acts behind place ``behind``: at most so many entries and bytes, but one act at least."""
    rows = execute(connection, f"{_WAITING} ORDER BY entry.place LIMIT ?", (behind, most + 1)).fetchall()
    entries = [from_row(row[1:]) for row in rows]
    cut = _whole_acts(entries, most, most_bytes)
    if not cut and entries:  # one act alone is more than that
        act = (behind, entries[0].act.bytes)
        rows = execute(connection, f"{_WAITING} AND act = ? ORDER BY entry.place", act).fetchall()
        entries = [from_row(row[1:]) for row in rows]
        cut = len(entries)
    last = int(rows[cut - 1][0]) if cut else behind
    left = execute(connection, "SELECT count(*) FROM outbox WHERE place > ?", (last,)).fetchone()[0]
    return Batch(tuple(entries[:cut]), last, int(left))


def _whole_acts(entries: Sequence[Entry], most: int, most_bytes: int) -> int:
    """How many of ``entries``, from the first on, are whole acts and within both bounds.

    The last entry may be there only to show that its act, or the one before, is complete.
    """
    size = whole = 0
    for index, entry in enumerate(entries):
        if index and entry.act != entries[index - 1].act:
            whole = index
        size += len(entry.body or "")
        if index >= most or size > most_bytes:
            return whole
    return len(entries)
