"""Forms of every shape on the screen: parts, long lists, sliders, dates, repeating groups, hundreds of lines."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from benchmarks.long_form import long_form
from console.forms.library import Form
from console.forms.model import Coding, Date, DateTime, NonAnswer, Quantity
from console.forms.reading.loading import load
from console.views import theme
from console.views.theme import Scheme
from console.views.widgets import FocusScrollArea
from console.views.workspace.form_lines import AddLine, ReadLine
from console.views.workspace.form_preview import TriedForm
from console.views.workspace.form_view import FormView
from tests.support.windows import show
from tests.views.workspace_kit import inside, press

NOW = datetime(2026, 11, 21, 22, 14, tzinfo=UTC)
CTRL = Qt.KeyboardModifier.ControlModifier


class Screen:
    """A form in a window, and the keys that are pressed where the focus is."""

    def __init__(self, qtbot: QtBot, *items: dict[str, Any], started: bool = True, **fields: Any) -> None:
        document = {"resourceType": "Questionnaire", "status": "active", "url": "urn:form", "title": "A form"}
        questionnaire = load(json.dumps({**document, "item": list(items), **fields}).encode())
        self.area = FocusScrollArea()
        self.area.setWidgetResizable(True)
        self.tried = TriedForm(Form("a-form", questionnaire, None), lambda: NOW)
        self.view: FormView = self.tried.view
        self.area.setWidget(self.tried)
        self.area.resize(760, 480)
        self._qtbot = qtbot
        show(qtbot, self.area)
        if started:
            self.view.start()

    @property
    def at(self) -> str:
        """The question that has the focus."""
        found = [key for key, card in self.view.cards.items() if inside(card, QApplication.focusWidget())]
        return found[0] if found else ""

    def keys(self, *keys: str | Qt.Key) -> None:
        """Press keys; several characters are typed."""
        for key in keys:
            focus = QApplication.focusWidget()
            assert focus is not None
            if isinstance(key, Qt.Key):
                press(focus, key)
            else:
                self._qtbot.keyClicks(focus, key)

    def control(self, key: Qt.Key) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        press(focus, key, CTRL)

    def rest(self) -> None:
        """Wait until nothing is made ahead any more."""
        self._qtbot.waitUntil(lambda: not self.view.lines._spare.isActive(), timeout=10_000)


@pytest.fixture(autouse=True)
def _themed(qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.DARK)


def question(link_id: str, kind: str = "boolean", **fields: Any) -> dict[str, Any]:
    return {"linkId": link_id, "type": kind, "prefix": f"{link_id}.", "text": f"What about {link_id}?", **fields}


def group(link_id: str, *items: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"linkId": link_id, "type": "group", "text": f"Part {link_id}", "item": list(items), **fields}


def options(*words: str) -> list[dict[str, Any]]:
    return [{"valueCoding": {"code": word.lower(), "display": word}} for word in words]


def control(code: str) -> dict[str, Any]:
    url = "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl"
    return {"url": url, "valueCodeableConcept": {"coding": [{"code": code}]}}


PARTS = (
    group("A", question("1"), question("2", required=True)),
    group("B", question("3"), question("4", enableWhen=[{"question": "1", "operator": "=", "answerBoolean": True}])),
)


def test_one_part_is_asked_at_a_time_and_number_keys_lead_into_the_next(qtbot: QtBot) -> None:
    screen = Screen(qtbot, *PARTS)
    assert [part.title for part in screen.view.parts] == ["Part A", "Part B"]
    assert set(screen.view.cards) == {"1", "2"}
    screen.keys("1", "2")
    assert screen.at == "3"
    assert set(screen.view.cards) == {"3", "4"}
    screen.keys(Qt.Key.Key_Up)
    assert screen.at == "2", "Up leads back into the part before"
    assert screen.tried.parts.tabs is not None
    assert [tab.accessibleName() for tab in screen.tried.parts.tabs.buttons()] == [
        "Part A, 2 of 2 answered",
        "Part B, 0 of 2 answered",
    ]


def test_control_and_page_keys_turn_the_parts_and_a_gap_is_marked_once_one_is_past_it(qtbot: QtBot) -> None:
    screen = Screen(qtbot, *PARTS)
    tabs = screen.tried.parts.tabs
    assert tabs is not None
    counts = [pill.count for pill in tabs._pills]
    assert counts == ["0/2", "0/1"], "what nobody came to yet is no gap"
    screen.control(Qt.Key.Key_PageDown)
    assert screen.at == "3"
    screen.keys("1")
    assert [pill.count for pill in tabs._pills] == ["0/2 !", "1/1"]
    screen.control(Qt.Key.Key_PageUp)
    assert screen.at == "1"
    screen.control(Qt.Key.Key_PageUp)
    assert screen.at == "1", "there is none before the first"


def test_a_form_without_sections_is_asked_in_one(qtbot: QtBot) -> None:
    screen = Screen(qtbot, group("A", question("1"), question("2")), question("3"))
    assert len(screen.view.parts) == 1
    assert screen.tried.parts.isHidden()


def test_a_question_says_which_answers_brought_it(qtbot: QtBot) -> None:
    either = [
        {"question": "1", "operator": "=", "answerBoolean": True},
        {"question": "2", "operator": "=", "answerBoolean": True},
    ]
    last = question("3", enableWhen=either, enableBehavior="any")
    screen = Screen(qtbot, question("1"), question("2"), last)
    screen.keys("2", "1")
    card = screen.view.card("3")
    assert card._because.text() == "asked because 2 is Yes"
    assert "asked because 2 is Yes" in card.answers.accessibleDescription()
    screen.view.card("1").answers.answer("1")
    assert card._because.text() == "asked because each of 1 and 2 is Yes"


def test_a_question_brought_by_a_formula_says_so(qtbot: QtBot) -> None:
    formula = {
        "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression",
        "valueExpression": {
            "language": "text/fhirpath",
            "expression": "%resource.item.where(linkId = '1').answer.value = true",
        },
    }
    screen = Screen(qtbot, question("1"), question("2", extension=[formula]))
    screen.keys("1")
    assert screen.view.card("2")._because.text() == "asked by a rule of the form"


def test_control_and_seven_refuses_while_words_are_typed(qtbot: QtBot) -> None:
    screen = Screen(qtbot, question("1", "text"), question("2"))
    screen.keys("7")
    assert screen.view.card("1").edit.text() == "7"  # type: ignore[union-attr]
    screen.control(Qt.Key.Key_7)
    assert screen.view.given["1"] == (NonAnswer.REFUSED,)
    assert screen.at == "2"


def test_enter_gives_words_and_goes_on(qtbot: QtBot) -> None:
    screen = Screen(qtbot, question("1", "string"), question("2", "integer"), question("3"))
    screen.keys("his brother", Qt.Key.Key_Return, "12", Qt.Key.Key_Return)
    assert screen.view.given == {"1": ("his brother",), "2": (12,)}
    assert screen.at == "3"


def test_what_breaks_a_rule_is_kept_and_said(qtbot: QtBot) -> None:
    most = {"url": "http://hl7.org/fhir/StructureDefinition/maxValue", "valueInteger": 10}
    screen = Screen(qtbot, question("1", "integer", extension=[most]), question("2"))
    screen.keys("12", Qt.Key.Key_Return)
    assert screen.view.given["1"] == (12,)
    assert screen.view.card("1")._wrong.text().startswith("Kept, but ")


@pytest.mark.parametrize(
    ("typed", "held"),
    [("today", "2026-11-21"), ("yesterday", "2026-11-20"), ("7/4/1990", "1990-07-04"), ("1990", "1990")],
)
def test_a_date_may_be_typed_as_people_say_it(qtbot: QtBot, typed: str, held: str) -> None:
    screen = Screen(qtbot, question("1", "date"), question("2"))
    screen.keys(typed, Qt.Key.Key_Return)
    assert screen.view.given["1"] == (Date(held),)


def test_a_time_of_day_means_today(qtbot: QtBot) -> None:
    screen = Screen(qtbot, question("1", "dateTime"), question("2"))
    screen.keys("21:05", Qt.Key.Key_Return)
    assert screen.view.given["1"] == (DateTime("2026-11-21T21:05:00+00:00"),)


def test_a_quantity_has_the_unit_that_is_chosen(qtbot: QtBot) -> None:
    url = "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption"
    units = [{"url": url, "valueCoding": {"system": "u", "code": each, "display": each}} for each in ("mg", "g")]
    screen = Screen(qtbot, question("1", "quantity", extension=units), question("2"))
    screen.keys("2.5", Qt.Key.Key_Tab, Qt.Key.Key_Down)
    assert screen.view.given["1"] == (Quantity(Decimal("2.5"), "g", "u", "g"),)


def test_a_slider_stands_nowhere_until_it_is_set(qtbot: QtBot) -> None:
    bounds = [
        control("slider"),
        {"url": "http://hl7.org/fhir/StructureDefinition/minValue", "valueInteger": 0},
        {"url": "http://hl7.org/fhir/StructureDefinition/maxValue", "valueInteger": 10},
    ]
    screen = Screen(qtbot, question("1", "integer", extension=bounds), question("2"))
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.accessibleName() == "1. What about 1?: not answered"
    screen.keys(Qt.Key.Key_Return)
    assert screen.view.given == {}, "going past it answers nothing"
    screen.keys(Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return)
    assert screen.view.given["1"] == (2,)
    assert focus.accessibleName() == "1. What about 1?: 2"


def test_a_long_list_is_found_by_any_part_of_a_word(qtbot: QtBot) -> None:
    words = [f"Substance {number}" for number in range(20)] + ["Methylphenidate"]
    screen = Screen(qtbot, question("1", "choice", answerOption=options(*words)), question("2"))
    screen.keys("phenid", Qt.Key.Key_Escape, Qt.Key.Key_Return)
    assert screen.view.given["1"] == (Coding(code="methylphenidate", display="Methylphenidate"),)
    assert screen.at == "2"
    screen.keys(Qt.Key.Key_Up)
    assert screen.at == "1"
    screen.control(Qt.Key.Key_8)
    assert screen.view.given["1"] == (NonAnswer.NOT_ASKED,)


def test_what_is_no_option_of_a_closed_list_is_said_and_not_given(qtbot: QtBot) -> None:
    words = [f"Substance {number}" for number in range(20)]
    screen = Screen(qtbot, question("1", "choice", answerOption=options(*words)), question("2"))
    screen.keys("aspirin", Qt.Key.Key_Return)
    assert screen.view.given == {}
    assert "none of the options" in screen.view.card("1")._wrong.text()


def test_an_open_choice_has_a_field_of_its_own_below_its_options(qtbot: QtBot) -> None:
    screen = Screen(qtbot, question("1", "open-choice", answerOption=options("Rope", "Knife")), question("2"))
    assert inside(screen.view.card("1").answers, QApplication.focusWidget()), "number keys come first"
    screen.keys(Qt.Key.Key_Tab, "a belt", Qt.Key.Key_Return)
    assert screen.view.given["1"] == ("a belt",)
    assert screen.view.card("1").answers.values == ()


def test_of_several_typed_answers_each_stands_and_can_go(qtbot: QtBot) -> None:
    screen = Screen(qtbot, question("1", "string", repeats=True), question("2"))
    screen.keys("sertraline", Qt.Key.Key_Return, "lithium", Qt.Key.Key_Return)
    assert screen.view.given["1"] == ("sertraline", "lithium")
    screen.view.flush()
    assert screen.view.given["1"] == ("sertraline", "lithium"), "what is kept again is not taken back"
    held = screen.view.card("1")._held
    assert held is not None
    held._buttons[0].setFocus()
    screen.keys(" ")
    assert screen.view.given["1"] == ("lithium",)


def test_occurrences_of_a_group_come_and_go_by_keyboard(qtbot: QtBot) -> None:
    drug = group("drug", question("name", "string"), question("dose", "string"), repeats=True)
    screen = Screen(qtbot, drug, question("last"))
    screen.keys("sertraline", Qt.Key.Key_Return, "50 mg", Qt.Key.Key_Return)
    add = next(each for each in screen.view.lines.live.values() if isinstance(each, AddLine))
    add.add.setFocus()
    screen.keys(" ")
    assert screen.at == "name#2"
    screen.keys("lithium", Qt.Key.Key_Return)
    assert screen.view.given["name#2"] == ("lithium",)
    headings = [each for each in screen.view.lines.live.values() if isinstance(each, ReadLine)]
    headings[0].remove.setFocus()
    screen.keys(" ")
    assert screen.view.given == {"name": ("lithium",)}
    assert screen.at == "name"


def test_another_language_changes_the_words_and_nothing_else(qtbot: QtBot) -> None:
    spanish = {
        "url": "http://hl7.org/fhir/StructureDefinition/translation",
        "extension": [{"url": "lang", "valueCode": "es"}, {"url": "content", "valueString": "¿Cómo está?"}],
    }
    screen = Screen(qtbot, question("1", _text={"extension": [spanish]}), question("2"), language="en")
    screen.keys("1")
    screen.view.speak("es")
    card = screen.view.card("1")
    assert card.answers.accessibleName() == "1. ¿Cómo está?"
    assert card.answers.values == ("0",)
    assert screen.view.given == {"1": (True,)}


def test_a_question_is_named_by_its_own_words_with_its_state(qtbot: QtBot) -> None:
    screen = Screen(qtbot, question("1", required=True), question("2"))
    answers = screen.view.card("1").answers
    heard = QAccessible.queryAccessibleInterface(answers)
    assert heard.text(QAccessible.Text.Name) == "1. What about 1?"
    assert heard.text(QAccessible.Text.Description) == "not answered, required"
    screen.keys("7")
    assert heard.text(QAccessible.Text.Description) == "refused"


def test_one_goes_on_behind_the_answer_given_last(qtbot: QtBot) -> None:
    screen = Screen(qtbot, *PARTS, started=False)
    early, late = NOW, NOW.replace(minute=20)
    screen.view.show_answers({"1": (True,), "3": (False,)})
    screen.view.resume({"1": early, "3": late})
    assert screen.at == "4"
    screen.view.show_answers({"1": (True,), "3": (False,), "4": (True,)})
    assert screen.view.state.stopped_at({"1": early, "3": early, "4": late}) == "2", "what was passed over is next"


def test_of_three_hundred_lines_only_those_near_have_a_widget(qtbot: QtBot) -> None:
    screen = Screen(qtbot, *long_form(300, 1, formulas=False)["item"])
    asked = screen.view.asked
    assert len(asked) == 200
    screen.rest()
    assert len(screen.view.cards) < 60
    bar = screen.area.verticalScrollBar()
    bar.setValue(bar.maximum())
    QApplication.processEvents()
    last = screen.view.cards[asked[-1]]
    assert last.isVisible()
    assert 0 <= last.mapTo(screen.area.viewport(), last.rect().topLeft()).y() < screen.area.viewport().height()
    for _ in range(40):
        bar.setValue(bar.value() - bar.pageStep())
        screen.rest()
    assert screen.view.cards[asked[0]].isVisible()
    assert len(screen.view.lines._pool) <= 81


def test_answering_through_hundreds_of_lines_shows_each_whole(qtbot: QtBot) -> None:
    screen = Screen(qtbot, *long_form(90, 1, formulas=False)["item"])
    for _ in range(60):
        screen.keys("1")
        QApplication.processEvents()
    card = screen.view.cards[screen.at]
    top = card.mapTo(screen.area.viewport(), card.rect().topLeft()).y()
    assert top >= 0
    assert top + card.height() <= screen.area.viewport().height()
    assert len(screen.view.given) == 60


def _sections(count: int) -> list[dict[str, Any]]:
    return [group(f"G{g}", *(question(f"{g}-{at}") for at in range(6))) for g in range(count)]


def test_turning_to_a_section_takes_over_the_cards_of_the_one_before(qtbot: QtBot) -> None:
    screen = Screen(qtbot, *_sections(3))
    screen.rest()
    shown: list[int] = []
    screen.keys(*"111112")
    assert screen.at == "1-0"
    screen.rest()
    before = set(screen.view.lines._pool.values())
    screen.keys(*"11111")
    screen.view.shown.connect(lambda: shown.append(screen.view.at))
    screen.keys("1")
    assert screen.at == "2-0"
    assert shown == [2], "the turn is shown once"
    assert set(screen.view.cards.values()) <= before, "nothing was made while somebody waited"
    card = screen.view.card("2-0")
    assert card._title.text() == "2-0. What about 2-0?"
    assert card.answers.accessibleName() == "2-0. What about 2-0?"
    assert "not answered" in card.answers.accessibleDescription()
    assert card.answers._buttons[0].accessibleDescription() == "2-0. What about 2-0?, key 1"
    assert card.answers.values == ()
    screen.keys("2")
    assert screen.view.given["2-0"] == (False,)
    screen.keys(Qt.Key.Key_Up, Qt.Key.Key_Up)
    assert screen.at == "1-5"
    assert screen.view.card("1-5").answers.values == ("0",)
    assert screen.view.card("0-5").answers.values == ("1",)


def test_the_last_answer_of_a_form_by_key_is_shown_too(qtbot: QtBot) -> None:
    screen = Screen(qtbot, *PARTS)
    screen.view.go_to("4" if "4" in screen.view.asked else "3")
    screen.keys("1")
    assert screen.tried.parts.tabs is not None
    assert [pill.count for pill in screen.tried.parts.tabs._pills][1] == "1/1"
    assert screen.view.card("3").row.state == "answered"


def test_what_is_typed_into_a_card_is_not_taken_over(qtbot: QtBot) -> None:
    typed = [group(f"G{g}", question(f"{g}-0"), question(f"{g}-1", "string")) for g in range(2)]
    screen = Screen(qtbot, *typed)
    screen.keys("1")
    first = screen.view.card("0-1")
    screen.keys("at home", Qt.Key.Key_Return)
    assert screen.at == "1-0"
    other = screen.view.card("1-1")
    assert other is not first
    assert other.edit is not None
    assert other.edit.toPlainText() == ""
    again = screen.view.card("0-1")
    assert again.edit is not None
    assert again.edit.toPlainText() == "at home"


def test_nothing_of_the_section_before_stays_on_the_screen(qtbot: QtBot) -> None:
    screen = Screen(qtbot, *_sections(4))
    screen.rest()
    for _ in range(3):
        screen.keys(*"111111")
        lines = screen.view.lines
        seen = {key for key, widget in lines._pool.items() if not widget.isHidden()}
        assert seen == set(lines.live), "what is shown is what belongs to the section"
