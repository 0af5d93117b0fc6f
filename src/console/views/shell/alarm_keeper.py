"""Watches the alerts: shows them to the screens and lets the ringer sound them."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from console.bridge.refresher import Refresher
from console.bridge.seat import Seat
from console.bridge.sound import Ringer
from console.errors import KnownError
from console.models.changes import Changes
from console.queries.alarms import Alarm, alarms

_LOOK_AGAIN_SECONDS = 5


class AlarmKeeper(QObject):
    """Signals: ``shown`` (tuple of Alarm) whenever the list was looked at, ``failed`` (str) when it could not be.

    Alerts come of age without anyone doing anything (a flag nobody takes), so they are looked at again every few
    seconds and after every change.
    """

    shown = Signal(object)
    failed = Signal(str)

    def __init__(self, seat: Seat, ringer: Ringer, parent: QObject) -> None:
        super().__init__(parent)
        self._seat = seat
        self._ringer = ringer
        self._ticks = 0
        self.alarms: tuple[Alarm, ...] = ()
        self._refresher = Refresher(seat.bridge, self._query, self, rest=500)
        self._refresher.loaded.connect(self._loaded)
        self._refresher.failed.connect(self._failed)
        seat.ticker.tick.connect(self._tick)
        seat.bridge.changed.connect(self._changed)
        self.destroyed.connect(partial(_forget, ringer, id(self)))
        self._refresher.request()

    def look(self) -> None:
        """Look again now."""
        self._refresher.request()

    def _query(self) -> tuple[Alarm, ...]:
        return alarms(self._seat.desk, self._seat.sign_in, self._seat.cad())

    def _changed(self, changes: Changes) -> None:
        if changes.touches("call", "encounter", "assessment"):
            self._refresher.request()

    def _tick(self) -> None:
        self._ticks += 1
        if self._ticks % _LOOK_AGAIN_SECONDS == 0:
            self._refresher.request()
        self._ringer.tick()

    def _loaded(self, found: tuple[Alarm, ...]) -> None:
        self.alarms = found
        waiting = [alarm for alarm in found if not alarm.acknowledged_by]
        self._ringer.update(
            [alarm.key for alarm in waiting if alarm.tier == "alarm"],
            [alarm.key for alarm in waiting if alarm.tier == "caution"],
            id(self),
        )
        self.shown.emit(found)

    def _failed(self, error: KnownError) -> None:
        self.failed.emit(error.message)


def _forget(ringer: Ringer, watcher: int, *_: object) -> None:
    ringer.forget(watcher)
