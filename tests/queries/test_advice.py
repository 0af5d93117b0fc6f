"""Advice that waits for dispatch: until somebody there has read it, whatever else becomes of the call."""

from uuid import UUID

import pytest

from console.actions import calls, encounters
from console.actions.calls import Disposal
from console.errors import KnownError, NotAllowed
from console.models.call import RollUp
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.queries.advice import waiting_advice
from console.queries.board import View, board
from tests.support.clock import FixedClock
from tests.support.desk import Cad, person


@pytest.fixture
def call(desk: Desk, cad: Cad, clinician: SignIn) -> UUID:
    call = cad.call("26-7")
    encounters.claim_and_begin(desk, clinician, call)
    return call


def advise(desk: Desk, clinician: SignIn, call: UUID, words: str) -> UUID:
    (advice,) = calls.advise(desk, clinician, call, (), words).entries
    return advice


def test_the_newest_advice_stands_first_with_who_gave_it(
    desk: Desk, call: UUID, clock: FixedClock, dispatcher: SignIn, clinician: SignIn
) -> None:
    advise(desk, clinician, call, "no siren")
    clock.advance(5)
    newest = advise(desk, clinician, call, "no uniform")
    waiting = waiting_advice(desk, dispatcher)
    assert [(each.number, each.by_name, each.text) for each in waiting] == [
        ("26-7", "Clinician", "no uniform"),
        ("26-7", "Clinician", "no siren"),
    ]
    calls.acknowledge_advice(desk, dispatcher, call, newest, passed=True)
    assert [each.text for each in waiting_advice(desk, dispatcher)] == ["no siren"]


def test_advice_outlives_the_disposition_until_it_is_read(
    desk: Desk, call: UUID, dispatcher: SignIn, clinician: SignIn
) -> None:
    advice = advise(desk, clinician, call, "no siren")
    encounters.dispose_and_end(desk, clinician, call, Disposal("not-behavioral", RollUp.UNKNOWN))
    assert [each.advice for each in waiting_advice(desk, dispatcher)] == [advice]
    (row,) = board(desk, dispatcher, View.FLAGGED).rows
    assert (row.call, row.advice_waiting, row.flagged) == (call, True, False)
    assert board(desk, dispatcher, View.OPEN).rows == ()
    calls.acknowledge_advice(desk, dispatcher, call, advice)
    assert waiting_advice(desk, dispatcher) == ()
    assert board(desk, dispatcher, View.FLAGGED).rows == ()


def test_no_advice_is_given_on_a_disposed_call(desk: Desk, call: UUID, clinician: SignIn) -> None:
    encounters.dispose_and_end(desk, clinician, call, Disposal("not-behavioral", RollUp.UNKNOWN))
    with pytest.raises(KnownError, match=r"disposed\. Reopen it first"):
        advise(desk, clinician, call, "no siren")


def test_who_may_not_read_calls_sees_no_advice(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        waiting_advice(desk, person("auditor"))
