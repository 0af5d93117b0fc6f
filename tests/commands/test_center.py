"""The center's own lists: read as a file, changed, given back."""

import json
import tomllib
from pathlib import Path

import pytest

from console.settings import resources
from tests.commands.program import Program

SHIPPED = tomllib.loads((resources() / "center" / "defaults.toml").read_text(encoding="utf-8"))


def write(tmp_path: Path, text: str) -> str:
    """A file of a center's lists; returns its name."""
    path = tmp_path / "center.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_new_center_has_the_lists_that_ship(program: Program) -> None:
    assert program("center", "show", "--json").row == SHIPPED
    assert tomllib.loads(program("center", "show").out) == SHIPPED


def test_what_is_shown_can_be_given_back_and_changes_nothing(program: Program, tmp_path: Path) -> None:
    before = program.entries()
    file = write(tmp_path, program("center", "show").out)
    assert program("center", "set", file, by="administrator").out == "Nothing changed.\n"
    assert program.entries() == before


def test_a_file_replaces_the_lists_it_names_and_no_other(program: Program, tmp_path: Path) -> None:
    file = write(
        tmp_path,
        """
        fallback = "Patrol sergeant · sólo ahora"
        [limits]
        unclaimed_caution = 30
        unclaimed_alarm = 90
        contact_caution = 120
        cad_stale = 60
        suggestion_hours = 12
        [[send]]
        code = "phone"
        label = "Phone only"
        """,
    )
    before = program.entries()
    assert program("center", "set", file, "--json", by="technician").row == {"changed": ["fallback", "limits", "send"]}
    assert program.entries() == before + 3
    now = program("center", "show", "--json").row
    assert now["send"] == [{"code": "phone", "label": "Phone only"}]
    assert now["limits"]["cad_stale"] == 60
    assert now["flag_reasons"] == SHIPPED["flag_reasons"]
    assert tomllib.loads(program("center", "show").out) == now
    assert program("center", "set", file, by="administrator").out == "Nothing changed.\n"
    assert now["fallback"] == "Patrol sergeant · sólo ahora"
    program.refuses("calls", "advise", "26-0001", "--send", "cit", by="clinician", says="Known: phone.")


def test_a_states_ladder_is_taken_and_left_again_without_touching_our_own_words(
    program: Program, tmp_path: Path
) -> None:
    own = {level: f"Ours: {level}" for level in ("critical", "high", "medium", "low")}
    words = "".join(f'{level} = "{text}"\n' for level, text in own.items())
    program("center", "set", write(tmp_path, f"[levels]\n{words}"), by="administrator")
    for code in ("marcus-alert", "illinois", "own"):
        ran = program("center", "set", write(tmp_path, f'ladder = "{code}"\n'), "--json", by="administrator")
        assert ran.row == {"changed": ["ladder"]}
        now = program("center", "show", "--json").row
        assert (now["ladder"], now["levels"]) == (code, own)


def test_a_ladder_of_our_own_is_added_and_used_at_once(program: Program, tmp_path: Path) -> None:
    ours = LADDER.format(code="county", low="L")
    file = write(tmp_path, f'ladder = "county"\n{ours}')
    assert program("center", "set", file, by="administrator").out == "Changed: ladder, ladders.\n"
    program.refuses("center", "set", write(tmp_path, LADDER.format(code="other", low="L")), by="administrator",
                    says="ladder: there is no “county”. Known: own, other.")  # fmt: skip


LADDER = """[[ladders]]
code = "{code}"
label = "Ours"
critical = "C"
high = "H"
medium = "M"
low = "{low}"
"""
LIMITS = (
    "[limits]\nunclaimed_caution = {caution}\nunclaimed_alarm = 9\n"
    "contact_caution = 9\ncad_stale = 9\nsuggestion_hours = 9"
)
CHOICE = '[[send]]\ncode = "{code}"\nlabel = "{label}"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "",
            "holds none of fallback, handling, horizon_days, limits, levels, flag_reasons, screening, send, disp",
        ),
        ("nonsense", "is not TOML"),
        ('greeting = "hello"', "“greeting” is no setting of a center. Known: fallback, handling"),
        ("fallback = 7", 'fallback takes words in quotes, not 7. For example: fallback = "CIT officer"'),
        ('fallback = " "', "The fallback has to be one line of at most 60 characters"),
        ('handling = "two\\nlines"', "The handling line has to be one line"),
        ("send = []", "send is empty. Give at least one."),
        (CHOICE.format(code="CIT officer", label="CIT"), "send: “CIT officer” is no code"),
        (CHOICE.format(code="cit", label="CIT") * 2, "send: the code cit stands there twice"),
        (CHOICE.format(code="cit", label=""), "The label of cit in send has to be one line"),
        (CHOICE.format(code="cit", label="x" * 61), "at most 60 characters"),
        (
            '[[dispositions]]\ngroup = "A"\ncode = "a"\nlabel = "A"\nroll_up = "won"',
            "dispositions, entry 1 (a): roll_up takes one of diverted, co-notified, not-diverted, unknown, not “won”.",
        ),
        ('[[dispositions]]\ncode = "a"\nlabel = "A"\nroll_up = "unknown"', "dispositions, entry 1 (a): group missing."),
        ('levles = "x"', "“levles” is no setting of a center. Did you mean levels?"),
        ('send = "phone"', "send takes a list of entries, not “phone”."),
        ('send = ["phone"]', "send, entry 1 takes code, label, each with its value, not “phone”."),
        ('[[send]]\ncode = "a"\nlabel = "A"\n[[send]]\nlabel = "B"', "send, entry 2: code missing."),
        (
            '[[send]]\ncode = "a"\nlable = "A"',
            "send, entry 1 (a): label missing. A setting is replaced whole: 'center show' writes it as it stands. "
            "For example: send = [{ code =",
        ),
        ('[[send]]\ncode = "a"\nlabel = "A"\ncolor = "red"', "send, entry 1 (a): color means nothing here."),
        (
            'horizon_days = "100"',
            "horizon_days takes a whole number, not “100”. For example: horizon_days = 100",
        ),
        ("horizon_days = true", "horizon_days takes a whole number, not true."),
        ("horizon_days = -1", "horizon_days takes a whole number from 0 (keep all) to 36,500"),
        ("[limits]\nunclaimed_caution = true", "limits: unclaimed_alarm, contact_caution, cad_stale and"),
        ('[levels]\nhigh = "bad"', "levels: critical, medium and low missing."),
        ('ladder = "virginia"', "ladder: there is no “virginia”. Known: own, marcus-alert, illinois."),
        ("ladder = 4", "ladder takes words in quotes, not 4. For example: ladder = "),
        (LADDER.format(code="own", low="L"), "ladders: “own” is no code."),
        (LADDER.format(code="x", low="L") * 2, "ladders: the code x stands there twice"),
        (LADDER.format(code="x", low=" "), "What low means on x has to be one line"),
        ('[[ladders]]\ncode = "x"', "ladders, entry 1 (x): label, critical, high, medium and low missing."),
        (
            "[limits]\nunclaimed_caution = 5",
            "limits: unclaimed_alarm, contact_caution, cad_stale and suggestion_hours missing. A setting is replaced "
            "whole: 'center show' writes it as it stands. For example: limits = { unclaimed_caution = 60, ",
        ),
        (
            LIMITS.format(caution=0),
            "limits: unclaimed_caution takes a whole number from 1 to 86,400",
        ),
        (
            LIMITS.format(caution=60),
            "limits: unclaimed_alarm comes before unclaimed_caution",
        ),
    ],
)
def test_lists_nobody_could_work_with_are_refused_whole(program: Program, tmp_path: Path, text: str, says: str) -> None:
    file = write(tmp_path, text)
    before = program.entries()
    ran = program.refuses("center", "set", file, by="administrator", says=says)
    assert ran.line.startswith(file)
    assert program.entries() == before
    assert program("center", "show", "--json").row == SHIPPED


def test_one_bad_list_keeps_the_good_ones_of_the_file_out_too(program: Program, tmp_path: Path) -> None:
    file = write(tmp_path, 'fallback = "Sergeant"\nsend = []\n')
    program.refuses("center", "set", file, by="administrator", says="send is empty")
    assert program("center", "show", "--json").row["fallback"] == "CIT officer"


@pytest.mark.parametrize("who", ["dispatcher", "clinician", "supervisor", "clinical-supervisor", "auditor"])
def test_only_an_administrator_sets_them_and_everyone_may_read_them(program: Program, tmp_path: Path, who: str) -> None:
    file = write(tmp_path, 'fallback = "Sergeant"\n')
    program.refuses("center", "set", file, by=who, says="may not change the center's settings. Administrators may.")
    assert program("center", "show", by=who).status == 0


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "cannot be read: No such file or directory"),
        (Path.mkdir, "cannot be read: Is a directory"),
        (lambda path: path.write_bytes(b"\xff\xfe"), "is not UTF-8 text"),
        (lambda path: path.write_bytes(b"#" * 300_000), "is larger than 262,144 bytes"),
    ],
    ids=["none", "folder", "binary", "huge"],
)
def test_a_file_that_cannot_be_read_is_one_line(program: Program, tmp_path: Path, make: object, says: str) -> None:
    path = tmp_path / "center.toml"
    assert callable(make)
    make(path)
    program.refuses("center", "set", str(path), by="administrator", says=f"{path} {says}")


def test_the_json_of_the_lists_is_one_line(program: Program) -> None:
    ran = program("center", "show", "--json")
    assert json.loads(ran.out) == SHIPPED
    assert ran.out.count("\n") == 1
