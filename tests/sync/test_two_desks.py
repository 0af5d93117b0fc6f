"""Two desks on a real server: what one enters the other has; what is not its own it never gets."""

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from console.actions import calls, encounters, people
from console.actions.acting import acting
from console.actions.calls import Disposal
from console.actions.directory import import_services
from console.errors import KnownError, NotAllowed
from console.models.call import CallClaimed, CallEntered, CallFlagged, CallMessaged, Level, RollUp
from console.models.call_fold import CALL
from console.models.encounter import EncounterNoted, EncounterStarted
from console.models.store import exchange, subjects
from console.models.store.store import Store
from console.queries.alarms import alarms
from console.queries.board import NO_SOURCE
from console.queries.desks import desks
from console.queries.workspace import workspace
from console.sync import joining
from console.sync.events import Standing
from console.sync.lines import NoWebsocket, Websocket
from tests.regional.servers import Server
from tests.support.clock import AheadClock
from tests.support.desk import KEY, person
from tests.support.entries import CENTER, Author, at
from tests.support.plain_pages import plain_pages
from tests.support.sharing import SharingDesk, until
from tests.sync.conftest import Join
from wire.messages import MOST_ENTRIES

CANARY = "heliotrope canary in clinical words"


def a_call(desk: SharingDesk, who: str = "clinician") -> UUID:
    """A call that somebody entered by hand."""
    call = uuid4()
    desk.enter(who, (call, CallEntered("26-1", "WELFARE CHECK", "1 Main St", at())))
    return call


def test_what_one_desk_enters_the_other_has_and_the_reverse(join: Join) -> None:
    first, second = join(), join("operations")
    until(lambda: second.order("northside/administration"), "the administration")
    call = a_call(first)
    until(lambda: second.order("northside/operations"), "the call")
    (flag,) = second.enter("dispatcher", (call, CallFlagged("risk", at(), "he says goodbye")))
    until(lambda: first.holds(flag), "the flag")
    until(lambda: first.settled() and second.settled(), "rest")
    assert first.order("northside/operations") == second.order("northside/operations")


def test_a_desk_that_worked_alone_brings_everything_it_made(join: Join) -> None:
    first = join()
    until(lambda: not first.waiting() and first.settled(), "everything to go up")
    second = join()
    until(lambda: second.order("northside/administration") == first.order("northside/administration"), "the center")


def test_an_act_of_more_entries_than_a_push_of_several_takes_goes_up_whole_and_holds_up_nothing(join: Join) -> None:
    """4. The entries of one act MUST be accepted or refused together."""
    first, second = join(), join("operations")
    call = a_call(first)
    said = first.enter("dispatcher", *((call, CallMessaged(at(), f"line {each}")) for each in range(MOST_ENTRIES + 1)))
    behind = first.enter("dispatcher", (call, CallMessaged(at(), "behind it")))
    until(lambda: second.holds(*said), "the large act")
    until(lambda: second.holds(*behind), "what was entered behind it")


def test_a_directory_of_any_size_goes_up_a_service_at_a_time(join: Join, tmp_path: Path) -> None:
    first, second = join(), join("operations")
    file = tmp_path / "services.csv"
    rows = (f"s{each},Warm line {each},555-0101,shelter,24/7" for each in range(MOST_ENTRIES + 1))
    file.write_text("id,name,phone,needs,hours\n" + "\n".join(rows) + "\n")
    done = import_services(first.desk, person("administrator"), file)
    assert done.added == MOST_ENTRIES + 1
    with first.store.read() as connection:
        acts = "SELECT count(DISTINCT act) FROM entry WHERE kind = 'service.described'"
        assert connection.exec_driver_sql(acts).scalar_one() == done.added
    until(lambda: second.holds(*done.changes.entries), "the directory")


def test_an_operations_desk_holds_no_clinical_byte(join: Join) -> None:
    """8. The server MUST hand a desk no entry of a journal that it was not enrolled for."""
    first, second = join(), join("operations")
    call, encounter = a_call(first), uuid4()
    first.enter(
        "clinician",
        (encounter, EncounterStarted(at(), "flag", call)),
        (encounter, EncounterNoted(at(), CANARY)),
        (call, CallMessaged(at(), "said to dispatch")),
    )
    until(lambda: len(second.order("northside/operations")) == 2, "the message")
    until(lambda: first.settled() and second.settled(), "rest")
    with second.store.read() as connection:
        journals = set(connection.exec_driver_sql("SELECT DISTINCT journal FROM entry").scalars())
        assert "lakeside/clinical" not in journals
        said = connection.exec_driver_sql("SELECT count(*) FROM entry WHERE body LIKE ?", (f"%{CANARY}%",))
        assert said.scalar_one() == 0
    second.stop()
    held = plain_pages(second.store.path, KEY)
    assert CANARY.encode() not in held
    assert b"said to dispatch" in held, "the scan reads what there is"
    with pytest.raises(KnownError, match="stores no clinical entry"):  # not even from a server that sends it
        second.store.append([Author(center=CENTER).write(uuid4(), EncounterNoted(at(), CANARY))])


def test_fifty_claims_at_once_give_one_owner_everywhere_and_lose_no_word(join: Join) -> None:
    """I6, I7: one holder of a call, the same at every desk; what those who came second did stays to be seen."""
    desks = [join() for _ in range(5)]
    until(lambda: all(desk.order("northside/administration") for desk in desks), "the administration")
    call = a_call(desks[0])
    until(lambda: all(desk.order("northside/operations") for desk in desks), "the call")

    def claim(number: int) -> UUID | None:
        desk = desks[number % 5]
        who = ("clinician", "second clinician")[number % 2]
        try:
            claimed, _ = desk.enter(who, (call, CallClaimed(at())), (call, CallMessaged(at(), f"words {number}")))
        except KnownError:
            return None  # somebody at this very desk has it already
        return claimed

    with ThreadPoolExecutor(50) as pool:
        claims = [entry for entry in pool.map(claim, range(50)) if entry is not None]
    until(lambda: all(desk.holds(*claims) and desk.settled() for desk in desks), "all claims")
    states = []
    for desk in desks:
        with desk.store.read() as connection:
            folded = subjects.state(connection, CALL, call)
        assert folded is not None
        states.append(folded)
    assert all(state == states[0] for state in states)
    assert states[0].state is not None
    assert states[0].state.claim is not None
    assert states[0].state.claim.owner in {person("clinician").user, person("second clinician").user}
    assert len(claims) > 1, "there was a race"
    assert len(states[0].state.thread) == len(claims), "the losers keep their words"


@pytest.mark.parametrize(("warned", "counts"), [(Level.CRITICAL, Level.CRITICAL), (Level.LOW, Level.MEDIUM)])
def test_of_two_who_took_a_call_alone_only_the_owner_ends_it_and_a_warning_of_either_counts(
    join: Join, warned: Level, counts: Level
) -> None:
    first, second = join(), join()
    winner, loser = person("clinician"), person("second clinician")
    until(lambda: second.order("northside/administration"), "the administration")
    call = a_call(first)
    until(lambda: second.order("northside/operations") and first.settled() and second.settled(), "the call")
    first.stop()
    second.stop()
    encounters.claim_and_begin(first.desk, winner, call)
    calls.level(first.desk, winner, call, Level.MEDIUM, "upset")
    encounters.claim_and_begin(second.desk, loser, call)
    calls.level(second.desk, loser, call, warned, "as he says")
    encounters.dispose_and_end(
        second.desk, loser, call, Disposal("phone-resolved", RollUp.DIVERTED, no_contact_reason="he rang off")
    )
    for desk in (first, second):
        desk.standing = None
    first.start()
    until(lambda: first.settled() and not first.waiting(), "the first claim to be ordered")
    second.start()
    until(lambda: second.settled() and not second.waiting(), "the second desk's work to be ordered")
    until(lambda: first.order("northside/operations") == second.order("northside/operations"), "all of it")
    pages = [workspace(desk.desk, winner, call) for desk in (first, second)]
    assert pages[0].state == pages[1].state
    assert pages[0].senseless == pages[1].senseless
    state = pages[0].state
    assert state is not None
    assert state.claim is not None
    assert (state.claim.owner, state.disposition, state.level) == (winner.user, None, counts)
    for desk in (first, second):
        assert "your disposition" in workspace(desk.desk, loser, call).uncounted
        (told,) = (alarm for alarm in alarms(desk.desk, loser, NO_SOURCE) if alarm.key.startswith("lost:"))
        assert told.detail.startswith(winner.display_name)
        raised = [alarm for alarm in alarms(desk.desk, winner, NO_SOURCE) if alarm.key.startswith("rise:")]
        assert len(raised) == (warned is Level.CRITICAL), "the owner hears of the warning"
    encounters.dispose_and_end(
        first.desk, winner, call, Disposal("phone-resolved", RollUp.UNKNOWN, no_contact_reason="he rang off")
    )
    until(lambda: workspace(second.desk, loser, call).state.disposition is not None, "the owner's disposition")  # type: ignore[union-attr]


def test_a_grave_warning_from_a_desk_that_was_alone_is_heard_though_the_call_was_disposed_of(join: Join) -> None:
    first, second = join(), join()
    winner, loser, dispatcher = person("clinician"), person("second clinician"), person("dispatcher")
    until(lambda: second.order("northside/administration"), "the administration")
    call = a_call(first)
    until(lambda: second.order("northside/operations") and second.settled(), "the call")
    second.stop()
    encounters.claim_and_begin(second.desk, loser, call)
    calls.level(second.desk, loser, call, Level.CRITICAL, "he has a rope")
    encounters.claim_and_begin(first.desk, winner, call)
    calls.level(first.desk, winner, call, Level.LOW, "calm")
    encounters.dispose_and_end(
        first.desk, winner, call, Disposal("phone-resolved", RollUp.DIVERTED, no_contact_reason="he rang off")
    )
    until(lambda: first.settled() and not first.waiting(), "the disposition to be ordered")
    second.start()
    until(lambda: second.settled() and not second.waiting(), "the second desk's work to be ordered")
    until(lambda: first.order("northside/operations") == second.order("northside/operations"), "all of it")
    for desk in (first, second):
        for hears in (winner, dispatcher):
            (alarm,) = (each for each in alarms(desk.desk, hears, NO_SOURCE) if each.key.startswith("rise:"))
            assert (alarm.tier, alarm.detail) == ("alarm", "Level raised to CRITICAL, and the call is disposed of")
    calls.acknowledge_alarm(first.desk, winner, call, alarm.key)
    assert not [each for each in alarms(first.desk, dispatcher, NO_SOURCE) if not each.acknowledged_by]


def test_an_entry_tells_how_far_its_desk_s_clock_is_from_the_server_s(join: Join) -> None:
    first, second = join(clock=AheadClock(3_600)), join()
    until(lambda: first.standing is not None and first.standing.offset is not None, "a beat")
    call = a_call(first)
    until(lambda: second.order("northside/operations"), "the call")
    with second.store.read() as connection:
        told = connection.exec_driver_sql("SELECT offset FROM entry WHERE subject = ?", (call.bytes,)).scalar_one()
    assert abs(told / 1e6 + 3_600) < 60


def test_an_operations_desk_keeps_nothing_clinical_whoever_sits_at_it(join: Join) -> None:
    """8. A desk that was enrolled for operations MUST NOT keep a clinical word, whoever signs in there …"""
    first, second = join(), join("operations")
    call = a_call(first)
    until(lambda: second.order("northside/operations"), "the call")
    with pytest.raises(NotAllowed, match="enrolled for operations"):
        second.enter("clinician", (uuid4(), EncounterStarted(at(), "flag", call)))
    second.enter("clinician", (call, CallClaimed(at())))
    second.stop()
    second.store.close()
    second.store = Store.open(second.home, KEY)
    with pytest.raises(NotAllowed, match="enrolled for operations"):
        second.enter("clinician", (uuid4(), EncounterStarted(at(), "flag", call)))
    first.enter("clinician", (uuid4(), EncounterStarted(at(), "flag", call)))


def test_a_desk_that_holds_a_clinical_record_becomes_no_operations_desk(tmp_path: Path, server: Server) -> None:
    with closing(SharingDesk(tmp_path / "desk", first=True)) as desk:
        desk.enter("clinician", (uuid4(), EncounterStarted(at(), "flag", a_call(desk))))
        code = server.code("Northside", "operations")
        for ask in (joining.look, joining.join):
            with pytest.raises(KnownError, match="--audience clinical"):
                ask(desk.store, server.url, code)
        assert not desk.store.shares
        desk.join(server.url, server.code("Northside", "clinical"))
        until(desk.settled, "everything to go up")


def test_a_desk_that_keeps_another_provider_s_record_is_refused_with_both_names(
    join: Join, tmp_path: Path, server: Server
) -> None:
    until(join().settled, "the center")
    with closing(SharingDesk(tmp_path / "desk", first=True)) as desk:
        alone = replace(desk.desk, provider="riverside")
        with acting(alone, person("clinician")) as act:
            act.add(uuid4(), EncounterStarted(at(), "phone", None))
        with pytest.raises(KnownError, match=r"lakeside.*riverside"):
            joining.join(desk.store, server.url, server.code("Northside", "clinical"))
        assert not desk.store.shares


def test_from_the_joining_on_the_clinical_record_is_the_center_s_provider_s(
    join: Join, tmp_path: Path, server: Server
) -> None:
    until(join().settled, "the center")
    with closing(SharingDesk(tmp_path / "desk", first=True)) as desk:
        running = replace(desk.desk, provider="riverside")  # set up so, and with nothing clinical yet
        joining.join(desk.store, server.url, server.code("Northside", "clinical"))
        for again in (False, True):
            encounter = uuid4()
            with acting(running, person("clinician")) as act:
                act.add(encounter, EncounterStarted(at(), "officer", None))
            with desk.store.read() as connection:
                stands = connection.exec_driver_sql("SELECT journal FROM entry WHERE subject = ?", (encounter.bytes,))
                assert stands.scalar_one() == "lakeside/clinical", f"opened again: {again}"
            desk.store.close()
            desk.store = Store.open(desk.home, KEY)
            running = replace(running, store=desk.store)


def test_what_somebody_enters_for_another_provider_while_the_desk_joins_stops_the_joining(
    join: Join, tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    until(join().settled, "the center")
    with closing(SharingDesk(tmp_path / "desk", first=True)) as desk:
        asked = joining._ask

        def meanwhile(*given: Any, look: bool) -> Any:
            found = asked(*given, look=look)
            if not look:
                with acting(replace(desk.desk, provider="riverside"), person("clinician")) as act:
                    act.add(uuid4(), EncounterStarted(at(), "officer", None))
            return found

        monkeypatch.setattr(joining, "_ask", meanwhile)
        with pytest.raises(KnownError, match=r"lakeside.*riverside"):
            joining.join(desk.store, server.url, server.code("Northside", "clinical"))
        assert not desk.store.shares


def test_a_joining_whose_answer_was_lost_is_done_again_with_the_same_code(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(SharingDesk(tmp_path / "desk", first=True)) as desk:
        code = server.code("Northside", "clinical")
        with monkeypatch.context() as cut:
            cut.setattr(exchange, "begin", _power_cut)
            with pytest.raises(KnownError, match="power"):
                joining.join(desk.store, server.url, code)
        assert not desk.store.shares
        desk.join(server.url, code)
        until(desk.settled, "everything to go up")


def _power_cut(*_: object, **__: object) -> None:
    raise KnownError("the power went off")


def test_where_no_websocket_can_be_had_requests_carry_all_of_it_and_nobody_is_away(
    join: Join, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)

    async def none(*_: object) -> None:
        raise NoWebsocket("a proxy in between")

    monkeypatch.setattr(Websocket, "open", none)
    first, second = join(), join("operations")
    until(lambda: first.settled() and second.settled(), "rest")
    second.stop()
    told: list[Standing] = []
    monkeypatch.setattr(
        second, "_tell", lambda standing: (told.append(standing), setattr(second, "standing", standing))
    )
    second.standing = None
    second.start()
    until(second.settled, "to be live")
    told.clear()
    for _ in range(3):
        before = len(first.order("northside/operations"))
        a_call(first)
        until(lambda before=before: len(second.order("northside/operations")) > before, "the call")  # type: ignore[misc]
    until(lambda: first.settled() and second.settled(), "rest")
    assert all(standing.since is None for standing in told)


def test_a_desk_that_found_no_websocket_goes_on_with_one_as_soon_as_it_can_be_had(
    join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.sync.lines.LIVE_EVERY", 0.05)
    opens, fails = Websocket.open, iter([True, True, True])

    async def slow(*words: Any) -> Websocket:
        if next(fails, False):
            raise NoWebsocket("it took too long")
        return await opens(*words)

    monkeypatch.setattr(Websocket, "open", slow)
    desk = join()
    until(lambda: desk.link is not None and isinstance(desk.link._line, Websocket), "a websocket")
    until(desk.settled, "rest")


def test_a_revoked_desk_joins_again_with_a_new_code_and_sends_what_waited(join: Join, server: Server) -> None:
    first, second = join(), join("operations")
    until(lambda: second.order("northside/administration") and first.settled(), "rest")
    server.command("revoke", "--center", "Northside", "--desk", "B")
    until(lambda: second.standing is not None and "revoked this desk" in second.standing.says, "to be told")
    second.stop()
    call = a_call(second, "dispatcher")
    again = joining.look(second.store, server.url, server.code(audience="operations"))
    assert again.shared == (), "its people are the center's already"
    assert second.waiting() == 1
    second.join(server.url, server.code(audience="operations"))
    until(lambda: second.settled() and not second.waiting(), "what waited")
    until(lambda: first.order("northside/operations") == second.order("northside/operations") != [], "the call")
    with first.store.read() as connection:
        assert subjects.state(connection, CALL, call) is not None


def test_a_desk_that_is_retired_at_another_is_out_and_listed_so_until_it_joins_again(
    join: Join, server: Server
) -> None:
    first, second = join(), join("operations")
    lost = second.store.enrolment
    until(lambda: first.settled() and any(each.desk == lost for each in desks(first.desk, None)), "both to be listed")
    people.retire_desk(first.desk, person("administrator"), lost)
    until(
        lambda: (
            second.standing is not None
            and "An administrator of the center has retired this desk" in second.standing.says
        ),
        "to be told",
    )
    assert next(each for each in desks(first.desk, None) if each.desk == lost).says == "B: retired"
    second.stop()
    second.join(server.url, server.code(audience="operations"))
    for desk in (first, second):
        until(lambda desk=desk: not any(each.retired for each in desks(desk.desk, None)), "to be listed again")  # type: ignore[misc]


def test_a_desk_gets_another_audience_with_a_new_code(join: Join, server: Server) -> None:
    first, second = join(), join("operations")
    call = a_call(first)
    encounter = uuid4()
    (started,) = first.enter("clinician", (encounter, EncounterStarted(at(), "call-back", call)))
    until(lambda: first.settled() and second.settled() and second.order("northside/operations"), "rest")
    assert not second.store.clinical
    second.stop()
    second.join(server.url, server.code())
    until(lambda: second.holds(started), "the clinical record")
    assert second.store.clinical
