"""Beginning, answering, completing and setting aside an instrument, with the shipped forms."""

from decimal import Decimal
from functools import cache
from uuid import UUID

import msgspec
import pytest

from console.actions import assessments, encounters
from console.errors import KnownError, NotAllowed, NotFound
from console.forms import Answer, NonAnswer, load
from console.forms.checking.conformance import is_valid, outcome
from console.forms.library import Form, shipped
from console.models.assessment import ASSESSMENT, AssessmentAnswered, AssessmentCompleted, AssessmentState
from console.models.sign_in import SignIn
from console.models.store import rebuild
from console.models.store.desk import Desk
from tests.support.clock import FixedClock
from tests.support.desk import entry_count, folded, open_desk
from tests.support.entries import named
from tests.support.signing import rest_not_asked
from wire.fold import AnyBody


@cache
def form(name: str) -> Form:
    return shipped().forms[name]


def state_of(desk: Desk, assessment: UUID) -> AssessmentState:
    return folded(desk.store, ASSESSMENT, assessment)


def last(desk: Desk, kind: type[AnyBody]) -> AnyBody:
    """The body of the last entry of a kind in the journal."""
    with desk.store.read() as connection:
        found = connection.exec_driver_sql("SELECT body FROM entry WHERE kind = ? ORDER BY place DESC", (kind.KIND,))
        return msgspec.json.decode(found.scalars().first(), type=kind)


@pytest.fixture
def encounter(desk: Desk, clinician: SignIn) -> UUID:
    return encounters.start(desk, clinician, "transferred")[0]


@pytest.fixture
def asq(desk: Desk, clinician: SignIn, encounter: UUID) -> UUID:
    return assessments.begin(desk, clinician, encounter, form("asq"), " the caller ")[0]


def test_beginning_names_the_form_its_version_and_its_hash(
    desk: Desk, clinician: SignIn, encounter: UUID, asq: UUID, clock: FixedClock
) -> None:
    state = state_of(desk, asq)
    questionnaire = form("asq").questionnaire
    assert (state.form, state.form_version, state.sha256) == ("asq", questionnaire.version, questionnaire.sha256)
    assert (state.encounter, state.clinician, state.asked_of) == (encounter, clinician.user, "the caller")
    assert state.started_at == clock.now()
    with pytest.raises(NotFound):
        assessments.begin(desk, clinician, named("no encounter"), form("asq"))


def test_each_answer_is_kept_at_once_and_the_same_one_is_no_news(desk: Desk, clinician: SignIn, asq: UUID) -> None:
    assert assessments.answer(desk, clinician, asq, form("asq"), "asq-1", (True,))
    assert not assessments.answer(desk, clinician, asq, form("asq"), "asq-1", (True,))
    assert assessments.answer(desk, clinician, asq, form("asq"), "asq-1", (False,))
    assert state_of(desk, asq).answers["asq-1"].answers == ({"valueBoolean": False},)
    desk.store.close()
    again = open_desk(desk.store.home)
    assert set(state_of(again, asq).answers) == {"asq-1"}
    again.store.close()


def test_an_answer_is_withdrawn(desk: Desk, clinician: SignIn, asq: UUID) -> None:
    assert not assessments.answer(desk, clinician, asq, form("asq"), "asq-1", ())
    assessments.answer(desk, clinician, asq, form("asq"), "asq-1", (True,))
    assert assessments.answer(desk, clinician, asq, form("asq"), "asq-1", ())
    assert state_of(desk, asq).withdrawn == ("asq-1",)
    with pytest.raises(KnownError, match="no question asq-99"):
        assessments.answer(desk, clinician, asq, form("asq"), "asq-99", (True,))


def test_an_answer_that_leaves_another_unasked_says_so(desk: Desk, clinician: SignIn, asq: UUID) -> None:
    def give(key: str, *given: Answer) -> AssessmentAnswered:
        assessments.answer(desk, clinician, asq, form("asq"), key, given)
        return last(desk, AssessmentAnswered)

    give("asq-4", True)
    give("asq-4-how", "with pills")
    assert give("asq-4", False).left_unasked == ("asq-4-how",)
    assert state_of(desk, asq).withdrawn == ("asq-4-how",)
    assert give("asq-4", True).asked_again == ("asq-4-how",)
    assert give("asq-4", NonAnswer.REFUSED).left_unasked == ("asq-4-how",)
    rest_not_asked(desk, clinician, asq, form("asq"))
    assessments.complete(desk, clinician, asq, form("asq"))
    completed = last(desk, AssessmentCompleted)
    assert completed.left_out == ("asq-4-how",)
    assert "pills" not in str(completed.response)
    state = state_of(desk, asq)
    assert state.answers["asq-4-how"].answers == ({"valueString": "with pills"},)
    assert (state.withdrawn, state.left_out) == (("asq-4-how", "asq-4-how"), ("asq-4-how",))
    assert rebuild.rebuild(desk.store).same


def test_a_form_starts_with_its_initial_answers_and_tells_the_time(
    desk: Desk, clinician: SignIn, encounter: UUID, clock: FixedClock
) -> None:
    today = {"language": "text/fhirpath", "expression": "today()"}
    sdc = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
    q = load(
        {
            "resourceType": "Questionnaire",
            "item": [
                {"linkId": "lives-alone", "type": "boolean", "initial": [{"valueBoolean": False}]},
                {
                    "linkId": "asked-on",
                    "type": "date",
                    "extension": [{"url": sdc + "initialExpression", "valueExpression": today}],
                },
            ],
        }
    )
    starting = Form("starting", q, None)
    clock.advance(4 * 3600)  # in UTC it is the next day, at the center not yet
    assert clock.now().day == 22
    assessment, _ = assessments.begin(desk, clinician, encounter, starting)
    held = {key: answered.answers for key, answered in state_of(desk, assessment).answers.items()}
    assert held == {
        "lives-alone": ({"valueBoolean": False},),
        "asked-on": ({"valueDate": "2026-11-21"},),
    }


def test_what_was_said_about_a_typed_answer_goes_in_the_same_act(
    desk: Desk, clinician: SignIn, encounter: UUID
) -> None:
    q = load(
        {
            "resourceType": "Questionnaire",
            "item": [
                {
                    "linkId": "name",
                    "type": "string",
                    "repeats": True,
                    "item": [{"linkId": "age", "type": "integer"}],
                }
            ],
        }
    )
    names = Form("names", q, None)
    assessment, _ = assessments.begin(desk, clinician, encounter, names)
    assessments.answer(desk, clinician, assessment, names, "name", ("Ann", "Bo"))
    assessments.answer(desk, clinician, assessment, names, "age", (3,))
    assessments.answer(desk, clinician, assessment, names, "age#2", (5,))
    assessments.answer(desk, clinician, assessment, names, "name", ("Bo",))
    held = {key: answered.answers for key, answered in state_of(desk, assessment).answers.items()}
    assert held == {"name": ({"valueString": "Bo"},), "age": ({"valueInteger": 5},)}


def test_completing_freezes_response_scores_and_alerts(
    desk: Desk, clinician: SignIn, asq: UUID, clock: FixedClock
) -> None:
    for question in ("asq-1", "asq-2", "asq-3", "asq-4"):
        assessments.answer(desk, clinician, asq, form("asq"), question, (question == "asq-2",))
    assessments.answer(desk, clinician, asq, form("asq"), "asq-5", (True,))
    clock.advance(60)
    assessments.complete(desk, clinician, asq, form("asq"))
    state = state_of(desk, asq)
    assert state.completed_at == clock.now()
    assert state.response is not None
    assert state.response["resourceType"] == "QuestionnaireResponse"
    assert state.response["status"] == "completed"
    assert state.scores
    assert state.alerts
    for refused in (
        lambda: assessments.answer(desk, clinician, asq, form("asq"), "asq-1", ()),
        lambda: assessments.complete(desk, clinician, asq, form("asq")),
        lambda: assessments.abandon(desk, clinician, asq, "x"),
    ):
        with pytest.raises(KnownError, match=r"completed\. Amend it, or begin a new one"):
            refused()
    assert rebuild.rebuild(desk.store).same


def given(desk: Desk, who: SignIn, encounter: UUID, name: str, answers: dict[str, object]) -> AssessmentState:
    """An instrument that was answered so and completed."""
    assessment, _ = assessments.begin(desk, who, encounter, form(name))
    for key, value in answers.items():
        assessments.answer(desk, who, assessment, form(name), key, (value,))  # type: ignore[arg-type]
    rest_not_asked(desk, who, assessment, form(name))
    assessments.complete(desk, who, assessment, form(name))
    return state_of(desk, assessment)


NO = {f"asq-{number}": False for number in range(1, 5)}


@pytest.mark.parametrize(
    ("name", "answers", "rings"),
    [
        ("asq", NO | {"asq-2": True, "asq-5": True}, "alarm"),
        ("asq", NO | {"asq-2": True, "asq-5": False}, "alarm"),
        ("asq", NO | {"asq-2": True}, "alarm"),
        ("asq", NO, ""),
        ("phq-9", {"phq9-9": NonAnswer.REFUSED}, "caution"),
        ("imminent-risk", {"ir-thoughts": True}, "caution"),
    ],
)
def test_a_completed_instrument_rings_as_it_declares(
    desk: Desk, clinician: SignIn, encounter: UUID, name: str, answers: dict[str, object], rings: str
) -> None:
    assert given(desk, clinician, encounter, name, answers).alert_tier == rings


def test_item_9_of_the_phq_9_is_an_alarm_whatever_the_total(desk: Desk, clinician: SignIn, encounter: UUID) -> None:
    item = form("phq-9").questionnaire.by_id["phq9-9"]
    several_days = next(each for each in item.options if "several" in str(each).casefold())
    state = given(desk, clinician, encounter, "phq-9", {"phq9-9": several_days.value})
    assert (state.alert_tier, len(state.alerts)) == ("alarm", 1)


def test_what_was_not_answered_is_not_scored(desk: Desk, clinician: SignIn, encounter: UUID) -> None:
    assessment, _ = assessments.begin(desk, clinician, encounter, form("phq-9"))
    assessments.complete(desk, clinician, assessment, form("phq-9"))
    (score, *_) = state_of(desk, assessment).scores
    assert score.value == ""
    assert score.reason


def test_what_breaks_a_rule_of_the_form_is_not_signed(desk: Desk, clinician: SignIn, encounter: UUID) -> None:
    assessment, _ = assessments.begin(desk, clinician, encounter, form("asq"))
    assessments.answer(desk, clinician, assessment, form("asq"), "asq-2", (True,))
    with pytest.raises(KnownError, match=r"cannot be signed yet\. 1: an answer is required; 3: an answer is required"):
        assessments.complete(desk, clinician, assessment, form("asq"))
    assert state_of(desk, assessment).in_progress
    rest_not_asked(desk, clinician, assessment, form("asq"))
    assessments.complete(desk, clinician, assessment, form("asq"))
    signed = state_of(desk, assessment).response
    assert signed is not None
    assert is_valid(outcome(form("asq").questionnaire, signed))


def test_a_broken_constraint_is_not_signed_and_a_warning_is(desk: Desk, clinician: SignIn, encounter: UUID) -> None:
    def rule(severity: str) -> dict[str, object]:
        parts = [
            {"url": "key", "valueId": "k"},
            {"url": "severity", "valueCode": severity},
            {"url": "human", "valueString": "The end is after the start."},
            {"url": "expression", "valueExpression": {"language": "text/fhirpath", "expression": "answer.value > 3"}},
        ]
        return {"url": "http://hl7.org/fhir/StructureDefinition/targetConstraint", "extension": parts}

    for severity in ("error", "warning"):
        items = [{"linkId": "e", "type": "integer", "prefix": "7.", "extension": [rule(severity)]}]
        made = Form("made", load({"resourceType": "Questionnaire", "status": "active", "item": items}), None)
        assessment, _ = assessments.begin(desk, clinician, encounter, made)
        assessments.answer(desk, clinician, assessment, made, "e", (2,))
        if severity == "error":
            with pytest.raises(KnownError, match=r"cannot be signed yet\. 7: The end is after the start\.$"):
                assessments.complete(desk, clinician, assessment, made)
            assessments.answer(desk, clinician, assessment, made, "e", (4,))
        assessments.complete(desk, clinician, assessment, made)


def test_an_amendment_stands_only_when_it_is_signed(
    desk: Desk, clinician: SignIn, second_clinician: SignIn, encounter: UUID, clock: FixedClock
) -> None:
    assessment, _ = assessments.begin(desk, clinician, encounter, form("asq"))
    with pytest.raises(KnownError, match="nothing to amend yet"):
        assessments.amend(desk, clinician, assessment, "too early")
    for key in NO:
        assessments.answer(desk, clinician, assessment, form("asq"), key, (False,))
    assessments.complete(desk, clinician, assessment, form("asq"))
    signed = state_of(desk, assessment)
    with pytest.raises(KnownError, match="reason"):
        assessments.amend(desk, clinician, assessment, "  ")
    with pytest.raises(NotAllowed):
        assessments.amend(desk, second_clinician, assessment, "not mine")
    clock.advance(60)
    assessments.amend(desk, clinician, assessment, "she took back what she said about last week")
    with pytest.raises(KnownError, match="already"):
        assessments.amend(desk, clinician, assessment, "twice")
    assessments.answer(desk, clinician, assessment, form("asq"), "asq-2", (True,))
    under_way = state_of(desk, assessment)
    assert (under_way.response, under_way.scores, under_way.alerts) == (signed.response, signed.scores, ())
    assessments.complete(desk, clinician, assessment, form("asq"))
    amended = state_of(desk, assessment)
    assert amended.response is not None
    assert (amended.response["status"], bool(amended.alerts)) == ("amended", True)
    assert [each.scores for each in amended.amendments] == [signed.scores]
    assert rebuild.rebuild(desk.store).same


def test_setting_aside_keeps_what_was_answered(desk: Desk, clinician: SignIn, asq: UUID) -> None:
    assessments.answer(desk, clinician, asq, form("asq"), "asq-1", (True,))
    with pytest.raises(KnownError, match="The reason is missing"):
        assessments.abandon(desk, clinician, asq, "")
    assessments.abandon(desk, clinician, asq, "wrong form")
    assert set(state_of(desk, asq).answers) == {"asq-1"}
    with pytest.raises(KnownError, match=r"set aside\. Begin a new one"):
        assessments.complete(desk, clinician, asq, form("asq"))


@pytest.mark.parametrize("who", ["dispatcher", "supervisor", "auditor", "administrator"])
def test_instruments_are_the_clinicians(
    desk: Desk, encounter: UUID, asq: UUID, who: str, request: pytest.FixtureRequest
) -> None:
    sign_in: SignIn = request.getfixturevalue(who)
    before = entry_count(desk.store)
    for attempt in (
        lambda: assessments.begin(desk, sign_in, encounter, form("asq")),
        lambda: assessments.answer(desk, sign_in, asq, form("asq"), "asq-1", (True,)),
        lambda: assessments.complete(desk, sign_in, asq, form("asq")),
        lambda: assessments.abandon(desk, sign_in, asq, "x"),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert entry_count(desk.store) == before


def test_a_number_that_no_record_holds_is_not_taken(desk: Desk, clinician: SignIn, encounter: UUID) -> None:
    document = {"resourceType": "Questionnaire", "status": "active", "url": "urn:weight", "title": "Weight"}
    question = {"linkId": "kg", "text": "Weight", "type": "decimal"}
    own = Form("weight", load(msgspec.json.encode({**document, "item": [question]})), None)
    assessment, _ = assessments.begin(desk, clinician, encounter, own)
    with pytest.raises(KnownError, match="kg cannot be kept: its number is too large"):
        assessments.answer(desk, clinician, assessment, own, "kg", (Decimal("1e30"),))
    assert not state_of(desk, assessment).answers
