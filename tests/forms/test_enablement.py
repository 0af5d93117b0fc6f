"""Which questions are asked."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from console.forms import Answers, Coding, Date, DateTime, NonAnswer, Quantity, Questionnaire, Time, load
from console.forms.deciding.enablement import enabled, withdrawn
from tests.forms.building import choice, document, form, group, item, option, when
from tests.forms.strategies import answers_to, has_circle, questionnaires
from tests.support.shared import shared


def asked(operator: str, kind: str, answer: dict[str, Any], *given: Any, **fields: Any) -> bool:
    """Whether an item with this one condition on ``q`` is asked when ``q`` has these answers."""
    q = form(item("q", kind, **fields), item("x", enableWhen=[when("q", operator, **answer)]))
    return "x" in enabled(q, {"q": given} if given else {})


@pytest.mark.parametrize(
    ("operator", "expected"),
    [("=", {5}), ("!=", {4, 6, None}), (">", {6}), (">=", {5, 6}), ("<", {4}), ("<=", {4, 5})],
)
def test_operators_on_numbers_and_on_no_answer(operator: str, expected: set[int | None]) -> None:
    held = {n for n in (4, 5, 6, None) if asked(operator, "integer", {"answerInteger": 5}, *([] if n is None else [n]))}
    assert held == expected


def test_exists_asks_for_a_value_or_for_none() -> None:
    for wanted in (True, False):
        assert asked("exists", "string", {"answerBoolean": wanted}, "word") is wanted
        assert asked("exists", "string", {"answerBoolean": wanted}) is not wanted


@pytest.mark.parametrize("word", list(NonAnswer))
def test_a_non_answer_is_no_value(word: NonAnswer) -> None:
    assert not asked("exists", "boolean", {"answerBoolean": True}, word)
    assert not asked("=", "boolean", {"answerBoolean": False}, word)
    assert asked("!=", "boolean", {"answerBoolean": False}, word)


def test_blank_text_is_no_answer() -> None:
    assert not asked("exists", "string", {"answerBoolean": True}, "   ")


def test_a_repeated_question_matches_with_any_answer_and_differs_only_with_none() -> None:
    options = {"repeats": True, "answerOption": [option("a"), option("b"), option("c")]}
    a, b = Coding("urn:codes", "a"), Coding("urn:codes", "b")
    wanted = {"answerCoding": {"system": "urn:codes", "code": "b"}}
    assert asked("=", "choice", wanted, a, b, **options)
    assert not asked("!=", "choice", wanted, a, b, **options)
    assert asked("!=", "choice", wanted, a, **options)


def test_a_code_of_another_system_is_another_code() -> None:
    options = {"answerOption": [option("a")]}
    wanted = {"answerCoding": {"system": "urn:elsewhere", "code": "a"}}
    assert not asked("=", "choice", wanted, Coding("urn:codes", "a"), **options)
    assert asked("=", "choice", {"answerCoding": {"code": "a"}}, Coding("urn:codes", "a"), **options)


@pytest.mark.parametrize(
    ("kind", "answer", "below", "above"),
    [
        ("date", {"answerDate": "2020-05"}, Date("2020-04-30"), Date("2020-06")),
        ("dateTime", {"answerDateTime": "2020-05-01T12:00:00+02:00"}, DateTime("2020-05-01T09:59:59Z"),
         DateTime("2020-05-01T10:00:01Z")),
        ("time", {"answerTime": "10:00:00"}, Time("09:59:59.9"), Time("10:00:00.1")),
        ("quantity", {"answerQuantity": {"value": 5, "unit": "mg"}}, Quantity(4, "mg"), Quantity(6, "mg")),
        ("string", {"answerString": "m"}, "a", "z"),
        ("decimal", {"answerDecimal": 0.3}, 0, 1),
    ],
)  # fmt: skip
def test_order_of_every_ordered_type(kind: str, answer: dict[str, Any], below: Any, above: Any) -> None:
    assert asked("<", kind, answer, below)
    assert not asked("<", kind, answer, above)
    assert asked(">", kind, answer, above)
    assert not asked(">=", kind, answer, below)


def test_what_cannot_be_ordered_holds_for_no_comparison() -> None:
    within = Date("2020-05-15")
    for operator in (">", "<", ">=", "<=", "="):
        assert not asked(operator, "date", {"answerDate": "2020-05"}, within), operator
        assert not asked(operator, "quantity", {"answerQuantity": {"value": 5, "unit": "mg"}}, Quantity(5, "g"))


def test_any_and_all() -> None:
    conditions = [when("a", "=", answerBoolean=True), when("b", "=", answerBoolean=True)]

    def asked_with(behavior: str, *yes: str) -> bool:
        x = item("x", enableWhen=conditions, enableBehavior=behavior)
        return "x" in enabled(form(item("a", "boolean"), item("b", "boolean"), x), dict.fromkeys(yes, (True,)))

    assert asked_with("any", "b")
    assert not asked_with("any")
    assert asked_with("all", "a", "b")
    assert not asked_with("all", "a")


CHAIN = form(
    item("a", "boolean"),
    item("b", "boolean", enableWhen=[when("a", "=", answerBoolean=True)]),
    group("g", item("d"), enableWhen=[when("b", "=", answerBoolean=True)]),
    item("n", enableWhen=[when("b", "!=", answerBoolean=True)]),
)


def test_a_question_that_is_not_asked_counts_as_unanswered() -> None:
    answers: Answers = {"a": (True,), "b": (True,)}
    assert enabled(CHAIN, answers) == {"a", "b", "g", "d"}
    assert enabled(CHAIN, {**answers, "a": (False,)}) == {"a", "n"}
    assert withdrawn(CHAIN, {**answers, "a": (False,)}) == ("b",)


def test_what_stands_in_a_group_goes_with_it() -> None:
    q = form(
        item("a", "boolean"), group("g", group("h", item("d")), enableWhen=[when("a", "exists", answerBoolean=True)])
    )
    assert enabled(q, {}) == {"a"}
    assert enabled(q, {"a": (False,)}) == {"a", "g", "h", "d"}


def test_order_in_the_document_does_not_matter_to_a_condition() -> None:
    q = form(item("x", enableWhen=[when("later", "=", answerBoolean=True)]), item("later", "boolean"))
    assert "x" in enabled(q, {"later": (True,)})


def test_a_circle_ends_and_never_locks_everything() -> None:
    """The circle of LHC-Forms' own fixture: 1 and 2 hide 3, and 3 hides both."""
    q = load(shared("fhir-questionnaires/lhncbc-lforms/R4/q-enableWhen-with-reference-loop.json").read_bytes())
    assert enabled(q, {}) == {"item1", "item2", "item3"}
    assert enabled(q, {"item1": (True,)}) == {"item1", "item2"}
    assert enabled(q, {"item3": (True,)}) == {"item3"}
    assert enabled(q, {"item1": (True,), "item3": (True,)}) == {"item3"}


def test_an_item_that_waits_for_itself_is_decided() -> None:
    q = form(item("x", enableWhen=[when("x", "exists", answerBoolean=True)]))
    assert enabled(q, {}) == frozenset()
    assert enabled(q, {"x": ("word",)}) == {"x"}


def test_a_group_that_waits_for_a_question_in_it_is_decided() -> None:
    q = form(group("g", item("a", "boolean"), enableWhen=[when("a", "!=", answerBoolean=True)]))
    assert enabled(q, {}) == {"g", "a"}
    assert enabled(q, {"a": (True,)}) == frozenset()


def test_a_chain_of_a_thousand_questions() -> None:
    links = [item("q0", "boolean")]
    links += [item(f"q{n}", "boolean", enableWhen=[when(f"q{n - 1}", "=", answerBoolean=True)]) for n in range(1, 1000)]
    q = form(*reversed(links))
    everything = {f"q{n}": (True,) for n in range(1000)}
    assert len(enabled(q, everything)) == 1000
    assert len(enabled(q, {**everything, "q500": (False,)})) == 501


DRUGS = form(
    group(
        "drug",
        item("name"),
        item("dose", enableWhen=[when("name", "exists", answerBoolean=True)]),
        group("time", item("when"), item("why", enableWhen=[when("when", "exists", answerBoolean=True)]), repeats=True),
        repeats=True,
    ),
    item("pharmacy", enableWhen=[when("name", "=", answerString="morphine")]),
)


def test_inside_a_repeating_group_a_condition_looks_at_its_own_occurrence() -> None:
    on = enabled(DRUGS, {"name#2": ("aspirin",), "when#2.2": ("noon",)})
    assert "dose#2" in on
    assert "dose" not in on
    assert "why#2.2" in on
    assert "why#2.1" not in on
    assert "why" not in on


def test_from_outside_a_condition_looks_at_every_occurrence() -> None:
    assert "pharmacy" in enabled(DRUGS, {"name": ("aspirin",), "name#3": ("morphine",)})
    assert "pharmacy" not in enabled(DRUGS, {"name": ("aspirin",)})


@given(st.data())
def test_enablement_is_total_and_depends_on_nothing_but_the_answers(data: st.DataObject) -> None:
    q: Questionnaire = data.draw(questionnaires())
    answers = data.draw(answers_to(q))
    on = enabled(q, answers)
    assert enabled(q, dict(data.draw(st.permutations(list(answers.items()))))) == on
    for key in on:
        parent = q.parents[key.split("#")[0]]
        assert not parent or any(other.split("#")[0] == parent for other in on)


@given(st.data())
def test_outside_circles_what_is_not_asked_changes_nothing(data: st.DataObject) -> None:
    q: Questionnaire = data.draw(questionnaires(repeating=False))
    assume(not has_circle(q))
    answers = data.draw(answers_to(q))
    on = enabled(q, answers)
    assert enabled(q, {key: held for key, held in answers.items() if key in on}) == on


@given(st.data())
def test_re_enabling_brings_back_what_was_there(data: st.DataObject) -> None:
    q = form(
        choice("a", option("a"), option("b")),
        item("b", enableWhen=[when("a", "=", answerCoding={"code": "a"})]),
    )
    answers: Answers = {"a": (Coding("urn:codes", "a"),), "b": (data.draw(st.text(min_size=1)),)}
    turned: Answers = {**answers, "a": (Coding("urn:codes", "b"),)}
    assert "b" not in enabled(q, turned)
    assert {**turned, "a": answers["a"]} == answers
    assert "b" in enabled(q, answers)


def test_a_document_made_of_json_gives_the_same_form() -> None:
    made = document(item("a", "boolean"))
    assert load(made) == load(str(made).replace("'", '"'))


def test_inside_one_of_several_answers_a_condition_looks_at_that_answer() -> None:
    q = form(
        choice(
            "drug",
            option("alcohol"),
            option("other"),
            repeats=True,
            item=[
                item("drinks", "integer", enableWhen=[when("drug", "=", answerCoding={"code": "alcohol"})]),
                item("which", enableWhen=[when("drug", "=", answerCoding={"code": "other"})]),
            ],
        ),
        item("after", enableWhen=[when("drug", "=", answerCoding={"code": "other"})]),
    )
    alcohol, other = (entry.value for entry in q.by_id["drug"].options)
    assert enabled(q, {"drug": (alcohol,)}) == {"drug", "drinks"}
    assert enabled(q, {"drug": (other, alcohol)}) == {"drug", "drinks", "which#2", "after"}


def test_an_answer_that_is_not_given_takes_what_was_said_about_it_along() -> None:
    q = form(choice("a", option("x"), option("y"), repeats=True, item=[item("b", "boolean")]))
    x, y = (entry.value for entry in q.by_id["a"].options)
    assert withdrawn(q, {"a": (y,), "b": (True,), "b#2": (False,)}) == ("b",)
    assert withdrawn(q, {"a": (x, y), "b": (True,), "b#2": (False,)}) == ()
