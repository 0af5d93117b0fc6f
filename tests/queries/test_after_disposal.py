"""What is said on a call after it was disposed of reaches who disposed of it."""

from uuid import UUID

import pytest

from console.actions import calls, encounters
from console.actions.calls import Disposal
from console.models.call import RollUp
from console.models.sign_in import SignIn
from console.models.store import rebuild
from console.models.store.desk import Desk
from console.queries.alarms import Alarm, alarms
from console.queries.board import NO_SOURCE, View, board
from tests.support.clock import FixedClock
from tests.support.desk import Cad, person

R = RollUp.UNKNOWN


@pytest.fixture
def disposed(desk: Desk, cad: Cad, clinician: SignIn, clock: FixedClock) -> UUID:
    call = cad.call("1", closed=True)
    encounters.claim_and_begin(desk, clinician, call)
    encounters.dispose_and_end(desk, clinician, call, Disposal("not-behavioral", R))
    clock.advance(60)
    return call


def news(desk: Desk, who: SignIn) -> list[Alarm]:
    return [each for each in alarms(desk, who, NO_SOURCE) if each.key.startswith("message:")]


def mine(desk: Desk, who: SignIn) -> list[UUID]:
    return [row.call for row in board(desk, who, View.MINE).rows]


def test_a_message_after_the_disposition_is_a_caution_for_who_disposed(
    desk: Desk, disposed: UUID, clock: FixedClock, clinician: SignIn, dispatcher: SignIn, second_clinician: SignIn
) -> None:
    assert news(desk, clinician) == []
    assert mine(desk, clinician) == []
    calls.message(desk, dispatcher, disposed, "she called again")
    clock.advance(5)
    calls.message(desk, dispatcher, disposed, "officer goes back")
    (found,) = news(desk, clinician)
    assert (found.tier, found.call, found.count) == ("caution", disposed, 2)
    assert found.detail == "New message after you disposed of the call"
    assert mine(desk, clinician) == [disposed]
    (row,) = board(desk, clinician, View.MINE).rows
    assert row.unread == 2
    assert [row.unread for row in board(desk, dispatcher, View.RECENT).rows] == [0]
    assert news(desk, dispatcher) == news(desk, second_clinician) == []
    assert rebuild.rebuild(desk.store).same


@pytest.mark.parametrize("how", ["answer", "acknowledge"])
def test_it_ends_when_it_was_answered_or_seen(
    desk: Desk, disposed: UUID, clock: FixedClock, clinician: SignIn, dispatcher: SignIn, how: str
) -> None:
    calls.message(desk, dispatcher, disposed, "she called again")
    (found,) = news(desk, clinician)
    clock.advance(5)
    if how == "answer":
        calls.message(desk, clinician, disposed, "I call her back")
    else:
        calls.acknowledge_alarm(desk, clinician, disposed, found.key)
    assert news(desk, clinician) == []
    assert mine(desk, clinician) == []
    clock.advance(5)
    calls.message(desk, dispatcher, disposed, "thank you")
    assert len(news(desk, clinician)) == 1, "the next one is news again"


def test_what_was_said_before_the_disposition_is_not_news_after_it(
    desk: Desk, cad: Cad, clock: FixedClock, clinician: SignIn, dispatcher: SignIn
) -> None:
    call = cad.call("1")
    encounters.claim_and_begin(desk, clinician, call)
    calls.message(desk, dispatcher, call, "the door is locked")
    clock.advance(5)
    encounters.dispose_and_end(desk, clinician, call, Disposal("not-behavioral", R))
    assert news(desk, clinician) == []


def test_who_had_the_call_reads_why_a_supervisor_disposed_of_it(
    desk: Desk, cad: Cad, clock: FixedClock, clinician: SignIn
) -> None:
    call = cad.call("1")
    encounters.claim_and_begin(desk, clinician, call)
    clock.advance(5)
    encounters.dispose_and_end(
        desk, person("clinical supervisor"), call, Disposal("not-behavioral", R), override="her shift ended"
    )
    (found,) = news(desk, clinician)
    assert found.call == call
    assert news(desk, person("clinical supervisor")) == []
