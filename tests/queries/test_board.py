"""The board: which calls a view shows, in which order, and what a row says of each."""

from uuid import UUID

import pytest

from console.actions import calls, encounters, flags
from console.actions.acting import acting
from console.actions.calls import Disposal
from console.errors import KnownError, NotAllowed, NotFound
from console.models.call import CallFlagged, CallFlagSuggested, CallLeveled, Level, RollUp
from console.models.encounter import EncounterNoted
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.queries.advice import waiting_advice
from console.queries.board import Board, BoardRow, View, board
from console.queries.finding import call_by_number
from console.queries.listing import call_line, call_lines, plain_call, plain_line, whole_call
from console.queries.note import note_text
from console.queries.status import desk_status
from console.queries.workspace import workspace
from tests.support.clock import FixedClock
from tests.support.desk import Cad, entry_count, person
from tests.support.entries import Author, named


def suggest(desk: Desk, call: UUID, why: str = "words: goodbye") -> None:
    body = CallFlagSuggested("words", why, desk.clock.now())
    desk.store.append([Author(f"rule {call}", center="northside").derive(call, body)])


def flagged(desk: Desk, cad: Cad, clock: FixedClock, number: str, level: Level | None = None) -> UUID:
    call = cad.call(number)
    flags.flag(desk, person("dispatcher"), call, "suicidal")
    if level is not None:
        with acting(desk, person("clinician")) as act:
            act.add(call, CallLeveled(act.now, level, "r"))
    clock.advance(10)
    return call


def numbers(found: Board) -> list[str]:
    return [row.number for row in found.rows]


def row_of(desk: Desk, sign_in: SignIn, call: UUID) -> BoardRow:
    (row,) = (row for row in board(desk, sign_in, View.OPEN).rows if row.call == call)
    return row


def test_a_rules_suggestion_and_a_code_typed_in_cad_each_say_why(
    desk: Desk, cad: Cad, dispatcher: SignIn, clinician: SignIn
) -> None:
    call = cad.call("1")
    suggest(desk, call, 'words "goodbye"')
    assert row_of(desk, dispatcher, call).suggestion == 'words "goodbye"'
    assert not row_of(desk, dispatcher, call).flagged
    typed = CallFlagged("cad-code", desk.clock.now(), "sister asks", "cad", "D2")
    desk.store.append([Author("cad", center="northside").derive(call, typed)])
    row = row_of(desk, dispatcher, call)
    assert (row.flagged, row.flag_reason, row.flag_words) == (True, "Code typed in CAD", "sister asks")
    assert (row.flag_source, row.flagged_by, row.suggestion) == ("cad", "D2 in CAD", "")
    whole = "\n".join(plain_call(whole_call(desk, dispatcher, call)))
    note = note_text(workspace(desk, clinician, call), desk.zone)
    assert 'flag suggested by rule words: words "goodbye"' in whole
    assert "flagged by D2 in CAD: cad-code: sister asks" in whole
    assert 'by rule words: words "goodbye"' in note
    assert "by D2 in CAD: Code typed in CAD (sister asks)" in note


def test_a_flag_raised_here_says_who_raised_it(desk: Desk, cad: Cad, dispatcher: SignIn, clinician: SignIn) -> None:
    call, taken = cad.call("1"), cad.call("2")
    flags.flag(desk, dispatcher, call, "suicidal")
    encounters.claim_and_begin(desk, clinician, taken)
    assert row_of(desk, clinician, call).flagged_by == "Dispatcher"
    assert row_of(desk, clinician, taken).flag_reason == "Taken by a clinician, not flagged before"


def test_the_worst_stands_first_then_who_waits_longest(
    desk: Desk, cad: Cad, clock: FixedClock, dispatcher: SignIn
) -> None:
    flagged(desk, cad, clock, "low", Level.LOW)
    flagged(desk, cad, clock, "high, later", Level.HIGH)
    flagged(desk, cad, clock, "critical", Level.CRITICAL)
    flagged(desk, cad, clock, "not leveled", None)
    flagged(desk, cad, clock, "medium", Level.MEDIUM)
    waiting = flagged(desk, cad, clock, "low, officer waits", Level.LOW)
    flags.officer_waiting(desk, dispatcher, waiting, True)
    flagged(desk, cad, clock, "high, last", Level.HIGH)
    suggested = cad.call("suggested")
    suggest(desk, suggested)
    cad.call("older, nobody flagged")
    clock.advance(10)
    cad.call("newer, nobody flagged")
    assert numbers(board(desk, dispatcher, View.OPEN)) == [
        "critical",
        "not leveled",
        "low, officer waits",
        "high, later",
        "high, last",
        "medium",
        "low",
        "suggested",
        "newer, nobody flagged",
        "older, nobody flagged",
    ]


def test_each_view_holds_its_own(desk: Desk, cad: Cad, clock: FixedClock, clinician: SignIn) -> None:
    flagged(desk, cad, clock, "flagged")
    mine = flagged(desk, cad, clock, "mine")
    encounters.claim_and_begin(desk, clinician, mine)
    suggest(desk, cad.call("suggested"))
    cad.call("plain")
    done = flagged(desk, cad, clock, "done")
    encounters.claim_and_begin(desk, clinician, done)
    encounters.dispose_and_end(desk, clinician, done, Disposal("not-behavioral", RollUp.UNKNOWN))
    cad.pictures(cad.call("closed"), number="closed", closed=True)
    shown = {view: set(numbers(board(desk, clinician, view))) for view in View}
    assert shown[View.FLAGGED] == {"flagged", "mine", "suggested"}
    assert shown[View.MINE] == {"mine"}
    assert shown[View.OPEN] == {"flagged", "mine", "suggested", "plain"}
    assert shown[View.RECENT] == {"flagged", "mine", "suggested", "plain", "done", "closed"}
    assert board(desk, clinician, View.MINE).counts == {"flagged": 2, "mine": 1, "open": 4}


def test_a_row_says_who_has_the_call_and_since_when(
    desk: Desk, cad: Cad, clock: FixedClock, clinician: SignIn, dispatcher: SignIn
) -> None:
    call = cad.call("1", place="1 Elm St", priority="2", units=("P1", "P2"), caller="a neighbor")
    at_start = clock.now()
    clock.advance(30)
    flags.flag(desk, dispatcher, call, "suicidal", "says goodbye")
    clock.advance(30)
    encounters.claim_and_begin(desk, clinician, call)
    clock.advance(30)
    calls.contact(desk, clinician, call, "live")
    row = row_of(desk, clinician, call)
    assert (row.number, row.type_text, row.place, row.cad_priority, row.units) == (
        "1",
        "WELFARE CHECK",
        "1 Elm St",
        "2",
        "P1, P2",
    )
    assert (row.flag_reason, row.flag_words, row.headline) == ("Suicidal talk or act", "says goodbye", "says goodbye")
    assert row.reported_at == at_start
    assert row.flagged_at is not None
    assert row.claimed_at is not None
    assert row.contacted_at is not None
    assert row.flagged_at < row.claimed_at < row.contacted_at
    assert (row.owner_name, row.mine, row.on_line, row.fallback) == ("Clinician", True, True, "")
    assert not row_of(desk, dispatcher, call).mine


def test_a_call_that_becomes_behavioral_says_what_it_was(
    desk: Desk, cad: Cad, clock: FixedClock, dispatcher: SignIn
) -> None:
    call = cad.call("1")
    cad.call("2")
    clock.advance(600)
    cad.pictures(call, number="1", type_text="CRISIS", behavioral=True)
    assert numbers(board(desk, dispatcher, View.OPEN)) == ["1", "2"]
    row = row_of(desk, dispatcher, call)
    assert (row.type_text, row.type_before, row.resurfaced_at) == ("CRISIS", "WELFARE CHECK", clock.now())


def test_the_fallback_is_said_while_nobody_can_take_the_call(
    desk: Desk, cad: Cad, clock: FixedClock, clinician: SignIn, dispatcher: SignIn
) -> None:
    first = flagged(desk, cad, clock, "first")
    second = flagged(desk, cad, clock, "second")
    assert row_of(desk, dispatcher, first).fallback == "CIT officer"
    desk.presence.arrive(clinician)
    assert row_of(desk, dispatcher, first).fallback == ""
    encounters.claim_and_begin(desk, clinician, first)
    assert row_of(desk, dispatcher, second).fallback == "CIT officer"
    desk.presence.arrive(person("second clinician"))
    assert row_of(desk, dispatcher, second).fallback == ""
    desk.presence.leave(person("second clinician"))
    flags.take_fallback(desk, dispatcher, second, "CIT officer")
    assert row_of(desk, dispatcher, second).fallback_taken


def test_words_keep_the_calls_that_hold_them_all(desk: Desk, cad: Cad, dispatcher: SignIn) -> None:
    cad.call("1", place="100 Main St", units=("P7",))
    cad.call("2", place="200 Main St")
    assert numbers(board(desk, dispatcher, View.OPEN, "MAIN p7")) == ["1"]
    assert len(board(desk, dispatcher, View.OPEN, " main ").rows) == 2
    assert numbers(board(desk, dispatcher, View.OPEN, "elm")) == []
    assert board(desk, dispatcher, View.OPEN, "elm").counts["open"] == 2


def test_an_old_suggestion_is_counted_and_no_longer_shown_among_the_flagged(
    desk: Desk, cad: Cad, clock: FixedClock, dispatcher: SignIn
) -> None:
    suggest(desk, cad.call("1"))
    assert numbers(board(desk, dispatcher, View.FLAGGED)) == ["1"]
    clock.advance(25 * 3600)
    cad.call("2")
    found = board(desk, dispatcher, View.FLAGGED)
    assert (numbers(found), found.older_suggestions) == ([], 1)


def test_advice_waits_until_dispatch_read_it(
    desk: Desk, cad: Cad, clock: FixedClock, clinician: SignIn, dispatcher: SignIn
) -> None:
    call = flagged(desk, cad, clock, "1")
    (advice,) = calls.advise(desk, clinician, call, ("phone",), "stay on the line").entries
    assert row_of(desk, dispatcher, call).advice_waiting
    (waiting,) = waiting_advice(desk, dispatcher)
    assert (waiting.advice, waiting.number, waiting.by_name) == (advice, "1", "Clinician")
    assert waiting.text.endswith("stay on the line")
    calls.acknowledge_advice(desk, dispatcher, call, advice)
    assert not row_of(desk, dispatcher, call).advice_waiting
    assert waiting_advice(desk, dispatcher) == ()


@pytest.mark.parametrize("name", ["auditor", "only administrator"])
def test_who_may_not_read_calls_sees_no_board(desk: Desk, cad: Cad, name: str) -> None:
    cad.call("1")
    for read in (
        lambda who: board(desk, who, View.OPEN),
        lambda who: waiting_advice(desk, who),
        lambda who: list(call_lines(desk, who, "open")),
        lambda who: call_by_number(desk, who, "1"),
        lambda who: whole_call(desk, who, cad.call("1")),
    ):
        with pytest.raises(NotAllowed, match="operations"):
            read(person(name))


# -- the same for commands ---------------------------------------------------------------------------------------------


def test_lines_of_a_command_are_the_board(desk: Desk, cad: Cad, clock: FixedClock) -> None:
    flagged(desk, cad, clock, "flagged", Level.HIGH)
    cad.call("plain")
    assert [line["number"] for line in call_lines(desk, None, "open")] == ["flagged", "plain"]
    (line,) = call_lines(desk, None, "flagged")
    assert (line["level"], line["flagged"], line["reason"]) == ("high", True, "Suicidal talk or act")
    assert line["flagged_at"] == "2026-11-21T22:00:00Z"
    assert line["claimed_at"] is None


def test_a_whole_call_without_a_sign_in_holds_nothing_clinical(desk: Desk, cad: Cad, clinician: SignIn) -> None:
    call = cad.call("1")
    encounters.claim_and_begin(desk, clinician, call)
    shown = whole_call(desk, None, call)
    assert shown["record"]["claim"]["owner"] == str(clinician.user)
    assert "encounter" not in shown
    with pytest.raises(NotFound):
        whole_call(desk, None, named("no call"))


def test_a_call_is_found_by_its_number_or_the_end_of_it(desk: Desk, cad: Cad, dispatcher: SignIn) -> None:
    first, second = cad.call("26-0117"), cad.call("26-0217")
    assert call_by_number(desk, dispatcher, " 26-0117 ") == first
    assert call_by_number(desk, dispatcher, "0217") == second
    with pytest.raises(KnownError, match="could be 26-0"):
        call_by_number(desk, dispatcher, "17")
    for nothing in ("99", "", " "):
        with pytest.raises(NotFound):
            call_by_number(desk, dispatcher, nothing)


def test_a_command_never_says_that_nobody_is_free(desk: Desk, cad: Cad, dispatcher: SignIn, clock: FixedClock) -> None:
    """It does not know who sits at the desktop; the desktop does, and says so."""
    call = flagged(desk, cad, clock, "1")
    assert row_of(desk, dispatcher, call).fallback == "CIT officer"
    (line,) = call_lines(desk, dispatcher, "flagged")
    assert [line["fallback"], call_line(desk, dispatcher, call)["fallback"]] == ["", ""]
    assert "nobody is free" not in plain_line(line)


def test_what_needs_attention_is_told_to_who_may_read_its_journal(
    desk: Desk, cad: Cad, auditor: SignIn, dispatcher: SignIn, clinician: SignIn
) -> None:
    note = Author(center="lakeside").write(named("no encounter"), EncounterNoted(desk.clock.now(), "words"))
    lost = Author("lost").write_text(cad.call("1"), "call.reopened", '{"at":"2026-11-21T22:00:00Z","reason":""}')
    desk.store.append([note, lost])
    told = {
        who.name: {each.kind for each in desk_status(desk, who).attention} for who in (auditor, dispatcher, clinician)
    }
    assert told == {
        "auditor": set(),
        "dispatcher": {"call.reopened"},
        "clinician": {"call.reopened", "encounter.noted"},
    }


def test_the_desk_tells_its_numbers_to_everyone(desk: Desk, cad: Cad, auditor: SignIn, dispatcher: SignIn) -> None:
    call = cad.call("1")
    desk.store.append(
        [Author().write_text(call, "call.released", '{"at":"2026-11-21T22:00:00Z","claim":"%s","reason":""}' % call)]  # noqa: UP031
    )
    status = desk_status(desk, auditor)
    assert (status.code, status.calls, status.open, status.flagged) == ("A", 1, 1, 0)
    assert status.entries == entry_count(desk.store)
    assert status.bytes > 0
    (attention,) = desk_status(desk, dispatcher).attention
    assert attention.kind == "call.released"
