"""The pages that desks ask for.

To read and to pack one keeps the interpreter busy, which everybody else in this process then waits for. So it is done
beside the event loop and one page at a time, and once for all who ask at the same place: desks that come back after
an outage do. Who may read what is looked up for each.
"""

from asyncio import Semaphore
from collections.abc import Callable
from typing import Final

from regional import reading
from regional.database import Work
from regional.failpoints import failpoint
from regional.hub import Message, message
from regional.readers import Readers
from wire.messages import Page, Pull

MOST_KEPT: Final = 16

Allowed = Callable[[Work], None]
"""Raises :class:`regional.errors.Rejected` where the desk may not read what it asks for."""


class Pages:
    """Reads pages, and keeps the last ones until :meth:`forget`."""

    def __init__(self, readers: Readers, epoch: Callable[[], int]) -> None:
        self._readers = readers
        self._epoch = epoch
        self._turn = Semaphore(1)
        self._kept: dict[tuple[Pull, int], Message] = {}

    def forget(self) -> None:
        """Read everything anew from now on: no page says for long what the database does not say any more."""
        self._kept.clear()

    async def page(self, pull: Pull, allowed: Allowed) -> Page:
        """The page that is asked for. Raises :class:`regional.errors.Rejected`."""
        async with self._turn:
            epoch = self._epoch()
            return await self._readers.read(lambda work: _page(work, pull, epoch, allowed))

    async def packed(self, pull: Pull, allowed: Allowed) -> Message:
        """The same as it goes over a websocket."""
        async with self._turn:
            key = pull, self._epoch()
            if (kept := self._kept.get(key)) is not None:
                await self._readers.read(allowed)
                return kept
            page, one = await self._readers.read(lambda work: _packed(_page(work, *key, allowed)))
            if pull.before is None and page.end.seq < page.head:  # nothing comes between its end and what follows
                if len(self._kept) == MOST_KEPT:
                    del self._kept[next(iter(self._kept))]
                self._kept[key] = one
            return one


def _packed(page: Page) -> tuple[Page, Message]:
    return page, message(page)


def _page(work: Work, pull: Pull, epoch: int, allowed: Allowed) -> Page:
    allowed(work)
    failpoint("while-answering-a-pull")
    if pull.before is not None:
        return reading.page_before(work, pull.journal, epoch, pull.before, pull.limit)
    return reading.page_after(work, pull.journal, epoch, pull.after, pull.limit)
