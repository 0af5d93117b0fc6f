"""Homes that are damaged, foreign or in use: one line that says what and where, and not a byte is changed."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import filelock
import pytest

from console.models.store.engine import DATABASE
from tests.commands.program import Program, at_desk, bytes_of

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("calls", "list"),
    ("calls", "claim", "26-0001", "--as", "clinician"),
    ("calls", "replay", "nothing.csv", "--profile", "generic-csv"),
    ("users", "list"),
    ("directory", "search", "food"),
    ("journal", "verify"),
    ("journal", "rebuild"),
    ("journal", "export", "{elsewhere}/out.jsonl", "--as", "clinician"),
    ("sheet", "render", "26-0001", "--out", "{elsewhere}/out.pdf", "--as", "clinician"),
    ("store", "backup", "{elsewhere}/out.db"),
)


def sealed_key(home: Path) -> Path:
    """The file that holds the key under the passphrase."""
    (path,) = home.glob("sealed-key-*.json")
    return path


def _gone(home: Path) -> None:
    shutil.rmtree(home)


def _emptied(home: Path) -> None:
    shutil.rmtree(home)
    home.mkdir(mode=0o700)


def _a_file(home: Path) -> None:
    shutil.rmtree(home)
    home.write_text("words")


def _plaintext(home: Path) -> None:
    (home / DATABASE).unlink()
    connection = sqlite3.connect(home / DATABASE)
    connection.execute("CREATE TABLE call (number)")
    connection.close()


def _newer(home: Path) -> None:
    with at_desk(Program(home)) as desk, desk.store.write() as transaction:
        transaction.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")


def _cut(name: str, keep: int) -> Callable[[Path], None]:
    def cut(home: Path) -> None:
        path = home / name if name else sealed_key(home)
        path.write_bytes(path.read_bytes()[:keep])

    return cut


def _written(name: str, held: bytes) -> Callable[[Path], None]:
    return lambda home: Path.write_bytes(home / name, held) and None


def _without(name: str) -> Callable[[Path], None]:
    return lambda home: (home / name if name else sealed_key(home)).unlink()


def _folder(name: str) -> Callable[[Path], None]:
    def make(home: Path) -> None:
        (home / name).unlink(missing_ok=True)
        (home / name).mkdir()

    return make


def _changed(name: str, before: bytes, after: bytes) -> Callable[[Path], None]:
    def change(home: Path) -> None:
        held = (home / name).read_bytes()
        assert before in held
        (home / name).write_bytes(held.replace(before, after))

    return change


DAMAGE: dict[str, tuple[Callable[[Path], None], str]] = {
    "no home": (_gone, "Nothing is set up in {home} yet. Run 'clinician-console setup', or name the right --home."),
    "empty home": (_emptied, "Nothing is set up in {home} yet."),
    "a file": (_a_file, "{home} is not a folder. Name the right one with --home."),
    "plaintext": (_plaintext, "{home}/console.db is a plaintext SQLite file, not an encrypted store."),
    "no store": (_without(DATABASE), "There is no store in {home}. Put a backup back with"),
    "store of nothing": (_cut(DATABASE, 0), "{home}/console.db is empty or cut off. It was not changed; restore"),
    "store of 5 bytes": (_cut(DATABASE, 5), "{home}/console.db is empty or cut off."),
    "store of one page": (_cut(DATABASE, 4096), "{home}/console.db is damaged. It was not changed;"),
    "half a store": (_cut(DATABASE, 60_000), "{home}/console.db is damaged. It was not changed;"),
    "foreign store": (_written(DATABASE, os.urandom(16_384)), "{home}/console.db cannot be read with this desk's key"),
    "store is a folder": (_folder(DATABASE), "{home}/console.db: Is a directory."),
    "newer store": (_newer, "{home}/console.db was written by a newer version of Clinician Console (tables 9999)."),
    "no key.json": (_without("key.json"), "{home}/key.json is not there: this home was never set up, or the file"),
    "empty key.json": (_cut("key.json", 0), "{home}/key.json is truncated or was changed."),
    "half a key.json": (_cut("key.json", 60), "{home}/key.json is truncated or was changed."),
    "binary key.json": (_written("key.json", b"\xff\0\x1b[2J"), "{home}/key.json is truncated or was changed."),
    "other key.json": (_written("key.json", b"{}\n"), "{home}/key.json is truncated or was changed."),
    "huge key.json": (_written("key.json", b" " * 70_000), "{home}/key.json is larger than 65536 bytes"),
    "newer key.json": (_changed("key.json", b'"version": 1', b'"version": 2'), "was written by a newer version"),
    "key.json is a folder": (_folder("key.json"), "{home}/key.json cannot be read (Is a directory)."),
    "no sealed key": (_without(""), "is missing: it holds the key of the database."),
    "half a sealed key": (_cut("", 80), "is truncated or damaged, or is no sealed key."),
}


@pytest.mark.parametrize("damage", list(DAMAGE))
def test_a_damaged_home_is_told_in_one_line_and_left_as_it_is(program: Program, tmp_path: Path, damage: str) -> None:
    do, says = DAMAGE[damage]
    do(program.home)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    before = bytes_of(tmp_path)
    for words in COMMANDS:
        filled = [word.replace("{elsewhere}", str(elsewhere)) for word in words]
        program.refuses(*filled, says=says.replace("{home}", str(program.home)))
        assert bytes_of(tmp_path) == before, words


@pytest.mark.parametrize("damage", [name for name in DAMAGE if name not in ("no home", "empty home", "no store")])
def test_a_damaged_home_is_not_set_up_over(program: Program, tmp_path: Path, damage: str) -> None:
    do, _ = DAMAGE[damage]
    do(program.home)
    before = bytes_of(tmp_path)
    program.refuses("setup", "--center", "Northside", "--administrator", "first", says=str(program.home))
    assert bytes_of(tmp_path) == before


@pytest.mark.parametrize(
    ("passphrase", "says"),
    [
        ("not these words", "The passphrase is wrong: it does not open {home}/sealed-key-"),
        (
            None,
            "The key of {home} is sealed under a passphrase. Put it into the environment variable "
            "CLINICIAN_CONSOLE_PASSPHRASE, or start the desktop, which asks for it.",
        ),
        ("", "The key of {home} is sealed under a passphrase."),
        ("caf\udce9", "The passphrase holds bytes that are not text."),
    ],
)
def test_without_the_right_passphrase_nothing_is_opened(program: Program, passphrase: str | None, says: str) -> None:
    before = bytes_of(program.home)
    for words in (("calls", "list"), ("journal", "verify"), ("store", "check"), ("users", "list")):
        program.refuses(*words, says=says.replace("{home}", str(program.home)), CLINICIAN_CONSOLE_PASSPHRASE=passphrase)
    assert bytes_of(program.home) == before


def test_store_check_answers_no_for_a_damaged_file_and_says_what_to_do(program: Program) -> None:
    (program.home / DATABASE).write_bytes(b"")
    ran = program("store", "check")
    assert ran.status == 1
    assert "clinician-console store restore FILE" in ran.out
    assert ran.err == ""


def test_what_changes_a_home_is_refused_while_another_process_has_it(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text("x")
    with filelock.FileLock(program.home / "lock"):
        for words in (
            ("setup", "--center", "Northside", "--administrator", "first"),
            ("users", "add", "newcomer", "--role", "auditor", "--as", "administrator"),
            ("calls", "replay", str(file), "--profile", "generic-csv"),
            ("directory", "import", str(file), "--as", "administrator"),
            ("journal", "rebuild"),
            ("journal", "export", str(tmp_path / "out"), "--as", "clinician"),
            ("sheet", "render", "26-0001", "--out", str(tmp_path / "out"), "--as", "clinician"),
        ):
            program.refuses(*words, says=f"Another Clinician Console has {program.home} open.")
        for words in (("calls", "list"), ("users", "list"), ("journal", "verify"), ("store", "check")):
            assert program(*words).status == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export.csv", "home"]


def test_a_home_that_is_open_elsewhere_says_so_before_it_asks_for_the_passphrase(program: Program) -> None:
    with filelock.FileLock(program.home / "lock"):
        program.refuses(
            *("journal", "rebuild"), says="Another Clinician Console has", CLINICIAN_CONSOLE_PASSPHRASE=None
        )
