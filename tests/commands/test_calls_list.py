"""The board as lines: its order, its fields, and nothing in it that steers a terminal."""

import json
import unicodedata
from pathlib import Path

import pytest

from tests.commands.program import Program
from tests.commands.test_replay import HEADER, PLAIN, row

FIELDS = {
    "call": str,
    "number": str,
    "level": str,
    "flagged": bool,
    "reason": str,
    "words": str,
    "source": str,
    "flagged_by": str,
    "suggestion": str,
    "type": str,
    "type_before": str,
    "type_changed_at": (str, type(None)),
    "resurfaced_at": (str, type(None)),
    "place": str,
    "headline": str,
    "reported_at": str,
    "flagged_at": (str, type(None)),
    "claimed_at": (str, type(None)),
    "contacted_at": (str, type(None)),
    "disposed_at": (str, type(None)),
    "owner": str,
    "officer_waiting": bool,
    "advice_waiting": bool,
    "fallback": str,
    "closed": bool,
    "priority": str,
    "units": str,
}
"""What scripts read: names and types of a line's fields, in their order."""


@pytest.fixture
def evening(program: Program, tmp_path: Path) -> Program:
    """A board with a call of every kind."""
    minutes = iter(range(10, 60))
    kinds = {
        "C-plain": "NOISE",
        "C-later": "NOISE",
        "C-suggested": "SUICIDAL PERSON",
        "C-low": "WELFARE CHECK",
        "C-medium": "WELFARE CHECK",
        "C-high": "WELFARE CHECK",
        "C-unset": "WELFARE CHECK",
        "C-officer": "WELFARE CHECK",
        "C-critical": "WELFARE CHECK",
        "C-done": "WELFARE CHECK",
    }
    file = tmp_path / "evening.csv"
    rows = [row(number, f"2026-04-28 21:{next(minutes)}", kind) for number, kind in kinds.items()]
    rows.append(row("C-ended", "2026-04-28 20:00", "NOISE", closed="2026-04-28 20:30"))
    file.write_text("\n".join((HEADER, *rows)) + "\n")
    assert program("calls", "replay", str(file), *PLAIN).status == 0
    for number in ("C-low", "C-medium", "C-high", "C-critical", "C-done"):
        _do(program, "claim", number)
        level = "low" if number == "C-done" else number.removeprefix("C-")
        _do(program, "level", number, level, "--reason", "as told")
    _do(program, "dispose", "C-done", "--disposition", "not-behavioral")
    _do(program, "flag", "C-unset", "--reason", "suicidal", by="dispatcher")
    _do(program, "flag", "C-officer", "--reason", "officer-asks", by="dispatcher")
    return program


def _do(program: Program, *words: str, by: str = "clinician") -> None:
    assert program("calls", *words, by=by).status == 0


def _numbers(program: Program, state: str) -> list[str]:
    return [row["number"] for row in program("calls", "list", "--state", state, "--json").rows]


def test_flagged_calls_stand_worst_first_and_unleveled_ones_right_under_critical(evening: Program) -> None:
    assert _numbers(evening, "flagged") == ["C-critical", "C-unset", "C-officer", "C-high", "C-medium", "C-low"]


def test_open_calls_follow_with_suggestions_first_and_then_the_newest(evening: Program) -> None:
    assert _numbers(evening, "open") == [
        *_numbers(evening, "flagged"),
        *("C-suggested", "26-0002", "26-0001", "C-later", "C-plain"),
    ]
    default = [row["number"] for row in evening("calls", "list", "--json").rows]
    assert default == _numbers(evening, "open")


def test_all_calls_are_those_and_the_ones_that_are_over(evening: Program) -> None:
    everything = _numbers(evening, "all")
    assert sorted(everything) == sorted([*_numbers(evening, "open"), "C-done", "C-ended"])


def test_a_line_has_the_same_fields_whatever_happened(evening: Program) -> None:
    rows = evening("calls", "list", "--state", "all", "--json").rows
    assert len(rows) == 13
    for shown in rows:
        assert list(shown) == list(FIELDS)
        for name, kind in FIELDS.items():
            assert isinstance(shown[name], kind), (name, shown[name])
    by_number = {shown["number"]: shown for shown in rows}
    assert by_number["C-done"]["level"] == "closed"
    assert by_number["C-ended"]["closed"] is True
    assert by_number["C-unset"]["level"] == "not_set"
    assert by_number["C-officer"]["officer_waiting"] is True
    assert {shown["fallback"] for shown in rows} == {""}  # a command does not know who is at work
    assert by_number["C-suggested"]["suggestion"]
    assert by_number["C-critical"]["owner"] == "Clinician"


def test_plain_lines_say_the_same_to_a_person(evening: Program) -> None:
    lines = evening("calls", "list").out.splitlines()
    assert len(lines) == 11
    assert lines[0].startswith("C-critical · CRITICAL · WELFARE CHECK · (Clinician) · flag: ")
    assert lines[1].startswith("C-unset · NOT SET · WELFARE CHECK · flag: Suicidal talk or act")
    assert lines[6].startswith("C-suggested · - · SUICIDAL PERSON · suggested: ")


@pytest.mark.parametrize("who", ["dispatcher", "clinician", "supervisor", "clinical-supervisor"])
def test_everyone_on_the_floor_reads_the_board(program: Program, who: str) -> None:
    assert len(program("calls", "list", by=who).out.splitlines()) == 2


@pytest.mark.parametrize("who", ["technician", "auditor"])
@pytest.mark.parametrize("words", [("calls", "list"), ("calls", "show", "26-0001")])
def test_others_do_not(program: Program, who: str, words: tuple[str, ...]) -> None:
    program.refuses(*words, by=who, says="may not read the operations record")


def test_an_empty_board_is_no_lines(program: Program) -> None:
    ran = program("calls", "list", "--state", "flagged", "--json")
    assert (ran.status, ran.out, ran.err) == (0, "", "")


def test_a_state_that_is_none_is_refused(program: Program) -> None:
    program.refuses("calls", "list", "--state", "urgent", says="argument --state: invalid choice: 'urgent'")


HOSTILE = "\x1b[2J\x1b]0;owned\x07 \x9b31m \u202egnp.exe \u2028 \x7f \x00 tail"


def _steers(text: str) -> list[str]:
    return [
        letter for letter in text if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and letter != "\n"
    ]


@pytest.fixture
def hostile(program: Program, tmp_path: Path) -> Program:
    """A home with a call in which CAD, and then a person, wrote what a terminal obeys."""
    file = tmp_path / "hostile.csv"
    words = HOSTILE.replace("\x00", "")
    file.write_text(f"{HEADER}\n{row('H-1', kind='NOISE ' + words, place=words, narrative=words)}\n", encoding="utf-8")
    assert program("calls", "replay", str(file), *PLAIN).status == 0
    _do(program, "flag", "H-1", "--reason", "other", "--words", words, by="dispatcher")
    _do(program, "claim", "H-1")
    _do(program, "level", "H-1", "low", "--reason", words)
    _do(program, "advise", "H-1", "--words", words)
    return program


@pytest.mark.parametrize("words", [("calls", "list"), ("calls", "show", "H-1")])
@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_nothing_anybody_wrote_reaches_the_terminal_as_a_command(
    hostile: Program, words: tuple[str, ...], as_json: tuple[str, ...]
) -> None:
    ran = hostile(*words, *as_json)
    assert ran.status == 0
    assert _steers(ran.out) == []
    assert "tail" in ran.out


def test_json_holds_what_a_person_wrote_letter_for_letter(hostile: Program) -> None:
    line = next(line for line in hostile("calls", "list", "--json").out.splitlines() if '"H-1"' in line)
    assert json.loads(line)["words"] == HOSTILE.replace("\x00", "").strip()


def test_letters_of_every_language_stay_readable(program: Program) -> None:
    said = "José y Đặng, 李, 😀"
    _do(program, "flag", "26-0001", "--reason", "other", "--words", said, by="dispatcher")
    assert said in program("calls", "show", "26-0001", "--json").out
    assert said in program("calls", "show", "26-0001").out
