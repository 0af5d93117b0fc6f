"""A level and a disposition rest on a claim: after one that lost they do not count, but a level that rises does."""

import pytest

from console.models.call import CallClaimed, CallDisposed, CallLeveled, CallReleased, CallTakenOver, Level, RollUp
from tests.models.call_history import ANN, BEN, ENTERED, FLAGGED, History
from tests.support.entries import at

LOST = "it rests on a claim that lost: somebody else has the call"


@pytest.fixture
def history() -> History:
    """Ann has the call at LOW."""
    made = History(ENTERED, FLAGGED)
    mine = made.add(CallClaimed(at(20)), ANN)
    made.add(CallLeveled(at(21), Level.LOW, "calm", mine), ANN)
    assert made.reasons == []
    return made


def disposed(history: History) -> bool:
    return history.state.disposition is not None


def test_the_disposition_of_who_lost_changes_nothing(history: History) -> None:
    lost = history.add(CallClaimed(at(22)), BEN)
    before = history.state
    history.add(CallDisposed(at(23), "stabilized", RollUp.DIVERTED, claim=lost), BEN)
    assert history.state == before
    assert history.reasons[1:] == [f"a disposition changes nothing: {LOST}"]


@pytest.mark.parametrize("level", [Level.LOW, Level.MEDIUM, Level.HIGH, Level.CRITICAL])
def test_the_level_of_who_lost_counts_if_it_rises(history: History, level: Level) -> None:
    lost = history.add(CallClaimed(at(22)), BEN)
    history.add(CallLeveled(at(23), level, "has a knife", lost), BEN)
    assert history.state.level is level
    last = history.state.levels[-1]
    if level is Level.LOW:
        assert (last.by, history.reasons[1:]) == (ANN, [f"a level changes nothing: {LOST}"])
    else:
        assert (last.by, last.rise, history.reasons[1:]) == (BEN, True, [])


@pytest.mark.parametrize("level", [Level.MEDIUM, Level.HIGH, Level.CRITICAL])
@pytest.mark.parametrize("own", [True, False], ids=["of-the-owner", "of-who-lost"])
def test_a_grave_warning_that_comes_after_the_disposition_is_kept_and_told(
    history: History, level: Level, own: bool
) -> None:
    claim = history.state.claim
    assert claim is not None
    history.add(CallDisposed(at(22), "stabilized", RollUp.DIVERTED, claim=claim.entry), ANN)
    rests_on = claim.entry if own else history.add(CallClaimed(at(19)), BEN)
    before = len(history.reasons)
    history.add(CallLeveled(at(21), level, "has a knife", rests_on), ANN if own else BEN)
    state = history.state
    assert disposed(history), "a person decides whether it is reopened"
    if level is Level.MEDIUM:
        assert (state.level, history.reasons[before:]) == (Level.LOW, ["the call is disposed"])
        assert not state.attention
    else:
        assert (state.level, history.reasons[before:]) == (level, [])
        assert state.standing_rise == state.levels[-1]
        assert state.attention


def test_the_level_of_who_lost_never_falls(history: History) -> None:
    claim = history.state.claim
    assert claim is not None
    history.add(CallLeveled(at(22), Level.HIGH, "armed", claim.entry), ANN)
    lost = history.add(CallClaimed(at(23)), BEN)
    history.add(CallLeveled(at(24), Level.MEDIUM, "calm", lost), BEN)
    assert history.state.level is Level.HIGH


@pytest.mark.parametrize(("level", "rise"), [(Level.MEDIUM, False), (Level.HIGH, True), (Level.CRITICAL, True)])
def test_the_owner_hears_of_a_first_level_that_is_grave_and_not_theirs(level: Level, rise: bool) -> None:
    history = History(ENTERED, FLAGGED)
    history.add(CallClaimed(at(20)), ANN)
    lost = history.add(CallClaimed(at(22)), BEN)
    history.add(CallLeveled(at(23), level, "armed", lost), BEN)
    assert [(each.level, each.by, each.rise) for each in history.state.levels] == [(level, BEN, rise)]


def test_what_rests_on_the_current_claim_counts(history: History) -> None:
    claim = history.state.claim
    assert claim is not None
    taken = history.add(CallTakenOver(at(22), claim.entry, "end of shift"), BEN)
    history.add(CallDisposed(at(23), "stabilized", RollUp.DIVERTED, claim=claim.entry), ANN)
    assert not disposed(history)
    history.add(CallDisposed(at(24), "stabilized", RollUp.DIVERTED, claim=taken), BEN)
    assert disposed(history)
    assert history.reasons == [f"a disposition changes nothing: {LOST}"]


def test_a_claim_that_was_given_back_carries_no_disposition(history: History) -> None:
    claim = history.state.claim
    assert claim is not None
    history.add(CallReleased(at(22), claim.entry, "end of shift"), ANN)
    history.add(CallDisposed(at(23), "stabilized", RollUp.DIVERTED, claim=claim.entry), ANN)
    assert not disposed(history)
    history.add(CallClaimed(at(24)), ANN)
    history.add(CallDisposed(at(25), "stabilized", RollUp.DIVERTED, claim=claim.entry), ANN)
    assert not disposed(history)
    assert [reason.rpartition(": it rests on ")[2] for reason in history.reasons] == [
        "a claim that ended: nobody has the call",
        "a claim that is no longer the current one",
    ]


def test_an_entry_that_names_no_claim_counts(history: History) -> None:
    """It is a supervisor's, on a colleague's call, or an older program's."""
    history.add(CallLeveled(at(22), Level.MEDIUM, "r"), BEN)
    history.add(CallLeveled(at(23), Level.LOW, "r"), BEN)
    history.add(CallDisposed(at(24), "stabilized", RollUp.DIVERTED), BEN)
    assert disposed(history)
    assert history.state.level is Level.LOW
    assert history.reasons == []
    assert "claim" not in CallDisposed(at(24), "x", RollUp.UNKNOWN).as_json()
