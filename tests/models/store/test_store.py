"""The encrypted file: made, opened, closed, shared by nobody, and refused when it is not what it should be."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from console.actions import calls, drafts, encounters, flags
from console.errors import KnownError
from console.models.call import CallEntered
from console.models.store import backup, engine, verify
from console.models.store.desk import Desk
from console.models.store.store import Store
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
