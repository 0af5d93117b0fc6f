"""The call, step by step: what each entry changes, and where it makes no sense."""

from console.models.call import (
    CallClaimed,
    CallFallbackTaken,
    CallFlagged,
    CallFlagSuggested,
    CallFlagWithdrawn,
    CallNarrated,
    CallOfficerWaiting,
    CallReleased,
    CallSuggestionDismissed,
    CallTakenOver,
)
from tests.models.call_history import ANN, BEN, ENTERED, FLAGGED, History, picture
from tests.support.entries import at, named

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
