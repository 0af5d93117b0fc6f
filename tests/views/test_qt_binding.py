"""The Qt binding keeps count of the constants it borrows.

PySide6 6.12.0 on CPython 3.11 drops a reference to ``None`` or ``True`` with every call that returns or passes one, and
the interpreter aborts when the count reaches zero, some seconds into real use. A thousand calls of each kind would
move the count by a thousand or more; unrelated caches may move it by a few. From Python 3.12 on these constants are
immortal and the counts never change.
"""

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

CALLS = 1_000
UNRELATED = 50


class Source(QObject):
    changed = Signal(bool)
    told = Signal(object)
    ended = Signal()


def _set_text(label: QLabel, source: Source) -> None:
    label.setText("CRITICAL")


def _set_flag(label: QLabel, source: Source) -> None:
    label.setEnabled(True)
    assert label.isEnabled() is True


def _emit_bool(label: QLabel, source: Source) -> None:
    source.changed.emit(True)


def _emit_none(label: QLabel, source: Source) -> None:
    source.told.emit(None)


def _emit_nothing(label: QLabel, source: Source) -> None:
    source.ended.emit()


@pytest.mark.parametrize("call", [_set_text, _set_flag, _emit_bool, _emit_none, _emit_nothing])
def test_a_thousand_calls_leave_the_reference_counts_of_none_and_true(
    qtbot: QtBot, call: Callable[[QLabel, Source], None]
) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    source = Source(label)
    heard: list[object] = []
    for signal in (source.changed, source.told):
        signal.connect(lambda value: heard.__setitem__(slice(None), [value]))
    source.ended.connect(lambda: heard.clear())
    call(label, source)  # whatever is made once is made now

    before = [sys.getrefcount(None), sys.getrefcount(True)]
    for _ in range(CALLS):
        call(label, source)
    after = [sys.getrefcount(None), sys.getrefcount(True)]

    moved = [later - earlier for earlier, later in zip(before, after, strict=True)]
    assert all(abs(count) < UNRELATED for count in moved), f"None and True moved by {moved} in {CALLS} calls"
