"""Reading one subject's state, or the states of many, from the record."""

from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from console.models.store.engine import execute
from wire.fold import Aggregate, Folded

State = TypeVar("State")
_MOST_VARIABLES = 500


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


def is_whole(connection: Connection, aggregate: Aggregate[Any], subject: UUID, journal: str) -> bool:
    """Whether a subject's row was folded as this program folds, and from ``journal`` alone."""
    row = execute(
        connection,
        f'SELECT 1 FROM "{aggregate.name}" WHERE subject = ? AND fold = ? '
        "AND NOT EXISTS (SELECT 1 FROM entry WHERE subject = ? AND journal <> ?)",
        (subject.bytes, aggregate.version, subject.bytes, journal),
    ).fetchone()
    return row is not None


def states(connection: Connection, aggregate: Aggregate[State], subjects: Iterable[UUID]) -> dict[UUID, State]:
    """The states of several subjects; those that are not known are left out."""
    found: dict[UUID, State] = {}
    wanted = [subject.bytes for subject in subjects]
    for start in range(0, len(wanted), _MOST_VARIABLES):
        part = tuple(wanted[start : start + _MOST_VARIABLES])
        marks = ", ".join("?" * len(part))
        for row in execute(
            connection,
            f'SELECT subject, state FROM "{aggregate.name}" WHERE subject IN ({marks})',
            part,
        ):
            found[UUID(bytes=row[0])] = decode(aggregate, row[1])
    return found


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
