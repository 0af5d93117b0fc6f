"""The police sheet as a file: what it says, its numbers, and what is held back."""

import hashlib
import io
import stat
from pathlib import Path
from typing import Any

import pypdf
import pytest

from console.actions import calls as acts
from console.actions import people
from console.commands.finding import find_call
from tests.commands.program import PASSWORD, Program, at_desk

CALL = "26-0002"
RENDER = ("sheet", "render", CALL, "--audience", "police", "--out")


def words_of(pdf: bytes) -> str:
    """The text of a PDF of one page, on one line."""
    (page,) = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(page.extract_text().split())


def state(program: Program, field: str, value: str, source: str) -> None:
    """State a fact in the call's workspace."""
    with at_desk(program) as desk:
        clinician = people.sign_in(desk, "clinician", PASSWORD)
        acts.state_fact(desk, clinician, find_call(desk, CALL), field, value, source)


def sheets(program: Program) -> list[dict[str, Any]]:
    """What the record knows of the call's sheets."""
    found: list[dict[str, Any]] = program("calls", "show", CALL, "--json").row["sheets"]
    return found


def test_the_sheet_says_what_is_known_and_unknown_for_what_is_not(program: Program, tmp_path: Path) -> None:
    state(program, "weapons.reported", "Handgun in the garage", "caller")
    assert program("calls", "claim", CALL, by="clinician").status == 0
    assert program("calls", "level", CALL, "high", "--reason", "intent, means near", by="clinician").status == 0
    out = tmp_path / "sheet.pdf"
    ran = program.process(*RENDER, str(out), "--recipient", "Unit 12", "--json", by="clinician")
    assert (ran.status, ran.err) == (0, "")
    answer = ran.row
    assert list(answer) == ["file", "copy", "version", "code", "withheld"]
    assert (answer["file"], answer["copy"], answer["version"], answer["withheld"]) == (str(out), 1, 1, [])
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    words = words_of(out.read_bytes())
    for said in (
        CALL,
        "88 Birch Ave",
        "HIGH",
        "intent, means near",
        "Handgun in the garage",
        "UNKNOWN",
        answer["code"],
    ):
        assert said in words, said


def test_every_copy_has_the_next_number_and_what_changed_a_new_version(program: Program, tmp_path: Path) -> None:
    numbers = []
    for name in ("one.pdf", "two.pdf"):
        ran = program(*RENDER, str(tmp_path / name), "--json", by="dispatcher")
        numbers.append((ran.row["version"], ran.row["copy"]))
    state(program, "weapons.reported", "None reported", "caller")
    ran = program(*RENDER, str(tmp_path / "three.pdf"), "--json", by="clinician")
    numbers.append((ran.row["version"], ran.row["copy"]))
    assert numbers == [(1, 1), (1, 2), (2, 3)]
    (sheet,) = sheets(program)
    assert [copy["copy"] for copy in sheet["copies"]] == [1, 2, 3]
    assert "replaces" in words_of((tmp_path / "three.pdf").read_bytes()).casefold()


def test_a_second_copy_may_take_the_place_of_the_file(program: Program, tmp_path: Path) -> None:
    out = tmp_path / "sheet.pdf"
    program(*RENDER, str(out), by="clinician")
    first = out.read_bytes()
    assert program(*RENDER, str(out), by="clinician").status == 0
    assert out.read_bytes() != first


def test_what_is_held_back_is_named_and_does_not_print(program: Program, tmp_path: Path) -> None:
    state(program, "medical.substances", "Left the clinic on Elm last week", "part2")
    state(program, "violence.now", "Threatened his brother", "confidential")
    out = tmp_path / "sheet.pdf"
    ran = program(*RENDER, str(out), "--json", by="clinician")
    withheld = {each["field"]: each["why"] for each in ran.row["withheld"]}
    assert "42 CFR Part 2" in withheld["Medical: alcohol/drugs"]
    assert withheld["Violence now"].startswith("Only who told it")
    words = words_of(out.read_bytes())
    assert "Elm" not in words
    assert "Threatened his brother" in words
    plain = program(*RENDER, str(out), by="clinician").out
    assert plain.startswith(f"{out}: copy 2 of version 1, sheet ")
    assert "Withheld: " in plain
    assert "Medical: alcohol/drugs" in plain


def test_a_person_is_told_when_nothing_is_held_back(program: Program, tmp_path: Path) -> None:
    assert program(*RENDER, str(tmp_path / "s.pdf"), by="clinician").out.endswith(" Nothing withheld.\n")


def test_a_copy_that_could_not_be_written_is_in_the_record_as_failed(program: Program, tmp_path: Path) -> None:
    program.refuses(*RENDER, str(tmp_path / f"{'x' * 249}.pdf"), by="clinician", says="could not be written")
    (sheet,) = sheets(program)
    (copy,) = sheet["copies"]
    assert (copy["copy"], "could not be written" in copy["failed"]) == (1, True)
    assert program(*RENDER, str(tmp_path / "sheet.pdf"), "--json", by="clinician").row["copy"] == 2


def test_a_folder_is_not_written_over(program: Program, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    folder, before = tmp_path / "folder", program.entries()
    says = f"{folder} is a folder. Name the file to write, for example {folder / 'sheet.pdf'}."
    program.refuses(*RENDER, str(folder), by="clinician", says=says)
    program.refuses(*RENDER, str(tmp_path / "none" / "a.pdf"), by="clinician", says=f"no folder {tmp_path / 'none'}")
    assert program.entries() == before
    assert list((tmp_path / "folder").iterdir()) == []


def test_nothing_but_an_earlier_sheet_gives_way_to_a_sheet(program: Program, tmp_path: Path) -> None:
    table = tmp_path / "calls.csv"
    table.write_text("number,type\n")
    empty = tmp_path / "empty"
    empty.touch()
    for kept in (program.home / "console.db", program.home / "key.json", table):
        before = kept.read_bytes()
        program.refuses(*RENDER, str(kept), by="clinician", says=f"{kept} exists and is no PDF, so it is not replaced")
        if kept.name != "console.db":  # that the copy failed is written there
            assert kept.read_bytes() == before
    assert program("store", "check").status == 0
    assert program(*RENDER, str(empty), by="clinician").status == 0


@pytest.mark.parametrize("who", ["auditor", "technician"])
def test_the_sheet_is_for_the_people_of_the_floor(program: Program, tmp_path: Path, who: str) -> None:
    program.refuses(*RENDER, str(tmp_path / "sheet.pdf"), by=who, says="may not")
    assert not (tmp_path / "sheet.pdf").exists()
    assert sheets(program) == []


def test_a_sheet_needs_a_person_a_call_and_a_file(program: Program, tmp_path: Path) -> None:
    out = str(tmp_path / "sheet.pdf")
    program.refuses(*RENDER, out, says="name them with --as USER")
    program.refuses("sheet", "render", "26-9", "--out", out, by="clinician", status=1, says="There is no call '26-9'")
    program.refuses("sheet", "render", CALL, by="clinician", says="the following arguments are required: --out")
    program.refuses("sheet", "render", CALL, "--out", "", by="clinician", says="argument --out: it is empty")
    program.refuses(*RENDER[:4], "mayor", "--out", out, by="clinician", says="invalid choice: 'mayor'")
    assert not Path(out).exists()


def test_every_sheet_is_an_entry_and_the_file_is_what_was_recorded(program: Program, tmp_path: Path) -> None:
    out = tmp_path / "sheet.pdf"
    assert program(*RENDER, str(out), by="clinician").status == 0
    (sheet,) = sheets(program)
    (copy,) = sheet["copies"]
    assert copy["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert copy["to"] == "file sheet.pdf"
