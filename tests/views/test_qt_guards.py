"""The guards of window tests: each one fails the test it should, and leaves the others alone."""

from pathlib import Path

from tests.support.runs import blamed, run_tests

LEFTOVERS = """
from PySide6.QtCore import QThread, QTimer, qWarning
from PySide6.QtWidgets import QComboBox, QMainWindow, QWidget

kept = []

def test_leaves_a_window(qtbot):
    kept.append(QMainWindow(objectName="board"))
    kept[-1].show()

def test_leaves_a_window_it_never_showed(qtbot):
    kept.append(QWidget(objectName="hidden"))

def test_leaves_a_timer(qapp):
    kept.append(QTimer(objectName="ages"))
    kept[-1].start(1000)

def test_leaves_a_thread(qapp):
    kept.append(QThread(objectName="loader"))
    kept[-1].start()

def test_says_a_qt_warning(qtbot):
    qWarning("QPainter::begin: already active")

def test_raises_in_an_event(qtbot):
    class Broken(QWidget):
        def showEvent(self, event):
            raise ValueError("in an event")

    broken = Broken()
    qtbot.addWidget(broken)
    broken.show()

def test_cleans_up(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setCentralWidget(QComboBox())
    window.show()
    timer = QTimer(window)
    timer.start(1)
    with qtbot.waitSignal(timer.timeout):
        pass
"""


def test_what_a_window_test_leaves_behind_fails_it(tmp_path: Path) -> None:
    printed = run_tests(tmp_path, LEFTOVERS)
    assert "2 failed, 5 passed, 4 errors" in printed, printed
    for left in ("QMainWindow board", "QWidget hidden", "QTimer ages", "QThread loader"):
        assert f"left behind: {left}" in printed, printed
    assert blamed(printed, "FAILED") == {"test_says_a_qt_warning", "test_raises_in_an_event"}
