"""The entrance pages fit the window that there is."""

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QRect
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.views import theme
from console.views.entrance.join_page import JoinPage
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


def test_what_a_join_was_refused_for_is_seen_at_twice_the_size(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.DARK, 2.0)
    page = JoinPage(passphrase_needed=True)
    page.resize(1366, 768)
    show(qtbot, page)
    page.refuse("This code is not valid, or not any more. Ask the server's operator for another.")
    told, view = page._problem, page._area.viewport()
    for _ in range(5):  # until it has its place
        QCoreApplication.processEvents()

    def seen() -> bool:
        return view.rect().contains(QRect(told.mapTo(view, QPoint(0, 0)), told.size()))

    qtbot.waitUntil(seen)
    theme.apply(qapp, Scheme.DARK)
