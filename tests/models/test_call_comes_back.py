"""What brings a call back that was done with, and from when the clocks of the current flag and claim run."""

import pytest

from console.models.call import (
    CallClaimed,
    CallContacted,
    CallDisposed,
    CallFallbackTaken,
    CallFlagged,
    CallFlagSuggested,
    CallFlagWithdrawn,
    CallOfficerWaiting,
    CallReleased,
    CallSuggestionDismissed,
    CallTakenOver,
    RollUp,
)
from tests.models.call_history import BEN, ENTERED, FLAGGED, History, picture
from tests.support.entries import at

DONE = CallDisposed(at(50), "third-party", RollUp.UNKNOWN)


def disposed() -> History:
    return History(picture(1), FLAGGED, CallClaimed(at(20)), DONE)


def test_a_code_typed_in_cad_reopens_a_disposed_call_as_a_new_flag() -> None:
    history = disposed()
    entry = history.add(CallFlagged("cad-code", at(60), source="cad"))
    state = history.state
    assert history.reasons == []
    assert state.flag is not None
    assert (state.flag.entry, state.unowned_since, state.claim, state.disposition) == (entry, at(60), None, None)
    assert [each.body for each in state.earlier_dispositions] == [DONE]
    assert state.open
    assert History(picture(1), FLAGGED, DONE, CallFlagged("other", at(60))).reasons == ["the call is disposed"]


def test_a_disposed_call_that_turns_behavioral_asks_a_person() -> None:
    history = disposed()
    assert not history.state.open
    history.add(picture(60, type_text="CRISIS", behavioral=True))
    assert history.state.suggested
    assert history.state.open
    history.add(CallSuggestionDismissed(at(61)))
    assert not history.state.open
    history.add(picture(62, type_text="ASSAULT"))
    history.add(picture(63, type_text="CRISIS", behavioral=True))
    history.add(CallFlagged("suicidal", at(64)), BEN)
    state = history.state
    assert state.flag is not None
    assert (state.flag.by, state.claim, state.disposition, state.suggested) == (BEN, None, None, False)
    assert history.reasons == []


def test_words_after_the_disposition_bring_nothing_back() -> None:
    history = disposed()
    history.add(CallFlagSuggested("words", "x", at(60)))
    assert not history.state.open


def test_a_withdrawn_flag_does_not_silence_a_later_suggestion() -> None:
    before = CallFlagSuggested("words", "before", at(5))
    history = History(ENTERED, before, FLAGGED, CallFlagWithdrawn(at(20), "mistake"))
    assert not history.state.suggested
    history.add(CallFlagSuggested("type", "after", at(30)))
    assert history.state.suggested
    assert history.state.suggestion is not None
    assert history.state.suggestion.why == "after"


def test_the_call_is_nobodys_since_its_flag_or_since_it_was_given_back() -> None:
    history = History(ENTERED, FLAGGED)
    assert history.state.unowned_since == at(10)
    claim = history.add(CallClaimed(at(20)))
    assert history.state.unowned_since == at(10)
    history.add(CallReleased(at(30), claim, "end of shift"))
    assert history.state.unowned_since == at(30)


def test_the_fallback_of_an_earlier_flag_is_not_that_of_this_one() -> None:
    history = History(ENTERED, FLAGGED, CallFallbackTaken(at(15), "CIT officer"), CallFlagWithdrawn(at(20), "mistake"))
    history.add(CallFlagged("welfare", at(30)))
    history.add(CallFallbackTaken(at(35), "CIT officer"))
    assert (history.state.fallback_at, history.reasons) == (at(35), [])


def test_contact_counts_from_the_current_claim() -> None:
    history = History(ENTERED, FLAGGED)
    claim = history.add(CallClaimed(at(20)))
    history.add(CallContacted(at(25), "live", True))
    assert history.state.contacted_since_claim == at(25)
    history.add(CallTakenOver(at(30), claim, "x"), BEN)
    assert history.state.contacted_since_claim is None
    history.add(CallContacted(at(31), "no-answer", False), BEN)
    history.add(CallContacted(at(32), "live", True), BEN)
    assert (history.state.contacted_since_claim, history.state.contacted_at) == (at(32), at(25))


@pytest.mark.parametrize(
    ("how", "reached", "since"), [("officer", True, None), ("live", True, 5), ("officer", False, 5)]
)
def test_an_officer_who_is_reached_waits_no_longer(how: str, reached: bool, since: int | None) -> None:
    history = History(ENTERED, CallOfficerWaiting(at(5), True), CallContacted(at(6), how, reached))
    assert history.state.officer_waiting_since == (None if since is None else at(since))
