"""Keeping one screen's picture current: at most one query under way, at most one more waiting."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from console.bridge.bridge import Bridge
from console.errors import KnownError


class Refresher(QObject):
    """Runs a query when asked and again when asked meanwhile; a burst of changes costs two queries, not a hundred.

    ``rest`` is the least time in milliseconds from one answer to the next question, so that a flood of changes leaves
    the machine to the person. Signals: ``loaded`` with what the query returned, ``failed`` with the KnownError.
    """

    loaded = Signal(object)
    failed = Signal(object)

    def __init__(self, bridge: Bridge, query: Callable[[], Any], parent: QObject, *, rest: int = 0) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._query = query
        self._under_way = False
        self._again = False
        self._changed = False
        self._resting = QTimer(self)
        self._resting.setObjectName("refresher-rest")
        self._resting.setSingleShot(True)
        self._resting.setInterval(rest)
        self._resting.timeout.connect(self._rested)

    def request(self) -> None:
        """Have the picture made anew."""
        if self._under_way or self._resting.isActive():
            self._again = True
            return
        self._under_way, self._again, self._changed = True, False, False
        self._bridge.read(self, self._query, self._done, self._failed)

    def ask(self, query: Callable[[], Any]) -> None:
        """Replace the question (another view, another filter) at once; an answer to the old one is dropped."""
        self._query = query
        self._changed = self._under_way
        self._resting.stop()
        self.request()

    def stop(self) -> None:
        """Ask no more."""
        self._resting.stop()
        self._again = False

    def _done(self, result: Any) -> None:
        if not self._overtaken():
            self.loaded.emit(result)
            self._go_on()

    def _failed(self, error: KnownError) -> None:
        if not self._overtaken():
            self.failed.emit(error)
            self._go_on()

    def _overtaken(self) -> bool:
        """Whether another question was put meanwhile, which is then asked."""
        self._under_way = False
        if self._changed:
            self.request()
            return True
        return False

    def _go_on(self) -> None:
        """Ask again if that was wanted meanwhile, after a rest."""
        if self._resting.interval():
            self._resting.start()
        else:
            self._rested()

    def _rested(self) -> None:
        if self._again:
            self.request()
