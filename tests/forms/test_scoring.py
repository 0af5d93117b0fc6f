"""Scores: right, or none with the reason."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from console.forms import Answers, Coding, NonAnswer, Questionnaire, Score, score
from console.forms.asking.response import build
from console.forms.deciding.enablement import enabled, settle, undecided
from console.forms.deciding.layout import lines
from console.forms.instruments.scoring import computed_values
from console.forms.values import FHIR
from tests.forms.building import calculated, choice, coding, form, group, item, option, scored, when
from tests.forms.strategies import answers_to, questionnaires
from tests.forms.test_response import AT


def pick(q: Questionnaire, **choices: int) -> Answers:
    """Answers by number of the option."""
    return {link_id: (q.by_id[link_id].options[number].value,) for link_id, number in choices.items()}


def only(q: Questionnaire, answers: Any) -> Score:
    [found] = score(q, answers)
    assert (found.value is None) != (found.reason is None)
    return found


TWO = form(scored("a", 0, 1, 2), scored("b", 0, 1, 2, prefix="2."))


def test_a_plain_sum() -> None:
    found = only(TWO, pick(TWO, a=2, b=1))
    assert (found.name, found.value, found.answered, found.of) == ("total", 3, 2, 2)
    assert "no scoring key" in found.key


def test_zero_is_a_score_and_nothing_else_is() -> None:
    assert only(TWO, pick(TWO, a=0, b=0)).value == 0
    assert only(TWO, {}).reason == "items “Text of a” and 2 not answered"
    assert only(TWO, pick(TWO, a=0)).reason == "item 2 not answered"


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        (NonAnswer.REFUSED, "item 2 refused"),
        (NonAnswer.NOT_ASKED, "item 2 not asked"),
        (NonAnswer.UNABLE, "item 2 could not be answered"),
    ],
)
def test_a_non_answer_is_a_gap_with_its_own_words(word: NonAnswer, reason: str) -> None:
    assert only(TWO, {**pick(TWO, a=1), "b": (word,)}).reason == reason


def test_gaps_are_told_apart() -> None:
    assert only(TWO, {"b": (NonAnswer.REFUSED,)}).reason == "item “Text of a” not answered; item 2 refused"


def test_decimal_scores_add_up_exactly() -> None:
    q = form(scored("a", 0.1), scored("b", 0.2))
    assert only(q, pick(q, a=0, b=0)).value == Decimal("0.3")


def test_several_choices_of_one_item_add_up() -> None:
    q = form(scored("a", 1, 2, 4, repeats=True))
    options = q.by_id["a"].options
    assert only(q, {"a": (options[0].value, options[2].value)}).value == 5


def test_an_option_without_a_score_is_a_gap() -> None:
    q = form(choice("a", option("yes", 1), option("unknown")))
    assert only(q, pick(q, a=1)).reason == "item “Text of a” answered with something that has no score"


def test_own_words_in_a_scored_question_are_a_gap() -> None:
    q = form(item("a", "open-choice", answerOption=[option("yes", 1)]))
    assert only(q, {"a": ("rather",)}).reason == "item “Text of a” answered with something that has no score"


def test_an_answer_that_is_no_option_is_a_gap() -> None:
    q = form(scored("a", 1))
    reason = "item “Text of a” answered with something the form does not offer"
    assert only(q, {"a": (Coding("urn:codes", "zz"),)}).reason == reason
    assert only(q, {"a": (q.by_id["a"].options[0].value,) * 2}).reason == reason, "two answers where one is allowed"


def test_a_stored_score_that_differs_from_the_forms_own_is_a_gap() -> None:
    q = form(scored("a", 1))
    other = Coding("urn:codes", "o0", score=Decimal(2))
    assert only(q, {"a": (other,)}).reason == "item “Text of a” stored with another score than the form gives it"
    assert only(q, {"a": (Coding("urn:codes", "o0"),)}).value == 1, "a code stored without its score has the form's"


def test_what_is_not_asked_is_not_missed_and_does_not_count() -> None:
    q = form(
        item("drinks", "boolean"),
        scored("a", 0, 1),
        scored("b", 0, 1, enableWhen=[when("drinks", "=", answerBoolean=True)]),
    )
    assert only(q, {**pick(q, a=1, b=1), "drinks": (False,)}).value == 1
    assert only(q, {**pick(q, a=1, b=1), "drinks": (True,)}).value == 2
    assert only(q, {**pick(q, a=1), "drinks": (True,)}).reason == "item “Text of b” not answered"


def test_nothing_asked_is_no_score() -> None:
    q = form(scored("b", 0, 1, enableWhen=[when("c", "exists", answerBoolean=True)]), item("c"))
    assert only(q, {}).reason == "none of its questions is asked with these answers"


def test_a_form_without_scores_has_none() -> None:
    assert score(form(item("a"), choice("b", option("x"))), {}) == ()


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ((group("g", scored("a", 1)), group("h", scored("b", 1))), "several groups"),
        ((scored("a", 1), item("t", "integer", readOnly=True), item("u", "integer", readOnly=True)), "several items"),
        ((scored("a", 1), choice("b", {"valueCoding": coding("x"), "extension": [
            {"url": FHIR + "itemWeight", "valueDecimal": 1}]})), "two different kinds of score"),
        ((group("g", scored("a", 1), repeats=True),), "can stand several times"),
    ],
)  # fmt: skip
def test_when_it_is_not_clear_what_to_sum_nothing_is(items: Any, words: str) -> None:
    q = form(*items)
    answers = {key: (entry.options[0].value,) for key, entry in q.by_id.items() if entry.options}
    found = only(q, answers)
    assert found.reason is not None
    assert words in found.reason


def test_the_total_is_linked_to_the_one_item_made_for_it() -> None:
    q = form(scored("a", 0, 1), item("t", "integer", readOnly=True))
    assert only(q, pick(q, a=1)).link_id == "t"


@pytest.mark.parametrize("kind", ["string", "boolean", "quantity"])
def test_what_holds_no_number_is_no_place_for_a_total(kind: str) -> None:
    q = form(scored("a", 0, 1), item("t", kind, readOnly=True))
    assert only(q, pick(q, a=1)).link_id is None


def test_a_total_that_its_item_cannot_hold_is_left_out_of_the_response() -> None:
    q = form(scored("a", 0, 0.5), item("t", "integer", readOnly=True))
    found = only(q, pick(q, a=1))
    assert (found.link_id, found.value) == ("t", Decimal("0.5"))
    written = build(q, pick(q, a=1), status="completed", authored=AT, computed=computed_values([found]))
    assert [entry["linkId"] for entry in written["item"]] == ["a"]


FORMULA = form(
    scored("q1", 0, 1), scored("q2", 0, 1), scored("difficulty", 0, 1),
    calculated("t", "%resource.item.where(linkId.startsWith('q')).answer.weight().sum()"),
)  # fmt: skip


def test_the_forms_formula_says_what_to_sum() -> None:
    found = only(FORMULA, pick(FORMULA, q1=1, q2=1, difficulty=1))
    assert (found.name, found.link_id, found.value) == ("Text of t", "t", 2)
    assert only(FORMULA, pick(FORMULA, q1=1, difficulty=1)).reason == "item “Text of q2” not answered"


def test_two_formulas_are_two_scores() -> None:
    q = form(
        scored("a1", 0, 1), scored("b1", 0, 1),
        calculated("ta", "%resource.item.where(linkId = 'a1').answer.weight().sum()"),
        calculated("tb", "%resource.item.where(linkId = 'b1').answer.weight().sum()"),
    )  # fmt: skip
    assert [(one.link_id, one.value) for one in score(q, pick(q, a1=1))] == [("ta", 1), ("tb", None)]


def test_a_stored_total_must_agree_with_the_answers() -> None:
    answers = pick(FORMULA, q1=1, q2=1)
    assert only(FORMULA, {**answers, "t": (Decimal(2),)}).value == 2
    found = only(FORMULA, {**answers, "t": (Decimal(0),)})
    assert found.reason == "the stored total 0 does not agree with the answers, which add up to 2"


def response(*entries: Any, **fields: Any) -> dict[str, Any]:
    return {"resourceType": "QuestionnaireResponse", "item": list(entries), **fields}


def stored(link_id: str, code: str) -> dict[str, Any]:
    return {"linkId": link_id, "answer": [{"valueCoding": coding(code)}]}


def test_a_response_is_scored_like_its_answers() -> None:
    assert only(TWO, response(stored("a", "o2"), stored("b", "o1"))).value == 3


def test_what_cannot_be_read_in_a_response_is_a_gap() -> None:
    broken = {"linkId": "b", "answer": [{"valueString": "o1"}]}
    reason = "item 2 answered with something the form does not offer"
    assert only(TWO, response(stored("a", "o2"), broken)).reason == reason
    twice = response(stored("a", "o2"), stored("b", "o1"), stored("b", "o2"))
    assert only(TWO, twice).reason == reason
    assert only(TWO, response(stored("a", "o2"), stored("b", "o1"), stored("note", "x"))).value == 3


GROUPED = form(group("g", scored("a", 0, 1), scored("b", 0, 1)), item("t", "integer", readOnly=True, repeats=True))
ANSWERED = {"linkId": "g", "item": [stored("a", "o1"), stored("b", "o1")]}
DENIED = {"linkId": "g", "item": [stored("a", "o0"), stored("b", "o0")]}


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param((DENIED, ANSWERED), id="the group stands twice"),
        pytest.param((DENIED, {"linkId": "unknown", "item": [ANSWERED]}), id="inside an item the form does not have"),
        pytest.param((DENIED, {"linkId": "t", "item": [ANSWERED]}), id="inside an item of another place"),
        pytest.param(
            ({**DENIED, "answer": [{"item": ANSWERED["item"]}]},), id="inside an answer that a group cannot have"
        ),
        pytest.param((DENIED, {"linkId": "unknown", "answer": [{"item": [ANSWERED]}]}), id="inside a stray answer"),
    ],
)
def test_a_second_answer_in_a_place_that_is_not_read_spoils_the_first(entries: tuple[Any, ...]) -> None:
    assert only(GROUPED, response(DENIED)).value == 0
    assert (
        only(GROUPED, response(*entries)).reason
        == "items “Text of a” and “Text of b” answered with something the form does not offer"
    )


def test_every_stored_total_must_agree() -> None:
    totals = {"linkId": "t", "answer": [{"valueInteger": 2}, {"valueInteger": 0}]}
    found = only(GROUPED, response(ANSWERED, totals))
    assert found.reason == "the stored total 0 does not agree with the answers, which add up to 2"


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (response(ANSWERED, status="entered-in-error"), "marked as entered in error"),
        (response(ANSWERED, modifierExtension=[{"url": "urn:not"}]), "modifier extension"),
        (response({**ANSWERED, "modifierExtension": [{"url": "urn:not"}]}), "modifier extension"),
        (
            response(
                {"linkId": "g", "item": [{**stored("a", "o1"), "answer": [{"modifierExtension": [{"url": "x"}]}]}]}
            ),
            "modifier extension",
        ),
    ],
)
def test_a_response_that_takes_itself_back_is_not_scored(found: dict[str, Any], reason: str) -> None:
    assert only(GROUPED, response(ANSWERED, status="completed", modifierExtension=[])).value == 2
    assert reason in (only(GROUPED, found).reason or "")


def test_a_response_to_another_form_is_not_scored() -> None:
    answers = (stored("a", "o2"), stored("b", "o1"))
    assert only(TWO, response(*answers, questionnaire="urn:test|9")).value == 3
    found = only(TWO, response(*answers, questionnaire="urn:other"))
    assert (found.value, found.reason) == (None, "the response was given to another form")
    found = only(TWO, response(*answers, stored("c", "o1"), questionnaire="urn:other"))
    assert found.reason == "the response was given to another form, and not all of it fits this one"


@given(st.data())
def test_there_is_a_score_exactly_when_every_scored_question_that_is_asked_has_a_value(data: st.DataObject) -> None:
    q = data.draw(questionnaires(repeating=False, scored=True))
    in_groups = {q.parents[link_id] for link_id, entry in q.by_id.items() if entry.is_scored}
    assume(len(in_groups) == 1)
    answers = data.draw(answers_to(q))
    on = enabled(q, answers)
    needed = [entry for link_id, entry in q.by_id.items() if entry.is_scored and link_id in on]
    worth: list[Decimal] = []
    for entry in needed:
        given_here = answers.get(entry.link_id, ())
        scores = [getattr(each, "score", None) for each in given_here]
        if given_here and None not in scores:
            worth.append(sum(scores, Decimal(0)))
    found = only(q, answers)
    scored_ones = [link_id for link_id, entry in q.by_id.items() if entry.is_scored]
    gates = undecided(q, settle(q, lines(q, answers), answers), scored_ones)
    if needed and len(worth) == len(needed) and not gates:
        assert found.value == sum(worth)
    else:
        assert found.value is None


def test_what_is_missing_is_named_by_its_words_where_it_has_no_number() -> None:
    long = "Little interest or pleasure in doing things that you liked to do before it all began"
    named = form(scored("/44250-9", 0, 1, text=long), scored("/44255-8", 0, 1, text=""))
    assert (
        only(named, {}).reason
        == "items “Little interest or pleasure in doing things that you liked…” and /44255-8 not answered"
    )
