"""A dropped line in a drill is said by its dispatcher, and whoever works on the call meets the alarm."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from console.actions import drills, encounters, homes
from console.actions.calls import Disposal
from console.app.drill_lines import DrillIntake
from console.clock import SystemClock
from console.feeds.drill import DrillEvent
from console.models.call import CallPictured, RollUp
from console.models.call_fold import CALL
from console.models.call_state import CallState
from console.models.store.desk import Desk
from console.queries.alarms import alarms
from console.queries.board import Freshness
from tests.support.desk import folded
from tests.support.entries import named

SUBJECT = named("a call")


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = homes.drill_desk(SystemClock(), drills.CENTER, drills.ZONE)
    yield desk
    homes.throw_away(desk.store)


def event(desk: Desk, line_state: str, *, opening: bool = False) -> DrillEvent:
    now = desk.clock.now()
    picture = CallPictured("drill", now, "26-1", "Suicidal person", now)
    return DrillEvent("drill", now, SUBJECT, (picture,) if opening else (), line_state)


def state_of(desk: Desk, call: UUID) -> CallState:
    return folded(desk.store, CALL, call)


def test_a_line_that_drops_in_a_drill_rings(desk: Desk) -> None:
    cast = drills.cast(desk)
    intake = DrillIntake(desk, cast.dispatcher)
    intake.take([event(desk, "", opening=True)])
    encounters.claim_and_begin(desk, cast.clinician, SUBJECT)
    dropped = event(desk, "dropped")
    assert intake.take([dropped]).of("call") == {SUBJECT}
    found = alarms(desk, cast.clinician, Freshness("drill", None, "fresh", ""))
    assert [(each.tier, each.detail) for each in found] == [("alarm", "Line dropped, call back")]
    before = state_of(desk, SUBJECT).line_at
    assert not intake.take([dropped])  # the feed gives events again when the store could not be written
    assert state_of(desk, SUBJECT).line_at == before
    intake.take([event(desk, "on")])
    assert not alarms(desk, cast.clinician, Freshness("drill", None, "fresh", ""))


def test_the_line_of_a_call_that_is_done_with_stays_ended(desk: Desk) -> None:
    cast = drills.cast(desk)
    intake = DrillIntake(desk, cast.dispatcher)
    intake.take([event(desk, "", opening=True)])
    encounters.claim_and_begin(desk, cast.clinician, SUBJECT)
    encounters.dispose_and_end(
        desk, cast.clinician, SUBJECT, Disposal("phone-resolved", RollUp.UNKNOWN, no_contact_reason="r")
    )
    assert not intake.take([event(desk, "dropped")])
    assert state_of(desk, SUBJECT).line == "ended"
