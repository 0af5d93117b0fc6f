"""What a person sets at a workstation is followed at once and is there at the next start."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox
from pytestqt.qtbot import QtBot

from console.settings import USER_FILE, load_settings
from console.views.theme import Scheme, current
from tests.support.sitting import HeardSounds, PaperTray, Person, sitting_at


def choose(person: Person, name: str, value: object) -> None:
    """Go to a list of the status screen and press Down until it says ``value``."""
    person.press("Ctrl+4")
    person.go_to(name)
    box = person.focus
    assert isinstance(box, QComboBox)
    person.until(lambda: box.findData(value) >= 0, f"{value} to be offered")
    person.press("Home")
    while box.currentData() != value:
        person.press("Down")


def test_the_look_and_the_printer_are_kept(qtbot: QtBot, qapp: QApplication, home: Path) -> None:
    tray = PaperTray(("Front", "Watch-Desk"))
    with sitting_at(home, qtbot, qapp, printers=tray) as sitting:
        person = sitting.start()
        person.until(lambda: sitting.program.desk is not None, "the home to open")
        person.sign_in("rokafor")
        choose(person, "Colors", "high-contrast")
        person.until(lambda: current().scheme is Scheme.HIGH_CONTRAST, "the colors")
        size = current().px(100)
        choose(person, "Text size", 1.5)
        person.until(lambda: current().px(100) > size, "the text size")
        choose(person, "Printer for sheets", "Watch-Desk")
        person.until(lambda: "Watch-Desk" in person.frame.status_line.printer, "the printer")
    kept = load_settings(home).settings
    assert (kept.theme, kept.text_scale, kept.printer) == ("high-contrast", 1.5, "Watch-Desk")
    assert (home / USER_FILE).stat().st_mode & 0o077 == 0

    with sitting_at(home, qtbot, qapp, printers=tray) as sitting:
        assert current().scheme is Scheme.HIGH_CONTRAST
        assert current().px(100) == 150
        person = sitting.start()
        person.until(lambda: sitting.program.desk is not None, "the home to open")
        person.sign_in("rokafor")
        assert "Watch-Desk" in person.frame.status_line.printer


def test_muted_cautions_are_muted_at_the_next_start(
    qtbot: QtBot, qapp: QApplication, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(HeardSounds, "mute_cautions", lambda _, muted: asked.append(muted))
    with sitting_at(home, qtbot, qapp) as sitting:
        person = sitting.start()
        person.until(lambda: sitting.program.desk is not None, "the home to open")
        person.sign_in("rokafor")
        person.press("Ctrl+4")
        box = person.frame.status.findChild(QCheckBox)
        assert box is not None
        QTest.keyClick(box, Qt.Key.Key_Space)
        person.until(lambda: not load_settings(home).settings.sound, "it to be kept")
    assert asked == [True]
    with sitting_at(home, qtbot, qapp) as sitting:
        sitting.start()
    assert asked == [True, True]


def test_a_setting_that_cannot_be_written_is_said_and_changes_nothing(
    qtbot: QtBot, qapp: QApplication, home: Path
) -> None:
    with sitting_at(home, qtbot, qapp) as sitting:
        person = sitting.start()
        person.until(lambda: sitting.program.desk is not None, "the home to open")
        person.sign_in("rokafor")
        before = current().scheme
        (home / USER_FILE).mkdir()
        choose(person, "Colors", "high-contrast")
        person.until(lambda: str(home / USER_FILE) in person.frame.status_line.said, "the reason")
        assert current().scheme is before
