"""Reading one subject's state, or the states of many, from the record."""

from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from console.models.store.engine import execute, in_parts
from wire.fold import Aggregate, Folded

State = TypeVar("State")


@cache
def _decoder(state: Any) -> "msgspec.json.Decoder[Any]":
    return msgspec.json.Decoder(state)


def decode(aggregate: Aggregate[State], text: str) -> State:
    """The state in a record row's ``state`` column."""
    kind: Any = aggregate.state
    state: State = _decoder(kind).decode(text)
    return state


def state(connection: Connection, aggregate: Aggregate[State], subject: UUID) -> Folded[State] | None:
    """The state of one subject with its count of unread entries; None when the record has no such subject."""
    row = execute(
        connection,
        f'SELECT state, unread FROM "{aggregate.name}" WHERE subject = ?',
        (subject.bytes,),
    ).fetchone()
    return Folded(decode(aggregate, row[0]), unread=row[1]) if row else None


def whole_state(connection: Connection, aggregate: Aggregate[State], subject: UUID) -> tuple[Folded[State], str] | None:
    """:func:`state`, with the journal of which the row is the fold: all entries of the subject stand in it.

    "" instead of the journal where there are several, where entries are unread, or where another program folded it.
    """
    row = execute(
        connection,
        "SELECT state, unread, CASE WHEN fold = ? AND unread = 0 THEN "
        "(SELECT CASE WHEN min(journal) = max(journal) THEN min(journal) END FROM entry WHERE subject = its.subject) "
        f'END FROM "{aggregate.name}" AS its WHERE subject = ?',
        (aggregate.version, subject.bytes),
    ).fetchone()
    return (Folded(decode(aggregate, row[0]), unread=row[1]), row[2] or "") if row else None


def states(connection: Connection, aggregate: Aggregate[State], subjects: Iterable[UUID]) -> dict[UUID, State]:
    """The states of several subjects; those that are not known are left out."""
    found: dict[UUID, State] = {}
    for part, marks in in_parts(subjects):
        query = f'SELECT subject, state FROM "{aggregate.name}" WHERE subject IN ({marks})'
        for row in execute(connection, query, part):
            found[UUID(bytes=row[0])] = decode(aggregate, row[1])
    return found


def texts(connection: Connection, aggregate: Aggregate[Any]) -> tuple[str, ...]:
    """The states of all subjects of a small aggregate as the record holds them, for :func:`decode`."""
    rows = execute(connection, f'SELECT state FROM "{aggregate.name}" ORDER BY subject')
    return tuple(row[0] for row in rows)


def every(connection: Connection, aggregate: Aggregate[State]) -> dict[UUID, State]:
    """The states of all subjects of a small aggregate (people, desks, settings), in the order of their ids."""
    rows = execute(connection, f'SELECT subject, state FROM "{aggregate.name}" ORDER BY subject')
    return {UUID(bytes=row[0]): decode(aggregate, row[1]) for row in rows}


def belonging(connection: Connection, aggregate: Aggregate[State], column: str, owner: UUID) -> dict[UUID, State]:
    """The states whose ``column`` (an id) is ``owner``, in the order of their ids: on every desk the same."""
    rows = execute(
        connection,
        f'SELECT subject, state FROM "{aggregate.name}" WHERE "{column}" = ? ORDER BY subject',
        (owner.bytes,),
    )
    return {UUID(bytes=row[0]): decode(aggregate, row[1]) for row in rows}
