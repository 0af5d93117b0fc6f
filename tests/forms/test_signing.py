"""What may be signed is a response that satisfies its form, and what stands in the way is said."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from console.forms import Answers, Questionnaire
from console.forms.asking.response import build, held_in
from console.forms.checking.conformance import is_valid, outcome
from console.forms.checking.signing import stops_signing, told
from console.forms.checking.validation import Checked, Issue, validate
from console.forms.deciding.enablement import settle
from console.forms.deciding.layout import lines
from console.forms.instruments.scoring import computed_values, score
from console.forms.model import NonAnswer
from tests.forms.building import calculated, form, group, item, one_of
from tests.forms.strategies import answers_to, has_circle, questionnaires

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def issues_of(q: Questionnaire, answers: Answers, known: Checked | None = None) -> tuple[Issue, ...]:
    settled = settle(q, lines(q, answers), answers, NOW)
    computed = computed_values(score(q, answers, settled=settled))
    return validate(q, held_in(q, answers, computed, settled), settled=settled, known=known)


def signed_is_valid(q: Questionnaire, answers: Answers) -> bool:
    computed = computed_values(score(q, answers, now=NOW))
    response = build(q, answers, status="completed", authored=NOW, computed=computed)
    return is_valid(outcome(q, response))


@given(st.data())
def test_what_may_be_signed_is_valid(data: st.DataObject) -> None:
    q = data.draw(questionnaires())
    assume(not has_circle(q))
    answers = data.draw(answers_to(q))
    if not any(map(stops_signing, issues_of(q, answers))):
        assert signed_is_valid(q, answers)


@given(st.data())
def test_what_is_known_from_the_answer_before_changes_nothing(data: st.DataObject) -> None:
    q = data.draw(questionnaires())
    known: Checked = {}
    for answers in data.draw(st.lists(answers_to(q), min_size=2, max_size=4)):
        assert issues_of(q, answers, known) == issues_of(q, answers)


def test_what_is_required_in_a_group_without_answers_stops_nobody() -> None:
    q = form(group("g", item("a", required=True), item("b")), item("c"))
    assert not told(q, issues_of(q, {}))
    assert signed_is_valid(q, {})
    assert told(q, issues_of(q, {"b": ("x",)})) == "It cannot be signed yet. “Text of a”: an answer is required."
    assert not told(q, issues_of(q, {"b": ("x",), "a": (NonAnswer.UNABLE,)}))


def test_what_a_formula_fills_in_is_held_to_the_rules_too() -> None:
    most = {"url": "http://hl7.org/fhir/StructureDefinition/maxValue", "valueDecimal": 60}
    q = form(item("kg", "decimal"), calculated("bmi", f"{one_of('kg')} * 1", extension=[most]), item("x", "decimal"))
    assert not told(q, issues_of(q, {"kg": (Decimal(60),)}))
    assert told(q, issues_of(q, {"kg": (Decimal(61),)})).endswith("“Text of bmi”: the value is above 60.")


def test_of_many_the_first_are_named() -> None:
    q = form(*(item(each, required=True, prefix=each) for each in "abcde"))
    assert told(q, issues_of(q, {})).endswith("c: an answer is required; and 2 more.")
