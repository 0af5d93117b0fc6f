"""The board in a real window: rows stand still under a person's aim, ages tick, every state says what is so."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.errors import KnownError
from console.models.call import Level
from console.queries.alarms import Alarm
from console.queries.board import View
from console.views import theme
from console.views.board import BOARD_KEYS
from console.views.theme import Scheme
from console.views.widgets import CLOCK_ROLE, Tone
from tests.support.board_desk import BoardDesk, queue
from tests.support.board_rows import (
    NOW,
    STALE,
    alarms,
    board,
    call_id,
    evening,
    flagged,
    row,
)


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> BoardDesk:
    theme.apply(qapp, Scheme.DARK)
    return BoardDesk(qtbot, qapp)


# -- rows stand still --------------------------------------------------------------------------------------------------


def test_new_rows_wait_behind_the_bar_while_a_row_is_selected(desk: BoardDesk) -> None:
    rows = queue(5)
    desk.view.show_board(board(rows))
    desk.view.select(call_id("c2"))
    before = desk.tops()
    worse = flagged("new", 8, level=Level.CRITICAL, type_text="Suicidal person")
    desk.view.show_board(board([worse, *rows]))
    desk.pass_seconds(60)
    assert desk.tops() == before
    assert desk.view.notice.said == "1 new: 1:08 suicidal person N shows it"
    desk.view.list.setFocus()
    desk.key("n")
    assert desk.numbers()[0] == "new"
    assert desk.view.selected == call_id("c2")
    assert desk.view.notice.said.startswith("6 flagged")


def test_a_selection_that_somebody_left_holds_nothing_back_after_half_a_minute(desk: BoardDesk) -> None:
    rows = queue(3)
    desk.view.show_board(board(rows))
    desk.view.select(call_id("c1"))
    focus = QApplication.focusWidget()
    if focus is not None:
        focus.clearFocus()
    desk.view.show_board(board([flagged("new", 1), *rows]))
    desk.pass_seconds(29)
    assert desk.numbers() == ["c0", "c1", "c2"]
    desk.pass_seconds(2)
    assert desk.numbers() == ["new", "c0", "c1", "c2"]
    assert desk.view.selected == call_id("c1")


def test_new_rows_wait_while_the_pointer_is_over_a_row_and_come_when_it_leaves(desk: BoardDesk) -> None:
    rows = queue(4)
    desk.view.show_board(board(rows))
    desk.point("c3")
    desk.view.show_board(board([flagged("new", 1), *rows]))
    desk.pass_seconds(30)
    assert desk.numbers() == ["c0", "c1", "c2", "c3"]
    desk.point(None)
    desk.pass_seconds(1)
    assert desk.numbers() == ["new", "c0", "c1", "c2", "c3"]


def test_a_board_that_is_hidden_is_not_aimed_at(desk: BoardDesk) -> None:
    rows = queue(3)
    desk.view.show_board(board(rows))
    desk.point("c1")
    assert desk.view.aiming
    desk.view.hide()
    assert not desk.view.aiming
    desk.view.show_board(board([flagged("new", 1), *rows]))
    assert desk.numbers()[0] == "new"


def test_new_rows_wait_for_two_seconds_after_a_key(desk: BoardDesk) -> None:
    rows = queue(3)
    desk.view.show_board(board(rows))
    desk.view.list.setFocus()
    desk.key(Qt.Key.Key_Shift)
    desk.view.show_board(board([flagged("new", 1), *rows]))
    desk.pass_seconds(1.9)
    assert desk.numbers() == ["c0", "c1", "c2"]
    desk.pass_seconds(0.2)
    assert desk.numbers()[0] == "new"


def test_a_row_that_left_or_rose_stays_where_it_is_while_somebody_aims_but_says_what_is_so(desk: BoardDesk) -> None:
    rows = queue(4)
    desk.view.show_board(board(rows))
    desk.view.select(call_id("c1"))
    risen = replace(rows[3], level=Level.CRITICAL)
    desk.view.show_board(board([risen, rows[1], rows[2]]))
    assert desk.numbers() == ["c0", "c1", "c2", "c3"]
    assert desk.view.model.rows[3].level is Level.CRITICAL
    assert desk.view.model.gone == {call_id("c0")}
    assert desk.view.model.data(desk.view.model.index(0)).startswith("Left this view.")
    assert desk.view.notice.said == "1 call has left this view, the order has changed N catches up"
    desk.view.release()
    assert desk.numbers() == ["c3", "c1", "c2"]
    assert desk.view.model.gone == frozenset()


def test_rows_are_shown_at_once_when_nobody_aims_and_marked_new_for_a_while(desk: BoardDesk) -> None:
    rows = queue(3)
    desk.view.show_board(board(rows))
    assert desk.view.model.fresh == frozenset()
    desk.view.show_board(board([flagged("new", 1), *rows]))
    assert desk.numbers()[0] == "new"
    assert desk.view.model.fresh == {call_id("new")}
    assert desk.view.model.data(desk.view.model.index(0)).startswith("New.")
    desk.pass_seconds(11)
    assert desk.view.model.fresh == frozenset()


def test_another_view_or_filter_shows_at_once_even_with_a_row_selected(desk: BoardDesk) -> None:
    desk.view.show_board(board(queue(3)))
    desk.view.select(call_id("c1"))
    desk.view.show_board(board([row("x"), row("y")], View.OPEN))
    assert desk.numbers() == ["x", "y"]
    desk.view.select(call_id("x"))
    desk.view.show_board(board([row("y")], View.OPEN, filter="y"))
    assert desk.numbers() == ["y"]
    assert desk.view.selected is None


def test_selection_current_row_and_scroll_survive_anything(desk: BoardDesk) -> None:
    chance = random.Random(20261121)
    pool = queue(60)
    desk.view.show_board(board(pool))
    desk.view.list.verticalScrollBar().setValue(700)
    kept = desk.view.model.rows[desk.view.list.visible_rows()[0] + 3].call
    desk.view.select(kept)
    top = desk.view.list.visualRect(desk.view.list.selected_index()).top()
    resets: list[bool] = []
    desk.view.model.modelReset.connect(lambda: resets.append(True))
    for turn in range(40):
        rows = [call for call in pool if call.call == kept or chance.random() < 0.8]
        rows += [flagged(f"new{turn}-{number}", 1) for number in range(chance.randrange(4))]
        place = rows.index(next(call for call in rows if call.call == kept))
        chance.shuffle(rows)
        rows.insert(place, rows.pop(next(at for at, call in enumerate(rows) if call.call == kept)))
        desk.view.show_board(board(rows))
        if chance.random() < 0.5:
            desk.view.list.show_rows(rows)  # as if N had been pressed, without bringing the new row into view
        current = desk.view.model.row(desk.view.list.currentIndex())
        assert desk.view.selected == kept
        assert current is not None
        assert current.call == kept
        index = desk.view.list.selected_index()
        scrollable = index.row() * desk.view.list.visualRect(index).height() - top
        if 0 <= scrollable <= desk.view.list.verticalScrollBar().maximum():
            assert desk.view.list.visualRect(index).top() == top
    assert resets == []


def test_a_list_scrolled_down_keeps_its_place_when_rows_come_above(desk: BoardDesk) -> None:
    rows = queue(60)
    desk.view.show_board(board(rows))
    desk.view.list.verticalScrollBar().setValue(900)
    first = desk.view.model.rows[desk.view.list.visible_rows()[0]]
    top = desk.tops()[first.number]
    desk.view.show_board(board([*(flagged(f"new{n}", n) for n in range(5)), *rows]))
    assert desk.tops()[first.number] == top
    assert desk.numbers()[0] == "new0"


def test_alarms_coming_move_no_row(desk: BoardDesk) -> None:
    desk.view.show_board(board(evening()))
    desk.view.select(evening()[1].call)
    before = desk.tops()
    desk.view.show_alarms(alarms())
    QApplication.processEvents()
    assert desk.tops() == before
    assert desk.view.alarms.list.isVisible()


# -- ages --------------------------------------------------------------------------------------------------------------


def test_a_tick_touches_only_the_rows_in_view(desk: BoardDesk) -> None:
    desk.view.show_board(board(queue(500)))
    told: list[tuple[int, int, list[int]]] = []
    desk.view.model.dataChanged.connect(lambda top, bottom, roles: told.append((top.row(), bottom.row(), list(roles))))
    desk.view.list.verticalScrollBar().setValue(5000)
    desk.pass_seconds(1)
    assert len(told) == 1
    first, last, roles = told[0]
    assert roles == [CLOCK_ROLE]
    assert desk.view.list.visible_rows() == (first, last)
    assert 5 < last - first < 20


def test_a_board_nobody_sees_does_not_tick(desk: BoardDesk) -> None:
    desk.view.show_board(board(queue(5)))
    desk.view.hide()
    told: list[bool] = []
    desk.view.model.dataChanged.connect(lambda *_: told.append(True))
    desk.pass_seconds(1)
    assert told == []


def test_the_clock_of_a_row_is_painted_anew_each_second(desk: BoardDesk) -> None:
    desk.view.show_board(board(queue(3)))
    before = desk.view.list.grab().toImage()
    desk.pass_seconds(1)
    assert desk.view.list.grab().toImage() != before


# -- states ------------------------------------------------------------------------------------------------------------


def test_before_the_first_picture_the_board_says_that_it_reads(desk: BoardDesk) -> None:
    assert desk.view.pages.currentWidget() is desk.view.loading


def test_an_empty_view_offers_the_key_that_shows_the_rest(desk: BoardDesk) -> None:
    desk.view.show_board(board([]))
    assert desk.view.pages.currentWidget() is desk.view.empty
    assert desk.view.empty.title == "No flagged calls."
    action = desk.view.empty.action
    assert action is not None
    action.click()
    assert desk.asked == [("view_changed", "open")]


def test_a_stale_source_dims_the_rows_and_says_how_old_they_are(desk: BoardDesk) -> None:
    desk.view.show_board(board(evening()))
    clear = desk.view.list.grab().toImage()
    desk.view.show_board(board(evening(), cad=STALE))
    assert desk.view.notice.tone is Tone.WARN
    assert desk.view.notice.said == STALE.says
    assert "CAD stale 42 s" in desk.view.notice.accessibleName()
    dimmed = desk.view.list.grab().toImage()
    assert dimmed != clear
    place = desk.view.list.visualRect(desk.view.model.index(0))
    at = QPoint(place.left() + 22, place.center().y())
    assert clear.pixelColor(at) == theme.current().tokens.badges[Level.CRITICAL].fill
    assert dimmed.pixelColor(at) != clear.pixelColor(at)
    desk.pass_seconds(100)
    assert "CAD stale 2 min" in desk.view.notice.accessibleName()


def test_an_empty_board_of_a_stale_source_does_not_claim_that_there_is_nothing(desk: BoardDesk) -> None:
    desk.view.show_board(board([], cad=STALE))
    assert STALE.says in desk.view.empty.sentence


def test_a_board_that_cannot_be_read_keeps_its_rows_and_offers_to_try_again(desk: BoardDesk) -> None:
    error = KnownError("The disk is full. What was written before is safe.")
    desk.view.show_error(error)
    assert desk.view.pages.currentWidget() is desk.view.error
    assert desk.view.error.sentence == error.message
    desk.view.show_board(board(queue(3)))
    desk.view.show_error(error)
    assert desk.view.pages.currentWidget() is desk.view.list
    desk.pass_seconds(1)
    assert desk.view.notice.said == f"{error.message} F5 tries again"
    desk.view.list.setFocus()
    desk.key(Qt.Key.Key_F5)
    desk.view.notice.click()
    assert desk.asked == [("retry_requested",), ("retry_requested",)]
    desk.view.show_board(board(queue(3)))
    assert desk.view.notice.said.startswith("3 flagged")
    assert not desk.view.model.stale


# -- alarms ------------------------------------------------------------------------------------------------------------


def test_an_alarm_stays_until_acknowledged_and_then_says_by_whom(desk: BoardDesk) -> None:
    desk.view.show_board(board(evening()))
    desk.view.show_alarms(alarms())
    desk.view.list.setFocus()
    desk.key(Qt.Key.Key_F9)
    assert desk.asked == [("alarm_acknowledged", "unclaimed:1")]
    seen = [replace(alarm, acknowledged_by="R. Okafor") for alarm in alarms()]
    desk.view.show_alarms(seen)
    assert desk.view.alarms.model.rowCount() == 3
    assert "Acknowledged by R. Okafor" in desk.view.alarms.model.data(desk.view.alarms.model.index(0))
    desk.key(Qt.Key.Key_F9)
    assert len(desk.asked) == 1


def test_the_chosen_alarm_is_the_one_acknowledged_and_opened(desk: BoardDesk) -> None:
    desk.view.show_alarms(alarms())
    panel = desk.view.alarms
    panel.list.setFocus()
    panel.list.setCurrentIndex(panel.model.index(1))
    desk.key(Qt.Key.Key_F9)
    desk.key(Qt.Key.Key_Return)
    assert desk.asked == [("alarm_acknowledged", "officer:1"), ("opened", evening()[1].call)]


def test_many_alarms_scroll_and_leave_the_rows_their_room(desk: BoardDesk) -> None:
    desk.view.show_board(board(evening()))
    many = [Alarm(f"k{n}", "caution", None, "CAD feed", "stale", NOW - timedelta(seconds=n)) for n in range(40)]
    desk.view.show_alarms(many)
    QApplication.processEvents()
    assert desk.view.alarms.model.rowCount() == 40
    assert desk.view.alarms.height() < desk.view.height() / 3
    assert desk.view.alarms.list.verticalScrollBar().maximum() > 0


def test_at_twice_the_text_two_whole_rows_stand_above_the_alarms(desk: BoardDesk, qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.DARK, 2.0)
    desk.view.resize(1222, 634)  # what a screen of 1366 × 768 leaves
    desk.view.show_board(board(evening()))
    desk.view.show_alarms([Alarm(f"k{n}", "caution", None, "CAD feed", "stale", NOW) for n in range(4)])
    QApplication.processEvents()
    rows = desk.view.list
    second = rows.visualRect(rows.model().index(1, 0))
    assert rows.viewport().rect().contains(second)
    assert desk.view.alarms.height() < desk.view.height() / 4
    assert not desk.view.alarms.list.visualRect(desk.view.alarms.model.index(0)).isEmpty()
    theme.apply(qapp, Scheme.DARK)


# -- everyone can use it -----------------------------------------------------------------------------------------------


def test_a_screen_reader_gets_the_whole_row_in_its_first_cell(desk: BoardDesk) -> None:
    desk.view.show_board(board(evening()))
    table = QAccessible.queryAccessibleInterface(desk.view.list)
    text = table.child(0).text(QAccessible.Text.Name)
    assert text.startswith("Level critical. Since flag 1 minute 52 seconds. Suicidal person")
    assert desk.view.model.data(desk.view.model.index(0), Qt.ItemDataRole.AccessibleTextRole) == text


def test_the_list_never_has_an_empty_current_row_with_the_focus(desk: BoardDesk) -> None:
    desk.view.show_board(board(queue(3)))
    desk.view.list.setFocus()
    assert desk.view.list.currentIndex().isValid()
    assert desk.view.selected is None


def test_everything_that_takes_the_focus_has_a_name(desk: BoardDesk) -> None:
    desk.view.show_board(board(evening()))
    desk.view.show_alarms(alarms())
    desk.view.select(evening()[-1].call)
    desk.view.flag_selected()
    nameless = [
        child
        for child in desk.view.findChildren(QWidget)
        if child.isVisible() and child.focusPolicy() & Qt.FocusPolicy.TabFocus and not child.accessibleName()
    ]
    assert nameless == []


@pytest.mark.parametrize(("scale", "width", "height"), [(1.0, 1366, 768), (2.0, 1366, 700), (2.0, 683, 700)])
def test_it_fits_a_small_screen_at_twice_the_text(
    qtbot: QtBot, qapp: QApplication, scale: float, width: int, height: int
) -> None:
    theme.apply(qapp, Scheme.DARK, scale)
    desk = BoardDesk(qtbot, qapp)
    desk.view.resize(width, height)
    desk.view.show_board(board(evening()))
    desk.view.show_alarms(alarms())
    QApplication.processEvents()
    assert (desk.view.width(), desk.view.height()) == (width, height)
    first, last = desk.view.list.visible_rows()
    assert last - first >= 1
    for child in (desk.view.head.tabs, desk.view.head.filter, desk.view.notice, desk.view.alarms):
        place = child.mapTo(desk.view, QPoint(0, 0))
        assert place.x() + child.width() <= width


def test_every_key_that_is_listed_is_bound(desk: BoardDesk) -> None:
    from PySide6.QtGui import QShortcut

    bound = {shortcut.key().toString() for shortcut in desk.view.findChildren(QShortcut)}
    listed = {key for key, _ in BOARD_KEYS}
    assert {key for key in listed if key.startswith("F") or key in ("Del", "N", "/", "Esc")} <= bound
    assert {"1", "2", "3", "4", "?"} <= bound


def test_a_change_of_theme_keeps_the_place(desk: BoardDesk, qapp: QApplication) -> None:
    desk.view.show_board(board(queue(40)))
    desk.view.select(call_id("c20"))
    theme.apply(qapp, Scheme.LIGHT, 1.5)
    QApplication.processEvents()
    assert desk.view.selected == call_id("c20")
    index = desk.view.list.selected_index()
    assert isinstance(desk.view.list, QObject)
    assert desk.view.list.visualRect(index).height() > 60
