"""Two people at two desks, each with a store of its own, and a server between them that comes and goes."""

from uuid import UUID

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.models.call_state import CallState
from console.queries.board import BoardRow
from tests.support.sitting import Person, sharing_a_drill

SEED = 82
WORDS = "neighbor says he gave his dog away"
ADVICE = "Units wait out of sight, I have him on the phone"


def test_a_flag_goes_to_the_other_desk_and_who_took_it_and_the_advice_come_back(
    qtbot: QtBot, qapp: QApplication
) -> None:
    with sharing_a_drill(qtbot, qapp, seed=SEED) as (clinician, dispatcher, _server):
        for person in (clinician, dispatcher):
            person.until(lambda person=person: server_of(person).startswith("Live"), "the desk to be live")
        call = flag_a_call(dispatcher)
        clinician.until(lambda: flag_words(clinician, call) == WORDS, "the flag at the other desk")
        clinician.choose(call)
        clinician.press("F3")
        dispatcher.until(lambda: shown(dispatcher, call).owner_name == "R. Okafor", "who took it, at the other desk")
        clinician.until(lambda: shown(clinician, call).pending == (), "the claim to be confirmed")
        clinician.until(lambda: clinician.workspace.work.call == call, "the call's page")

        clinician.press("Alt+5", "4")
        clinician.go_to("Words for dispatch")
        clinician.type(ADVICE)
        clinician.press("Ctrl+Return")
        dispatcher.until(lambda: shown(dispatcher, call).advice_waiting, "that advice waits, at the other desk")
        dispatcher.press("1")
        dispatcher.until(lambda: row(dispatcher, call), "the flagged calls")
        dispatcher.choose(call)
        dispatcher.press("Return")
        dispatcher.until(lambda: dispatcher.workspace.call == call, "the call's page at the other desk")
        dispatcher.until(lambda: [each.words for each in state(dispatcher).advice] == [ADVICE], "the advice")
        dispatcher.press("Alt+5")
        dispatcher.go_to("Acknowledge")
        dispatcher.press("Space")
        clinician.until(lambda: state(clinician).advice[0].acknowledged_at, "that dispatch has read it")


def test_without_the_server_both_work_on_what_waits_is_pending_and_one_claim_wins(
    qtbot: QtBot, qapp: QApplication
) -> None:
    with sharing_a_drill(qtbot, qapp, seed=SEED) as (clinician, dispatcher, server):
        for person in (clinician, dispatcher):
            person.until(lambda person=person: server_of(person).startswith("Live"), "the desk to be live")
        address = server.url.removeprefix("http://")
        server.stop()
        for person in (clinician, dispatcher):
            person.until(lambda person=person: server_of(person).startswith("Offline since"), "the desk to say so")
        call = flag_a_call(dispatcher)
        dispatcher.until(lambda: shown(dispatcher, call).pending == ("flag",), "the flag to be pending")
        dispatcher.until(lambda: server_of(dispatcher).endswith(", 1 to send"), "how much waits")
        own = flagged(clinician)
        clinician.choose(own)
        clinician.press("F3")
        clinician.until(lambda: clinician.workspace.call == own, "the call's page")
        standing = clinician.workspace.frame.header.standing
        clinician.until(lambda: "Claimed by you, not yet confirmed" in standing.says_of_sharing, "that it is pending")
        assert row(clinician, call) is None, "nobody at the other desk can have seen it"
        assert shown(dispatcher, own).owner is None

        server.start(address)
        clinician.until(lambda: standing.says_of_sharing == "", "the claim to be confirmed")
        clinician.press("Ctrl+W")
        clinician.until(lambda: latest(clinician, call), "the flag at the other desk")
        dispatcher.until(lambda: shown(dispatcher, own).owner_name == "R. Okafor", "who took the other call")
        dispatcher.until(lambda: shown(dispatcher, call).pending == (), "the flag to be confirmed")
        for person in (clinician, dispatcher):
            person.until(lambda person=person: server_of(person) == "Live", "the desk to be live")


# -- what they do and see ----------------------------------------------------------------------------------------------


def flag_a_call(dispatcher: Person) -> UUID:
    """Flag a call that nobody has flagged, on the board."""
    dispatcher.press("3")
    dispatcher.until(lambda: plain(dispatcher), "a call that is not flagged")
    call = plain(dispatcher)[0].call
    dispatcher.choose(call)
    dispatcher.press("F2", "1", "Tab")
    dispatcher.type(WORDS)
    dispatcher.press("Return")
    dispatcher.until(lambda: shown(dispatcher, call).flag_words == WORDS, "one's own flag")
    dispatcher.press("1")
    dispatcher.until(lambda: row(dispatcher, call), "the flagged calls")
    return call


def plain(person: Person) -> list[BoardRow]:
    return [each for each in person.board.model.rows if not each.flagged and not each.suggestion and not each.closed]


def flagged(person: Person) -> UUID:
    person.until(lambda: [each for each in person.board.model.rows if each.flagged], "a flagged call")
    return next(each.call for each in person.board.model.rows if each.flagged and each.owner is None)


def row(person: Person, call: UUID) -> BoardRow | None:
    return next((each for each in person.board.model.rows if each.call == call), None)


def shown(person: Person, call: UUID) -> BoardRow:
    found = row(person, call)
    assert found is not None, "the call is not on this board"
    return found


def latest(person: Person, call: UUID) -> bool:
    """Whether the flag is on the board once what is new is let onto it: no row moves while one is selected."""
    person.press("N")
    return flag_words(person, call) == WORDS


def flag_words(person: Person, call: UUID) -> str:
    found = row(person, call)
    return found.flag_words if found else ""


def server_of(person: Person) -> str:
    return person.frame.status_line.server


def state(person: Person) -> CallState:
    page = person.workspace.work.page
    assert page is not None
    assert page.state is not None
    return page.state
