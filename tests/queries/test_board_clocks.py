"""From when the board counts: the current flag and claim, and in a replay the time of the CAD that is replayed."""

from datetime import timedelta
from uuid import UUID

from console.actions import calls, encounters, flags
from console.actions.calls import Disposal
from console.models.call import CallFlagged, CallFlagSuggested, RollUp
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.queries.board import ELSEWHERE, BoardRow, Freshness, View, board, elsewhere
from tests.support.clock import FixedClock
from tests.support.desk import Cad
from tests.support.entries import Author


def row_of(desk: Desk, sign_in: SignIn, call: UUID) -> BoardRow:
    (row,) = (row for row in board(desk, sign_in, View.OPEN).rows if row.call == call)
    return row


def test_the_clocks_follow_the_current_flag_and_claim(
    desk: Desk, cad: Cad, clock: FixedClock, dispatcher: SignIn, clinician: SignIn, second_clinician: SignIn
) -> None:
    call, begun = cad.call("1"), clock.now()
    flags.flag(desk, dispatcher, call, "suicidal")
    clock.advance(10)
    encounters.claim_and_begin(desk, clinician, call)
    calls.contact(desk, clinician, call, "live")
    row = row_of(desk, dispatcher, call)
    assert (row.flagged_at, row.claimed_at, row.contacted_at) == (begun, clock.now(), clock.now())
    clock.advance(600)
    calls.release(desk, clinician, call, "end of shift")
    given_back = clock.now()
    assert row_of(desk, dispatcher, call).flagged_at == given_back
    clock.advance(30)
    encounters.claim_and_begin(desk, second_clinician, call)
    row = row_of(desk, dispatcher, call)
    assert (row.flagged_at, row.claimed_at, row.contacted_at) == (given_back, clock.now(), None)


def test_a_replay_of_an_old_day_shows_what_came_up_that_day(
    desk: Desk, cad: Cad, clock: FixedClock, dispatcher: SignIn, clinician: SignIn
) -> None:
    long_ago = clock.now() - timedelta(days=400)
    for number, hours in (("before", -30), ("that day", 0), ("other", 1)):
        when = long_ago + timedelta(hours=hours)
        call = cad.call(number, source_time=when, reported_at=when)
        if number != "other":
            desk.store.append([Author().derive(call, CallFlagSuggested("type", number, when))])
    flags.enter_call(desk, dispatcher, "by hand", "WELFARE CHECK", "1 Elm St")
    worked_on = cad.call("other", source_time=long_ago + timedelta(hours=2))
    encounters.claim_and_begin(desk, clinician, worked_on)
    encounters.dispose_and_end(desk, clinician, worked_on, Disposal("not-behavioral", RollUp.UNKNOWN))
    found = board(desk, dispatcher, View.FLAGGED)
    assert [row.number for row in found.rows] == ["that day"]
    assert found.older_suggestions == 1


def test_a_disposed_call_that_cad_brings_back_stands_on_the_board(
    desk: Desk, cad: Cad, clock: FixedClock, dispatcher: SignIn, clinician: SignIn
) -> None:
    retyped, coded = cad.call("retyped"), cad.call("coded")
    for call in (retyped, coded):
        encounters.claim_and_begin(desk, clinician, call)
        encounters.dispose_and_end(desk, clinician, call, Disposal("not-behavioral", RollUp.UNKNOWN))
    assert board(desk, dispatcher, View.FLAGGED).rows == ()
    clock.advance(60)
    cad.pictures(retyped, number="retyped", type_text="CRISIS", behavioral=True)
    desk.store.append([Author().derive(coded, CallFlagged("cad-code", clock.now(), source="cad"))])
    first, second = board(desk, dispatcher, View.FLAGGED).rows
    assert (first.call, first.flagged, first.owner, first.flagged_at) == (coded, True, None, clock.now())
    assert (second.call, second.flagged) == (retyped, False)
    assert second.suggestion == 'type "CRISIS" after the disposition'
    flags.dismiss_suggestion(desk, dispatcher, retyped)
    assert [row.call for row in board(desk, dispatcher, View.FLAGGED).rows] == [coded]


def test_a_suggestion_whose_call_cad_closed_long_ago_stays_only_while_a_feed_lives_that_day(
    desk: Desk, cad: Cad, clock: FixedClock, dispatcher: SignIn
) -> None:
    long_ago = clock.now() - timedelta(days=4340)
    call = cad.call("1", source_time=long_ago, reported_at=long_ago)
    desk.store.append([Author().derive(call, CallFlagSuggested("type", "1", long_ago))])
    cad.pictures(call, number="1", closed=True, source_time=long_ago, reported_at=long_ago)
    found = board(desk, dispatcher, View.FLAGGED)
    assert ([row.number for row in found.rows], found.older_suggestions) == ([], 1)
    replaying = Freshness("cad", clock.now(), "fresh", "CAD is fresh")
    found = board(desk, dispatcher, View.FLAGGED, cad=replaying)
    assert ([row.number for row in found.rows], found.older_suggestions) == (["1"], 0)


def test_the_board_says_how_far_ahead_cad_dates_its_calls(
    desk: Desk, cad: Cad, clock: FixedClock, dispatcher: SignIn
) -> None:
    assert board(desk, dispatcher, View.OPEN).cad_ahead == timedelta(0)
    later = clock.now() + timedelta(hours=2)
    cad.call("1", source_time=later, reported_at=later)
    assert board(desk, dispatcher, View.OPEN).cad_ahead == timedelta(hours=2)
    clock.advance(3 * 3600)
    assert board(desk, dispatcher, View.OPEN).cad_ahead == timedelta(0)


def test_where_cad_comes_by_another_desk_it_is_stale_without_a_server(desk: Desk) -> None:
    now = desk.clock.now()
    assert elsewhere(None, now) is ELSEWHERE
    assert elsewhere(now - timedelta(seconds=29), now) is ELSEWHERE, "an outage that is over in a moment is no news"
    away = elsewhere(now - timedelta(minutes=3), now)
    assert (away.state, away.last_at) == ("stale", now - timedelta(minutes=3))
    assert "this desk is offline" in away.says
