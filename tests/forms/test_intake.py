"""Which form a document holds: alone, in a Bundle, in FHIR R5."""

from decimal import Decimal
from typing import Any

import pytest

from console.forms import Coding, Kind, Questionnaire, RefusedForm, load
from console.forms.document import objects
from console.forms.reading import valuesets
from console.forms.values import FHIR
from tests.forms.building import choice, coding, document, group, item, option, when

ONE = {"valueInteger": 1}
CONCEPT = {"code": "a", "display": "A"}
VALUE_SET = {
    "resourceType": "ValueSet",
    "id": "v",
    "url": "urn:v",
    "compose": {"include": [{"system": "urn:s", "concept": [CONCEPT]}]},
}
SYSTEM = {"resourceType": "CodeSystem", "url": "urn:s", "content": "complete", "concept": [CONCEPT]}


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    entries = [{"fullUrl": f"urn:uuid:{place}", "resource": each} for place, each in enumerate(resources)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def only_option(q: Questionnaire) -> Any:
    [found] = q.by_id["q"].options
    return found.value


# -- a Bundle ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reference", ["urn:v", "urn:v|1", "urn:uuid:0", "ValueSet/v"])
def test_a_form_in_a_bundle_with_its_value_set(reference: str) -> None:
    form = document(item("q", "choice", answerValueSet=reference))
    q = load(bundle(VALUE_SET, form, {"resourceType": "Patient"}))
    assert only_option(q) == Coding("urn:s", "a", "A")
    assert q.raw == form


def test_a_value_set_of_another_version_is_another_list() -> None:
    form = document(item("q", "choice", answerValueSet="urn:v|2"))
    assert only_option(load(bundle(VALUE_SET | {"version": "2"}, form))).code == "a"
    with pytest.raises(RefusedForm, match="is here in version 1 only"):
        load(bundle(VALUE_SET | {"version": "1"}, form))


def test_what_the_form_contains_counts_before_what_stands_beside_it() -> None:
    own = VALUE_SET | {"compose": {"include": [{"system": "urn:s", "concept": [CONCEPT | {"display": "Own"}]}]}}
    q = load(bundle(VALUE_SET, document(item("q", "choice", answerValueSet="urn:v"), contained=[own])))
    assert only_option(q).display == "Own"


def test_the_hash_of_a_bundle_is_of_all_of_it() -> None:
    form = document(item("q", "choice", answerValueSet="urn:v"))
    other = VALUE_SET | {"compose": {"include": [{"system": "urn:s", "concept": [CONCEPT, {"code": "b"}]}]}}
    assert load(bundle(VALUE_SET, form)).sha256 != load(bundle(other, form)).sha256


@pytest.mark.parametrize(
    ("resources", "words"),
    [([VALUE_SET], "'Bundle', and it holds none"), ([document(item("a")), document(item("b"))], "2 Questionnaires")],
)
def test_a_bundle_holds_one_form(resources: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(RefusedForm) as caught:
        load(bundle(*resources))
    assert words in caught.value.message


# -- scores that stand in code systems ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "system",
    [
        SYSTEM | {"concept": [CONCEPT | {"property": [{"code": "itemWeight", "valueDecimal": 2.5}]}]},
        SYSTEM
        | {"url": "urn:more", "content": "supplement", "supplements": "urn:s|1"}
        | {"concept": [CONCEPT | {"extension": [{"url": FHIR + "itemWeight", "valueDecimal": 2.5}]}]},
    ],
)
def test_scores_among_the_properties_of_a_concept_and_in_a_supplement(system: dict[str, Any]) -> None:
    q = load(bundle(VALUE_SET, system, document(item("q", "choice", answerValueSet="urn:v"))))
    assert only_option(q).score == Decimal("2.5")
    q = load(bundle(system, document(choice("q", {"valueCoding": {"system": "urn:s", "code": "a"}}))))
    assert only_option(q).score == Decimal("2.5")


# -- lists that are not known ------------------------------------------------------------------------------------------


def test_an_open_choice_whose_list_is_not_known_is_answered_in_words() -> None:
    q = load(document(item("q", "open-choice", answerValueSet="urn:gone")))
    assert q.by_id["q"].options == ()
    assert q.by_id["q"].is_open
    assert [f.text for f in q.findings] == [
        "its answerValueSet urn:gone is not in the form and cannot be looked up; it is answered in words"
    ]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (item("x", enableWhen=[when("q", "=", answerCoding={"code": "a"})]), "what is asked hangs on it"),
        (choice("x", option("a", 1)), "the form has scores"),
    ],
)
def test_not_where_something_hangs_on_its_codes(more: dict[str, Any], words: str) -> None:
    with pytest.raises(RefusedForm) as caught:
        load(document(item("q", "open-choice", answerValueSet="urn:gone"), more))
    assert words in caught.value.message
    assert caught.value.link_id == "q"


# -- FHIR R5 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        (item("q", "coding", answerOption=[option("a")]), Kind.CHOICE),
        (item("q", "coding", answerOption=[option("a")], answerConstraint="optionsOnly"), Kind.CHOICE),
        (item("q", "coding", answerOption=[option("a")], answerConstraint="optionsOrString"), Kind.OPEN_CHOICE),
        (item("q", "coding", answerConstraint="optionsOrString"), Kind.OPEN_CHOICE),
        (item("q", answerOption=[{"valueString": "a"}], answerConstraint="optionsOnly"), Kind.STRING),
        (item("q", answerOption=[{"valueString": "a"}], answerConstraint="optionsOrType"), Kind.OPEN_CHOICE),
        (item("q", "date", answerConstraint="optionsOrType"), Kind.DATE),
        (
            item("q", "integer", answerOption=[{"valueInteger": 1}], answerConstraint="optionsOrString"),
            Kind.OPEN_CHOICE,
        ),
    ],
)
def test_what_r5_says_otherwise_is_asked_as_r4(entry: dict[str, Any], kind: Kind) -> None:
    made = document(group("g", entry), copyrightLabel="Ours", versionAlgorithmString="semver")
    q = load(made)
    assert q.by_id["q"].kind is kind
    assert "this is FHIR R5; it is asked as FHIR R4, without loss" in [finding.text for finding in q.findings]
    assert q.raw == made


def test_hiding_what_is_not_asked_is_what_r4_does() -> None:
    q = load(document(item("a", "boolean"), item("q", disabledDisplay="hidden")))
    assert ("q", "disabledDisplay 'hidden' of R5 is what R4 does anyway") in [(f.link_id, f.text) for f in q.findings]


def test_how_a_line_looks_does_not_matter_where_responses_are_checked() -> None:
    assert load(document(item("q", disabledDisplay="protected")), asked=False).by_id["q"].kind is Kind.STRING


def test_a_form_in_r4_is_left_as_it_is() -> None:
    assert load(document(choice("q", {"valueCoding": coding("a")}))).findings == ()


def test_a_long_list_is_read_once_however_many_options_are_taken_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = [{"code": f"c{place}", "display": f"Option {place}"} for place in range(300)]
    system = {"resourceType": "CodeSystem", "url": "urn:long", "content": "complete", "concept": codes}
    listed = {"resourceType": "ValueSet", "id": "v", "compose": {"include": [{"system": "urn:long"}]}}
    read: list[str] = []

    def counted(holder: dict[str, Any], key: str, link_id: str = "") -> list[dict[str, Any]]:
        read.append(key)
        return objects(holder, key, link_id)

    monkeypatch.setattr(valuesets, "objects", counted)
    q = load(document(*(item(each, "choice", answerValueSet="#v") for each in "abcde"), contained=[listed, system]))
    assert all(len(each.options) == len(codes) for each in q.items)
    assert len(read) < 5 * len(codes)
