"""What a clinician keeps in the provider's record."""

from uuid import UUID

import pytest

from console.actions import assessments, drafts, encounters
from console.errors import KnownError, NotAllowed, NotFound
from console.forms.library import shipped
from console.models.encounter import ENCOUNTER, WAYS_IN, EncounterState
from console.models.referral import REFERRAL, ReferralState
from console.models.service import ServiceDescribed
from console.models.sign_in import SignIn
from console.models.store import drafts as kept_drafts
from console.models.store.desk import Desk
from tests.support.clock import FixedClock
from tests.support.desk import Cad, entry_count, folded, open_desk, person
from tests.support.entries import Author, at, named


def encounter_of(desk: Desk, encounter: UUID) -> EncounterState:
    return folded(desk.store, ENCOUNTER, encounter)


@pytest.fixture
def encounter(desk: Desk, clinician: SignIn) -> UUID:
    return encounters.start(desk, clinician, "transferred")[0]


@pytest.mark.parametrize("way_in", WAYS_IN)
def test_starting_before_any_call(desk: Desk, clinician: SignIn, way_in: str, clock: FixedClock) -> None:
    encounter, _ = encounters.start(desk, clinician, way_in)
    state = encounter_of(desk, encounter)
    assert (state.way_in, state.call, state.clinician, state.started_at) == (way_in, None, clinician.user, clock.now())


def test_starting_with_a_call(desk: Desk, clinician: SignIn, cad: Cad) -> None:
    call = cad.call()
    encounter, _ = encounters.start(desk, clinician, "from-board", call)
    assert encounter_of(desk, encounter).call == call
    with pytest.raises(NotFound, match="call"):
        encounters.start(desk, clinician, "from-board", named("no call"))
    with pytest.raises(KnownError, match="'dream' is not a way in"):
        encounters.start(desk, clinician, "dream")


def test_claiming_begins_an_encounter_in_one_act_over_two_journals(
    desk: Desk, clinician: SignIn, second_clinician: SignIn, cad: Cad
) -> None:
    call = cad.call()
    changes = encounters.claim_and_begin(desk, clinician, call)
    marks = ", ".join("?" * len(changes.entries))
    with desk.store.read() as connection:
        acts = connection.exec_driver_sql(
            f"SELECT journal, kind, act FROM entry WHERE id IN ({marks}) ORDER BY place",
            tuple(entry.bytes for entry in changes.entries),
        ).all()
    assert [(name.partition("/")[2], kind) for name, kind, _ in acts] == [
        ("operations", "call.flagged"),
        ("operations", "call.claimed"),
        ("clinical", "encounter.started"),
    ]
    assert len({act for _, _, act in acts}) == 1
    with pytest.raises(KnownError, match="have this call already"):
        encounters.claim_and_begin(desk, clinician, call)
    taken = encounters.take_over_and_begin(desk, second_clinician, call, "end of shift")
    assert taken.touches("encounter")
    back = encounters.take_over_and_begin(desk, clinician, call, "stayed on")
    assert not back.touches("encounter")
    with pytest.raises(NotFound):
        encounters.claim_and_begin(desk, clinician, named("no call"))


def test_binding_to_a_call_later(desk: Desk, clinician: SignIn, cad: Cad, encounter: UUID) -> None:
    call = cad.call()
    encounters.bind(desk, clinician, encounter, call)
    assert encounter_of(desk, encounter).call == call
    with pytest.raises(NotFound, match="call"):
        encounters.bind(desk, clinician, encounter, named("no call"))
    with pytest.raises(NotFound, match="encounter"):
        encounters.bind(desk, clinician, named("no encounter"), call)


def test_noting_and_amending(desk: Desk, clinician: SignIn, encounter: UUID) -> None:
    (first,) = encounters.note(desk, clinician, encounter, " has a nife ").entries
    encounters.amend_note(desk, clinician, encounter, first, "has a knife")
    (note,) = encounter_of(desk, encounter).notes
    assert (note.text, note.before) == ("has a knife", ("has a nife",))
    with pytest.raises(KnownError, match="The note is missing"):
        encounters.note(desk, clinician, encounter, " ")
    with pytest.raises(KnownError, match="at most 4,000 fit"):
        encounters.note(desk, clinician, encounter, "x" * 4001)
    with pytest.raises(KnownError, match="not part of the encounter"):
        encounters.amend_note(desk, clinician, encounter, named("no note"), "x")


def test_stating_a_clinical_fact(desk: Desk, clinician: SignIn, encounter: UUID) -> None:
    encounters.state_fact(desk, clinician, encounter, "name", " Jo ", "person")
    assert encounter_of(desk, encounter).facts["name"].value == "Jo"
    before = entry_count(desk.store)
    assert not encounters.state_fact(desk, clinician, encounter, "name", "Jo", "person")
    assert not encounters.state_fact(desk, clinician, encounter, "age", "", "person")
    assert entry_count(desk.store) == before
    assert encounters.state_fact(desk, clinician, encounter, "name", "Jo", "caller")
    assert encounters.state_fact(desk, clinician, encounter, "name", "", "caller")
    assert encounter_of(desk, encounter).facts == {}


def test_closing_once(desk: Desk, clinician: SignIn, encounter: UUID, clock: FixedClock) -> None:
    clock.advance(600)
    assert encounters.close(desk, clinician, encounter)
    assert not encounters.close(desk, clinician, encounter)
    assert encounter_of(desk, encounter).closed_at == clock.now()


def test_a_clinical_fact_is_one_of_the_list(desk: Desk, clinician: SignIn, encounter: UUID) -> None:
    with pytest.raises(KnownError, match="'mood' is not a clinical fact"):
        encounters.state_fact(desk, clinician, encounter, "mood", "low", "person")
    with pytest.raises(KnownError, match="'a neighbor' is not a source of a fact"):
        encounters.state_fact(desk, clinician, encounter, "name", "Jo", "a neighbor")
    with pytest.raises(KnownError, match="at most 600 fit"):
        encounters.state_fact(desk, clinician, encounter, "name", "x" * 601, "person")


@pytest.mark.parametrize("name", ["second clinician", "clinical supervisor"])
def test_nobody_writes_in_a_colleagues_encounter(
    desk: Desk, clinician: SignIn, cad: Cad, encounter: UUID, service: UUID, name: str
) -> None:
    (note,) = encounters.note(desk, clinician, encounter, "a line").entries
    referral, _ = encounters.offer_service(desk, clinician, encounter, service)
    asq = shipped().forms["asq"]
    assessment, _ = assessments.begin(desk, clinician, encounter, asq)
    call, who, before = cad.call(), person(name), entry_count(desk.store)
    for attempt in (
        lambda: encounters.bind(desk, who, encounter, call),
        lambda: encounters.note(desk, who, encounter, "x"),
        lambda: encounters.amend_note(desk, who, encounter, note, "x"),
        lambda: encounters.state_fact(desk, who, encounter, "name", "x", "person"),
        lambda: encounters.close(desk, who, encounter),
        lambda: encounters.offer_service(desk, who, encounter, service),
        lambda: encounters.answer_referral(desk, who, referral, "accepted"),
        lambda: encounters.withdraw_referral(desk, who, referral),
        lambda: assessments.begin(desk, who, encounter, asq),
        lambda: assessments.answer(desk, who, assessment, asq, "asq-1", (True,)),
        lambda: assessments.complete(desk, who, assessment, asq),
        lambda: assessments.abandon(desk, who, assessment, "x"),
    ):
        with pytest.raises(NotAllowed, match="This is Clinician's encounter: only Clinician writes in it"):
            attempt()
    assert entry_count(desk.store) == before


# -- referrals ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def service(desk: Desk) -> UUID:
    described = ServiceDescribed(at(), "list", "1", "Harbor House", phone="555-0100")
    desk.store.append([Author().write(named("service"), described)])
    return named("service")


def referral_of(desk: Desk, referral: UUID) -> ReferralState:
    return folded(desk.store, REFERRAL, referral)


def test_offering_a_service_keeps_what_was_read_out(
    desk: Desk, clinician: SignIn, encounter: UUID, service: UUID
) -> None:
    referral, _ = encounters.offer_service(desk, clinician, encounter, service)
    state = referral_of(desk, referral)
    assert (state.encounter, state.service, state.service_name, state.service_phone) == (
        encounter,
        service,
        "Harbor House",
        "555-0100",
    )
    with pytest.raises(NotFound, match="service"):
        encounters.offer_service(desk, clinician, encounter, named("no service"))
    with pytest.raises(NotFound, match="encounter"):
        encounters.offer_service(desk, clinician, named("no encounter"), service)


def test_answering_an_offer(desk: Desk, clinician: SignIn, encounter: UUID, service: UUID) -> None:
    referral, _ = encounters.offer_service(desk, clinician, encounter, service)
    encounters.answer_referral(desk, clinician, referral, "declined", " too far ")
    assert (referral_of(desk, referral).answer, referral_of(desk, referral).reason) == ("declined", "too far")
    encounters.answer_referral(desk, clinician, referral, "accepted")
    assert referral_of(desk, referral).answer == "accepted"
    with pytest.raises(KnownError, match="'perhaps' is not an answer"):
        encounters.answer_referral(desk, clinician, referral, "perhaps")
    with pytest.raises(KnownError, match="cannot be taken back"):
        encounters.withdraw_referral(desk, clinician, referral)


def test_withdrawing_an_offer(desk: Desk, clinician: SignIn, encounter: UUID, service: UUID) -> None:
    referral, _ = encounters.offer_service(desk, clinician, encounter, service)
    encounters.withdraw_referral(desk, clinician, referral)
    assert referral_of(desk, referral).withdrawn
    with pytest.raises(NotFound, match="referral"):
        encounters.withdraw_referral(desk, clinician, named("no referral"))


# -- drafts ------------------------------------------------------------------------------------------------------------


def held(desk: Desk, who: SignIn) -> dict[str, str]:
    with desk.store.read() as connection:
        return {draft.name: draft.text for draft in kept_drafts.of_author(connection, who.user)}


def test_a_draft_is_kept_replaced_and_discarded(desk: Desk, clinician: SignIn, encounter: UUID) -> None:
    drafts.keep(desk, clinician, "note", "a li", encounter)
    drafts.keep(desk, clinician, "note", "a line", encounter)
    drafts.keep(desk, clinician, "reason", "bec")
    assert held(desk, clinician) == {"note": "a line", "reason": "bec"}
    drafts.keep(desk, clinician, "note", "")
    assert held(desk, clinician) == {"reason": "bec"}


def test_a_draft_is_its_authors_alone(desk: Desk, clinician: SignIn, second_clinician: SignIn) -> None:
    drafts.keep(desk, clinician, "note", "mine")
    drafts.keep(desk, second_clinician, "note", "hers")
    assert held(desk, clinician) == {"note": "mine"}
    assert held(desk, second_clinician) == {"note": "hers"}


def test_a_draft_is_no_entry_and_survives_a_restart(
    desk: Desk, clinician: SignIn, encounter: UUID, clock: FixedClock
) -> None:
    before = entry_count(desk.store)
    drafts.keep(desk, clinician, "note", "a li", encounter)
    assert entry_count(desk.store) == before
    desk.store.close()
    again = open_desk(desk.store.home)
    with again.store.read() as connection:
        (draft,) = kept_drafts.of_author(connection, clinician.user)
    again.store.close()
    assert (draft.name, draft.subject, draft.text, draft.saved_at) == ("note", encounter, "a li", clock.now())


def test_a_match_is_judged_once_of_what_is_known_and_not_of_itself(desk: Desk, clinician: SignIn, cad: Cad) -> None:
    call, other = cad.call("1"), cad.call("2")
    encounter, _ = encounters.start(desk, clinician, "transferred", call)
    assert encounters.judge_match(desk, clinician, encounter, other, True).entries
    assert not encounters.judge_match(desk, clinician, encounter, other, True)
    for itself in (call, encounter):
        with pytest.raises(KnownError, match="not an earlier one"):
            encounters.judge_match(desk, clinician, encounter, itself, True)
    with pytest.raises(KnownError, match="not known here"):
        encounters.judge_match(desk, clinician, encounter, named("nothing"), False)
