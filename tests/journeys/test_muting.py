"""Muting cautions at a desk, on its status screen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox
from pytestqt.qtbot import QtBot

from tests.support.sitting import HeardSounds, playing_a_drill


def test_cautions_are_muted_and_heard_again(qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(HeardSounds, "mute_cautions", lambda _, muted: asked.append(muted))
    with playing_a_drill(qtbot, qapp, seed=3) as (sitting, _):
        frame = sitting.first().frame
        frame.show_screen("status")
        box = frame.status.findChild(QCheckBox)
        assert box is not None
        for _ in range(2):
            QTest.keyClick(box, Qt.Key.Key_Space)
        assert asked == [True, False]
