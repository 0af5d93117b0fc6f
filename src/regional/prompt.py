"""The connections of whoever says nothing: uvicorn waits for ever for a request, and for the rest of one.

Each takes one of the files that the process may open, and when those are gone no desk gets in.
"""

import asyncio
from typing import Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from wire.messages import SILENT_AFTER

WAITS: Final = SILENT_AFTER
"""Seconds without a byte of a request that has not come whole, after which the connection ends."""


class Prompt(H11Protocol):
    """uvicorn's own, but for that."""

    _looking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody is there."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """They say something."""
        super().data_received(data)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone."""
        super().connection_lost(exc)
        if self._looking is not None:
            self._looking.cancel()

    def _wait(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
        if self.transport.get_protocol() is self:  # else it is a websocket by now
            self._looking = self.loop.call_later(WAITS, self._look)

    def _look(self) -> None:
        is_whole = self.conn.their_state not in (h11.IDLE, h11.SEND_BODY)
        # One that was answered is uvicorn's to end; one that is not read on waits for us.
        if not is_whole and self.timeout_keep_alive_task is None and not self.flow.read_paused:
            self.transport.abort()
