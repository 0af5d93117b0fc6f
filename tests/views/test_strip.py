"""The strip in a real window: on top, slim, silent about callers in its title, and never in the way of typing."""

from dataclasses import replace
from uuid import UUID, uuid5

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from console.bridge.ticker import Ticker
from console.models.call import Level
from console.queries.advice import WaitingAdvice
from console.queries.alarms import Alarm
from console.views import theme
from console.views.strip import STRIP_KEYS, StripWindow
from console.views.strip.wording import chip_words, newest_first, short_number, spoken_chip
from console.views.theme import Scheme
from console.views.widgets import Tone
from tests.support.board_rows import (
    LIMITS,
    NOW,
    REASONS,
    STALE,
    ago,
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
    """A strip in a window, its clock, and everything it asked for."""

    def __init__(self, qtbot: QtBot, qapp: QApplication, *, width: int = 1366, drill: bool = False) -> None:
        self.qtbot, self.clock = qtbot, FixedClock(NOW)
        self.ticker = Ticker(self.clock, qapp)
        self.ticker.stop()
        self.strip = StripWindow(self.ticker, LIMITS, REASONS, drill=drill)
        self.strip.resize(width, 60)
        self.asked: list[tuple[object, ...]] = []
        for name in (
            "flag_requested",
            "opened",
            "advice_acknowledged",
            "alarm_acknowledged",
            "board_requested",
            "closed",
        ):
            getattr(self.strip, name).connect(self._note(name))

    def open(self) -> None:
        show(self.qtbot, self.strip)

    def _note(self, name: str):
        def note(*values: object) -> None:
            self.asked.append((name, *values))

        return note

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(focused(), key, held)

    def pass_seconds(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.ticker.tick.emit()


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Desk:
    theme.apply(qapp, Scheme.DARK)
    made = Desk(qtbot, qapp)
    made.open()
    return made


def advice(name: str, seconds: float, number: str = "26-118-4460") -> WaitingAdvice:
    return WaitingAdvice(uuid5(call_id(number), name), call_id(number), number, "M. Reyes", ago(seconds), name)


# -- words -------------------------------------------------------------------------------------------------------------


def test_a_chip_says_who_has_the_call_and_for_how_long() -> None:
    def said(call):
        words = chip_words(call, NOW, LIMITS)
        return words.clock, words.clock_tone, words.who

    assert said(flagged("a-12", 9)) == ("00:09", Tone.TEXT, "Nobody yet")
    assert said(flagged("a-12", 61)) == ("01:01", Tone.WARN, "Nobody yet")
    assert said(flagged("a-12", 241, fallback="CIT officer")) == ("04:01", Tone.DANGER, "Nobody is free: CIT officer")
    assert said(flagged("a-12", 9, fallback="CIT officer", fallback_taken=True))[2] == "CIT officer called"
    assert said(flagged("a-12", 9, officer_waiting=True))[2] == "Officer waits, nobody yet"
    assert said(owned("a-12", 900, 800, mine=True, on_line=True)) == ("15:00", Tone.TEXT, "You, on the line")
    assert said(owned("a-12", 900, 800, line_dropped=True))[2] == "M. Reyes, line dropped"


def test_a_chip_is_spoken_whole() -> None:
    assert spoken_chip(evening()[0], NOW, LIMITS) == (
        "Call 26-118-4471, level critical, Suicidal person, You, on the line, flagged 1 minute 52 seconds ago"
    )
    assert short_number("26-118-4471") == "4471"
    assert short_number("4471") == "4471"


def test_the_call_one_follows_comes_first_then_the_newest_flags() -> None:
    rows = (flagged("old", 300), flagged("new", 3), row("not flagged"), flagged("middle", 60))
    assert [call.number for call in newest_first(rows, None)] == ["new", "middle", "old"]
    assert [call.number for call in newest_first(rows, call_id("old"))] == ["old", "new", "middle"]


# -- the window --------------------------------------------------------------------------------------------------------


def test_it_stays_on_top_takes_no_focus_when_it_appears_and_says_no_name_in_its_title(desk: Desk) -> None:
    flags = desk.strip.windowFlags()
    assert flags & Qt.WindowType.WindowStaysOnTopHint
    assert (flags & Qt.WindowType.WindowType_Mask) == Qt.WindowType.Tool
    assert desk.strip.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    desk.strip.show_board(board(evening()))
    assert desk.strip.windowTitle() == "Clinician Console strip"


def test_it_is_slim_and_spans_its_screen(desk: Desk) -> None:
    desk.strip.place_on(desk.strip.screen())
    room = desk.strip.screen().availableGeometry()
    place = desk.strip.geometry()
    assert (place.x(), place.y(), place.width()) == (room.x(), room.y(), room.width())
    desk.strip.resize(1366, 60)
    desk.strip.show_board(board(evening()))
    desk.strip.show_advice([advice("Wait at Oak", 3)])
    desk.strip.show_alarms(alarms())
    QApplication.processEvents()
    assert desk.strip.height() <= 70


@pytest.mark.parametrize(("scale", "lines"), [(1.0, 1), (2.0, 2)])
def test_it_fits_a_small_screen_at_twice_the_text(qtbot: QtBot, qapp: QApplication, scale: float, lines: int) -> None:
    theme.apply(qapp, Scheme.DARK, scale)
    desk = Desk(qtbot, qapp, drill=True)
    desk.open()
    desk.strip.show_board(board(evening(), cad=STALE))
    desk.strip.show_advice([advice("Units wait at Oak, no sirens", 3)])
    desk.strip.show_alarms(alarms())
    QApplication.processEvents()
    assert desk.strip.width() == 1366
    assert desk.strip.height() <= 64 * scale * lines
    assert len(desk.strip.chips.shown()) >= 1
    assert desk.strip.advice.width() >= desk.strip.advice.minimumSizeHint().width()


def test_a_drill_is_marked(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.DARK)
    for drill in (True, False):
        desk = Desk(qtbot, qapp, drill=drill)
        desk.open()
        marks = [child for child in desk.strip.findChildren(QWidget) if child.accessibleName() == "drill"]
        assert [mark.isVisible() for mark in marks] == [drill]
        desk.strip.close()


def test_typing_elsewhere_goes_on_while_calls_advice_and_alarms_arrive(desk: Desk, qtbot: QtBot) -> None:
    other = QLineEdit()
    show(qtbot, other)
    other.setFocus()
    for turn, letter in enumerate("what the caller says, word by word"):
        qtbot.keyClicks(other, letter)
        desk.strip.show_board(board(evening()[: turn % 8]))
        desk.strip.show_alarms(alarms()[: turn % 4])
        desk.strip.show_advice([advice(str(turn), turn)])
    assert other.text() == "what the caller says, word by word"
    assert other.hasFocus()


def test_typing_a_number_goes_on_while_calls_arrive(desk: Desk, qtbot: QtBot) -> None:
    desk.strip.number.setFocus()
    for turn, letter in enumerate("26-118-4488"):
        qtbot.keyClicks(focused(), letter)
        desk.strip.show_board(board(evening()[: turn % 8]))
    assert desk.strip.number.text() == "26-118-4488"


# -- calls -------------------------------------------------------------------------------------------------------------


def test_as_many_chips_as_fit_and_the_rest_as_a_number_that_opens_the_board(desk: Desk, qtbot: QtBot) -> None:
    desk.strip.show_board(board(evening()))
    shown = desk.strip.chips.shown()
    assert 2 <= len(shown) < 7
    more = desk.strip.chips._more
    assert more.text() == f"+{7 - len(shown)}"
    assert more.accessibleName() == f"{7 - len(shown)} more flagged calls: open the board"
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    assert desk.asked == [("board_requested",)]
    desk.strip.follow(evening()[6].call)
    assert desk.strip.chips.shown()[0] == evening()[6].call


def test_a_chip_opens_its_call_and_its_clock_runs(desk: Desk, qtbot: QtBot) -> None:
    call = flagged("26-118-4476", 9, level=Level.HIGH)
    desk.strip.show_board(board([call]))
    chip = desk.strip.chips._chips[call.call]
    before = chip.grab().toImage()
    desk.pass_seconds(60)
    assert chip.grab().toImage() != before
    assert "flagged 1 minute 9 seconds ago" in chip.accessibleName()
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert desk.asked == [("opened", call.call)]


def test_a_chip_that_stays_keeps_the_focus_when_others_come_and_go(desk: Desk) -> None:
    kept = flagged("kept", 5)
    desk.strip.show_board(board([kept, flagged("a", 60)]))
    desk.strip.chips._chips[kept.call].setFocus()
    desk.strip.show_board(board([flagged("b", 2), replace(kept, owner=UUID(int=1), owner_name="M. Reyes")]))
    chip = desk.strip.chips._chips[kept.call]
    assert chip.hasFocus()
    assert "M. Reyes" in chip.accessibleName()
    assert set(desk.strip.chips._chips) == {kept.call, call_id("b")}


def test_without_flagged_calls_it_says_so(desk: Desk) -> None:
    desk.strip.show_board(board([row("x")]))
    assert desk.strip.chips._none.isVisible()
    assert desk.strip.chips.shown() == []


# -- flag by number ----------------------------------------------------------------------------------------------------


def test_a_call_is_flagged_by_its_number_in_four_keystrokes_and_the_number(desk: Desk, qtbot: QtBot) -> None:
    slim = desk.strip.height()
    desk.strip._flag.setFocus()
    desk.key(Qt.Key.Key_F2)
    qtbot.keyClicks(focused(), " 26-118-4488")
    desk.key(Qt.Key.Key_Return)
    assert desk.strip.reasons.isVisible()
    assert desk.strip.height() > slim
    desk.key(Qt.Key.Key_4)
    desk.key(Qt.Key.Key_Return)
    assert desk.asked == [("flag_requested", "26-118-4488", "officer-asks", "")]
    assert desk.strip.number.text() == ""
    assert desk.strip.height() == slim


def test_words_go_with_the_flag(desk: Desk, qtbot: QtBot) -> None:
    desk.strip._ask("4488")
    desk.key(Qt.Key.Key_1)
    desk.strip.reasons.words.setFocus()
    qtbot.keyClicks(focused(), "2 kids there ")
    desk.key(Qt.Key.Key_Return)
    assert desk.asked == [("flag_requested", "4488", "suicidal", "2 kids there")]


def test_without_a_number_or_a_reason_nothing_is_flagged(desk: Desk, qtbot: QtBot) -> None:
    desk.strip.number.setFocus()
    desk.key(Qt.Key.Key_Return)
    assert not desk.strip.reasons.isVisible()
    qtbot.keyClicks(focused(), "4488")
    desk.key(Qt.Key.Key_F2)
    desk.key(Qt.Key.Key_Return)
    assert desk.strip.reasons.complaint.isVisible()
    desk.key(Qt.Key.Key_Escape)
    assert not desk.strip.reasons.isVisible()
    assert desk.strip.number.text() == "4488"
    assert desk.strip.number.hasFocus()
    desk.key(Qt.Key.Key_Escape)
    assert desk.strip.number.text() == ""
    assert desk.asked == []


def test_a_remark_says_what_was_wrong_and_goes(desk: Desk) -> None:
    slim = desk.strip.height()
    desk.strip.show_remark("No open call has the number 4488.")
    assert desk.strip._remark.isVisible()
    desk.pass_seconds(5)
    assert desk.strip._remark.isVisible()
    desk.pass_seconds(1)
    assert not desk.strip._remark.isVisible()
    assert desk.strip.height() == slim


# -- advice and alarms -------------------------------------------------------------------------------------------------


def test_the_newest_advice_is_acknowledged_with_one_key(desk: Desk) -> None:
    old, new = advice("Send mobile crisis", 40), advice("Units wait at Oak", 3)
    assert not desk.strip.advice.isVisible()
    desk.strip.show_advice([old, new])
    assert desk.strip.advice.isVisible()
    assert desk.strip.advice.accessibleName() == "Acknowledge advice on 26-118-4460 by M. Reyes: Units wait at Oak"
    desk.key(Qt.Key.Key_F6)
    desk.strip.show_advice([old])
    desk.key(Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    desk.strip.show_advice([])
    desk.key(Qt.Key.Key_F6)
    assert desk.asked == [
        ("advice_acknowledged", new.call, new.advice, False),
        ("advice_acknowledged", old.call, old.advice, True),
    ]
    assert not desk.strip.advice.isVisible()


def test_advice_is_read_whole_on_the_strip(qtbot: QtBot, qapp: QApplication) -> None:
    words = "Units stage out of sight, No sirens or lights, CIT officer. Units wait at Oak, I have him"
    theme.apply(qapp, Scheme.DARK)
    desk = Desk(qtbot, qapp, width=1440, drill=True)
    desk.open()
    desk.strip.show_board(board(evening()))
    desk.strip.show_alarms(alarms())
    desk.strip.show_advice([advice(words, 3)])
    QApplication.processEvents()
    assert desk.strip.advice.said == words


def test_alarms_are_counted_named_and_acknowledged_gravest_first(desk: Desk) -> None:
    desk.strip.show_alarms(alarms())
    assert desk.strip._alarm.text() == "2"
    assert desk.strip._alarm.accessibleName().startswith("Acknowledge: Flagged and nobody has it")
    assert not desk.strip._quiet.isVisible()
    desk.key(Qt.Key.Key_F9)
    assert desk.asked == [("alarm_acknowledged", "unclaimed:1")]
    desk.strip.show_alarms([replace(alarm, acknowledged_by="you") for alarm in alarms()])
    assert desk.strip._quiet.isVisible()
    assert not desk.strip._alarm.isVisible()
    desk.key(Qt.Key.Key_F9)
    assert len(desk.asked) == 1


def test_an_advisory_is_not_counted(desk: Desk) -> None:
    desk.strip.show_alarms([Alarm("x", "advisory", None, "CAD feed", "slow", NOW)])
    assert desk.strip._quiet.isVisible()


def test_freshness_ages_by_itself_and_says_when_it_is_stale(desk: Desk) -> None:
    desk.strip.show_board(board([]))
    assert desk.strip._fresh.accessibleName() == "CAD fresh 2 s"
    desk.pass_seconds(3)
    assert desk.strip._fresh.accessibleName() == "CAD fresh 5 s"
    desk.strip.show_board(board([], cad=STALE))
    assert desk.strip._fresh.accessibleName() == "CAD stale 45 s"
    assert desk.strip._fresh.toolTip() == STALE.says


# -- everyone can use it -----------------------------------------------------------------------------------------------


def test_everything_that_takes_the_focus_has_a_name_and_every_key_is_bound(desk: Desk) -> None:
    desk.strip.show_board(board(evening()))
    desk.strip.show_advice([advice("Wait", 3)])
    desk.strip.show_alarms(alarms())
    desk.strip._ask("4488")
    nameless = [
        child
        for child in desk.strip.findChildren(QWidget)
        if child.isVisible() and child.focusPolicy() & Qt.FocusPolicy.TabFocus and not child.accessibleName()
    ]
    assert nameless == []
    bound = {shortcut.key().toString() for shortcut in desk.strip.findChildren(QShortcut)}
    assert {key for key, _ in STRIP_KEYS} <= bound


def test_closing_it_is_told(desk: Desk) -> None:
    desk.strip.close()
    assert desk.asked == [("closed",)]


def test_a_flag_that_is_refused_gives_number_reason_and_words_back(desk: Desk) -> None:
    desk.strip.flag_refused("4488", "suicidal", "2 kids there", "No open call has the number 4488.")
    assert desk.strip.number.text() == "4488"
    assert desk.strip.reasons.isVisible()
    desk.strip.number.setFocus()
    desk.strip.number.setText("4489")
    desk.key(Qt.Key.Key_Return)
    desk.key(Qt.Key.Key_Return)
    assert desk.asked == [("flag_requested", "4489", "suicidal", "2 kids there")]
