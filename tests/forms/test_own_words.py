"""The interviews and lists without a score: their order, what they raise, and whose words they are."""

import json
from typing import Any

import pytest

from console.errors import KnownError
from console.forms import Answers, Kind, NonAnswer, alerts, answered, score, shipped, validate
from console.forms.asking import present
from console.forms.instruments.description import read_instrument
from console.forms.instruments.matching import bind
from console.forms.library import Form
from console.settings import resources
from tests.support.shared import shared

LIBRARY = shipped()
BSSA, SAFE_T = LIBRARY.forms["bssa"], LIBRARY.forms["safe-t"]
PLAN, OBSERVED = LIBRARY.forms["safety-plan"], LIBRARY.forms["observed-behavior"]
UNSCORED = [BSSA, SAFE_T, PLAN, OBSERVED]


def chosen(one: Form, *picked: tuple[str, str | bool | NonAnswer]) -> Answers:
    """Answers by the words on the buttons."""
    given: Answers = {}
    for link_id, word in picked:
        options = one.questionnaire.by_id[link_id].options
        answer: Any = word
        if isinstance(word, str):
            answer = next(option.value for option in options if option.label == word)
        given = answered(one.questionnaire, given, link_id, answer)
    return given


def raised(one: Form, *picked: tuple[str, str | bool | NonAnswer]) -> dict[str, str]:
    found = score(one.questionnaire, chosen(one, *picked), one.bound)
    return {alert.code: alert.severity for alert in alerts(found)}


def all_answered(one: Form) -> Answers:
    given: Answers = {}
    for _ in range(2):
        for row in present.present(one.questionnaire, given).rows:
            if row.is_question and row.state == "blank":
                given = answered(one.questionnaire, given, row.key, row.choices[0].answer if row.choices else "words")
    return given


@pytest.mark.parametrize("one", UNSCORED, ids=lambda one: one.name)
def test_they_never_score_and_say_so(one: Form) -> None:
    for given in ({}, all_answered(one)):
        [found] = score(one.questionnaire, given, one.bound)
        assert found.value is None
        assert found.reason
    assert validate(one.questionnaire, all_answered(one)) == ()


@pytest.mark.parametrize("one", UNSCORED, ids=lambda one: one.name)
def test_nothing_is_raised_by_a_form_that_nobody_answered(one: Form) -> None:
    assert raised(one) == {}


@pytest.mark.parametrize(
    ("picked", "code", "severity"),
    [
        (("bssa-now", True), "right-now", "alarm"),
        (("bssa-help", True), "needs-help", "alarm"),
        (("bssa-disposition", "Emergency psychiatric evaluation: imminent risk"), "emergency", "alarm"),
        (("bssa-plan", True), "plan", "caution"),
        (("bssa-now", NonAnswer.REFUSED), "right-now-unknown", "caution"),
        (("bssa-now", NonAnswer.NOT_ASKED), "right-now-unknown", "caution"),
        (("bssa-now", NonAnswer.UNABLE), "right-now-unknown", "caution"),
    ],
)
def test_what_the_brief_safety_assessment_raises(picked: Any, code: str, severity: str) -> None:
    assert raised(BSSA, picked) == {code: severity}


@pytest.mark.parametrize("link_id", ["bssa-weeks", "bssa-now", "bssa-plan", "bssa-tried", "bssa-help"])
def test_a_no_in_the_brief_safety_assessment_raises_nothing(link_id: str) -> None:
    assert raised(BSSA, (link_id, False)) == {}


def test_the_brief_safety_assessment_asks_in_the_order_of_the_guide() -> None:
    order = [row.key for row in present.present(BSSA.questionnaire, {}).rows if row.required]
    assert order == ["bssa-weeks", "bssa-now", "bssa-plan", "bssa-tried", "bssa-help", "bssa-disposition"]


def test_the_brief_safety_assessment_is_worded_as_published() -> None:
    theirs = json.loads(shared("fhir-questionnaires/spier/bssa-questionnaire.json").read_text(encoding="utf-8"))

    def letters(text: str) -> str:
        return "".join(letter for letter in text.lower() if letter.isalpha())

    said = letters(json.dumps(theirs, ensure_ascii=False))
    rephrased = {"bssa-planned", "bssa-plan-what", "bssa-disposition"}
    for item in BSSA.questionnaire.by_id.values():
        if item.is_question and item.link_id not in rephrased:
            assert letters(item.text) in said, item.text


@pytest.mark.parametrize(
    ("picked", "code", "severity"),
    [
        (("st-level", "High"), "high", "alarm"),
        (("st-level", "Moderate"), "moderate", "caution"),
        (("st-intent", True), "intent", "alarm"),
        (("st-plan", True), "plan", "caution"),
    ],
)
def test_what_the_five_steps_raise(picked: Any, code: str, severity: str) -> None:
    assert raised(SAFE_T, picked) == {code: severity}


def test_the_five_steps_raise_nothing_for_low() -> None:
    assert raised(SAFE_T, ("st-level", "Low"), ("st-thoughts", True)) == {}


def test_there_are_five_steps_in_their_order() -> None:
    steps = [item.text for item in SAFE_T.questionnaire.items if item.kind is Kind.GROUP]
    assert [step.split(":")[0] for step in steps] == [f"Step {n}" for n in range(1, 6)]


def test_a_plan_made_on_a_call_begins_with_a_safe_place_and_is_nobodys_form() -> None:
    headings = [item.text for item in PLAN.questionnaire.items if item.kind is Kind.TEXT]
    assert len(headings) == 6
    assert headings[0] == "Making the place safe"
    assert "not the Stanley-Brown Safety Plan" in PLAN.questionnaire.copyright


@pytest.mark.parametrize(
    ("link_id", "word", "code"),
    [
        ("ob-body", "Hard to wake, or breathing badly", "hard-to-wake"),
        ("ob-others", "Holds a weapon", "weapon"),
        ("ob-others", "Hits, kicks or throws now", "violence"),
    ],
)
def test_one_grave_sign_among_several_is_told(link_id: str, word: str, code: str) -> None:
    others = [option.label for option in OBSERVED.questionnaire.by_id[link_id].options[:-1] if option.label != word]
    assert raised(OBSERVED, *((link_id, each) for each in others)).keys().isdisjoint({code})
    assert raised(OBSERVED, *((link_id, each) for each in others), (link_id, word))[code] == "alarm"


def test_none_of_these_stands_alone() -> None:
    given = chosen(OBSERVED, ("ob-others", "Holds a weapon"), ("ob-others", "None of these"))
    assert given["ob-others"] == ("None of these",)


def test_an_alert_may_only_look_for_an_option_that_is_offered() -> None:
    path = resources() / "questionnaires" / "observed-behavior.instrument.json"
    broken = read_instrument(path.read_bytes().replace(b'"Holds a weapon"', b'"Holds a spoon"'), "it")
    with pytest.raises(KnownError, match="looks for 'Holds a spoon' in item 'ob-others', which does not offer it"):
        bind(broken, OBSERVED.questionnaire)


def test_a_condition_looks_at_one_thing() -> None:
    path = resources() / "questionnaires" / "observed-behavior.instrument.json"
    document = json.loads(path.read_bytes())
    document["alerts"][0]["when"][0]["is"] = ["answered"]
    with pytest.raises(KnownError, match="one of 'is', 'scoreAtLeast' and 'has'"):
        read_instrument(json.dumps(document).encode(), "it")
