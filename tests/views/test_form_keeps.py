"""What stands in a form stays: what was typed and is no answer, and where one is while its words change."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.views.test_form_screen import Screen, control, options, question


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


def test_what_is_half_typed_is_told_and_gone_on_with(qtbot: QtBot) -> None:
    items = (question("w", "decimal"), question("d", "date"), question("b"))
    screen = Screen(qtbot, *items)
    held: dict[str, str] = {}
    screen.view.half.connect(held.__setitem__)
    screen.keys("1.5", Qt.Key.Key_Return, "21 of Nov")
    screen.view.flush()  # the page was left
    assert held == {"d": "21 of Nov"}
    screen.area.close()
    again = Screen(qtbot, *items, started=False)
    again.view.show_half(held)
    again.view.start()
    card = again.view.card("d")
    assert again.at == "d"
    assert card.edit is not None
    assert card.edit.text() == "21 of Nov"
    assert "is not a date" in card._wrong.text()
    again.view.half.connect(held.__setitem__)
    card.edit.set_text("")
    again.keys("2026-11-21", Qt.Key.Key_Return)
    assert held == {"d": ""}, "an answer is no draft"


def test_a_pause_in_typing_takes_nothing_away(qtbot: QtBot) -> None:
    towns = options(*(f"Town {at}" for at in range(20)))
    screen = Screen(
        qtbot,
        question("n", "string", repeats=True),
        question("t", "open-choice", answerOption=towns, extension=[control("autocomplete")]),
        question("b"),
    )
    told: list[tuple[str, str]] = []
    screen.view.half.connect(lambda key, words: told.append((key, words)))
    screen.keys("his bro")
    screen.view._timer.timeout.emit()
    edit = screen.view.card("n").edit
    assert edit is not None
    assert (edit.text(), screen.view.given) == ("his bro", {})
    screen.keys("ther", Qt.Key.Key_Return)
    assert screen.view.given == {"n": ("his brother",)}
    screen.keys(Qt.Key.Key_Return)
    assert screen.at == "t"
    screen.keys("Town 1")
    screen.view._timer.timeout.emit()
    assert "t" not in screen.view.given
    assert told == [("n", "his bro"), ("n", ""), ("t", "Town 1")]
