"""What ends an alarm and what does not, and who is told of it."""

from uuid import UUID

import pytest

from console.actions import assessments, calls, encounters, flags, people
from console.actions.calls import Disposal
from console.errors import KnownError, NotAllowed
from console.models.assessment import ASSESSMENT, AssessmentCompleted, AssessmentStarted, FrozenAlert
from console.models.call import CallFlagged, Level, RollUp
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.queries.alarms import alarms
from console.queries.board import NO_SOURCE
from tests.support.clock import FixedClock
from tests.support.desk import Cad, folded, person, record_of
from tests.support.entries import Author, named
from tests.support.ringing import alerts, tiers
from wire.permissions import Role

# -- what ends an alarm, and what does not -----------------------------------------------------------------------------


def test_advice_waits_though_the_call_is_disposed_or_was_never_flagged(
    desk: Desk, cad: Cad, dispatcher: SignIn, clinician: SignIn
) -> None:
    disposed, unflagged = cad.call("disposed"), cad.call("unflagged", closed=True)
    for call in (disposed, unflagged):
        encounters.claim_and_begin(desk, clinician, call)
        calls.advise(desk, clinician, call, (), "keep the siren off")
    encounters.dispose_and_end(desk, clinician, disposed, Disposal("not-behavioral", RollUp.UNKNOWN))
    waiting = [alarm.call for alarm in alarms(desk, dispatcher, NO_SOURCE) if alarm.key.startswith("advice:")]
    assert waiting == [disposed, unflagged]


def test_a_raised_level_rings_until_somebody_has_seen_it(
    desk: Desk, call: UUID, dispatcher: SignIn, clinician: SignIn
) -> None:
    encounters.claim_and_begin(desk, clinician, call)
    calls.level(desk, clinician, call, Level.LOW, "calm")
    calls.level(desk, clinician, call, Level.HIGH, "a rope")
    rise = alerts(desk, dispatcher)["rise"]
    calls.level(desk, clinician, call, Level.HIGH, "a rope, in the garage")
    assert alerts(desk, dispatcher)["rise"].key == rise.key
    encounters.dispose_and_end(desk, clinician, call, Disposal("third-party", RollUp.UNKNOWN, contact_confirmed=True))
    assert alerts(desk, dispatcher)["rise"].key == rise.key
    calls.acknowledge_alarm(desk, dispatcher, call, rise.key)
    assert "rise" not in alerts(desk, dispatcher)


def test_a_raised_level_ends_when_the_level_falls_below_it(
    desk: Desk, call: UUID, dispatcher: SignIn, clinician: SignIn
) -> None:
    encounters.claim_and_begin(desk, clinician, call)
    for level in (Level.LOW, Level.HIGH, Level.CRITICAL, Level.HIGH):
        calls.level(desk, clinician, call, level, "r")
    assert alerts(desk, dispatcher)["rise"].detail == "Level raised to HIGH"
    calls.level(desk, clinician, call, Level.MEDIUM, "r")
    assert "rise" not in alerts(desk, dispatcher)


def test_who_saw_the_later_rise_saw_the_earlier_one(
    desk: Desk, call: UUID, dispatcher: SignIn, clinician: SignIn
) -> None:
    encounters.claim_and_begin(desk, clinician, call)
    for level in (Level.LOW, Level.HIGH, Level.CRITICAL):
        calls.level(desk, clinician, call, level, "r")
    calls.acknowledge_alarm(desk, dispatcher, call, alerts(desk, dispatcher)["rise"].key)
    calls.level(desk, clinician, call, Level.HIGH, "r")
    assert "rise" not in alerts(desk, dispatcher)


def test_a_call_given_back_waits_anew(
    desk: Desk, call: UUID, clock: FixedClock, dispatcher: SignIn, clinician: SignIn
) -> None:
    flags.flag(desk, dispatcher, call, "suicidal")
    clock.advance(200)
    first = alerts(desk, clinician)["unclaimed"]
    calls.acknowledge_alarm(desk, clinician, call, first.key)
    encounters.claim_and_begin(desk, clinician, call)
    clock.advance(600)
    calls.release(desk, clinician, call, "end of shift")
    given_back = clock.now()
    assert tiers(desk, dispatcher) == {"flag": "caution"}
    clock.advance(120)
    again = alerts(desk, dispatcher)["unclaimed"]
    assert (again.since, again.acknowledged_by) == (given_back, "")
    assert again.key != first.key


def test_a_flag_set_again_waits_anew(desk: Desk, call: UUID, clock: FixedClock, dispatcher: SignIn) -> None:
    flags.flag(desk, dispatcher, call, "suicidal")
    clock.advance(200)
    calls.acknowledge_alarm(desk, dispatcher, call, alerts(desk, dispatcher)["unclaimed"].key)
    flags.withdraw_flag(desk, dispatcher, call, "mistake")
    flags.flag(desk, dispatcher, call, "suicidal")
    assert tiers(desk, dispatcher) == {}
    clock.advance(120)
    assert alerts(desk, dispatcher)["unclaimed"].acknowledged_by == ""


def test_who_takes_a_call_over_has_yet_to_reach_the_person(
    desk: Desk, call: UUID, clock: FixedClock, dispatcher: SignIn, clinician: SignIn, second_clinician: SignIn
) -> None:
    encounters.claim_and_begin(desk, clinician, call)
    clock.advance(1)
    calls.contact(desk, clinician, call, "live")
    clock.advance(500)
    encounters.take_over_and_begin(desk, second_clinician, call, "her shift ends")
    assert "quiet" not in tiers(desk, dispatcher)
    clock.advance(180)
    assert tiers(desk, dispatcher) == {"quiet": "caution"}
    calls.contact(desk, second_clinician, call, "live")
    assert tiers(desk, dispatcher) == {}


def test_an_officer_who_was_reached_waits_no_longer(
    desk: Desk, call: UUID, dispatcher: SignIn, clinician: SignIn
) -> None:
    flags.flag(desk, dispatcher, call, "officer-asks")
    encounters.claim_and_begin(desk, clinician, call)
    assert tiers(desk, dispatcher) == {"officer": "caution"}
    calls.contact(desk, clinician, call, "officer")
    assert tiers(desk, dispatcher) == {}


def test_a_code_typed_in_cad_after_the_disposition_is_a_new_flag(
    desk: Desk, call: UUID, clock: FixedClock, dispatcher: SignIn, clinician: SignIn
) -> None:
    encounters.claim_and_begin(desk, clinician, call)
    encounters.dispose_and_end(desk, clinician, call, Disposal("not-behavioral", RollUp.UNKNOWN))
    clock.advance(600)
    desk.store.append([Author().derive(call, CallFlagged("cad-code", clock.now(), source="cad"))])
    assert tiers(desk, clinician) == {"flag": "caution"}
    clock.advance(120)
    assert tiers(desk, dispatcher) == tiers(desk, clinician) == {"unclaimed": "alarm"}


def test_a_disposed_call_that_turns_behavioral_is_a_caution(
    desk: Desk, cad: Cad, call: UUID, clock: FixedClock, dispatcher: SignIn, clinician: SignIn
) -> None:
    encounters.claim_and_begin(desk, clinician, call)
    encounters.dispose_and_end(desk, clinician, call, Disposal("not-behavioral", RollUp.UNKNOWN))
    clock.advance(600)
    cad.pictures(call, number="1", type_text="CRISIS", behavioral=True)
    assert tiers(desk, dispatcher) == tiers(desk, clinician) == {"retyped": "caution"}
    flags.flag(desk, dispatcher, call, "suicidal")
    assert tiers(desk, clinician) == {"flag": "caution"}


# -- the thread --------------------------------------------------------------------------------------------------------


def test_a_message_is_news_to_the_other_side_until_it_is_seen_or_answered(
    desk: Desk, call: UUID, clock: FixedClock, dispatcher: SignIn, clinician: SignIn, second_clinician: SignIn
) -> None:
    flags.flag(desk, dispatcher, call, "suicidal")
    encounters.claim_and_begin(desk, clinician, call)
    calls.message(desk, dispatcher, call, "the door is locked")
    clock.advance(1)
    calls.message(desk, dispatcher, call, "the key is with the neighbor")
    supervisor = person("supervisor")
    news = alerts(desk, clinician)["message"]
    assert (news.tier, news.count, news.detail) == ("caution", 2, "New message")
    assert "message" in tiers(desk, supervisor)
    assert "message" not in tiers(desk, dispatcher)
    assert "message" not in tiers(desk, second_clinician)
    calls.acknowledge_alarm(desk, supervisor, call, alerts(desk, supervisor)["message"].key)
    assert alerts(desk, supervisor)["message"].acknowledged_by == "Supervisor"
    assert alerts(desk, clinician)["message"].acknowledged_by == ""
    clock.advance(1)
    calls.message(desk, clinician, call, "thank you")
    assert "message" not in tiers(desk, clinician)
    assert alerts(desk, dispatcher)["message"].acknowledged_by == ""


def test_a_message_reaches_who_flagged_the_call(
    desk: Desk, call: UUID, clinician: SignIn, second_clinician: SignIn
) -> None:
    flags.flag(desk, second_clinician, call, "suicidal")
    encounters.claim_and_begin(desk, clinician, call)
    calls.message(desk, clinician, call, "who is she to you?")
    assert tiers(desk, second_clinician) == {"message": "caution"}


# -- instruments -------------------------------------------------------------------------------------------------------


def _alerted(desk: Desk, clock: FixedClock, clinician: SignIn, call: UUID | None) -> tuple[UUID, UUID]:
    encounter, _ = encounters.start(desk, clinician, "transferred", call)
    instrument, author = named("instrument"), Author("instrument", center="lakeside")
    bodies = (
        AssessmentStarted(clock.now(), encounter, "asq", "1", "abc"),
        AssessmentCompleted(clock.now(), {}, (), (FrozenAlert("acute positive"),)),
    )
    desk.store.append([author.write(instrument, body, actor=clinician.user) for body in bodies])
    return encounter, instrument


@pytest.mark.parametrize("with_call", [True, False])
def test_an_instruments_alarm_is_acknowledged_in_the_clinical_record_alone(
    desk: Desk, call: UUID, clock: FixedClock, clinician: SignIn, dispatcher: SignIn, with_call: bool
) -> None:
    encounter, instrument = _alerted(desk, clock, clinician, call if with_call else None)
    alarm = alerts(desk, clinician)["assessment"]
    before = record_of(desk.store)["call"]
    with pytest.raises(KnownError, match="in the clinical record"):
        calls.acknowledge_alarm(desk, clinician, call, alarm.key)
    with pytest.raises(NotAllowed):
        assessments.acknowledge_alert(desk, dispatcher, instrument)
    with pytest.raises(KnownError, match="An assessment's alarm waits: acute positive"):
        encounters.close(desk, clinician, encounter)
    changes = assessments.acknowledge_alert(desk, clinician, instrument)
    assert len(changes.entries) == 1
    assert not assessments.acknowledge_alert(desk, clinician, instrument)
    assert alerts(desk, clinician)["assessment"].acknowledged_by == "you"
    assert record_of(desk.store)["call"] == before
    assert str(instrument).encode() not in _operations(desk)
    encounters.close(desk, clinician, encounter)
    assert "assessment" not in tiers(desk, clinician)


def test_an_instruments_alarm_is_its_own_clinicians_or_a_clinical_supervisors_with_a_reason(
    desk: Desk, call: UUID, clock: FixedClock, clinician: SignIn, second_clinician: SignIn
) -> None:
    _, instrument = _alerted(desk, clock, clinician, call)
    chief = person("clinical supervisor")
    with pytest.raises(NotAllowed, match="This alarm is Clinician's"):
        assessments.acknowledge_alert(desk, second_clinician, instrument, override="I am free")
    with pytest.raises(KnownError, match=r"This alarm is Clinician's\. Give the reason"):
        assessments.acknowledge_alert(desk, chief, instrument, override=" ")
    assert alerts(desk, clinician)["assessment"].acknowledged_by == ""
    assert assessments.acknowledge_alert(desk, chief, instrument, override="she went home ill")
    assert alerts(desk, clinician)["assessment"].acknowledged_by == "Clinical Supervisor"
    assert folded(desk.store, ASSESSMENT, instrument).alarm_acknowledged_why == "she went home ill"


@pytest.mark.parametrize("name", ["dispatcher", "supervisor", "administrator"])
def test_who_reads_operations_alone_gets_nothing_clinical_among_the_alarms(
    desk: Desk, call: UUID, clock: FixedClock, clinician: SignIn, name: str
) -> None:
    _alerted(desk, clock, clinician, call)
    assert "assessment" in tiers(desk, clinician)
    said = repr(alarms(desk, person(name), NO_SOURCE))
    assert "asq" not in said
    assert "acute positive" not in said


def test_who_was_disabled_or_lost_the_clinical_role_gets_no_clinical_alarm(
    desk: Desk, call: UUID, clock: FixedClock, clinician: SignIn, administrator: SignIn
) -> None:
    _alerted(desk, clock, clinician, call)
    people.set_roles(desk, administrator, clinician.user, (Role.DISPATCHER,))
    assert "assessment" not in tiers(desk, clinician)
    people.set_roles(desk, administrator, clinician.user, (Role.CLINICIAN,))
    assert "assessment" in tiers(desk, clinician)
    people.set_enabled(desk, administrator, clinician.user, False)
    with pytest.raises(NotAllowed, match="Clinician may no longer sign in here"):
        alarms(desk, clinician, NO_SOURCE)


def _operations(desk: Desk) -> bytes:
    with desk.store.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT hex(subject) || coalesce(body, '') FROM entry WHERE journal LIKE '%/operations'"
        ).all()
    return "\n".join(str(row[0]) for row in rows).encode()


def test_a_level_set_after_the_instrument_lets_the_encounter_close(
    desk: Desk, call: UUID, clock: FixedClock, clinician: SignIn
) -> None:
    encounters.claim_and_begin(desk, clinician, call)
    encounter, _ = _alerted(desk, clock, clinician, call)
    clock.advance(5)
    calls.level(desk, clinician, call, Level.HIGH, "r")
    assert encounters.close(desk, clinician, encounter)
