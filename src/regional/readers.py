"""Asking the database from the event loop: a few threads that read, and others that write what is no push.

Whoever writes may have to wait for a lock that somebody else holds; nobody who reads waits for them.
"""

import asyncio
import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from regional.database import Database, Work
from regional.errors import Away

T = TypeVar("T")


class Readers:
    """Runs jobs of the database beside the event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reading = ThreadPoolExecutor(4, thread_name_prefix="reader")
        self._writing = ThreadPoolExecutor(2, thread_name_prefix="beside-the-writer")
        self._turns = itertools.count(1)
        self._newest = 0
        """The turn that was taken last, of those who write."""
        self._in_vain: tuple[int, Away] = 0, Away()
        """Why nothing could be written, and the newest turn that had been waiting for it."""

    async def read(self, job: Callable[[Work], T]) -> T:
        """What ``job`` finds. Raises :class:`regional.errors.Away`."""
        return await asyncio.get_running_loop().run_in_executor(self._reading, lambda: self._database.read(job))

    async def write(self, job: Callable[[Work], T]) -> T:
        """What ``job`` returns, once its changes are durable. For what is no push."""
        return await self.change(lambda: self._database.write(job))

    async def change(self, function: Callable[[], T]) -> T:
        """What ``function`` returns, which writes by itself.

        When one could not write, all that stood in line meanwhile fail with it: else the last would wait for as long
        as all in front of it together.
        """
        turn = self._newest = next(self._turns)

        def run() -> T:
            newest, away = self._in_vain
            if turn <= newest:
                raise Away(away.detail, held=away.held)
            try:
                return function()
            except Away as away:
                if not away.held:  # of PostgreSQL: a row, which others may not need
                    self._in_vain = self._newest, away
                raise

        return await asyncio.get_running_loop().run_in_executor(self._writing, run)

    def close(self) -> None:
        """Wait for what is running."""
        for threads in (self._reading, self._writing):
            threads.shutdown(wait=True, cancel_futures=True)
