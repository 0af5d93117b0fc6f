"""What one key press does to the answers."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.forms import Answers, Coding, NonAnswer, answered, initial_answers
from console.forms.asking.answering import put
from console.forms.asking.present import present
from console.forms.asking.response import build, examine
from console.forms.deciding.enablement import enabled, withdrawn
from console.forms.values import FHIR
from tests.forms.building import choice, coding, form, group, item, option
from tests.forms.strategies import has_circle, questionnaires, values_for

EXCLUSIVE = {"url": FHIR + "questionnaire-optionExclusive", "valueBoolean": True}
NONE = {"valueCoding": coding("none"), "extension": [EXCLUSIVE]}
Q = form(
    item("a", "boolean"), choice("b", option("x"), option("y"), NONE, repeats=True), group("g", item("c"), repeats=True)
)
X, Y, NOTHING = (entry.value for entry in Q.by_id["b"].options)


def test_one_answer_replaces_another_and_leaves_the_rest() -> None:
    before: Answers = {"a": (True,), "c": ("kept",)}
    assert answered(Q, before, "a", False) == {"a": (False,), "c": ("kept",)}
    assert answered(Q, before, "a", NonAnswer.REFUSED) == {"a": (NonAnswer.REFUSED,), "c": ("kept",)}
    assert answered(Q, before, "a", None) == {"c": ("kept",)}
    assert before == {"a": (True,), "c": ("kept",)}


def test_several_answers_come_and_go() -> None:
    assert answered(Q, {"b": (X,)}, "b", Y) == {"b": (X, Y)}
    assert answered(Q, {"b": (X, Y)}, "b", X) == {"b": (Y,)}
    assert answered(Q, {"b": (X,)}, "b", Coding("urn:codes", "x")) == {}


def test_what_stands_alone() -> None:
    assert answered(Q, {"b": (X, Y)}, "b", NOTHING) == {"b": (NOTHING,)}
    assert answered(Q, {"b": (NOTHING,)}, "b", X) == {"b": (X,)}
    assert answered(Q, {"b": (X, Y)}, "b", NonAnswer.UNABLE) == {"b": (NonAnswer.UNABLE,)}
    assert answered(Q, {"b": (NonAnswer.UNABLE,)}, "b", X) == {"b": (X,)}


def test_an_occurrence_of_a_group() -> None:
    assert answered(Q, {}, "c#2", "x") == {"c#2": ("x",)}


def test_a_key_the_form_does_not_have_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        answered(Q, {}, "gone", True)


def test_a_form_may_start_with_answers() -> None:
    q = form(
        item("a", "boolean", initial=[{"valueBoolean": True}]), choice("b", option("x") | {"initialSelected": True})
    )
    assert initial_answers(q) == {"a": (True,), "b": (Coding("urn:codes", "x", "X"),)}
    assert initial_answers(Q) == {}


FRUIT = form(
    choice("fruit", option("apple"), option("pear"), repeats=True, item=[item("many", "integer")]),
    item("name", repeats=True, item=[item("age", "integer")]),
)
APPLE, PEAR = (entry.value for entry in FRUIT.by_id["fruit"].options)


def test_what_was_said_about_an_option_is_kept_for_when_it_is_chosen_again() -> None:
    before: Answers = {"fruit": (APPLE, PEAR), "many": (1,), "many#2": (2,)}
    after = answered(FRUIT, before, "fruit", APPLE)
    assert after == {"fruit": (PEAR,), "many": (1,), "many#2": (2,)}
    assert withdrawn(FRUIT, after) == ("many",)
    assert withdrawn(FRUIT, answered(FRUIT, after, "fruit", APPLE)) == ()
    assert withdrawn(FRUIT, answered(FRUIT, before, "fruit", NonAnswer.REFUSED)) == ("many", "many#2")


def test_what_was_said_about_a_typed_answer_goes_with_it() -> None:
    before: Answers = {"name": ("Ann", "Bo", "Cy"), "age": (3,), "age#2": (5,), "age#3": (7,)}
    assert answered(FRUIT, before, "name", "Ann") == {"name": ("Bo", "Cy"), "age": (5,), "age#2": (7,)}
    assert answered(FRUIT, before, "name", None) == {}
    assert put(FRUIT, before, "name", ("Cy", "Ann")) == {"name": ("Cy", "Ann"), "age": (7,), "age#2": (3,)}


def test_an_answer_a_form_starts_with_brings_the_answers_in_it() -> None:
    q = form(
        item(
            "n",
            "decimal",
            repeats=True,
            initial=[{"valueDecimal": 10.5}, {"valueDecimal": 2}],
            item=[item("c", initial=[{"valueString": "child"}])],
        )
    )
    assert initial_answers(q) == {"n": (Decimal("10.5"), Decimal(2)), "c": ("child",), "c#2": ("child",)}


def test_a_question_that_takes_one_answer_does_not_start_with_two() -> None:
    q = form(choice("b", option("x") | {"initialSelected": True}, option("y") | {"initialSelected": True}))
    assert initial_answers(q) == {}
    assert [finding.link_id for finding in q.findings] == ["b"]


@given(st.data())
def test_any_order_of_key_presses_leaves_answers_that_are_stored_and_read_back(data: st.DataObject) -> None:
    q = data.draw(questionnaires())
    answers: Answers = initial_answers(q)
    twice = {key: 2 for key in q.by_id if key in q.loops[key]}
    for _ in range(data.draw(st.integers(1, 12))):
        rows = [row for row in present(q, answers, twice).rows if row.is_question and row.editable]
        if not rows:
            break
        row = data.draw(st.sampled_from(rows))
        given_by_key = [one.answer for one in (*row.choices, *row.non_answers)]
        answer = data.draw(st.sampled_from([None, *given_by_key]) | values_for(q.by_id[row.link_id]))
        answers = answered(q, answers, row.key, answer)
    response = build(q, answers, status="completed", authored=datetime(2026, 11, 21, tzinfo=UTC))
    read = examine(q, response)
    assert read.misfits == ()
    if not has_circle(q):
        assert build(q, read.answers, status="completed", authored=datetime(2026, 11, 21, tzinfo=UTC)) == response
    assert set(withdrawn(q, answers)).isdisjoint(enabled(q, answers))
