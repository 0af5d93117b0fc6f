"""A center's own forms on the command line: brought in with a permission record, listed, withdrawn, printed."""

import json
from pathlib import Path

import pytest

from tests.commands.program import Program
from tests.support.own_forms import write, write_reworded, write_uncoded
from tests.support.shared import shared

PERMISSION = ("--permission", "The authors", "--on", "2026-05-01", "--document", "letter in folder 12")


def test_a_form_is_imported_once_and_a_new_version_takes_its_place(program: Program, tmp_path: Path) -> None:
    file = str(write(tmp_path))
    ran = program.process("forms", "import", file, *PERMISSION, "--json", by="administrator")
    assert (ran.status, ran.err) == (0, "")
    assert list(ran.row) == ["file", "name", "title", "version", "sha256", "replaces", "findings"]
    assert (ran.row["name"], ran.row["version"], ran.row["replaces"]) == ("calm-down", "1", None)
    before = program.entries()
    again = program("forms", "import", file, *PERMISSION, by="administrator")
    assert (again.status, program.entries()) == (2, before)
    assert "is here already" in again.line
    write(tmp_path, version="2")
    asks = program("forms", "import", file, by="technician")
    assert "The permission on record is for another wording, version 1." in asks.line
    newer = program("forms", "import", file, *PERMISSION, by="technician")
    assert newer.out == "calm-down: Calm-down check, version 2, in place of version 1.\n"


def test_without_permission_or_with_half_of_one_nothing_is_imported(program: Program, tmp_path: Path) -> None:
    file, before = str(write(tmp_path)), program.entries()
    assert "needs a permission record" in program("forms", "import", file, by="administrator").line
    half = program("forms", "import", file, "--permission", "The authors", by="administrator")
    assert "The day of the permission is missing" in half.line
    refused = program("forms", "import", file, *PERMISSION, by="clinician")
    assert refused.line.endswith("may not import forms. Administrators may.")
    assert program.entries() == before


def test_a_refused_form_is_answered_with_no_and_the_others_come_in(program: Program, tmp_path: Path) -> None:
    (tmp_path / "patient.json").write_text('{"resourceType": "Patient"}')
    files = (str(tmp_path / "patient.json"), str(write(tmp_path)))
    ran = program("forms", "import", *files, *PERMISSION, by="administrator")
    assert ran.status == 1
    assert "resourceType is 'Patient'" in ran.line
    assert ran.out.startswith("calm-down: ")


def test_what_cannot_come_in_keeps_none_of_the_others_out(program: Program, tmp_path: Path) -> None:
    here = str(write(tmp_path))
    program("forms", "import", here, *PERMISSION, by="administrator")
    new = tmp_path / "another.json"
    new.write_text(Path(here).read_text().replace("calm-down", "another"))
    gone = str(tmp_path / "gone.json")
    ran = program("forms", "import", gone, here, str(new), *PERMISSION, by="administrator")
    assert ran.status == 2
    assert [line.removeprefix(str(tmp_path))[:24] for line in ran.err.splitlines()] == [
        "/gone.json cannot be rea",
        "/calm-down.json: Calm-do",
    ]
    assert ran.out.startswith("another: ")


def test_the_list_says_what_is_offered_and_why_not(program: Program, tmp_path: Path) -> None:
    program("forms", "import", str(write(tmp_path)), *PERMISSION, "--until", "2999-12-31", by="administrator")
    ran = program("forms", "withdraw", "asq", "--reason", "we ask another", by="administrator")
    assert ran.out == "asq is not offered any more. What was begun with it goes on.\n"
    rows = {row["name"]: row for row in program("forms", "list", "--json").rows}
    own, asq = rows["calm-down"], rows["asq"]
    assert (own["source"], own["offered"], own["why_not"]) == ("imported", True, None)
    assert (own["permission"], own["permission_on"], own["document"], own["until"]) == (
        "The authors",
        "2026-05-01",
        "letter in folder 12",
        "2999-12-31",
    )
    assert (asq["source"], asq["offered"], asq["why_not"]) == ("shipped", False, "Withdrawn: we ask another")
    plain = program("forms", "list", by="dispatcher").out
    said = "calm-down  Calm-down check · version 1 · imported · permitted by The authors on 2026-05-01 · offered"
    assert said in plain.splitlines()
    renewed = program(
        "forms", "permit", "calm-down", *PERMISSION[:2], "--on", "2026-06-01", *PERMISSION[4:], by="technician"
    )
    assert renewed.out == "calm-down is permitted by The authors since 2026-06-01.\n"
    assert program("forms", "offer", "asq", by="administrator").status == 0
    assert program("forms", "offer", "asq", by="administrator").status == 2
    assert program("forms", "withdraw", "nothing", "--reason", "r", by="administrator").status == 1


def test_who_is_trained_is_said_whole(program: Program, tmp_path: Path) -> None:
    program("forms", "import", str(write(tmp_path)), *PERMISSION, "--trained-only", by="administrator")
    row = next(row for row in program("forms", "list", "--json").rows if row["name"] == "calm-down")
    assert (row["trained_only"], row["trained"], row["offered"]) == (True, [], False)
    ran = program("forms", "train", "calm-down", "clinician", "Colleague", "--on", "2026-02-03", by="administrator")
    assert ran.out == "Trained in calm-down: clinician, colleague.\n"
    program("forms", "train", "calm-down", "colleague", by="administrator")
    row = next(row for row in program("forms", "list", "--json").rows if row["name"] == "calm-down")
    assert (row["trained"], row["offered"]) == (["colleague"], True)
    assert "stranger is nobody here" in program("forms", "train", "calm-down", "stranger", by="administrator").line


def test_a_form_of_the_centers_own_is_printed_blank(program: Program, tmp_path: Path) -> None:
    assert program("forms", "blank", "calm-down", "--out", str(tmp_path / "blank.pdf")).status == 2
    program("forms", "import", str(write(tmp_path)), *PERMISSION, by="administrator")
    assert program("forms", "blank", "calm-down", "--out", str(tmp_path / "blank.pdf")).status == 0
    assert (tmp_path / "blank.pdf").read_bytes().startswith(b"%PDF")


WRONG = [("withdraw", "asq"), ("permit", "asq"), ("import",), ("offer",), ("train",), ("withdraw", "", "--reason", "r")]


@pytest.mark.parametrize("words", WRONG)
def test_what_is_missing_is_wrong_use(program: Program, words: tuple[str, ...]) -> None:
    ran = program("forms", *words, by="administrator")
    assert ran.status == 2
    assert "--help" in ran.line


def test_other_words_than_the_published_ones_are_said_before_anything_comes_in(
    program: Program, tmp_path: Path
) -> None:
    file, before = str(write_reworded(tmp_path)), program.entries()
    told = f"{file}: item 2: published “Feeling down, depressed, or hopeless”, here “Feeling a bit low”"
    ran = program("forms", "import", file, *PERMISSION, by="administrator")
    assert (ran.status, program.entries()) == (2, before)
    assert told in ran.err
    assert "not those of the published instrument: item 2. Say that Our PHQ-9 is reworded" in ran.err
    assert program("forms", "check", file).row["reworded"][0]["here"] == "Feeling a bit low"
    ran = program("forms", "import", file, *PERMISSION, "--reworded", by="administrator")
    assert (ran.status, ran.err) == (0, told + "\n")
    ran = program("forms", "import", file, "--unscored", by="administrator")
    assert (ran.status, ran.err) == (0, told + "\n")
    both = program("forms", "import", file, "--unscored", "--reworded")
    assert both.err.startswith("argument --reworded: not allowed with argument --unscored.")


def test_a_form_without_codes_is_matched_to_a_key(program: Program, tmp_path: Path) -> None:
    file = write_uncoded(tmp_path)
    ran = program("forms", "match", str(file), "c-ssrs-screener")
    assert ran.status == 1
    assert "3: q3 “How?”, found by its number\n" in ran.err
    assert ran.err.endswith("6-recent: not found\nC-SSRS Screener (recent) needs an item of the form for 6-recent.\n")
    assert ran.row["answers"] == {"yes": ["Ja"]}
    tie = ran.row
    tie["items"]["6-recent"] = "lately"
    tie["answers"]["no"] = ["Gar nicht"]
    file.with_name("screener.instrument.json").write_text(json.dumps(tie))
    assert program("forms", "check", str(file)).row["scores"] == 1
    ran = program("forms", "import", str(file), *PERMISSION, by="administrator")
    assert (ran.status, ran.err) == (0, "")
    assert (
        "cannot be matched to bssa. It can to asq, c-ssrs-screener" in program("forms", "match", str(file), "bssa").err
    )


def test_what_a_key_gives_is_told_with_the_match(program: Program) -> None:
    file = shared("fhir-questionnaires/spier/asq-questionnaire.json")
    ran = program("forms", "match", str(file), "asq")
    assert ran.status == 0
    assert ran.row["items"] == {f"asq-{number}": f"q{number}" for number in range(1, 6)}
    assert "Acute positive screen: 15 of 32 combinations; yes to q1 and q5" in ran.err
    assert "One of q1, q2, q3, q4 refused, the others no: no result" in ran.err
