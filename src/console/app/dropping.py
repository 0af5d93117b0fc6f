"""Dropping calls past the horizon behind the work of a running desk: a slice at a time, with a pause after each."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from console.app.sharing import Sharing
from console.bridge.bridge import Bridge
from console.errors import KnownError
from console.models.store.desk import Desk

if TYPE_CHECKING:
    from console.models.store.horizon import Sweep

FIRST_MILLISECONDS = 60_000
"""After the start, when everything that a person waited for is there."""
PAUSE_MILLISECONDS = 1_000
AGAIN_MILLISECONDS = 3_600_000


class Dropping(QObject):
    """Runs as long as ``bridge`` does. ``keeps_all`` says whether this desk is to drop none."""

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        sharing: Sharing,
        keeps_all: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._bridge, self._sharing, self._keeps_all = desk, bridge, sharing, keeps_all
        self._sweep: Sweep | None = None
        self._timer = QTimer(self)
        self._timer.setObjectName("dropping")
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.go_on)

    def begin(self) -> None:
        """Look for what is past the horizon soon, and every hour from then on."""
        self._timer.start(FIRST_MILLISECONDS)

    def go_on(self) -> None:
        """Look at the next slice of calls, on a lane."""
        # A desk that shares and is not live may lack what somebody did about a call lately.
        if self._sharing.status.state in ("alone", "live") and not self._keeps_all():
            self._bridge.aside(self, partial(_step, self._desk, self._sweep), self._done, self._failed)
        else:
            self._rest()

    def _done(self, sweep: "Sweep | None") -> None:
        self._sweep = sweep
        if sweep is None:
            self._rest()
        else:
            self._timer.start(PAUSE_MILLISECONDS)

    def _failed(self, error: KnownError) -> None:
        """A full or a busy disk: nothing of that slice was dropped. Whoever acts meets it, and hears what to do."""
        self._rest()

    def _rest(self) -> None:
        self._sweep = None
        self._timer.start(AGAIN_MILLISECONDS)


def _step(desk: Desk, sweep: "Sweep | None") -> "Sweep | None":
    """Do one slice; returns the pass it belongs to while more of it is to be done."""
    from console.models.store.horizon import Sweep  # on the lane, a minute after the start

    sweep = sweep or Sweep(desk)
    return sweep if sweep.step() else None
