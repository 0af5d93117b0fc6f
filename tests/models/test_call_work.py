"""The work on a call, step by step: screen, level, advice, thread, disposition."""

import pytest

from console.models.call import (
    CallAdviceAcknowledged,
    CallAdvised,
    CallAlarmAcknowledged,
    CallClaimed,
    CallContacted,
    CallDisposed,
    CallFactStated,
    CallFallbackTaken,
    CallFlagWithdrawn,
    CallLeveled,
    CallLineChanged,
    CallMessaged,
    CallOfficerWaiting,
    CallOutcomeRecorded,
    CallReleased,
    CallReopened,
    CallRespondersConfirmed,
    CallScreened,
    CallSuggestionDismissed,
    CallTakenOver,
    Level,
    RollUp,
)
from tests.models.call_history import ANN, BEN, ENTERED, FLAGGED, History, picture
from tests.support.entries import at, named
from wire.fold import Body

# -- the work ----------------------------------------------------------------------------------------------------------


def test_the_last_screening_counts() -> None:
    history = History(ENTERED, CallScreened(at(1), {"weapon": "unknown"}, "eligible"))
    history.add(CallScreened(at(2), {"weapon": "yes"}, "consult-only", "knife"), BEN)
    screening = history.state.screening
    assert screening is not None
    assert (screening.answers, screening.decision, screening.by) == ({"weapon": "yes"}, "consult-only", BEN)


def test_a_fact_is_replaced_and_made_unknown_again() -> None:
    history = History(ENTERED, CallFactStated(at(1), "weapons", "knife", "caller"))
    history.add(CallFactStated(at(2), "weapons", "none seen", "officer"), BEN)
    fact = history.state.facts["weapons"]
    assert (fact.value, fact.source, fact.by, fact.at) == ("none seen", "officer", BEN, at(2))
    history.add(CallFactStated(at(3), "weapons", "", "officer"))
    history.add(CallFactStated(at(4), "dog", "", "officer"))
    assert history.state.facts == {}


def test_contact_begins_when_somebody_is_reached() -> None:
    history = History(ENTERED, CallContacted(at(1), "no-answer", False))
    assert (history.state.contacted_at, history.state.line) == (None, "")
    history.add(CallContacted(at(2), "call-back-1", True, "her sister"))
    history.add(CallContacted(at(3), "live", True))
    assert (history.state.contacted_at, history.state.line) == (at(2), "on")
    assert [contact.how for contact in history.state.contacts] == ["no-answer", "call-back-1", "live"]


def test_the_line_drops() -> None:
    history = History(ENTERED, CallContacted(at(1), "live", True), CallLineChanged(at(2), "dropped"))
    assert (history.state.line, history.state.line_at) == ("dropped", at(2))


@pytest.mark.parametrize(
    ("levels", "rises"),
    [
        ([Level.LOW], [False]),
        ([Level.HIGH], [False]),
        ([Level.CRITICAL], [True]),
        ([Level.LOW, Level.MEDIUM], [False, True]),
        ([Level.HIGH, Level.LOW, Level.HIGH], [False, False, True]),
        ([Level.HIGH, Level.HIGH], [False, False]),
    ],
)
def test_a_rise_is_a_step_up_and_a_first_level_only_if_critical(levels: list[Level], rises: list[bool]) -> None:
    state = History(ENTERED, *(CallLeveled(at(step), level, "r") for step, level in enumerate(levels))).state
    assert [step.rise for step in state.levels] == rises
    assert state.level is levels[-1]


@pytest.mark.parametrize("level", [Level.NOT_SET, Level.CLOSED])
def test_nobody_sets_a_level_that_is_only_shown(level: Level) -> None:
    history = History(ENTERED, CallLeveled(at(1), level, "r"))
    assert history.state.level is Level.NOT_SET
    assert history.reasons == [f"{level} is not a level a person sets"]


def test_levels_rank_by_gravity() -> None:
    assert sorted(Level, key=lambda level: -level.rank)[:4] == [Level.CRITICAL, Level.HIGH, Level.MEDIUM, Level.LOW]


def test_advice_is_read_and_passed_on() -> None:
    history = History(ENTERED)
    advice = history.add(CallAdvised(at(1), ("phone",), "stay on the line"))
    history.add(CallAdviceAcknowledged(at(2), advice), BEN)
    history.add(CallAdviceAcknowledged(at(3), advice, passed=True), ANN)
    (given,) = history.state.advice
    assert (given.acknowledged_at, given.acknowledged_by, given.passed_at) == (at(2), BEN, at(3))


def test_advice_that_nobody_gave_cannot_be_read() -> None:
    assert History(ENTERED, CallAdviceAcknowledged(at(2), named("no advice"))).reasons == [
        "the advice it acknowledges is not known"
    ]


def test_the_thread_keeps_its_order() -> None:
    history = History(ENTERED, CallMessaged(at(2), "one"), CallMessaged(at(1), "two"))
    assert [message.text for message in history.state.thread] == ["one", "two"]


def test_the_first_person_to_acknowledge_an_alarm_is_named() -> None:
    history = History(ENTERED)
    history.add(CallAlarmAcknowledged(at(1), "rise:1"), ANN)
    history.add(CallAlarmAcknowledged(at(2), "rise:1"), BEN)
    assert history.state.acknowledged == {"rise:1": ANN}
    assert history.reasons == []


# -- the end -----------------------------------------------------------------------------------------------------------

DISPOSED = CallDisposed(at(50), "stabilized", RollUp.DIVERTED)


def test_a_disposed_call_is_not_open() -> None:
    history = History(ENTERED, FLAGGED, CallOfficerWaiting(at(11), True), CallContacted(at(12), "live", True), DISPOSED)
    state = history.state
    assert state.disposition is not None
    assert state.disposition.by == ANN
    assert not state.open
    assert (state.officer_waiting_since, state.line) == (None, "ended")


@pytest.mark.parametrize("level", [Level.HIGH, Level.CRITICAL])
def test_a_high_level_ends_only_with_responders_or_a_reason(level: Level) -> None:
    leveled = CallLeveled(at(1), level, "r")
    assert History(ENTERED, leveled, DISPOSED).reasons == [
        "a high level ends only with responders confirmed or a reason"
    ]
    for enough in (
        [CallDisposed(at(50), "x", RollUp.UNKNOWN, contact_confirmed=True)],
        [CallDisposed(at(50), "x", RollUp.UNKNOWN, no_contact_reason="left the county")],
        [CallRespondersConfirmed(at(2), "P12"), DISPOSED],
    ):
        assert not History(ENTERED, leveled, *enough).reasons


def test_only_the_last_level_counts_for_that() -> None:
    levels = [CallLeveled(at(1), Level.CRITICAL, "r"), CallLeveled(at(2), Level.LOW, "r")]
    assert not History(ENTERED, *levels, DISPOSED).reasons


@pytest.mark.parametrize(
    "body",
    [
        FLAGGED,
        CallFlagWithdrawn(at(51), ""),
        CallOfficerWaiting(at(51), True),
        CallFallbackTaken(at(51), "x"),
        CallClaimed(at(51)),
        CallReleased(at(51), named("claim"), ""),
        CallTakenOver(at(51), named("claim"), ""),
        CallLeveled(at(51), Level.LOW, ""),
        DISPOSED,
    ],
    ids=lambda body: body.KIND,
)
def test_what_a_disposed_call_no_longer_takes(body: Body) -> None:
    history = History(ENTERED, DISPOSED)
    before = history.state
    history.add(body)
    assert history.state == before
    assert history.reasons == ["the call is disposed"]


def test_words_still_reach_a_disposed_call() -> None:
    history = History(ENTERED, DISPOSED, CallMessaged(at(60), "she called again"))
    history.add(CallOutcomeRecorded(at(61), "home", "officer"), BEN)
    assert not history.reasons
    assert [(outcome.outcome, outcome.by) for outcome in history.state.outcomes] == [("home", BEN)]


def test_a_disposition_is_taken_back() -> None:
    history = History(ENTERED, FLAGGED, DISPOSED, CallReopened(at(60), "too early"))
    assert history.state.disposition is None
    assert history.state.open
    history.add(CallReopened(at(61), "again"))
    assert history.reasons == ["the call is not disposed"]


def test_a_flagged_call_stays_open_after_cad_closed_it() -> None:
    history = History(picture(1), FLAGGED, picture(20, closed=True))
    assert history.state.closed_at == at(20)
    assert history.state.open


def test_nothing_is_said_of_a_call_that_nobody_knows() -> None:
    bodies = [
        FLAGGED,
        CallSuggestionDismissed(at()),
        CallFlagWithdrawn(at(), ""),
        CallOfficerWaiting(at(), True),
        CallFallbackTaken(at(), "x"),
        CallClaimed(at()),
        CallScreened(at(), {}, "eligible"),
        CallFactStated(at(), "weapons", "x", "y"),
        CallContacted(at(), "live", True),
        CallLineChanged(at(), "on"),
        CallLeveled(at(), Level.LOW, ""),
        CallAdvised(at(), ("phone",)),
        CallAdviceAcknowledged(at(), named("x")),
        CallMessaged(at(), "x"),
        CallAlarmAcknowledged(at(), "x"),
        CallRespondersConfirmed(at(), "x"),
        DISPOSED,
        CallReopened(at(), ""),
        CallOutcomeRecorded(at(), "x", "y"),
    ]
    history = History(*bodies)
    assert history.folded.state is None
    assert history.reasons == ["nothing is known of this call yet"] * len(bodies)
