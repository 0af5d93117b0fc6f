"""A fault of ours: one line with a report id, the window lives on, and the log holds no caller's words."""

import logging
import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.security.log_files import FOLDER, LOG
from tests.support.sitting import Person, Sitting, sitting_at

WORDS = "she said the gun is under the bed"
REPORT = re.compile(r"report ([0-9a-f]{8})")


def fail() -> None:
    raise ValueError(WORDS)


def fail_untellably() -> None:
    raise UnicodeDecodeError("utf-8", WORDS.encode(), 0, 1, WORDS)


def in_a_slot(sitting: Sitting, person: Person) -> None:
    QTimer.singleShot(0, fail)


def in_a_slot_untellably(sitting: Sitting, person: Person) -> None:
    QTimer.singleShot(0, fail_untellably)


def in_a_thread(sitting: Sitting, person: Person) -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


def in_a_job(sitting: Sitting, person: Person) -> None:
    said = person.frame.status_line.say
    sitting.program.bridge.write(person.frame, fail, said, lambda error: said(error.message))


@pytest.mark.parametrize("somewhere", [in_a_slot, in_a_slot_untellably, in_a_thread, in_a_job])
def test_a_fault_is_told_by_its_report_and_survived(
    qtbot: QtBot,
    qapp: QApplication,
    home: Path,
    caplog: pytest.LogCaptureFixture,
    somewhere: Callable[[Sitting, Person], None],
) -> None:
    with sitting_at(home, qtbot, qapp) as sitting:
        person = sitting.start()
        person.until(lambda: sitting.program.desk is not None, "the home to open")
        person.sign_in("rokafor")
        with caplog.at_level(logging.ERROR):
            somewhere(sitting, person)
            person.until(lambda: REPORT.search(person.frame.status_line.said), "the line")
        found = REPORT.search(person.frame.status_line.said)
        assert found is not None
        assert WORDS not in person.frame.status_line.said
        person.press("3")
        person.until(lambda: person.board.head.tabs.value == "open", "the window to work on")
    log = (home / FOLDER / LOG).read_text(encoding="utf-8")
    assert found.group(1) in log
    assert "test_faults.py" in log, "where it happened"
    for word in ("gun", "under the bed"):
        assert word not in log
