"""The keys of the board: what each does, and that none is taken from somebody who types."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.queries.board import View
from console.views import theme
from console.views.theme import Scheme
from tests.support.board_desk import BoardDesk, queue
from tests.support.board_rows import (
    STALE,
    alarms,
    board,
    call_id,
    flagged,
    owned,
    row,
)


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> BoardDesk:
    theme.apply(qapp, Scheme.DARK)
    return BoardDesk(qtbot, qapp)


# -- the focus is never taken ------------------------------------------------------------------------------------------


def test_typing_goes_on_while_a_hundred_changes_arrive(desk: BoardDesk) -> None:
    desk.view.show_board(board(queue(30)))
    desk.view.list.setFocus()
    desk.key("/")
    edit = desk.view.head.filter
    assert edit.hasFocus()
    typed = "n 12 / maple?"
    for turn, letter in enumerate(typed * 8):
        desk.key(letter)
        desk.view.show_board(board(queue(30 + turn % 3)))
        desk.view.show_alarms(alarms()[: turn % 4])
    assert edit.text() == typed * 8
    assert edit.cursorPosition() == len(edit.text())
    assert edit.hasFocus()
    assert not [asked for asked in desk.asked if asked[0] in ("view_changed", "keys_requested")]
    assert QApplication.activeModalWidget() is None
    desk.view.head._wait.stop()


def test_bare_letters_and_digits_act_only_on_the_rows(desk: BoardDesk) -> None:
    desk.view.show_board(board(queue(3)))
    desk.view.list.setFocus()
    desk.key("3")
    assert desk.asked == [("view_changed", "open")]
    desk.key("?")
    assert desk.asked[-1] == ("keys_requested",)


# -- keys --------------------------------------------------------------------------------------------------------------


def test_the_first_arrow_selects_the_first_row_and_enter_opens_it(desk: BoardDesk) -> None:
    desk.view.show_board(board(queue(3)))
    desk.view.list.setFocus()
    assert desk.view.selected is None
    desk.key(Qt.Key.Key_Down)
    assert desk.view.selected == call_id("c0")
    desk.key(Qt.Key.Key_Down)
    desk.key(Qt.Key.Key_Return)
    assert desk.asked == [("opened", call_id("c1"))]


def test_one_key_claims_one_calls_the_fallback_one_says_dropped(desk: BoardDesk) -> None:
    rows = [flagged("a", 300, fallback="CIT officer"), owned("b", 60, 50, mine=True)]
    desk.view.show_board(board(rows))
    desk.view.list.setFocus()
    desk.view.select(call_id("a"))
    desk.key(Qt.Key.Key_F3)
    desk.key(Qt.Key.Key_F7)
    desk.view.select(call_id("b"))
    desk.key(Qt.Key.Key_F7)
    desk.key(Qt.Key.Key_F8)
    assert desk.asked == [
        ("claim_requested", call_id("a")),
        ("fallback_requested", call_id("a")),
        ("dropped_requested", call_id("b")),
    ]


def test_a_key_without_a_call_says_to_choose_one(desk: BoardDesk) -> None:
    desk.view.show_board(board(queue(2)))
    desk.view.list.setFocus()
    desk.key(Qt.Key.Key_F3)
    assert desk.asked == []
    assert desk.view.notice.said == "Choose a call first, with the arrow keys or the mouse."
    desk.pass_seconds(1)
    assert desk.view.notice.said.startswith("Choose")
    desk.pass_seconds(4)
    assert desk.view.notice.said.startswith("2 flagged")


def test_two_keys_and_enter_flag_a_call_with_its_reason(desk: BoardDesk) -> None:
    desk.view.show_board(board([row("a"), row("b")], View.OPEN))
    desk.view.list.setFocus()
    desk.view.select(call_id("b"))
    desk.key(Qt.Key.Key_F2)
    panel = desk.view.flag_panel
    assert panel.isVisible()
    assert desk.view.rect().contains(panel.geometry())
    assert not panel.isModal()
    desk.key("6")
    desk.key(Qt.Key.Key_Return)
    assert desk.asked == [("flag_requested", call_id("b"), "minor", "")]
    assert not panel.isVisible()
    assert desk.view.list.hasFocus()


def test_words_go_with_the_flag_and_digits_in_them_stay_digits(desk: BoardDesk) -> None:
    desk.view.show_board(board([row("a")], View.OPEN))
    desk.view.list.setFocus()
    desk.view.select(call_id("a"))
    desk.key(Qt.Key.Key_F2)
    desk.key("1")
    desk.view.flag_panel.words.setFocus()
    desk.key("at 12 / Main, no. 3")
    desk.key(Qt.Key.Key_Return)
    assert desk.asked == [("flag_requested", call_id("a"), "suicidal", "at 12 / Main, no. 3")]


def test_a_flag_needs_a_reason_and_escape_leaves(desk: BoardDesk) -> None:
    desk.view.show_board(board([row("a")], View.OPEN))
    desk.view.list.setFocus()
    desk.view.select(call_id("a"))
    desk.key(Qt.Key.Key_F2)
    desk.key(Qt.Key.Key_Return)
    assert desk.view.flag_panel.complaint.isVisible()
    assert desk.asked == []
    desk.key(Qt.Key.Key_Escape)
    assert not desk.view.flag_panel.isVisible()
    assert desk.view.selected == call_id("a")


@pytest.mark.parametrize("place", [0, 3, 6])
def test_the_flag_panel_leaves_the_alarms_in_sight(desk: BoardDesk, place: int) -> None:
    desk.view.show_board(board([row(f"c{number}") for number in range(7)], View.OPEN))
    desk.view.show_alarms(alarms())
    QApplication.processEvents()
    desk.view.list.setFocus()
    desk.view.select(call_id(f"c{place}"))
    desk.key(Qt.Key.Key_F2)
    panel = desk.view.flag_panel
    assert panel.isVisible()
    assert not panel.geometry().intersects(desk.view.alarms.geometry())


def test_the_flag_panel_holds_the_rows_it_is_about(desk: BoardDesk) -> None:
    desk.view.show_board(board([row("a"), row("b")], View.OPEN))
    desk.view.select(call_id("a"))
    desk.view.flag_selected()
    desk.view.list.select(None)
    desk.view.show_board(board([row("new"), row("a"), row("b")], View.OPEN))
    desk.pass_seconds(60)
    assert desk.numbers() == ["a", "b"]


def test_a_call_that_is_flagged_is_not_flagged_twice(desk: BoardDesk) -> None:
    desk.view.show_board(
        board([flagged("a", 9, flag_source="cad", flagged_by="D2 in CAD", flag_reason="CAD code MHC")])
    )
    desk.view.select(call_id("a"))
    desk.view.flag_selected()
    assert not desk.view.flag_panel.isVisible()
    assert desk.view.notice.said == "a is flagged already by D2 in CAD: CAD code MHC"


def test_only_a_suggestion_can_be_dismissed(desk: BoardDesk) -> None:
    desk.view.show_board(board([row("a", suggestion="type CRISIS"), flagged("b", 3)]))
    desk.view.list.setFocus()
    for number in ("b", "a"):
        desk.view.select(call_id(number))
        desk.key(Qt.Key.Key_Delete)
    assert desk.asked == [("suggestion_dismissed", call_id("a"))]


def test_f11_is_for_a_call_on_which_an_officer_waits(desk: BoardDesk) -> None:
    desk.view.show_board(board([flagged("a", 9), flagged("b", 3, officer_waiting=True)]))
    desk.view.list.setFocus()
    desk.key(Qt.Key.Key_F11)
    assert desk.view.notice.said.startswith("Choose a call first")
    for number in ("a", "b"):
        desk.view.select(call_id(number))
        desk.key(Qt.Key.Key_F11)
    assert desk.asked == [("officer_requested", call_id("b"))]


def test_the_filter_asks_after_a_pause_or_enter_and_escape_clears_it(desk: BoardDesk, qtbot: QtBot) -> None:
    desk.view.show_board(board(queue(3)))
    desk.view.list.setFocus()
    desk.key("/")
    with qtbot.waitSignal(desk.view.filter_changed) as heard:
        desk.key("oak ")
    assert heard.args == ["oak"]
    desk.key(Qt.Key.Key_Return)
    assert desk.view.list.hasFocus()
    desk.key(Qt.Key.Key_Escape)
    assert desk.asked[-1] == ("filter_changed", "")
    assert desk.view.head.filter.text() == ""


def test_escape_lets_go_of_the_row(desk: BoardDesk) -> None:
    rows = queue(3)
    desk.view.show_board(board(rows))
    desk.view.list.setFocus()
    desk.view.select(call_id("c1"))
    desk.view.show_board(board([flagged("new", 1), *rows]))
    desk.key(Qt.Key.Key_Escape)
    assert desk.view.selected is None
    desk.pass_seconds(1)
    assert desk.numbers()[0] == "new"


def test_the_flag_key_withdraws_a_flag_that_nobody_has_taken(desk: BoardDesk) -> None:
    desk.view.allow(enter=False, withdraw=True)
    desk.view.show_board(board([flagged("a", 30), owned("b", 60, 50)]))
    desk.view.list.setFocus()
    desk.view.select(call_id("b"))
    desk.key(Qt.Key.Key_F2)
    assert "flagged already" in desk.view.notice.said
    desk.view.select(call_id("a"))
    desk.key(Qt.Key.Key_F2)
    desk.key(Qt.Key.Key_Return)
    assert desk.view.flag_panel.isVisible(), "a flag does not go without a reason"
    for letter in "wrong call":
        desk.key(letter)
    desk.key(Qt.Key.Key_Return)
    assert desk.asked == [("withdrawal_requested", call_id("a"), "wrong call")]


def test_a_flag_that_is_refused_gives_reason_and_words_back(desk: BoardDesk) -> None:
    desk.view.show_board(board([row("a")], View.OPEN))
    desk.view.list.setFocus()
    desk.view.select(call_id("a"))
    desk.key(Qt.Key.Key_F2)
    desk.key("1")
    panel = desk.view.flag_panel
    panel.words.setFocus()
    for letter in "on a roof":
        desk.key(letter)
    desk.key(Qt.Key.Key_Return)
    assert panel.call is None
    assert desk.view.flag_refused(call_id("a"), "The disk is full.")
    assert panel.isVisible()
    assert (panel.words.text(), panel.complaint.text()) == ("on a roof", "The disk is full.")
    desk.key(Qt.Key.Key_Return)
    assert desk.asked == 2 * [("flag_requested", call_id("a"), "suicidal", "on a roof")]


def test_a_call_is_entered_by_hand_where_the_person_may(desk: BoardDesk) -> None:
    desk.view.show_board(board([row("a")], View.OPEN, cad=STALE))
    desk.view.list.setFocus()
    desk.key(Qt.Key.Key_F10)
    panel = desk.view.entry_panel
    assert not panel.isVisible()
    desk.view.allow(enter=True, withdraw=False)
    desk.view.show_board(board([row("a")], View.OPEN, cad=STALE))
    assert desk.view.notice.said.endswith("F10 enters a call by hand")
    desk.view.notice.click()
    assert panel.isVisible()
    for words in ("77", "Man on a bridge", "Pier 2", ""):
        for letter in words:
            desk.key(letter)
        desk.key(Qt.Key.Key_Tab)
    desk.key(Qt.Key.Key_Return)
    assert desk.asked == [("call_entered", "77", "Man on a bridge", "Pier 2", "")]
    panel.refuse("The disk is full.")
    assert panel.isVisible()
    assert panel._fields[1].text() == "Man on a bridge"
    panel.done()
    assert not panel.isVisible()
    assert panel._fields[1].text() == ""
