"""What people do with a call: each act as it goes well, and each way it is refused."""

from uuid import UUID

import pytest

from console.actions import calls, encounters, flags, people
from console.actions.calls import Disposal
from console.errors import KnownError
from console.models.call import Level, RollUp, WouldHave
from console.models.call_fold import CALL
from console.models.call_state import CallState
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from tests.support.clock import FixedClock
from tests.support.desk import Cad, entry_count, folded, person
from tests.support.entries import Author, named


def state_of(desk: Desk, call: UUID) -> CallState:
    return folded(desk.store, CALL, call)


# -- flag --------------------------------------------------------------------------------------------------------------


def test_flagging(desk: Desk, call: UUID, dispatcher: SignIn) -> None:
    flags.flag(desk, dispatcher, call, "suicidal", "  says goodbye ")
    flag = state_of(desk, call).flag
    assert flag is not None
    assert (flag.reason, flag.words, flag.by, flag.source) == ("suicidal", "says goodbye", dispatcher.user, "person")
    with pytest.raises(KnownError, match="flagged already"):
        flags.flag(desk, dispatcher, call, "other")


def test_an_officer_who_asks_waits(desk: Desk, call: UUID, dispatcher: SignIn, clock: FixedClock) -> None:
    changes = flags.flag(desk, dispatcher, call, "officer-asks")
    assert len(changes.entries) == 2
    assert state_of(desk, call).officer_waiting_since == clock.now()
    flags.officer_waiting(desk, dispatcher, call, False)
    assert state_of(desk, call).officer_waiting_since is None


def test_taking_a_flag_back(desk: Desk, call: UUID, dispatcher: SignIn, clinician: SignIn) -> None:
    with pytest.raises(KnownError, match="not flagged"):
        flags.withdraw_flag(desk, dispatcher, call, "mistake")
    flags.flag(desk, dispatcher, call, "other")
    with pytest.raises(KnownError, match="The reason is missing"):
        flags.withdraw_flag(desk, dispatcher, call, " ")
    flags.withdraw_flag(desk, dispatcher, call, "mistake")
    assert state_of(desk, call).flag is None
    encounters.claim_and_begin(desk, clinician, call)
    with pytest.raises(KnownError, match="must be released before"):
        flags.withdraw_flag(desk, dispatcher, call, "mistake")


def test_dismissing_a_suggestion(desk: Desk, call: UUID, dispatcher: SignIn) -> None:
    with pytest.raises(KnownError, match="no suggestion"):
        flags.dismiss_suggestion(desk, dispatcher, call)
    suggested = Author().write_text(
        call,
        "call.flag-suggested",
        '{"rule":"words","why":"goodbye","at":"2026-11-21T22:00:00Z"}',
        journal="northside/operations",
    )
    desk.store.append([suggested])
    assert state_of(desk, call).suggested
    flags.dismiss_suggestion(desk, dispatcher, call, "a quotation")
    assert not state_of(desk, call).suggested
    with pytest.raises(KnownError, match="no suggestion"):
        flags.dismiss_suggestion(desk, dispatcher, call)


def test_asking_for_the_fallback(desk: Desk, call: UUID, dispatcher: SignIn) -> None:
    flags.flag(desk, dispatcher, call, "suicidal")
    flags.take_fallback(desk, dispatcher, call, "CIT officer")
    assert state_of(desk, call).fallback == "CIT officer"
    with pytest.raises(KnownError, match="asked for already"):
        flags.take_fallback(desk, dispatcher, call, "CIT officer")


def test_typing_a_call_in(desk: Desk, dispatcher: SignIn, clock: FixedClock) -> None:
    call, _ = flags.enter_call(desk, dispatcher, " 26-9 ", " WELFARE CHECK ", " 1 Elm St ", " alone ")
    state = state_of(desk, call)
    assert state.entered
    assert state.opened_at == clock.now()
    assert state.picture is not None
    assert (state.picture.number, state.picture.type_text, state.picture.place) == ("26-9", "WELFARE CHECK", "1 Elm St")
    with pytest.raises(KnownError, match="What the call is about is missing"):
        flags.enter_call(desk, dispatcher, "26-9", "", "1 Elm St")


# -- ownership ---------------------------------------------------------------------------------------------------------


def test_claiming_a_flagged_call(desk: Desk, call: UUID, dispatcher: SignIn, clinician: SignIn) -> None:
    flags.flag(desk, dispatcher, call, "suicidal")
    assert len(encounters.claim_and_begin(desk, clinician, call).entries) == 2, "the claim, and the encounter with it"
    claim = state_of(desk, call).claim
    assert claim is not None
    assert claim.owner == clinician.user


def test_claiming_a_call_that_nobody_flagged_flags_it(desk: Desk, call: UUID, clinician: SignIn) -> None:
    encounters.claim_and_begin(desk, clinician, call)
    flag = state_of(desk, call).flag
    assert flag is not None
    assert (flag.reason, flag.by) == ("clinician", clinician.user)


def test_claiming_what_somebody_has(desk: Desk, call: UUID, clinician: SignIn, second_clinician: SignIn) -> None:
    encounters.claim_and_begin(desk, clinician, call)
    with pytest.raises(KnownError, match="You have this call already"):
        encounters.claim_and_begin(desk, clinician, call)
    with pytest.raises(KnownError, match=r"Clinician has this call\. Take it over with a reason"):
        encounters.claim_and_begin(desk, second_clinician, call)


def test_releasing(desk: Desk, call: UUID, clinician: SignIn, second_clinician: SignIn) -> None:
    with pytest.raises(KnownError, match="You do not have this call"):
        calls.release(desk, clinician, call, "r")
    encounters.claim_and_begin(desk, clinician, call)
    with pytest.raises(KnownError, match="You do not have this call"):
        calls.release(desk, second_clinician, call, "r")
    with pytest.raises(KnownError, match="The reason is missing"):
        calls.release(desk, clinician, call, "")
    calls.release(desk, clinician, call, "end of shift")
    assert state_of(desk, call).claim is None
    encounters.claim_and_begin(desk, second_clinician, call)


def test_taking_over(desk: Desk, call: UUID, clinician: SignIn, second_clinician: SignIn) -> None:
    with pytest.raises(KnownError, match="Nobody has this call"):
        encounters.take_over_and_begin(desk, clinician, call, "r")
    encounters.claim_and_begin(desk, clinician, call)
    with pytest.raises(KnownError, match="You have this call already"):
        encounters.take_over_and_begin(desk, clinician, call, "r")
    with pytest.raises(KnownError, match="The reason is missing"):
        encounters.take_over_and_begin(desk, second_clinician, call, "")
    encounters.take_over_and_begin(desk, second_clinician, call, "she is on a break")
    claim = state_of(desk, call).claim
    assert claim is not None
    assert claim.owner == second_clinician.user
    with pytest.raises(KnownError, match="You do not have this call"):
        calls.release(desk, clinician, call, "r")


# -- the work ----------------------------------------------------------------------------------------------------------


def test_screening(desk: Desk, call: UUID, clinician: SignIn) -> None:
    calls.screen(desk, clinician, call, {"weapon": "no", "minor": "unknown"}, "eligible")
    screening = state_of(desk, call).screening
    assert screening is not None
    assert (screening.decision, screening.answers) == ("eligible", {"weapon": "no", "minor": "unknown"})
    with pytest.raises(KnownError, match="'perhaps' is not a decision"):
        calls.screen(desk, clinician, call, {}, "perhaps")
    with pytest.raises(KnownError, match="'maybe' is not an answer"):
        calls.screen(desk, clinician, call, {"weapon": "maybe"}, "eligible")
    with pytest.raises(KnownError, match="The reason why"):
        calls.screen(desk, clinician, call, {}, "not-eligible")


def test_stating_a_fact(desk: Desk, call: UUID, dispatcher: SignIn) -> None:
    calls.state_fact(desk, dispatcher, call, "weapons.reported", " knife ", "caller")
    assert state_of(desk, call).facts["weapons.reported"].value == "knife"
    before = entry_count(desk.store)
    assert not calls.state_fact(desk, dispatcher, call, "weapons.reported", "knife", "caller")
    assert not calls.state_fact(desk, dispatcher, call, "animals", "", "caller")
    assert entry_count(desk.store) == before
    assert calls.state_fact(desk, dispatcher, call, "weapons.reported", "knife", "responder")
    assert calls.state_fact(desk, dispatcher, call, "weapons.reported", "", "responder")
    assert state_of(desk, call).facts == {}
    with pytest.raises(KnownError, match="Weapons: reported has 71 characters; at most 70 fit"):
        calls.state_fact(desk, dispatcher, call, "weapons.reported", "x" * 71, "caller")
    for unknown in ("", "a neighbor"):
        with pytest.raises(KnownError, match="is not a source of a fact"):
            calls.state_fact(desk, dispatcher, call, "weapons.reported", "knife", unknown)


def test_making_contact(desk: Desk, call: UUID, clinician: SignIn, clock: FixedClock) -> None:
    calls.contact(desk, clinician, call, "no-answer")
    assert state_of(desk, call).contacted_at is None
    clock.advance(60)
    calls.contact(desk, clinician, call, "call-back-1", " her sister ")
    state = state_of(desk, call)
    assert (state.contacted_at, state.contacts[-1].whom) == (clock.now(), "her sister")
    with pytest.raises(KnownError, match="'smoke' is not a way of contact"):
        calls.contact(desk, clinician, call, "smoke")


def test_the_line(desk: Desk, call: UUID, dispatcher: SignIn) -> None:
    calls.line(desk, dispatcher, call, "dropped")
    assert state_of(desk, call).line == "dropped"
    with pytest.raises(KnownError, match="'busy' is not a state of the line"):
        calls.line(desk, dispatcher, call, "busy")


def test_setting_the_level(desk: Desk, call: UUID, clinician: SignIn) -> None:
    encounters.claim_and_begin(desk, clinician, call)
    calls.level(desk, clinician, call, Level.HIGH, "plan, means in the house")
    assert state_of(desk, call).level is Level.HIGH
    for level in (Level.NOT_SET, Level.CLOSED):
        with pytest.raises(KnownError, match="is not a level"):
            calls.level(desk, clinician, call, level, "r")
    with pytest.raises(KnownError, match="The reason for the level is missing"):
        calls.level(desk, clinician, call, Level.LOW, " ")
    with pytest.raises(KnownError, match="at most 240 fit"):
        calls.level(desk, clinician, call, Level.LOW, "x" * 241)


def test_advice_and_its_acknowledgment(desk: Desk, call: UUID, clinician: SignIn, dispatcher: SignIn) -> None:
    with pytest.raises(KnownError, match="The advice is empty"):
        calls.advise(desk, clinician, call, (), " ")
    (advice,) = calls.advise(desk, clinician, call, ("phone",), " stay on the line ").entries
    calls.acknowledge_advice(desk, dispatcher, call, advice)
    (given,) = state_of(desk, call).advice
    assert (given.words, given.acknowledged_by, given.passed_at) == ("stay on the line", dispatcher.user, None)
    calls.acknowledge_advice(desk, dispatcher, call, advice, passed=True)
    assert state_of(desk, call).advice[0].passed_at is not None
    with pytest.raises(KnownError, match="not known on this call"):
        calls.acknowledge_advice(desk, dispatcher, call, named("another"))


def test_writing_in_the_thread(desk: Desk, call: UUID, clinician: SignIn, dispatcher: SignIn) -> None:
    calls.message(desk, dispatcher, call, "officer on scene")
    calls.message(desk, clinician, call, "thanks")
    assert [(line.by, line.text) for line in state_of(desk, call).thread] == [
        (dispatcher.user, "officer on scene"),
        (clinician.user, "thanks"),
    ]
    with pytest.raises(KnownError, match="The message is missing"):
        calls.message(desk, dispatcher, call, "")
    with pytest.raises(KnownError, match="at most 1,000 fit"):
        calls.message(desk, dispatcher, call, "x" * 1001)


def test_the_second_person_to_see_an_alarm_changes_nothing(
    desk: Desk, call: UUID, clinician: SignIn, dispatcher: SignIn
) -> None:
    assert calls.acknowledge_alarm(desk, dispatcher, call, "rise:1")
    assert not calls.acknowledge_alarm(desk, clinician, call, "rise:1")
    assert state_of(desk, call).acknowledged == {"rise:1": dispatcher.user}


# -- the end -----------------------------------------------------------------------------------------------------------


def test_disposing(desk: Desk, call: UUID, clinician: SignIn) -> None:
    would = WouldHave(arrest="yes", said_by="officer")
    encounters.claim_and_begin(desk, clinician, call)
    encounters.dispose_and_end(
        desk, clinician, call, Disposal("not-behavioral", RollUp.DIVERTED, would, said=" calm now ")
    )
    disposition = state_of(desk, call).disposition
    assert disposition is not None
    assert (disposition.by, disposition.body.disposition, disposition.body.roll_up) == (
        clinician.user,
        "not-behavioral",
        RollUp.DIVERTED,
    )
    assert (disposition.body.would_have, disposition.body.words) == (would, "calm now")
    with pytest.raises(KnownError, match=r"This call is disposed\. Reopen it first"):
        encounters.dispose_and_end(desk, clinician, call, Disposal("not-behavioral", RollUp.DIVERTED))


@pytest.mark.parametrize("level", [Level.HIGH, Level.CRITICAL])
def test_a_high_level_needs_responders_or_a_reason(desk: Desk, cad: Cad, clinician: SignIn, level: Level) -> None:
    for number, enough in enumerate(({"contact_confirmed": True}, {"no_contact_reason": "left the county"}, {})):
        call = cad.call(str(number))
        encounters.claim_and_begin(desk, clinician, call)
        calls.level(desk, clinician, call, level, "r")
        with pytest.raises(KnownError, match=f"A call at level {level.upper()} ends only when responders"):
            encounters.dispose_and_end(
                desk, clinician, call, Disposal("phone-resolved", RollUp.UNKNOWN, no_contact_reason="  ")
            )
        if not enough:
            calls.confirm_responders(desk, clinician, call, "P12")
        encounters.dispose_and_end(desk, clinician, call, Disposal("not-behavioral", RollUp.UNKNOWN, **enough))  # type: ignore[arg-type]
        assert not state_of(desk, call).open


def test_a_disposed_call_takes_no_work_until_it_is_reopened(
    desk: Desk, call: UUID, clinician: SignIn, dispatcher: SignIn
) -> None:
    with pytest.raises(KnownError, match="not disposed"):
        calls.reopen(desk, dispatcher, call, "r")
    encounters.claim_and_begin(desk, clinician, call)
    encounters.dispose_and_end(desk, clinician, call, Disposal("not-behavioral", RollUp.UNKNOWN))
    for refused in (
        lambda: encounters.claim_and_begin(desk, clinician, call),
        lambda: encounters.take_over_and_begin(desk, clinician, call, "r"),
        lambda: calls.release(desk, clinician, call, "r"),
        lambda: calls.level(desk, clinician, call, Level.LOW, "r"),
        lambda: flags.flag(desk, dispatcher, call, "other"),
        lambda: flags.withdraw_flag(desk, dispatcher, call, "r"),
        lambda: flags.take_fallback(desk, dispatcher, call, "x"),
    ):
        with pytest.raises(KnownError):
            refused()
    calls.record_outcome(desk, dispatcher, call, "home", "officer", " walked home ")
    calls.message(desk, dispatcher, call, "she called again")
    with pytest.raises(KnownError, match="The reason is missing"):
        calls.reopen(desk, dispatcher, call, "")
    calls.reopen(desk, dispatcher, call, "too early")
    state = state_of(desk, call)
    assert state.open
    assert [outcome.words for outcome in state.outcomes] == ["walked home"]


def test_an_outcome_needs_what_and_who(desk: Desk, call: UUID, dispatcher: SignIn) -> None:
    with pytest.raises(KnownError, match="The outcome is missing"):
        calls.record_outcome(desk, dispatcher, call, "", "officer")
    with pytest.raises(KnownError, match="Who says so is missing"):
        calls.record_outcome(desk, dispatcher, call, "home", "")


# -- whose call it is --------------------------------------------------------------------------------------------------


def test_a_colleagues_call_is_leveled_contacted_and_disposed_by_nobody_else(
    desk: Desk, call: UUID, clinician: SignIn, second_clinician: SignIn
) -> None:
    encounters.claim_and_begin(desk, clinician, call)
    before = entry_count(desk.store)
    for attempt in (
        lambda: calls.level(desk, second_clinician, call, Level.LOW, "r"),
        lambda: calls.level(desk, second_clinician, call, Level.LOW, "r", override="I want to"),
        lambda: calls.contact(desk, second_clinician, call, "live"),
        lambda: encounters.dispose_and_end(desk, second_clinician, call, Disposal("not-behavioral", RollUp.UNKNOWN)),
    ):
        with pytest.raises(KnownError, match=r"^Clinician has this call\. Take it over with a reason\.$"):
            attempt()
    assert entry_count(desk.store) == before
    calls.advise(desk, second_clinician, call, ("phone",))
    calls.message(desk, second_clinician, call, "he is known to us")
    calls.state_fact(desk, second_clinician, call, "animals", "dog", "record")


def test_a_call_is_claimed_before_it_is_leveled_or_disposed(desk: Desk, call: UUID, clinician: SignIn) -> None:
    for attempt in (
        lambda: calls.level(desk, clinician, call, Level.LOW, "r"),
        lambda: encounters.dispose_and_end(desk, clinician, call, Disposal("not-behavioral", RollUp.UNKNOWN)),
    ):
        with pytest.raises(KnownError, match=r"^Claim this call first\.$"):
            attempt()
    calls.contact(desk, clinician, call, "live")


def test_a_supervisor_acts_on_anybodys_call_with_a_reason_that_the_owner_reads(
    desk: Desk, call: UUID, clinician: SignIn
) -> None:
    supervisor = person("clinical supervisor")
    encounters.claim_and_begin(desk, clinician, call)
    with pytest.raises(KnownError, match="Clinician has this call"):
        calls.level(desk, supervisor, call, Level.LOW, "r", override="  ")
    calls.level(desk, supervisor, call, Level.LOW, "r", override="she is on the other line")
    calls.contact(desk, supervisor, call, "live", override="same")
    encounters.dispose_and_end(
        desk, supervisor, call, Disposal("not-behavioral", RollUp.UNKNOWN), override="end of shift"
    )
    state = state_of(desk, call)
    assert state.claim is not None
    assert state.claim.owner == clinician.user
    assert [(said.by, said.text) for said in state.thread] == [
        (supervisor.user, f"Acted as supervisor on Clinician's call: {why}")
        for why in ("she is on the other line", "same", "end of shift")
    ]


# -- codes -------------------------------------------------------------------------------------------------------------


def test_codes_that_the_center_does_not_list_are_refused(desk: Desk, call: UUID, clinician: SignIn) -> None:
    encounters.claim_and_begin(desk, clinician, call)
    before = entry_count(desk.store)
    for attempt, says in (
        (
            lambda: encounters.dispose_and_end(desk, clinician, call, Disposal("gone", RollUp.UNKNOWN)),
            "'gone' is not a disposition. Known: ph",
        ),
        (lambda: calls.advise(desk, clinician, call, ("phone", "boat")), "'boat' is not a thing to send"),
        (lambda: calls.screen(desk, clinician, call, {"mood": "yes"}, "eligible"), "'mood' is not a question"),
        (lambda: calls.state_fact(desk, clinician, call, "mood", "x", "caller"), "'mood' is not a fact of a call"),
    ):
        with pytest.raises(KnownError, match=says):
            attempt()
    assert entry_count(desk.store) == before


def test_the_reason_of_a_flag_is_one_of_the_centers(
    desk: Desk, cad: Cad, dispatcher: SignIn, administrator: SignIn
) -> None:
    with pytest.raises(KnownError, match=r"'feeling' is not a flag reason\. Known: suicidal"):
        flags.flag(desk, dispatcher, cad.call("1"), "feeling")
    people.set_settings(desk, administrator, {"flag_reasons": [{"code": "feeling", "label": "A feeling"}]})
    flags.flag(desk, dispatcher, cad.call("1"), "feeling")
    with pytest.raises(KnownError, match=r"'suicidal' is not a flag reason\. Known: feeling"):
        flags.flag(desk, dispatcher, cad.call("3"), "suicidal")


def test_a_fact_may_be_as_long_as_its_field(desk: Desk, call: UUID, dispatcher: SignIn) -> None:
    calls.state_fact(desk, dispatcher, call, "situation", "x" * 600, "caller")
    with pytest.raises(KnownError, match="has 601 characters; at most 600 fit"):
        calls.state_fact(desk, dispatcher, call, "situation", "x" * 601, "caller")
