"""Real windows in tests: shown, active and with the focus where the test wants it."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot


def show(qtbot: QtBot, widget: QWidget) -> None:
    """Show a window and wait until it is the active one; the bot closes it after the test."""
    qtbot.addWidget(widget)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    QCoreApplication.processEvents()


def focused() -> QWidget:
    """The widget that has the focus; fails when none has."""
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the focus"
    return widget
