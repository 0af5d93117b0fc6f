"""What is typed stays: through changes around it, through another page, through refusals, through a broken disk."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.actions import calls, drafts, encounters
from console.errors import KnownError
from console.models.call import CallNarrated
from console.models.sign_in import SignIn
from console.views import theme
from console.views.theme import Scheme
from console.views.workspace.typing_box import LinesEdit
from tests.support.entries import CENTER, Author
from tests.support.windows import show
from tests.views.workspace_kit import Room, press

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def drafts_of(room: Room, who: SignIn, call: Any) -> dict[str, str]:
    return {name: draft.text for name, draft in room.page(who, call).drafts.items()}


def test_a_draft_is_kept_by_itself_and_resumed(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    room.type(page.frame.pad.box.edit, "he says he")
    assert page.work.saver.words == "saving…"
    room.until(lambda: page.work.saver.words.startswith("All changes saved"))
    assert "he says he" in drafts_of(room, clinician, call).values()
    again = room.open(clinician, call)
    assert again.frame.pad.box.text() == "he says he"
    assert again.frame.pad.box.note.startswith("resumed draft 16:00:00")


def test_every_free_text_field_of_a_section_has_a_draft(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    page.go("level")
    page.go("advise")
    page.go("screen")
    page.go("dispose")
    boxes = [box for section in page.frame.sections.values() for box in section._boxes]
    boxes.append(page.frame.talk.box)
    assert len(boxes) >= 9
    for at, box in enumerate(boxes):
        box.put(f"words {at}")
    page.flush()
    room.settled(page)
    kept = drafts_of(room, clinician, call)
    assert {kept[box.draft] for box in boxes} == {f"words {at}" for at in range(len(boxes))}


@pytest.mark.parametrize("ask", ["release", "take_over", "contact"])
def test_what_the_head_asks_for_is_a_draft_too(
    room: Room, clinician: SignIn, second_clinician: SignIn, ask: str
) -> None:
    call = room.claimed(clinician)
    who = second_clinician if ask == "take_over" else clinician
    page = room.open(who, call)
    strip = page.frame.header.strip
    getattr(page.frame.header, f"ask_{ask}")()
    room.type(strip.box.edit, "my shift ends")
    assert page.work.saver.words == "saving…"
    room.until(lambda: page.work.saver.words.startswith("All changes saved"))
    again = room.open(who, call).frame.header
    getattr(again, f"ask_{ask}")()
    assert again.strip.box.text() == "my shift ends"
    assert "resumed draft" in again.strip.box.note
    again.strip.dismiss()
    (again.ask_contact if ask == "release" else again.ask_release)()
    assert again.strip.box.text() == "", "each question has words of its own"


def test_a_hundred_changes_leave_text_caret_and_focus(room: Room, clinician: SignIn, dispatcher: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    page.go("facts")
    note = page.frame.pad.box.edit
    room.type(note, "he wants no lights")
    for _ in range(6):
        press(note, Qt.Key.Key_Left)
    caret = note.textCursor().position()
    author = Author(center=CENTER)
    for at in range(100):
        if at % 3 == 0:
            room.desk.store.append([author.derive(call, CallNarrated("cad", room.desk.clock.now(), f"line {at}"))])
        elif at % 3 == 1:
            room.do(calls.message, dispatcher, call, f"message {at}")
        else:
            room.do(calls.state_fact, dispatcher, call, "situation", f"seen {at}", "responder")
        QApplication.processEvents()
    room.settled(page)
    room.until(lambda: len(page.work.page.state.thread) == 33)  # type: ignore[union-attr]
    assert QApplication.focusWidget() is note
    assert (note.text(), note.textCursor().position()) == ("he wants no lights", caret)


def test_shift_enter_begins_a_line_and_enter_enters_both(room: Room, clinician: SignIn) -> None:
    page = room.open(clinician, room.claimed(clinician))
    edit = page.frame.pad.box.edit
    room.type(edit, "one")
    press(edit, Qt.Key.Key_Return, SHIFT)
    room.type(edit, "two")
    press(edit, Qt.Key.Key_Return)
    room.until(lambda: page.frame.pad.lines == ("one\ntwo",))


def test_entering_a_note_is_done_with_its_draft(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    room.type(page.frame.pad.box.edit, "a note")
    page.flush()
    press(page.frame.pad.box.edit, Qt.Key.Key_Return)
    room.until(lambda: page.frame.pad.lines == ("a note",))
    room.settled(page)
    assert drafts_of(room, clinician, call) == {}


def test_a_note_is_amended_and_both_readings_stay(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    edit = page.frame.pad.box.edit
    room.type(edit, "hears poorly on right")
    press(edit, Qt.Key.Key_Return)
    room.until(lambda: len(page.frame.pad.lines) == 1)
    press(edit, Qt.Key.Key_Up)
    assert QApplication.focusWidget() is page.frame.pad.view
    press(page.frame.pad.view, Qt.Key.Key_Return)
    assert edit.text() == "hears poorly on right"
    edit.set_text("hears poorly on left")
    press(edit, Qt.Key.Key_Return)
    room.until(lambda: page.frame.pad.lines == ("hears poorly on left",))
    note = room.page(clinician, call).clinical.state.notes[0]  # type: ignore[union-attr]
    assert note.before == ("hears poorly on right",)
    assert page.frame.pad.view.lines[0].more == "Before: hears poorly on right"


def test_an_amendment_that_was_being_written_comes_back_as_one(room: Room, clinician: SignIn) -> None:
    call, other = room.claimed(clinician), room.claimed(clinician, "26-118-4472")
    page = room.open(clinician, call)
    pad = page.frame.pad
    room.type(pad.box.edit, "hears poorly on right")
    press(pad.box.edit, Qt.Key.Key_Return)
    room.until(lambda: len(pad.lines) == 1)
    press(pad.box.edit, Qt.Key.Key_Up)
    press(pad.view, Qt.Key.Key_Return)
    pad.box.edit.set_text("hears poorly on left")
    page.show_call(other)
    room.until(lambda: page.work.call == other)
    assert pad.box.text() == ""
    room.settled(page)

    again = room.open(clinician, call)
    pad = again.frame.pad
    assert pad.box.text() == "hears poorly on left"
    press(pad.box.edit, Qt.Key.Key_Return)

    room.until(lambda: pad.lines == ("hears poorly on left",))
    room.settled(again)
    assert drafts_of(room, clinician, call) == {}


def test_leaving_an_amendment_changes_nothing(room: Room, clinician: SignIn) -> None:
    page = room.open(clinician, room.claimed(clinician))
    edit = page.frame.pad.box.edit
    room.type(edit, "as said")
    press(edit, Qt.Key.Key_Return)
    room.until(lambda: len(page.frame.pad.lines) == 1)
    press(edit, Qt.Key.Key_Up)
    press(page.frame.pad.view, Qt.Key.Key_Return)
    room.type(edit, " and more")
    press(edit, Qt.Key.Key_Escape)
    room.settled(page)
    assert edit.text() == ""
    assert page.frame.pad.lines == ("as said",)


def test_a_refused_note_stands_where_it_was_typed(
    room: Room, clinician: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = room.open(clinician, room.claimed(clinician))

    def refuse(*_: object) -> None:
        raise KnownError("The disk is full.")

    monkeypatch.setattr(encounters, "note", refuse)
    edit = page.frame.pad.box.edit
    room.type(edit, "first")
    press(edit, Qt.Key.Key_Return)
    room.type(edit, "second")
    room.until(lambda: page.frame.pad.notice.text() == "The disk is full.")
    assert edit.text() == "first\nsecond"


def test_what_cannot_be_kept_says_so_until_it_is(
    room: Room, clinician: SignIn, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    kept = drafts.keep

    def refuse(*_: object) -> None:
        raise KnownError("The disk is full.")

    monkeypatch.setattr(drafts, "keep", refuse)
    room.type(page.frame.pad.box.edit, "words")
    page.flush()
    room.until(lambda: page.work.saver.words == "NOT SAVED: The disk is full.")
    assert page.frame.pad.status == "NOT SAVED: The disk is full."
    assert page.frame.pad.box.text() == "words"
    monkeypatch.setattr(drafts, "keep", kept)
    with qtbot.waitSignal(page.saved):
        page.flush()
    assert drafts_of(room, clinician, call)[page.frame.pad.box.draft] == "words"


def test_another_page_and_back_finds_the_words(room: Room, clinician: SignIn) -> None:
    one, two = room.claimed(clinician, "26-1"), room.claimed(clinician, "26-2")
    page = room.open(clinician, one)
    room.type(page.frame.pad.box.edit, "about the first")
    room.type(page.frame.talk.box.edit, "to dispatch about the first")
    page.show_call(two)
    room.until(lambda: page.work.call == two)
    assert page.frame.pad.box.text() == page.frame.talk.box.text() == ""
    room.type(page.frame.pad.box.edit, "about the second")
    page.show_call(one)
    room.until(lambda: page.work.call == one)
    assert page.frame.pad.box.text() == "about the first"
    assert page.frame.talk.box.text() == "to dispatch about the first"


def test_a_message_goes_out_with_enter(room: Room, clinician: SignIn, dispatcher: SignIn) -> None:
    call = room.claimed(clinician)
    page, other = room.open(clinician, call), room.open(dispatcher, call)
    room.type(other.frame.talk.box.edit, "EMS staged")
    press(other.frame.talk.box.edit, Qt.Key.Key_Return)
    room.until(lambda: any(line.text == "EMS staged" for line in page.frame.talk.lines.lines))
    assert "public record" in page.frame.talk.box.note


def test_a_fact_is_stated_when_the_field_is_left(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    page.go("facts")
    row = page.frame.sections["facts"].rows["weapons.seen"]  # type: ignore[attr-defined]
    room.type(row.edit, "In his hand at 22:05")
    page.frame.pad.start()
    room.until(lambda: "weapons.seen" in page.work.page.state.facts)  # type: ignore[union-attr]
    fact = room.page(clinician, call).state.facts["weapons.seen"]  # type: ignore[union-attr]
    assert (fact.value, fact.source) == ("In his hand at 22:05", "caller")


def test_a_fact_rests_and_is_stated_by_itself(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    page.go("facts")
    room.type(page.frame.sections["facts"].rows["scene.staging"].edit, "Oak St")  # type: ignore[attr-defined]
    room.until(lambda: "scene.staging" in page.work.page.state.facts)  # type: ignore[union-attr]
    room.settled(page)
    assert drafts_of(room, clinician, call) == {}


def test_a_fact_changed_elsewhere_is_shown_beside_what_is_typed(
    room: Room, clinician: SignIn, dispatcher: SignIn
) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    page.go("facts")
    row = page.frame.sections["facts"].rows["animals"]  # type: ignore[attr-defined]
    room.type(row.edit, "Large")
    room.do(calls.state_fact, dispatcher, call, "animals", "Two cats", "caller")
    room.until(lambda: "Meanwhile: Two cats" in row.under)
    assert row.edit.text() == "Large"


def test_a_fact_too_long_for_a_sheet_says_so_and_stays(room: Room, clinician: SignIn) -> None:
    page = room.open(clinician, room.claimed(clinician))
    page.go("facts")
    row = page.frame.sections["facts"].rows["animals"]  # type: ignore[attr-defined]
    row.edit.set_text("x" * 71)
    row.commit()
    assert "71 characters; at most 70" in row.under
    assert row.edit.text() == "x" * 71


def test_words_taken_back_leave_nothing_behind(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    page.go("facts")
    facts: Any = page.frame.sections["facts"]
    row = facts.rows["animals"]
    room.type(row.edit, "D")
    facts._keep_drafts()
    room.type(page.frame.pad.box.edit, "D")
    press(page.frame.pad.box.edit, Qt.Key.Key_Backspace)
    row.edit.setFocus()
    press(row.edit, Qt.Key.Key_Backspace)
    page.flush()
    room.until(lambda: page.work.saver.words.startswith("All changes saved"))
    assert drafts_of(room, clinician, call) == {}


def test_a_fact_that_was_being_typed_at_a_crash_is_resumed_and_not_stated(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    drafts.keep(room.desk, clinician, f"fact.situation:{call}", "shouting at tra", call)
    page = room.open(clinician, call)
    page.go("facts")
    row = page.frame.sections["facts"].rows["situation"]  # type: ignore[attr-defined]
    assert row.edit.text() == "shouting at tra"
    assert "resumed draft 16:00:00" in row.under
    row.edit.setFocus()
    page.frame.pad.start()
    page.flush()
    room.settled(page)
    assert room.page(clinician, call).state.facts == {}  # type: ignore[union-attr]
    press(row.edit, Qt.Key.Key_Return, CTRL)
    room.until(lambda: "situation" in page.work.page.state.facts)  # type: ignore[union-attr]


def test_a_hint_that_does_not_fit_loses_its_question_whole_never_half_a_word(qtbot: QtBot) -> None:
    edit = LinesEdit("Access: Can the person reach it now?", "UNKNOWN · Can the person reach it now?")
    edit.resize(220, 40)
    show(qtbot, edit)
    edit.set_hint(edit.hint)
    assert edit.placeholderText() == "UNKNOWN"
    assert edit.toolTip() == "UNKNOWN · Can the person reach it now?"
    edit.resize(600, 40)
    assert edit.placeholderText() == "UNKNOWN · Can the person reach it now?"
    assert edit.toolTip() == ""


def test_the_hint_of_an_empty_field_grows_with_the_text(room: Room, clinician: SignIn, qapp: QApplication) -> None:
    page = room.open(clinician, room.claimed(clinician))
    edit = page.frame.pad.box.edit
    small = edit.viewport().font().pointSizeF()
    theme.apply(qapp, Scheme.DARK, 2.0)
    QApplication.processEvents()
    assert edit.viewport().font().pointSizeF() == edit.font().pointSizeF() == 2 * small
