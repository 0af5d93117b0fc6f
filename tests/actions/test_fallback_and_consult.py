"""The fallback when nobody is free, and advice on a call that a colleague has."""

from uuid import UUID

import pytest

from console.actions import calls, encounters, flags
from console.actions.calls import Disposal
from console.errors import KnownError
from console.models.call import Level, RollUp
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from tests.actions.test_calls import state_of


def test_the_fallback_is_the_stated_one_of_a_call_that_waits_for_a_clinician(
    desk: Desk, call: UUID, dispatcher: SignIn, clinician: SignIn
) -> None:
    with pytest.raises(KnownError, match="Nobody asks for a clinician"):
        flags.take_fallback(desk, dispatcher, call, "CIT officer")
    flags.flag(desk, dispatcher, call, "suicidal")
    with pytest.raises(KnownError, match="is 'CIT officer', not 'my brother'"):
        flags.take_fallback(desk, dispatcher, call, "my brother")
    encounters.claim_and_begin(desk, clinician, call)
    with pytest.raises(KnownError, match=r"Clinician has this call\."):
        flags.take_fallback(desk, dispatcher, call, "CIT officer")
    assert state_of(desk, call).fallback_at is None


def test_advice_is_open_to_every_clinician_as_a_consult_and_the_work_is_not(
    desk: Desk, call: UUID, clinician: SignIn, second_clinician: SignIn
) -> None:
    encounters.claim_and_begin(desk, clinician, call)
    calls.advise(desk, second_clinician, call, (), "Ask about the brother.")
    (given,) = state_of(desk, call).advice
    assert given.by == second_clinician.user
    for refused in (
        lambda: calls.contact(desk, second_clinician, call, "live"),
        lambda: calls.level(desk, second_clinician, call, Level.LOW, "r"),
        lambda: encounters.dispose_and_end(desk, second_clinician, call, Disposal("phone-resolved", RollUp.UNKNOWN)),
    ):
        with pytest.raises(KnownError, match="Clinician has this call"):
            refused()
