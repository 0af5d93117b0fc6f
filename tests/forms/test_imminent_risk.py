"""The own-words imminent-risk assessment: its order, its rules, and that it never gives a score."""

from itertools import product

import pytest

from console.forms import Answers, NonAnswer, alerts, score, shipped
from console.forms.asking import present

FORM = shipped().forms["imminent-risk"]
Q = FORM.questionnaire


def raised(**given: bool | NonAnswer) -> dict[str, str]:
    answers: Answers = {"ir-" + name.replace("_", "-"): (answer,) for name, answer in given.items()}
    return {alert.code: alert.severity for alert in alerts(score(Q, answers, FORM.bound))}


def test_safety_comes_before_thoughts_and_thoughts_before_the_rest() -> None:
    order = [row.key for row in present.present(Q, {}).rows if row.is_question]
    assert order == [
        "ir-attempt", "ir-means", "ir-others", "ir-harm-others",
        "ir-thoughts", "ir-intent", "ir-plan", "ir-preparation",
        "ir-alone", "ir-substances", "ir-accepts-help", "ir-helps",
    ]  # fmt: skip


def test_it_never_scores() -> None:
    [found] = score(Q, {"ir-thoughts": (True,)}, FORM.bound)
    assert found.value is None
    assert found.reason == "this assessment has no score; its rules inform, you set the level"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"attempt": True}, "attempt"),
        ({"thoughts": True, "means": True}, "thoughts-means"),
        ({"intent": True, "plan": True}, "intent-plan"),
        ({"thoughts": True, "preparation": True}, "thoughts-preparation"),
        ({"intent": True, "accepts_help": False}, "intent-declines-help"),
        ({"harm_others": True, "means": True}, "others-means"),
    ],
)
def test_critical_rules(given: dict[str, bool], code: str) -> None:
    assert raised(**given)[code] == "alarm"
    for name in given:
        fewer = {key: answer for key, answer in given.items() if key != name}
        assert code not in raised(**fewer)
        for word in NonAnswer:
            assert code not in raised(**{**given, name: word})


def test_what_is_not_known_is_told() -> None:
    for word in NonAnswer:
        assert raised(attempt=word) == {"attempt-unknown": "caution"}
        assert raised(thoughts=word) == {"thoughts-unknown": "caution"}
        assert "thoughts-means-unknown" in raised(thoughts=True, means=word)
    assert "thoughts-means-unknown" in raised(thoughts=True)
    assert raised() == {}


def test_four_times_no_raises_nothing() -> None:
    assert raised(attempt=False, means=False, thoughts=False, harm_others=False) == {}


def test_alarms_come_first_and_say_that_the_clinician_decides() -> None:
    [found] = score(Q, {"ir-thoughts": (True,), "ir-means": (True,)}, FORM.bound)
    texts = [alert.text for alert in alerts([found])]
    assert texts[0] == (
        "Critical rule met: thoughts of suicide now, with means within reach. It informs; you set the level."
    )


def test_intent_and_plan_are_left_out_only_after_a_clear_no() -> None:
    for answer in (True, *NonAnswer):
        assert "ir-intent" in {row.key for row in present.present(Q, {"ir-thoughts": (answer,)}).rows}
    assert "ir-intent" not in {row.key for row in present.present(Q, {"ir-thoughts": (False,)}).rows}


def test_one_answer_more_never_takes_an_alarm_away() -> None:
    names = ("attempt", "means", "harm_others", "thoughts", "intent", "plan", "preparation")
    for bits in product((None, True), repeat=len(names)):
        given = {name: True for name, bit in zip(names, bits, strict=True) if bit}
        alarms = {code for code, severity in raised(**given).items() if severity == "alarm"}
        for name in names:
            more = {code for code, severity in raised(**{**given, name: True}).items() if severity == "alarm"}
            assert alarms <= more


def test_yes_and_no_are_keys_one_and_two() -> None:
    [row] = [row for row in present.present(Q, {}).rows if row.key == "ir-thoughts"]
    assert [(one.number, one.label) for one in (*row.choices, *row.non_answers)] == [
        ("1", "Yes"), ("2", "No"), ("7", "Refused"), ("8", "Not asked"), ("9", "Unable"),
    ]  # fmt: skip
