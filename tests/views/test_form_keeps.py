"""What stands in a form stays: what was typed and is no answer, and where one is while its words change."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.views.test_form_screen import Screen, question


def test_what_is_no_answer_stays_with_the_reason_until_it_is_mended(qtbot: QtBot) -> None:
    screen = Screen(qtbot, question("w", "decimal"), question("b"))
    screen.keys("a", "b", Qt.Key.Key_Return, "1")
    assert screen.view.given == {"b": (True,)}
    card = screen.view.card("w")
    assert card.edit is not None
    assert card.edit.text() == "ab", "what was typed is not taken away"
    assert "is not a number" in card._wrong.text()
    assert card.answers.answer("7"), "answered anew"
    assert card.edit.text() == ""
    assert card._wrong.text() == ""


def test_the_question_in_focus_may_change_its_words(qtbot: QtBot) -> None:
    spanish = {
        "url": "http://hl7.org/fhir/StructureDefinition/translation",
        "extension": [{"url": "lang", "valueCode": "es"}, {"url": "content", "valueString": "¿Y?"}],
    }
    screen = Screen(qtbot, *(question(f"q{at}", _text={"extension": [spanish]}) for at in range(12)), language="en")
    screen.view.go_to("q7")
    screen.view.speak("es")
    assert screen.at == "q7"


def test_an_address_has_no_spaces(qtbot: QtBot) -> None:
    screen = Screen(qtbot, question("1", "url"), question("2"))
    screen.keys("the web page", Qt.Key.Key_Return)
    assert "1" not in screen.view.given
    card = screen.view.card("1")
    assert "'the web page' is not an address" in card._wrong.text()
    assert card.edit is not None
    card.edit.set_text("")
    card.edit.setFocus()
    screen.keys("https://help.example", Qt.Key.Key_Return)
    assert screen.view.given["1"] == ("https://help.example",)
