"""A disk that is full: a clear line, nothing lost, nothing half done, and work goes on when there is space again."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from console.actions import calls, drafts, encounters, flags
from console.errors import KnownError
from console.models.store import health, rebuild, verify
from console.models.store.desk import Desk
from console.models.store.store import Store
from tests.support.desk import KEY, entry_count, found_home_files, founded_home, open_desk, person

LINE = re.compile(r"The disk that holds .* is full or failing\. Nothing was lost; free space and try again\.")
FULL = re.compile(r"full or failing|No space left")


def limit_pages(store: Store, pages: int) -> None:
    with store.write() as transaction:
        transaction.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


def page_count(store: Store) -> int:
    with store.read() as connection:
        return int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())


def sound(store: Store) -> bool:
    return verify.verify(store).whole and rebuild.rebuild(store).same


def until_full(act: Callable[[int], object]) -> int:
    """Act again and again until the disk is full; how often it was acknowledged."""
    for number in range(10_000):
        try:
            act(number)
        except KnownError as error:
            if not FULL.search(error.message):
                raise
            return number
    raise AssertionError("the disk never filled")


def messages(desk: Desk, call: UUID) -> Callable[[int], object]:
    return lambda number: calls.message(desk, person("dispatcher"), call, f"{number} " + "x" * 900)


def test_when_no_page_is_left_the_act_is_refused_whole_and_work_goes_on_after(desk: Desk) -> None:
    dispatcher = person("dispatcher")
    call, _ = flags.enter_call(desk, dispatcher, "26-1", "WELFARE CHECK", "1 Elm St")
    limit_pages(desk.store, page_count(desk.store) + 10)
    before = entry_count(desk.store)
    acknowledged = until_full(messages(desk, call))
    assert entry_count(desk.store) == before + acknowledged
    assert sound(desk.store)
    with pytest.raises(KnownError, match=LINE):
        drafts.keep(desk, dispatcher, "note", "y" * 50_000)
    with desk.store.read() as connection:
        assert len(list(connection.exec_driver_sql("SELECT 1 FROM draft"))) == 0
    limit_pages(desk.store, 1_000_000)
    calls.message(desk, dispatcher, call, "there is space again")
    assert entry_count(desk.store) == before + acknowledged + 1
    assert sound(desk.store)


def test_a_full_disk_in_the_middle_of_an_act_leaves_nothing_of_it(desk: Desk) -> None:
    """A claim of a call that nobody flagged is three entries: all or none, wherever the space ends."""
    dispatcher = person("dispatcher")
    waiting = [flags.enter_call(desk, dispatcher, str(n), "WELFARE CHECK", "1 Elm St", "x" * 700)[0] for n in range(30)]
    other, _ = flags.enter_call(desk, dispatcher, "other", "WELFARE CHECK", "1 Elm St")
    pages = page_count(desk.store)
    limit_pages(desk.store, pages)
    until_full(lambda number: calls.message(desk, dispatcher, other, "x"))
    outcomes = set()
    for room, call in enumerate(waiting):
        limit_pages(desk.store, pages + room // 3)
        before = entry_count(desk.store)
        try:
            encounters.claim_and_begin(desk, person("clinician"), call)
        except KnownError as error:
            outcomes.add((bool(LINE.match(error.message)), entry_count(desk.store) - before))
        else:
            outcomes.add((False, entry_count(desk.store) - before))
    assert outcomes == {(True, 0), (False, 3)}
    limit_pages(desk.store, 1_000_000)
    assert sound(desk.store)


LIMITED = """
import resource, sys
from pathlib import Path
from console.actions import calls, flags
from console.errors import KnownError
from tests.support.desk import open_desk, person
desk = open_desk(Path(sys.argv[1]))
dispatcher = person("dispatcher")
call, _ = flags.enter_call(desk, dispatcher, "26-1", "WELFARE CHECK", "1 Elm St")
log = desk.store.path.with_name(desk.store.path.name + "-wal")
resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + 300_000, resource.RLIM_INFINITY))
acknowledged = []
try:
    while True:
        acknowledged += calls.message(desk, dispatcher, call, f"{len(acknowledged)} " + "x" * 900).entries
except KnownError as error:
    print(error, flush=True)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
acknowledged += calls.message(desk, dispatcher, call, "there is space again").entries
desk.store.close()
print(*acknowledged)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
def test_a_file_that_may_not_grow_is_a_full_disk(home: Path) -> None:
    """The system says "disk I/O error" here, not "full"."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(founded_home(home))],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=Path(__file__).parents[3],
    )
    line, acknowledged = done.stdout.splitlines()
    assert "is full or failing. Nothing was lost" in line
    assert done.stderr == ""
    assert len(acknowledged.split()) > 3
    with Store.open(home, KEY) as store:
        with store.read() as connection:
            there = {
                str(UUID(bytes=row[0]))
                for row in connection.exec_driver_sql("SELECT id FROM entry WHERE kind = 'call.messaged'")
            }
        assert there == set(acknowledged.split())
        assert sound(store)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    place = tmp_path / "disk"
    place.mkdir()
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("this machine lets nobody mount a file system")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_disk_that_is_really_full(small_disk: Path) -> None:
    home = founded_home(small_disk / "home")
    desk = open_desk(home)
    call, _ = flags.enter_call(desk, person("dispatcher"), "26-1", "WELFARE CHECK", "1 Elm St")
    other = small_disk / "somebody else's file"
    with other.open("wb") as file:
        file.write(bytes(health.free_space(home) - 150_000))
    before = entry_count(desk.store)
    acknowledged = until_full(messages(desk, call))
    assert acknowledged > 3
    assert entry_count(desk.store) == before + acknowledged
    assert verify.verify(desk.store).whole
    until_full(lambda number: drafts.keep(desk, person("dispatcher"), f"field {number}", "y" * 500))
    desk.store.close()
    desk = open_desk(home)
    assert entry_count(desk.store) == before + acknowledged
    other.unlink()
    calls.message(desk, person("dispatcher"), call, "there is space again")
    assert entry_count(desk.store) == before + acknowledged + 1
    assert sound(desk.store)
    desk.store.close()
    with Store.open(home, KEY) as store:
        assert entry_count(store) == before + acknowledged + 1


def test_a_disk_too_full_for_a_new_store_gets_none(small_disk: Path) -> None:
    with (small_disk / "somebody else's file").open("wb") as file:
        file.write(bytes(health.free_space(small_disk) - 100_000))
    home = small_disk / "home"
    with pytest.raises(KnownError, match=FULL):
        Store.create(home, KEY)
    assert [path.name for path in found_home_files(home)] == ["lock"]
    (small_disk / "somebody else's file").unlink()
    Store.create(home, KEY).close()
