"""The encrypted file: made, opened, closed, shared by nobody, and refused when it is not what it should be."""

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from console.actions import calls, drafts, encounters, flags
from console.errors import BugError, KnownError
from console.models.call import CallEntered
from console.models.store import backup, engine, health, rebuild, verify
from console.models.store.desk import Desk
from console.models.store.store import Store
from console.off_gui import mark_gui_thread
from tests.support.desk import KEY, entry_count, found_home_files, founded_home, open_desk, person
from tests.support.entries import Author, at, named

ENTERED = CallEntered("26-1", "WELFARE CHECK", "100 Main St", at())


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a home but its lock, whole."""
    return {path.name: path.read_bytes() for path in found_home_files(folder) if path.name != "lock"}


# -- making and opening ------------------------------------------------------------------------------------------------


def test_a_new_store_is_empty_private_and_encrypted(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    with Store.create(home, KEY) as store:
        assert entry_count(store) == 0
        assert store.device == store.enrolment
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert (home / engine.DATABASE).read_bytes()[:16] != b"SQLite format 3\0"
    assert sorted(contents(home)) == [engine.DATABASE]


def test_every_file_of_a_store_in_use_is_its_owners_alone(store: Store) -> None:
    store.append([Author().write(named("call"), ENTERED)])
    files = found_home_files(store.home)
    assert {engine.DATABASE, f"{engine.DATABASE}-wal", f"{engine.DATABASE}-shm", "lock"} <= {
        path.name for path in files
    }
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_two_stores_are_two_devices(tmp_path: Path) -> None:
    with Store.create(tmp_path / "a", KEY) as one, Store.create(tmp_path / "b", KEY) as other:
        assert one.device != other.device


def test_a_store_is_never_made_over_another(store: Store) -> None:
    store.append([Author().write(named("call"), ENTERED)])
    home = store.home
    store.close()
    before = contents(home)
    with pytest.raises(KnownError, match="holds a store already"):
        Store.create(home, KEY)
    assert contents(home) == before


def test_a_store_is_never_made_beside_the_log_of_one_that_is_gone(home: Path) -> None:
    (home / f"{engine.DATABASE}-wal").write_bytes(b"what somebody did")
    with pytest.raises(KnownError, match="left of a store that is gone"):
        Store.create(home, KEY)
    assert contents(home) == {f"{engine.DATABASE}-wal": b"what somebody did"}


def test_a_set_up_that_was_cut_off_can_be_started_again(home: Path) -> None:
    (home / f".{engine.DATABASE}.new").write_bytes(b"half a file")
    Store.create(home, KEY).close()
    assert sorted(contents(home)) == [engine.DATABASE]


def test_a_set_up_that_fails_leaves_no_store(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(connection: object) -> None:
        raise driver.OperationalError("database or disk is full")

    monkeypatch.setattr("console.models.store.schema.upgrade", fail)
    with pytest.raises(KnownError, match="full"):
        Store.create(home, KEY)
    assert contents(home) == {}


def test_a_home_without_a_store_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"no store in .*clinician-console setup"):
        Store.open(tmp_path, KEY)


def test_an_unfit_sqlite_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "sqlite_version_info", (3, 51, 2))
    for attempt in (lambda: Store.create(home, KEY), lambda: Store.open(home, KEY)):
        with pytest.raises(KnownError, match=r"3\.51\.3"):
            attempt()


def test_this_sqlite_is_fit() -> None:
    assert driver.sqlite_version_info >= (3, 51, 3)


def test_durability_is_what_it_must_be(store: Store) -> None:
    with store.write() as transaction:
        pragmas = {
            name: transaction.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "mmap_size", "busy_timeout")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "mmap_size": 0,
        "busy_timeout": 5000,
    }


def test_no_extension_can_be_loaded(store: Store) -> None:
    with pytest.raises(KnownError, match="not authorized"), store.read() as connection:
        connection.exec_driver_sql("SELECT load_extension('x')")


# -- files that are no store -------------------------------------------------------------------------------------------


def plaintext(path: Path) -> None:
    connection = driver.connect(str(path))
    connection.execute("CREATE TABLE entry (id)")
    connection.commit()
    connection.close()


def keyed_but_foreign(path: Path) -> None:
    connection = driver.connect(str(path), isolation_level=None)
    engine.apply_key(connection, KEY)
    connection.execute("CREATE TABLE somebody_elses (id)")
    connection.close()


def cut_to(size: int) -> Callable[[Path], None]:
    def cut(path: Path) -> None:
        founded_home(path.parent)
        os.truncate(path, size)

    return cut


def flipped_at(place: int) -> Callable[[Path], None]:
    def flip(path: Path) -> None:
        founded_home(path.parent)
        data = bytearray(path.read_bytes())
        data[place] ^= 1
        path.write_bytes(data)

    return flip


@pytest.mark.parametrize(
    ("make", "says"),
    [
        pytest.param(plaintext, "plaintext", id="plaintext"),
        pytest.param(keyed_but_foreign, "foreign", id="keyed but foreign"),
        pytest.param(lambda path: path.write_bytes(b""), "cut off", id="empty"),
        pytest.param(lambda path: path.write_bytes(b"x" * 15), "cut off", id="a few bytes"),
        pytest.param(lambda path: path.write_bytes(os.urandom(100_000)), "cannot be read", id="random bytes"),
        pytest.param(lambda path: path.write_bytes(b"%PDF-1.7\n" * 999), "cannot be read", id="another format"),
        pytest.param(cut_to(100), "cannot be read", id="cut in the first page"),
        pytest.param(cut_to(4096), "damaged", id="cut after the first page"),
        pytest.param(cut_to(4096 * 20), "damaged", id="cut at a page"),
        pytest.param(cut_to(4096 * 20 + 1000), "damaged", id="cut inside a page"),
        pytest.param(flipped_at(2000), "cannot be read", id="a bit of the first page"),
    ],
)
def test_what_is_no_store_is_refused_and_not_changed(home: Path, make: Callable[[Path], object], says: str) -> None:
    path = home / engine.DATABASE
    make(path)
    before = contents(home)
    with pytest.raises(KnownError, match=says) as caught:
        Store.open(home, KEY)
    assert str(path) in caught.value.message
    assert contents(home) == before


def test_a_backup_that_was_copied_into_place_by_hand_works(store: Store, tmp_path: Path) -> None:
    store.append([Author().write(named("call"), ENTERED)])
    backup.backup(store, tmp_path / "copy.db")
    other = tmp_path / "other"
    other.mkdir(mode=0o700)
    (tmp_path / "copy.db").rename(other / engine.DATABASE)
    with Store.open(other, KEY) as copied:
        with copied.read() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert entry_count(copied) == 1


def test_another_key_is_refused_and_changes_nothing(home: Path) -> None:
    founded_home(home)
    before = contents(home)
    with pytest.raises(KnownError, match="cannot be read with this desk's key"):
        Store.open(home, bytes(32))
    assert contents(home) == before
    Store.open(home, KEY).close()


def test_another_key_takes_nothing_from_what_a_crash_left(home: Path, tmp_path: Path) -> None:
    founded_home(home)
    store = Store.open(home, KEY)
    store.append([Author().write(named("call"), ENTERED)])
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for name, data in contents(home).items():
        if not name.endswith("-shm"):
            (crashed / name).write_bytes(data)
    held = entry_count(store)
    store.close()
    with pytest.raises(KnownError, match="cannot be read with this desk's key"):
        Store.open(crashed, bytes(32))
    with Store.open(crashed, KEY) as store:
        assert entry_count(store) == held
        assert verify.verify(store).whole


def test_a_folder_in_the_stores_place_is_refused(home: Path) -> None:
    (home / engine.DATABASE).mkdir()
    with pytest.raises(KnownError, match=engine.DATABASE):
        Store.open(home, KEY)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_a_clear_line(home: Path) -> None:
    founded_home(home)
    (home / engine.DATABASE).chmod(0)
    with pytest.raises(KnownError, match="Permission denied"):
        Store.open(home, KEY)


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


# -- nothing readable on the disk --------------------------------------------------------------------------------------

SENTINELS = ("XYLOPHONE-GARDEN", "QUOKKA-LANTERN", "MARZIPAN-HARBOR", "ZEPPELIN-ORCHID", "TAMBOURINE-FJORD")


def forms(word: str) -> list[bytes]:
    return [word.encode(), word.encode("utf-16-le"), word.lower().encode()]


def leaks(folder: Path) -> list[tuple[str, str]]:
    return [
        (path.name, word)
        for path in found_home_files(folder)
        for word in SENTINELS
        for form in forms(word)
        if form in path.read_bytes()
    ]


def test_no_word_that_anybody_said_is_readable_in_any_file(desk: Desk, tmp_path: Path) -> None:
    dispatcher, clinician = person("dispatcher"), person("clinician")
    call, _ = flags.enter_call(desk, dispatcher, "26-9", SENTINELS[0], "1 Elm St", SENTINELS[1])
    calls.message(desk, dispatcher, call, SENTINELS[2])
    encounter, _ = encounters.start(desk, clinician, "transferred", call)
    encounters.note(desk, clinician, encounter, SENTINELS[3])
    drafts.keep(desk, clinician, "note", SENTINELS[4], encounter)
    backup.backup(desk.store, tmp_path / "home" / "backup.db")
    assert leaks(desk.store.home) == []
    desk.store.close()
    assert leaks(desk.store.home) == []
    assert open_and_find(desk.store.home) == set(SENTINELS)


def open_and_find(home: Path) -> set[str]:
    """The same words through the key, so that the test before cannot pass for want of words."""
    desk = open_desk(home)
    with desk.store.read() as connection:
        texts = connection.exec_driver_sql("SELECT body FROM entry UNION ALL SELECT text FROM draft").scalars().all()
    desk.store.close()
    return {word for word in SENTINELS if any(word in text for text in texts)}


def test_no_file_of_a_store_ever_begins_as_plain_sqlite(store: Store) -> None:
    store.append([Author().write(named("call"), ENTERED)])
    assert all(not path.read_bytes().startswith(b"SQLite format 3") for path in found_home_files(store.home))
