"""Reading Questionnaires: what is taken, what is refused and with which words."""

import json
from decimal import Decimal
from typing import Any

import pytest

from console.errors import KnownError
from console.forms import Coding, Date, Kind, RefusedForm, Time, initial_answers, load
from console.forms.values import FHIR
from tests.forms.building import ORDINAL, choice, coding, document, form, group, item, option, variable, when

SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
FOLDED = {"url": SDC + "collapsible", "valueCode": "default-closed"}
SLIDER = "it asks for a slider, and it is not one number between two bounds in at most 200 steps; it is shown as {}"


def looks(code: str) -> dict[str, Any]:
    url = FHIR + "questionnaire-itemControl"
    return {"url": url, "valueCodeableConcept": {"coding": [{"code": code}]}}


def expression(url: str, text: str = "%resource.id", language: str = "text/fhirpath") -> dict[str, Any]:
    return {"url": url, "valueExpression": {"language": language, "expression": text}}


def refusal(*items: Any, **fields: Any) -> RefusedForm:
    with pytest.raises(RefusedForm) as caught:
        form(*items, **fields)
    return caught.value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "not JSON: it is empty"),
        (b"\xef\xbb\xbf\n<Questionnaire/>", "not JSON but XML or a web page"),
        (b"\xff\xfe\x00", "not JSON: it is not in UTF-8"),
        (b"{}", "not a Questionnaire: it has no resourceType"),
        (b"[]", "not a JSON object"),
        (b'{"resourceType": "Patient"}', "'Patient'"),
        (b'{"resourceType": "Questionnaire", "item": [{"linkId": "a", "type": "integer", "maxLength": NaN}]}', "NaN"),
        (b'{"resourceType": "Questionnaire", "item": [{"linkId": "a", "type": "string", "x": 1e999}]}', "too large"),
        (b'{"resourceType": "Questionnaire", "title": "\\ud800"}', "not JSON"),
        (
            b'{"resourceType": "Questionnaire", "item": [], "item": [{"linkId": "a", "type": "string"}]}',
            "'item' stands",
        ),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"resourceType": "Questionnaire"}', "no items"),
    ],
)
def test_what_is_no_form_is_refused_in_one_line(text: bytes, words: str) -> None:
    with pytest.raises(RefusedForm) as caught:
        load(text)
    assert words in caught.value.message
    assert "\n" not in caught.value.message
    assert isinstance(caught.value, KnownError)


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert load(b"\xef\xbb\xbf" + json.dumps(document(item("a"))).encode()).by_id["a"].kind is Kind.STRING


@pytest.mark.parametrize(
    ("broken", "link_id", "words"),
    [
        (item("q", "coding"), "q", "without any options"),
        (item("q", "coding", answerConstraint="optionsOrType"), "q", "R5, and R4 cannot ask for an option or another"),
        (item("q", "coding", answerConstraint="some"), "q", "R5 with an answerConstraint that it does not know"),
        (item("q", disabledDisplay="protected"), "q", "R5, and R4 cannot show what is not asked"),
        (item("q", "choice", option=[{"valueCoding": {"code": "a"}}]), "q", "STU3 ('option')"),
        (item("q", "choice", options={"reference": "#a"}), "q", "STU3 ('options')"),
        (item("q", initialString="a"), "q", "STU3 ('initialString')"),
        (item("q", enableWhen=[{"question": "q", "hasAnswer": True}]), "q", "STU3 ('hasAnswer')"),
        (item("q", "question"), "q", "'question' are not supported"),
        (item("q", "attachment", required=True), "q", "takes in no files"),
        ({"linkId": "q", "text": "no type"}, "q", "no type"),
        ({"type": "string"}, "", "item 2 of the form has no linkId"),
        ({"linkId": "  ", "type": "string"}, "", "no linkId"),
        (item("q", required="yes"), "q", "'required' is not true or false"),
        (item("q", text=5), "q", "'text' is not text"),
        (item("q", maxLength="9"), "q", "'maxLength' is not a whole number"),
        (item("q", enableWhen={"question": "a"}), "q", "'enableWhen' is not a list"),
        (item("q", enableWhen=["a"]), "q", "not an object"),
        (item("q", enableWhen=[when("gone", "=", answerString="x")]), "q", "'gone', which is not in the form"),
        (item("q", enableWhen=[{"operator": "=", "answerString": "x"}]), "q", "names no question"),
        (item("q", enableWhen=[when("first", "~", answerString="x")]), "q", "no operator"),
        (item("q", enableWhen=[when("first", "=")]), "q", "no answer to compare with"),
        (item("q", enableWhen=[when("first", "=", answerString="x", answerInteger=1)]), "q", "no answer to compare"),
        (item("q", enableWhen=[when("first", "=", answerInteger=1)]), "q", "value of another type"),
        (item("q", enableWhen=[when("first", "exists", answerString="x")]), "q", "'exists'"),
        (item("q", enableBehavior="some"), "q", "enableBehavior"),
        (item("q", enableWhen=[when("words", "exists", answerBoolean=True)]), "q", "takes no answer"),
        (item("q", "choice"), "q", "without any options"),
        (choice("q", option("a"), answerValueSet="#v"), "q", "both answerOption and answerValueSet"),
        (item("q", "string", answerValueSet="#v"), "q", "has an answerValueSet"),
        (item("q", "boolean", answerOption=[{"valueString": "x"}]), "q", "has answer options"),
        (item("q", "integer", answerOption=[{"valueString": "x"}]), "q", "option of type String"),
        (choice("q", {"valueReference": {"type": "Patient"}}), "q", "option holds no value"),
        (choice("q", {}), "q", "option holds no value"),
        (item("q", "choice", answerValueSet="http://x/vs"), "q", "http://x/vs is not in the form and cannot be looked"),
        (item("q", "integer", initial=[{"valueString": "x"}], readOnly=True), "q", "initial value"),
        (choice("q", option("a"), initial=[{"valueString": "x"}], extension=[
            {"url": FHIR + "questionnaire-hidden", "valueBoolean": True}]), "q", "initial value"),
        (item("q", modifierExtension=[{"url": "urn:not"}]), "q", "urn:not"),
        (item("q", extension=[expression(SDC + "enableWhenExpression", "%patient.active")]), "q", "%patient"),
        (item("q", extension=[expression(SDC + "enableWhenExpression", "today() > @2030")]), "q", "on the time"),
        (item("q", extension=[expression(SDC + "answerExpression", "a b")]), "q", "which answers it offers"),
        (item("q", extension=[expression(SDC + "answerOptionsToggleExpression")]), "q", "offered is decided"),
        (item("q", extension=[{"url": SDC + "subQuestionnaire", "valueCanonical": "x"}]), "q", "another form"),
        (item("q", extension=[expression("urn:any", language="text/cql")]), "q", "CQL"),
        (item("q", extension=[expression("urn:any", language="text/cql-identifier")]), "q", "CQL"),
        (item("q", _required={"extension": [expression(FHIR + "cqf-expression", "%user")]}), "q", "'required'"),
        (item("q", "display", item=[item("r")]), "q", "display item holds questions"),
        (item("first"), "first", "two items have this linkId"),
    ],
)  # fmt: skip
def test_refusals_name_the_item_and_the_reason(broken: dict[str, Any], link_id: str, words: str) -> None:
    refused = refusal(item("first"), broken, item("words", "display"))
    assert words in refused.reason
    assert refused.link_id == link_id
    assert f"(item {link_id})" in refused.message or not link_id


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"modifierExtension": [{"url": "urn:not"}]}, "urn:not"),
        ({"extension": [{"url": "urn:x", "valueExpression": {"language": "text/cql", "expression": "x"}}]}, "CQL"),
        ({"title": ["x"]}, "'title' is not text"),
        ({"extension": [expression(SDC + "calculatedExpression", "item.answer.weight().sum()")]}, "as a whole"),
    ],
)
def test_refusals_of_the_form_as_a_whole(fields: dict[str, Any], words: str) -> None:
    assert words in refusal(item("a"), **fields).reason


def test_a_refusal_is_one_printable_line_whatever_the_form_says() -> None:
    refused = refusal({"linkId": "a\nb\x1b[31m", "type": "x" * 500})
    assert refused.message == f"items of type '{'x' * 40}' are not supported (item a b\N{REPLACEMENT CHARACTER}[31m)"


def test_nesting_beyond_reason_is_refused() -> None:
    deep = item("last")
    for n in range(60):
        deep = group(f"g{n}", deep)
    assert "nested more than 40 deep" in refusal(deep).reason


def test_what_stays_blank_must_not_decide_what_is_asked() -> None:
    bmi = item("bmi", "decimal", extension=[expression(SDC + "calculatedExpression", "%a / %b")])
    refused = refusal(bmi, item("x", enableWhen=[when("bmi", ">", answerDecimal=30)]))
    assert refused.link_id == "x"
    assert "which stays blank" in refused.reason


def test_a_score_by_a_formula_that_cannot_be_evaluated_is_refused() -> None:
    total = item("t", "integer", extension=[expression(SDC + "calculatedExpression", "%patient.age * 2")])
    assert "it names %patient" in refusal(choice("a", option("x", 1)), total).reason
    assert form(item("a"), total).by_id["t"].calculated, "without any scores it is no score: it stays blank"


def test_a_first_answer_that_its_question_cannot_hold_is_left_to_be_given() -> None:
    q = form(choice("q", option("a"), initial=[{"valueString": "a"}]), item("n", "integer", initial=[{"value": 1}]))
    assert initial_answers(q) == {}
    said = "its initial value is not one it can hold; it starts blank"
    assert [(one.link_id, one.text) for one in q.findings] == [("q", said), ("n", said)]


def test_what_is_passed_over_is_recorded() -> None:
    q = form(
        item(
            "a",
            extension=[
                expression(SDC + "initialExpression", "%patient.name"),
                {"url": FHIR + "regex", "valueString": "(a"},
            ],
        ),
        item("b", enableWhen=[when("a", "=", answerString="x"), when("a", "=", answerString="y")]),
        item("c", extension=[expression("http://elsewhere.example/my-formula")]),
        item("d", _text={"extension": [expression(FHIR + "cqf-expression", "%user.name")]}),
        item("e", "integer", extension=[{"url": FHIR + "minValue", "valueString": "low"}]),
    )
    assert [(finding.link_id, finding.text.split(";")[0]) for finding in q.findings] == [
        ("a", "its initial answer comes from a formula"),
        (
            "d",
            "its 'text' is decided by a formula that cannot be evaluated here: "
            "it names %user, which another program would hand to the form and this one does not",
        ),
        (
            "a",
            "the pattern its answer should have is not checked: missing ) at position 2",
        ),
        ("b", "enableBehavior is missing"),
        ("c", "the formula in 'my-formula' is not evaluated"),
        ("e", "its minValue cannot be read and is not checked"),
    ]
    assert q.by_id["b"].enable_any


def test_a_whole_item_is_read() -> None:
    control = {"url": FHIR + "questionnaire-itemControl", "valueCodeableConcept": {"coding": [{"code": "help"}]}}
    q = form(
        group(
            "g",
            item(
                "q",
                "integer",
                prefix="3a.",
                required=True,
                repeats=True,
                readOnly=True,
                code=[coding("a")],
                initial=[{"valueInteger": 4}],
                extension=[
                    {"url": FHIR + "minValue", "valueInteger": 1},
                    {"url": FHIR + "maxValue", "valueInteger": 9},
                    {"url": FHIR + "questionnaire-minOccurs", "valueInteger": 2},
                    {"url": FHIR + "questionnaire-maxOccurs", "valueInteger": 3},
                    {"url": FHIR + "questionnaire-hidden", "valueBoolean": True},
                    {"url": FHIR + "questionnaire-unit", "valueCoding": {"code": "kg"}},
                    {"url": FHIR + "entryFormat", "valueString": "nn"},
                ],
                item=[item("h", "display", extension=[control])],
            ),
        )
    )
    read = q.by_id["q"]
    assert (read.label, read.required, read.repeats, read.read_only, read.hidden) == ("3a", True, True, True, True)
    assert (read.minimum, read.maximum, read.min_occurs, read.max_occurs) == (Decimal(1), Decimal(9), 2, 3)
    assert read.initial == (4,)
    assert read.unit == Coding(code="kg")
    assert (read.look.placeholder, read.look.help) == ("nn", "Text of h")
    assert "h" not in q.by_id, "help is shown with its question, not as a line of its own"
    assert q.parents["q"] == "g"


def test_options_of_every_type_a_choice_may_have() -> None:
    q = form(
        choice("a", option("x"), {"valueString": "word"}, {"valueInteger": 3}),
        item("b", "date", answerOption=[{"valueDate": "2020-02"}]),
        item("c", "time", answerOption=[{"valueTime": "10:30:00"}]),
        item("d", "open-choice", answerOption=[{"valueCoding": {"display": "only words"}, "initialSelected": True}]),
    )
    assert [entry.value for entry in q.by_id["a"].options] == [Coding("urn:codes", "x", "X"), "word", 3]
    assert [entry.label for entry in q.by_id["a"].options] == ["X", "word", "3"]
    assert q.by_id["b"].options[0].value == Date("2020-02")
    assert q.by_id["c"].options[0].value == Time("10:30:00")
    assert q.by_id["d"].initial == (Coding(display="only words"),)


def in_value_set(**value_set: Any) -> dict[str, Any]:
    return {"resourceType": "ValueSet", "id": "v", "url": "urn:v", **value_set}


WEIGHT = {"extension": [{"url": FHIR + "itemWeight", "valueDecimal": 2.5}]}
CONCEPT = {"code": "a", "display": "A"}
SYSTEM = {"resourceType": "CodeSystem", "url": "urn:s", "content": "complete"}


@pytest.mark.parametrize(
    "contained",
    [
        [in_value_set(compose={"include": [{"system": "urn:s", "concept": [CONCEPT | WEIGHT]}]})],
        [in_value_set(expansion={"contains": [CONCEPT | WEIGHT | {"system": "urn:s"}]})],
        [in_value_set(expansion={"contains": [{"abstract": True, "display": "All", "contains": [
            CONCEPT | WEIGHT | {"system": "urn:s"}]}]})],
        [in_value_set(expansion={"contains": [CONCEPT | {"system": "urn:s"}]},
                      compose={"include": [{"system": "urn:s", "concept": [CONCEPT | WEIGHT]}]})],
        [in_value_set(compose={"include": [{"system": "urn:s", "concept": [CONCEPT]}]}),
         SYSTEM | {"concept": [CONCEPT | WEIGHT]}],
        [in_value_set(compose={"include": [{"system": "urn:s"}]}), SYSTEM | {"concept": [CONCEPT | WEIGHT]}],
        [in_value_set(compose={"include": [{"valueSet": ["urn:w"]}]}),
         {"resourceType": "ValueSet", "url": "urn:w", "compose": {"include": [
             {"system": "urn:s", "concept": [CONCEPT | WEIGHT]}]}}],
        [in_value_set(compose={"include": [{"system": "urn:s", "concept": [CONCEPT | WEIGHT, {"code": "b"}]}],
                               "exclude": [{"system": "urn:s", "concept": [{"code": "b"}]}]})],
    ],
)  # fmt: skip
@pytest.mark.parametrize("reference", ["#v", "urn:v", "urn:v|1.0"])
def test_value_sets_in_the_form_give_options_with_their_scores(contained: list[Any], reference: str) -> None:
    q = form(item("q", "choice", answerValueSet=reference), contained=contained)
    [only] = q.by_id["q"].options
    assert only.value == Coding("urn:s", "a", "A", score=Decimal("2.5"), score_url=FHIR + "itemWeight")
    assert only.score == Decimal("2.5")


@pytest.mark.parametrize(
    ("value_set", "words"),
    [
        (in_value_set(), "does not spell out"),
        (in_value_set(compose={"include": [{"system": "urn:s"}]}), "takes all of urn:s"),
        (in_value_set(compose={"include": [{"system": "urn:s", "filter": [{"property": "x"}]}]}), "by a filter"),
        (in_value_set(compose={"include": [{"valueSet": ["urn:v"]}]}), "includes itself"),
        (in_value_set(compose={"include": [{"valueSet": ["urn:a", "urn:b"]}]}), "intersection"),
        (in_value_set(compose={"include": [], "exclude": [{"system": "urn:s"}]}), "excludes codes by a rule"),
        (in_value_set(expansion={"total": 9, "contains": [CONCEPT]}), "only a part (1 of 9 codes)"),
        (in_value_set(compose={"include": []}), "holds no codes"),
    ],
)
def test_value_sets_that_are_no_list_are_refused(value_set: dict[str, Any], words: str) -> None:
    refused = refusal(item("q", "choice", answerValueSet="#v"), contained=[value_set])
    assert words in refused.reason
    assert refused.link_id == "q"


def test_value_sets_that_the_program_ships_are_known_by_url() -> None:
    shipped = {"urn:v": in_value_set(compose={"include": [{"system": "urn:s", "concept": [CONCEPT]}]})}
    made = document(item("q", "choice", answerValueSet="urn:v"))
    assert [entry.label for entry in load(made, value_sets=shipped).by_id["q"].options] == ["A"]


def test_a_score_on_the_option_on_its_coding_and_in_the_code_system() -> None:
    on_coding = {"valueCoding": coding("a") | WEIGHT}
    in_system = {"valueCoding": {"system": "urn:s", "code": "a"}}
    q = form(choice("q", option("z", 1), on_coding, in_system), contained=[SYSTEM | {"concept": [CONCEPT | WEIGHT]}])
    assert [entry.score for entry in q.by_id["q"].options] == [1, Decimal("2.5"), Decimal("2.5")]
    values = [entry.value for entry in q.by_id["q"].options]
    assert [value.score_url.rsplit("/")[-1] for value in values if isinstance(value, Coding)] == [
        "ordinalValue", "itemWeight", "itemWeight",
    ]  # fmt: skip


def test_two_different_scores_on_one_option_are_refused() -> None:
    both = {"valueCoding": coding("a") | WEIGHT, "extension": [{"url": ORDINAL, "valueDecimal": 1}]}
    assert "two different scores" in refusal(choice("q", both)).reason


@pytest.mark.parametrize(
    "value",
    [{"valueString": "a"}, {"valueInteger": 1}, {"valueCoding": {"display": "a"}}, {"valueCoding": coding("a")}],
)
def test_two_options_that_are_the_same_may_not_be_worth_different_things(value: dict[str, Any]) -> None:
    twice = [value | {"extension": option("a", points)["extension"]} for points in (1, 2)]
    with pytest.raises(RefusedForm, match="two of its options are the same and carry different scores"):
        form(item("q", "choice", answerOption=twice))
    assert form(item("q", "choice", answerOption=[twice[0], twice[0]])).by_id


def test_two_different_scores_in_a_value_set_and_its_code_system_are_refused() -> None:
    value_set = in_value_set(compose={"include": [{"system": "urn:s", "concept": [CONCEPT | WEIGHT]}]})
    other = {"extension": [{"url": ORDINAL, "valueDecimal": 1}]}
    contained = [value_set, SYSTEM | {"concept": [CONCEPT | other]}]
    assert "two different scores" in refusal(item("q", "choice", answerValueSet="#v"), contained=contained).reason


def test_the_document_survives_whole() -> None:
    made = document(
        item("a", designNote="kept", extension=[variable("x", "1"), {"url": "urn:unknown", "valueString": "kept"}]),
        useContext=[{"unknown": 1.5}],
    )
    assert load(made).raw == made
    assert load(made).raw is not made


def test_the_hash_is_of_the_content_not_of_its_spelling() -> None:
    made = document(item("a"))
    assert load(json.dumps(made, indent=4)).sha256 == load(json.dumps(made, sort_keys=True)).sha256
    assert load(made).sha256 != load(document(item("b"))).sha256


def test_link_ids_that_look_like_keys_are_refused_only_where_they_would_be_ambiguous() -> None:
    assert form(item("a#2")).by_id["a#2"]
    assert "may not end" in refusal(group("g", item("a"), repeats=True), item("a#2")).reason


def test_a_score_that_stands_before_anybody_was_asked_is_told() -> None:
    q = form(
        choice("a", option("o", 2) | {"initialSelected": True}),
        choice("b", option("p") | {"initialSelected": True}),
        choice("c", option("r", 1)),
    )
    assert [(each.link_id, each.text) for each in q.findings] == [
        ("a", "it starts with an answer that counts: it is scored although nobody was asked")
    ]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (group("g", item("a"), extension=[looks("table")]), "it asks to be a table; it is shown line by line"),
        (group("g", item("a"), extension=[FOLDED]), "it asks to be folded; it is shown open"),
        (choice("g", option("x"), extension=[looks("slider")]), SLIDER.format("its options")),
        (item("g", "integer", extension=[looks("slider")]), SLIDER.format("a field")),
    ],
)
def test_a_look_that_is_not_drawn_is_told(entry: dict[str, Any], told: str) -> None:
    assert [each.text for each in form(entry).findings] == [told]


def test_a_table_that_is_drawn_is_not_told() -> None:
    alike = [choice(name, option("x"), option("y")) for name in "ab"]
    other = choice("c", option("z"))
    assert form(group("g", *alike, extension=[looks("gtable")])).findings == ()
    told = form(group("g", *alike, other, extension=[looks("gtable")])).findings
    assert [each.text for each in told] == ["it asks to be a table; it is shown line by line"]


def test_a_slider_that_is_drawn_is_not_told() -> None:
    bounds = [{"url": FHIR + name, "valueInteger": at} for name, at in (("minValue", 0), ("maxValue", 10))]
    assert form(item("g", "integer", extension=[looks("slider"), *bounds])).findings == ()
