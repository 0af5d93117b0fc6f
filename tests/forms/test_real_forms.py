"""Every real form at hand: taken or refused with a concrete reason, rendered, answered, stored and read back."""

import json
import random
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from console.forms import (
    Answer,
    Answers,
    Kind,
    NonAnswer,
    Questionnaire,
    answered,
    check,
    initial_answers,
    open_form,
    score,
    shipped,
)
from console.forms.asking.present import Row, present
from console.forms.asking.response import build, examine
from console.forms.checking.conformance import is_valid, outcome
from console.forms.checking.validation import validate
from console.forms.deciding.enablement import enabled
from console.forms.deciding.layout import lines
from console.forms.model import Date, DateTime, Quantity, Reference, Time
from tests.forms.fhir_schema import violations
from tests.support.shared import SHARED

FOLDER = SHARED / "fhir-questionnaires"
FILES = sorted(FOLDER.rglob("*.json")) if FOLDER.exists() else []
LIBRARY = shipped()
AT = datetime(2026, 11, 21, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not FILES, reason=f"real data not present: {FOLDER}")


def name(path: Path) -> str:
    return str(path.relative_to(FOLDER))


@pytest.mark.parametrize("path", FILES, ids=name)
def test_taken_or_refused_with_a_concrete_reason(path: Path) -> None:
    row = check(path, LIBRARY)
    assert row["file"] == str(path)
    if row["status"] == "ok":
        assert row["reason"] is None
        assert row["items"] > 0
    else:
        assert row["status"] == "refused"
        reason = row["reason"]
        named = "(item " in reason or "not a Questionnaire" in reason or "of the form" in reason or "modifier" in reason
        assert named, reason
        assert "\n" not in reason


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("lhncbc-lforms/R5/questionnaire-disabledDisplay.R5.json", "R5"),
        ("lhncbc-lforms/STU3/argonaut-phq9-ish.json", "STU3"),
        ("lhncbc-lforms/STU3/test-enablewhen.json", "STU3"),
        ("lhncbc-lforms/R4/Argonaut-questionnaire-questionnaire-example-asq3.json", "STU3"),
        ("lhncbc-lforms/R4/Observation-Extract-Category-Test.R4.json", "two items have this linkId"),
        ("lhncbc-lforms/R4/q-with-modifierExtension.json", "anti-prescription"),
        (
            "lhncbc-lforms/R4/rxterms.R4.json",
            "%strengthFormLookup cannot be evaluated: it is written in application/x-fhir-query",
        ),
        ("lhncbc-lforms/R4/ussg-fhp.json", "clinicaltables.nlm.nih.gov"),
        ("lhncbc-lforms/R4/bit-of-everything.json", "http://fhir.telstrahealth.com.au/tcm/ValueSet/ARE"),
        ("lhncbc-lforms/misc/questionnaire-enableWhen-missing-linkId.json", "'q11', which is not in the form"),
        ("lhncbc-lforms/misc/questionnaire-enableWhen-missing-question-field.json", "names no question"),
        ("spier/yes-no.json", "'ValueSet'"),
    ],
)
def test_refused_for_the_right_reason(path: str, words: str) -> None:
    row = check(FOLDER / path, LIBRARY)
    assert row["status"] == "refused"
    assert words in row["reason"]


@pytest.mark.parametrize(
    "path",
    [
        "spier/asq-questionnaire.json",
        "spier/bssa-questionnaire.json",
        "spier/cssrs-screener.json",
        "spier/phq9-questionnaire.json",
        "spier/safet-questionnaire.json",
        "jmandel-web/audit.json",
        "jmandel-web/cage.json",
        "jmandel-web/dast-10.json",
        "jmandel-web/phq-2.json",
        "lhncbc-lforms/R4/phq9.json",
        "lhncbc-lforms/R4/enableWhenExpressionTest.json",
        "lhncbc-lforms/R4/answerExpTest.R4.json",
        "lhncbc-lforms/R4/enableWhenOnCalculatedValueFromFHIRPath.json",
        "lhncbc-lforms/R4/q-enableWhen-with-reference-loop.json",
        "lhncbc-lforms/R4/q-with-contained-valueset-without-expansion.json",
        "lhncbc-lforms/R4/date-in-repeating-group.json",
        "lhncbc-lforms/R4/q-4-level-deep.json",
        "lhncbc-lforms/R4/checkbox-with-child-items.json",
        "lhncbc-lforms/R4/errorMessagesDemo.json",
        "lhncbc-lforms/R4/q-items-under-repeating-choice-item.json",
        "lhncbc-lforms/R5/argonaut-phq9-ish.json",
        "lhncbc-lforms/R5/questionnaire-initialx.json",
        "lhncbc-lforms/R5/test-enablewhen.json",
        "lhncbc-lforms/R5/weightHeightQuestionnaire.json",
    ],
)
def test_forms_that_must_be_taken(path: str) -> None:
    assert check(FOLDER / path, LIBRARY)["reason"] is None


def some_answer(row: Row, chance: random.Random) -> Answer:
    if chance.random() < 0.2 or not (row.choices or row.open):
        return chance.choice(list(NonAnswer))
    if row.choices:
        return chance.choice(row.choices).answer
    made: dict[Kind, Any] = {
        Kind.URL: "https://help.example/page",
        Kind.BOOLEAN: chance.random() < 0.5,
        Kind.INTEGER: chance.randint(0, 9),
        Kind.DECIMAL: chance.randint(0, 9),
        Kind.DATE: Date("2020-02-29"),
        Kind.DATE_TIME: DateTime("2020-02-29T10:00:00Z"),
        Kind.TIME: Time("10:00:00"),
        Kind.QUANTITY: Quantity(Decimal(5), "mg"),
        Kind.REFERENCE: Reference("the school counselor"),
        Kind.ATTACHMENT: NonAnswer.NOT_ASKED,
    }
    return made.get(row.kind, "some words")  # type: ignore[no-any-return]


def walk(q: Questionnaire, seed: int) -> Answers:
    """Answers as somebody would give them: what is asked, in order, changing their mind now and then."""
    chance = random.Random(seed)
    answers: Answers = initial_answers(q)
    twice = {key: 2 for key in q.by_id if key in q.loops[key]}
    for _ in range(3):
        for row in present(q, answers, twice).rows:
            if q.loops[row.link_id] and row.key not in {line.key for line in lines(q, answers, twice)}:
                continue  # the answer it belonged to was taken away a moment ago
            if row.is_question and row.editable and chance.random() < 0.7:
                answers = answered(q, answers, row.key, some_answer(row, chance))
    return answers


@pytest.mark.parametrize("path", FILES, ids=name)
def test_every_form_that_is_taken_can_be_answered_stored_and_read_back(path: Path) -> None:
    if check(path, LIBRARY)["status"] != "ok":
        return
    form = open_form(path, LIBRARY)
    q = form.questionnaire
    for seed in range(5):
        answers = walk(q, seed)
        response = build(q, answers, status="in-progress", authored=AT)
        assert violations(response, "QuestionnaireResponse") == []
        reading = examine(q, response)
        assert reading.misfits == ()
        assert build(q, reading.answers, status="in-progress", authored=AT) == response
        if not any(q.loops.values()):
            on = enabled(q, answers)
            by_hand = {key: held for key, held in reading.answers.items() if not q.by_id[key].calculated}
            assert by_hand == {key: held for key, held in answers.items() if key in on}
            assert score(q, response, form.bound) == score(q, answers, form.bound)
        issues = validate(q, answers)
        assert all(issue.text for issue in issues)
        told = outcome(q, response)
        assert violations(told, "OperationOutcome") == []
        if not any(issue.severity == "error" and issue.code != "required" for issue in issues):
            assert is_valid(told), told
        if not any(issue.severity == "error" for issue in issues):
            assert is_valid(outcome(q, {**response, "status": "completed"}))


@pytest.mark.parametrize(
    ("form", "response"),
    [
        ("q-items-under-repeating-choice-item", "qr-items-under-repeating-choice-item"),
        ("q-with-answerValueSet-autocomplete", "qr-with-answerValueSet-autocomplete"),
        ("q-with-answerValueSet-matrix", "qr-with-answerValueSet-matrix"),
        ("q-with-answerValueSet-radiobutton-checkbox", "qr-with-answerValueSet-radiobutton-checkbox"),
        ("q-with-readonly-repeating-items", "qr-with-readonly-repeating-items"),
    ],
)
def test_a_response_of_another_program_is_read_and_written_alike(form: str, response: str) -> None:
    q = open_form(FOLDER / f"lhncbc-lforms/R4/{form}.json", LIBRARY).questionnaire
    theirs = json.loads((FOLDER / f"lhncbc-lforms/R4/{response}.json").read_bytes())
    reading = examine(q, theirs)
    assert reading.misfits == ()
    ours = build(q, reading.answers, status="completed", authored=AT)
    assert bare(ours["item"]) == bare(theirs["item"])


def bare(value: Any) -> Any:
    """A response's items without the words of the questions."""
    if isinstance(value, list):
        return [bare(each) for each in value]
    return {k: bare(v) for k, v in value.items() if k != "text"} if isinstance(value, dict) else value


def test_no_form_gives_zero_for_nothing() -> None:
    for path in FILES:
        if check(path, LIBRARY)["status"] != "ok":
            continue
        form = open_form(path, LIBRARY)
        refused: Answers = {
            key: (NonAnswer.REFUSED,) for key, item in form.questionnaire.by_id.items() if item.is_question
        }
        for answers in ({}, refused):
            for found in score(form.questionnaire, answers, form.bound):
                assert found.value is None, (path, found)
                assert found.reason
