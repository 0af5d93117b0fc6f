"""A clock: how long since, with a caption under it, and a tone when it has run too long."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.views.theme import Type, current, watch
from console.views.widgets.ages import age, clock_text, spoken_text
from console.views.widgets.text import Tone


@dataclass(frozen=True, slots=True)
class Limits:
    """When a clock turns amber and when red. Neither, unless the site says so."""

    amber: timedelta | None = None
    red: timedelta | None = None

    def tone(self, passed: timedelta) -> Tone:
        """The tone of a clock that has run this long."""
        if self.red is not None and passed >= self.red:
            return Tone.DANGER
        if self.amber is not None and passed >= self.amber:
            return Tone.WARN
        return Tone.TEXT


class ClockLabel(QWidget):
    """A running or a stopped clock. It has no timer: whoever ticks calls :meth:`refresh`, or :meth:`tick` is connected.

    ``now`` is where the time comes from. With ``until`` given the clock stands at that span.
    """

    def __init__(
        self, caption: str, now: Callable[[], datetime], *, limits: Limits | None = None, parent: QWidget | None = None
    ) -> None:
        self._caption, self._now, self._limits = caption, now, limits or Limits()
        self._since: datetime | None = None
        self._until: datetime | None = None
        self._text, self._tone = "–", Tone.MUTED
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        watch(self._restyle)
        self.refresh()

    @property
    def text(self) -> str:
        """What the clock reads now; ``–`` when it has not begun."""
        return self._text

    @property
    def tone(self) -> Tone:
        return self._tone

    def set_span(self, since: datetime | None, until: datetime | None = None) -> None:
        """Run from ``since`` (aware), or stand when ``until`` is given."""
        self._since, self._until = since, until
        self.refresh()

    def set_limits(self, limits: Limits) -> None:
        """Say when it turns amber and red, where that is known only later."""
        self._limits = limits
        self.refresh()

    def set_caption(self, caption: str) -> None:
        self._caption = caption
        self._restyle()
        self.refresh()

    def refresh(self) -> None:
        """Read the time again; repaints only when what it reads has changed."""
        if self._since is None:
            text, tone, spoken = "–", Tone.MUTED, "not begun"
        else:
            passed = age(self._since, self._until if self._until is not None else self._now())
            text, spoken = clock_text(passed), spoken_text(passed)
            tone = Tone.TEXT if self._until is not None else self._limits.tone(passed)
        if (text, tone) != (self._text, self._tone) or not self.accessibleName():
            wider = len(text) != len(self._text)
            self._text, self._tone = text, tone
            self.setAccessibleName(f"{self._caption}: {spoken}")
            if wider:
                self.updateGeometry()
            self.update()

    def tick(self) -> None:
        """A slot for the one timer: refreshes a clock that runs and can be seen."""
        if self._since is not None and self._until is None and self.isVisible():
            self.refresh()

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        theme = current()
        clock = QFontMetricsF(theme.font(Type.CLOCK))
        caption = QFontMetricsF(theme.font(Type.CAPTION))
        width = max(clock.horizontalAdvance(self._text), caption.horizontalAdvance(self._caption))
        return QSize(round(width) + 2, round(clock.height() + caption.height()))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        rect = QRectF(self.rect())
        painter.setFont(theme.font(Type.CLOCK))
        painter.setPen(self._tone.color(theme.tokens))
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, self._text)
        painter.setFont(theme.font(Type.CAPTION))
        painter.setPen(theme.tokens.muted)
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, self._caption)
        painter.end()
