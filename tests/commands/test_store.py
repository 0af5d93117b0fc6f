"""Backups of the encrypted file, putting one back, and looking at its health."""

import stat
from pathlib import Path

import filelock
import pytest

from console.models.store.engine import DATABASE
from tests.commands.program import Program, bytes_of

CALL = "26-0001"


def test_a_backup_is_encrypted_private_and_holds_what_the_store_holds(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "copy.db"
    ran = program.process("store", "backup", str(file), "--json")
    assert (ran.status, ran.err) == (0, "")
    assert ran.row == {"file": str(file), "bytes": file.stat().st_size, "entries": program.entries()}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    held = file.read_bytes()
    assert not held.startswith(b"SQLite")
    assert b"412 Alder" not in held
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "home"]


def test_a_backup_can_be_made_while_the_desktop_has_the_home_open(program: Program, tmp_path: Path) -> None:
    with filelock.FileLock(program.home / "lock"):
        assert program("store", "backup", str(tmp_path / "copy.db")).status == 0
        program.refuses("store", "restore", str(tmp_path / "copy.db"), says="Another Clinician Console has")


def test_a_restored_backup_is_the_store_as_it_was_and_the_other_is_kept(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "copy.db"
    program("store", "backup", str(file))
    before = program("calls", "list", "--json").out
    assert program("calls", "claim", CALL, by="clinician").status == 0
    entries = program.entries()
    changed = program("calls", "list", "--json").out
    ran = program.process("store", "restore", str(file), "--json")
    assert (ran.status, ran.err) == (0, "")
    kept = Path(ran.row["kept"])
    assert ran.row["entries"] == entries - 3  # the flag, the claim, the encounter
    assert program("calls", "list", "--json").out == before
    assert program("journal", "verify").status == 0
    assert program("calls", "claim", CALL, by="clinician").status == 0
    assert program("store", "restore", str(kept / DATABASE)).status == 0
    assert program("calls", "list", "--json").out == changed


def test_a_store_that_is_gone_is_put_back(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "copy.db"
    program("store", "backup", str(file))
    (program.home / DATABASE).unlink()
    program.refuses("calls", "list", says="There is no store in")
    ran = program("store", "restore", str(file))
    assert ran.out == f"{program.entries()} entries restored.\n"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("there.db", "exists already and is not overwritten. Choose another name."),
        ("missing/copy.db", "Make it, or choose another place."),
        ("home/console.db", "exists already and is not overwritten. Choose another name."),
        ("", "exists already and is not overwritten"),
    ],
)
def test_a_backup_overwrites_nothing(program: Program, tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "there.db").write_text("mine")
    before = bytes_of(tmp_path)
    program.refuses("store", "backup", str(tmp_path / name), says=says)
    assert bytes_of(tmp_path) == before


def test_what_is_no_backup_of_this_home_is_not_put_back(program: Program, tmp_path: Path) -> None:
    program("store", "backup", str(tmp_path / "copy.db"))
    whole = (tmp_path / "copy.db").read_bytes()
    files = {
        "words": b"not a backup",
        "cut": whole[: len(whole) // 2],
        "plain": b"SQLite format 3\0" + bytes(4080),
        "flipped": whole[:9000] + bytes([whole[9000] ^ 1]) + whole[9001:],
        "empty": b"",
    }
    for name, held in files.items():
        (tmp_path / name).write_bytes(held)
    before = bytes_of(tmp_path)
    for name in files:
        program.refuses("store", "restore", str(tmp_path / name), says=str(tmp_path / name))
        assert bytes_of(tmp_path) == before, name
    program.refuses("store", "restore", str(tmp_path / "nothing"), says="There is no file")
    program.refuses("store", "restore", str(tmp_path), says="There is no file")


def test_the_backup_of_another_home_is_not_put_back(program: Program, fresh: Program, tmp_path: Path) -> None:
    other = Program(tmp_path / "other")
    assert other("setup", "--center", "Southside", "--administrator", "first").status == 0
    assert other("store", "backup", str(tmp_path / "theirs.db")).status == 0
    before = bytes_of(program.home)
    program.refuses("store", "restore", str(tmp_path / "theirs.db"), says="the key is another one")
    assert bytes_of(program.home) == before


def test_everything_right_is_a_line_each(program: Program) -> None:
    ran = program.process("store", "check", "--json")
    assert (ran.status, ran.err) == (0, "")
    assert all(list(row) == ["thing", "ok", "says"] for row in ran.rows)
    assert [row["thing"] for row in ran.rows] == [
        *("library", "space", "file", "permissions", "pages", "tables", "journal")
    ]
    assert {row["ok"] for row in ran.rows} == {True}
    assert "ok     " in program("store", "check").out


def test_a_file_others_may_read_is_told(program: Program) -> None:
    (program.home / DATABASE).chmod(0o644)
    ran = program("store", "check")
    assert ran.status == 1
    (line,) = [line for line in ran.out.splitlines() if "NOT OK" in line]
    assert line.startswith("permissions")
    assert "Set it to 0600." in line


def test_one_changed_byte_is_found_and_nothing_is_repaired(program: Program) -> None:
    path = program.home / DATABASE
    held = bytearray(path.read_bytes())
    held[-2000] ^= 1
    path.write_bytes(held)
    ran = program("store", "check", "--json")
    assert ran.status == 1
    assert "pages" in [row["thing"] for row in ran.rows if not row["ok"]]
    assert path.read_bytes() == held


def test_a_store_can_be_checked_while_it_is_in_use(program: Program) -> None:
    with filelock.FileLock(program.home / "lock"):
        assert program("store", "check").status == 0


def test_a_file_written_anew_holds_what_it_held(program: Program) -> None:
    before = program("journal", "verify").out
    assert " bytes before, " in program("store", "compact").out
    assert program("journal", "verify").out == before
