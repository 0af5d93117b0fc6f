"""Finds out when the GUI thread stood still, and where."""

import logging
import sys
import threading
import time

from PySide6.QtCore import QObject, QTimer

from console.security.redaction import where

log = logging.getLogger("console.watchdog")

BEAT_MILLISECONDS = 20
STALL_SECONDS = 0.1


class Watchdog(QObject):
    """A timer on the GUI thread beats; a thread beside it logs the stack when the beat stays away too long.

    ``longest`` is the longest gap seen between two beats, in seconds: what benchmarks read. The stack holds no locals.
    """

    def __init__(self, parent: QObject, *, stall_seconds: float = STALL_SECONDS) -> None:
        super().__init__(parent)
        self._stall = stall_seconds
        self._gui_thread = threading.get_ident()
        self._last = time.monotonic()
        self.longest = 0.0
        self._over = threading.Event()
        self._timer = QTimer(self)
        self._timer.setObjectName("watchdog")
        self._timer.setInterval(BEAT_MILLISECONDS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._thread.start()

    def reset(self) -> None:
        """Forget the longest gap so far."""
        self._last = time.monotonic()
        self.longest = 0.0

    def stop(self) -> None:
        """End the thread and the timer."""
        self._over.set()
        self._timer.stop()
        self._thread.join(2)

    def _beat(self) -> None:
        now = time.monotonic()
        self.longest = max(self.longest, now - self._last)
        self._last = now

    def _watch(self) -> None:
        reported = 0.0
        while not self._over.wait(self._stall / 2):
            last = self._last
            if time.monotonic() - last > self._stall and last != reported:
                reported = last
                frame = sys._current_frames().get(self._gui_thread)
                if frame is not None:
                    log.info("the screen stood still over %d ms at: %s", self._stall * 1000, where(frame))
