"""Scores by the formulas of a form, and what formulas make of a score."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from console.forms import (
    NonAnswer,
    Questionnaire,
    initial_answers,
    load,
    present,
    response,
    score,
)
from console.forms.deciding.enablement import enabled, settle
from console.forms.deciding.layout import lines
from console.forms.document import FHIR, SDC
from console.forms.model import Coding
from tests.forms.building import (
    Json,
    asked_when,
    by,
    calculated,
    choice,
    coding,
    filled,
    form,
    group,
    item,
    one_of,
    option,
    scored,
    variable,
    when,
)
from tests.support.shared import shared

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


TWICE = "%resource.item.where(linkId='a' or linkId='b').answer.weight().sum() * 2"


def test_a_score_waits_for_all_it_looks_at() -> None:
    q = form(scored("a", 0, 1), scored("b", 0, 3), scored("c", 0, 9), calculated("t", TWICE, "integer"))
    full = {"a": (q.by_id["a"].options[1].value,), "b": (q.by_id["b"].options[1].value,)}
    (one,) = score(q, full)
    assert (one.value, one.reason, one.answered, one.of) == (8, None, 2, 2)
    assert score(q, {"a": full["a"]})[0].reason == "item “Text of b” not answered"
    assert score(q, {**full, "b": (NonAnswer.REFUSED,)})[0].reason == "item “Text of b” refused"
    assert filled(q, {"a": full["a"]}) == {}, "nor is it filled in before"


def test_one_whose_questions_cannot_be_told_waits_for_all_that_are_scored() -> None:
    q = form(
        scored("a", 0, 1), scored("b", 0, 3), calculated("t", "%resource.item.answer.weight().sum() * 2", "integer")
    )
    assert score(q, {"a": (q.by_id["a"].options[1].value,)})[0].reason == "item “Text of b” not answered"


def test_the_branch_a_formula_takes_for_a_gap_is_no_score() -> None:
    text = f"iif({one_of('sex')}.code = 'f', 1, 2) * {one_of('n')}"
    q = form(
        choice("sex", option("f"), option("m")), item("n", "integer"), scored("a", 1), calculated("t", text, "integer")
    )
    assert score(q, {"n": (5,)})[0].reason == "item “Text of sex” not answered"
    assert score(q, {"n": (5,), "sex": (Coding("urn:codes", "f"),)})[0].value == 5


def test_a_formula_that_gives_nothing_is_no_score() -> None:
    empty = "%resource.item.where(linkId='a').answer.where(1 = 2).weight().sum()"
    q = form(scored("a", 0, 1), calculated("t", empty, "integer"))
    (one,) = score(q, {"a": (q.by_id["a"].options[1].value,)})
    assert one.value is None
    assert one.reason == "the form's formula gives no result for these answers"


def test_a_plain_sum_and_its_formula_must_agree() -> None:
    # Read as a plain sum of both questions; the engine meets the second answer of a question that takes one.
    q = form(scored("a", 0, 1), scored("b", 0, 3), calculated("t", "%resource.item.answer.weight().sum()", "integer"))
    a, b = (q.by_id[name].options[1].value for name in "ab")
    assert score(q, {"a": (a,), "b": (b,)})[0].value == 4
    elsewhere = Coding("urn:codes", "o1", score=Decimal(2), score_url=FHIR + "ordinalValue")
    settled = settle(q, lines(q, {}), {"a": (a,), "b": (elsewhere,)})
    assert settled.calculated == {}
    assert "disagree" in settled.problems["t"]


def test_a_score_in_words_is_a_score() -> None:
    band = "iif(%total > 2, 'high', 'low')"
    total = variable("total", "%resource.item.where(linkId='a').answer.weight().sum()")
    q = form(scored("a", 0, 3), calculated("band", band, "string"), extension=[total])
    assert score(q, {"a": (q.by_id["a"].options[1].value,)})[0].value == "high"
    assert score(q, {})[0].reason == "item “Text of a” not answered"


SUM = "%resource.item.answer.weight().sum()"


def of_two(*more: Json) -> Questionnaire:
    """Two scored questions with their total."""
    return form(scored("a", 0, 3), scored("b", 0, 3), calculated("t", SUM, "integer"), *more)


def test_what_a_formula_makes_of_a_score_waits_for_the_score() -> None:
    band = f"iif({one_of('t')} > 2, 'severe', 'minimal')"
    q = of_two(calculated("band", band, "string"), calculated("said", f"{one_of('band')} + '!'", "string"))
    three = q.by_id["a"].options[1].value
    for answers in ({}, {"a": (three,)}, {"a": (three,), "b": (NonAnswer.REFUSED,)}):
        assert filled(q, answers) == {}
    assert "item" not in response.build(q, {}, status="completed", authored=NOW)
    assert filled(q, {"a": (three,), "b": (three,)}) == {"t": (6,), "band": ("severe",), "said": ("severe!",)}


def test_words_with_a_score_in_them_wait_for_it() -> None:
    said = item("said", "display", _text={"extension": [by(FHIR + "cqf-expression", f"'Total: ' + {SUM}.toString()")]})
    mild = item("mild", "display", extension=asked_when(f"{SUM} < 5"))
    q = of_two(said, mild)
    three, none = q.by_id["a"].options[1].value, q.by_id["b"].options[0].value
    texts = {row.key: row.text for row in present.present(q, {"a": (three,)}).rows}
    assert texts["said"] == "Text of said"
    assert "mild" not in texts
    texts = {row.key: row.text for row in present.present(q, {"a": (three,), "b": (none,)}).rows}
    assert texts["said"] == "Total: 3"
    assert "mild" in texts


def test_no_form_begins_with_the_score_of_nothing() -> None:
    first = item("first", "integer", extension=[by(SDC + "initialExpression", SUM)])
    band = item("band", extension=[by(SDC + "initialExpression", f"iif({one_of('t')} > 2, 'severe', 'minimal')")])
    assert initial_answers(of_two(first, band)) == {}


def test_a_total_is_not_filled_in_where_an_answer_has_no_score() -> None:
    q = form(choice("a", option("x", 2), option("y")), scored("b", 0, 3), calculated("t", SUM, "integer"))
    answers = {"a": (q.by_id["a"].options[1].value,), "b": (q.by_id["b"].options[1].value,)}
    assert filled(q, answers) == {}
    assert score(q, answers)[0].reason == "item “Text of a” answered with something that has no score"


@pytest.mark.parametrize(
    ("kind", "text", "total"),
    [
        ("integer", "%resource.item.where(linkId != 't').answer.value.sum()", 7),
        ("boolean", "%resource.item.where(answer.value = true).count()", 2),
        ("boolean", f"iif({one_of('a')}, 1, 0) + iif({one_of('b')}, 1, 0)", 2),
    ],
)
def test_a_gap_counts_for_nothing_in_a_form_without_scored_options(kind: str, text: str, total: int) -> None:
    q = form(item("a", kind), item("b", kind), calculated("t", text, "integer"))
    a, b = (3, 4) if kind == "integer" else (True, True)
    assert filled(q, {}) == {}
    assert score(q, {"a": (a,), "b": (NonAnswer.REFUSED,)})[0].reason == "item “Text of b” refused"
    assert filled(q, {"a": (a,), "b": (NonAnswer.REFUSED,)}) == {}
    assert filled(q, {"a": (a,), "b": (b,)}) == {"t": (total,)}


def test_a_word_that_a_formula_makes_of_a_gap_is_no_result() -> None:
    text = f"iif({one_of('a')} = true, 'high', 'low')"
    q = form(item("a", "boolean"), calculated("level", text, "string"))
    assert score(q, {"a": (NonAnswer.REFUSED,)})[0].reason == "item “Text of a” refused"
    assert filled(q, {"a": (NonAnswer.REFUSED,)}) == {}
    assert filled(q, {"a": (False,)}) == {"level": ("low",)}


@pytest.mark.parametrize("by_formula", [False, True])
def test_while_answers_are_missing_rather_more_is_asked(by_formula: bool) -> None:
    yes = calculated("yes", "%resource.item.where(answer.value = true).count()", "integer")
    more = item("more", extension=asked_when(f"{one_of('any')} = 'some'"))
    if not by_formula:
        more = item("more", enableWhen=[when("any", "=", answerString="some")])
    q = form(
        item("a", "boolean"), item("b", "boolean"), yes,
        calculated("any", f"iif({one_of('yes')} > 0, 'some', 'none')", "string"), more,
    )  # fmt: skip
    assert "more" in enabled(q, {"a": (True,), "b": (NonAnswer.REFUSED,)})


def test_what_repeats_is_counted_as_often_as_it_stands() -> None:
    text = "%resource.item.where(linkId='drug').count()"
    q = form(group("drug", item("name"), repeats=True), calculated("n", text, "integer"))
    assert q.formulas == ()
    assert filled(q, {"name": ("x",), "name#2": ("y",)}) == {"n": (2,)}


def test_variables_that_name_each_other_twice_are_read_once() -> None:
    steps = [variable(f"v{n}", f"%v{n - 1} + %v{n - 2}") for n in range(2, 60)]
    first = [variable("v0", "%resource.item.where(linkId='a').answer.weight()"), variable("v1", "%v0")]
    q = form(scored("a", 0, 1), calculated("t", "%v59", "decimal"), extension=[*first, *steps])
    total = q.by_id["t"].expressions.calculated
    assert total is not None
    assert len(q.logic.named(total)) == 61


def test_values_that_rest_on_each_other_twice_are_followed_once() -> None:
    steps = [calculated(f"t{n}", f"{one_of(f't{n - 1}')} & {one_of(f't{n - 2}')}", "string") for n in range(2, 40)]
    q = form(
        scored("a", 0, 1),
        scored("b", 0, 1),
        calculated("t0", TWICE, "integer"),
        calculated("t1", one_of("t0"), "string"),
        *steps,
    )
    last = q.by_id["t39"].expressions.calculated
    assert last is not None
    assert q.logic.rests_on(last) == ("a", "b")
    assert q.needs[last] == ("a", "b", "t37", "t38")


def test_an_answer_from_elsewhere_without_its_score_is_worth_what_the_form_says() -> None:
    q = form(scored("a", 0, 3), calculated("t", "%resource.item.answer.weight().sum()", "integer"))
    bare = Coding("urn:codes", "o1")
    assert score(q, {"a": (bare,)})[0].value == 3
    stored = response.build(q, {"a": (bare,)}, status="completed", authored=NOW)
    assert stored["item"][0]["answer"][0]["valueCoding"]["extension"][0]["valueDecimal"] == 3


@pytest.mark.parametrize(
    ("path", "link_id", "total"),
    [
        ("spier/phq9-questionnaire.json", "total-score", 18),
        ("lhncbc-lforms/R4/phq9.json", "/44261-6", 18),
        ("lhncbc-lforms/R4/calc-weight__phq9-with-the-weight-function.json", "/44261-6", 18),
        ("lhncbc-lforms/R4/apgar-with-itemWeight-variable.json", "9272-6", 10),
    ],
)
def test_published_forms_give_their_known_totals(path: str, link_id: str, total: int) -> None:
    q = load((shared("fhir-questionnaires") / path).read_bytes())
    chosen = [one for one in q.by_id.values() if one.is_scored][: 9 if total == 18 else 5]
    answers = {one.link_id: (max(one.options, key=lambda o: o.score or 0).value,) for one in chosen}
    if total == 18:
        answers = {one.link_id: (next(o.value for o in one.options if o.score == 2),) for one in chosen}
    found = next(one for one in score(q, answers) if one.link_id == link_id)
    assert (found.value, found.reason) == (total, None)
    gone = {link: given for link, given in answers.items() if link != chosen[3].link_id}
    assert next(one for one in score(q, gone) if one.link_id == link_id).value is None


def test_a_sum_of_scores_under_one_address_misses_those_under_another() -> None:
    weighed = {"url": FHIR + "itemWeight", "valueDecimal": 5}
    other = item("b", "choice", answerOption=[{"valueCoding": coding("x"), "extension": [weighed]}])
    text = f"%resource.item.answer.valueCoding.extension('{FHIR}ordinalValue').valueDecimal.sum()"
    q = form(scored("a", 0, 3), other, calculated("t", text, "integer"))
    (one,) = score(q, {"a": (q.by_id["a"].options[1].value,), "b": (q.by_id["b"].options[0].value,)})
    assert one.value is None
    assert one.reason == "the form's formula gives 3 and adding up the answers 8: they disagree"


def test_a_score_that_looks_at_what_is_not_there_is_reported() -> None:
    q = form(scored("a", 0, 3), calculated("t", f"{one_of('a')}.ordinal() + {one_of('gone')}.ordinal()", "integer"))
    assert [(each.link_id, each.text) for each in q.findings] == [
        ("t", "its formula looks at 'gone', which is not in the form")
    ]
