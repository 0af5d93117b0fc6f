"""The one timer that every age on every screen follows."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from console.clock import Clock


class Ticker(QObject):
    """Emits ``tick`` once a second; ``now`` is the time all ages are counted to."""

    tick = Signal()

    def __init__(self, clock: Clock, parent: QObject) -> None:
        super().__init__(parent)
        self.now: Callable[[], datetime] = clock.now
        self._timer = QTimer(self)
        self._timer.setObjectName("ticker")
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    def stop(self) -> None:
        """Stop counting; for shut-down."""
        self._timer.stop()
