"""The entrance pages fit the window that there is."""

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.views import theme
from console.views.entrance.sign_in_page import SignInPage
from console.views.theme import Scheme
from tests.support.windows import show


@pytest.mark.parametrize(("width", "height", "scale"), [(800, 600, 2.0), (1366, 768, 1.0)])
def test_the_sign_in_never_scrolls_sideways(
    qtbot: QtBot, qapp: QApplication, width: int, height: int, scale: float
) -> None:
    theme.apply(qapp, Scheme.DARK, scale)
    page = SignInPage("Westside Emergency Communications")
    page.resize(width, height)
    show(qtbot, page)
    QCoreApplication.processEvents()
    assert page._area.horizontalScrollBar().maximum() == 0
    assert page.card.width() <= theme.current().px(540)
