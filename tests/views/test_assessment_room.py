"""However much is said above and below them, the question that is asked is seen whole."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from console.actions import assessments
from console.models.sign_in import SignIn
from console.views import theme
from console.views.theme import Scheme
from tests.views.test_assessment_form import begun
from tests.views.test_assessment_signing import ALT, keys
from tests.views.workspace_kit import Room


@pytest.mark.parametrize(("width", "height", "scale"), [(706, 690, 1.0), (1222, 680, 2.0)])
def test_with_a_rule_met_beside_another_form_and_amending_the_question_is_seen(
    room: Room, clinician: SignIn, qapp: QApplication, width: int, height: int, scale: float
) -> None:
    """The page as a window of 1366x768 has it, and one at twice the text."""
    theme.apply(qapp, Scheme.DARK, scale)
    page = room.open(clinician, room.claimed(clinician), width=width, height=height)
    begun(room, page)
    keys(Qt.Key.Key_PageDown, with_=ALT)
    section = begun(room, page, "asq")
    keys(Qt.Key.Key_2, Qt.Key.Key_2, Qt.Key.Key_1, Qt.Key.Key_2)
    room.settled(page)
    assert section.foot.alert is not None
    area = section.parentWidget().parentWidget()

    def is_seen(key: str) -> bool:
        card = section.view.card(key)
        top = card.mapTo(area.viewport(), card.rect().topLeft()).y()
        return bool(top >= 0 and top + card.height() <= area.viewport().height())

    room.until(lambda: is_seen("asq-5"))
    keys(Qt.Key.Key_2)
    room.settled(page)
    assert section.head.height() >= section.head.minimumSizeHint().height()
    keys(Qt.Key.Key_Return, Qt.Key.Key_Return, with_=Qt.KeyboardModifier.ControlModifier)
    room.until(lambda: bool(section.done_list.cards))
    (asq,) = section.done_list.cards
    room.do(assessments.amend, clinician, asq, "the third was a no, the caller said so again when asked")
    room.settled(page)
    section._turn(f"{asq}")
    section.view.go_to("asq-3")
    room.until(lambda: is_seen("asq-3"))
