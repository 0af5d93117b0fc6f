"""Alt with a letter never types, and a word of any length keeps to its line."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from console.views.shell.alt_letters import AltLetters
from console.views.theme import Type, current
from console.views.widgets.lines_edit import LinesEdit
from console.views.workspace.line_list import breakable
from tests.support.windows import show


@pytest.fixture
def kept(qapp: QApplication) -> Iterator[None]:
    letters = AltLetters(qapp)
    yield
    qapp.focusChanged.disconnect(letters._turn)
    letters.deleteLater()


def test_alt_with_a_letter_writes_nothing(qtbot: QtBot, kept: None) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    lines, line = LinesEdit("Note"), QLineEdit()
    column.addWidget(lines)
    column.addWidget(line)
    show(qtbot, window)
    for field in (lines, line):
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_B, Qt.KeyboardModifier.AltModifier)
        QTest.keyClick(field, Qt.Key.Key_B)
        assert field.text() == "b"


def test_a_word_without_an_end_breaks_within_its_room(qapp: QApplication) -> None:
    metrics = QFontMetrics(current().font(Type.BODY))
    text = f"said {'x' * 300} twice"
    wrap = int(Qt.TextFlag.TextWordWrap)
    assert metrics.boundingRect(QRect(0, 0, 200, 10_000), wrap, text).width() > 200
    shown = breakable(text, 200, metrics)
    assert metrics.boundingRect(QRect(0, 0, 200, 10_000), wrap, shown).width() <= 200
    assert shown.replace("\u200b", "") == text
    assert breakable("an ordinary line", 200, metrics) == "an ordinary line"
