"""What has the focus is in view: however the focus came there, and whatever grows above it."""

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from console.views import theme
from console.views.theme import Scheme
from console.views.widgets import FocusScrollArea
from tests.support.windows import focused, show


class Page(QWidget):
    """A field, and under it twenty more of which only some are in view."""

    def __init__(self) -> None:
        super().__init__()
        self.before = QLineEdit()
        self.fields = [QLineEdit() for _ in range(20)]
        inside = QWidget()
        self.column = QVBoxLayout(inside)
        for field in self.fields:
            self.column.addWidget(field)
        self.area = FocusScrollArea()
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidgetResizable(True)
        self.area.setWidget(inside)
        column = QVBoxLayout(self)
        column.addWidget(self.before)
        column.addWidget(self.area)
        self.resize(300, 240)


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication) -> Page:
    theme.apply(qapp, Scheme.DARK)
    made = Page()
    show(qtbot, made)
    made.before.setFocus()
    return made


def in_view(widget: QWidget) -> bool:
    return widget.visibleRegion().boundingRect() == widget.rect()


def test_tab_from_outside_brings_into_view_what_it_comes_to(page: Page) -> None:
    bar = page.area.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert not in_view(page.fields[0])
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert page.fields[0].hasFocus()
    assert in_view(page.fields[0])
    page.before.setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert page.fields[-1].hasFocus()
    assert in_view(page.fields[-1])


@pytest.mark.parametrize("scrolled_away", [False, True])
def test_what_grows_above_pushes_it_out_of_view_only_for_who_scrolled_away(page: Page, scrolled_away: bool) -> None:
    page.fields[3].setFocus()
    assert in_view(page.fields[3])
    bar = page.area.verticalScrollBar()
    if scrolled_away:
        bar.setValue(bar.maximum() - 5)
    place = bar.value()
    tall = QWidget()
    tall.setFixedHeight(400)
    page.column.insertWidget(0, tall)
    for _ in range(5):
        QCoreApplication.processEvents()
    assert in_view(page.fields[3]) is not scrolled_away
    if scrolled_away:
        assert bar.value() == place
