"""Beginning, answering, completing and setting aside an instrument, with the shipped forms."""

from functools import cache
from uuid import UUID

import pytest

from console.actions import assessments, encounters
from console.errors import KnownError, NotAllowed, NotFound
from console.forms.library import Form, shipped
from console.models.assessment import ASSESSMENT, AssessmentState
from console.models.sign_in import SignIn
from console.models.store import rebuild, subjects
from console.models.store.desk import Desk
from tests.support.clock import FixedClock
from tests.support.desk import entry_count, open_desk
from tests.support.entries import named


@cache
def form(name: str) -> Form:
    return shipped().forms[name]


def state_of(desk: Desk, assessment: UUID) -> AssessmentState:
    with desk.store.read() as connection:
        folded = subjects.state(connection, ASSESSMENT, assessment)
    assert folded is not None
    assert folded.state is not None
    return folded.state


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
        with pytest.raises(KnownError, match=r"completed\. Begin a new one"):
            refused()
    assert rebuild.rebuild(desk.store).same


def test_what_was_not_answered_is_not_scored(desk: Desk, clinician: SignIn, encounter: UUID) -> None:
    assessment, _ = assessments.begin(desk, clinician, encounter, form("phq-9"))
    assessments.complete(desk, clinician, assessment, form("phq-9"))
    (score, *_) = state_of(desk, assessment).scores
    assert score.value == ""
    assert score.reason


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
