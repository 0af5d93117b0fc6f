"""The call, step by step: what each entry changes, and where it makes no sense."""

from typing import Any
from uuid import UUID

import pytest

from console.models.call import (
    CallAdviceAcknowledged,
    CallAdvised,
    CallAlarmAcknowledged,
    CallClaimed,
    CallContacted,
    CallDisposed,
    CallEntered,
    CallFactStated,
    CallFallbackTaken,
    CallFlagged,
    CallFlagSuggested,
    CallFlagWithdrawn,
    CallLevelled,
    CallLineChanged,
    CallMessaged,
    CallNarrated,
    CallOfficerWaiting,
    CallOutcomeRecorded,
    CallPictured,
    CallReleased,
    CallReopened,
    CallRespondersConfirmed,
    CallScreened,
    CallSuggestionDismissed,
    CallTakenOver,
    Level,
    RollUp,
)
from console.models.call_fold import CALL
from console.models.call_state import CallState
from tests.support.entries import Author, at, named
from wire.fold import Body, Folded

ENTERED = CallEntered("26-1", "WELFARE CHECK", "100 Main St", at(), "on the bridge")
FLAGGED = CallFlagged("suicidal", at(10), "says goodbye")
ANN, BEN = named("person", "ann"), named("person", "ben")


class History:
    """A call whose entries are written one after the other, each by whom it is said."""

    def __init__(self, *bodies: Body) -> None:
        self._author = Author()
        self.call = named("call")
        for body in bodies:
            self.add(body)

    def add(self, body: Body, by: UUID = ANN) -> UUID:
        return self._author.write(self.call, body, actor=by).id

    @property
    def folded(self) -> Folded[CallState]:
        return CALL.fold(self._author.written)

    @property
    def state(self) -> CallState:
        folded = self.folded
        assert folded.state is not None
        return folded.state

    @property
    def reasons(self) -> list[str]:
        return [listed.reason for listed in self.folded.senseless]


def picture(seconds: float, **facts: Any) -> CallPictured:
    given = {"type_text": "WELFARE CHECK", "number": "26-1", "place": "100 Main St"} | facts
    return CallPictured(source="cad", source_time=at(seconds), reported_at=at(0), **given)


# -- CAD ---------------------------------------------------------------------------------------------------------------


def test_the_first_picture_opens_the_call() -> None:
    state = History(picture(5)).state
    assert state.picture == picture(5)
    assert (state.opened_at, state.first_type, state.closed_at) == (at(0), "WELFARE CHECK", None)
    assert state.open
    assert state.changes == ()


def test_a_picture_that_is_closed_already() -> None:
    state = History(picture(5, closed=True)).state
    assert state.closed_at == at(5)
    assert not state.open


def test_each_fact_that_changes_is_named_before_and_after() -> None:
    state = History(
        picture(1, units=("P1",)),
        picture(
            2, type_text="CRISIS", priority="1", place="1 Elm St", caller="a neighbor", units=("P1", "P2"), closed=True
        ),
    ).state
    assert [(change.field, change.before, change.after) for change in state.changes] == [
        ("type_text", "WELFARE CHECK", "CRISIS"),
        ("priority", "", "1"),
        ("place", "100 Main St", "1 Elm St"),
        ("caller", "", "a neighbor"),
        ("units", "P1", "P1, P2"),
        ("status", "open", "closed"),
    ]
    assert (state.first_type, state.type_before, state.type_changed_at) == ("WELFARE CHECK", "WELFARE CHECK", at(2))
    assert state.closed_at == at(2)


def test_a_call_that_becomes_behavioral_comes_back_up() -> None:
    history = History(picture(1), picture(2, type_text="CRISIS", behavioral=True))
    assert history.state.resurfaced_at == at(2)
    history.add(picture(3, type_text="CRISIS", behavioral=True, priority="1"))
    assert history.state.resurfaced_at == at(2)
    history.add(picture(4, type_text="ASSAULT"))
    history.add(picture(5, type_text="CRISIS", behavioral=True))
    assert history.state.resurfaced_at == at(5)


def test_a_call_that_begins_behavioral_never_sank() -> None:
    assert History(picture(1, behavioral=True)).state.resurfaced_at is None


def test_an_older_picture_is_kept_and_does_not_overwrite() -> None:
    state = History(picture(5, priority="1"), picture(4, priority="2")).state
    assert state.picture == picture(5, priority="1")
    assert state.late == 1
    assert state.changes == ()


def test_of_two_pictures_of_one_moment_the_later_in_order_counts() -> None:
    assert History(picture(5, priority="1"), picture(5, priority="2")).state.picture == picture(5, priority="2")


def test_a_call_opened_again_in_cad_is_not_closed() -> None:
    history = History(picture(1), picture(2, closed=True), picture(3, closed=True, priority="9"))
    assert history.state.closed_at == at(2)
    history.add(picture(4))
    assert history.state.closed_at is None


def test_lines_stand_by_the_sources_time() -> None:
    state = History(
        picture(0),
        CallNarrated("cad", at(1), "first", "D12"),
        CallNarrated("cad", at(3), "third"),
        CallNarrated("cad", at(2), "second, late"),
        CallNarrated("cad", at(3), "fourth, same moment"),
    ).state
    assert [line.line for line in state.narrative] == ["first", "second, late", "third", "fourth, same moment"]
    assert state.narrative[0].by == "D12"


def test_a_line_may_come_before_the_first_picture() -> None:
    history = History(CallNarrated("cad", at(1), "early"))
    assert history.state.opened_at is None
    history.add(picture(2))
    assert history.state.opened_at == at(0)
    assert [line.line for line in history.state.narrative] == ["early"]


def test_a_call_typed_in_by_hand() -> None:
    state = History(ENTERED).state
    assert state.entered
    assert state.picture is not None
    assert (state.picture.number, state.picture.type_text, state.picture.place) == (
        "26-1",
        "WELFARE CHECK",
        "100 Main St",
    )
    assert [line.line for line in state.narrative] == ["on the bridge"]
    assert state.opened_at == at(0)


def test_a_call_is_typed_in_once_and_not_over_one_that_cad_has() -> None:
    assert History(ENTERED, ENTERED).reasons == ["the call exists already"]
    assert History(picture(1), ENTERED).reasons == ["the call exists already"]


def test_cad_may_take_over_a_call_typed_in_by_hand() -> None:
    state = History(ENTERED, picture(60, number="26-77")).state
    assert state.picture is not None
    assert state.picture.number == "26-77"
    assert state.opened_at == at(0)


# -- flag --------------------------------------------------------------------------------------------------------------


def test_a_flag_says_who_when_and_why() -> None:
    history = History(ENTERED)
    entry = history.add(FLAGGED, BEN)
    flag = history.state.flag
    assert flag is not None
    assert (flag.entry, flag.by, flag.at, flag.reason, flag.words) == (entry, BEN, at(10), "suicidal", "says goodbye")
    assert history.state.first_flagged_at == at(10)


def test_the_second_flag_changes_nothing() -> None:
    history = History(ENTERED, FLAGGED, CallFlagged("other", at(20)))
    assert history.reasons == ["the call is flagged already"]
    assert history.state.flag is not None
    assert history.state.flag.reason == "suicidal"


def test_a_withdrawn_flag_may_be_set_again_and_the_first_time_stays() -> None:
    history = History(ENTERED, FLAGGED, CallFlagWithdrawn(at(20), "mistake"))
    assert history.state.flag is None
    history.add(CallFlagged("welfare", at(30)))
    assert history.state.flag is not None
    assert history.state.first_flagged_at == at(10)


def test_a_flag_is_not_withdrawn_under_a_clinician() -> None:
    history = History(ENTERED, FLAGGED, CallClaimed(at(11)), CallFlagWithdrawn(at(12), "mistake"))
    assert history.reasons == ["a clinician has the call; the claim must be released first"]
    assert History(ENTERED, CallFlagWithdrawn(at(1), "")).reasons == ["the call is not flagged"]


def test_a_suggestion_stands_until_a_person_decides() -> None:
    history = History(
        ENTERED, CallFlagSuggested("words", "“goodbye”", at(1)), CallFlagSuggested("type", "CRISIS", at(2))
    )
    assert history.state.suggested
    assert history.state.suggestion is not None
    assert history.state.suggestion.why == "“goodbye”"
    history.add(CallSuggestionDismissed(at(3)), BEN)
    assert not history.state.suggested
    assert history.state.suggestion is not None
    assert history.state.suggestion.dismissed_by == BEN
    history.add(CallFlagSuggested("type", "CRISIS", at(4)))
    assert history.state.suggested


def test_a_suggestion_is_answered_by_a_flag() -> None:
    assert not History(ENTERED, CallFlagSuggested("words", "x", at(1)), FLAGGED).state.suggested


def test_there_must_be_a_suggestion_to_dismiss() -> None:
    dismissed = CallSuggestionDismissed(at(3))
    reason = "there is no suggestion to dismiss"
    assert History(ENTERED, dismissed).reasons == [reason]
    assert History(ENTERED, CallFlagSuggested("words", "x", at(1)), dismissed, dismissed).reasons == [reason]


def test_an_officer_waits_and_waits_no_longer() -> None:
    history = History(ENTERED, CallOfficerWaiting(at(5), True))
    assert history.state.officer_waiting_since == at(5)
    history.add(CallOfficerWaiting(at(6), False))
    assert history.state.officer_waiting_since is None


def test_the_fallback_is_asked_for_once() -> None:
    history = History(ENTERED, CallFallbackTaken(at(5), "CIT officer"), CallFallbackTaken(at(6), "another"))
    assert (history.state.fallback, history.state.fallback_at) == ("CIT officer", at(5))
    assert history.reasons == ["the fallback was asked for already"]


# -- ownership ---------------------------------------------------------------------------------------------------------


def test_of_two_claims_the_first_in_order_owns_the_call() -> None:
    history = History(ENTERED, FLAGGED)
    first = history.add(CallClaimed(at(20)), ANN)
    history.add(CallClaimed(at(15)), BEN)
    claim = history.state.claim
    assert claim is not None
    assert (claim.owner, claim.entry) == (ANN, first)
    assert history.reasons == ["somebody has the call already"]


def test_one_that_lost_stays_lost_after_the_release() -> None:
    history = History(ENTERED)
    first = history.add(CallClaimed(at(20)), ANN)
    history.add(CallClaimed(at(21)), BEN)
    history.add(CallReleased(at(22), first, "end of shift"), ANN)
    assert history.state.claim is None
    assert history.state.first_claimed_at == at(20)


def test_a_take_over_names_the_claim_it_rests_on() -> None:
    history = History(ENTERED)
    first = history.add(CallClaimed(at(20)), ANN)
    taken = history.add(CallTakenOver(at(21), first, "she is busy"), BEN)
    claim = history.state.claim
    assert claim is not None
    assert (claim.owner, claim.entry) == (BEN, taken)
    history.add(CallTakenOver(at(22), first, "again"), named("person", "cid"))
    history.add(CallReleased(at(23), first, "mine"), ANN)
    assert history.state.claim == claim
    assert history.reasons == ["it rests on a claim that is no longer the current one"] * 2


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
    state = History(ENTERED, *(CallLevelled(at(step), level, "r") for step, level in enumerate(levels))).state
    assert [step.rise for step in state.levels] == rises
    assert state.level is levels[-1]


@pytest.mark.parametrize("level", [Level.NOT_SET, Level.CLOSED])
def test_nobody_sets_a_level_that_is_only_shown(level: Level) -> None:
    history = History(ENTERED, CallLevelled(at(1), level, "r"))
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
    levelled = CallLevelled(at(1), level, "r")
    assert History(ENTERED, levelled, DISPOSED).reasons == [
        "a high level ends only with responders confirmed or a reason"
    ]
    for enough in (
        [CallDisposed(at(50), "x", RollUp.UNKNOWN, contact_confirmed=True)],
        [CallDisposed(at(50), "x", RollUp.UNKNOWN, no_contact_reason="left the county")],
        [CallRespondersConfirmed(at(2), "P12"), DISPOSED],
    ):
        assert not History(ENTERED, levelled, *enough).reasons


def test_only_the_last_level_counts_for_that() -> None:
    levels = [CallLevelled(at(1), Level.CRITICAL, "r"), CallLevelled(at(2), Level.LOW, "r")]
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
        CallLevelled(at(51), Level.LOW, ""),
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
        CallLevelled(at(), Level.LOW, ""),
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
