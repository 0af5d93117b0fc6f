"""What no test of windows may leave behind: a running timer, a running thread, a window.

Import this module only where PySide6 may be imported. Timers and threads are found by noting each ``start()``;
asking the garbage collector for them would take longer than most tests.
"""

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from tests.support.guards import CALL_FAILED

_started: weakref.WeakSet[QTimer | QThread] = weakref.WeakSet()


def _note_starts(kind: type[QTimer] | type[QThread]) -> None:
    original = kind.start

    def start(self: Any, *arguments: Any) -> None:
        _started.add(self)
        original(self, *arguments)

    kind.start = start  # type: ignore[method-assign]


_note_starts(QTimer)
_note_starts(QThread)


def _top_level() -> list[QWidget]:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return [widget for widget in QApplication.topLevelWidgets() if isValid(widget)]


def _describe(thing: QTimer | QThread | QWidget) -> str:
    return f"{type(thing).__name__} {thing.objectName() or '(no name)'}"


def _end(thing: QTimer | QThread | QWidget) -> None:
    """Take a leftover away, so that the next test is not blamed for it."""
    if isinstance(thing, QTimer):
        thing.stop()
    elif isinstance(thing, QThread):
        thing.requestInterruption()
        thing.quit()
        thing.wait(5000)
    else:
        thing.hide()
        thing.deleteLater()


@contextmanager
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test when it leaves a timer, thread or window that was not there before. Needs a QApplication.

    Nothing more is said of a test that failed already: its traceback holds on to what it made.
    """
    before = _top_level()
    _started.clear()
    yield
    left: list[QTimer | QThread | QWidget] = [widget for widget in _top_level() if widget not in before]
    for started in list(_started):
        if isValid(started) and (started.isActive() if isinstance(started, QTimer) else started.isRunning()):
            left.append(started)
    names = sorted(_describe(thing) for thing in left)
    for thing in left:
        _end(thing)
    _top_level()
    if names and not request.node.stash.get(CALL_FAILED, False):
        pytest.fail(f"left behind: {', '.join(names)}", pytrace=False)
