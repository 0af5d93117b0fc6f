"""The forms that come with the program: valid, worded as published, with their notices, scored by the right file."""

import json

import pytest
from msgspec.structs import replace

from console.errors import KnownError
from console.forms import Coding, Kind, load, score, shipped
from console.forms.instruments.description import Table, Validity
from console.forms.instruments.matching import bind
from console.forms.library import Form
from console.handoff.fields import FIELD
from console.settings import resources
from tests.forms.building import document, item
from tests.forms.fhir_schema import violations
from tests.support.shared import shared

LIBRARY = shipped()
FORMS = list(LIBRARY.forms.values())


def test_what_is_shipped() -> None:
    assert " ".join(sorted(LIBRARY.forms)) == (
        "asq bssa gad-7 imminent-risk observed-behavior phq-2 phq-9 safe-t safety-plan"
    )
    assert sorted(LIBRARY.keys) == ["c-ssrs-screener"]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_each_is_valid_fhir_without_anything_passed_over(form: Form) -> None:
    assert violations(form.questionnaire.raw, "Questionnaire") == []
    assert form.questionnaire.findings == ()


@pytest.mark.parametrize("value_set", list(LIBRARY.value_sets.values()), ids=lambda value_set: value_set["id"])
def test_value_sets_are_valid_fhir(value_set: dict[str, object]) -> None:
    assert violations(value_set, "ValueSet") == []
    assert value_set["copyright"]
    q = load(document(item("q", "choice", answerValueSet=value_set["url"])), value_sets=LIBRARY.value_sets)
    codes = [option.value for option in q.by_id["q"].options]
    assert len(codes) == len(set(codes)) > 1
    assert all(isinstance(code, Coding) and code.system and code.display for code in codes)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_each_says_who_it_is_from_and_for_whom(form: Form) -> None:
    assert form.bound is not None
    instrument = form.bound.instrument
    assert instrument.name == form.name
    assert instrument.version == form.questionnaire.version
    assert instrument.rights.notice in form.questionnaire.copyright
    assert instrument.provenance.citations or "Written for this program" in instrument.provenance.authored
    assert all((instrument.validity.ages, instrument.validity.setting, instrument.validity.phone))
    assert instrument.validity.caveats
    assert score(form.questionnaire, {}, form.bound)[0].value is None


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_one_whose_words_were_changed_is_never_without_a_word_on_its_score(form: Form) -> None:
    changed = json.loads(json.dumps(form.questionnaire.raw)) | {"title": "Changed"}
    q = load(changed)
    found = score(q, {}, LIBRARY.recognize(q))
    assert found
    assert all(one.value is None and one.reason for one in found)
    assert form.bound is not None
    if form.bound.instrument.match is None:
        assert f"has the address of the {form.bound.instrument.title} and another content" in str(found[0].reason)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_facts_shown_under_a_question_are_facts_of_a_call(form: Form) -> None:
    assert form.bound is not None
    facts = form.bound.instrument.facts
    assert {field for fields in facts.values() for field in fields} <= FIELD.keys()
    assert bool(facts) == (form.name == "imminent-risk")


def test_a_fact_under_a_question_that_is_not_asked_is_refused() -> None:
    form = LIBRARY.forms["imminent-risk"]
    assert form.bound is not None
    with pytest.raises(KnownError, match="names item 'ir-gone', which is not in the form"):
        bind(replace(form.bound.instrument, facts={"ir-gone": ("animals",)}), form.questionnaire)


def test_the_phq9_carries_its_notice_and_asks_about_two_weeks() -> None:
    form = LIBRARY.forms["phq-9"]
    assert "No permission required to reproduce, translate, display or distribute." in form.questionnaire.copyright
    assert form.bound is not None
    assert "two weeks" in form.bound.instrument.validity.recall
    assert "not for the live call" in form.bound.instrument.validity.caveats[0]


def test_asq_is_for_eight_and_older_and_not_the_first_thing_on_a_call() -> None:
    bound = LIBRARY.forms["asq"].bound
    assert bound is not None
    assert "8 years" in bound.instrument.validity.ages
    assert any("imminent-risk assessment comes first" in caveat for caveat in bound.instrument.validity.caveats)
    [table] = bound.instrument.scores
    assert isinstance(table, Table)
    assert table.rows[-1].when == ()


def test_asq_is_worded_as_published() -> None:
    theirs = json.loads(shared("fhir-questionnaires/spier/asq-questionnaire.json").read_text(encoding="utf-8"))
    texts = [item["text"] for group in theirs["item"] for item in group.get("item", [group])]
    q = LIBRARY.forms["asq"].questionnaire
    for number in range(1, 6):
        assert q.by_id[f"asq-{number}"].text in texts


def test_the_phq9_is_worded_as_published() -> None:
    theirs = json.loads(shared("fhir-questionnaires/spier/phq9-questionnaire.json").read_text(encoding="utf-8"))

    def letters(text: str) -> str:
        return "".join(letter for letter in text.lower() if letter.isalpha())

    by_code = {item["code"][0]["code"]: item for item in theirs["item"] if "code" in item}
    q = LIBRARY.forms["phq-9"].questionnaire
    for number in range(1, 10):
        item = q.by_id[f"phq9-{number}"]
        assert letters(item.text) == letters(by_code[item.codes[0].code]["text"])
        assert [option.label for option in item.options] == [
            option["valueCoding"]["display"] for option in by_code[item.codes[0].code]["answerOption"]
        ]
        assert [option.score for option in item.options] == [0, 1, 2, 3]
    assert not q.by_id["phq9-difficulty"].is_scored


def test_every_question_of_the_imminent_risk_form_can_be_asked_in_one_breath() -> None:
    for each in LIBRARY.forms["imminent-risk"].questionnaire.by_id.values():
        if each.is_question:
            assert each.text.endswith("?")
            assert len(each.text.split()) <= 25
            assert each.kind in (Kind.BOOLEAN, Kind.TEXT, Kind.OPEN_CHOICE)


def test_files_of_forms_come_in_pairs() -> None:
    names = {path.name.removesuffix(".json") for path in (resources() / "questionnaires").glob("*.json")}
    forms = {name for name in names if not name.endswith(".instrument")}
    assert {f"{name}.instrument" for name in forms} == names - forms


@pytest.mark.parametrize(
    ("name", "age", "by_phone", "says"),
    [
        ("asq", 6, False, ("valid for 8 and older: this person is 6",)),
        ("asq", 8, True, ("not validated by phone",)),
        ("asq", None, False, ()),
        ("phq-9", 17, True, ("valid for 18 and older: this person is 17",)),
        ("phq-9", 18, True, ()),
        ("imminent-risk", 5, True, ()),
    ],
)
def test_an_instrument_says_when_it_may_not_hold(name: str, age: int | None, by_phone: bool, says: object) -> None:
    bound = LIBRARY.forms[name].bound
    assert bound is not None
    assert bound.instrument.validity.concerns(age=age, by_phone=by_phone) == says


@pytest.mark.parametrize(
    ("validity", "says"),
    [
        (Validity(age_to=17), "valid for up to 17: this person is 40"),
        (Validity(age_from=12, age_to=17), "valid for 12 to 17: this person is 40"),
    ],
)
def test_an_age_range_is_told_in_words(validity: Validity, says: str) -> None:
    assert validity.concerns(age=40) == (says,)


def test_nothing_shipped_as_a_form_needs_a_permission() -> None:
    for form in FORMS:
        assert form.bound is not None
        assert not form.bound.instrument.rights.permission_needed
    assert [key.name for key in LIBRARY.keys.values() if not key.rights.permission_needed] == []
