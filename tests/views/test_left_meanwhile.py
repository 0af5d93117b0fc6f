"""What is under way stays what it is: whatever the person does, or a page brings, before word of it arrives."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication

from console.actions import calls
from console.errors import TryAgain
from console.models.call import Level
from console.models.service import ServiceDescribed
from console.models.sign_in import SignIn
from console.models.store import drafts
from console.queries.center import read_center
from console.queries.workspace import open_encounters
from console.views.shell.board_page import BoardPage
from console.views.workspace import Workspace
from console.views.workspace.saving import Saver
from tests.support.entries import CENTER, Author
from tests.support.windows import show
from tests.views.workspace_kit import Room, inside, press

STATE_FACT = calls.state_fact
CTRL = Qt.KeyboardModifier.ControlModifier


def section_of(page: Workspace, code: str) -> Any:
    page.go(code)
    return page.frame.sections[code]


def turn_to(room: Room, page: Workspace, call: UUID) -> None:
    """To the page of another call; what is being done goes on."""
    page.show_call(call)
    room.until(lambda: page.work.call == call)


def choose(section: Any, level: Level) -> None:
    next(each for each in section.anchors.buttons if each.level is level).click()


@pytest.fixture
def here(room: Room, clinician: SignIn) -> UUID:
    return room.claimed(clinician, "26-1")


@pytest.fixture
def other(room: Room, clinician: SignIn) -> UUID:
    return room.claimed(clinician, "26-2")


@pytest.fixture
def page(room: Room, clinician: SignIn, here: UUID) -> Workspace:
    return room.open(clinician, here)


@pytest.fixture
def service(room: Room) -> UUID:
    found = uuid4()
    body = ServiceDescribed(room.desk.clock.now(), "center", "1", "Crisis Stabilization")
    room.desk.store.append([Author(center=CENTER).write(found, body)])
    return found


def test_a_page_that_comes_before_word_of_the_act_leads_to_what_was_begun(room: Room, page: Workspace) -> None:
    section = section_of(page, "assess")
    with room.word_is_late():
        press(QApplication.focusWidget(), Qt.Key.Key_Return, CTRL)  # type: ignore[arg-type]
        room.until(lambda: section.view is not None)
        assert inside(next(iter(section.view.cards.values())), QApplication.focusWidget())


def test_whoever_writes_a_note_when_the_form_comes_goes_on_writing(room: Room, page: Workspace) -> None:
    section = section_of(page, "assess")
    with room.busy_disk():
        section.commit()
        page.write_note()
    room.until(lambda: section.view is not None)
    assert inside(page.frame.pad.box, QApplication.focusWidget())


def test_what_is_chosen_on_the_next_page_stays_when_the_level_of_the_last_one_is_set(
    room: Room, clinician: SignIn, page: Workspace, here: UUID, other: UUID
) -> None:
    section = section_of(page, "level")
    with room.busy_disk():
        choose(section, Level.HIGH)
        section.reason.put("weapon in the room")
        section.commit()
        turn_to(room, page, other)
        choose(section, Level.LOW)
    room.settled(page)
    state = room.page(clinician, here).state
    assert state is not None
    assert state.level is Level.HIGH
    assert section.anchors.level is Level.LOW
    turn_to(room, page, here)
    assert section.reason.text() == "", "the words are in the record, and stand nowhere else"


def test_a_call_can_be_disposed_after_the_last_one_was_refused_when_it_was_left(
    room: Room, clinician: SignIn, page: Workspace, here: UUID, other: UUID
) -> None:
    room.do(calls.level, clinician, here, Level.HIGH, "plan")
    room.until(lambda: page.work.page.state.level is Level.HIGH)  # type: ignore[union-attr]
    section = section_of(page, "dispose")
    said: list[str] = []
    page.said.connect(said.append)
    with room.busy_disk():
        section.groups["Field"].answer("1")
        section.responders.answer("1")  # and nobody is confirmed
        section.commit()
        turn_to(room, page, other)
    room.until(lambda: bool(said))
    assert "responders are confirmed" in said[0]
    assert section.notice.text() == "", "nothing is wrong on this page"
    section.why_unleveled.put("nobody answered")
    section.groups["Phone"].answer("1")
    section.commit()
    room.until(lambda: page.work.page.state.disposition is not None)  # type: ignore[union-attr]


def test_advice_is_sent_once_although_a_page_comes_between_two_presses(
    room: Room, clinician: SignIn, page: Workspace, here: UUID
) -> None:
    section = section_of(page, "advise")
    section.said.put("hold off, I have him on the line")
    with room.busy_disk():
        section.commit()
        page.frame.show_page(page.work.page)  # type: ignore[arg-type]
        section.commit()
    room.settled(page)
    state = room.page(clinician, here).state
    assert state is not None
    assert len(state.advice) == 1


def test_one_encounter_is_started_by_two_presses(
    room: Room, clinician: SignIn, page: Workspace, dispatcher: SignIn
) -> None:
    call = room.cad.call("26-3")
    turn_to(room, page, call)
    with room.busy_disk():
        page.frame.header._start_as("from-board", "")
        page.frame.header._start_as("from-board", "")
    room.settled(page)
    assert len([each for each in open_encounters(room.desk, clinician) if each.call == call]) == 1


def test_what_else_is_done_leaves_the_line_that_asks_alone(
    room: Room, clinician: SignIn, page: Workspace, here: UUID
) -> None:
    header = page.frame.header
    with room.busy_disk():
        header._say_line("on")
        header.ask_release()
        header.strip.box.put("  ")  # no reason, which is refused
        header.strip._enter()
    room.until(lambda: "reason is missing" in header.strip.notice.text())
    assert not header.strip.isHidden()


def test_a_line_that_was_answered_is_gone_when_its_page_is_seen_again(
    room: Room, clinician: SignIn, page: Workspace
) -> None:
    header = page.frame.header
    with room.busy_disk():
        header.ask_release()
        header.strip.box.put("on another line")
        header.strip._enter()
        page.hide()
    room.settled(page)
    page.show()
    assert header.strip.isHidden()
    header.ask_contact()
    assert not header.strip.isHidden()


def test_whoever_writes_when_a_line_is_done_goes_on_writing(room: Room, page: Workspace) -> None:
    header = page.frame.header
    with room.busy_disk():
        header.ask_release()
        header.strip.box.put("on another line")
        header.strip._enter()
        page.write_to_thread()
    room.until(header.strip.isHidden)
    assert inside(page.frame.talk.box, QApplication.focusWidget())


def test_a_note_that_was_refused_after_its_page_was_left_stands_there_again(
    room: Room, clinician: SignIn, page: Workspace, here: UUID, other: UUID
) -> None:
    pad, said = page.frame.pad, []
    page.said.connect(said.append)
    with room.busy_disk():
        pad.box.put("x" * 5000)
        pad.enter()
        turn_to(room, page, other)
        assert pad.box.text() == ""
    room.until(lambda: bool(said))
    turn_to(room, page, here)
    assert pad.box.text() == "x" * 5000


def test_a_note_on_its_way_does_not_stand_in_the_line_again(
    room: Room, page: Workspace, here: UUID, other: UUID
) -> None:
    pad = page.frame.pad
    pad.box.put("goes by Teo")
    pad.box.flush()
    room.settled(page)
    with room.busy_disk():
        pad.enter()
        turn_to(room, page, other)
        turn_to(room, page, here)
        assert pad.box.text() == ""
    room.until(lambda: pad.lines == ("goes by Teo",))
    assert pad.box.text() == ""


def test_what_the_record_took_says_nothing_of_what_was_refused_since(room: Room, clinician: SignIn) -> None:
    saver = Saver(room.seat(clinician), room.ticker)
    with room.busy_disk():
        saver.keep("answer", lambda: None)
        saver.refuse("answer", "34 is no date")
    room.until(lambda: not saver._flying)
    assert saver.words == "NOT SAVED: 34 is no date"


def test_an_offer_that_is_answered_may_leave_the_page_before_word_of_it(
    room: Room, clinician: SignIn, page: Workspace, here: UUID, other: UUID, service: UUID
) -> None:
    page.find_service()
    page.picked(service)
    room.until(lambda: page.frame.tabs.value == "services")
    cards = section_of(page, "services").cards
    room.until(lambda: bool(cards))
    (card,) = cards.values()
    card.reason.put("no car")
    with room.word_is_late():
        card.declined.click()
        turn_to(room, page, other)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    room.settled(page)
    with room.desk.store.read() as connection:
        assert drafts.of_author(connection, clinician.user) == ()


def test_a_fact_that_is_on_its_way_leaves_no_draft_behind(
    room: Room, clinician: SignIn, page: Workspace, here: UUID
) -> None:
    facts = section_of(page, "facts")
    row = facts.rows["animals"]
    with room.busy_disk():
        row.edit.set_text("two dogs, loose")
        row.commit()
        facts._keep_drafts()
    room.settled(page)
    found = room.page(clinician, here)
    assert found.state is not None
    assert found.state.facts["animals"].value == "two dogs, loose"
    assert found.drafts == {}


def test_a_fact_that_had_to_wait_is_stated_although_its_field_was_left_meanwhile(
    room: Room, clinician: SignIn, page: Workspace, here: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = [True]

    def state_fact(*given: Any) -> Any:
        if full:
            raise TryAgain("The disk is full.")
        return STATE_FACT(*given)

    monkeypatch.setattr(calls, "state_fact", state_fact)
    row = section_of(page, "facts").rows["animals"]
    with room.busy_disk():
        row.edit.set_text("two dogs, loose")
        row.commit()  # the typing rested
        row.commit()  # and the field was left
    saver = page.work.saver
    room.until(lambda: saver.words == "NOT SAVED: The disk is full." and not saver._flying)
    full.clear()
    saver.try_again()
    room.settled(page)
    state = room.page(clinician, here).state
    assert state is not None
    assert state.facts["animals"].value == "two dogs, loose"


def test_a_section_asked_for_while_the_page_is_read_is_gone_to(room: Room, page: Workspace, other: UUID) -> None:
    page.show_call(other)
    page.setFocus()
    assert page.work.page is None
    press(page, Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    room.until(lambda: page.work.call == other)
    assert inside(page.frame.sections["advise"], QApplication.focusWidget())


def test_whoever_opened_another_call_stays_there_when_a_claim_is_done(
    room: Room, clinician: SignIn, other: UUID
) -> None:
    flagged = room.cad.call("26-3")
    board = BoardPage(room.seat(clinician), read_center(room.desk))
    board.resize(1400, 800)
    said: list[str] = []
    board.said.connect(lambda words, tone: said.append(words))
    with room.qtbot.waitSignal(board.ready):
        show(room.qtbot, board)
    with room.busy_disk():
        board.board.claim_requested.emit(flagged)
        board.open_call(other)
        room.until(lambda: board.workspace.work.call == other)
    room.until(lambda: bool(said))
    assert said == ["The call is yours; it waits on the board, you went on to something else"]
    assert board.workspace.call == other
    board.board.claim_requested.emit(room.cad.call("26-4"))
    room.until(lambda: board.workspace.call == room.cad.call("26-4"))
    board.flush()


def test_a_call_refused_after_its_panel_was_closed_is_told_of(room: Room, dispatcher: SignIn) -> None:
    board = BoardPage(room.seat(dispatcher), read_center(room.desk))
    said: list[str] = []
    board.said.connect(lambda words, tone: said.append(words))
    with room.qtbot.waitSignal(board.ready):
        show(room.qtbot, board)
    panel = board.board.entry_panel
    panel.ask()
    with room.busy_disk():
        panel._fields[1].setText("x" * 5000)
        panel._submit()
        panel.dismiss()
    room.until(lambda: bool(said))
    assert "fit" in said[-1]


def test_a_service_is_offered_to_whom_it_was_looked_for_although_another_page_was_opened(
    room: Room, clinician: SignIn, page: Workspace, here: UUID, other: UUID, service: UUID
) -> None:
    page.find_service()
    turn_to(room, page, other)
    page.picked(service)
    room.until(lambda: page.work.call == here)
    room.settled(page)
    for call, referrals in ((here, 1), (other, 0)):
        clinical = room.page(clinician, call).clinical
        assert clinical is not None
        assert len(clinical.referrals) == referrals
    assert page.frame.tabs.value == "services"
