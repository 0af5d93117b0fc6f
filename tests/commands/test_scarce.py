"""A machine that gives less than a run needs: a full disk, a home that cannot be written, no screen."""

import shutil
from pathlib import Path

import pytest

from console.models.store.store import set_fact
from console.settings import resources
from tests.commands.program import Program, after, at_desk, bytes_of
from tests.commands.test_replay import HEADER, row
from tests.support.unprivileged import start_unprivileged

FULL = after("import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))")
"""No file can grow beyond 40,000 bytes: what a disk does that is full, but for the word it says."""


NO_ROOM = after("import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))")
"""No file can grow at all."""


@pytest.fixture
def unprivileged() -> tuple[str, ...]:
    return start_unprivileged("console")


@pytest.fixture
def many(program: Program, tmp_path: Path) -> list[tuple[str, ...]]:
    """Commands that write more than fits, on a home that holds a call with a lot to tell."""
    export = tmp_path / "export.csv"
    rows = [row(f"26-{n}", place="Alder St " * 20) for n in range(1_000, 1_200)]
    export.write_text("\n".join((HEADER, *rows)) + "\n")
    assert (
        program("directory", "import", str(resources() / "directory" / "westside.csv"), by="administrator").status == 0
    )
    shorter = tmp_path / "services.csv"
    shorter.write_text("\n".join((resources() / "directory" / "westside.csv").read_text().splitlines()[:2]) + "\n")
    return [
        ("calls", "replay", str(export), "--profile", "generic-csv"),
        ("directory", "import", str(shorter), "--as", "administrator"),
        ("calls", "flag", "26-0001", "--reason", "other", "--words", "word " * 5_000, "--as", "dispatcher"),
        ("journal", "export", str(tmp_path / "out.jsonl"), "--as", "clinician"),
        ("sheet", "render", "26-0001", "--out", str(tmp_path / "out.pdf"), "--as", "clinician"),
        ("store", "backup", str(tmp_path / "out.db")),
    ]


def test_on_a_full_disk_nothing_is_lost_and_nothing_half_done_is_left(
    program: Program, tmp_path: Path, many: list[tuple[str, ...]]
) -> None:
    listed = program("calls", "list", "--json").out
    services = program("directory", "search", "--json").out
    for words in many:
        ran = program.process(*words, start=FULL)
        assert (ran.status, ran.out) == (2, ""), (words, ran)
        assert ran.line
        assert "went wrong" not in ran.line, ran.line
        assert not list(tmp_path.glob("*out*")), words
    assert program("journal", "verify").status == 0
    assert program("journal", "rebuild").status == 0
    assert program("store", "check").status == 0
    assert program("calls", "list", "--json").out == listed
    assert program("directory", "search", "--json").out == services


def test_an_export_or_backup_that_does_not_fit_leaves_no_file(
    program: Program, tmp_path: Path, many: list[tuple[str, ...]]
) -> None:
    """The home has room; the place the file goes to has not."""
    assert program(*many[0]).status == 0
    room = after("import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))")
    for words, says in (
        (("journal", "export", str(tmp_path / "out"), "--as", "clinician"), f"{tmp_path / 'out'} cannot be written: "),
        (("store", "backup", str(tmp_path / "out")), f"The disk that holds {tmp_path} is full or failing."),
    ):
        ran = program.process(*words, start=room)
        assert (ran.status, ran.out) == (2, "")
        assert ran.line.startswith(says)
        assert not list(tmp_path.glob("*out*"))


def test_a_set_up_on_a_full_disk_leaves_a_home_that_can_be_set_up(fresh: Program) -> None:
    words = ("setup", "--center", "Northside", "--administrator", "first")
    ran = fresh.process(*words, start=FULL)
    assert (ran.status, ran.out) == (2, "")
    assert "full or failing" in ran.line or "could not be written" in ran.line
    assert "console.db" not in {path.name for path in fresh.home.iterdir()}
    assert fresh(*words).status == 0


@pytest.fixture
def read_only(program: Program) -> Program:
    """A home in which nothing can be written."""
    for path in program.home.iterdir():
        path.chmod(0o400)
    program.home.chmod(0o500)
    return program


def test_a_home_that_cannot_be_written_is_told_and_left_as_it_is(
    read_only: Program, unprivileged: tuple[str, ...]
) -> None:
    before = bytes_of(read_only.home)
    for words in (
        ("calls", "claim", "26-0001", "--as", "clinician"),
        ("journal", "rebuild"),
        ("setup", "--center", "Northside", "--administrator", "first"),
    ):
        ran = read_only.process(*words, start=unprivileged)
        assert (ran.status, ran.out) == (2, ""), ran
        assert str(read_only.home) in ran.line
        assert "ermission" in ran.line
    assert bytes_of(read_only.home) == before
    read_only.home.chmod(0o700)


READING = (("calls", "list"), ("users", "list"), ("desks", "list"), ("sync", "status"), ("journal", "verify"))


def test_what_only_reads_works_where_nothing_can_be_written(program: Program, unprivileged: tuple[str, ...]) -> None:
    listed = {words: program(*words).out for words in READING}
    for path in program.home.iterdir():
        path.chmod(0o400)
    program.home.chmod(0o500)
    before = bytes_of(program.home)
    for words in READING:
        ran = program.process(*words, start=unprivileged)
        assert (ran.status, ran.out, ran.err) == (0, listed[words], ""), words
    assert bytes_of(program.home) == before
    program.home.chmod(0o700)


def test_what_only_reads_works_on_a_disk_without_any_room(program: Program) -> None:
    listed = program("calls", "list").out
    ran = program.process("calls", "list", start=NO_ROOM)
    assert (ran.status, ran.out) == (0, listed), ran


def test_what_stands_in_a_log_is_not_left_out_where_nothing_can_be_written(
    program: Program, tmp_path: Path, unprivileged: tuple[str, ...]
) -> None:
    left = Program(tmp_path / "left")
    with at_desk(program) as desk:
        with desk.store.write() as transaction:
            set_fact(transaction.connection, "said", "")
        shutil.copytree(program.home, left.home)  # as a power cut leaves it
    (left.home / "console.db-shm").unlink()
    left.home.chmod(0o500)
    ran = left.process("calls", "list", start=unprivileged)
    assert (ran.status, ran.out) == (2, "")
    assert f"what was entered last stands in {left.home / 'console.db-wal'}" in ran.line
    left.home.chmod(0o700)
    assert left("calls", "list").status == 0


def test_a_home_below_a_folder_that_cannot_be_written_is_told(tmp_path: Path, unprivileged: tuple[str, ...]) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    program = Program(tmp_path / "locked" / "home")
    ran = program.process("setup", "--center", "North", "--administrator", "first", start=unprivileged)
    assert (ran.status, ran.out) == (2, "")
    assert f"{program.home} cannot be used as the folder for this desk's data (Permission denied)." in ran.line
    assert list((tmp_path / "locked").iterdir()) == []


@pytest.mark.parametrize("words", [(), ("drill",)])
def test_without_a_screen_the_desktop_says_so(fresh: Program, words: tuple[str, ...]) -> None:
    ran = fresh.process(*words, DISPLAY=None, WAYLAND_DISPLAY=None, QT_QPA_PLATFORM=None)
    assert (ran.status, ran.out) == (2, "")
    assert ran.line.startswith("There is no screen here: neither DISPLAY nor WAYLAND_DISPLAY is set.")
    assert not fresh.home.exists()


@pytest.mark.parametrize("words", [(), ("drill",)])
def test_a_screen_that_cannot_be_reached_is_one_line_and_no_crash(fresh: Program, words: tuple[str, ...]) -> None:
    ran = fresh.process(*words, DISPLAY=":4711", WAYLAND_DISPLAY=None, QT_QPA_PLATFORM="xcb")
    assert (ran.status, ran.out) == (2, "")
    assert ran.line.startswith("The screen cannot be opened (could not connect to display :4711).")
    assert not fresh.home.exists()


def test_a_drill_that_is_none_is_named(fresh: Program) -> None:
    ran = fresh.process("drill", "--scenario", "apocalypse", QT_QPA_PLATFORM="offscreen")
    assert (ran.status, ran.out) == (2, "")
    assert ran.line == "There is no drill 'apocalypse'. Known: evening, quiet-night, surge."


def test_the_desktop_says_what_is_wrong_with_its_settings(program: Program) -> None:
    (program.home / "config.toml").write_text('theme = "plaid"\n')
    ran = program.process(QT_QPA_PLATFORM="offscreen")
    assert (ran.status, ran.out) == (2, "")
    assert ran.line.startswith(f"{program.home}/config.toml, line 1: theme cannot be 'plaid'.")
