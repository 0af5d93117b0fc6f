"""Entries that changed nothing and that somebody should look at: refused ones, and ones that make no sense."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from wire.envelope import from_micros
from wire.journals import Audience
from wire.messages import Refusal


@dataclass(frozen=True, slots=True)
class Listed:
    """One such entry for a list: ``code`` says why a server refused it, "" for one that makes no sense."""

    kind: str
    reason: str
    code: str
    refused: bool
    actor: UUID
    made_at: datetime


def newest(connection: Connection, most: int, audiences: Collection[Audience]) -> list[Listed]:
    """The newest such entries in journals of ``audiences``, but for the settled ones: see :func:`settled`."""
    which, values = _which(audiences)
    rows = connection.exec_driver_sql(
        f"SELECT kind, why, code, refused, actor, made_at FROM {which} ORDER BY place DESC LIMIT ?", (*values, most)
    )
    return [Listed(row[0], row[1], row[2], bool(row[3]), UUID(bytes=row[4]), from_micros(row[5])) for row in rows]


def count(connection: Connection, audiences: Collection[Audience]) -> int:
    """How many there are in journals of ``audiences``."""
    which, values = _which(audiences)
    return int(connection.exec_driver_sql(f"SELECT count(*) FROM {which}", values).scalar_one())


def _which(audiences: Collection[Audience]) -> tuple[str, tuple[str, ...]]:
    marks = ", ".join("?" * len(audiences))
    values = (*(audience.value for audience in audiences), Refusal.SETTLED.value)
    return f"({_UNSETTLED}) WHERE substr(journal, instr(journal, '/') + 1) IN ({marks}) AND code != ?", values


def settled(connection: Connection) -> int:
    """How many entries there is nothing to do about.

    They were this desk's own beginnings, at a center that another desk had founded, or another copy of its home has
    sent them already; or a server that was put back to a backup had said of a desk what it does not know any more.
    """
    row = connection.exec_driver_sql(
        "SELECT count(*) FROM entry WHERE refused IS NOT NULL AND refusal = ?", (Refusal.SETTLED.value,)
    ).one()
    return int(row[0])


def senseless_of_actor(
    connection: Connection, actor: UUID, kinds: Sequence[str]
) -> list[tuple[UUID, UUID, str, datetime]]:
    """Entry, subject, kind and moment of what a person did that makes no sense where it stands, of these kinds."""
    marks = ", ".join("?" * len(kinds))
    rows = connection.exec_driver_sql(
        "SELECT entry.id, entry.subject, kind, made_at FROM senseless CROSS JOIN entry ON entry.id = senseless.entry "
        f"WHERE actor = ? AND refused IS NULL AND kind IN ({marks}) ORDER BY place",
        (actor.bytes, *kinds),
    )
    return [(UUID(bytes=row[0]), UUID(bytes=row[1]), row[2], from_micros(row[3])) for row in rows]


def senseless_of(connection: Connection, subject: UUID) -> tuple[str, ...]:
    """Why entries of this subject changed nothing."""
    rows = connection.exec_driver_sql("SELECT reason FROM senseless WHERE subject = ?", (subject.bytes,))
    return tuple(str(row[0]) for row in rows)


def counts(connection: Connection) -> tuple[int, int]:
    """How many entries were refused, but for the settled ones, and how many make no sense where they stand."""
    row = connection.exec_driver_sql(
        "SELECT (SELECT count(*) FROM entry WHERE refused IS NOT NULL AND refusal IS NOT ?), "
        "(SELECT count(*) FROM senseless)",
        (Refusal.SETTLED.value,),
    ).one()
    return int(row[0]), int(row[1])


# In two parts, each of which finds its few entries by an index; asked as one, the whole journal would be read.
_UNSETTLED = """
    SELECT place, kind, journal, actor, made_at, refused AS why, 1 AS refused,
        coalesce(refusal, '') AS code
    FROM entry WHERE refused IS NOT NULL
    UNION ALL
    SELECT place, kind, journal, actor, made_at, reason, 0, ''
    FROM senseless JOIN entry ON entry.id = senseless.entry WHERE refused IS NULL
"""
