"""The workspace as people use it: claim, note, level, advise; what stays when things change around it."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.actions import calls, flags
from console.models.call import Level
from console.models.sign_in import SignIn
from tests.views.workspace_kit import Room, inside


def test_claiming_starts_the_encounter_and_the_note_pad(room: Room, clinician: SignIn, dispatcher: SignIn) -> None:
    call = room.cad.call("26-1", type_text="SUICIDAL PERSON", place="1214 Maple Ct")
    room.do(flags.flag, dispatcher, call, "suicidal", "has a firearm")
    page = room.open(clinician, call)
    assert not page.frame.pad.box.isEnabled()
    QTest.keyClick(page.frame.tabs.buttons()[0], Qt.Key.Key_F3)
    room.until(lambda: page.frame.pad.box.isEnabled())
    assert page.work.mine
    page.frame.pad.start()
    QTest.keyClicks(page.frame.pad.box.edit, "goes by Teo")
    QTest.keyClick(page.frame.pad.box.edit, Qt.Key.Key_Return)
    assert page.frame.pad.box.text() == ""
    room.until(lambda: page.frame.pad.lines == ("goes by Teo",))
    room.settled(page)
    assert page.frame.pad.status.startswith("All changes saved")


def test_every_section_opens_by_its_key(room: Room, clinician: SignIn) -> None:
    call = room.cad.call("26-1")
    room.do(calls.claim, clinician, call)
    page = room.open(clinician, call)
    for at, code in enumerate(page.frame.codes, 1):
        QTest.keyClick(page.frame.tabs.buttons()[0], Qt.Key(Qt.Key.Key_0 + at), Qt.KeyboardModifier.AltModifier)
        assert page.frame.tabs.value == code
        page.frame.tabs.setFocus()


def test_a_level_is_set_by_number_with_a_reason(room: Room, clinician: SignIn) -> None:
    call = room.cad.call("26-1")
    room.do(calls.claim, clinician, call)
    page = room.open(clinician, call)
    page.go("level")
    focus = QApplication.focusWidget()
    assert inside(page.frame.sections["level"], focus)
    QTest.keyClick(focus, Qt.Key.Key_1)
    section = page.frame.sections["level"]
    QTest.keyClicks(section.reason.edit, "firearm in reach")
    QTest.keyClick(section.reason.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    room.until(lambda: page.work.page.state.level is Level.CRITICAL)
