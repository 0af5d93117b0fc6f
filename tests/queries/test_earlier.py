"""Earlier contacts stand beside a page as possible matches, with the reason, for those who may see them."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.actions import calls, encounters
from console.actions.calls import Disposal
from console.models.call import Level, RollUp
from console.models.encounter import EncounterBound, EncounterFactStated, EncounterStarted
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.models.store.earlier import Trace
from console.queries.earlier import COMMON, MOST, Earlier, reasons_for, speaks_against
from console.queries.listing import whole_call
from console.queries.note import note_text
from console.queries.workspace import workspace, workspace_for
from tests.support.clock import FixedClock
from tests.support.desk import Cad, person
from tests.support.entries import Author, at, named
from tests.support.past_contacts import answered_gad7, contact, many_calls
from wire.journals import Audience, journal_name

NUMBER, SAME_NUMBER = "206-555-0142", "+1 (206) 555-0142"


def beside(desk: Desk, who: SignIn, call: UUID | None, encounter: UUID | None = None) -> Earlier:
    found = workspace(desk, who, call, encounter).earlier
    assert found is not None
    return found


def reasons(found: Earlier) -> dict[str, tuple[str, ...]]:
    return {each.number: each.reasons for each in found.contacts}


# -- what is found -----------------------------------------------------------------------------------------------------


def test_an_earlier_call_is_told_with_its_reason_and_what_it_came_to(
    desk: Desk, cad: Cad, clinician: SignIn, second_clinician: SignIn, clock: FixedClock
) -> None:
    then = clock.now()
    before, encounter = contact(
        cad, second_clinician, "26-1", callback=NUMBER, name="Teo Brandt", born="3/2/1987", type_text="SUICIDAL PERSON"
    )
    signed = answered_gad7(desk, second_clinician, encounter)
    calls.contact(desk, second_clinician, before, "live")
    calls.level(desk, second_clinician, before, Level.HIGH, "plan")
    how = Disposal("not-behavioral", RollUp.CO_NOTIFIED, contact_confirmed=True)
    encounters.dispose_and_end(desk, second_clinician, before, how)
    clock.advance(86_400)
    call, _ = contact(cad, clinician, "26-2", callback=SAME_NUMBER, name="BRANDT, TEO", born="39, born March 2, 1987")
    found = beside(desk, clinician, call)
    (match,) = found.contacts
    assert (found.count, found.common) == (1, ())
    assert (match.contact, match.call, match.at) == (before, before, then)
    assert match.reasons == ("same name and date of birth", "same call-back number")
    assert (match.number, match.type_text, match.level) == ("26-1", "SUICIDAL PERSON", Level.HIGH)
    assert (match.disposition, match.judged, match.against) == ("Not behavioral health", None, "")
    (result,) = match.results.values()
    assert list(match.results) == [signed]
    assert (result.scores[0].value, result.scores[0].band) == ("14", "Moderate")
    assert beside(desk, second_clinician, before).contacts == (), "what came later is not earlier"


def test_newest_first_and_no_more_than_fit(desk: Desk, cad: Cad, clinician: SignIn, clock: FixedClock) -> None:
    for nth in range(MOST + 3):
        cad.call(f"26-{nth}", callback=NUMBER)
        clock.advance(60)
    call, _ = contact(cad, clinician, "now", callback=NUMBER)
    found = beside(desk, clinician, call)
    assert [each.number for each in found.contacts] == [f"26-{nth}" for nth in range(MOST + 2, 2, -1)]
    assert found.count == MOST + 3


def test_a_number_that_many_calls_share_tells_nobody_by_itself(
    desk: Desk, cad: Cad, clinician: SignIn, clock: FixedClock
) -> None:
    many_calls(cad, COMMON, NUMBER)
    cad.call("of Teo", callback=NUMBER, caller="Brandt, Teo")
    clock.advance(60)
    call, encounter = contact(cad, clinician, "now", callback=NUMBER)
    found = beside(desk, clinician, call)
    assert (found.contacts, found.count) == ((), 0)
    assert found.common == (f"{COMMON + 1} earlier calls have the same call-back number",)
    encounters.state_fact(desk, clinician, encounter, "name", "Teo Brandt", "person")
    found = beside(desk, clinician, call)
    assert reasons(found) == {"of Teo": ("same name as a caller's", "same call-back number")}


def test_a_name_that_many_share_tells_nobody_without_something_else(
    desk: Desk, cad: Cad, clinician: SignIn, clock: FixedClock
) -> None:
    many_calls(cad, COMMON + 1, "", caller="TEO BRANDT")
    contact(cad, clinician, "26-1", name="Teo Brandt", born="1987-03-02")
    clock.advance(60)
    call, encounter = contact(cad, clinician, "now", name="Teo Brandt")
    assert reasons(beside(desk, clinician, call)) == {}
    assert "earlier contacts have the same name" in beside(desk, clinician, call).common[0]
    encounters.state_fact(desk, clinician, encounter, "age", "1987-03-02", "person")
    assert reasons(beside(desk, clinician, call)) == {"26-1": ("same name and date of birth",)}


def test_an_alias_and_a_first_name_with_the_date_of_birth_are_found(
    desk: Desk, cad: Cad, clinician: SignIn, clock: FixedClock
) -> None:
    contact(cad, clinician, "alias", name="Daniel Reyes, likes Danny", born="1987-03-02")
    contact(cad, clinician, "first name", name="Danny")
    contact(cad, clinician, "other birth", name="Daniel Reyes", born="1990-01-01")
    clock.advance(60)
    call, encounter = contact(cad, clinician, "now", name="Danny", born="1987-03-02")
    assert reasons(beside(desk, clinician, call)) == {"alias": ("same name and date of birth",)}
    encounters.state_fact(desk, clinician, encounter, "name", "Daniel Reyes", "person")
    assert reasons(beside(desk, clinician, call)) == {"alias": ("same name and date of birth",)}


@pytest.mark.parametrize(("then", "now"), [("Ana Brandt", "Teo Brandt"), ("Ana Brandt", "Teo"), ("Ana", "Teo")])
def test_what_speaks_against_a_match_is_said_and_keeps_its_results_away(
    desk: Desk, cad: Cad, clinician: SignIn, clock: FixedClock, then: str, now: str
) -> None:
    contact(cad, clinician, "26-1", callback=NUMBER, name=then)
    clock.advance(60)
    call, _ = contact(cad, clinician, "now", callback=NUMBER, name=now)
    found = beside(desk, clinician, call)
    (match,) = found.contacts
    assert (match.reasons, match.against) == (("same call-back number",), "another name")
    assert found.standing == ()


def test_an_encounter_without_a_call_is_a_contact_too(
    desk: Desk, cad: Cad, clinician: SignIn, clock: FixedClock
) -> None:
    by_phone, _ = encounters.start(desk, clinician, "transferred")
    encounters.state_fact(desk, clinician, by_phone, "name", "Teo Brandt", "person")
    clock.advance(60)
    later, _ = encounters.start(desk, clinician, "transferred")
    encounters.state_fact(desk, clinician, later, "name", "Teo Brandt", "person")
    (match,) = beside(desk, clinician, None, later).contacts
    assert (match.contact, match.call, match.reasons) == (by_phone, None, ("same name",))
    encounters.judge_match(desk, clinician, later, by_phone, False)
    call = cad.call("26-1")
    encounters.bind(desk, clinician, by_phone, call)
    assert beside(desk, clinician, None, later).contacts == (), "its call came no earlier"


# -- who says what -----------------------------------------------------------------------------------------------------


def test_what_a_clinician_says_of_a_match_stands_until_it_is_taken_back(
    desk: Desk, cad: Cad, clinician: SignIn, clock: FixedClock
) -> None:
    before, _ = contact(cad, clinician, "26-1", callback=NUMBER)
    clock.advance(60)
    call, encounter = contact(cad, clinician, "26-2", callback=NUMBER)
    assert len(beside(desk, clinician, call).standing) == 1
    encounters.judge_match(desk, clinician, encounter, before, False)
    found = beside(desk, clinician, call)
    assert (found.count, found.standing) == (0, ())
    judged = found.contacts[0].judged
    assert judged is not None
    assert (judged.same, judged.by, judged.at) == (False, clinician.user, clock.now())
    encounters.judge_match(desk, clinician, encounter, before, True)
    cad.pictures(before, number="26-1", callback="", source_time=clock.now())
    assert [each.reasons for each in beside(desk, clinician, call).standing] == [()], "said by a person, it stays"
    encounters.judge_match(desk, clinician, encounter, before, None)
    assert beside(desk, clinician, call).contacts == ()


def test_a_colleague_on_the_same_call_sees_what_was_said_and_may_say_otherwise(
    desk: Desk, cad: Cad, clinician: SignIn, second_clinician: SignIn, clock: FixedClock
) -> None:
    before, _ = contact(cad, clinician, "26-1", callback=NUMBER)
    clock.advance(60)
    call, encounter = contact(cad, clinician, "26-2", callback=NUMBER)
    encounters.judge_match(desk, clinician, encounter, before, False)
    encounters.take_over_and_begin(desk, second_clinician, call, "end of the shift")
    (match,) = beside(desk, second_clinician, call).contacts
    assert match.another
    own = workspace(desk, second_clinician, call).clinical
    assert own is not None
    encounters.judge_match(desk, second_clinician, own.encounter, before, True)
    assert not beside(desk, second_clinician, call).contacts[0].another
    assert beside(desk, clinician, None, encounter).contacts[0].another


# -- who may see it ----------------------------------------------------------------------------------------------------


@pytest.fixture
def matched(desk: Desk, cad: Cad, clinician: SignIn, clock: FixedClock) -> UUID:
    """A call with a match."""
    _, encounter = contact(cad, clinician, "CANARY", callback=NUMBER, name="Teo Brandt")
    answered_gad7(desk, clinician, encounter)
    clock.advance(60)
    return contact(cad, clinician, "26-2", callback=NUMBER, name="Teo Brandt")[0]


@pytest.mark.parametrize("name", ["dispatcher", "supervisor", "administrator"])
def test_dispatch_sees_none_of_it(desk: Desk, matched: UUID, name: str) -> None:
    page = workspace(desk, person(name), matched)
    assert page.earlier is None
    assert "CANARY" not in repr(page)


def test_at_a_desk_for_operations_nobody_sees_it(desk: Desk, matched: UUID, clinician: SignIn) -> None:
    desk.store.clinical = False
    assert workspace(desk, clinician, matched).earlier is None


def test_nothing_that_is_handed_out_holds_it(desk: Desk, matched: UUID, clinician: SignIn) -> None:
    page = workspace(desk, clinician, matched)
    assert page.earlier is not None
    assert page.earlier.count == 1
    assert "CANARY" not in note_text(page, desk.zone)
    assert workspace_for(desk, clinician, matched).earlier is None
    assert "CANARY" not in repr(whole_call(desk, clinician, matched))


def test_encounters_of_another_center_of_the_provider_are_left_alone(
    desk: Desk, matched: UUID, clinician: SignIn
) -> None:
    journal = journal_name(desk.provider, Audience.CLINICAL)
    elsewhere = Author("elsewhere", center="southside")
    for nth, body in enumerate((None, EncounterBound(at(-50), named("a call elsewhere")))):
        encounter = named("encounter elsewhere", f"{nth}")
        told = [
            EncounterStarted(at(-60), "transferred"),
            EncounterFactStated(at(-59), "name", "Teo Brandt", "person"),
            *([body] if body else []),
        ]
        desk.store.append([elsewhere.write(encounter, each, journal=journal) for each in told])
    assert reasons(beside(desk, clinician, matched)).keys() == {"CANARY"}


# -- laws --------------------------------------------------------------------------------------------------------------

KEYS = st.sampled_from(("brandt teo", "ana falk", "teo"))
TRACES = st.builds(
    Trace,
    st.uuids(),
    st.just(()),
    st.just(datetime(2026, 3, 2, tzinfo=UTC)),
    st.none() | st.sampled_from(("2065550142", "2065550143")),
    st.none() | st.sampled_from(("brandt teo", "ana falk")),
    st.frozensets(KEYS, max_size=2),
    st.frozensets(st.sampled_from(("1987-03-02", "1990-01-01")), max_size=1),
)


@given(TRACES, TRACES)
def test_a_match_goes_both_ways_and_rests_on_something_shared(one: Trace, other: Trace) -> None:
    found = reasons_for(one, other)
    assert (set(found), speaks_against(one, other)) == (set(reasons_for(other, one)), speaks_against(other, one))
    if found:
        assert one.callback == other.callback or one.every_name & other.every_name


@given(TRACES)
def test_what_is_common_is_no_reason_by_itself(trace: Trace) -> None:
    by_number = replace(trace, names=frozenset(), caller=None)
    assert reasons_for(by_number, by_number, {by_number.callback or ""}) == ()
    assert bool(reasons_for(by_number, by_number)) == bool(by_number.callback)
