"""What the console writes itself, and what is meant for somebody else, is nobody's to write or to silence."""

from uuid import UUID

import pytest

from console.actions import calls, encounters, flags, people
from console.errors import KnownError
from console.models.call import Level
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.queries.alarms import alarms
from console.queries.board import NO_SOURCE
from tests.support.desk import Cad, entry_count, person


@pytest.mark.parametrize("code", ["clinician", "cad-code"])
@pytest.mark.parametrize("name", ["dispatcher", "clinician", "supervisor"])
def test_nobody_gives_a_reason_that_says_how_a_flag_came_about(desk: Desk, cad: Cad, code: str, name: str) -> None:
    call, before = cad.call("1"), entry_count(desk.store)
    with pytest.raises(KnownError, match=rf"'{code}' is written by the console itself .*Give one of suicidal, "):
        flags.flag(desk, person(name), call, code)
    assert entry_count(desk.store) == before


def test_no_center_lists_a_reason_that_is_the_consoles_own(desk: Desk, administrator: SignIn) -> None:
    with pytest.raises(KnownError, match="flag_reasons: the code cad-code is the console's own"):
        people.set_settings(desk, administrator, {"flag_reasons": [{"code": "cad-code", "label": "Mine"}]})


def test_nobody_silences_what_is_meant_for_somebody_else(
    desk: Desk, call: UUID, dispatcher: SignIn, clinician: SignIn
) -> None:
    encounters.claim_and_begin(desk, clinician, call)
    calls.level(desk, clinician, call, Level.CRITICAL, "r")
    calls.advise(desk, clinician, call, ("phone",))
    calls.message(desk, clinician, call, "hello")
    ringing = [alarm.key for alarm in alarms(desk, dispatcher, NO_SOURCE)]
    assert {key.partition(":")[0] for key in ringing} == {"rise", "advice", "message"}
    before = entry_count(desk.store)
    for key in ringing:
        with pytest.raises(KnownError, match=r"You set this level|somebody else's|may not acknowledge advice"):
            calls.acknowledge_alarm(desk, clinician, call, key)
    assert entry_count(desk.store) == before
    for key in ringing:
        calls.acknowledge_alarm(desk, dispatcher, call, key)
    assert all(alarm.acknowledged_by == "Dispatcher" for alarm in alarms(desk, dispatcher, NO_SOURCE))
