"""What is typed or picked at a question is what is given, and what is held is what stands there."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.forms.model import Coding
from console.views.workspace.entry_pick import PickBox
from tests.views.test_form_screen import Screen, control, options, question


@pytest.mark.parametrize("held", [15, -3, 7, 5])
def test_a_slider_says_what_is_held_where_its_scale_has_no_such_step(qtbot: QtBot, held: int) -> None:
    bounds = [
        control("slider"),
        {"url": "http://hl7.org/fhir/StructureDefinition/minValue", "valueInteger": 0},
        {"url": "http://hl7.org/fhir/StructureDefinition/maxValue", "valueInteger": 10},
        {"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-sliderStepValue", "valueInteger": 5},
    ]
    screen = Screen(qtbot, question("1", "integer", extension=bounds), question("2"))
    screen.view.show_answers({"1": (held,)})
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.accessibleName() == f"1. What about 1?: {held}"


def test_of_two_options_with_one_label_the_one_that_was_picked_is_given(qtbot: QtBot) -> None:
    words = [f"Substance {number}" for number in range(14)]
    twice = [{"valueCoding": {"code": f"other-{number}", "display": "Other"}} for number in (1, 2)]
    screen = Screen(qtbot, question("1", "choice", answerOption=[*options(*words), *twice]), question("2"))
    screen.keys("other", Qt.Key.Key_Escape, Qt.Key.Key_Return)
    assert screen.view.given == {}, "which of the two was meant is not guessed"
    box = screen.view.card("1").findChild(PickBox)
    assert box is not None
    box.activated.emit(15)
    assert screen.view.given["1"] == (Coding(code="other-2", display="Other"),)


@pytest.mark.parametrize(("typed", "given"), [("pain", "pain"), ("NO PAIN", Coding(code="no pain", display="No pain"))])
def test_in_an_open_list_what_is_typed_is_no_option_that_merely_has_it_in_it(
    qtbot: QtBot, typed: str, given: object
) -> None:
    words = [f"Substance {number}" for number in range(14)]
    form = question("1", "open-choice", answerOption=options("No pain", *words), extension=[control("autocomplete")])
    screen = Screen(qtbot, form, question("2"))
    screen.keys(typed, Qt.Key.Key_Escape, Qt.Key.Key_Return)
    assert screen.view.given["1"] == (given,)


@pytest.mark.parametrize(("kind", "typed"), [("decimal", "1e30"), ("quantity", "1e-30"), ("integer", "3000000000")])
def test_a_number_that_no_record_holds_is_said_at_once(qtbot: QtBot, kind: str, typed: str) -> None:
    screen = Screen(qtbot, question("1", kind), question("2"))
    screen.keys(typed, Qt.Key.Key_Return)
    assert screen.view.given == {}
    assert f"'{typed}' is not a" in screen.view.card("1")._wrong.text()


def test_a_question_whose_id_has_a_number_sign_is_asked_like_any_other(qtbot: QtBot) -> None:
    asked = question("a#b", enableWhen=[{"question": "1", "operator": "=", "answerBoolean": True}])
    screen = Screen(qtbot, question("1", "boolean"), asked)
    screen.keys("1")
    assert screen.at == "a#b"
    assert "asked because" in screen.view.card("a#b")._because.text()
