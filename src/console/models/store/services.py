"""Community services as a search asks for them, by the full-text index and the columns beside it."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from console.models.service import SERVICE, ServiceState
from console.models.store import subjects


def count(connection: Connection) -> int:
    """How many services there are that are not closed for good."""
    return int(connection.exec_driver_sql("SELECT count(*) FROM service WHERE NOT closed").scalar_one())


def needs(connection: Connection) -> Iterator[tuple[str, int]]:
    """What they help with, and how many of them with each: most offered first."""
    rows = connection.exec_driver_sql(
        "SELECT need.value, count(*) FROM service, json_each(state, '$.described.needs') AS need "
        "WHERE NOT closed GROUP BY need.value ORDER BY count(*) DESC, need.value"
    )
    for need, offered in rows:
        yield str(need), offered


def fitting(
    connection: Connection, words: Sequence[str], helps_with: Sequence[str], near: tuple[float, float] | None, most: int
) -> Iterator[tuple[UUID, ServiceState, float]]:
    """At most ``most`` services of which each of ``words`` begins a word and that help with one of ``helps_with``.

    The best by words come first (the third value: the less, the better); without words the nearest to ``near``
    (latitude, longitude), or by name. Neither words nor needs are asked for where there are none.
    """
    parameters: list[Any] = []
    if words:
        # A word in the name or among the needs says more about a service than one in its description.
        fit = "bm25(service_search, 6.0, 8.0, 1.0)"
        source = "service_search JOIN service ON service.row = service_search.rowid"
        conditions = ["service_search MATCH ?", "NOT closed"]
        parameters.append(" ".join(f'"{word}"*' for word in words))
    else:
        fit, source, conditions = "0.0", "service", ["NOT closed"]
    if helps_with:
        marks = ", ".join("?" * len(helps_with))
        conditions.append(f"EXISTS (SELECT 1 FROM json_each(state, '$.described.needs') WHERE value IN ({marks}))")
        parameters += [need.casefold() for need in helps_with]
    order = "1"
    if not words and near is not None:
        order = "(latitude - ?) * (latitude - ?) + (longitude - ?) * (longitude - ?) * 0.5 NULLS LAST, name"
        parameters += [near[0], near[0], near[1], near[1]]
    elif not words:
        order = "name"
    rows = connection.exec_driver_sql(
        f"SELECT {fit}, subject, state FROM {source} WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT ?",
        (*parameters, most),
    )
    for score, subject, text in rows:
        yield UUID(bytes=subject), subjects.decode(SERVICE, text), float(score)
