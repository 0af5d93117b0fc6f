"""Each rule of a form, broken and kept."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.forms import (
    Answers,
    Attachment,
    Coding,
    Date,
    DateTime,
    NonAnswer,
    Quantity,
    Questionnaire,
    Reference,
    Time,
    validate,
)
from console.forms.checking.units import UCUM
from console.forms.document import SDC
from console.forms.values import FHIR
from tests.forms.building import choice, coding, form, group, item, option, when
from tests.forms.strategies import answers_to, questionnaires


def texts(q: Questionnaire, answers: Answers) -> list[str]:
    return [issue.text for issue in validate(q, answers)]


def extension(name: str, **value: Any) -> dict[str, Any]:
    return {"url": FHIR + name, **value}


def mass(value: str, code: str = "kg") -> Quantity:
    return Quantity(Decimal(value), code, UCUM, code)


def bound(name: str, value: float) -> dict[str, Any]:
    return {"url": SDC + name, "valueQuantity": {"value": value, "unit": "kg", "system": UCUM, "code": "kg"}}


def unit(code: str) -> dict[str, Any]:
    return extension("questionnaire-unitOption", valueCoding={"system": UCUM, "code": code})


FILE = extension("mimeType", valueCode="application/pdf"), extension("maxSize", valueDecimal=0.000003)
PATTERN = extension("regex", valueString=r"\d{3}-\d{4}")
KG = extension("questionnaire-unit", valueCoding={"system": UCUM, "code": "kg"})
PLACES = extension("maxDecimalPlaces", valueInteger=2)
TO_PATIENT = extension("questionnaire-referenceResource", valueCode="Patient")


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
        (item("q", "url"), ("https://a.example/b c",), "no spaces"),
        (item("q", "url"), ("https://a.example/b%20c",), None),
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
        (item("q", extension=[PATTERN]), ("555-0123",), None),
        (item("q", extension=[PATTERN]), ("call 555-0123",), "does not have the form"),
        (item("q", extension=[PATTERN, extension("entryFormat", valueString="###-####")]), ("x",), "such as ###-####"),
        (item("q", "decimal", extension=[PLACES]), (Decimal("1.50"),), None),
        (item("q", "decimal", extension=[PLACES]), (Decimal("1.500"),), None),
        (item("q", "decimal", extension=[PLACES]), (Decimal("1.501"),), "more than 2 decimal places"),
        (item("q", "quantity", extension=[PLACES]), (mass("1.501"),), "more than 2 decimal places"),
        (item("q", "quantity", extension=[bound("minQuantity", 2)]), (mass("2000", "g"),), None),
        (item("q", "quantity", extension=[bound("minQuantity", 2)]), (mass("1999", "g"),), "below 2 kg"),
        (item("q", "quantity", extension=[bound("maxQuantity", 2)]), (mass("2.1"),), "above 2 kg"),
        (item("q", "quantity", extension=[bound("maxQuantity", 2)]), (mass("1", "m"),), "measures something else"),
        (item("q", "quantity", extension=[KG, extension("minValue", valueInteger=2)]), (mass("2000", "g"),), None),
        (item("q", "quantity", extension=[KG, extension("minValue", valueInteger=2)]), (mass("1"),), "below 2 kg"),
        (item("q", "quantity", extension=[KG, extension("maxValue", valueDecimal=2.5)]), (mass("3"),), "above 2.5"),
        (item("q", "quantity", extension=[unit("kg"), unit("g")]), (mass("1"),), None),
        (item("q", "quantity", extension=[unit("kg"), unit("g")]), (mass("1", "mg"),), "not one of those offered"),
        (item("q", "attachment"), (Attachment(data="YWJj", size=3),), None),
        (item("q", "attachment"), (Attachment(data="YWJj", size=4),), "not as large as it says"),
        (item("q", "attachment"), (Attachment(data="YW*j"),), "not base64"),
        (item("q", "attachment", extension=[*FILE]), (Attachment(data="YWJj", contentType="Application/PDF"),), None),
        (item("q", "attachment", extension=[*FILE]), (Attachment(data="YWJj", contentType="image/png"),),
         "not of type application/pdf"),
        (item("q", "attachment", extension=[*FILE]), (Attachment(data="YWJjZA==", contentType="application/pdf"),),
         "larger than 0.000003 MB"),
        (item("q", "reference"), (Reference("somebody"),), None),
        (item("q", "reference"), (Reference(reference="Patient/1"),), None),
        (item("q", "reference"), (Reference(reference="https://a.org/fhir/Patient/1/_history/2"),), None),
        (item("q", "reference"), (Reference(reference="urn:uuid:8c5a"),), None),
        (item("q", "reference"), (Reference(reference="#inside"),), None),
        (item("q", "reference"), (Reference(reference="not a reference"),), "not one that FHIR knows"),
        (item("q", "reference"), (Reference(reference="https://a.org/Chicken/1"),), "does not exist"),
        (item("q", "reference", extension=[TO_PATIENT]), (Reference(reference="Patient/1"),), None),
        (item("q", "reference", extension=[TO_PATIENT]), (Reference(reference="Group/1"),), "not lead to a Patient"),
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


def test_what_cannot_be_checked_is_a_warning() -> None:
    q = form(item("q", "quantity", extension=[bound("maxQuantity", 2)]))
    [issue] = validate(q, {"q": (mass("1", "furlong"),)})
    assert (issue.severity, issue.code) == ("warning", "not-supported")
    q = form(item("q", extension=[extension("regex", valueString="(a|aa)+b")]))
    [issue] = validate(q, {"q": ("a" * 5000,)})
    assert (issue.severity, issue.code) == ("warning", "too-costly")


def test_a_pattern_that_cannot_be_read_is_found_when_the_form_is_read() -> None:
    q = form(item("q", extension=[extension("regex", valueString="(a")]))
    assert [finding.link_id for finding in q.findings] == ["q"]
    assert "the pattern its answer should have is not checked" in q.findings[0].text
    assert texts(q, {"q": ("anything",)}) == []


def test_an_issue_says_which_answer_it_is_about() -> None:
    q = form(item("q", repeats=True, maxLength=2))
    [issue] = validate(q, {"q": ("ab", "abc")})
    assert (issue.key, issue.number) == ("q", 1)


def test_nothing_is_required_of_what_is_not_asked() -> None:
    q = form(item("a", "boolean"), item("b", required=True, enableWhen=[when("a", "=", answerBoolean=True)]))
    assert texts(q, {"a": (False,)}) == []
    assert texts(q, {"a": (True,)}) == ["an answer is required"]


def test_an_answer_to_what_is_not_asked_is_a_warning() -> None:
    q = form(item("a", "boolean"), item("b", enableWhen=[when("a", "=", answerBoolean=True)]))
    [issue] = validate(q, {"b": ("x",)})
    assert issue.severity == "warning"
    assert "will be left out" in issue.text


def test_a_stored_answer_to_what_is_not_asked_is_an_error() -> None:
    q = form(item("a", "boolean"), item("b", enableWhen=[when("a", "=", answerBoolean=True)]))
    [issue] = validate(q, {"b": ("x",)}, stored=True)
    assert issue.severity == "error"
    assert validate(q, {"a": (True,), "b": ("x",)}, stored=True) == ()


def test_answers_that_have_no_place() -> None:
    q = form(group("g", item("a")))
    assert texts(q, {"gone": ("x",)}) == ["it is not in the form"]
    assert texts(q, {"g": ("x",)}) == ["a group item takes no answer"]


def test_a_repeating_group_may_stand_so_often() -> None:
    q = form(group("g", item("a"), repeats=True, extension=[extension("questionnaire-maxOccurs", valueInteger=2)]))
    assert texts(q, {"a": ("x",), "a#2": ("y",)}) == []
    [issue] = validate(q, {"a": ("x",), "a#2": ("y",), "a#3": ("z",)})
    assert (issue.key, issue.text) == ("g#3", "this group may stand 2 times")


def test_a_repeating_group_must_stand_so_often() -> None:
    least = extension("questionnaire-minOccurs", valueInteger=2)
    q = form(group("g", item("a"), repeats=True, extension=[least]))
    assert texts(q, {}) == []
    [issue] = validate(q, {"a": ("x",)})
    assert (issue.key, issue.text, issue.code) == ("g", "this group must stand 2 times", "required")
    assert texts(q, {"a": ("x",), "a#2": ("y",)}) == []


@given(st.data())
def test_validation_is_total_and_proper_answers_break_only_counts(data: st.DataObject) -> None:
    q = data.draw(questionnaires())
    for issue in validate(q, data.draw(answers_to(q))):
        assert issue.text.split(";")[0] in (
            "an answer is required",
            "it is not asked with these answers",
            "it belongs to an answer that is not given",
        )
