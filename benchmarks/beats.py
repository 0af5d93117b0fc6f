"""How long the event loop stood still: the gaps between the beats of a timer."""

import time

from PySide6.QtCore import QObject, Qt, QTimer

from benchmarks.measure import percentile

BEAT_MILLISECONDS = 5


class Beats(QObject):
    """A timer that beats as often as the loop lets it, and the gaps between its beats, phase by phase.

    A gap holds everything that the loop did in one turn and up to one beat of rest, so it is at least as long as the
    longest time that a key press would have waited.
    """

    def __init__(self) -> None:
        super().__init__()
        self._gaps: dict[str, list[float]] = {}
        self._phase: list[float] | None = None
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MILLISECONDS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def phase(self, name: str) -> None:
        """What happens from now on belongs to this; "" is left out."""
        if self._phase is not None:
            self._beat()
        self._last = time.perf_counter()
        self._phase = self._gaps.setdefault(name, []) if name else None

    def seen(self) -> dict[str, dict[str, float]]:
        """The longest gap and the 99th percentile of each phase, in milliseconds."""
        return {
            name: {"longest": max(gaps) * 1000, "p99": percentile(gaps, 0.99) * 1000}
            for name, gaps in self._gaps.items()
        }

    def _beat(self) -> None:
        now = time.perf_counter()
        if self._phase is not None:
            self._phase.append(now - self._last)
        self._last = now
