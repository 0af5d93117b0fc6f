"""Keeping one screen's picture current: at most one query under way, at most one more waiting."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.bridge.bridge import Bridge
from console.errors import KnownError


class Refresher(QObject):
    """Runs a query when asked and again when asked meanwhile; a burst of changes costs two queries, not a hundred.

    Signals: ``loaded`` with what the query returned, ``failed`` with the :class:`KnownError`.
    """

    loaded = Signal(object)
    failed = Signal(object)

    def __init__(self, bridge: Bridge, query: Callable[[], Any], parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._query = query
        self._under_way = False
        self._again = False

    def request(self) -> None:
        """Have the picture made anew."""
        if self._under_way:
            self._again = True
            return
        self._under_way = True
        self._bridge.read(self, self._query, self._done, self._failed)

    def ask(self, query: Callable[[], Any]) -> None:
        """Replace the question (another view, another filter) and have it answered; older answers are dropped."""
        self._query = query
        self.request()

    def _done(self, result: Any) -> None:
        self._under_way = False
        if self._again:
            self._again = False
            self.request()
            return
        self.loaded.emit(result)

    def _failed(self, error: KnownError) -> None:
        self._under_way = False
        self._again = False
        self.failed.emit(error)
