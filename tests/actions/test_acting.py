"""How every act is done, whatever it is: the right to do it, one transaction, one chain."""

import threading
from collections.abc import Callable
from uuid import UUID

import pytest

from console.actions import calls, drafts, encounters, flags, people
from console.actions.acting import MOST_BYTES, acting, one_of, words
from console.actions.calls import Disposal
from console.errors import BugError, KnownError, NotAllowed, NotFound
from console.models.aggregates import aggregate_of
from console.models.call import CallClaimed, CallEntered, CallMessaged, Level, RollUp
from console.models.call_fold import CALL
from console.models.changes import Changes
from console.models.encounter import ENCOUNTER
from console.models.sign_in import SignIn
from console.models.store import drafts as kept_drafts
from console.models.store import journal, verify
from console.models.store.desk import Desk
from tests.support.clock import FixedClock
from tests.support.desk import ROLES, entry_count, folded, person
from tests.support.entries import Author, named
from wire.envelope import Entry, micros
from wire.journals import Audience
from wire.permissions import WRITERS, Role


def entries_of(desk: Desk, subject: UUID) -> list[Entry]:
    with desk.store.read() as connection:
        return journal.of_subjects(connection, [subject]).get(subject, [])


@pytest.fixture
def call(desk: Desk, dispatcher: SignIn) -> UUID:
    return flags.enter_call(desk, dispatcher, "26-1", "WELFARE CHECK", "1 Elm St")[0]


def test_an_entry_says_who_where_when_and_in_which_journal(
    desk: Desk, call: UUID, dispatcher: SignIn, clock: FixedClock
) -> None:
    clock.advance(5)
    changes = calls.message(desk, dispatcher, call, "  hello  ")
    (entry,) = (entry for entry in entries_of(desk, call) if entry.id in changes.entries)
    assert (entry.actor, entry.device, entry.journal) == (dispatcher.user, desk.device, "northside/operations")
    assert entry.made_at == micros(clock.now())
    assert entry.body == '{"at":"2026-11-21T22:00:05Z","text":"hello"}'
    assert entry.salt is not None
    assert (entry.seq, entry.received_at, entry.offset) == (None, None, None)


def test_entries_of_one_act_share_it_and_no_two_acts_do(desk: Desk, call: UUID, clinician: SignIn) -> None:
    encounters.claim_and_begin(desk, clinician, call)
    calls.message(desk, clinician, call, "one")
    entered, flagged, claimed, said = entries_of(desk, call)
    assert (flagged.kind, claimed.kind) == ("call.flagged", "call.claimed")
    assert flagged.act == claimed.act
    assert len({entered.act, flagged.act, said.act}) == 3


def test_each_journal_of_the_desk_is_one_chain(desk: Desk, call: UUID, clinician: SignIn) -> None:
    encounter, _ = encounters.start(desk, clinician, "transferred", call)
    encounters.note(desk, clinician, encounter, "a line")
    encounters.claim_and_begin(desk, clinician, call)
    report = verify.verify(desk.store)
    assert report.whole
    assert {chain.journal for chain in report.chains} == {
        "northside/administration",
        "northside/operations",
        "lakeside/clinical",
    }


def test_clinical_entries_are_the_providers(desk: Desk, clinician: SignIn) -> None:
    encounter, _ = encounters.start(desk, clinician, "transferred")
    (entry,) = entries_of(desk, encounter)
    assert entry.journal == "lakeside/clinical"


def test_an_act_that_is_refused_half_way_leaves_nothing(desk: Desk, call: UUID, clinician: SignIn) -> None:
    before = entry_count(desk.store)

    def claim_twice() -> None:
        with acting(desk, clinician) as act:
            act.add(call, CallClaimed(act.now))
            act.add(call, CallClaimed(act.now))

    with pytest.raises(KnownError, match="This cannot be done: somebody has the call already"):
        claim_twice()
    assert entry_count(desk.store) == before
    encounters.claim_and_begin(desk, clinician, call)
    assert verify.verify(desk.store).whole


def test_what_makes_no_sense_is_refused_and_not_stored(desk: Desk, call: UUID, clinician: SignIn) -> None:
    """Whatever an action does not look for itself, the fold does."""
    encounters.claim_and_begin(desk, clinician, call)
    encounters.dispose_and_end(desk, clinician, call, Disposal("not-behavioral", RollUp.DIVERTED))
    before = entry_count(desk.store)
    with pytest.raises(KnownError, match="the call is disposed"):
        flags.officer_waiting(desk, clinician, call, True)
    assert entry_count(desk.store) == before


def test_a_subject_that_is_not_here_is_not_found(desk: Desk, dispatcher: SignIn) -> None:
    with pytest.raises(NotFound, match="This call is not known here"):
        calls.message(desk, dispatcher, named("nobody"), "hello")


def test_a_subject_with_entries_of_a_newer_program_is_read_only(desk: Desk, call: UUID, dispatcher: SignIn) -> None:
    newer = Author("newer").write_text(call, "call.dreamed", "{}", journal="northside/operations")
    desk.store.append([newer])
    with pytest.raises(KnownError, match="1 entries that only a newer version"):
        calls.message(desk, dispatcher, call, "hello")


def test_words_that_are_no_text_are_a_clear_line(desk: Desk, call: UUID, dispatcher: SignIn) -> None:
    with pytest.raises(KnownError, match="cannot be stored"):
        calls.message(desk, dispatcher, call, "half a \ud83d character")


def test_more_than_a_server_takes_at_once_is_refused_when_it_is_done(desk: Desk, call: UUID, clinician: SignIn) -> None:
    line = "x" * (MOST_BYTES // 2 - 1_000)
    before = entries_of(desk, call)

    def at_once() -> None:
        with acting(desk, clinician) as act:
            for _ in range(3):
                act.add(call, CallMessaged(act.now, line))

    with pytest.raises(KnownError, match="smaller parts"):
        at_once()
    assert entries_of(desk, call) == before
    with acting(desk, clinician) as act:
        for _ in range(3):
            act.add(call, CallMessaged(act.now, line))
            act.begin_another()
    assert len({entry.act for entry in entries_of(desk, call)} - {entry.act for entry in before}) == 3


def test_a_body_that_nothing_folds_is_a_bug(desk: Desk, dispatcher: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.actions.acting.aggregate_of", lambda kind: None)
    with pytest.raises(BugError):
        flags.enter_call(desk, dispatcher, "1", "X", "Y")


def test_drafts_go_with_the_act_that_uses_them_up_and_stay_when_it_fails(desk: Desk, clinician: SignIn) -> None:
    encounter, _ = encounters.start(desk, clinician, "transferred")
    drafts.keep(desk, clinician, "note", "a li", encounter)

    def held() -> list[str]:
        with desk.store.read() as connection:
            return [draft.text for draft in kept_drafts.of_author(connection, clinician.user)]

    with pytest.raises(KnownError, match="missing"):
        encounters.note(desk, clinician, encounter, "   ", draft="note")
    assert held() == ["a li"]
    encounters.note(desk, clinician, encounter, "a line", draft="note")
    assert held() == []


def test_screens_are_told_once_per_act(desk: Desk, call: UUID, clinician: SignIn) -> None:
    told: list[Changes] = []
    desk.store.subscribe(told.append)
    changes = encounters.claim_and_begin(desk, clinician, call)
    assert told == [changes]
    assert changes.of("call") == {call}
    assert len(changes.of("encounter")) == 1
    assert len(changes.entries) == 3


def test_two_clinicians_claim_at_once_and_one_has_it(
    desk: Desk, call: UUID, clinician: SignIn, second_clinician: SignIn
) -> None:
    start = threading.Barrier(2)
    said: dict[str, str] = {}

    def claim(who: SignIn) -> None:
        start.wait()
        try:
            encounters.claim_and_begin(desk, who, call)
            said[who.name] = ""
        except KnownError as error:
            said[who.name] = error.message

    threads = [threading.Thread(target=claim, args=(who,)) for who in (clinician, second_clinician)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = (name for name, words in said.items() if not words)
    (loser,) = (name for name, words in said.items() if words)
    assert said[loser].startswith(f"{winner.title()} has this call.")
    claim = folded(desk.store, CALL, call).claim
    assert claim is not None
    assert claim.owner == person(winner).user
    assert [entry.kind for entry in entries_of(desk, call)].count("call.claimed") == 1


# -- rights ------------------------------------------------------------------------------------------------------------

Doing = Callable[[Desk, SignIn, "dict[str, UUID]"], object]

DOINGS: dict[str, tuple[str, Doing]] = {
    "enter": ("call.entered", lambda desk, who, ids: flags.enter_call(desk, who, "9", "X", "Y")),
    "flag": ("call.flagged", lambda desk, who, ids: flags.flag(desk, who, ids["call"], "other")),
    "withdraw": ("call.flag-withdrawn", lambda desk, who, ids: flags.withdraw_flag(desk, who, ids["flagged"], "r")),
    "waiting": ("call.officer-waiting", lambda desk, who, ids: flags.officer_waiting(desk, who, ids["call"], True)),
    "fallback": (
        "call.fallback-taken",
        lambda desk, who, ids: flags.take_fallback(desk, who, ids["flagged"], "CIT officer"),
    ),
    "claim": ("call.claimed", lambda desk, who, ids: encounters.claim_and_begin(desk, who, ids["flagged"])),
    "take over": (
        "call.taken-over",
        lambda desk, who, ids: encounters.take_over_and_begin(desk, who, ids["claimed"], "r"),
    ),
    "screen": ("call.screened", lambda desk, who, ids: calls.screen(desk, who, ids["call"], {}, "eligible")),
    "fact": (
        "call.fact-stated",
        lambda desk, who, ids: calls.state_fact(desk, who, ids["call"], "animals", "x", "caller"),
    ),
    "contact": ("call.contacted", lambda desk, who, ids: calls.contact(desk, who, ids["call"], "live")),
    "line": ("call.line-changed", lambda desk, who, ids: calls.line(desk, who, ids["call"], "on")),
    "level": ("call.leveled", lambda desk, who, ids: calls.level(desk, who, ids["mine"], Level.LOW, "r")),
    "advise": ("call.advised", lambda desk, who, ids: calls.advise(desk, who, ids["call"], ("phone",))),
    "read advice": (
        "call.advice-acknowledged",
        lambda desk, who, ids: calls.acknowledge_advice(desk, who, ids["claimed"], ids["advice"]),
    ),
    "message": ("call.messaged", lambda desk, who, ids: calls.message(desk, who, ids["call"], "x")),
    "alarm": ("call.alarm-acknowledged", lambda desk, who, ids: calls.acknowledge_alarm(desk, who, ids["call"], "x")),
    "responders": (
        "call.responders-confirmed",
        lambda desk, who, ids: calls.confirm_responders(desk, who, ids["call"], "P1"),
    ),
    "dispose": (
        "call.disposed",
        lambda desk, who, ids: encounters.dispose_and_end(
            desk, who, ids["mine"], Disposal("not-behavioral", RollUp.UNKNOWN)
        ),
    ),
    "reopen": ("call.reopened", lambda desk, who, ids: calls.reopen(desk, who, ids["disposed"], "r")),
    "outcome": (
        "call.outcome-recorded",
        lambda desk, who, ids: calls.record_outcome(desk, who, ids["call"], "home", "officer"),
    ),
    "start": ("encounter.started", lambda desk, who, ids: encounters.start(desk, who, "transferred")),
    "bind": ("encounter.bound", lambda desk, who, ids: encounters.bind(desk, who, ids["encounter"], ids["call"])),
    "note": ("encounter.noted", lambda desk, who, ids: encounters.note(desk, who, ids["encounter"], "x")),
    "amend": (
        "encounter.note-amended",
        lambda desk, who, ids: encounters.amend_note(desk, who, ids["encounter"], ids["note"], "x"),
    ),
    "clinical fact": (
        "encounter.fact-stated",
        lambda desk, who, ids: encounters.state_fact(desk, who, ids["encounter"], "name", "x", "caller"),
    ),
    "close": ("encounter.closed", lambda desk, who, ids: encounters.close(desk, who, ids["encounter"])),
    "judge a match": (
        "encounter.match-judged",
        lambda desk, who, ids: encounters.judge_match(desk, who, ids["encounter"], ids["call"], True),
    ),
    "go on": ("encounter.resumed", lambda desk, who, ids: encounters.resume(desk, who, ids["ended"])),
}


@pytest.fixture
def ids(desk: Desk, call: UUID) -> dict[str, UUID]:
    """Subjects to act on, one for each situation."""
    dispatcher, clinician = person("second dispatcher"), person("second clinician")
    flagged, _ = flags.enter_call(desk, dispatcher, "2", "X", "Y")
    flags.flag(desk, dispatcher, flagged, "other")
    claimed, _ = flags.enter_call(desk, dispatcher, "3", "X", "Y")
    encounters.claim_and_begin(desk, clinician, claimed)
    (advice,) = calls.advise(desk, clinician, claimed, ("phone",)).entries
    disposed, _ = flags.enter_call(desk, dispatcher, "4", "X", "Y")
    encounters.claim_and_begin(desk, clinician, disposed)
    encounters.dispose_and_end(desk, clinician, disposed, Disposal("not-behavioral", RollUp.UNKNOWN))
    first = person("clinician")
    mine, _ = flags.enter_call(desk, dispatcher, "5", "X", "Y")
    encounters.claim_and_begin(desk, first, mine)
    encounter, _ = encounters.start(desk, first, "transferred")
    (note,) = encounters.note(desk, first, encounter, "a line").entries
    ended, _ = encounters.start(desk, first, "transferred")
    encounters.close(desk, first, ended)
    return {
        "call": call,
        "flagged": flagged,
        "claimed": claimed,
        "mine": mine,
        "disposed": disposed,
        "advice": advice,
        "encounter": encounter,
        "note": note,
        "ended": ended,
    }


@pytest.mark.parametrize("what", DOINGS)
def test_whoever_may_do_it_can_and_nobody_else(desk: Desk, ids: dict[str, UUID], what: str) -> None:
    kind, doing = DOINGS[what]
    refused = [name for name, roles in ROLES.items() if WRITERS[kind].isdisjoint(roles)]
    assert refused
    before = entry_count(desk.store)
    for name in refused:
        with pytest.raises(NotAllowed):
            doing(desk, person(name), ids)
    assert entry_count(desk.store) == before
    allowed = next(name for name in ROLES if name not in refused)
    doing(desk, person(allowed), ids)
    assert entry_count(desk.store) > before


def test_the_table_of_doings_covers_what_people_do_with_calls_and_encounters() -> None:
    kinds = {kind for kind in WRITERS if kind.startswith(("call.", "encounter."))}
    assert {kind for kind, _ in DOINGS.values()} == kinds - {"call.released", "call.suggestion-dismissed"}


@pytest.mark.parametrize("name", ["dispatcher", "supervisor", "auditor", "only administrator"])
def test_a_refusal_says_nothing_of_a_clinical_subject(desk: Desk, ids: dict[str, UUID], name: str) -> None:
    """Not even whether it is there, nor whether it holds what one guesses."""
    encounters.state_fact(desk, person("clinician"), ids["encounter"], "name", "Jo", "person")
    for encounter in (ids["encounter"], named("no encounter")):
        with pytest.raises(NotAllowed, match="may not read the clinical record"):
            encounters.state_fact(desk, person(name), encounter, "name", "Jo", "person")
        with pytest.raises(NotAllowed):
            encounters.close(desk, person(name), encounter)


@pytest.mark.parametrize("name", ["auditor", "only administrator"])
def test_a_refusal_says_nothing_of_a_call_to_who_may_not_read_calls(
    desk: Desk, ids: dict[str, UUID], name: str
) -> None:
    with pytest.raises(NotAllowed, match="may not read the operations record"):
        encounters.claim_and_begin(desk, person(name), ids["claimed"])


def test_a_sign_in_says_what_it_may(clinician: SignIn, auditor: SignIn) -> None:
    assert clinician.may(CallMessaged.KIND)
    assert not auditor.may(CallEntered.KIND)
    assert auditor.reads(Audience.AUDIT)
    assert not clinician.reads(Audience.AUDIT)
    found = aggregate_of("encounter.noted")
    assert found is ENCOUNTER


# -- small helpers -----------------------------------------------------------------------------------------------------


def test_words_are_trimmed_and_bounded() -> None:
    assert words("  a \n", "The note", most=10) == "a"
    with pytest.raises(KnownError, match="The note is missing"):
        words(" \n\t", "The note", most=10)
    assert words("x" * 10, "The note", most=10) == "x" * 10
    with pytest.raises(KnownError, match="The note has 11 characters; at most 10 fit"):
        words("x" * 11, "The note", most=10)


def test_a_code_is_one_of_the_list() -> None:
    assert one_of("a", ("a", "b"), "letter") == "a"
    with pytest.raises(KnownError, match=r"'c' is not a letter. Known: a, b\."):
        one_of("c", ("a", "b"), "letter")


# -- rights as the record has them now ---------------------------------------------------------------------------------


def test_who_was_disabled_meanwhile_does_nothing_more(
    desk: Desk, call: UUID, clinician: SignIn, administrator: SignIn
) -> None:
    people.set_enabled(desk, administrator, clinician.user, False)
    before = entry_count(desk.store)
    with pytest.raises(NotAllowed, match="Clinician may no longer sign in here"):
        encounters.claim_and_begin(desk, clinician, call)
    assert entry_count(desk.store) == before
    people.set_enabled(desk, administrator, clinician.user, True)
    encounters.claim_and_begin(desk, clinician, call)


def test_a_role_that_was_taken_away_is_gone_at_once(
    desk: Desk, call: UUID, clinician: SignIn, administrator: SignIn
) -> None:
    encounter, _ = encounters.start(desk, clinician, "transferred")
    people.set_roles(desk, administrator, clinician.user, (Role.DISPATCHER,))
    before = entry_count(desk.store)
    for attempt in (
        lambda: encounters.claim_and_begin(desk, clinician, call),
        lambda: encounters.note(desk, clinician, encounter, "x"),
    ):
        with pytest.raises(NotAllowed, match=r"Your roles were changed.*Sign in again"):
            attempt()
    assert entry_count(desk.store) == before
    calls.message(desk, clinician, call, "what a dispatcher may do is still done")


def test_a_role_that_was_given_is_there_at_once(
    desk: Desk, call: UUID, dispatcher: SignIn, administrator: SignIn
) -> None:
    people.set_roles(desk, administrator, dispatcher.user, (Role.DISPATCHER, Role.CLINICIAN))
    encounters.claim_and_begin(desk, dispatcher, call)


def test_an_administrator_no_more_sets_nobodys_password(desk: Desk, administrator: SignIn, dispatcher: SignIn) -> None:
    people.set_roles(desk, person("only administrator"), administrator.user, (Role.SUPERVISOR,))
    with pytest.raises(NotAllowed, match="Your roles were changed"):
        people.set_password(desk, administrator, dispatcher.user, "quilt-harvest-91")


def test_somebody_who_is_nobody_here_does_nothing(desk: Desk, call: UUID) -> None:
    stranger = SignIn(named("stranger"), "stranger", "Stranger", frozenset(Role))
    with pytest.raises(NotAllowed, match="not one of the people of this center"):
        calls.message(desk, stranger, call, "hello")
