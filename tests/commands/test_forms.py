"""Forms on the command line: which can be used here, and what a response scores."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from console.actions import assessments, encounters, people
from console.commands.finding import find_call
from console.forms import shipped
from console.settings import resources
from tests.commands.program import PASSWORD, Program, at_desk
from tests.forms.fhir_schema import violations

FORMS = resources() / "questionnaires"
SHIPPED = [str(FORMS / f"{name}.json") for name in ("asq", "imminent-risk", "phq-9")]
DAYS = {"not at all": "LA6568-5", "several": "LA6569-3", "more than half": "LA6570-1", "nearly every": "LA6571-9"}


def response(path: Path, answers: Mapping[int, str]) -> str:
    """Write what a person answered to the PHQ-9, by item; returns the name of the file."""
    items = [
        {"linkId": f"phq9-{number}", "answer": [{"valueCoding": {"system": "http://loinc.org", "code": DAYS[days]}}]}
        for number, days in answers.items()
    ]
    document = {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "item": [{"linkId": "phq9-items", "item": items}],
    }
    path.write_text(json.dumps(document))
    return str(path)


def test_shipped_forms_are_taken(fresh: Program) -> None:
    ran = fresh.process("forms", "check", *SHIPPED)
    assert (ran.status, ran.err) == (0, "")
    assert [list(row) for row in ran.rows] == [["file", "status", "reason", "items", "scores"]] * 3
    assert [(row["file"], row["status"], row["reason"], row["scores"]) for row in ran.rows] == [
        (name, "ok", None, 1) for name in SHIPPED
    ]
    assert [row["items"] for row in ran.rows] == [10, 25, 12]


def test_a_refused_form_is_answered_with_no_and_the_reason(fresh: Program, tmp_path: Path) -> None:
    (tmp_path / "patient.json").write_text('{"resourceType": "Patient"}')
    (tmp_path / "words.json").write_text("no JSON at all")
    (tmp_path / "list.json").write_text("[]")
    names = [str(tmp_path / name) for name in ("patient.json", "words.json", "list.json")]
    ran = fresh("forms", "check", *names, SHIPPED[0])
    assert ran.status == 1
    assert [row["status"] for row in ran.rows] == ["refused", "refused", "refused", "ok"]
    reasons = [row["reason"] for row in ran.rows[:3]]
    assert "resourceType is 'Patient'" in reasons[0]
    assert "not JSON" in reasons[1]
    assert all(reasons)
    assert {(row["items"], row["scores"]) for row in ran.rows[:3]} == {(0, 0)}


def test_a_file_that_cannot_be_read_is_bad_input_and_the_others_are_still_told(fresh: Program, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.json")
    ran = fresh("forms", "check", missing, SHIPPED[0], str(tmp_path))
    assert ran.status == 2
    assert [row["status"] for row in ran.rows] == ["refused", "ok", "refused"]
    assert ran.err.splitlines() == [
        f"{missing} cannot be read: No such file or directory.",
        f"{tmp_path} cannot be read: Is a directory.",
    ]


def test_every_item_of_the_phq_9_counts(fresh: Program, tmp_path: Path) -> None:
    answers = dict.fromkeys(range(1, 10), "several") | {1: "nearly every", 2: "more than half"}
    ran = fresh.process("forms", "score", SHIPPED[2], response(tmp_path / "answers.json", answers))
    assert (ran.status, ran.err) == (0, "")
    assert ran.row == {
        "scores": [
            {"name": "PHQ-9 total", "linkId": "phq9-total", "value": 12, "reason": None, "band": "Moderate"},
        ]
    }


def test_what_was_not_answered_leaves_no_score(fresh: Program, tmp_path: Path) -> None:
    answers = dict.fromkeys((1, 2, 3, 4, 5, 6, 8, 9), "several")
    (score,) = fresh("forms", "score", SHIPPED[2], response(tmp_path / "answers.json", answers)).row["scores"]
    assert (score["value"], score["band"]) == (None, None)
    assert score["reason"] == "item 7 not answered"


def test_a_response_that_satisfies_its_form(fresh: Program, tmp_path: Path) -> None:
    file = response(tmp_path / "answers.json", dict.fromkeys(range(1, 10), "several"))
    ran = fresh.process("forms", "validate", SHIPPED[2], file)
    assert (ran.status, ran.err) == (0, "")
    assert ran.row["resourceType"] == "OperationOutcome"
    assert [issue["severity"] for issue in ran.row["issue"]] == ["warning"], (
        "it does not say to which form it was given"
    )


def test_a_response_that_does_not_is_answered_with_no_and_the_places(fresh: Program, tmp_path: Path) -> None:
    file = response(tmp_path / "answers.json", dict.fromkeys(range(1, 9), "several"))
    ran = fresh("forms", "validate", SHIPPED[2], file)
    assert (ran.status, ran.err) == (1, "")
    assert ran.row["issue"][-1] == {
        "severity": "error",
        "code": "required",
        "details": {"text": "phq9-9: an answer is required"},
        "expression": ["QuestionnaireResponse.item[0]"],
    }


@pytest.mark.parametrize("what", ["score", "validate"])
@pytest.mark.parametrize(
    ("form", "answers", "says"),
    [
        ("phq-9", "missing", "answers.json cannot be read: No such file or directory"),
        ("phq-9", "", "is not a QuestionnaireResponse: not JSON"),
        ("phq-9", {"resourceType": "Patient"}, "answers.json: it is not a QuestionnaireResponse"),
        ("phq-9", [], "is not a QuestionnaireResponse"),
        ("phq-9.instrument", {}, "phq-9.instrument.json is refused: not a Questionnaire"),
        ("nothing", {}, "nothing.json cannot be read: No such file or directory"),
    ],
)
def test_what_cannot_be_read_is_one_line(
    fresh: Program, tmp_path: Path, form: str, answers: Any, says: str, what: str
) -> None:
    file = tmp_path / "answers.json"
    if answers != "missing":
        file.write_text(json.dumps(answers) if answers != "" else "")
    fresh.refuses("forms", what, str(FORMS / f"{form}.json"), str(file), says=says)


def test_forms_need_no_home(fresh: Program) -> None:
    assert fresh("forms", "check", SHIPPED[0]).status == 0
    assert not fresh.home.exists()


def test_a_blank_form_is_a_pdf(fresh: Program, tmp_path: Path) -> None:
    out = tmp_path / "asq.pdf"
    ran = fresh("forms", "blank", "asq", "--out", str(out))
    assert (ran.status, ran.out) == (0, f"{out}: Ask Suicide-Screening Questions (ASQ), blank.\n")
    assert out.read_bytes().startswith(b"%PDF")
    assert fresh("forms", "blank", SHIPPED[2], "--out", str(out), "--json").row == {"file": str(out), "form": "phq-9"}
    empty = tmp_path / "empty.json"
    empty.touch()
    fresh.refuses("forms", "blank", str(empty), "--out", str(out), says=f"{empty} is refused: not JSON: it is empty.")
    fresh.refuses("forms", "blank", "phq-99", "--out", str(out), says="The form phq-99 is not installed here.")
    fresh.refuses("forms", "blank", "asq", "--out", str(tmp_path / "no" / "asq.pdf"), says="cannot be written")
    gone = tmp_path / "gone.json"
    fresh.refuses("forms", "blank", str(gone), "--out", str(out), says=f"{gone} cannot be read: No such file")


def test_a_blank_form_is_never_written_over_its_own_form(fresh: Program, tmp_path: Path) -> None:
    form = tmp_path / "untitled.json"
    form.write_text('{"resourceType": "Questionnaire", "status": "draft", "item": [{"linkId": "1", "type": "date"}]}')
    before = form.read_bytes()
    fresh.refuses("forms", "blank", str(form), "--out", str(form), says="is the form itself. Name another file")
    assert form.read_bytes() == before
    ran = fresh("forms", "blank", str(form), "--out", str(tmp_path / "b.pdf"))
    assert ran.out.endswith("b.pdf: untitled, blank.\n")


def test_a_completed_assessment_is_exported_for_those_who_may_read_it(program: Program) -> None:
    form = shipped().forms["phq-9"]
    with at_desk(program) as desk:
        clinician = people.sign_in(desk, "clinician", PASSWORD)
        call = find_call(desk, "26-0002")
        (encounter,) = encounters.claim_and_begin(desk, clinician, call).of("encounter")
        assessment, _ = assessments.begin(desk, clinician, encounter, form)
    program.refuses("forms", "export", str(assessment), by="clinician", says="not completed")
    with at_desk(program) as desk:
        assessments.complete(desk, clinician, assessment, form)
    (listed,) = program("calls", "show", "26-0002", "--json", by="clinician").row["assessments"]
    assert listed["assessment"] == str(assessment)
    bundle = program("forms", "export", str(assessment), by="colleague").row
    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert kinds == ["QuestionnaireResponse", "Observation"]
    assert violations(bundle, "Bundle") == []
    program.refuses("forms", "export", str(assessment), by="dispatcher", says="clinical")
    program.refuses("forms", "export", "26-0002", by="clinician", says="is not the id of an assessment")
    with at_desk(program) as desk, desk.store.read() as connection:
        bodies = connection.exec_driver_sql("SELECT body FROM entry WHERE kind = 'audit.recorded'").scalars().all()
    assert ["assessment.exported" in str(body) for body in bodies] == [True]
