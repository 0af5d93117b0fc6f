"""Each section does its part of the work, by keyboard, and says in place what was refused."""

from typing import Any
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from console.actions import calls, encounters
from console.models.call import Level, RollUp
from console.models.service import ServiceDescribed
from console.models.sign_in import SignIn
from tests.support.desk import person
from tests.support.entries import CENTER, Author
from tests.views.workspace_kit import Room, press

CTRL = Qt.KeyboardModifier.ControlModifier


def section(page: Any, code: str) -> Any:
    """A section, gone to."""
    page.go(code)
    return page.frame.sections[code]


# -- screen ------------------------------------------------------------------------------------------------------------


def test_the_screen_is_answered_by_number_and_goes_on_by_itself(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    screen = section(page, "screen")
    rows = list(screen.rows.values())
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_9):
        press(page.focusWidget(), key)
    assert [row.values for row in rows[:4]] == [("yes",), ("no",), ("unknown",), ()]
    screen.decision.answer("1")
    press(screen.decision, Qt.Key.Key_Return, CTRL)
    room.until(lambda: page.work.page.state.screening is not None)
    screening = room.page(clinician, call).state.screening  # type: ignore[union-attr]
    assert screening is not None
    assert screening.decision == "eligible"
    assert screening.answers["weapon"] == "yes"
    assert "officer" not in screening.answers, "a question that nobody asked has no answer"


def test_a_decision_other_than_eligible_needs_its_reason(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    screen = section(page, "screen")
    screen.commit()
    assert "Decide" in screen.notice.text()
    screen.decision.answer("3")
    screen.commit()
    room.until(lambda: "missing" in screen.notice.text())
    screen.reason.put("traffic only")
    screen.commit()
    room.until(lambda: page.work.page.state.screening is not None)
    assert screen.reason.text() == "traffic only"
    room.settled(page)
    assert room.page(clinician, call).drafts == {}


def test_a_safety_answer_offers_a_fact_and_never_enters_it_itself(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    screen = section(page, "screen")
    screen.rows["weapon"].answer("2")
    assert list(screen._offered) == ["weapons.reported"]
    assert room.page(clinician, call).state.facts == {}  # type: ignore[union-attr]
    screen._offered["weapons.reported"].click()
    room.until(lambda: "weapons.reported" in page.work.page.state.facts)
    assert room.page(clinician, call).state.facts["weapons.reported"].value == "None reported"  # type: ignore[union-attr]
    room.until(lambda: not screen._offered)


# -- facts -------------------------------------------------------------------------------------------------------------


def test_a_suggestion_is_one_key_and_the_source_is_kept(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    facts = section(page, "facts")
    row = facts.rows["weapons.reported"]
    assert row.edit.hint.startswith("UNKNOWN")
    press(row.chips, Qt.Key.Key_2)
    room.until(lambda: "weapons.reported" in page.work.page.state.facts)
    row.source.setCurrentIndex(row.source.findData("confidential"))
    row.source.activated.emit(row.source.currentIndex())
    room.until(lambda: page.work.page.state.facts["weapons.reported"].source == "confidential")
    assert room.page(clinician, call).state.facts["weapons.reported"].value == "Firearm"  # type: ignore[union-attr]


def test_clearing_a_fact_makes_it_unknown_again(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    room.do(calls.state_fact, clinician, call, "animals", "Dog", "caller")
    page = room.open(clinician, call)
    row = section(page, "facts").rows["animals"]
    assert row.edit.text() == "Dog"
    row.edit.set_text("")
    row.commit()
    room.until(lambda: page.work.page.state.facts == {})


def test_what_a_clinician_knows_of_the_person_stays_clinical(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    row = section(page, "facts").clinical["name"]
    room.type(row.edit, "Teodoro, goes by Teo")
    row.commit()
    room.until(lambda: "name" in page.work.page.clinical.state.facts)
    found = room.page(clinician, call)
    assert found.clinical.state.facts["name"].source == "person"  # type: ignore[union-attr]
    assert found.state.facts == {}  # type: ignore[union-attr]


# -- advice ------------------------------------------------------------------------------------------------------------


def test_advice_goes_from_the_clinician_to_the_units(room: Room, clinician: SignIn, dispatcher: SignIn) -> None:
    call = room.claimed(clinician)
    page, other = room.open(clinician, call), room.open(dispatcher, call)
    advise = section(page, "advise")
    press(page.focusWidget(), Qt.Key.Key_7)
    press(page.focusWidget(), Qt.Key.Key_8)
    room.type(advise.said.edit, "I have him on the line")
    press(advise.said.edit, Qt.Key.Key_Return, CTRL)
    their = section(other, "advise")
    room.until(lambda: len(their._cards) == 1)
    (card,) = their._cards.values()
    assert "not acknowledged yet" in card._state.text()
    card.passed.click()
    room.until(lambda: "passed to units" in next(iter(advise._cards.values()))._state.text())
    given = room.page(clinician, call).state.advice[0]  # type: ignore[union-attr]
    assert (given.send, given.words) == (("stage", "no-sirens"), "I have him on the line")
    assert advise.send.values == ()
    assert next(iter(advise._cards.values())).passed.isHidden()


def test_empty_advice_is_refused_in_place(room: Room, clinician: SignIn) -> None:
    page = room.open(clinician, room.claimed(clinician))
    advise = section(page, "advise")
    advise.commit()
    room.until(lambda: "empty" in advise.notice.text())
    assert advise.give.isEnabled()


# -- services ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def service(room: Room) -> Any:
    found = uuid4()
    at = room.desk.clock.now()
    body = ServiceDescribed(at, "center", "1", "Crisis Stabilization", phone="(515) 555-0100")
    room.desk.store.append([Author(center=CENTER).write(found, body)])
    return found


def test_a_picked_service_is_offered_and_answered(room: Room, clinician: SignIn, service: Any) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    page.picked(service)
    room.until(lambda: page.frame.tabs.value == "services" and len(page.frame.sections["services"].cards) == 1)  # type: ignore[attr-defined]
    (card,) = page.frame.sections["services"].cards.values()  # type: ignore[attr-defined]
    card.reason.put("no car")
    card.declined.click()
    room.until(lambda: "declined" in card._state.text())
    assert "no car" in card._state.text()
    assert card.accepted.isHidden()


def test_picking_without_an_encounter_starts_one(room: Room, clinician: SignIn, service: Any) -> None:
    call = room.cad.call("26-1")
    page = room.open(clinician, call)
    assert page.work.encounter is None
    page.picked(service)
    room.until(lambda: page.work.encounter is not None and bool(page.work.page.clinical.referrals))  # type: ignore[union-attr]


# -- dispose -----------------------------------------------------------------------------------------------------------


def test_a_disposition_brings_its_roll_up_and_ends_the_call(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    dispose = section(page, "dispose")
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
    assert dispose.stays.values == ("ends",)
    dispose.groups["Phone"].answer("1")
    dispose.commit()
    room.until(lambda: page.work.page.state.disposition is not None)
    assert page.work.page.clinical.state.closed_at is not None
    assert header.standing.says == ("", "")
    page.show_call(stays)
    room.until(lambda: page.work.page is not None and page.work.page.call == stays)
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
    room.do(encounters.dispose_and_end, clinician, call, "phone-resolved", RollUp.UNKNOWN)
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
    room.do(calls.dispose, clinician, call, "phone-resolved", RollUp.DIVERTED)
    page = room.open(clinician, call)
    dispose = section(page, "dispose")
    assert "Resolved by phone" in dispose._ended.text()
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


# -- history -----------------------------------------------------------------------------------------------------------


def test_the_note_is_copied_as_plain_text(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician, type_text="SUICIDAL PERSON")
    found = room.page(clinician, call).clinical
    assert found is not None
    room.do(encounters.note, clinician, found.encounter, "goes by Teo")
    room.do(calls.level, clinician, call, Level.HIGH, "plan")
    page = room.open(clinician, call)
    history = section(page, "history")
    press(history.copy, Qt.Key.Key_Return, CTRL)
    text = QGuiApplication.clipboard().text()
    assert "goes by Teo" in text
    assert "SUICIDAL PERSON" in text
    said = [line.text for line in history.timeline.lines]
    assert said.index("Claimed") < said.index("Note: goes by Teo")
    assert "Level HIGH: plan" in said


def test_an_encounter_is_closed_from_the_history(room: Room, clinician: SignIn) -> None:
    page = room.open(clinician, room.claimed(clinician))
    history = section(page, "history")
    history.close_encounter.click()
    room.until(lambda: page.work.page.clinical.state.closed_at is not None)  # type: ignore[union-attr]
    assert history.close_encounter.isHidden()
