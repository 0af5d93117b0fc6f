"""A stored response against its form, as an OperationOutcome: the reference validators' cases, and each rule broken."""

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from console.forms import Kind, files, load, validate
from console.forms.asking.response import ABSENT, build
from console.forms.checking import conformance
from console.forms.checking.conformance import is_valid
from console.forms.document import FHIR, SDC
from console.forms.library import shipped
from tests.forms.building import choice, coding, document, group, item, option, when
from tests.forms.fhir_schema import violations
from tests.forms.strategies import NON_ANSWERS, answers_to, questionnaires, values_for
from tests.forms.test_validation import PATTERN, PLACES, extension
from tests.support.shared import SHARED, shared

LIBRARY = shipped()
PAIRS = sorted(path.name.removesuffix("-qr.json") for path in SHARED.glob("fhir-qr-validation/brianpos/*-qr.json"))
DISPUTED = {
    "choice-invalid-type": "text for a choice without any options: an error here, since a choice takes a code",
    "choice-invalid-value-set-async": "a list that cannot be looked up: an error here, since nothing was checked",
    "questionnaire-not-resolved": "the form is not found: here it is given with the response, so there is no such case",
    "string-draft-downgrade": "two answers where one is taken, in progress: an error here, more answers mend nothing",
}
"""Where one reference validator finds an error and the other none, and what is found here."""
ELSEWHERE = {
    "string-with-coding-async": "the list cannot be looked up here, so that its first answer cannot be accepted either",
}
"""Where the verdict is that of both reference validators, and its place is not."""


def outcome(folder: Path, name: str) -> dict[str, Any]:
    return files.validate_files(folder / f"brianpos/{name}-q.json", folder / f"brianpos/{name}-qr.json", LIBRARY)


def errors(told: dict[str, Any], *severities: str) -> set[str]:
    """Where the errors of an outcome stand (or what has these severities), as far as the item or the answer."""
    found = (each for each in told.get("issue", ()) if each["severity"] in (severities or ("error", "fatal")))
    return {each["expression"][0].split(".value.")[0] for each in found}


@pytest.mark.parametrize("name", PAIRS)
def test_agrees_with_the_reference_validators(name: str) -> None:
    folder = shared("fhir-qr-validation")
    files_of = [folder / f"outcomes-{each}" / f"R4.{name}-qr-base.json" for each in ("brianpos", "java")]
    expected = [json.loads(path.read_text()) for path in files_of if path.exists()]
    verdicts = {is_valid({"issue": [{"severity": "error"}] * bool(errors(each))}) for each in expected}
    assert (len(verdicts) > 1) is (name in DISPUTED)
    if name == "questionnaire-not-resolved":
        return
    told = outcome(folder, name)
    assert violations(told, "OperationOutcome") == []
    if name in DISPUTED:
        assert not is_valid(told)
        return
    assert {is_valid(told)} == verdicts, told
    if name.startswith("invariant"):
        assert errors(told, "warning") == errors(expected[0], "warning")
    assert (errors(told) in [errors(each) for each in expected]) is (name not in ELSEWHERE), told


CODES = "http://loinc.org"
NONE = {**option("none"), "extension": [extension("questionnaire-optionExclusive", valueBoolean=True)]}
FORM = document(
    group(
        "about",
        item("name", required=True, maxLength=20),
        item("born", "date", extension=[extension("maxValue", valueDate="2026-01-01")]),
        choice("lives", option("alone"), option("family"), item=[item("with", required=True)]),
        required=True,
    ),
    item("note", "display"),
    item("moods", "choice", repeats=True, answerOption=[option("sad"), option("calm"), NONE]),
    item("mobile", "boolean"),
    item("phone", enableWhen=[when("mobile", "=", answerBoolean=True)], extension=[PATTERN]),
    group("drugs", item("drug", required=True), item("dose", "decimal", extension=[PLACES]), repeats=True),
    item("score", "integer"),
)
GOOD: dict[str, Any] = {
    "resourceType": "QuestionnaireResponse",
    "questionnaire": "urn:test|1",
    "status": "completed",
    "authored": "2026-11-01T10:00:00Z",
    "item": [
        {
            "linkId": "about",
            "item": [
                {"linkId": "name", "text": "Text", "answer": [{"valueString": "Secretname"}]},
                {"linkId": "born", "answer": [{"valueDate": "1980"}]},
                {
                    "linkId": "lives",
                    "answer": [
                        {
                            "valueCoding": coding("family"),
                            "item": [{"linkId": "with", "answer": [{"valueString": "Secretname"}]}],
                        }
                    ],
                },
            ],
        },
        {"linkId": "note", "text": "Words"},
        {"linkId": "moods", "answer": [{"valueCoding": coding("sad")}, {"valueCoding": coding("calm")}]},
        {"linkId": "mobile", "answer": [{"valueBoolean": True}]},
        {"linkId": "phone", "answer": [{"valueString": "555-0123"}]},
        {"linkId": "drugs", "item": [{"linkId": "drug", "answer": [{"valueString": "Secretname"}]}]},
        {
            "linkId": "drugs",
            "item": [
                {"linkId": "drug", "answer": [{"valueString": "Secretname"}]},
                {"linkId": "dose", "answer": [{"valueDecimal": 1.5}]},
            ],
        },
        {"linkId": "score", "answer": [{"valueInteger": 3}]},
    ],
}


def told(response: dict[str, Any], made: dict[str, Any] = FORM) -> dict[str, Any]:
    return conformance.outcome(load(made, asked=False), response)


def rows(response: dict[str, Any], made: dict[str, Any] = FORM) -> list[tuple[str, str, str, str]]:
    return [
        (each["severity"], each["code"], *each.get("expression", [""]), each["details"]["text"])
        for each in told(response, made)["issue"]
    ]


def test_a_good_response_is_told_to_be_one() -> None:
    assert rows(GOOD) == [("information", "informational", "", "The response satisfies the form.")]


ABOUT, ITEM = ["item", 0, "item"], "QuestionnaireResponse.item"
GONE = object()
DRUG = {"linkId": "drugs", "item": [{"linkId": "drug", "answer": [{"valueString": "Secretname"}]}]}
MUTATIONS: list[tuple[str, list[Any], Any, str, str]] = [
    # what is broken, where it is put, what is put there, where it is told, with which code
    ("required", [*ABOUT, 0, "answer"], GONE, f"{ITEM}[0].item[0]", "required"),
    ("required in an answer", [*ABOUT, 2, "answer", 0, "item"], GONE, f"{ITEM}[0].item[2]", "required"),
    ("required in the second group", ["item", 6, "item", 0], GONE, f"{ITEM}[6]", "required"),
    ("a required group", ["item", 0], GONE, "QuestionnaireResponse", "required"),
    ("a required group that is empty", ["item", 0, "item"], GONE, f"{ITEM}[0]", "required"),
    ("type", [*ABOUT, 0, "answer", 0], {"valueInteger": 7}, f"{ITEM}[0].item[0].answer[0]", "structure"),
    ("type of a number", ["item", 6, "item", 1, "answer", 0], {"valueInteger": 1},
     f"{ITEM}[6].item[1].answer[0]", "structure"),
    ("two values", ["item", 7, "answer", 0, "valueString"], "x", f"{ITEM}[7].answer[0]", "structure"),
    ("no value", ["item", 7, "answer", 0], {"id": "x"}, f"{ITEM}[7].answer[0]", "structure"),
    ("not a date", [*ABOUT, 1, "answer", 0, "valueDate"], "1980-02-31", f"{ITEM}[0].item[1].answer[0]", "structure"),
    ("range", [*ABOUT, 1, "answer", 0, "valueDate"], "2027-01-01", f"{ITEM}[0].item[1].answer[0]", "value"),
    ("length", [*ABOUT, 0, "answer", 0, "valueString"], "x" * 21, f"{ITEM}[0].item[0].answer[0]", "value"),
    ("pattern", ["item", 4, "answer", 0, "valueString"], "5550123", f"{ITEM}[4].answer[0]", "value"),
    ("places", ["item", 6, "item", 1, "answer", 0, "valueDecimal"], 1.505, f"{ITEM}[6].item[1].answer[0]", "value"),
    ("an option", ["item", 2, "answer", 1, "valueCoding"], coding("other"), f"{ITEM}[2].answer[1]", "code-invalid"),
    ("no system", ["item", 2, "answer", 1, "valueCoding"], {"code": "sad"}, f"{ITEM}[2].answer[1]", "code-invalid"),
    ("an option that excludes others", ["item", 2, "answer", 1, "valueCoding"], coding("none"),
     f"{ITEM}[2]", "business-rule"),
    ("one answer", ["item", 3, "answer", 1], {"valueBoolean": True}, f"{ITEM}[3]", "business-rule"),
    ("disabled", ["item", 3, "answer", 0, "valueBoolean"], False, f"{ITEM}[4]", "conflict"),
    ("an unknown item", ["item", 8], {"linkId": "gone"}, f"{ITEM}[8]", "structure"),
    ("no linkId", ["item", 8], {"text": "x"}, f"{ITEM}[8]", "required"),
    ("the wrong place", ["item", 8], {"linkId": "dose"}, f"{ITEM}[8]", "structure"),
    ("order", ["item", 1], DRUG, f"{ITEM}[2]", "structure"),
    ("twice", ["item", 4], {"linkId": "mobile"}, f"{ITEM}[4]", "structure"),
    ("a group with an answer", ["item", 0, "answer"], [{"valueString": "x"}], f"{ITEM}[0]", "structure"),
    ("a display with an answer", ["item", 1, "answer"], [{"valueString": "x"}], f"{ITEM}[1]", "structure"),
    ("beside the answer", [*ABOUT, 2, "item"], [{"linkId": "with"}], f"{ITEM}[0].item[2]", "structure"),
    ("a field FHIR lacks", ["item", 3, "value"], 1, f"{ITEM}[3]", "structure"),
    ("an empty list", ["item", 7, "answer"], [], f"{ITEM}[7]", "structure"),
    ("an empty place", ["item", 7, "answer", 1], None, f"{ITEM}[7]", "structure"),
    ("no list", ["item", 3, "answer"], {"valueBoolean": True}, "QuestionnaireResponse", "structure"),
    ("status", ["status"], "done", "QuestionnaireResponse.status", "code-invalid"),
    ("no status", ["status"], GONE, "QuestionnaireResponse", "required"),
    ("authored", ["authored"], "yesterday", "QuestionnaireResponse.authored", "value"),
    ("another form", ["questionnaire"], "urn:other", "QuestionnaireResponse.questionnaire", "not-found"),
    ("not contained", ["questionnaire"], "#q", "QuestionnaireResponse.questionnaire", "not-found"),
    ("a modifier", ["item", 3, "modifierExtension"], [{"url": "urn:x"}], "QuestionnaireResponse", "business-rule"),
]  # fmt: skip


def changed(response: dict[str, Any], path: list[Any], value: Any) -> dict[str, Any]:
    """A copy with one place set, added to the end of a list, or taken out."""
    made = copy.deepcopy(response)
    holder: Any = made
    for step in path[:-1]:
        holder = holder[step]
    if value is GONE:
        del holder[path[-1]]
    elif isinstance(holder, list) and path[-1] == len(holder):
        holder.append(value)
    else:
        holder[path[-1]] = value
    return made


@pytest.mark.parametrize(
    ("path", "value", "where", "code"), [row[1:] for row in MUTATIONS], ids=[r[0] for r in MUTATIONS]
)
def test_one_thing_broken_is_one_error(path: list[Any], value: Any, where: str, code: str) -> None:
    broken = changed(GOOD, path, value)
    found = [(place, kind) for severity, kind, place, _ in rows(broken) if severity == "error"]
    assert (where, code) in found
    assert {place for place, _ in found} == {where}
    assert "Secretname" not in json.dumps(told(broken))


WORDS = "Verysecretwords"
ANYTHING: list[dict[str, Any]] = [
    {"valueString": WORDS}, {"valueUri": WORDS}, {"valueDate": WORDS}, {"valueDateTime": WORDS}, {"valueTime": WORDS},
    {"valueInteger": WORDS}, {"valueDecimal": WORDS}, {"valueBoolean": WORDS},
    {"valueCoding": {"system": WORDS, "code": WORDS, "display": WORDS}},
    {"valueQuantity": {"value": 1, "unit": WORDS, "system": WORDS, "code": WORDS}},
    {"valueReference": {"reference": WORDS, "display": WORDS}},
    {"valueAttachment": {"contentType": WORDS, "data": WORDS, "title": WORDS}},
    {"valueString": WORDS, "valueUri": WORDS},
]  # fmt: skip


@pytest.mark.parametrize("answer", ANYTHING)
@pytest.mark.parametrize("kind", [*Kind])
def test_the_words_never_repeat_the_answer(kind: Kind, answer: dict[str, Any]) -> None:
    limits = [PATTERN, PLACES, extension("maxValue", valueInteger=1), extension("minLength", valueInteger=99)]
    made = document(item("q", kind.value, extension=limits), item("r", kind.value, answerOption=[option("a")]))
    found = told({**GOOD, "item": [{"linkId": each, "answer": [answer]} for each in ("q", "r")]}, made)
    assert WORDS not in json.dumps(found)
    assert not is_valid(found)


def test_nor_another_answer_that_a_bound_comes_from() -> None:
    formula = {"language": "text/fhirpath", "expression": "%resource.item.where(linkId = 'age').answer.value"}
    url = FHIR + "cqf-calculatedValue"
    least = {"url": FHIR + "minValue", "_valueInteger": {"extension": [{"url": url, "valueExpression": formula}]}}
    made = document(item("age", "integer"), item("since", "integer", extension=[least]))
    given = [{"linkId": each, "answer": [{"valueInteger": n}]} for each, n in (("age", 7319), ("since", 12))]
    [row] = rows({**GOOD, "item": given}, made)
    assert row[2:] == (f"{ITEM}[1].answer[0]", "since: the value is below what a formula of the form allows")


@pytest.mark.parametrize(
    ("status", "severity"),
    [
        ("in-progress", "warning"),
        ("stopped", "warning"),
        ("completed", "error"),
        ("amended", "error"),
    ],
)
def test_what_is_missing_is_no_error_before_a_response_is_completed(status: str, severity: str) -> None:
    partly = [{"linkId": "about", "item": [{"linkId": "born", "answer": [{"valueDate": "1980"}]}]}]
    found = rows({**GOOD, "status": status, "item": partly})
    assert (severity, "required", f"{ITEM}[0]", "name: an answer is required") in found
    twice = [{"linkId": "name", "answer": [{"valueString": "x"}, {"valueString": "y"}]}]
    wrong = rows({**GOOD, "status": status, "item": [{"linkId": "about", "item": twice}]})
    assert ("error", "business-rule", f"{ITEM}[0].item[0]", "name: it takes one answer") in wrong


def constraint(formula: str, severity: str = "error") -> dict[str, Any]:
    parts = {"human": "Must not be", "expression": formula}
    written = [{"url": key, "valueString": value} for key, value in parts.items()]
    return extension("questionnaire-constraint") | {
        "extension": [*written, {"url": "severity", "valueCode": severity}],
    }


@pytest.mark.parametrize(
    ("formula", "severity", "status", "expected"),
    [
        ("answer.value < 5", "error", "completed", None),
        ("answer.value > 5", "error", "completed", ("error", "invariant", f"{ITEM}[0]", "score: Must not be")),
        ("answer.value > 5", "warning", "completed", ("warning", "invariant", f"{ITEM}[0]", "score: Must not be")),
        ("answer.value > 5", "error", "in-progress", ("warning", "invariant", f"{ITEM}[0]", "score: Must not be")),
        ("today() > @2026-10-31", "error", "completed", None),
        ("today() > @2026-11-01", "error", "completed", ("error", "invariant", f"{ITEM}[0]", "score: Must not be")),
    ],
)
def test_a_constraint(formula: str, severity: str, status: str, expected: tuple[str, ...] | None) -> None:
    made = document(item("score", "integer", extension=[constraint(formula, severity)]))
    response = {**GOOD, "status": status, "item": [GOOD["item"][7]]}
    assert [row for row in rows(response, made) if row[1] != "informational"] == ([expected] if expected else [])


def test_a_constraint_on_the_whole_response() -> None:
    made = document(item("score", "integer"), extension=[constraint("%resource.item.count() = 2")])
    assert rows({**GOOD, "item": [GOOD["item"][7]]}, made) == [
        ("error", "invariant", "QuestionnaireResponse", "Must not be")
    ]


def test_a_constraint_that_cannot_be_checked_is_a_warning() -> None:
    made = document(item("score", "integer", extension=[constraint("answer.value = %unknown")]))
    found = [row for row in rows({**GOOD, "item": [GOOD["item"][7]]}, made) if row[0] == "warning"]
    assert [row[1:3] for row in found] == [("not-supported", f"{ITEM}[0]")]
    assert "a constraint of the form cannot be checked: it names %unknown" in found[0][3]


def test_nothing_is_required_of_what_may_not_be_asked() -> None:
    """Whether it is asked cannot be told here: what is missing there is no error."""
    formula = {"language": "text/fhirpath", "expression": "%patient.gender = 'female'"}
    url = SDC + "enableWhenExpression"
    hidden = group("g", item("a", required=True), required=True, extension=[{"url": url, "valueExpression": formula}])
    found = rows({**GOOD, "item": [{"linkId": "score"}]}, document(item("score", "integer"), hidden))
    assert [row[:2] for row in found if row[0] != "information"] == [("warning", "required")] * 2


def test_what_is_required_in_a_group_that_is_left_out_is_a_warning() -> None:
    """Both reference validators ask nothing of an optional group that is not there."""
    made = document(group("g", item("a", required=True)), item("b"))
    [row] = rows({**GOOD, "item": [{"linkId": "b", "answer": [{"valueString": "x"}]}]}, made)
    assert row == ("warning", "required", "QuestionnaireResponse", "a: an answer is required")
    [row] = rows({**GOOD, "item": [{"linkId": "g"}]}, made)
    assert row[:3] == ("error", "required", f"{ITEM}[0]")


def test_nothing_is_required_of_what_is_disabled() -> None:
    made = document(item("a", "boolean"), item("b", required=True, enableWhen=[when("a", "=", answerBoolean=True)]))
    off = {**GOOD, "item": [{"linkId": "a", "answer": [{"valueBoolean": False}]}]}
    assert is_valid(told(off, made))
    assert not is_valid(told(changed(off, ["item", 0, "answer", 0, "valueBoolean"], True), made))


def test_a_reason_for_having_no_answer_satisfies_required() -> None:
    refused = {"linkId": "a", "extension": [{"url": ABSENT, "valueCode": "asked-declined"}]}
    made = document(item("a", required=True))
    assert is_valid(told({**GOOD, "item": [refused]}, made))
    assert not is_valid(told({**GOOD, "item": [{**refused, "answer": [{"valueString": "x"}]}]}, made))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"questionnaire": None}, "it does not say to which form it was given"),
        ({"questionnaire": "urn:test|2"}, "it was given to another version of the form"),
        ({"status": "entered-in-error"}, "the response is marked as entered in error"),
        ({"authored": "2019-12-31"}, "it was authored before the form came into use"),
        ({"authored": "2027-01"}, "it was authored after the form went out of use"),
    ],
)
def test_what_speaks_against_a_response_and_not_for_an_error(change: dict[str, Any], text: str) -> None:
    period = {**FORM, "effectivePeriod": {"start": "2020-01-01", "end": "2026-12-31"}}
    assert [(row[0], row[3]) for row in rows({**GOOD, **change}, period)] == [("warning", text)]


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_a_form_that_is_not_in_use_is_a_warning(status: str) -> None:
    [row] = rows(GOOD, {**FORM, "status": status})
    assert row[::3] == ("warning", f"the form is marked as {status}")


def test_a_form_contained_in_the_response() -> None:
    inside = {**GOOD, "questionnaire": "#q", "contained": [{**FORM, "id": "q"}]}
    assert rows(inside) == rows(GOOD)
    other = {**inside, "contained": [{**FORM, "id": "q", "url": "urn:other"}]}
    assert [row[1] for row in rows(other)] == ["not-found"]


def test_a_form_without_a_url_may_be_the_one() -> None:
    nameless = {key: value for key, value in FORM.items() if key not in ("url", "version")}
    assert [row[:2] for row in rows(GOOD, nameless)] == [("warning", "not-found")]


def test_a_form_that_could_not_be_asked_can_be_checked_against() -> None:
    scored = item("s", "choice", answerOption=[option("a", 1), option("a", 2)], required=True)
    refused = document(
        item("files", "attachment", required=True),
        item("anything", "choice"),
        item("listed", "choice", answerValueSet="urn:elsewhere"),
        item("loose", "open-choice", answerValueSet="urn:elsewhere"),
        {**scored, "answerOption": [{**option("a", 1), "valueCoding": option("a", 2)["valueCoding"]}]},
    )
    answers = [
        {"linkId": "files", "answer": [{"valueAttachment": {"url": "urn:file"}}]},
        {"linkId": "anything", "answer": [{"valueCoding": coding("x")}]},
        {"linkId": "loose", "answer": [{"valueString": "own words"}]},
        {"linkId": "s", "answer": [{"valueCoding": coding("a")}]},
    ]
    assert is_valid(told({**GOOD, "item": answers}, refused))
    listed = {"linkId": "listed", "answer": [{"valueCoding": coding("x")}]}
    found = [row for row in rows({**GOOD, "item": [answers[0], listed, *answers[2:]]}, refused) if row[0] == "error"]
    assert [row[1:3] for row in found] == [("not-supported", f"{ITEM}[1].answer[0]")]
    assert "cannot be looked up" in found[0][3]


@given(st.data())
def test_what_the_program_builds_of_answers_without_issues_is_valid(data: st.DataObject) -> None:
    q = data.draw(questionnaires())
    decided = {link_id: number for number, link_id in enumerate(q.order)}
    circles = (decided[c.question] >= decided[each.link_id] for each in q.by_id.values() for c in each.enable_when)
    assume(not any(circles))  # a question that is asked only as long as it has no answer can never be satisfied
    answers = data.draw(answers_to(q))
    while missing := [issue for issue in validate(q, answers) if issue.severity == "error"]:
        key = missing[0].key
        held = q.by_id[missing[0].link_id]
        assert held.is_question, missing
        answers[key] = (data.draw(values_for(held) if held.kind is not Kind.ATTACHMENT else NON_ANSWERS),)
    response = build(q, answers, status="completed", authored=datetime(2026, 11, 22, tzinfo=UTC))
    found = conformance.outcome(load(q.raw, asked=False), json.loads(json.dumps(response)))
    assert is_valid(found), found
