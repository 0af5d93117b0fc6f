"""Each rule of a form, broken and kept."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.forms import Answers, Coding, Date, DateTime, NonAnswer, Questionnaire, Time, load, validate
from console.forms.response import examine
from console.forms.values import FHIR
from tests.forms.building import choice, coding, form, group, item, option, when
from tests.forms.strategies import answers_to, questionnaires
from tests.support.shared import shared


def texts(q: Questionnaire, answers: Answers) -> list[str]:
    return [issue.text for issue in validate(q, answers)]


def extension(name: str, **value: Any) -> dict[str, Any]:
    return {"url": FHIR + name, **value}


@pytest.mark.parametrize(
    ("made", "given", "words"),
    [
        (item("q", required=True), (), "an answer is required"),
        (item("q", required=True), ("  ",), "an answer is required"),
        (item("q", required=True), (NonAnswer.REFUSED,), None),
        (item("q", required=True), (NonAnswer.NOT_ASKED,), None),
        (item("q", required=True), (NonAnswer.UNABLE,), None),
        (item("q", required=True, readOnly=True), (), None),
        (item("q", required=True, extension=[extension("questionnaire-hidden", valueBoolean=True)]), (), None),
        (item("q"), ("x", "y"), "it takes one answer"),
        (item("q"), (NonAnswer.REFUSED, "y"), "marked as not answered"),
        (item("q", repeats=True), ("x", "y"), None),
        (item("q", repeats=True, extension=[extension("questionnaire-maxOccurs", valueInteger=2)]), ("x", "y", "z"),
         "at most 2"),
        (item("q", repeats=True, extension=[extension("questionnaire-minOccurs", valueInteger=2)]), ("x",),
         "at least 2"),
        (item("q", repeats=True, extension=[extension("questionnaire-minOccurs", valueInteger=2)]), (), None),
        (item("q", "integer"), ("x",), "not of the type integer"),
        (item("q", "boolean"), (1,), "not of the type boolean"),
        (item("q", "integer"), (2**31,), "too large"),
        (item("q", "decimal"), (Decimal("0.1234567890123456"),), "more than 15 digits"),
        (item("q", "decimal"), (Decimal("NaN"),), "not of the type decimal"),
        (item("q", "decimal"), (Decimal("1e400"),), "not of the type decimal"),
        (item("q", "date"), (Date("2021-02-30"),), "does not exist"),
        (item("q", "dateTime"), (DateTime("2021-02-30T10:00:00Z"),), "do not exist"),
        (item("q", "time"), (Time("25:00:00"),), "does not exist"),
        (item("q", maxLength=3), ("four",), "longer than 3"),
        (item("q", maxLength=4), ("four",), None),
        (item("q", extension=[extension("minLength", valueInteger=5)]), ("four",), "shorter than 5"),
        (item("q", "integer", extension=[extension("minValue", valueInteger=2)]), (1,), "below 2"),
        (item("q", "integer", extension=[extension("minValue", valueInteger=2)]), (2,), None),
        (item("q", "decimal", extension=[extension("maxValue", valueDecimal=1.5)]), (Decimal("1.6"),), "above 1.5"),
        (item("q", "date", extension=[extension("maxValue", valueDate="2020")]), (Date("2021-01-01"),), "above 2020"),
        (choice("q", option("a")), (Coding("urn:codes", "b"),), "not one of the options"),
        (choice("q", option("a")), (Coding("urn:codes", "a"),), None),
        (item("q", "integer", answerOption=[{"valueInteger": 3}]), (4,), "not one of the options"),
        (item("q", "open-choice", answerOption=[option("a")]), ("own words",), None),
        (item("q", "open-choice", answerOption=[option("a")]), (Coding("urn:codes", "b"),), "given as text"),
        (choice("q", option("a"), {"valueCoding": coding("none"), "extension": [
            extension("questionnaire-optionExclusive", valueBoolean=True)]}, repeats=True),
         (Coding("urn:codes", "a"), Coding("urn:codes", "none")), "excludes all others"),
        (group("q", item("r"), required=True), (), "something in this group"),
    ],
)  # fmt: skip
def test_rules(made: dict[str, Any], given: tuple[Any, ...], words: str | None) -> None:
    q = form(made)
    issues = validate(q, {"q": given} if given else {})
    assert len(issues) == (words is not None)
    for issue in issues:
        assert (issue.key, issue.link_id, issue.severity) == ("q", "q", "error")
        assert words is not None
        assert words in issue.text
        for answer in given:
            assert not isinstance(answer, str) or answer not in issue.text.split()


def test_nothing_is_required_of_what_is_not_asked() -> None:
    q = form(item("a", "boolean"), item("b", required=True, enableWhen=[when("a", "=", answerBoolean=True)]))
    assert texts(q, {"a": (False,)}) == []
    assert texts(q, {"a": (True,)}) == ["an answer is required"]


def test_an_answer_to_what_is_not_asked_is_a_warning() -> None:
    q = form(item("a", "boolean"), item("b", enableWhen=[when("a", "=", answerBoolean=True)]))
    [issue] = validate(q, {"b": ("x",)})
    assert issue.severity == "warning"
    assert "will be left out" in issue.text


def test_answers_that_have_no_place() -> None:
    q = form(group("g", item("a")))
    assert texts(q, {"gone": ("x",)}) == ["it is not in the form"]
    assert texts(q, {"g": ("x",)}) == ["a group item takes no answer"]


def test_a_repeating_group_may_stand_so_often() -> None:
    q = form(group("g", item("a"), repeats=True, extension=[extension("questionnaire-maxOccurs", valueInteger=2)]))
    assert texts(q, {"a": ("x",), "a#2": ("y",)}) == []
    [issue] = validate(q, {"a": ("x",), "a#2": ("y",), "a#3": ("z",)})
    assert (issue.key, issue.text) == ("g#3", "this group may stand 2 times")


@given(st.data())
def test_validation_is_total_and_proper_answers_break_only_counts(data: st.DataObject) -> None:
    q = data.draw(questionnaires())
    for issue in validate(q, data.draw(answers_to(q))):
        assert issue.text.split(";")[0] in (
            "an answer is required",
            "it is not asked with these answers",
            "it belongs to an answer that is not given",
        )


PAIRS = (
    "boolean-invalid-type", "date-min-max", "date-time-invalid-type", "date-time-min-max", "decimal-invalid-type",
    "decimal", "display-answer-included", "group-required", "group-with-string-invalid-nesting-link-id",
    "group-with-string", "integer-answer-option", "integer-invalid-type", "quantity-invalid-type",
    "quantity-units-in-value-set", "quantity-units", "string-invalid-type", "string-max-occurs",
    "string-min-max-length", "string-required", "time-invalid-type", "time", "url-invalid-type",
)  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_agrees_with_both_reference_validators(name: str) -> None:
    """Pairs of the HL7 validator test cases whose rules are checked here; both reference validators agree on them."""
    folder = shared("fhir-qr-validation")
    q = load((folder / "brianpos" / f"{name}-q.json").read_bytes())
    reading = examine(q, json.loads((folder / "brianpos" / f"{name}-qr.json").read_text()))
    errors = [issue for issue in validate(q, reading.answers) if issue.severity == "error"]
    for validator in ("brianpos", "java"):
        outcome = json.loads((folder / f"outcomes-{validator}" / f"R4.{name}-qr-base.json").read_text())
        wrong = any(issue["severity"] in ("error", "fatal") for issue in outcome.get("issue", ()))
        assert bool(reading.misfits or errors) is wrong, (validator, reading.misfits, errors)
