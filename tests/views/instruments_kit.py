"""The administrator's screen of instruments at a keyboard."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox

from console.models.sign_in import SignIn
from console.views.instruments.import_page import ImportPage
from console.views.instruments.instruments_screen import InstrumentsScreen
from console.views.workspace.form_preview import TriedForm
from tests.support.own_forms import PERMIT
from tests.support.windows import focused, show
from tests.views.workspace_kit import Room, press


def screen(room: Room, who: SignIn, width: int = 1280, height: int = 700) -> InstrumentsScreen:
    made = InstrumentsScreen(room.seat(who), partial(TriedForm, now=room.seat(who).here))
    made.resize(width, height)
    show(room.qtbot, made)
    room.until(lambda: made.list.count() > 0)
    return made


def look_at(room: Room, made: InstrumentsScreen, path: Path) -> None:
    press(made.list, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert focused() is made.importing.file
    room.type(made.importing.file, str(path))
    press(made.importing.file, Qt.Key.Key_Return)
    room.until(lambda: made.importing.said.text() != "Reading…")


def tick(room: Room, box: QCheckBox) -> None:
    box.setFocus()
    press(box, Qt.Key.Key_Space)
    assert box.isChecked()


def take(room: Room, box: QComboBox, words: str) -> None:
    """Choose in a list with the arrows, as one does at a keyboard."""
    box.setFocus()
    for _ in range(box.count()):
        if words in box.currentText():
            return
        press(box, Qt.Key.Key_Down)
    raise AssertionError(words)


def permit(room: Room, page: ImportPage) -> None:
    """Type a permission record, and import."""
    for field, words in (
        (page.permission.by, PERMIT.given_by),
        (page.permission.on, PERMIT.given_on),
        (page.permission.document, PERMIT.document),
    ):
        room.type(field, words)
    press(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
