"""What a screen gets."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.forms import Answers, Coding, Date, NonAnswer, Quantity
from console.forms.enablement import enabled
from console.forms.present import present
from console.forms.values import FHIR
from tests.forms.building import calculated, choice, coding, form, group, item, option, scored, when
from tests.forms.strategies import answers_to, questionnaires

FORM = form(
    group(
        "g",
        item("a", "boolean", required=True, prefix="1."),
        group("h", choice("b", option("x"), option("y"), repeats=True)),
    ),
    item("c", "text", maxLength=9, enableWhen=[when("a", "=", answerBoolean=True)]),
    item("w", "display"),
    title="A form",
    copyright="Free.",
)


def test_lines_in_order_with_their_place() -> None:
    page = present(FORM, {"a": (True,)})
    assert [(row.key, row.depth, row.section, row.is_question) for row in page.rows] == [
        ("g", 0, "g", False),
        ("a", 1, "g", True),
        ("h", 1, "g", False),
        ("b", 2, "g", True),
        ("c", 0, "", True),
        ("w", 0, "", False),
    ]
    assert (page.title, page.copyright) == ("A form", "Free.")
    assert page.rows[4].max_length == 9
    assert page.rows[1].prefix == "1."


def test_progress_counts_what_was_dealt_with() -> None:
    page = present(FORM, {})
    assert (page.answered, page.total, page.open_required) == (0, 2, ("a",))
    page = present(FORM, {"a": (NonAnswer.REFUSED,), "c": ("kept",)})
    assert (page.answered, page.total, page.open_required, page.withdrawn) == (1, 2, (), ("c",))
    page = present(FORM, {"a": (True,), "c": ("kept",)})
    assert (page.answered, page.total, page.withdrawn) == (2, 3, ())


def test_states_and_what_is_chosen() -> None:
    given_now: Answers = {"a": (NonAnswer.UNABLE,), "b": (Coding("urn:codes", "y"),)}
    rows = {row.key: row for row in present(FORM, given_now).rows}
    assert (rows["a"].state, rows["a"].answer_text) == ("unable", "Unable")
    assert [one.chosen for one in rows["a"].choices] == [False, False]
    assert [one.chosen for one in rows["a"].non_answers] == [False, False, True]
    assert [one.chosen for one in rows["b"].choices] == [False, True]
    assert rows["b"].state == "answered"
    assert rows["g"].state == "blank"
    assert rows["g"].non_answers == ()


def test_numbers_one_to_six_for_options_and_seven_to_nine_for_none() -> None:
    q = form(choice("a", *(option(f"o{n}") for n in range(8))))
    [row] = present(q, {}).rows
    assert [one.number for one in row.choices] == ["1", "2", "3", "4", "5", "6", "", ""]
    assert [one.number for one in row.non_answers] == ["7", "8", "9"]
    assert [one.answer for one in row.choices] == [one.value for one in q.by_id["a"].options]


@given(st.data())
def test_number_keys_do_not_move(data: st.DataObject) -> None:
    q = data.draw(questionnaires())
    pages = [present(q, data.draw(answers_to(q))) for _ in range(2)]
    keys: dict[str, list[tuple[str, str]]] = {}
    for row in (row for page in pages for row in page.rows):
        numbers = [(one.number, one.label) for one in (*row.choices, *row.non_answers)]
        assert keys.setdefault(row.link_id, numbers) == numbers


@given(st.data())
def test_rows_are_exactly_what_is_asked(data: st.DataObject) -> None:
    q = data.draw(questionnaires())
    answers = data.draw(answers_to(q))
    page = present(q, answers)
    assert {row.key for row in page.rows} == enabled(q, answers)
    assert page.answered <= page.total


def test_hidden_lines_and_what_stands_in_them_are_not_shown() -> None:
    hidden = {"extension": [{"url": FHIR + "questionnaire-hidden", "valueBoolean": True}]}
    q = form(group("g", item("a"), **hidden), item("b", **hidden), item("c"))
    page = present(q, {})
    assert [row.key for row in page.rows] == ["c"]
    assert page.total == 1


def test_what_the_program_fills_in_cannot_be_answered_by_hand() -> None:
    q = form(
        scored("a", 0, 1), calculated("t", "%resource.item.answer.weight().sum()"), item("r", "boolean", readOnly=True)
    )
    rows = {row.key: row for row in present(q, {}).rows}
    assert not rows["t"].editable
    assert not rows["r"].editable
    assert present(q, {}).total == 1


def test_another_occurrence_of_a_group() -> None:
    q = form(group("g", item("a"), repeats=True))
    assert [row.key for row in present(q, {"a": ("x",)}, {"g": 2}).rows] == ["g", "a", "g#2", "a#2"]


def test_help_units_and_placeholders() -> None:
    unit = {"url": FHIR + "questionnaire-unit", "valueCoding": {"code": "kg", "display": "kilograms"}}
    helped = {"url": FHIR + "questionnaire-itemControl", "valueCodeableConcept": {"coding": [{"code": "help"}]}}
    q = form(
        item("a", "decimal", extension=[unit, {"url": FHIR + "entryFormat", "valueString": "nn.n"}],
             item=[item("h", "display", extension=[helped])]),
        item("b", "string", code=[coding("weight")], text=None),
    )  # fmt: skip
    first, second = present(q, {"a": (Decimal("80.50"),)}).rows
    assert (first.unit, first.placeholder, first.help) == ("kilograms", "nn.n", "Text of h")
    assert first.answer_text == "80.50 kilograms"
    assert second.text == "Weight"


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (True, "Yes"),
        (False, "No"),
        (NonAnswer.NOT_ASKED, "Not asked"),
        (Coding("s", "c", "Words"), "Words"),
        (Coding("s", "c"), "c"),
        (Quantity(Decimal(2), "mg"), "2 mg"),
        (Date("2020-05"), "2020-05"),
        (3, "3"),
        ("own words", "own words"),
    ],
)
def test_answers_in_words(answer: Any, text: str) -> None:
    q = form(item("a", repeats=True))
    [row] = present(q, {"a": (answer,)}).rows
    assert row.answer_text == text
