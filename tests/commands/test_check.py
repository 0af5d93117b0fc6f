"""What works on this machine: one line a thing, whatever is broken."""

from pathlib import Path

import pytest

from console.models.store.engine import DATABASE
from tests.commands.program import Program

THINGS = ["screen", "sqlite", "key store", "store", "server", "settings", "printer", "sound", "cad"]


def found(program: Program, **environment: str | None) -> dict[str, tuple[str, str]]:
    """State and words for each thing."""
    ran = program("check", "--json", **environment)
    assert all(list(row) == ["name", "state", "says"] for row in ran.rows)
    assert [row["name"] for row in ran.rows] == THINGS
    assert {row["state"] for row in ran.rows} <= {"ok", "limited", "fails"}
    assert ran.status == (1 if "fails" in {row["state"] for row in ran.rows} else 0)
    assert ran.err == ""
    return {row["name"]: (row["state"], row["says"]) for row in ran.rows}


def test_a_desk_that_works(program: Program) -> None:
    ran = program.process("check")
    assert ran.err == ""
    lines = dict.fromkeys(THINGS, "")
    for line in ran.out.splitlines():
        lines[line[:10].strip()] = line
    assert all(lines.values())
    assert "Northside 911, 2 calls, encrypted" in lines["store"]
    assert "this desk's key is sealed under a passphrase" in lines["key store"]
    assert "working alone" in lines["server"]


def test_a_machine_where_nothing_is_set_up(fresh: Program) -> None:
    told = found(fresh)
    assert told["store"] == ("limited", f"nothing is set up in {fresh.home} yet")
    assert told["settings"][0] == "ok"
    assert not fresh.home.exists()


def test_a_wrong_passphrase_fails_the_store_and_nothing_else(program: Program) -> None:
    told = found(program, CLINICIAN_CONSOLE_PASSPHRASE="not that one")
    assert told["store"][0] == "fails"
    assert "The passphrase is wrong" in told["store"][1]
    assert told["server"] == ("limited", "not known while the store cannot be opened")


@pytest.mark.parametrize("name", [DATABASE, "key.json"])
def test_a_damaged_home_fails_the_store_and_the_rest_is_still_told(program: Program, name: str) -> None:
    (program.home / name).write_bytes(b"nonsense")
    told = found(program)
    assert told["store"][0] == "fails"
    assert str(program.home / name) in told["store"][1]


def test_settings_that_cannot_be_read_fail_and_the_rest_is_still_told(program: Program) -> None:
    (program.home / "config.toml").write_text("printer = 7\n")
    told = found(program)
    assert told["settings"][0] == "fails"
    assert "line 1" in told["settings"][1]


def test_a_chosen_cad_profile_is_read(program: Program) -> None:
    config: Path = program.home / "config.toml"
    config.write_text('cad_profile = "seattle"\n')
    assert found(program)["cad"] == ("ok", "profile seattle")
    config.write_text('cad_profile = "atlantis"\n')
    state, says = found(program)["cad"]
    assert (state, "There is no profile 'atlantis'" in says) == ("fails", True)


def test_a_printer_that_is_not_there_is_no_silence(program: Program) -> None:
    (program.home / "config.toml").write_text('printer = "Front"\n')
    state, says = found(program, CUPS_SERVER="/nonexistent/cups.sock")["printer"]
    assert state == "limited"
    assert says
