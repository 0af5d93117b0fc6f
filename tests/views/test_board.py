"""The board in a real window: rows stand still under a person's aim, keys do what they say, the focus is theirs."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.bridge.ticker import Ticker
from console.errors import KnownError
from console.models.call import Level
from console.queries.alarms import Alarm
from console.queries.board import BoardRow, View
from console.views import theme
from console.views.board import BOARD_KEYS, BoardView
from console.views.theme import Scheme
from console.views.widgets import CLOCK_ROLE, Tone
from tests.support.board_rows import (
    LIMITS,
    NOW,
    REASONS,
    STALE,
    alarms,
    board,
    call_id,
    evening,
    flagged,
    owned,
    row,
)
from tests.support.clock import FixedClock
from tests.support.windows import focused, show


class Desk:
    """A board in a window, its clock, and everything it asked for."""

    def __init__(self, qtbot: QtBot, qapp: QApplication) -> None:
        self.qtbot, self.clock = qtbot, FixedClock(NOW)
        self.ticker = Ticker(self.clock, qapp)
        self.ticker.stop()
        self.view = BoardView(self.ticker, LIMITS, REASONS)
        self.view.resize(1100, 700)
        self.tester = QAbstractItemModelTester(
            self.view.model, QAbstractItemModelTester.FailureReportingMode.Fatal, self.view
        )
        self.asked: list[tuple[object, ...]] = []
        for name in (
            "opened",
            "flag_requested",
            "claim_requested",
            "fallback_requested",
            "dropped_requested",
            "suggestion_dismissed",
            "filter_changed",
            "view_changed",
            "alarm_acknowledged",
            "retry_requested",
            "keys_requested",
        ):
            getattr(self.view, name).connect(self._note(name))
        show(qtbot, self.view)

    def _note(self, name: str) -> Callable[..., None]:
        def note(*values: object) -> None:
            self.asked.append((name, *values))

        return note

    def key(self, key: Qt.Key | str, times: int = 1) -> None:
        for _ in range(times):
            if isinstance(key, str):
                self.qtbot.keyClicks(focused(), key)
            else:
                self.qtbot.keyClick(focused(), key)

    def point(self, number: str | None) -> None:
        """Move the pointer over a row, or off the list."""
        viewport = self.view.list.viewport()
        if number is None:
            QApplication.sendEvent(viewport, QEvent(QEvent.Type.Leave))
            return
        place = self.view.list.visualRect(self.view.model.index_of(call_id(number))).center()
        QTest.mouseMove(viewport, place - QPoint(1, 0))
        QTest.mouseMove(viewport, place)

    def numbers(self) -> list[str]:
        return [call.number for call in self.view.model.rows]

    def pass_seconds(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.ticker.tick.emit()

    def tops(self) -> dict[str, int]:
        """Where each row stands in the window."""
        return {
            call.number: self.view.list.visualRect(self.view.model.index_of(call.call)).top()
            for call in self.view.model.rows
        }


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Desk:
    theme.apply(qapp, Scheme.DARK)
    return Desk(qtbot, qapp)


def queue(count: int) -> list[BoardRow]:
    return [flagged(f"c{number}", 1000 - number) for number in range(count)]


# -- rows stand still --------------------------------------------------------------------------------------------------


def test_new_rows_wait_behind_the_bar_while_a_row_is_selected(desk: Desk) -> None:
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


def test_new_rows_wait_while_the_pointer_is_over_a_row_and_come_when_it_leaves(desk: Desk) -> None:
    rows = queue(4)
    desk.view.show_board(board(rows))
    desk.point("c3")
    desk.view.show_board(board([flagged("new", 1), *rows]))
    desk.pass_seconds(30)
    assert desk.numbers() == ["c0", "c1", "c2", "c3"]
    desk.point(None)
    desk.pass_seconds(1)
    assert desk.numbers() == ["new", "c0", "c1", "c2", "c3"]


def test_new_rows_wait_for_two_seconds_after_a_key(desk: Desk) -> None:
    rows = queue(3)
    desk.view.show_board(board(rows))
    desk.view.list.setFocus()
    desk.key(Qt.Key.Key_Shift)
    desk.view.show_board(board([flagged("new", 1), *rows]))
    desk.pass_seconds(1.9)
    assert desk.numbers() == ["c0", "c1", "c2"]
    desk.pass_seconds(0.2)
    assert desk.numbers()[0] == "new"


def test_a_row_that_left_or_rose_stays_where_it_is_while_somebody_aims_but_says_what_is_so(desk: Desk) -> None:
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


def test_rows_are_shown_at_once_when_nobody_aims_and_marked_new_for_a_while(desk: Desk) -> None:
    rows = queue(3)
    desk.view.show_board(board(rows))
    assert desk.view.model.fresh == frozenset()
    desk.view.show_board(board([flagged("new", 1), *rows]))
    assert desk.numbers()[0] == "new"
    assert desk.view.model.fresh == {call_id("new")}
    assert desk.view.model.data(desk.view.model.index(0)).startswith("New.")
    desk.pass_seconds(11)
    assert desk.view.model.fresh == frozenset()


def test_another_view_or_filter_shows_at_once_even_with_a_row_selected(desk: Desk) -> None:
    desk.view.show_board(board(queue(3)))
    desk.view.select(call_id("c1"))
    desk.view.show_board(board([row("x"), row("y")], View.OPEN))
    assert desk.numbers() == ["x", "y"]
    desk.view.select(call_id("x"))
    desk.view.show_board(board([row("y")], View.OPEN, filter="y"))
    assert desk.numbers() == ["y"]
    assert desk.view.selected is None


def test_selection_current_row_and_scroll_survive_anything(desk: Desk) -> None:
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


def test_a_list_scrolled_down_keeps_its_place_when_rows_come_above(desk: Desk) -> None:
    rows = queue(60)
    desk.view.show_board(board(rows))
    desk.view.list.verticalScrollBar().setValue(900)
    first = desk.view.model.rows[desk.view.list.visible_rows()[0]]
    top = desk.tops()[first.number]
    desk.view.show_board(board([*(flagged(f"new{n}", n) for n in range(5)), *rows]))
    assert desk.tops()[first.number] == top
    assert desk.numbers()[0] == "new0"


def test_alarms_coming_move_no_row(desk: Desk) -> None:
    desk.view.show_board(board(evening()))
    desk.view.select(evening()[1].call)
    before = desk.tops()
    desk.view.show_alarms(alarms())
    QApplication.processEvents()
    assert desk.tops() == before
    assert desk.view.alarms.list.isVisible()


# -- the focus is never taken ------------------------------------------------------------------------------------------


def test_typing_goes_on_while_a_hundred_changes_arrive(desk: Desk) -> None:
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


def test_bare_letters_and_digits_act_only_on_the_rows(desk: Desk) -> None:
    desk.view.show_board(board(queue(3)))
    desk.view.list.setFocus()
    desk.key("3")
    assert desk.asked == [("view_changed", "open")]
    desk.key("?")
    assert desk.asked[-1] == ("keys_requested",)


# -- keys --------------------------------------------------------------------------------------------------------------


def test_the_first_arrow_selects_the_first_row_and_enter_opens_it(desk: Desk) -> None:
    desk.view.show_board(board(queue(3)))
    desk.view.list.setFocus()
    assert desk.view.selected is None
    desk.key(Qt.Key.Key_Down)
    assert desk.view.selected == call_id("c0")
    desk.key(Qt.Key.Key_Down)
    desk.key(Qt.Key.Key_Return)
    assert desk.asked == [("opened", call_id("c1"))]


def test_one_key_claims_one_calls_the_fallback_one_says_dropped(desk: Desk) -> None:
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


def test_a_key_without_a_call_says_to_choose_one(desk: Desk) -> None:
    desk.view.show_board(board(queue(2)))
    desk.view.list.setFocus()
    desk.key(Qt.Key.Key_F3)
    assert desk.asked == []
    assert desk.view.notice.said == "Choose a call first, with the arrow keys or the mouse."
    desk.pass_seconds(1)
    assert desk.view.notice.said.startswith("Choose")
    desk.pass_seconds(4)
    assert desk.view.notice.said.startswith("2 flagged")


def test_two_keys_and_enter_flag_a_call_with_its_reason(desk: Desk) -> None:
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


def test_words_go_with_the_flag_and_digits_in_them_stay_digits(desk: Desk) -> None:
    desk.view.show_board(board([row("a")], View.OPEN))
    desk.view.list.setFocus()
    desk.view.select(call_id("a"))
    desk.key(Qt.Key.Key_F2)
    desk.key("1")
    desk.view.flag_panel._words.setFocus()
    desk.key("at 12 / Main, no. 3")
    desk.key(Qt.Key.Key_Return)
    assert desk.asked == [("flag_requested", call_id("a"), "suicidal", "at 12 / Main, no. 3")]


def test_a_flag_needs_a_reason_and_escape_leaves(desk: Desk) -> None:
    desk.view.show_board(board([row("a")], View.OPEN))
    desk.view.list.setFocus()
    desk.view.select(call_id("a"))
    desk.key(Qt.Key.Key_F2)
    desk.key(Qt.Key.Key_Return)
    assert desk.view.flag_panel._complaint.isVisible()
    assert desk.asked == []
    desk.key(Qt.Key.Key_Escape)
    assert not desk.view.flag_panel.isVisible()
    assert desk.view.selected == call_id("a")


def test_the_flag_panel_holds_the_rows_it_is_about(desk: Desk) -> None:
    desk.view.show_board(board([row("a"), row("b")], View.OPEN))
    desk.view.select(call_id("a"))
    desk.view.flag_selected()
    desk.view.list.select(None)
    desk.view.show_board(board([row("new"), row("a"), row("b")], View.OPEN))
    desk.pass_seconds(60)
    assert desk.numbers() == ["a", "b"]


def test_a_call_that_is_flagged_is_not_flagged_twice(desk: Desk) -> None:
    desk.view.show_board(board([flagged("a", 9, flag_source="cad", flag_reason="CAD code MHC")]))
    desk.view.select(call_id("a"))
    desk.view.flag_selected()
    assert not desk.view.flag_panel.isVisible()
    assert desk.view.notice.said == "a is flagged already by CAD: CAD code MHC"


def test_only_a_suggestion_can_be_dismissed(desk: Desk) -> None:
    desk.view.show_board(board([row("a", suggestion="type CRISIS"), flagged("b", 3)]))
    desk.view.list.setFocus()
    for number in ("b", "a"):
        desk.view.select(call_id(number))
        desk.key(Qt.Key.Key_Delete)
    assert desk.asked == [("suggestion_dismissed", call_id("a"))]


def test_the_filter_asks_after_a_pause_or_enter_and_escape_clears_it(desk: Desk, qtbot: QtBot) -> None:
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


def test_escape_lets_go_of_the_row(desk: Desk) -> None:
    rows = queue(3)
    desk.view.show_board(board(rows))
    desk.view.list.setFocus()
    desk.view.select(call_id("c1"))
    desk.view.show_board(board([flagged("new", 1), *rows]))
    desk.key(Qt.Key.Key_Escape)
    assert desk.view.selected is None
    desk.pass_seconds(1)
    assert desk.numbers()[0] == "new"


# -- ages --------------------------------------------------------------------------------------------------------------


def test_a_tick_touches_only_the_rows_in_view(desk: Desk) -> None:
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


def test_a_board_nobody_sees_does_not_tick(desk: Desk) -> None:
    desk.view.show_board(board(queue(5)))
    desk.view.hide()
    told: list[bool] = []
    desk.view.model.dataChanged.connect(lambda *_: told.append(True))
    desk.pass_seconds(1)
    assert told == []


def test_the_clock_of_a_row_is_painted_anew_each_second(desk: Desk) -> None:
    desk.view.show_board(board(queue(3)))
    before = desk.view.list.grab().toImage()
    desk.pass_seconds(1)
    assert desk.view.list.grab().toImage() != before


# -- states ------------------------------------------------------------------------------------------------------------


def test_before_the_first_picture_the_board_says_that_it_reads(desk: Desk) -> None:
    assert desk.view.pages.currentWidget() is desk.view.loading


def test_an_empty_view_offers_the_key_that_shows_the_rest(desk: Desk) -> None:
    desk.view.show_board(board([]))
    assert desk.view.pages.currentWidget() is desk.view.empty
    assert desk.view.empty.title == "No flagged calls."
    action = desk.view.empty.action
    assert action is not None
    action.click()
    assert desk.asked == [("view_changed", "open")]


def test_a_stale_source_dims_the_rows_and_says_how_old_they_are(desk: Desk) -> None:
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


def test_an_empty_board_of_a_stale_source_does_not_claim_that_there_is_nothing(desk: Desk) -> None:
    desk.view.show_board(board([], cad=STALE))
    assert STALE.says in desk.view.empty.sentence


def test_a_board_that_cannot_be_read_keeps_its_rows_and_offers_to_try_again(desk: Desk) -> None:
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


def test_an_alarm_stays_until_acknowledged_and_then_says_by_whom(desk: Desk) -> None:
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


def test_the_chosen_alarm_is_the_one_acknowledged_and_opened(desk: Desk) -> None:
    desk.view.show_alarms(alarms())
    panel = desk.view.alarms
    panel.list.setFocus()
    panel.list.setCurrentIndex(panel.model.index(1))
    desk.key(Qt.Key.Key_F9)
    desk.key(Qt.Key.Key_Return)
    assert desk.asked == [("alarm_acknowledged", "officer:1"), ("opened", evening()[1].call)]


def test_many_alarms_scroll_and_leave_the_rows_their_room(desk: Desk) -> None:
    desk.view.show_board(board(evening()))
    many = [Alarm(f"k{n}", "caution", None, "CAD feed", "stale", NOW - timedelta(seconds=n)) for n in range(40)]
    desk.view.show_alarms(many)
    QApplication.processEvents()
    assert desk.view.alarms.model.rowCount() == 40
    assert desk.view.alarms.height() < desk.view.height() / 3
    assert desk.view.alarms.list.verticalScrollBar().maximum() > 0


def test_without_sound_the_board_says_so(desk: Desk) -> None:
    desk.view.show_sound("no sound device: alarms show on screen", Tone.CHANGED)
    dots = [child.accessibleName() for child in desk.view.alarms.findChildren(QWidget)]
    assert "No sound device: alarms show on screen" in dots


# -- everyone can use it -----------------------------------------------------------------------------------------------


def test_a_screen_reader_gets_the_whole_row_in_its_first_cell(desk: Desk) -> None:
    desk.view.show_board(board(evening()))
    table = QAccessible.queryAccessibleInterface(desk.view.list)
    text = table.child(0).text(QAccessible.Text.Name)
    assert text.startswith("Level critical. Since flag 1 minute 52 seconds. Suicidal person")
    assert desk.view.model.data(desk.view.model.index(0), Qt.ItemDataRole.AccessibleTextRole) == text


def test_the_list_never_has_an_empty_current_row_with_the_focus(desk: Desk) -> None:
    desk.view.show_board(board(queue(3)))
    desk.view.list.setFocus()
    assert desk.view.list.currentIndex().isValid()
    assert desk.view.selected is None


def test_everything_that_takes_the_focus_has_a_name(desk: Desk) -> None:
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
    desk = Desk(qtbot, qapp)
    desk.view.resize(width, height)
    desk.view.show_board(board(evening()))
    desk.view.show_alarms(alarms())
    desk.view.show_sound("no sound device: alarms show on screen", Tone.CHANGED)
    QApplication.processEvents()
    assert (desk.view.width(), desk.view.height()) == (width, height)
    first, last = desk.view.list.visible_rows()
    assert last - first >= 1
    for child in (desk.view.head.tabs, desk.view.head.filter, desk.view.notice, desk.view.alarms):
        place = child.mapTo(desk.view, QPoint(0, 0))
        assert place.x() + child.width() <= width


def test_every_key_that_is_listed_is_bound(desk: Desk) -> None:
    from PySide6.QtGui import QShortcut

    bound = {shortcut.key().toString() for shortcut in desk.view.findChildren(QShortcut)}
    listed = {key for key, _ in BOARD_KEYS}
    assert {key for key in listed if key.startswith("F") or key in ("Del", "N", "/", "Esc")} <= bound
    assert {"1", "2", "3", "4", "?"} <= bound


def test_a_change_of_theme_keeps_the_place(desk: Desk, qapp: QApplication) -> None:
    desk.view.show_board(board(queue(40)))
    desk.view.select(call_id("c20"))
    theme.apply(qapp, Scheme.LIGHT, 1.5)
    QApplication.processEvents()
    assert desk.view.selected == call_id("c20")
    index = desk.view.list.selected_index()
    assert isinstance(desk.view.list, QObject)
    assert desk.view.list.visualRect(index).height() > 60
