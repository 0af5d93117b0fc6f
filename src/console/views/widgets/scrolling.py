"""Scrolling so that nobody works in what they cannot see."""

from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from console.views.theme import current


class FocusScrollArea(QScrollArea):
    """Brings whatever gets the focus into view, wherever the focus comes from.

    Qt (6.11) does so only while Tab goes on within the area: who comes into it from outside would work out of sight.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        # Without one before it the window became active again: who scrolled away meanwhile is left where they are.
        if before is not None and now is not None and self.isVisible() and self.isAncestorOf(now):
            self.ensureWidgetVisible(now, 0, current().space.s)
