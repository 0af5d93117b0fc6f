"""One page for one call: everything its reader may see, nothing else, and the note that writes itself."""

from uuid import UUID

import pytest

from console.actions import assessments, calls, drafts, encounters, flags, people
from console.actions.calls import Disposal
from console.errors import NotAllowed
from console.forms.instruments import scoring
from console.forms.instruments.scoring import Score
from console.forms.library import shipped
from console.models.assessment import AssessmentState
from console.models.call import Level, RollUp, WouldHave
from console.models.service import ServiceDescribed
from console.models.sheet import SheetCopied, SheetCopyFailed, SheetIssued, SheetReadBack
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.queries.assessment import answers_of
from console.queries.note import note_text
from console.queries.workspace import open_encounters, workspace, workspace_for
from tests.support.clock import FixedClock
from tests.support.desk import Cad, person
from tests.support.entries import Author, at, named
from tests.support.signing import rest_not_asked


@pytest.fixture
def call(cad: Cad) -> UUID:
    return cad.call("26-17", place="1 Elm St")


@pytest.fixture
def encounter(desk: Desk, call: UUID, clinician: SignIn, dispatcher: SignIn, clock: FixedClock) -> UUID:
    """An encounter in the middle of the work."""
    flags.flag(desk, dispatcher, call, "suicidal", "says goodbye")
    clock.advance(60)
    (encounter,) = encounters.claim_and_begin(desk, clinician, call).of("encounter")
    calls.contact(desk, clinician, call, "live", "the caller")
    (note,) = encounters.note(desk, clinician, encounter, "has a nife").entries
    encounters.amend_note(desk, clinician, encounter, note, "has a knife")
    encounters.state_fact(desk, clinician, encounter, "name", "Jo", "person")
    calls.state_fact(desk, clinician, call, "weapons.reported", "knife in the kitchen", "caller")
    calls.level(desk, clinician, call, Level.HIGH, "plan and means")
    calls.advise(desk, clinician, call, ("phone",), "no sirens")
    desk.store.append(
        [Author().write(named("s"), ServiceDescribed(at(), "list", "1", "Harbor House", phone="555-0100"))]
    )
    referral, _ = encounters.offer_service(desk, clinician, encounter, named("s"))
    encounters.answer_referral(desk, clinician, referral, "declined", "too far")
    drafts.keep(desk, clinician, "note", "typed so far", encounter)
    return encounter


def test_a_clinician_sees_the_call_and_their_own_encounter(
    desk: Desk, call: UUID, encounter: UUID, clinician: SignIn
) -> None:
    page = workspace(desk, clinician, call)
    assert page.row is not None
    assert page.row.mine
    assert page.clinical is not None
    assert page.clinical.encounter == encounter
    assert [note.text for note in page.clinical.state.notes] == ["has a knife"]
    assert len(page.clinical.referrals) == 1
    assert {name: draft.text for name, draft in page.drafts.items()} == {"note": "typed so far"}
    assert page.name(clinician.user) == "Clinician"
    assert page.name(named("nobody")) == "somebody"
    assert (page.unread, page.senseless) == (0, ())


@pytest.mark.parametrize("name", ["dispatcher", "supervisor", "administrator"])
def test_dispatch_sees_the_call_and_nothing_clinical(desk: Desk, call: UUID, encounter: UUID, name: str) -> None:
    page = workspace(desk, person(name), call)
    assert page.state is not None
    assert page.state.level is Level.HIGH
    assert page.clinical is None
    assert page.drafts == {}
    everything = repr(page)
    for clinical in ("has a", "Jo'", "too far", "Harbor House", "typed so far"):
        assert clinical not in everything
    assert "has a" not in repr(workspace(desk, person(name), None, encounter))


def test_without_a_sign_in_a_call_is_read_as_operations(desk: Desk, call: UUID, encounter: UUID) -> None:
    page = workspace_for(desk, None, call)
    assert page.state is not None
    assert page.clinical is None
    assert page.drafts == {}


@pytest.mark.parametrize("name", ["auditor", "only administrator"])
def test_others_see_no_page(desk: Desk, call: UUID, name: str) -> None:
    with pytest.raises(NotAllowed):
        workspace(desk, person(name), call)


def test_of_several_encounters_the_readers_own_newest_comes_first(
    desk: Desk, call: UUID, encounter: UUID, clinician: SignIn, second_clinician: SignIn
) -> None:
    theirs, _ = encounters.start(desk, second_clinician, "conference", call)
    own = workspace(desk, second_clinician, call).clinical
    assert own is not None
    assert own.encounter == theirs
    mine = workspace(desk, clinician, call).clinical
    assert mine is not None
    assert mine.encounter == encounter
    third = workspace(desk, person("clinical supervisor"), call).clinical
    assert third is not None
    assert third.encounter == theirs


def test_an_encounter_may_have_no_call_yet(desk: Desk, clinician: SignIn) -> None:
    encounter, _ = encounters.start(desk, clinician, "transferred")
    page = workspace(desk, clinician, None, encounter)
    assert (page.call, page.row, page.state) == (None, None, None)
    assert page.clinical is not None
    (waiting,) = open_encounters(desk, clinician)
    assert (waiting.encounter, waiting.call) == (encounter, None)
    encounters.close(desk, clinician, encounter)
    assert open_encounters(desk, clinician) == ()
    assert open_encounters(desk, person("dispatcher")) == ()


def test_the_page_says_that_a_newer_desk_wrote_part_of_the_call(desk: Desk, call: UUID, clinician: SignIn) -> None:
    desk.store.append([Author("newer").write_text(call, "call.dreamed", "{}", journal="northside/operations")])
    lost = Author("lost").write_text(call, "call.reopened", '{"at":"2026-11-21T22:00:00Z","reason":""}')
    desk.store.append([lost])
    page = workspace(desk, clinician, call)
    assert (page.unread, page.senseless) == (1, ("the call is not disposed",))


def test_who_was_disabled_meanwhile_reads_nothing_clinical(
    desk: Desk, call: UUID, encounter: UUID, clinician: SignIn, administrator: SignIn
) -> None:
    people.set_enabled(desk, administrator, clinician.user, False)
    for attempt in (
        lambda: workspace(desk, clinician, call),
        lambda: open_encounters(desk, clinician),
    ):
        with pytest.raises(NotAllowed, match="may no longer sign in here"):
            attempt()


# -- the note ----------------------------------------------------------------------------------------------------------


def test_the_note_holds_the_work_in_the_centers_time(
    desk: Desk, call: UUID, encounter: UUID, clinician: SignIn, clock: FixedClock
) -> None:
    encounters.dispose_and_end(
        desk,
        clinician,
        call,
        Disposal(
            "phone-resolved",
            RollUp.DIVERTED,
            WouldHave(arrest="yes", said_by="officer"),
            contact_confirmed=True,
            said="calm now",
        ),
    )
    text = note_text(workspace(desk, clinician, call), desk.zone)
    assert text.splitlines()[:4] == [
        "CALL 26-17 · WELFARE CHECK",
        "Place: 1 Elm St",
        "Received: 2026-11-21 16:00:00 CST",
        "Encounter: from the board, begun 2026-11-21 16:01:00 CST",
    ]
    for line in (
        "Flagged 16:00:00 by Dispatcher: Suicidal talk or act",
        "Claimed 16:01:00 by Clinician",
        "16:01:00 HIGH: plan and means",
        "Weapons: reported: knife in the kitchen (caller, 16:01:00)",
        "16:01:00 has a knife (amended)",
        "Name: Jo (the person)",
        "Harbor House 555-0100 - declined: too far",
        "DISPOSITION 16:01:00: Resolved by phone, no response (diverted)",
        "calm now",
    ):
        assert line in text
    assert "typed so far" not in text


def test_the_note_says_what_was_answered_and_then_no_longer_asked(
    desk: Desk, call: UUID, encounter: UUID, clinician: SignIn
) -> None:
    asq = shipped().forms["asq"]
    assessment, _ = assessments.begin(desk, clinician, encounter, asq)
    for key, answer in (("asq-4", True), ("asq-4-how", "with pills"), ("asq-4", False)):
        assessments.answer(desk, clinician, assessment, asq, key, (answer,))
    rest_not_asked(desk, clinician, assessment, asq)
    assessments.complete(desk, clinician, assessment, asq)
    text = note_text(workspace(desk, clinician, call), desk.zone)
    assert "Answered, then no longer asked: If yes, how?" in text.splitlines()


def test_the_note_says_who_was_told_what_and_what_came_of_it(
    desk: Desk, call: UUID, encounter: UUID, clinician: SignIn, dispatcher: SignIn, clock: FixedClock
) -> None:
    encounters.state_fact(desk, clinician, encounter, "provider", "Dr. Reed", "part2")
    calls.message(desk, dispatcher, call, "two units on the way")
    clock.advance(60)
    sheet = named("sheet")
    bodies = (
        SheetIssued(clock.now(), call, "police", "A-17", {}),
        SheetCopied(clock.now(), 1, 1, "Front desk", "abc", "unit 3B12"),
        SheetCopied(clock.now(), 2, 1, "Front desk", "abc"),
        SheetCopyFailed(clock.now(), 2, "no paper"),
        SheetReadBack(clock.now(), 1, "Sgt. Lee"),
    )
    author = Author("another desk")
    desk.store.append([author.write(sheet, body) for body in bodies])
    encounters.dispose_and_end(
        desk, clinician, call, Disposal("police", RollUp.CO_NOTIFIED, no_contact_reason="unit out of radio reach")
    )
    calls.confirm_responders(desk, dispatcher, call, "unit 3B12", said_by="3B12")
    calls.record_outcome(desk, dispatcher, call, "taken home", "3B12", "by her sister")
    text = note_text(workspace(desk, clinician, call), desk.zone)
    for line in (
        "(program record)",
        "THREAD WITH DISPATCH\n16:01:00 Dispatcher: two units on the way",
        "SHEET FOR POLICE",
        "16:02:00 copy 1 of version 1 to Front desk, for unit 3B12 [not known whether it came out]",
        "16:02:00 copy 2 of version 1 to Front desk [did not come out: no paper]",
        "16:02:00 version 1 read back by Sgt. Lee",
        "Responders with the person 16:02:00: unit 3B12 (said by 3B12)",
        "Responders not confirmed with the person: unit out of radio reach",
        "Outcome 16:02:00, said by 3B12: taken home: by her sister",
    ):
        assert line in text


def test_dispatchs_note_holds_nothing_clinical(desk: Desk, call: UUID, encounter: UUID, dispatcher: SignIn) -> None:
    text = note_text(workspace(desk, dispatcher, call), desk.zone)
    assert "plan and means" in text
    for clinical in ("has a knife", "Name: Jo", "Harbor House", "Encounter"):
        assert clinical not in text


def test_a_completed_instrument_shows_the_scores_it_was_completed_with(
    desk: Desk, clinician: SignIn, encounter: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = shipped()
    form = library.forms["asq"]
    assessment, _ = assessments.begin(desk, clinician, encounter, form)
    for question in ("asq-1", "asq-2", "asq-3", "asq-4"):
        assessments.answer(desk, clinician, assessment, form, question, (False,))
    live = scoring.score(form.questionnaire, answers_of(held(desk, clinician, encounter, assessment)), form.bound)
    assert live
    assessments.complete(desk, clinician, assessment, form)

    def another_key(*given: object) -> tuple[Score, ...]:
        return (Score(name="a key that was published later", value=99),)

    monkeypatch.setattr(scoring, "score", another_key)
    kept = held(desk, clinician, encounter, assessment).scores
    assert [(each.name, each.value, each.band, each.words) for each in kept] == [
        (each.name, "" if each.value is None else str(each.value), each.band or "", each.words) for each in live
    ]
    note = note_text(workspace(desk, clinician, None, encounter), desk.zone)
    assert "Clinical judgment can always override a negative screen." in note.splitlines()


def held(desk: Desk, who: SignIn, encounter: UUID, assessment: UUID) -> AssessmentState:
    clinical = workspace(desk, who, None, encounter).clinical
    assert clinical is not None
    return clinical.assessments[assessment]


def test_the_note_says_why_no_level_was_set(desk: Desk, call: UUID, clinician: SignIn) -> None:
    encounters.claim_and_begin(desk, clinician, call)
    encounters.dispose_and_end(
        desk, clinician, call, Disposal("no-person", RollUp.UNKNOWN, no_contact_reason="gone on arrival")
    )
    text = note_text(workspace(desk, clinician, call), desk.zone)
    assert "No level was set: gone on arrival" in text
    assert "Responders not confirmed" not in text
