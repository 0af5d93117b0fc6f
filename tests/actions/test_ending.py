"""How the work ends: disposing ends the clinician's encounter in the same act, and silences nothing."""

from uuid import UUID

import pytest

from console.actions import assessments, calls, encounters
from console.actions.calls import Disposal
from console.errors import KnownError
from console.forms.library import shipped
from console.models.call import Level, RollUp, WouldHave
from console.models.call_fold import CALL
from console.models.call_state import CallState
from console.models.encounter import ENCOUNTER, EncounterState
from console.models.sign_in import SignIn
from console.models.store import clinical, rebuild
from console.models.store.desk import Desk
from console.queries.alarms import alarms
from console.queries.board import NO_SOURCE
from tests.support.clock import FixedClock
from tests.support.desk import Cad, folded, person
from tests.support.signing import rest_not_asked

R = RollUp.UNKNOWN


@pytest.fixture
def call(desk: Desk, cad: Cad, clinician: SignIn) -> UUID:
    found = cad.call("1")
    encounters.claim_and_begin(desk, clinician, found)
    return found


def call_state(desk: Desk, call: UUID) -> CallState:
    return folded(desk.store, CALL, call)


def encounter_state(desk: Desk, encounter: UUID) -> EncounterState:
    return folded(desk.store, ENCOUNTER, encounter)


def open_ones(desk: Desk, who: SignIn) -> list[UUID]:
    with desk.store.read() as connection:
        return [encounter for encounter, _ in clinical.open_encounters(connection, who.user)]


def ringing(desk: Desk, who: SignIn) -> list[str]:
    found = alarms(desk, who, NO_SOURCE)
    return [each.title for each in found if each.key.startswith("assessment:") and not each.acknowledged_by]


def acute(desk: Desk, who: SignIn, encounter: UUID) -> UUID:
    """An ASQ that says yes to the acuity question."""
    form = shipped().forms["asq"]
    assessment, _ = assessments.begin(desk, who, encounter, form)
    for question in ("asq-1", "asq-2", "asq-3", "asq-4"):
        assessments.answer(desk, who, assessment, form, question, (question == "asq-2",))
    assessments.answer(desk, who, assessment, form, "asq-5", (True,))
    return assessment


def test_disposing_ends_the_encounter_in_the_same_act(
    desk: Desk, call: UUID, clinician: SignIn, clock: FixedClock
) -> None:
    (encounter,) = open_ones(desk, clinician)
    other, _ = encounters.start(desk, clinician, "transferred")
    clock.advance(60)
    changes = encounters.dispose_and_end(desk, clinician, call, Disposal("not-behavioral", R))
    assert len(changes.entries) == 2
    assert encounter_state(desk, encounter).closed_at == clock.now()
    assert open_ones(desk, clinician) == [other], "only the encounter with this call ends"
    assert rebuild.rebuild(desk.store).same


def test_who_stays_with_the_person_keeps_the_encounter(desk: Desk, call: UUID, clinician: SignIn) -> None:
    encounters.dispose_and_end(desk, clinician, call, Disposal("not-behavioral", R), stays=True)
    assert len(open_ones(desk, clinician)) == 1


def test_a_refused_disposition_ends_nothing(desk: Desk, call: UUID, clinician: SignIn) -> None:
    calls.level(desk, clinician, call, Level.HIGH, "r")
    with pytest.raises(KnownError, match="ends only when responders"):
        encounters.dispose_and_end(desk, clinician, call, Disposal("not-behavioral", R))
    assert len(open_ones(desk, clinician)) == 1


def test_disposing_does_not_silence_an_alarm_that_nobody_has_seen(desk: Desk, call: UUID, clinician: SignIn) -> None:
    (encounter,) = open_ones(desk, clinician)
    assessment = acute(desk, clinician, encounter)
    assessments.complete(desk, clinician, assessment, shipped().forms["asq"])
    encounters.dispose_and_end(desk, clinician, call, Disposal("not-behavioral", R))
    assert call_state(desk, call).disposition is not None
    assert open_ones(desk, clinician) == [encounter]
    assert ringing(desk, clinician) == ["ASQ"]


def test_a_supervisors_disposition_leaves_a_colleagues_encounter_to_the_colleague(
    desk: Desk, call: UUID, clinician: SignIn
) -> None:
    boss = person("clinical supervisor")
    encounters.dispose_and_end(desk, boss, call, Disposal("not-behavioral", R), override="her shift ended")
    assert len(open_ones(desk, clinician)) == 1
    assert "her shift ended" in call_state(desk, call).thread[-1].text


@pytest.mark.parametrize("begun", ["before the end", "after the end"])
def test_an_instrument_completed_after_the_end_rings(
    desk: Desk, call: UUID, clinician: SignIn, clock: FixedClock, begun: str
) -> None:
    (encounter,) = open_ones(desk, clinician)
    assessment = acute(desk, clinician, encounter) if begun == "before the end" else None
    encounters.dispose_and_end(desk, clinician, call, Disposal("not-behavioral", R))
    assert open_ones(desk, clinician) == []
    clock.advance(60)
    assessment = assessment or acute(desk, clinician, encounter)
    assessments.complete(desk, clinician, assessment, shipped().forms["asq"])
    assert ringing(desk, clinician) == ["ASQ"]
    assessments.acknowledge_alert(desk, clinician, assessment)
    encounters.close(desk, clinician, encounter)
    assert ringing(desk, clinician) == []


def test_item_nine_of_a_phq_9_completed_after_the_end_rings(desk: Desk, call: UUID, clinician: SignIn) -> None:
    (encounter,) = open_ones(desk, clinician)
    encounters.dispose_and_end(desk, clinician, call, Disposal("not-behavioral", R))
    form = shipped().forms["phq-9"]
    assessment, _ = assessments.begin(desk, clinician, encounter, form)
    options = form.questionnaire.by_id["phq9-9"].options
    assessments.answer(desk, clinician, assessment, form, "phq9-9", (options[1].value,))
    rest_not_asked(desk, clinician, assessment, form)
    encounters.close(desk, clinician, encounter)
    assessments.complete(desk, clinician, assessment, form)
    assert ringing(desk, clinician) == ["PHQ-9"]


def test_an_ended_encounter_goes_on_once(desk: Desk, call: UUID, clinician: SignIn) -> None:
    (encounter,) = open_ones(desk, clinician)
    assert not encounters.resume(desk, clinician, encounter)
    encounters.close(desk, clinician, encounter)
    assert encounters.resume(desk, clinician, encounter)
    assert open_ones(desk, clinician) == [encounter]


def test_responders_were_confirmed_by_somebody_at_a_time_that_can_be(
    desk: Desk, call: UUID, clinician: SignIn, clock: FixedClock
) -> None:
    received = clock.now()
    clock.advance(600)
    for moment in (clock.now().replace(year=2030), received.replace(year=2020)):
        with pytest.raises(KnownError, match="between the call and now"):
            calls.confirm_responders(desk, clinician, call, "unit 214", at=moment)
    calls.confirm_responders(desk, clinician, call, "unit 214", said_by="the unit", at=received)
    state = call_state(desk, call)
    assert (state.responders_confirmed, state.responders_said_by) == ("unit 214", "the unit")
    assert state.responders_confirmed_at == received


def test_a_call_that_comes_back_needs_responders_confirmed_anew(
    desk: Desk, call: UUID, clinician: SignIn, clock: FixedClock
) -> None:
    calls.level(desk, clinician, call, Level.HIGH, "he has a rope in the garage")
    calls.confirm_responders(desk, clinician, call, "unit 214", at=clock.now())
    (encounter,) = open_ones(desk, clinician)
    encounters.dispose_and_end(desk, clinician, call, Disposal("not-behavioral", R))
    calls.reopen(desk, clinician, call, "he called again")
    encounters.resume(desk, clinician, encounter)
    with pytest.raises(KnownError, match="only when responders are confirmed"):
        encounters.dispose_and_end(desk, clinician, call, Disposal("not-behavioral", R))
    calls.confirm_responders(desk, clinician, call, "unit 310", at=clock.now())
    encounters.dispose_and_end(desk, clinician, call, Disposal("not-behavioral", R))


def test_a_call_that_nobody_leveled_ends_with_a_level_or_the_reason_why_not(
    desk: Desk, cad: Cad, clinician: SignIn
) -> None:
    for number, reason in enumerate(("hung up before a word", "")):
        call = cad.call(str(number))
        encounters.claim_and_begin(desk, clinician, call)
        for code in ("phone-resolved", "no-clinician", "no-person", "out-of-area"):
            with pytest.raises(KnownError, match="Nobody set a level for this call"):
                encounters.dispose_and_end(desk, clinician, call, Disposal(code, RollUp.UNKNOWN, no_contact_reason=" "))
        if not reason:
            calls.level(desk, clinician, call, Level.LOW, "calm")
        encounters.dispose_and_end(
            desk, clinician, call, Disposal("phone-resolved", RollUp.UNKNOWN, no_contact_reason=reason)
        )
        disposition = call_state(desk, call).disposition
        assert disposition is not None
        assert disposition.body.no_contact_reason == reason


@pytest.mark.parametrize("code", ["not-behavioral", "out-of-scope", "cancelled", "duplicate"])
def test_where_there_is_nobody_to_assess_no_level_is_needed_until_somebody_was_reached(
    desk: Desk, cad: Cad, clinician: SignIn, code: str
) -> None:
    reached, never = cad.call("1"), cad.call("2")
    for call in (reached, never):
        encounters.claim_and_begin(desk, clinician, call)
    calls.contact(desk, clinician, never, "no-answer")
    encounters.dispose_and_end(desk, clinician, never, Disposal(code, RollUp.UNKNOWN))
    calls.contact(desk, clinician, reached, "live")
    with pytest.raises(KnownError, match="Nobody set a level for this call"):
        encounters.dispose_and_end(desk, clinician, reached, Disposal(code, RollUp.UNKNOWN))


def test_who_says_what_would_have_happened(desk: Desk, call: UUID, clinician: SignIn) -> None:
    with pytest.raises(KnownError, match="Who says what would have happened is missing"):
        encounters.dispose_and_end(desk, clinician, call, Disposal("not-behavioral", R, WouldHave(ems="no")))
    with pytest.raises(KnownError, match="'perhaps' is not an answer"):
        encounters.dispose_and_end(
            desk,
            clinician,
            call,
            Disposal("phone-resolved", R, WouldHave(arrest="perhaps", said_by="officer")),
        )
