"""Acknowledging what is clinical, and that an officer no longer waits, from the board and from the strip."""

from uuid import UUID

import pytest

from console.actions import assessments, encounters, flags
from console.forms.library import shipped
from console.models.assessment import AssessmentState
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.queries.alarms import Alarm
from console.queries.workspace import workspace
from tests.support.sitting import Person, Sitting, off_gui, staff
from tests.support.traffic import Traffic
from wire.permissions import Role


@pytest.fixture
def call(traffic: Traffic) -> UUID:
    return traffic.calls[0]


def alert(desk: Desk, who: SignIn, call: UUID) -> UUID:
    """An ASQ of this clinician that calls for a level; the assessment."""
    encounters.claim_and_begin(desk, who, call)
    page = workspace(desk, who, call)
    assert page.clinical is not None
    form = shipped().forms["asq"]
    assessment, _ = assessments.begin(desk, who, page.clinical.encounter, form, "the person")
    for number in range(1, 6):
        assessments.answer(desk, who, assessment, form, f"asq-{number}", (True,))
    assessments.complete(desk, who, assessment, form)
    return assessment


def state_of(desk: Desk, who: SignIn, call: UUID, assessment: UUID) -> AssessmentState:
    page = off_gui(lambda: workspace(desk, who, call))
    assert page.clinical is not None
    return page.clinical.assessments[assessment]


def clinical(alarms: list[Alarm]) -> list[Alarm]:
    return [alarm for alarm in alarms if alarm.key.startswith("assessment:")]


def test_the_clinician_acknowledges_an_instruments_alarm_on_the_board(
    sitting: Sitting, first: Person, call: UUID
) -> None:
    desk, who = sitting.desk, staff(sitting.desk, "rokafor")
    assessment = off_gui(lambda: alert(desk, who, call))
    first.sign_in("rokafor")
    panel = first.board.alarms
    first.until(lambda: clinical(panel.model.rows), "the alarm")
    (alarm,) = clinical(panel.model.rows)
    assert (alarm.title, alarm.acknowledged_by) == ("ASQ", "")
    assert alarm.detail.startswith("ASQ: acute positive screen")
    first.go_to("Alarms")
    first.press("Home", "F9")
    first.until(lambda: clinical(panel.model.rows)[0].acknowledged_by == "you", "the alarm to be acknowledged")
    assert state_of(desk, who, call, assessment).alarm_acknowledged_by == who.user
    assert sitting.call(call).acknowledged == {}, "nothing of it is kept with the call"


def test_an_instruments_alarm_is_acknowledged_on_the_strip_of_who_is_both(
    sitting: Sitting, first: Person, call: UUID
) -> None:
    desk = sitting.desk
    known = staff(desk, "rokafor")
    who = SignIn(known.user, known.name, known.display_name, frozenset({Role.DISPATCHER, Role.CLINICIAN}))
    assessment = off_gui(lambda: alert(desk, who, call))
    sitting.program.open_strip(who)
    bar = sitting.program.strips[0].window
    strip = Person(sitting, bar)
    strip.until(lambda: "acute positive" in bar.says_of_alarms, "the alarm")
    assert "ASQ. 1 wait" in bar.says_of_alarms
    strip.press("F9")
    strip.until(lambda: bar.says_of_alarms == "", "the alarm to be acknowledged")
    assert state_of(desk, who, call, assessment).alarm_acknowledged_by == who.user
    assert sitting.call(call).acknowledged == {}


def test_dispatch_is_shown_no_instruments_alarm(sitting: Sitting, first: Person, call: UUID) -> None:
    desk, who = sitting.desk, staff(sitting.desk, "rokafor")
    off_gui(lambda: flags.flag(desk, staff(desk, "mreyes"), call, "suicidal"))
    off_gui(lambda: alert(desk, who, call))
    first.sign_in("dlang")
    other = sitting.work_of(who)
    other.until(lambda: clinical(other.board.alarms.model.rows), "the clinician's alarm")
    sitting.program.open_strip(staff(desk, "dlang"))
    keeper, bar = sitting.program.strips[0], sitting.program.strips[0].window
    looks: list[object] = []
    keeper._keeper.shown.connect(looks.append)
    keeper._keeper.look()
    first.until(lambda: looks, "the strip to have looked")
    assert clinical(first.board.alarms.model.rows) == []
    assert "ASQ" not in bar.says_of_alarms
    assert all("ASQ" not in repr(look) for look in looks)


def test_f11_ends_the_officers_wait(sitting: Sitting, first: Person, call: UUID) -> None:
    desk = sitting.desk
    off_gui(lambda: flags.flag(desk, staff(desk, "dlang"), call, "officer-asks"))
    assert sitting.call(call).officer_waiting_since is not None
    first.sign_in("dlang")
    alarms = first.board.alarms.model
    first.until(lambda: any(alarm.key.startswith("officer:") for alarm in alarms.rows), "the officer who waits")
    first.press("Down", "F11")
    first.until(lambda: sitting.call(call).officer_waiting_since is None, "the wait to end")
    first.until(lambda: not any(alarm.key.startswith("officer:") for alarm in alarms.rows), "the caution to go")
    assert first.board.selected == call
