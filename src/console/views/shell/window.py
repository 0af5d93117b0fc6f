"""One window of the program: an entrance page, or the frame of whoever is signed in. Closing it loses nothing."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

_WIDE, _HIGH = 1440, 860


class ConsoleWindow(QMainWindow):
    """Signal ``closed`` after the window was closed. The title never holds a name or a place."""

    closed = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setWindowTitle(title)
        self.setMinimumSize(900, 600)
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self._fit()

    def show_page(self, page: QWidget) -> None:
        """Show ``page`` instead of what was there; that is deleted."""
        before = self._stack.currentWidget()
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        if before is not None and before is not page:
            self._stack.removeWidget(before)
            before.hide()
            before.deleteLater()

    @property
    def page(self) -> QWidget | None:
        """What is shown."""
        return self._stack.currentWidget()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    def _fit(self) -> None:
        """As large as is comfortable, never larger than the screen."""
        screen = self.screen().availableGeometry()
        wide, high = min(_WIDE, screen.width()), min(_HIGH, screen.height())
        self.setGeometry(
            screen.x() + (screen.width() - wide) // 2, screen.y() + (screen.height() - high) // 2, wide, high
        )
