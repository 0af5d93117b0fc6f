"""What a form calls its parts: for who hears the screen, and in words on it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from tests.views.test_form_screen import Screen, control, options, question


def test_a_list_to_choose_from_is_named_by_its_question_and_not_by_its_answer(qtbot: QtBot) -> None:
    towns = options(*(f"Town {at}" for at in range(20)))
    unit = "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption"
    units = [{"url": unit, "valueCoding": {"code": code}} for code in ("kg", "g")]
    drop_down = question("1", "choice", answerOption=towns, extension=[control("drop-down")])
    screen = Screen(qtbot, drop_down, question("2", "quantity", extension=units))
    screen.keys("Town 12", Qt.Key.Key_Return)
    (box,) = screen.view.card("1").findChildren(QComboBox)
    (measure,) = screen.view.card("2").findChildren(QComboBox)
    for field, name, value in ((box, "1. What about 1?", "Town 12"), (measure, "Unit: 2. What about 2?", "kg")):
        heard = QAccessible.queryAccessibleInterface(field)
        assert heard.role() == QAccessible.Role.ComboBox
        assert heard.text(QAccessible.Text.Name) == name
        assert heard.text(QAccessible.Text.Value) == value
        assert bool(heard.state().editable) is field.isEditable()
