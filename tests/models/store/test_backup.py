"""Encrypted copies: made of a store in use, read back, and put in the place of another."""

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from console.actions import flags
from console.errors import KnownError
from console.models.call import CallEntered
from console.models.store import backup, rebuild, verify
from console.models.store import engine as engines
from console.models.store.contents import inspect
from console.models.store.desk import Desk
from console.models.store.store import Store
from console.queries.center import desk_state
from tests.support.desk import (
    KEY,
    empty_home,
    entry_count,
    found_home_files,
    founded_home,
    open_desk,
    person,
    record_of,
)
from tests.support.entries import Author, at, named

ENTERED = CallEntered("26-1", "WELFARE CHECK", "100 Main St", at())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "monday.db"


@pytest.fixture(autouse=True)
def a_folder_for_it(file: Path) -> None:
    file.parent.mkdir()


def names(folder: Path) -> list[str]:
    return [path.name for path in found_home_files(folder)]


# -- backup ------------------------------------------------------------------------------------------------------------


def test_a_backup_holds_everything_and_is_encrypted_and_private(desk: Desk, file: Path) -> None:
    report = backup.backup(desk.store, file)
    assert report.file == file
    assert report.size == file.stat().st_size
    assert report.contents.entries == entry_count(desk.store)
    assert report.contents.journals == {"northside/administration": entry_count(desk.store)}
    assert file.stat().st_mode & 0o777 == 0o600
    assert not file.read_bytes().startswith(b"SQLite format 3")
    assert names(file.parent) == [file.name]
    assert inspect(file, KEY) == report.contents


def test_what_is_not_yet_in_the_main_file_is_in_the_backup(store: Store, file: Path) -> None:
    store.append([Author().write(named("call"), ENTERED)])
    assert (store.home / f"{engines.DATABASE}-wal").stat().st_size > 0
    assert backup.backup(store, file).contents.entries == 1


def test_a_backup_is_worth_nothing_without_the_key(store: Store, file: Path) -> None:
    backup.backup(store, file)
    with pytest.raises(KnownError, match="cannot be read with this desk's key"):
        inspect(file, bytes(32))


def test_a_file_that_is_there_is_never_overwritten(store: Store, file: Path) -> None:
    file.write_text("somebody's own")
    with pytest.raises(KnownError, match="exists already"):
        backup.backup(store, file)
    assert file.read_text() == "somebody's own"


def test_a_folder_that_is_not_there_is_a_clear_line(store: Store, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="no folder"):
        backup.backup(store, tmp_path / "nowhere" / "x.db")


def test_what_an_attempt_left_behind_is_in_nobodys_way(store: Store, file: Path) -> None:
    file.with_name(f".{file.name}.new").write_bytes(b"half")
    backup.backup(store, file)
    assert names(file.parent) == [file.name]


def test_a_backup_that_does_not_read_back_is_not_kept(
    store: Store, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_into = Store.copy_into

    def spoiled(self: Store, target: Path) -> None:
        copy_into(self, target)
        with target.open("r+b") as opened:
            opened.seek(5 * 4096 + 100)
            opened.write(b"\0\0\0\0")

    monkeypatch.setattr(Store, "copy_into", spoiled)
    with pytest.raises(KnownError, match="damaged"):
        backup.backup(store, file)
    assert names(file.parent) == []


def test_a_backup_that_misses_entries_is_not_kept(
    store: Store, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = empty_home(tmp_path / "empty") / engines.DATABASE
    store.append([Author().write(named("call"), ENTERED)])
    monkeypatch.setattr(Store, "copy_into", lambda self, target: target.write_bytes(empty.read_bytes()))
    with pytest.raises(KnownError, match="holds 0 entries, not 1"):
        backup.backup(store, file)
    assert names(file.parent) == []


FULL = """
import resource, sys
from pathlib import Path
from console.errors import KnownError
from console.models.store.backup import backup
from console.models.store.store import Store
with Store.open(Path(sys.argv[1]), bytes(range(32)), alone=False) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))
    try:
        backup(store, Path(sys.argv[2]))
    except KnownError as error:
        print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
def test_a_backup_that_does_not_fit_leaves_nothing(desk: Desk, file: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(desk.store.home), str(file)], capture_output=True, text=True, check=True
    )
    assert f"The disk that holds {file.parent} is full or failing." in done.stdout
    assert names(file.parent) == []
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


# -- restore -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def backed_up(desk: Desk, file: Path) -> Path:
    """The desk's home after a backup and a call since, closed."""
    flags.enter_call(desk, person("dispatcher"), "26-1", "before the backup", "1 Elm St")
    backup.backup(desk.store, file)
    flags.enter_call(desk, person("dispatcher"), "26-2", "after the backup", "1 Elm St")
    desk.store.close()
    return desk.store.home


def numbers(home: Path) -> list[str]:
    desk = open_desk(home)
    with desk.store.read() as connection:
        found = connection.exec_driver_sql("SELECT number FROM call ORDER BY number").scalars().all()
    desk.store.close()
    return list(found)


def test_a_restored_store_holds_what_the_backup_held(backed_up: Path, file: Path) -> None:
    assert numbers(backed_up) == ["26-1", "26-2"]
    report = backup.restore(backed_up, KEY, file)
    assert numbers(backed_up) == ["26-1"]
    assert report.contents == inspect(file, KEY)
    assert (backed_up / engines.DATABASE).stat().st_mode & 0o777 == 0o600
    with Store.open(backed_up, KEY) as store:
        assert verify.verify(store).whole
        assert rebuild.rebuild(store).same


def test_the_store_that_was_replaced_is_kept_whole(backed_up: Path, file: Path, tmp_path: Path) -> None:
    report = backup.restore(backed_up, KEY, file)
    assert report.kept_aside == backed_up / "replaced-1"
    assert report.kept_aside is not None
    assert report.kept_aside.stat().st_mode & 0o777 == 0o700
    assert numbers(report.kept_aside) == ["26-1", "26-2"]
    again = backup.restore(backed_up, KEY, file)
    assert again.kept_aside == backed_up / "replaced-2"


def test_what_a_crash_left_in_the_log_is_kept_with_it(backed_up: Path, file: Path) -> None:
    with Store.open(backed_up, KEY) as store:
        store.append([Author().write(named("call"), ENTERED)])
        for path in found_home_files(backed_up):
            if path.suffix in (".db", ".db-wal"):
                shutil.copy(path, file.parent)
    for path in (engines.DATABASE, f"{engines.DATABASE}-wal"):
        shutil.copy(file.parent / path, backed_up)
    report = backup.restore(backed_up, KEY, file)
    assert report.kept_aside is not None
    assert not (backed_up / f"{engines.DATABASE}-wal").exists()
    assert len(numbers(report.kept_aside)) == 3
    assert numbers(backed_up) == ["26-1"]


def test_a_backup_can_be_restored_where_the_store_is_gone(backed_up: Path, file: Path) -> None:
    (backed_up / engines.DATABASE).unlink()
    report = backup.restore(backed_up, KEY, file)
    assert report.kept_aside is None
    assert numbers(backed_up) == ["26-1"]


def test_a_backup_can_be_restored_over_a_damaged_store(backed_up: Path, file: Path) -> None:
    os.truncate(backed_up / engines.DATABASE, 10_000)
    report = backup.restore(backed_up, KEY, file)
    assert report.kept_aside is not None
    assert (report.kept_aside / engines.DATABASE).stat().st_size == 10_000
    assert numbers(backed_up) == ["26-1"]


def test_a_restored_store_is_a_new_device_and_its_papers_say_so(backed_up: Path, file: Path) -> None:
    """What was done after the backup may be known elsewhere: no count and no number on paper may come twice."""
    desk = open_desk(backed_up)
    before = desk.device
    with desk.store.read() as connection:
        assert desk_state(desk, connection).code == "A"
    desk.store.close()
    codes = set()
    for _ in range(2):
        backup.restore(backed_up, KEY, file)
        desk = open_desk(backed_up)
        assert desk.device != before
        assert desk.enrolment == before
        flags.enter_call(desk, person("dispatcher"), "26-3", "after the restore", "1 Elm St")
        with desk.store.read() as connection:
            state = desk_state(desk, connection)
        codes.add(state.code)
        assert state.audiences
        report = verify.verify(desk.store)
        assert report.whole
        assert {chain.device for chain in report.chains} == {before, desk.device}
        desk.store.close()
    assert len(codes) == 2
    assert all(code.startswith("A-") and len(code) == 5 for code in codes)


def test_a_home_in_use_is_not_restored(backed_up: Path, file: Path) -> None:
    with Store.open(backed_up, KEY) as store:
        with pytest.raises(KnownError, match="Another Clinician Console has"):
            backup.restore(backed_up, KEY, file)
        assert entry_count(store) > 0


@pytest.mark.parametrize("what", ["missing", "other key", "plaintext", "cut", "spoiled", "drill", "newer", "foreign"])
def test_what_is_no_sound_backup_changes_nothing(backed_up: Path, file: Path, tmp_path: Path, what: str) -> None:
    says = {
        "missing": "no file",
        "other key": "cannot be read with this desk's key",
        "plaintext": "plaintext",
        "cut": "damaged",
        "spoiled": "damaged",
        "drill": "drill",
        "newer": "newer version",
        "foreign": "no store of Clinician Console",
    }[what]
    key = bytes(32) if what == "other key" else KEY
    if what == "missing":
        file.unlink()
    elif what == "plaintext":
        file.write_bytes(b"SQLite format 3\0" + bytes(5000))
    elif what == "cut":
        os.truncate(file, 4096 * 20)
    elif what == "spoiled":
        with file.open("r+b") as opened:
            opened.seek(4096 * 7 + 50)
            opened.write(b"xxxx")
    elif what == "drill":
        file.unlink()
        with Store.create(tmp_path / "drill", KEY, drill=True) as drill:
            backup.backup(drill, file)
    elif what in ("newer", "foreign"):
        connection = engines.connect(file, KEY)
        connection.execute("UPDATE alembic_version SET version_num = '9999'" if what == "newer" else "DROP TABLE entry")
        connection.close()
    before = {path.name: path.read_bytes() for path in found_home_files(backed_up)}
    with pytest.raises(KnownError, match=says):
        backup.restore(backed_up, key, file)
    assert {path.name: path.read_bytes() for path in found_home_files(backed_up)} == before
    assert numbers(backed_up) == ["26-1", "26-2"]


def test_a_store_with_its_log_beside_it_is_no_backup(backed_up: Path, tmp_path: Path) -> None:
    used = founded_home(tmp_path / "used")
    (used / f"{engines.DATABASE}-wal").write_bytes(b"what somebody did")
    with pytest.raises(KnownError, match="not a backup"):
        backup.restore(backed_up, KEY, used / engines.DATABASE)


def test_the_backup_itself_is_left_as_it_was(backed_up: Path, file: Path) -> None:
    before = file.read_bytes()
    backup.restore(backed_up, KEY, file)
    assert file.read_bytes() == before
    assert names(file.parent) == [file.name]


def test_drafts_and_passwords_come_back_with_the_record(backed_up: Path, file: Path) -> None:
    backup.restore(backed_up, KEY, file)
    with Store.open(backed_up, KEY) as store:
        assert len(record_of(store)["user"]) > 5
