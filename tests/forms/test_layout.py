"""Keys and occurrences of repeating groups."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.forms import Coding, answered
from console.forms.deciding.layout import MAX_ANSWERS, MAX_OCCURRENCES, key_of, lines, place_of, without_occurrence
from tests.forms.building import choice, form, group, item, option
from tests.forms.strategies import answers_to, questionnaires

Q = form(
    group("drug", item("name"), group("time", item("when"), repeats=True), repeats=True),
    item("last"),
)


def test_a_form_without_answers_stands_once() -> None:
    assert [line.key for line in lines(Q, {})] == ["drug", "name", "time", "when", "last"]
    assert [line.depth for line in lines(Q, {})] == [0, 1, 1, 2, 0]


def test_groups_stand_as_often_as_answers_reach() -> None:
    keys = [line.key for line in lines(Q, {"when#2.2": ("noon",)})]
    assert keys == [
        "drug", "name", "time", "when",
        "drug#2", "name#2", "time#2.1", "when#2.1", "time#2.2", "when#2.2",
        "last",
    ]  # fmt: skip


def test_another_occurrence_can_be_asked_for_before_it_is_answered() -> None:
    assert [line.key for line in lines(Q, {}, {"drug": 2}) if line.item.link_id == "name"] == ["name", "name#2"]
    assert [line.key for line in lines(Q, {}, {"time": 2}) if line.item.link_id == "when"] == ["when", "when#1.2"]
    assert lines(Q, {}, {"last": 5, "gone": 5}) == lines(Q, {})


@pytest.mark.parametrize(
    "key",
    ["gone", "name#0", "name#1", "name#2.1", "name#x", "name#", "last#2", "when#2", "name#²", "name#101", "name#9999"],
)
def test_keys_that_name_nothing(key: str) -> None:
    assert MAX_OCCURRENCES == 100
    assert place_of(Q, key) is None
    assert len(lines(Q, {key: ("x",)})) == 5


@given(st.data())
def test_keys_lead_back_to_their_place(data: st.DataObject) -> None:
    q = data.draw(questionnaires())
    for line in lines(q, data.draw(answers_to(q))):
        assert place_of(q, line.key) == (line.item.link_id, line.occurrence)
        assert key_of(line.item.link_id, line.occurrence) == line.key


def test_removing_an_occurrence_moves_the_others_up() -> None:
    answers = {"name": ("a",), "name#2": ("b",), "when#2.2": ("noon",), "name#3": ("c",), "last": ("z",)}
    assert without_occurrence(Q, answers, "drug", 2) == {"name": ("a",), "name#2": ("c",), "last": ("z",)}
    assert without_occurrence(Q, answers, "drug", 1) == {
        "name": ("b",), "when#1.2": ("noon",), "name#2": ("c",), "last": ("z",),
    }  # fmt: skip
    assert without_occurrence(Q, answers, "time#2.1", 1) == {
        "name": ("a",), "name#2": ("b",), "when#2.1": ("noon",), "name#3": ("c",), "last": ("z",),
    }  # fmt: skip


FRUIT = form(
    choice(
        "fruit", option("apple"), option("pear"), repeats=True, item=[item("many", "integer"), group("g", item("why"))]
    ),
    item("name", repeats=True, item=[item("age", "integer")]),
    item("last"),
)
APPLE, PEAR = (Coding("urn:codes", code, code.title()) for code in ("apple", "pear"))


def test_lines_in_an_answer_stand_once_for_each_answer_under_the_number_of_its_option() -> None:
    assert [line.key for line in lines(FRUIT, {})] == ["fruit", "name", "last"]
    assert [line.key for line in lines(FRUIT, {"fruit": (PEAR, APPLE), "name": ("Ann", "Bo")})] == [
        "fruit", "many", "g", "why", "many#2", "g#2", "why#2",
        "name", "age", "age#2",
        "last",
    ]  # fmt: skip
    assert [line.key for line in lines(FRUIT, {"fruit": (PEAR,)})][:2] == ["fruit", "many#2"]
    assert place_of(FRUIT, f"age#{MAX_ANSWERS}") == ("age", (MAX_ANSWERS,))


def test_words_in_a_question_that_takes_several_answers_stand_once() -> None:
    q = form(item("a", repeats=True, item=[item("w", "display")]))
    assert [line.key for line in lines(q, {"a": ("x", "y")})] == ["a", "w"]


def test_lines_stand_in_an_answer_however_many_options_there_are() -> None:
    many = [option(f"o{number}") for number in range(1200)]
    q = form(choice("q", *many, repeats=True, item=[item("why")]))
    answers = answered(q, {}, "q", q.by_id["q"].options[1100].value)
    assert [line.key for line in lines(q, answers)] == ["q", "why#1101"]
    answers = answered(q, answers, "why#1101", "because")
    assert place_of(q, "why#1101") == ("why", (1101,))
