"""Keys reach the assessment that is shown, and only what the panel names is signed."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.models.sign_in import SignIn
from tests.views.test_assessment_form import sign
from tests.views.test_assessment_signing import ALT, CTRL, answered, keys
from tests.views.workspace_kit import Room, inside


@pytest.mark.parametrize("how", ["another is turned to", "it is signed meanwhile"])
def test_only_what_the_panel_names_is_ever_signed(room: Room, clinician: SignIn, how: str) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    section: Any = answered(room, page, "imminent-risk", Qt.Key.Key_2, 2)
    keys(Qt.Key.Key_PageDown, with_=ALT)
    section.begins["gad-7"].click()
    room.until(lambda: section.view is not None)
    keys(*[Qt.Key.Key_2] * 7)
    room.settled(page)
    keys(Qt.Key.Key_Return, with_=CTRL)
    if how == "another is turned to":
        keys(Qt.Key.Key_PageUp, with_=ALT)
    else:
        with room.busy_disk():
            keys(Qt.Key.Key_Return, with_=CTRL)
            keys(Qt.Key.Key_Return, with_=CTRL)  # once too often
    room.until(lambda: section.view.form.name == "imminent-risk")
    room.settled(page)
    assert section.foot.sign.isHidden(), "it asked about another one"
    assert inside(section, QApplication.focusWidget())
    keys(Qt.Key.Key_Return)
    room.settled(page)
    found = room.page(clinician, call).clinical
    assert found is not None
    assert not any(each.completed_at for each in found.assessments.values() if each.form == "imminent-risk")


def test_after_the_reason_of_an_amendment_keys_answer_its_questions(room: Room, clinician: SignIn) -> None:
    page = room.open(clinician, room.claimed(clinician))
    section: Any = answered(room, page, "gad-7", Qt.Key.Key_2, 7)
    sign(room, section)
    room.until(lambda: bool(section.done_list.cards))
    (card,) = section.done_list.cards.values()
    card.amend.setFocus()
    keys(Qt.Key.Key_Space)
    QTest.keyClicks(QApplication.focusWidget(), "item 2 was misheard")
    keys(Qt.Key.Key_Return)
    room.until(lambda: section.view is not None)
    room.settled(page)
    assert inside(section.view, QApplication.focusWidget())
