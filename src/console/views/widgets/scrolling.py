"""Scrolling so that nobody works in what they cannot see."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from console.views.theme import current


class FocusScrollArea(QScrollArea):
    """Brings whatever gets the focus into view, wherever the focus comes from, and keeps it there when things grow.

    Qt (6.11) does so only while Tab goes on within the area: who comes into it from outside would work out of sight.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._brought_to: int | None = None
        self.verticalScrollBar().rangeChanged.connect(self._grown)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        # Without one before it the window became active again: who scrolled away meanwhile is left where they are.
        if before is not None and now is not None and self.isVisible() and self.isAncestorOf(now):
            self._bring()

    def _grown(self) -> None:
        """There is more or less around what has the focus. Who scrolled since is left where they are."""
        if self._brought_to == self.verticalScrollBar().value():
            QTimer.singleShot(0, self, self._bring)  # when the layout has settled

    def _bring(self) -> None:
        focus: QWidget | None = QApplication.focusWidget()
        inside = self.widget()
        if focus is not None and inside is not None and inside.isAncestorOf(focus):
            around = current().space.s
            if focus.height() + 2 * around <= self.viewport().height():
                center = focus.mapTo(inside, focus.rect().center())
                self.ensureVisible(center.x(), center.y(), 0, focus.height() // 2 + around)
            else:
                self.ensureWidgetVisible(focus, 0, around)  # of what is taller than the room, where one types
            self._brought_to = self.verticalScrollBar().value()
