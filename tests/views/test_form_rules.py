"""What breaks a rule of the form is said where it is, and stands in the way of signing; what is filled in is shown."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.forms.document import FHIR
from console.forms.model import NonAnswer
from console.views import theme
from console.views.theme import Scheme
from console.views.widgets import Text, Tone
from console.views.workspace.assess_sign import SignPanel
from console.views.workspace.form_lines import ReadLine
from tests.forms.building import calculated, one_of
from tests.support.windows import show
from tests.views.test_form_screen import Screen, control, group, options, question
from tests.views.workspace_kit import press


@pytest.fixture(autouse=True)
def _themed(qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.DARK)


def constraint(expression: str, human: str, severity: str = "error") -> dict[str, Any]:
    parts = [
        {"url": "key", "valueId": "k"},
        {"url": "severity", "valueCode": severity},
        {"url": "human", "valueString": human},
        {"url": "expression", "valueExpression": {"language": "text/fhirpath", "expression": expression}},
    ]
    return {"url": FHIR + "targetConstraint", "extension": parts}


def occurs(**bounds: int) -> list[dict[str, Any]]:
    return [{"url": FHIR + f"questionnaire-{name}", "valueInteger": number} for name, number in bounds.items()]


LATER = constraint(f"{one_of('e')} > {one_of('s')}", "The end is after the start")
FROM_TO = (question("s", "integer"), question("e", "integer", extension=[LATER]), question("x"))


def said(screen: Screen, key: str) -> str:
    """The words of complaint at a line, "" where none are seen."""
    found = screen.view.lines.reach(key)._wrong  # type: ignore[attr-defined]
    return found.text() if found.isVisible() else ""


def asked_to_sign(qtbot: QtBot, screen: Screen, *, tight: bool = False) -> SignPanel:
    panel = SignPanel()
    panel.tight = tight
    panel.unasked.connect(screen.view.say_unasked)
    show(qtbot, panel)
    panel.ask_about(screen.view, "Clinician", amends=False)
    QApplication.processEvents()
    return panel


def words_in(panel: SignPanel) -> str:
    return "\n".join(each.text() for each in panel.findChildren(Text) if each.isVisible())


def test_a_broken_constraint_is_said_in_the_forms_words_and_stands_in_the_way(qtbot: QtBot) -> None:
    screen = Screen(qtbot, *FROM_TO)
    screen.keys("5", Qt.Key.Key_Return, "2")
    assert said(screen, "e") == "", "nothing is said while one types"
    screen.keys(Qt.Key.Key_Return)
    assert said(screen, "e") == "The end is after the start. Put it right before you sign."
    panel = asked_to_sign(qtbot, screen)
    assert "1 to put right before it can be signed" in words_in(panel)
    assert "e. What about e? The end is after the start" in words_in(panel)
    assert not panel.yes.isEnabled()
    assert not panel.rest.isVisible(), "to say that it was not asked mends nothing"
    went: list[str] = []
    panel.jumped.connect(went.append)
    assert panel.gaps[0].hasFocus()
    press(panel.gaps[0], Qt.Key.Key_Return)
    assert went == ["e"]
    edit = screen.view.card("s").edit
    assert edit is not None
    edit.set_text("1")
    screen.view.flush()
    assert said(screen, "e") == "", "it is put right at the other question"


def test_where_there_is_little_height_the_first_is_said_in_its_words(qtbot: QtBot) -> None:
    screen = Screen(qtbot, *FROM_TO)
    screen.keys("5", Qt.Key.Key_Return, "2", Qt.Key.Key_Return)
    panel = asked_to_sign(qtbot, screen, tight=True)
    assert "To put right: e. What about e? The end is after the start" in words_in(panel)
    panel.low = True
    panel.ask_about(screen.view, "Clinician", amends=False)
    QApplication.processEvents()
    assert words_in(panel).startswith("To put right: e. What about e? The end is after the start Sign A form as")


def test_a_warning_is_told_and_stops_nobody(qtbot: QtBot) -> None:
    odd = constraint(f"{one_of('a')} < 100", "Older than 100?", "warning")
    screen = Screen(qtbot, question("a", "integer", extension=[odd]), question("b"))
    screen.keys("104", Qt.Key.Key_Return)
    assert said(screen, "a") == "To check: Older than 100?"
    panel = asked_to_sign(qtbot, screen)
    assert "1 to check" in words_in(panel)
    assert panel.yes.isEnabled()
    assert panel.yes.hasFocus()


def test_how_many_answers_there_may_be_is_said_and_checked(qtbot: QtBot) -> None:
    many = question("m", "choice", repeats=True, answerOption=options("X", "Y", "Z"))
    bounds = occurs(minOccurs=2, maxOccurs=2)
    screen = Screen(qtbot, {**many, "extension": bounds}, question("b"))
    screen.keys("1")
    assert said(screen, "m") == ""
    screen.keys(Qt.Key.Key_Down)
    assert said(screen, "m") == "At least 2 answers are needed, or the reason why there is none."
    screen.keys(Qt.Key.Key_Up, "2")
    assert said(screen, "m") == ""
    screen.keys("3")
    assert said(screen, "m") == "Kept, but at most 2 answers are allowed. Put it right before you sign."


def test_a_required_blank_is_said_once_it_was_left_and_not_asked_is_an_answer(qtbot: QtBot) -> None:
    screen = Screen(qtbot, question("a", required=True), question("b", required=True), question("c"))
    assert said(screen, "a") == ""
    screen.keys(Qt.Key.Key_Down)
    assert said(screen, "a") == "An answer is required, or the reason why there is none."
    assert said(screen, "b") == ""
    screen.view.show_all_wrong()
    assert said(screen, "b") != "", "who is about to sign is shown all of it"
    panel = asked_to_sign(qtbot, screen)
    assert not panel.yes.isEnabled()
    assert panel.rest.text() == "Not asked: the 2 blank"
    press(QApplication.focusWidget(), Qt.Key.Key_8)  # type: ignore[arg-type]
    assert screen.view.given == {"a": (NonAnswer.NOT_ASKED,), "b": (NonAnswer.NOT_ASKED,)}
    panel.ask_about(screen.view, "Clinician", amends=False)
    assert panel.yes.isEnabled()


def test_a_required_group_leads_to_the_questions_in_it(qtbot: QtBot) -> None:
    inside = group("g", question("a"), question("b"), required=True)
    screen = Screen(qtbot, inside, group("h", question("c"), question("d")))
    screen.keys(Qt.Key.Key_Down)
    assert said(screen, "g") == "", "not before all of it was left"
    panel = asked_to_sign(qtbot, screen, tight=True)
    assert panel.gaps[0].text() == "1 to put right"
    went: list[str] = []
    panel.jumped.connect(went.append)
    panel.gaps[0].click()
    assert went == ["a"]


def test_what_a_formula_fills_in_and_what_is_locked_is_shown_and_not_asked(qtbot: QtBot) -> None:
    unit = {"url": FHIR + "questionnaire-unit", "valueCoding": {"code": "kg/m2", "display": "kg/m²"}}
    formula = f"({one_of('kg')} / {one_of('m')}.power(2)).round(1)"
    screen = Screen(
        qtbot,
        question("kg", "decimal"),
        question("m", "decimal"),
        calculated("bmi", formula, extension=[unit]),
        question("who", "string", readOnly=True, initial=[{"valueString": "The crisis line"}]),
    )
    screen.view.show_answers({"who": ("The crisis line",)})
    assert screen.view.asked == ("kg", "m")
    assert screen.view.count == (0, 2)

    def line(key: str) -> str:
        found = screen.view.lines.reach(key)
        assert isinstance(found, ReadLine)
        return found._value.text()

    assert line("bmi") == "Text of bmi: nothing yet"
    assert line("who") == "who. What about who? The crisis line"
    screen.keys("80", Qt.Key.Key_Return, "2", Qt.Key.Key_Return)
    assert line("bmi") == "Text of bmi: 20.0 kg/m²"
    assert screen.view.count == (2, 2)


def test_the_line_of_a_score_waits_for_the_score(qtbot: QtBot) -> None:
    total = calculated("t", f"{one_of('a')} + {one_of('b')}", "integer")
    screen = Screen(qtbot, question("a", "integer"), question("b", "integer"), total)
    screen.keys("3", Qt.Key.Key_Return)
    line = screen.view.lines.reach("t")
    assert isinstance(line, ReadLine)
    assert line._value.text() == "Text of t: nothing yet"
    screen.keys("4", Qt.Key.Key_Return)
    assert line._value.text() == "Text of t: 7"


def test_an_answer_in_the_record_stays_although_an_older_page_comes_first(qtbot: QtBot) -> None:
    screen = Screen(qtbot, question("a", required=True), question("b"))
    screen.keys("1")
    screen.view.landed("a")
    screen.view.show_answers({})
    assert screen.view.given == {"a": (True,)}
    screen.view.show_answers({"a": (True,)})
    screen.view.show_answers({"a": (False,)})
    assert screen.view.given == {"a": (False,)}, "what the record holds after that is shown"


def beside(code: str) -> dict[str, Any]:
    return {"linkId": code, "type": "display", "text": f"{code.upper()} words", "extension": [control(code)]}


BESIDE = [beside(each) for each in ("prompt", "lower", "upper", "unit")]


@pytest.mark.parametrize(
    "entry",
    [
        question("q", "choice", answerOption=options("X", "Y")),
        question("q", "choice", answerOption=options(*"abcdefghijklmnop")),
        question("q", "boolean"),
        question("q", "integer"),
        question("q", "text"),
        question("q", "date"),
        question("q", "open-choice", answerOption=options("X", "Y")),
        question("q", "integer", readOnly=True),
    ],
    ids=["choice", "long list", "boolean", "number", "words", "date", "open choice", "locked"],
)
def test_the_words_beside_a_question_stand_on_every_kind_of_card(qtbot: QtBot, entry: dict[str, Any]) -> None:
    screen = Screen(qtbot, {**entry, "item": BESIDE}, question("z"))
    if "readOnly" in entry:
        screen.view.show_answers({"q": (5,)})
    shown = [each.text() for each in screen.view.lines.reach("q").findChildren(Text) if each.isVisible()]
    for words in ("PROMPT words", "LOWER words", "UPPER words", "UNIT words"):
        assert sum(words in each for each in shown) == 1, (words, shown)


def test_options_stand_one_under_the_other_where_the_form_wants_it(qtbot: QtBot) -> None:
    vertical = {"url": FHIR + "questionnaire-choiceOrientation", "valueCode": "vertical"}
    choice = question("q", "choice", answerOption=options("Never", "Sometimes", "Often"))
    screen = Screen(qtbot, {**choice, "extension": [vertical]}, {**choice, "linkId": "r"})

    def tops(key: str) -> list[int]:
        return [button.y() for button in screen.view.card(key).answers._buttons]

    assert tops("q")[:4] == sorted(set(tops("q")))
    assert len(set(tops("q")[3:])) == 1, "refused, not asked and unable keep to a line"
    assert len(set(tops("r"))) == 1


def test_words_about_safety_stand_out(qtbot: QtBot) -> None:
    kind = {
        "url": FHIR + "questionnaire-displayCategory",
        "valueCodeableConcept": {"coding": [{"code": "security"}]},
    }
    words = {"linkId": "d", "type": "display", "text": "Not aloud."}
    screen = Screen(qtbot, {**words, "extension": [kind]}, {**words, "linkId": "e"}, question("q"))
    tones = [screen.view.lines.reach(key).findChildren(Text)[0]._tone for key in ("d", "e")]
    assert tones == [Tone.WARN, Tone.MUTED]
