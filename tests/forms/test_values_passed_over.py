"""What is passed over without a word leaves no score: an answer that a formula does not read, a gate that is open."""

import json
from decimal import Decimal
from typing import Any

import pytest

from console.forms import NonAnswer, Questionnaire, load, score, shipped
from console.forms.values import FHIR
from tests.forms.building import (
    Json,
    asked_when,
    calculated,
    choice,
    coding,
    form,
    group,
    item,
    one_of,
    option,
    scored,
    when,
)
from tests.support.runs import ROOT

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


@pytest.mark.parametrize(
    "end", ["value.ofType(integer).sum()", "valueInteger.sum()", "value.ofType(System.Integer).sum()"]
)
@pytest.mark.parametrize("shown", ["{}", "{} often"])
def test_numbers_among_words_are_not_left_out_of_a_sum(end: str, shown: str) -> None:
    a = item("a", "choice", answerOption=[{"valueInteger": 0}, {"valueInteger": 9}])
    b = item("b", "choice", answerOption=[{"valueString": shown.format(n)} for n in (0, 9)])
    q = form(a, b, calculated("t", f"{ITEMS}.{end}", "integer"))
    assert score(q, highest(q))[0].reason is not None
    q = form(a, item("age", "string"), calculated("t", f"{ITEMS}.valueInteger.sum()", "integer"))
    assert score(q, highest(q) | {"age": ("9",)})[0].value == 9


def test_a_number_of_another_type_is_not_left_out_by_its_type() -> None:
    of_type = f"{ITEMS}.value.ofType({{}})"
    q = form(
        item("a", "integer"), item("b", "decimal"), calculated("t", f"{of_type.format('integer')}.sum()", "integer")
    )
    assert score(q, {"a": (3,), "b": (Decimal(9),)})[0].reason == OTHER_TYPE.format("b")
    both = f"{of_type.format('integer')}.combine({of_type.format('decimal')}).sum()"
    q = form(item("a", "integer"), item("b", "decimal"), calculated("t", both, "decimal"))
    assert score(q, {"a": (3,), "b": (Decimal(9),)})[0].value == 12


@pytest.mark.parametrize(
    "text",
    [
        f"{SUM}.first()",
        f"{SUM}[0]",
        f"iif({SUM}.take(1).sum() > 4, 9, 0)",
        f"{SUM}.tail().sum()",
        f"{ITEMS}.first().weight()",
    ],
)
def test_one_score_of_several_is_not_the_total(text: str) -> None:
    q = form(scored("a", 0, 3), scored("b", 0, 3), calculated("t", text, "integer"))
    assert score(q, highest(q))[0].value is None
    one = form(scored("a", 0, 3), calculated("t", f"{SUM}.first()", "integer"))
    assert score(one, highest(one))[0].value == 3


@pytest.mark.parametrize(
    "text",
    [f"{SUM}.sort().last()", f"{SUM}[0] + {SUM}[1]", f"({one_of('a')}.weight() | 0).first() + {one_of('b')}.weight()"],
)
def test_what_reads_all_of_several_may_pick(text: str) -> None:
    q = form(scored("a", 0, 3), scored("b", 0, 3), calculated("t", text, "integer"))
    assert score(q, highest(q))[0].value == (3 if "sort" in text else 6)


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


@pytest.mark.parametrize(
    "test",
    ["valueCoding.code = 'Y'", "value.code in ('Y' | 'y')", "'Y' = value.code", "value.code ~ 'Y'", "value = 'Y'"],
)
def test_a_code_that_only_one_question_offers_is_no_count_of_both(test: str) -> None:
    total = calculated("t", f"{ITEMS}.where({test}).count()", "integer")
    q = form(choice("a", option("N"), option("Y")), choice("b", option("N"), option("LA33-6")), total)
    assert score(q, highest(q))[0].reason is not None
    both = form(choice("a", option("N"), option("Y")), choice("b", option("N"), option("Y")), total)
    assert score(both, highest(both))[0].value == (None if "value =" in test else 2)


@pytest.mark.parametrize(
    "test", ["value = 'true'", "valueCoding.code = 'Y'", "value.code = 'Y'", "valueString = 'yes'", "value = 1"]
)
def test_a_truth_is_not_compared_with_words(test: str) -> None:
    q = form(item("a", "boolean"), calculated("t", f"{ITEMS}.where({test}).count()", "integer"))
    assert score(q, {"a": (True,)})[0].reason == "its formula compares the answer to item a with what it cannot be"
    q = form(item("a", "boolean"), calculated("t", f"{ITEMS}.where(value = true).count()", "integer"))
    assert score(q, {"a": (True,)})[0].value == 1


def test_one_code_of_several_that_nothing_has_is_told_and_does_no_harm() -> None:
    text = f"{ITEMS}.where(valueCoding.code = 'Y' or valueCoding.code = 'yes').count()"
    q = form(choice("a", option("N"), option("Y")), calculated("t", text, "integer"))
    assert score(q, highest(q))[0].value == 1
    assert [each.text for each in q.findings] == ["its formula looks for the code “yes”, which nothing in the form has"]


@pytest.mark.parametrize("formulas", [(), (calculated("t", f"{SUM}.sum()", "integer"),)])
def test_a_gate_without_an_answer_is_no_no(formulas: tuple[Json, ...]) -> None:
    gated = scored("b", 0, 3, enableWhen=[when("gate", "=", answerBoolean=True)])
    q = form(item("gate", "boolean"), scored("a", 0, 3), gated, *formulas)
    none = {"a": (q.by_id["a"].options[0].value,)}
    assert score(q, none)[0].reason == "item “Text of gate” not answered"
    assert score(q, none | {"gate": (NonAnswer.REFUSED,)})[0].reason == "item “Text of gate” refused"
    assert score(q, none | {"gate": (False,)})[0].value == 0
    assert "Text of b" in str(score(q, none | {"gate": (True,)})[0].reason)


def test_a_gate_in_front_of_a_gate_and_of_a_group_is_missed_too() -> None:
    second = item("second", "boolean", enableWhen=[when("first", "=", answerBoolean=True)])
    asked = group("g", scored("b", 0, 3), enableWhen=[when("second", "=", answerBoolean=True)])
    total = calculated(
        "t", "%resource.descendants().where(linkId = 'a' or linkId = 'b').answer.weight().sum()", "integer"
    )
    q = form(item("first", "boolean"), second, scored("a", 0, 3), asked, total)
    none = {"a": (q.by_id["a"].options[0].value,)}
    assert score(q, none)[0].reason == "item “Text of first” not answered"
    assert score(q, none | {"first": (True,)})[0].reason == "item “Text of second” not answered"
    assert score(q, none | {"first": (False,)})[0].value == 0


def test_what_another_condition_leaves_out_anyhow_needs_no_gate() -> None:
    both = [when("gate", "=", answerBoolean=True), when("a", "=", answerCoding=coding("o1"))]
    gated = scored("b", 0, 3, enableWhen=both, enableBehavior="all")
    noted = scored("c", 0, 3, enableWhen=[when("note", "exists", answerBoolean=True)])
    q = form(item("gate", "boolean"), item("note"), scored("a", 0, 3), gated, noted)
    assert score(q, {"a": (q.by_id["a"].options[0].value,)})[0].value == 0
    assert "Text of gate" in str(score(q, {"a": (q.by_id["a"].options[1].value,)})[0].reason)


GATE = f"{one_of('gate')} = true"


@pytest.mark.parametrize("text", [GATE, "%resource.item.where(linkId = 'gate').answer.where(value = true).exists()"])
@pytest.mark.parametrize("formulas", [(), (calculated("t", f"{SUM}.sum()", "integer"),)])
@pytest.mark.parametrize("deep", [False, True])
def test_a_gate_that_is_a_formula_is_no_no_either(text: str, formulas: tuple[Json, ...], deep: bool) -> None:
    further = {"enableWhen": [when("second", "=", answerBoolean=True)]} if deep else {"extension": asked_when(text)}
    second = item("second", "boolean", extension=asked_when(text))
    q = form(item("gate", "boolean"), second, scored("a", 0, 3), scored("b", 0, 3, **further), *formulas)
    none = {"a": (q.by_id["a"].options[0].value,)}
    assert score(q, none)[0].reason == "item “Text of gate” not answered"
    assert score(q, none | {"gate": (NonAnswer.REFUSED,)})[0].reason == "item “Text of gate” refused"
    assert score(q, none | {"gate": (False,)})[0].value == 0
    assert score(q, none | {"gate": (True,)})[0].value is None


def test_a_formula_and_a_condition_are_a_gate_together() -> None:
    both = {"enableWhen": [when("a", "=", answerCoding=coding("o1"))], "extension": asked_when(GATE)}
    q = form(item("gate", "boolean"), scored("a", 0, 3), scored("b", 0, 3, **both))
    low, high = ({"a": (option.value,)} for option in q.by_id["a"].options)
    assert score(q, low)[0].value == 0
    assert score(q, high)[0].reason == "item “Text of gate” not answered"
    assert score(q, high | {"gate": (False,)})[0].value == 3


@pytest.mark.parametrize(
    "more", [{"readOnly": True}, {"extension": [{"url": f"{FHIR}questionnaire-hidden", "valueBoolean": True}]}]
)
def test_an_instrument_with_a_question_that_nobody_is_asked_is_not_scored_as_it(more: Json) -> None:
    raw = json.loads((ROOT / "resources/questionnaires/phq-9.json").read_text())
    raw["url"] = "http://elsewhere/phq9"
    last = raw["item"][0]["item"][-1]
    last |= more | {"initial": [{"valueCoding": {"system": "http://loinc.org", "code": "LA6568-5"}}]}
    library = shipped()
    q = load(json.dumps(raw), value_sets=library.value_sets)
    found = score(q, {k: v for k, v in highest(q).items() if k != last["linkId"]}, library.recognize(q))[0]
    assert found.reason == f"the form says it is the PHQ-9, but item {last['linkId']} is not asked"
