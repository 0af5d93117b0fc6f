"""One process writes a home, threads take turns, and the GUI thread stays out."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from console.errors import BugError, KnownError
from console.models.call import CallEntered
from console.models.store import backup, engine, health, rebuild, verify
from console.models.store.store import Store
from console.off_gui import mark_gui_thread
from tests.support.desk import KEY, entry_count, founded_home
from tests.support.entries import Author, at, named

ENTERED = CallEntered("26-1", "WELFARE CHECK", "100 Main St", at())


# -- one process, off the GUI thread -----------------------------------------------------------------------------------

SECOND = """
import sys
from pathlib import Path
from console.errors import KnownError
from console.models.store.store import Store
try:
    store = Store.open(Path(sys.argv[1]), bytes(range(32)), alone=sys.argv[2] == "alone")
    with store.read() as connection:
        print(connection.exec_driver_sql("SELECT count(*) FROM entry").scalar_one())
    with store.write():
        print("wrote")
except KnownError as error:
    print(error)
"""


def second_process(home: Path, how: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", SECOND, str(home), how], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_a_second_process_is_told_that_the_home_is_in_use(store: Store) -> None:
    (line,) = second_process(store.home, "alone")
    assert "Another Clinician Console has" in line
    assert str(store.home) in line


def test_a_second_process_may_read_and_may_not_write(store: Store) -> None:
    store.append([Author().write(named("call"), ENTERED)])
    count, refusal = second_process(store.home, "reading")
    assert count == "1"
    assert "opened for reading" in refusal


def test_the_next_process_gets_in_once_the_store_is_closed(store: Store) -> None:
    store.close()
    assert second_process(store.home, "alone") == ["0", "wrote"]


def test_a_second_store_in_the_same_process_is_refused_too(store: Store) -> None:
    with pytest.raises(KnownError, match="Another Clinician Console"):
        Store.open(store.home, KEY)


def test_a_store_may_be_closed_by_another_thread_than_the_one_that_opened_it(home: Path) -> None:
    founded_home(home)
    store = Store.open(home, KEY)
    closer = threading.Thread(target=store.close)
    closer.start()
    closer.join()
    Store.open(home, KEY).close()


def test_a_closed_store_stays_closed(store: Store) -> None:
    store.close()
    store.close()
    with pytest.raises(BugError, match="closed"), store.read():
        pass
    with pytest.raises(BugError, match="closed"):
        store.append([])


def test_a_program_that_holds_the_file_is_named_as_such(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.01)
    entry = Author().write(named("call"), ENTERED)
    with Store.open(founded_home(home), KEY) as store:
        before = entry_count(store)
        antivirus = engine.connect(home / engine.DATABASE, KEY)
        antivirus.execute("BEGIN IMMEDIATE")
        with pytest.raises(KnownError, match=r"Another program holds .* \(antivirus and backup programs do this\)"):
            store.append([entry])
        assert entry_count(store) == before
        antivirus.execute("ROLLBACK")
        antivirus.close()
        store.append([entry])
        assert entry_count(store) == before + 1


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (driver.OperationalError("database or disk is full"), "is full or failing"),
        (driver.OperationalError("disk I/O error"), "is full or failing"),
        (driver.OperationalError("database is locked"), "Another program holds"),
        (driver.DatabaseError("database disk image is malformed"), "is damaged"),
        (driver.DatabaseError("file is not a database"), "cannot be read with this desk's key"),
        (driver.OperationalError("attempt to write a readonly database"), "cannot be opened for writing"),
        (driver.OperationalError("unable to open database file"), "cannot be opened for writing"),
        (driver.OperationalError("something new"), "could not be used: something new"),
    ],
    ids=str,
)
def test_whatever_the_driver_says_becomes_a_line_with_what_to_do(error: Exception, says: str) -> None:
    explained = engine.explain(error, Path("/home/desk/console.db"))
    assert isinstance(explained, KnownError)
    assert says in explained.message
    assert "/home/desk" in explained.message


def test_a_wrong_statement_is_our_own_fault() -> None:
    error = driver.IntegrityError("UNIQUE constraint failed: entry.id")
    assert isinstance(engine.explain(error, Path("/home/desk/console.db")), BugError)


def test_writers_of_several_threads_take_turns_and_lose_nothing(store: Store) -> None:
    def write(name: str) -> None:
        author = Author(name)
        for number in range(20):
            store.append([author.write(named(name, number), ENTERED)])

    threads = [threading.Thread(target=write, args=(name,)) for name in ("one", "two", "three")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert entry_count(store) == 60
    assert verify.verify(store).whole
    assert rebuild.rebuild(store).same


def test_a_reader_sees_one_moment_while_others_write(store: Store) -> None:
    with store.read() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM entry").scalar_one()
        store.append([Author().write(named("call"), ENTERED)])
        assert connection.exec_driver_sql("SELECT count(*) FROM entry").scalar_one() == before
    assert entry_count(store) == before + 1


@pytest.fixture
def on_the_gui_thread() -> Iterator[None]:
    mark_gui_thread(threading.get_ident())
    yield
    mark_gui_thread(None)


def test_nothing_of_the_store_runs_on_the_gui_thread(store: Store, tmp_path: Path, on_the_gui_thread: None) -> None:
    attempts: list[Callable[[], object]] = [
        lambda: Store.create(tmp_path / "other", KEY),
        lambda: Store.open(store.home, KEY),
        lambda: store.read().__enter__(),
        lambda: store.write().__enter__(),
        lambda: store.append([]),
        lambda: store.copy_into(tmp_path / "copy"),
        lambda: verify.verify(store),
        lambda: rebuild.rebuild(store),
        lambda: rebuild.refold_outdated(store),
        lambda: backup.backup(store, tmp_path / "backup"),
        lambda: backup.restore(tmp_path, KEY, tmp_path / "backup"),
        lambda: health.check(store.home, KEY),
    ]
    for attempt in attempts:
        with pytest.raises(BugError, match="GUI thread"):
            attempt()
