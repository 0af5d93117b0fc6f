"""A formula that passes over what was answered, without a word, gives no score."""

from decimal import Decimal
from typing import Any

import pytest

from console.forms import Questionnaire, score
from tests.forms.building import calculated, choice, form, item, one_of, option, scored

ITEMS = "%resource.item.answer"
SUM = f"{ITEMS}.weight()"
OTHER_TYPE = "its formula looks for a number of another type than the answer to item {} is"
ONCE = "its formula counts equal numbers once"


def highest(q: Questionnaire) -> dict[str, Any]:
    return {link_id: (each.options[-1].value,) for link_id, each in q.by_id.items() if each.options}


@pytest.mark.parametrize("text", [f"{ITEMS}.valueInteger.sum()", f"iif({ITEMS}.valueInteger.sum() > 4, 1, 0)"])
def test_a_number_of_another_type_is_not_left_out_of_a_sum(text: str) -> None:
    q = form(item("a", "integer"), item("b", "decimal"), calculated("t", text, "integer"))
    assert score(q, {"a": (3,), "b": (Decimal(9),)})[0].reason == OTHER_TYPE.format("b")


def test_scores_are_not_looked_for_as_answers() -> None:
    q = form(scored("a", 0, 9), calculated("t", f"iif({ITEMS}.valueInteger.sum() > 4, 'high', 'low')", "string"))
    assert score(q, highest(q))[0].reason == OTHER_TYPE.format("a")


def test_what_is_looked_for_as_either_type_and_what_is_no_number_is_not_passed_over() -> None:
    either = f"{ITEMS}.valueInteger.combine({ITEMS}.valueDecimal).sum()"
    q = form(item("a", "integer"), item("b", "decimal"), calculated("t", either, "decimal"))
    assert score(q, {"a": (3,), "b": (Decimal(9),)})[0].value == 12
    yes = f"{ITEMS}.where(valueBoolean = true).count()"
    q = form(item("a", "boolean"), item("age", "integer"), calculated("t", yes, "integer"))
    assert score(q, {"a": (True,), "age": (40,)})[0].value == 1


@pytest.mark.parametrize(
    "text",
    [
        f"({one_of('a')}.ordinal() | {one_of('b')}.ordinal()).sum()",
        f"{SUM}.distinct().sum()",
        f"iif({one_of('a')}.ordinal().union({one_of('b')}.ordinal()).sum() > 4, 9, 0)",
    ],
)
def test_two_equal_scores_are_not_added_up_as_one(text: str) -> None:
    q = form(scored("a", 0, 2, 3), scored("b", 0, 2, 3), calculated("t", text, "integer"))
    assert score(q, highest(q))[0].reason == ONCE
    assert score(q, highest(q) | {"a": (q.by_id["a"].options[0].value,)})[0].reason is None


def test_the_highest_of_equal_scores_is_one_of_them() -> None:
    q = form(scored("a", 0, 3), scored("b", 0, 3), calculated("t", f"{SUM}.distinct().max()", "integer"))
    assert score(q, highest(q))[0].value == 3


@pytest.mark.parametrize(
    "text",
    [
        f"{ITEMS}.where(valueCoding.code = 'yes').count()",
        f"{ITEMS}.where(value.code in ('yes' | 'YES')).count()",
        f"{ITEMS}.where(value.display = 'yes').count()",
    ],
)
def test_an_answer_that_nothing_offers_is_not_counted_as_none(text: str) -> None:
    q = form(choice("a", option("N"), option("Y")), calculated("t", text, "integer"))
    assert score(q, highest(q))[0].reason == "its formula looks for the code “yes”, which nothing in the form has"
    assert q.findings[0].text == score(q, highest(q))[0].reason


def test_one_code_of_several_that_nothing_has_is_told_and_does_no_harm() -> None:
    text = f"{ITEMS}.where(valueCoding.code = 'Y' or valueCoding.code = 'yes').count()"
    q = form(choice("a", option("N"), option("Y")), calculated("t", text, "integer"))
    assert score(q, highest(q))[0].value == 1
    assert [each.text for each in q.findings] == ["its formula looks for the code “yes”, which nothing in the form has"]
