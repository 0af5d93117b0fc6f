"""A database of a former version becomes one of this version, and keeps what it holds."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import inspect

from regional import schema
from regional.database import Work
from regional.homes import open_database

_FORMER: dict[str, tuple[str, ...]] = {
    "1": (
        "DROP TABLE gap",
        "ALTER TABLE desk DROP COLUMN revoked_at",
        "DROP TABLE attempt",
        "CREATE TABLE attempt (center TEXT NOT NULL, person TEXT NOT NULL, failures INTEGER NOT NULL, "
        "not_before BIGINT NOT NULL, PRIMARY KEY (center, person))",
    ),
}
"""What makes the tables of this version those of a former one."""


def _shape(work: Work) -> dict[str, object]:
    found = inspect(work.connection)
    return {
        table: (
            sorted((column["name"], column["nullable"]) for column in found.get_columns(table)),
            found.get_pk_constraint(table)["constrained_columns"],
            sorted(str(index["name"]) for index in found.get_indexes(table)),
        )
        for table in found.get_table_names()
    }


@pytest.mark.parametrize("version", sorted(_FORMER))
def test_tables_of_a_former_version_are_brought_up_to_date(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, version: str
) -> None:
    make: Callable[[], str] = (lambda: "") if kind == "embedded" else request.getfixturevalue("postgres")
    database = open_database(make(), tmp_path)
    try:
        schema.prepare(database, 1)
        fresh = database.read(_shape)

        def former(work: Work) -> None:
            for statement in _FORMER[version]:
                work.run(statement)
            work.run("UPDATE server SET value = ? WHERE name = 'version'", (version,))
            work.run("INSERT INTO center (center, name, shares_provider, made_at) VALUES ('x', 'X', ?, 0)", (False,))

        database.write(former)
        assert database.read(_shape) != fresh
        schema.prepare(database, 2)
        schema.prepare(database, 3)
        assert database.read(_shape) == fresh
        assert database.read(lambda work: work.rows("SELECT name FROM center")) == [("X",)]
    finally:
        database.close()
