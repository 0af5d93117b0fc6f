"""Forms of other versions and dialects: what would be lost without a word is refused or reported."""

from typing import Any

import pytest

from console.forms import RefusedForm, load
from console.forms.document import SDC
from console.forms.values import FHIR
from tests.forms.building import Json, choice, document, form, item, option, when

UCUM = "http://unitsofmeasure.org"
EHELSE = "http://ehelse.no/fhir/StructureDefinition/"


def refusal(*items: Any, **fields: Any) -> str:
    with pytest.raises(RefusedForm) as caught:
        form(*items, **fields)
    return caught.value.reason


def findings(*items: Any, **fields: Any) -> list[tuple[str, str]]:
    return [(one.link_id, one.text) for one in form(*items, **fields).findings]


def test_older_versions_are_named_by_what_gives_them_away() -> None:
    assert "DSTU2 ('group')" in refusal(group={"linkId": "g", "question": []})
    unordered = [{"question": "a", "answerString": "x"}]
    assert "no operator, as in FHIR STU3" in refusal(item("a"), item("b", enableWhen=unordered))
    assert "STU3 ('initialUri')" in refusal(item("a", initialUri="urn:x"))


@pytest.mark.parametrize(
    "name",
    [
        "enableWhenExpression",
        "calculatedExpression",
        "answerExpression",
        "answerOptionsToggleExpression",
        "subQuestionnaire",
    ],
)
def test_an_extension_written_as_a_field_is_refused_where_it_decides_what_is_asked(name: str) -> None:
    written = {name: {"language": "text/fhirpath", "expression": "false"}}
    assert f"'{name}' is a field in it" in refusal(item("a"), item("b", **written))
    assert load(document(item("a", **written)), asked=False).findings


def test_any_other_field_that_fhir_has_not_is_reported() -> None:
    assert findings(item("a", require=True, initialExpression={"expression": "1"}), launchContext=[]) == [
        ("", "it has a field 'launchContext' that FHIR R4 has not; it is passed over"),
        ("a", "it has a field 'require' that FHIR R4 has not; it is passed over"),
        ("a", "it has a field 'initialExpression' that FHIR R4 has not; it is passed over"),
    ]
    known = {"_text": {"extension": []}, "definition": "urn:x", "id": "1", "fhir_comments": ["x"], "maxLength": 3}
    assert findings(item("a", **known), copyright="x", _title={"id": "t"}, date="2026") == []


@pytest.mark.parametrize(
    "written",
    [
        {"url": FHIR + "cqf-expression-language", "valueString": "text/cql.identifier"},
        {"url": FHIR + "cqif-cqlExpression", "valueString": "Library.Name"},
        {"url": SDC + "initialExpression", "valueExpression": {"language": "application/cql", "expression": "x"}},
    ],
)
def test_cql_is_refused_however_it_is_written(written: dict[str, Any]) -> None:
    assert "an expression in CQL" in refusal(item("a", extension=[written]))


def test_a_form_whose_questions_a_server_chooses_is_refused() -> None:
    adaptive = SDC + "questionnaireAdaptive"
    assert "decided by a server" in refusal(item("a"), extension=[{"url": adaptive, "valueUrl": "http://x.example"}])
    assert findings(item("a"), extension=[{"url": adaptive, "valueBoolean": False}]) == []


def test_a_formula_that_is_no_expression_is_refused_where_it_decides_what_is_asked_and_reported_elsewhere() -> None:
    said = {"valueString": "%resource.item.first().answer.value"}
    assert "'enableWhenExpression' cannot be read" in refusal(
        item("a", extension=[{"url": SDC + "enableWhenExpression", **said}])
    )
    for url in (SDC + "initialExpression", EHELSE + "sdf-fhirpath", FHIR + "cqf-expression"):
        name = url.rsplit("/", 1)[-1].removeprefix("sdc-questionnaire-")
        assert findings(item("a", extension=[{"url": url, **said}])) == [
            ("a", f"the formula in '{name}' is not evaluated")
        ]


def test_what_is_not_shown_or_looked_at_is_reported() -> None:
    picture = {"url": SDC + "itemMedia", "valueAttachment": {"url": "http://x.example/a.png"}}
    drawn = {"url": SDC + "itemAnswerMedia", "valueAttachment": {"url": "http://x.example/b.png"}}
    part = {"url": SDC + "assemble-expectation", "valueCode": "assemble-child"}
    logic = {"url": FHIR + "cqf-library", "valueCanonical": "http://x.example/Library/l"}
    offered = choice("b", option("x") | {"extension": [drawn]})
    own = {"derivedFrom": ["http://x.example/q"], "implicitRules": "http://x.example/rules", "extension": [part, logic]}
    assert findings(item("a", extension=[picture]), offered, **own) == [
        ("", "it is made to be a part of another form; it is asked as it stands"),
        ("", "a library of logic that belongs to it is not used"),
        ("", "it follows rules of its own (implicitRules), which are not known here"),
        ("", "it is derived from another form, which is not looked at"),
        ("a", "a picture or recording that belongs to it is not shown"),
        ("b", "a picture or recording that belongs to an option is not shown"),
    ]


def test_extensions_that_are_not_of_fhir_are_named_once() -> None:
    below = {"url": EHELSE + "sdf-sublabel", "valueMarkdown": "**More words**"}
    own = {"url": "urn:vendor:colour", "valueString": "red"}
    known = {"url": FHIR + "questionnaire-hidden", "valueBoolean": True}
    assert findings(item("a", extension=[below, known]), item("b", extension=[below]), extension=[own]) == [
        ("", "extensions that are not FHIR's own are not acted on: sdf-sublabel, urn:vendor:colour")
    ]


@pytest.mark.parametrize("amount", [{"value": 30}, {"value": 30000, "system": UCUM, "code": "g"}])
def test_a_condition_in_another_unit_than_its_question_is_reported(amount: Json) -> None:
    unit = {"url": FHIR + "questionnaire-unit", "valueCoding": {"system": UCUM, "code": "kg"}}
    weight = item("a", "quantity", extension=[unit])
    assert findings(weight, item("b", enableWhen=[when("a", ">", answerQuantity=amount)])) == [
        ("b", "its enableWhen compares 'a' with an amount in another unit: nothing fits it")
    ]
    same = {"value": 30, "system": UCUM, "code": "kg"}
    assert findings(weight, item("b", enableWhen=[when("a", ">", answerQuantity=same)])) == []


def test_a_condition_that_no_option_can_meet_is_reported() -> None:
    yes = choice("a", option("yes"), option("no"))
    wanted = {"answerCoding": {"system": "urn:codes", "code": "maybe"}}
    assert findings(yes, item("b", enableWhen=[when("a", "=", **wanted)])) == [
        ("b", "its enableWhen wants an answer to 'a' that is none of its options: it never holds")
    ]
    for held in (
        when("a", "=", answerCoding={"code": "yes"}),
        when("a", "!=", **wanted),
    ):
        assert findings(yes, item("b", enableWhen=[held])) == []
    assert findings({**yes, "type": "open-choice"}, item("b", enableWhen=[when("a", "=", **wanted)])) == []
