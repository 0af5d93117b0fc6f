"""No window opens by itself: not for a feed, a refresh, an alarm or a failure. Only what a person asked for opens."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from console.actions import calls, encounters, flags
from console.bridge.sound import Hearing, SoundState
from console.errors import KnownError
from console.models.call import Level
from console.views.strip import StripWindow
from tests.support.sitting import Person, Sitting, off_gui, staff
from tests.support.traffic import Traffic

CHANGES = 60


class Opened(QObject):
    """Notes every window that is shown: a dialog, a message, a menu, a tool tip, a window of the program."""

    def __init__(self, application: QApplication) -> None:
        super().__init__()
        self.windows: list[str] = []
        self._application = application
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.windows.append(type(watched).__name__)
        return False

    def stop(self) -> None:
        self._application.removeEventFilter(self)


@pytest.fixture
def opened(qapp: QApplication) -> Iterator[Opened]:
    made = Opened(qapp)
    yield made
    made.stop()


def test_nothing_opens_while_calls_alarms_and_failures_arrive(
    sitting: Sitting, first: Person, traffic: Traffic, opened: Opened
) -> None:
    desk = sitting.desk
    dispatcher, colleague = staff(desk, "dlang"), staff(desk, "mreyes")
    first.sign_in("rokafor")
    other = sitting.another()
    other.sign_in("dlang")
    sitting.program.open_strip(dispatcher)
    call = traffic.calls[0]
    off_gui(lambda: flags.flag(desk, dispatcher, call, "officer-asks"))
    first.sit()
    first.until(lambda: first.board.model.rows, "the flagged call")
    first.press("Down", "F3")
    first.until(lambda: first.workspace.work.encounter is not None, "the encounter")
    there, active = list(QApplication.topLevelWidgets()), QApplication.activeWindow()
    opened.windows.clear()

    for turn in range(CHANGES):
        off_gui(lambda turn=turn: traffic.happen(turn, call))
        sitting.program.ticker.tick.emit()
        QApplication.processEvents()
    off_gui(lambda: calls.level(desk, staff(desk, "rokafor"), call, Level.CRITICAL, "a rope"))
    off_gui(lambda: calls.advise(desk, staff(desk, "rokafor"), call, ("stage",), "wait"))
    off_gui(lambda: encounters.claim_and_begin(desk, colleague, traffic.calls[20]))
    for frame in sitting.program.frames():
        frame.show_sound(SoundState(Hearing.UNAVAILABLE, "no sound device"))
        frame.board_page._refused(KnownError("The disk is full."))
        frame.board_page.board.show_error(KnownError("The disk is full."))
    first.workspace.work.saver.refuse("note", "The disk is full.")
    sitting.program._say_fault("1a2b3c4d")
    rows = other.board.alarms.model
    other.until(lambda: any("raised" in alarm.detail for alarm in rows.rows), "the alarm")
    sitting.until(lambda: sitting.sounds.played, "it to sound")

    assert opened.windows == []
    assert QApplication.activeWindow() is active
    new = [widget for widget in QApplication.topLevelWidgets() if widget not in there and widget.isVisible()]
    assert new == []


def test_flags_that_nobody_takes_open_nothing(
    sitting: Sitting, first: Person, traffic: Traffic, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = sitting.desk
    off_gui(lambda: flags.flag(desk, staff(desk, "dlang"), traffic.calls[0], "suicidal"))
    first.sign_in("rokafor")
    sitting.program.open_strip(staff(desk, "dlang"))
    first.sit()
    opened.windows.clear()
    now = desk.clock.now
    monkeypatch.setattr(desk.clock, "now", lambda: now() + timedelta(hours=1))
    assert first.frame.alarm_keeper is not None
    first.frame.alarm_keeper.look()
    rows = first.board.alarms.model
    first.until(lambda: any(alarm.tier == "alarm" for alarm in rows.rows), "the alarm that nobody took it")
    assert opened.windows == []


def test_what_a_person_asks_for_opens_and_is_seen_by_this_watch(
    sitting: Sitting, first: Person, opened: Opened
) -> None:
    first.sign_in("dlang")
    opened.windows.clear()
    first.go_to("Open the strip that stays on top of other windows")
    first.press("Space")
    first.until(lambda: sitting.program.strips, "the strip")
    assert opened.windows == [StripWindow.__name__]
    strip = Person(sitting, sitting.program.strips[0].window)
    strip.press("F10")
    assert opened.windows == [StripWindow.__name__], "the board's window was there already"
