"""Sharing at a running desk: the sync thread for as long as the desk is open, and what the status line says of it."""

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from console.bridge.bridge import Bridge
from console.clock import Clock
from console.errors import KnownError
from console.models.store.desk import Desk
from console.sync.status import SyncStatus

if TYPE_CHECKING:
    from console.sync.events import Standing
    from console.sync.link import Link


_A_FEW, _SOON_MILLISECONDS = 100, 500
"""Entries that come in while a desk is live are there within a moment: only what takes longer is catching up."""


class Sharing(QObject):
    """Signal ``changed`` (SyncStatus) on the GUI thread, whenever it is to be said anew where the desk stands."""

    changed = Signal(object)
    _stood = Signal(object)
    _joined = Signal(object)

    def __init__(
        self, desk: Desk, clock: Clock, status: SyncStatus, bridge: Bridge, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._clock, self._bridge = desk, clock, bridge
        self._turn = threading.Lock()
        self._link: Link | None = None
        self._stopped = False
        self.status = status
        self._latest: Standing | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MILLISECONDS)
        self._soon.timeout.connect(self._say)
        self._stood.connect(self._show)
        self._joined.connect(self._begun)

    def begin(self) -> None:
        """Connect, where this desk has joined a server; anew, where it joined again. A lane imports what that needs."""
        if self._desk.store.shares:
            self._bridge.aside(self, self._start, self._started, self._not_started)

    def stop(self) -> None:
        """End the sync thread. Before the store is closed."""
        with self._turn:
            self._stopped = True
            link, self._link = self._link, None
        if link is not None:
            link.stop()

    def offered_again(self) -> None:
        """Something that was refused is to be sent once more."""
        if self._link is not None:
            self._link.offered_again()

    def _start(self) -> None:
        from console.sync.link import Link
        from console.sync.membership import membership
        from console.sync.program import PROGRAM
        from console.sync.status import shared_status

        with self._desk.store.read() as connection:
            member = membership(connection)
        with self._turn:
            if member is None or self._stopped:
                return
            if self._link is not None:
                self._link.stop()
            self._joined.emit(shared_status(self._desk.store))
            self._link = Link(self._desk.store, member, self._clock, PROGRAM, self._stood.emit)
            self._link.start()

    def _begun(self, status: SyncStatus) -> None:
        self.status = status
        self.changed.emit(status)

    def _started(self, _result: object) -> None:
        """It tells of itself from now on."""

    def _not_started(self, error: KnownError) -> None:
        self.status = SyncStatus("needs attention", self.status.waiting, self.status.refused, error.message)
        self.changed.emit(self.status)

    def _show(self, standing: "Standing") -> None:
        self._latest = standing
        if self.status.state == "live" and standing.state.value == "catching up" and standing.behind <= _A_FEW:
            if not self._soon.isActive():
                self._soon.start()
            return
        self._soon.stop()
        self._say()

    def _say(self) -> None:
        from console.sync.status import of_standing

        assert self._latest is not None

        self.status = of_standing(self._latest, self.status, self._clock.now(), self._desk.zone)
        self.changed.emit(self.status)
