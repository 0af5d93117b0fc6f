"""Asking the database from the event loop: a few threads, each with its own connection."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from regional.database import Database, Work

T = TypeVar("T")


class Readers:
    """Runs jobs of the database beside the event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="reader")

    async def read(self, job: Callable[[Work], T]) -> T:
        """What ``job`` finds. Raises :class:`regional.errors.Away`."""
        return await self.run(lambda: self._database.read(job))

    async def write(self, job: Callable[[Work], T]) -> T:
        """What ``job`` returns, once its changes are durable. For what is no push."""
        return await self.run(lambda: self._database.write(job))

    async def run(self, function: Callable[[], T]) -> T:
        """What ``function`` returns, run on one of the threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, function)

    def close(self) -> None:
        """Wait for what is running."""
        self._threads.shutdown(wait=True, cancel_futures=True)
