"""The tables move up one revision at a time, by migrations that are tested one by one and on real files."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from console.errors import KnownError
from console.models.call import CallEntered
from console.models.store import engine as engines
from console.models.store import schema, tables
from console.models.store.store import Store
from tests.support.desk import KEY, entry_count, found_home_files, record_of
from tests.support.entries import Author, at, named

MIGRATIONS = Path(schema.__file__).parent / "migrations"
REVISIONS = [script.revision for script in ScriptDirectory.from_config(schema.configuration()).walk_revisions()][::-1]
NOW, NEXT = schema.HEAD, f"{int(schema.HEAD) + 1:04}"
COMING = '''
"""The next revision, for the test."""
from alembic import op
revision = "{revision}"
down_revision = "{now}"

def upgrade():
    op.execute("ALTER TABLE draft ADD COLUMN place TEXT")
    {then}

def downgrade():
    op.execute("ALTER TABLE draft DROP COLUMN place")
'''


def shape(connection: Connection) -> dict[str, Any]:
    """Tables, columns and indexes as SQLite has them; not the words they were made with."""
    found: dict[str, Any] = {}
    names = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' "
        "AND name NOT LIKE 'sqlite%' AND name NOT LIKE :search AND name <> 'alembic_version'",
        {"search": f"{tables.SERVICE_SEARCH}%"},
    ).scalars()
    for name in sorted(names):
        columns = [tuple(row[1:]) for row in connection.exec_driver_sql(f'PRAGMA table_xinfo("{name}")')]
        indexes = {}
        for row in connection.exec_driver_sql(f'PRAGMA index_list("{name}")').all():
            _, index, unique, origin, partial = row
            parts = [part[2] for part in connection.exec_driver_sql(f'PRAGMA index_info("{index}")')]
            sql = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = ?", (index,)).scalar()
            where = re.sub(r"\s+", " ", sql.partition("WHERE")[2]).strip() if sql and partial else ""
            indexes[index if origin == "c" else f"{origin} {parts}"] = (unique, parts, where)
        found[name] = (columns, indexes)
    return found


def words(connection: Connection) -> list[tuple[str, str]]:
    """Everything SQLite was told to make, word by word."""
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
    return [(row[0], row[1]) for row in rows if row[0] != "alembic_version"]


@pytest.fixture
def connection(tmp_path: Path) -> Any:
    engine = engines.make_engine(tmp_path / "tables.db", KEY, writer=True)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def move(connection: Connection, to: str) -> None:
    connection.rollback()  # what was looked at before began a transaction of its own
    with connection.begin():
        config = schema.configuration(connection)
        (command.downgrade if to in ("base", "-1") else command.upgrade)(config, to)


def test_the_head_a_start_up_asks_for_is_the_head_of_the_migrations() -> None:
    assert REVISIONS[-1] == schema.HEAD
    assert schema.known_revisions() == set(REVISIONS)


def test_the_migrations_are_one_line() -> None:
    heads = ScriptDirectory.from_config(schema.configuration()).get_heads()
    assert heads == [schema.HEAD]


def test_the_tables_of_the_program_are_those_of_the_head(connection: Connection, tmp_path: Path) -> None:
    move(connection, "head")
    other = engines.make_engine(tmp_path / "other.db", KEY, writer=True)
    with other.connect() as made:
        with made.begin():
            tables.metadata.create_all(made)
        assert shape(connection) == shape(made)
    other.dispose()


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_revision_goes_down_and_up_again_to_the_same(connection: Connection, revision: str) -> None:
    move(connection, revision)
    at_revision = words(connection)
    move(connection, "-1")
    assert words(connection) != at_revision
    move(connection, revision)
    assert words(connection) == at_revision


def test_all_the_way_down_leaves_nothing(connection: Connection) -> None:
    move(connection, "head")
    move(connection, "base")
    assert words(connection) == []


# -- what a start-up does ----------------------------------------------------------------------------------------------


@pytest.fixture
def with_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes this program one that has one more revision, with whatever is said to happen in it."""

    def make(then: str = "pass") -> None:
        folder = tmp_path / "migrations"
        shutil.copytree(MIGRATIONS, folder, dirs_exist_ok=True)
        (folder / "versions" / f"r{NEXT}_next.py").write_text(COMING.format(then=then, revision=NEXT, now=NOW))

        def configuration(connection: Connection | None = None) -> Config:
            config = Config()
            config.set_main_option("script_location", str(folder))
            config.attributes["connection"] = connection
            return config

        monkeypatch.setattr(schema, "configuration", configuration)
        monkeypatch.setattr(schema, "HEAD", NEXT)

    return make


@pytest.fixture
def older(home: Path) -> Path:
    """A home whose store is at the first revision, with a call in it."""
    with Store.create(home, KEY) as store:
        store.append([Author().write(named("call"), CallEntered("26-1", "WELFARE CHECK", "100 Main St", at()))])
    return home


def test_an_older_store_is_brought_up_and_kept_as_it_was(older: Path, with_next: Any) -> None:
    path = older / engines.DATABASE
    before = path.read_bytes()
    with_next()
    with Store.open(older, KEY) as store:
        assert entry_count(store) == 1
        with store.read() as connection:
            assert schema.current(connection) == NEXT
            connection.exec_driver_sql("SELECT place FROM draft")
        kept = older / f"{engines.DATABASE}.before-migration-from-{NOW}"
        assert kept.read_bytes() == before
        assert kept.stat().st_mode & 0o777 == 0o600
        record = record_of(store)
    with Store.open(older, KEY) as store:
        assert record_of(store) == record


def test_what_a_crash_left_in_the_log_is_in_the_copy(older: Path, with_next: Any, tmp_path: Path) -> None:
    crashed = tmp_path / "crashed"
    crashed.mkdir(mode=0o700)
    with Store.open(older, KEY) as store:
        store.append([Author("other").write(named("call"), CallEntered("26-2", "X", "Y", at()))])
        for path in found_home_files(older):
            if path.suffix != ".db-shm" and path.name != "lock":
                shutil.copy(path, crashed)
    assert (crashed / f"{engines.DATABASE}-wal").stat().st_size > 0
    with_next()
    Store.open(crashed, KEY).close()
    (crashed / f"{engines.DATABASE}.before-migration-from-{NOW}").replace(older / engines.DATABASE)
    with Store.open(older, KEY) as store:
        assert entry_count(store) == 2


def test_a_migration_that_fails_changes_nothing(older: Path, with_next: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with_next(then='op.execute("INSERT INTO nowhere VALUES (1)")')
    with pytest.raises(KnownError, match="nowhere"):
        Store.open(older, KEY)
    monkeypatch.undo()
    with Store.open(older, KEY) as store:
        assert entry_count(store) == 1
        with store.read() as connection:
            assert schema.current(connection) == NOW
            assert "place" not in dict(words(connection))["draft"]


def test_a_reader_does_not_migrate(older: Path, with_next: Any) -> None:
    before = (older / engines.DATABASE).read_bytes()
    with_next()
    with pytest.raises(KnownError, match="brought up to date"):
        Store.open(older, KEY, alone=False)
    assert (older / engines.DATABASE).read_bytes() == before


def test_a_newer_store_is_refused_and_not_changed(older: Path) -> None:
    path = older / engines.DATABASE
    connection = engines.connect(path, KEY)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(KnownError, match=r"newer version of Clinician Console \(tables 9999\)"):
        Store.open(older, KEY)
    assert path.read_bytes() == before
    assert sorted(file.name for file in found_home_files(older)) == [engines.DATABASE, "lock"]
