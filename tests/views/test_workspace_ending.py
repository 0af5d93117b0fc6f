"""How the work ends, who may end another's, and how much may be said of it."""

from typing import Any

from PySide6.QtCore import Qt

from console.actions import calls, encounters
from console.actions.calls import Disposal
from console.models.call import Level, RollUp
from console.models.sign_in import SignIn
from tests.support.desk import person
from tests.views.workspace_kit import Room, press

CTRL = Qt.KeyboardModifier.ControlModifier


def section(page: Any, code: str) -> Any:
    """A section, gone to."""
    page.go(code)
    return page.frame.sections[code]


# -- dispose -----------------------------------------------------------------------------------------------------------


def test_a_disposition_brings_its_roll_up_and_ends_the_call(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    dispose = section(page, "dispose")
    dispose.why_unleveled.put("nobody answered")
    dispose.groups["Phone"].answer("3")
    assert (dispose.chosen, dispose.roll_up.values) == ("safety-plan", (RollUp.DIVERTED,))
    dispose.groups["Field"].answer("3")
    assert (dispose.chosen, dispose.roll_up.values) == ("co-responder", (RollUp.CO_NOTIFIED,))
    dispose.would["arrest"].answer("1")
    dispose.commit()
    room.until(lambda: "Who says" in dispose.notice.text())
    dispose.said_by.put("the officer")
    press(dispose.said_by.edit, Qt.Key.Key_Return, CTRL)
    room.until(lambda: page.work.page.state.disposition is not None)
    body = room.page(clinician, call).state.disposition.body  # type: ignore[union-attr]
    assert (body.disposition, body.roll_up, body.would_have.arrest) == ("co-responder", RollUp.CO_NOTIFIED, "yes")
    assert dispose.form.isHidden()


def test_a_high_level_ends_only_with_responders_or_a_reason(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    room.do(calls.level, clinician, call, Level.HIGH, "plan")
    page = room.open(clinician, call)
    dispose = section(page, "dispose")
    dispose.groups["Field"].answer("1")
    dispose.commit()
    room.until(lambda: "responders are confirmed" in dispose.notice.text())
    dispose.responders.answer("2")
    assert dispose.who.isHidden()
    dispose.why_not.put("left the county")
    dispose.commit()
    room.until(lambda: page.work.page.state.disposition is not None)
    body = room.page(clinician, call).state.disposition.body  # type: ignore[union-attr]
    assert (body.contact_confirmed, body.no_contact_reason) == (False, "left the county")


def test_a_call_that_nobody_leveled_asks_for_the_level_before_it_ends(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    dispose = section(page, "dispose")
    assert not dispose.why_unleveled.isHidden(), "it is asked before the person presses"
    dispose.groups["Out"].answer("6")
    assert (dispose.chosen, dispose.why_unleveled.isHidden()) == ("duplicate", True)
    dispose.groups["Phone"].answer("1")
    assert not dispose.why_unleveled.isHidden()
    dispose.commit()
    assert "Nobody set a level" in dispose.notice.text()
    room.settled(page)
    assert room.page(clinician, call).state.disposition is None  # type: ignore[union-attr]
    dispose.why_unleveled.put("hung up before a word")
    dispose.commit()
    room.until(lambda: page.work.page.state.disposition is not None)
    assert room.page(clinician, call).state.disposition.body.no_contact_reason == "hung up before a word"  # type: ignore[union-attr]


def test_a_level_set_meanwhile_is_asked_for_no_more(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    dispose = section(page, "dispose")
    room.do(calls.level, clinician, call, Level.LOW, "calm")
    room.until(dispose.why_unleveled.isHidden)


def test_responders_are_confirmed_by_the_button_alone(room: Room, clinician: SignIn) -> None:
    """Who, by whom and when: Enter and Ctrl+Enter in any of its boxes lead on and never confirm."""
    call = room.claimed(clinician)
    room.do(calls.level, clinician, call, Level.CRITICAL, "plan")
    room.desk.clock.advance(1200)  # type: ignore[attr-defined]
    page = room.open(clinician, call)
    dispose = section(page, "dispose")
    assert dispose.responders.values == ()
    assert dispose.who.isHidden()
    assert dispose.why_not.isHidden()
    dispose.responders.answer("1")
    room.type(dispose.who.edit, "unit 214")
    press(dispose.who.edit, Qt.Key.Key_Return, CTRL)
    assert dispose.who_says.isAncestorOf(page.focusWidget())
    room.type(dispose.who_says.edit, "the unit by radio")
    press(dispose.who_says.edit, Qt.Key.Key_Return, CTRL)
    dispose.confirm.click()
    assert "and when" in dispose.notice.text()
    dispose.when.answer("3")
    press(dispose.who_says.edit, Qt.Key.Key_Return, CTRL)
    assert dispose.confirm.hasFocus(), "it leads to the button, which a person presses"
    room.settled(page)
    assert room.page(clinician, call).state.responders_confirmed_at is None  # type: ignore[union-attr]
    dispose.confirm.click()
    room.until(lambda: page.work.page.state.responders_confirmed_at is not None)
    state = room.page(clinician, call).state
    assert state is not None
    assert (state.responders_confirmed, state.responders_said_by) == ("unit 214", "the unit by radio")
    assert (room.desk.clock.now() - state.responders_confirmed_at).total_seconds() == 900  # type: ignore[operator]
    assert "unit 214" in dispose._contact_says.text()
    assert dispose.responders.isHidden()


def test_a_reason_of_another_answer_does_not_end_a_grave_call(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    room.do(calls.level, clinician, call, Level.HIGH, "plan")
    page = room.open(clinician, call)
    dispose = section(page, "dispose")
    dispose.groups["Field"].answer("1")
    dispose.responders.answer("2")
    dispose.why_not.put("left the county")
    dispose.responders.answer("1")
    dispose.commit()
    room.until(lambda: "responders are confirmed" in dispose.notice.text())


def test_what_was_typed_of_responders_comes_back_under_its_answer(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    room.do(calls.level, clinician, call, Level.HIGH, "plan")
    page = room.open(clinician, call)
    dispose = section(page, "dispose")
    dispose.responders.answer("2")
    dispose.why_not.put("left the county")
    page.flush()
    room.settled(page)
    again = section(room.open(clinician, call), "dispose")
    assert (again.responders.values, again.why_not.text()) == (("no",), "left the county")


def test_disposing_ends_the_encounter_and_says_so_where_it_does_not(room: Room, clinician: SignIn) -> None:
    stays, ends = room.claimed(clinician, "26-1"), room.claimed(clinician, "26-2")
    page = room.open(clinician, ends)
    header = page.frame.header
    dispose = section(page, "dispose")
    dispose.why_unleveled.put("nobody answered")
    assert dispose.stays.values == ("ends",)
    dispose.groups["Phone"].answer("1")
    dispose.commit()
    room.until(lambda: page.work.page.state.disposition is not None)
    assert page.work.page.clinical.state.closed_at is not None
    assert header.standing.says == ("", "")
    page.show_call(stays)
    room.until(lambda: page.work.page is not None and page.work.page.call == stays)
    dispose.why_unleveled.put("nobody answered")
    dispose.groups["Phone"].answer("1")
    dispose.stays.answer("2")
    dispose.commit()
    room.until(lambda: page.work.page.state.disposition is not None)
    room.settled(page)
    assert "your encounter is still open" in header.standing.says[1]
    press(page.frame.pad.box.edit, Qt.Key.Key_E, CTRL | Qt.KeyboardModifier.ShiftModifier)
    room.until(lambda: page.work.page.clinical.state.closed_at is not None)
    room.settled(page)
    assert header.standing.isHidden()


def test_a_reopened_call_goes_on_with_its_encounter_by_one_key(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    room.do(encounters.dispose_and_end, clinician, call, Disposal("not-behavioral", RollUp.UNKNOWN))
    room.do(calls.reopen, clinician, call, "called again")
    page = room.open(clinician, call)
    assert "Your encounter ended" in page.frame.header.standing.says[1]
    press(page.frame.pad.box.edit, Qt.Key.Key_F4)
    room.until(lambda: page.work.page.clinical.state.closed_at is None)
    room.settled(page)
    assert page.frame.header.standing.isHidden()


# -- a supervisor ------------------------------------------------------------------------------------------------------


def test_a_supervisor_acts_on_a_colleagues_call_with_a_reason_by_key(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    boss = person("clinical supervisor")
    page = room.open(boss, call)
    header = page.frame.header
    level = section(page, "level")
    assert header.contact.isHidden()
    level.anchors.buttons[3].click()
    level.reason.put("calm now")
    level.commit()
    room.until(lambda: "act as supervisor" in level.notice.text())
    press(level.reason.edit, Qt.Key.Key_O, CTRL | Qt.KeyboardModifier.ShiftModifier)
    press(header.strip.box.edit, Qt.Key.Key_Return)
    assert "missing" in header.strip.notice.text()
    room.type(header.strip.box.edit, "she is on another line")
    press(header.strip.box.edit, Qt.Key.Key_Return)
    assert header.standing.says[0] == "Acting as supervisor on Clinician's call: she is on another line"
    assert header.contact.isVisible()
    level.commit()
    room.until(lambda: page.work.page.state.level is Level.LOW)
    press(level.reason.edit, Qt.Key.Key_F6)
    press(header.strip.row, Qt.Key.Key_1)
    room.until(lambda: page.work.page.state.contacts != ())
    dispose = section(page, "dispose")
    dispose.groups["Phone"].answer("1")
    dispose.commit()
    room.until(lambda: page.work.page.state.disposition is not None)
    state = room.page(boss, call).state
    assert state is not None
    assert [each.text.rpartition(": ")[2] for each in state.thread] == ["she is on another line"] * 3
    room.settled(page)
    assert room.page(boss, call).drafts == {}


def test_supervising_stops_by_the_same_key_and_with_the_page(room: Room, clinician: SignIn) -> None:
    first, second = room.claimed(clinician, "26-1"), room.claimed(clinician, "26-2")
    page = room.open(person("clinical supervisor"), first)
    header = page.frame.header
    for leave in (header.do_override, lambda: page.show_call(second)):
        header.do_override()
        header.strip.box.put("her shift ended")
        press(header.strip.box.edit, Qt.Key.Key_Return)
        assert page.work.override == "her shift ended"
        leave()
        room.settled(page)
        assert page.work.override == ""
        assert header.standing.isHidden()


def test_who_leads_nobody_is_offered_no_key_for_it(
    room: Room, clinician: SignIn, second_clinician: SignIn, supervisor: SignIn
) -> None:
    call = room.claimed(clinician)
    for who in (clinician, second_clinician, supervisor):
        page = room.open(who, call)
        assert page.frame.header.override.isHidden(), who.name
        page.frame.header.do_override()
        assert page.frame.header.strip.isHidden()


# -- length ------------------------------------------------------------------------------------------------------------


def test_every_box_counts_near_its_limit_and_cuts_nothing(room: Room, clinician: SignIn) -> None:
    page = room.open(clinician, room.claimed(clinician))
    for code in page.frame.codes:
        page.go(code)
    boxes = [box for each in page.frame.sections.values() for box in each._boxes]
    for box in (*boxes, page.frame.pad.box, page.frame.talk.box):
        box.put("x" * (box.limit // 2))
        assert "characters" not in box.note
        box.put("x" * box.limit)
        assert box.note.startswith(f"{box.limit:,} of {box.limit:,} characters")
        box.put("x" * (box.limit + 3))
        assert box.note.startswith(f"{box.limit + 3:,} of {box.limit:,} characters: 3 too many")
        assert len(box.text()) == box.limit + 3
        box.put("")


def test_what_is_too_long_stays_in_its_box(room: Room, clinician: SignIn) -> None:
    page = room.open(clinician, room.claimed(clinician))
    advise = section(page, "advise")
    advise.said.put("x" * 501)
    advise.commit()
    room.until(lambda: "501 characters; at most 500 fit" in advise.notice.text())
    assert len(advise.said.text()) == 501
    page.frame.pad.box.put("y" * 4001)
    press(page.frame.pad.box.edit, Qt.Key.Key_Return)
    room.until(lambda: "at most 4,000 fit" in page.frame.pad.notice.text())
    assert page.frame.pad.box.text() == "y" * 4001


def test_a_disposed_call_is_reopened_with_a_reason(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    room.do(encounters.dispose_and_end, clinician, call, Disposal("not-behavioral", RollUp.DIVERTED))
    page = room.open(clinician, call)
    dispose = section(page, "dispose")
    assert "Not behavioral health" in dispose._ended.text()
    dispose.reopen_why.put("called again")
    dispose.reopen.click()
    room.until(lambda: page.work.page.state.disposition is None)


def test_ctrl_enter_in_the_outcome_records_it_and_disposes_nothing(
    room: Room, clinician: SignIn, dispatcher: SignIn
) -> None:
    call = room.claimed(clinician)
    page = room.open(dispatcher, call)
    outcome = section(page, "dispose")
    outcome.outcome.answer("1")
    outcome.outcome_by.put("unit 214")
    press(outcome.outcome_by.edit, Qt.Key.Key_Return, CTRL)
    room.until(lambda: len(page.work.page.state.outcomes) == 1)
    assert room.page(dispatcher, call).state.disposition is None  # type: ignore[union-attr]
