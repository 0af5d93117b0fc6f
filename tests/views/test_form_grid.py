"""Questions with the same few answers stand as a grid where there is room, and are answered as everywhere."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from console.forms.model import Coding, NonAnswer
from console.views import theme
from console.views.theme import Scheme
from console.views.widgets import Tone
from console.views.workspace.form_lines import GridHead
from tests.views.test_form_screen import Screen, control, group, options, question

WORDS = ("Not at all", "Several days", "More than half the days", "Nearly every day")
KEYS = ["1", "2", "3", "4", "7", "8", "9"]


@pytest.fixture(autouse=True)
def _themed(qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.DARK)


def grid(*items: dict[str, Any], code: str = "gtable", **fields: Any) -> dict[str, Any]:
    return group("g", *items, extension=[control(code)], **fields)


def asked(*link_ids: str, words: tuple[str, ...] = WORDS, **fields: Any) -> list[dict[str, Any]]:
    return [question(link_id, "choice", answerOption=options(*words), **fields) for link_id in link_ids]


def chips(screen: Screen, key: str) -> list[QAbstractButton]:
    return screen.view.card(key).answers.findChildren(QAbstractButton)


def left_of(widget: Any, screen: Screen) -> int:
    return int(widget.mapTo(screen.tried, QPoint()).x())


def heads(screen: Screen) -> list[GridHead]:
    return [line for line in screen.view.lines.live.values() if isinstance(line, GridHead)]


@pytest.mark.parametrize("code", ["grid", "table", "gtable", "htable"])
def test_the_words_stand_once_above_and_the_answers_in_columns(qtbot: QtBot, code: str) -> None:
    screen = Screen(qtbot, grid(*asked("1", "2", "3"), code=code), question("after"))
    (head,) = heads(screen)
    words = head.findChildren(QLabel)
    assert [each.text() for each in words] == [*WORDS, "Refused", "Not asked", "Unable"]
    columns = [(left_of(each, screen), each.width()) for each in words]
    for key in ("1", "2", "3"):
        card = screen.view.card(key)
        assert [(left_of(each, screen), each.width()) for each in chips(screen, key)] == columns
        assert [each.choice.chip for each in card.answers._buttons] == KEYS
        assert len({each.mapTo(card, QPoint()).y() for each in chips(screen, key)}) == 1
        assert left_of(card._title, screen) + card._title.width() <= columns[0][0]
    assert head.y() + head.height() <= screen.view.card("1").y(), "it stands over its rows"
    assert screen.view.card("after").columns == ()


def test_it_is_answered_and_walked_through_with_the_keys_of_every_question(qtbot: QtBot) -> None:
    screen = Screen(qtbot, grid(*asked("1", "2", "3", "4")), question("after"))
    screen.keys("2", "7")
    assert screen.at == "3"
    assert screen.view.given == {"1": (Coding(code="several days", display="Several days"),), "2": (NonAnswer.REFUSED,)}
    screen.keys(Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Space)
    assert screen.view.given["3"] == (Coding(code="more than half the days", display="More than half the days"),)
    screen.keys(Qt.Key.Key_Left, Qt.Key.Key_Space, Qt.Key.Key_Down)
    assert screen.view.given["3"] == (Coding(code="several days", display="Several days"),)
    assert screen.at == "4"
    screen.keys(Qt.Key.Key_Up, Qt.Key.Key_Delete)
    assert (screen.at, screen.view.given.get("3")) == ("3", None)
    screen.keys(Qt.Key.Key_Down, "9")
    assert (screen.at, screen.view.given["4"]) == ("after", (NonAnswer.UNABLE,))


def test_each_number_is_heard_with_its_words_and_its_row(qtbot: QtBot) -> None:
    screen = Screen(qtbot, grid(*asked("1", "2", required=True)))
    names = [each.accessibleName() for each in chips(screen, "2")]
    assert names[1] == "Several days, 2. What about 2?"
    assert names[4] == "Refused, 2. What about 2?"
    assert chips(screen, "2")[1].toolTip() == "Several days"
    assert screen.view.card("2").answers.accessibleDescription() == "not answered, required"


def test_a_row_comes_and_goes_and_says_why_it_is_there(qtbot: QtBot) -> None:
    when = [{"question": "1", "operator": "=", "answerCoding": {"code": "nearly every day"}}]
    screen = Screen(qtbot, grid(*asked("1"), *asked("2", enableWhen=when), *asked("3")))
    assert set(screen.view.cards) == {"1", "3"}
    screen.keys("4")
    card = screen.view.card("2")
    assert screen.at == "2"
    assert "asked because" in card._because.text()
    assert left_of(card._because, screen) + card._because.width() <= left_of(chips(screen, "2")[0], screen)
    screen.keys("2", Qt.Key.Key_Up, Qt.Key.Key_Up, "1")
    assert set(screen.view.cards) == {"1", "3"}
    assert screen.view.state.page.withdrawn == ("2",)


def test_words_beside_a_question_and_what_breaks_a_rule_stand_left_of_the_columns(qtbot: QtBot) -> None:
    said = {"linkId": "said", "type": "display", "text": "Choose one", "extension": [control("prompt")]}
    screen = Screen(qtbot, grid(*asked("1"), *asked("2", required=True, item=[said])))
    screen.view.card("2").show_wrong("It breaks a rule.", Tone.WARN)
    QApplication.processEvents()
    shown = {each.text(): each for each in screen.view.card("2").findChildren(QLabel) if each.isVisible()}
    assert set(shown) == {"2. What about 2?", "Choose one", "It breaks a rule."}
    for each in shown.values():
        assert left_of(each, screen) + each.width() <= left_of(chips(screen, "2")[0], screen)


def test_words_to_read_and_a_total_are_no_rows(qtbot: QtBot) -> None:
    total = question("total", "integer", readOnly=True)
    screen = Screen(qtbot, grid(question("d", "display"), *asked("1"), question("e", "display"), *asked("2"), total))
    assert len(heads(screen)) == 1
    assert screen.view.card("1").columns == screen.view.card("2").columns != ()


def test_it_is_asked_line_by_line_where_words_are_large_and_as_a_grid_again_after(
    qtbot: QtBot, qapp: QApplication
) -> None:
    screen = Screen(qtbot, grid(*asked("1", "2", "3")))
    screen.keys("2")
    theme.apply(qapp, Scheme.LIGHT, 2.0)
    qtbot.waitUntil(lambda: screen.view.cards["2"].columns == ())
    assert heads(screen) == []
    assert screen.at == "2", "the focus stays at its question"
    assert [each.accessibleName() for each in chips(screen, "2")][:2] == ["Not at all", "Several days"]
    assert screen.view.card("1").row.answer_text == "Several days"
    theme.apply(qapp, Scheme.LIGHT, 1.0)
    qtbot.waitUntil(lambda: bool(screen.view.cards["2"].columns))
    assert screen.at == "2"


def test_it_is_asked_line_by_line_in_a_narrow_window(qtbot: QtBot) -> None:
    screen = Screen(qtbot, grid(*asked("1", "2", "3")))
    screen.area.resize(560, 480)
    qtbot.waitUntil(lambda: screen.view.cards["1"].columns == ())
    screen.area.resize(760, 480)
    qtbot.waitUntil(lambda: bool(screen.view.cards["1"].columns))


LONG = tuple(f"An answer that {word} a good many words to be understood at all" for word in ("takes", "needs", "wants"))


@pytest.mark.parametrize(
    "form",
    [
        grid(*asked("1", "2"), repeats=True),
        grid(*asked("1"), *asked("2", words=("No", "Yes"))),
        grid(*asked("1"), question("2", "integer")),
        grid(*asked("1", "2", words=tuple("ABCDEFG"))),
        grid(*asked("1", "2", words=LONG)),
        grid(*(question(each, "open-choice", answerOption=options("X", "Y")) for each in "12")),
        grid(*asked("1", "2"), code="list"),
    ],
    ids=["repeats", "mixed-options", "mixed-types", "many-options", "long-words", "open", "no-table"],
)
def test_what_does_not_make_a_grid_is_asked_line_by_line(qtbot: QtBot, form: dict[str, Any]) -> None:
    screen = Screen(qtbot, form)
    assert heads(screen) == []
    assert {card.columns for card in screen.view.cards.values()} == {()}
    assert screen.at.startswith("1")


def test_the_words_over_the_columns_are_seen_with_every_row_of_a_long_grid(qtbot: QtBot) -> None:
    keys = [f"{number}" for number in range(1, 19)]
    screen = Screen(qtbot, grid(*asked(*keys)))
    screen.area.resize(760, 355)
    for step in (Qt.Key.Key_Down, Qt.Key.Key_Up):
        for _ in keys[1:]:
            screen.keys(step)
            QApplication.processEvents()
            room, row = screen.area.viewport(), screen.view.cards[screen.at]
            tops = [head.mapTo(room, QPoint()).y() for head in heads(screen)]
            assert any(0 <= top < row.mapTo(room, QPoint()).y() for top in tops), screen.at
            assert row.mapTo(room, row.rect().bottomLeft()).y() <= room.rect().bottom()
