"""What is seen of a long form: the question in focus stays in view while the room around it changes."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QScrollArea

from console.views.theme import current
from console.views.workspace.form_column import FormColumn, area_around
from console.views.workspace.question import QuestionCard


class FormSight(QObject):
    """Scrolls the area around ``lines`` to what ``lit`` gives: the widget of the question in focus, if any."""

    def __init__(self, lines: FormColumn, lit: Callable[[], QuestionCard | None]) -> None:
        super().__init__(lines)
        self._lines, self._lit = lines, lit
        self._scrolled_to: int | None = None
        self._area: QScrollArea | None = None

    def begin(self) -> None:
        """It was put on the screen: follow the area it stands in."""
        area = area_around(self._lines)
        if area is not None and area is not self._area:
            self._area = area
            area.viewport().installEventFilter(self)
            area.verticalScrollBar().valueChanged.connect(self._lines.look)
        self._lines.look()

    def soon(self) -> None:
        """Bring the question in focus into view once the layout has settled: it may have been made a moment ago."""
        QTimer.singleShot(0, self, self._show_lit)

    def resized(self) -> None:
        """Something became higher or lower: what was in view stays. Who scrolled away is left where they are."""
        area = area_around(self._lines)
        if area is not None and self._scrolled_to == area.verticalScrollBar().value():
            self.soon()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The room changed: a rule was met, or the window was made smaller.
        if event.type() == QEvent.Type.Resize:
            self.resized()
            QTimer.singleShot(0, self._lines, self._lines.look)
        return False

    def _show_lit(self) -> None:
        """Scroll so that the whole question is seen, with what stands over it if it is a row of a grid; one that is
        taller than the room shows its beginning."""
        card, area = self._lit(), area_around(self._lines)
        inner = area.widget() if area is not None else None
        if card is None or area is None or inner is None:
            return
        bar, room = area.verticalScrollBar(), area.viewport().height()
        area.ensureVisible(0, card.mapTo(inner, card.rect().bottomLeft()).y(), 0, current().space.s)
        top, above = card.mapTo(inner, card.rect().topLeft()).y(), self._lines.head_above(card.key)
        if card.height() + above <= room:
            top -= above
        if card.height() > room or top < bar.value():
            bar.setValue(top - current().space.xs)
        self._scrolled_to = bar.value()
