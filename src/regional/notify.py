"""What one process tells the others: a hint that a journal has grown, and a look each second at where journals end.

Nothing rests on the hints. They are sent after the commit, because a notice inside the transaction would make all
commits wait for each other, and at most once in a while for all journals together; what is lost, the look finds.
"""

import asyncio
import contextlib
import logging
import secrets
from typing import Any, Final

import psycopg

from regional.errors import Away
from regional.service import Service
from wire.messages import Point

log = logging.getLogger("regional.notify")

CHANNEL: Final = "regional_server"
LOOK_EVERY: Final = 1.0
FORGET_EVERY: Final = 600.0
_TOGETHER: Final = 0.005
_AGAIN: Final = 1.0


class Notices:
    """The standing tasks of one process. ``address`` is PostgreSQL's, "" for a database of one process."""

    def __init__(self, service: Service, address: str) -> None:
        self._service = service
        self._address = address
        self._me = secrets.token_hex(6)
        self._grown: dict[str, int] = {}
        self._wake = asyncio.Event()
        self._look_now = asyncio.Event()
        self._tasks: list[asyncio.Task[Any]] = []

    def start(self) -> None:
        """Begin to look and, with others, to tell and to listen."""
        self._tasks += [asyncio.create_task(self._look()), asyncio.create_task(self._forget())]
        if self._address:
            self._service.hub.told = self._tell
            self._tasks += [asyncio.create_task(self._send()), asyncio.create_task(self._listen())]

    async def stop(self) -> None:
        """End."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _tell(self, journal: str, point: Point) -> None:
        self._grown[journal] = point.seq
        self._wake.set()

    async def _look(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._look_now.wait(), LOOK_EVERY)
            self._look_now.clear()
            try:
                await self._service.look_around()
            except Away as away:
                log.warning("database-away", extra={"detail": away.detail})

    async def _forget(self) -> None:
        while True:
            try:
                await self._service.forget()
            except Away as away:
                log.warning("database-away", extra={"detail": away.detail})
            await asyncio.sleep(FORGET_EVERY)

    async def _connect(self) -> "psycopg.AsyncConnection[Any]":
        return await psycopg.AsyncConnection.connect(self._address, autocommit=True, connect_timeout=5)

    async def _send(self) -> None:
        while True:
            try:
                async with await self._connect() as connection:
                    while True:
                        await self._wake.wait()
                        await asyncio.sleep(_TOGETHER)
                        self._wake.clear()
                        grown, self._grown = self._grown, {}
                        for journal, seq in grown.items():
                            await connection.execute(
                                "SELECT pg_notify(%s, %s)", (CHANNEL, f"{self._me} {seq} {journal}")
                            )
            except psycopg.OperationalError as error:
                log.warning("notices-wait", extra={"detail": type(error).__name__})
                await asyncio.sleep(_AGAIN)

    async def _listen(self) -> None:
        while True:
            try:
                async with await self._connect() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._look_now.set()  # what was told while nobody listened
                    async for notice in connection.notifies():
                        self._heard(notice.payload)
            except psycopg.OperationalError as error:
                log.warning("listening-waits", extra={"detail": type(error).__name__})
            await asyncio.sleep(_AGAIN)

    def _heard(self, payload: str) -> None:
        who, _, rest = payload.partition(" ")
        seq, _, journal = rest.partition(" ")
        if who != self._me and seq.isdigit():
            self._service.hub.catch_up(journal, int(seq))
