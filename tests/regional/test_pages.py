"""Pages that are asked for: one is read at a time, and for all who ask at the same place."""

import asyncio
import threading
from collections.abc import Iterator
from functools import partial

import pytest

from regional import reading
from regional.access import Member
from regional.database import Database, Work
from regional.errors import Rejected
from regional.hub import Message
from regional.ordering import Submission, order
from regional.pages import MOST_KEPT, Pages
from regional.readers import Readers
from regional.rights import RightsCache
from tests.regional.desk import Writing
from wire.frames import from_server, unpack
from wire.messages import Page, Pull

PATIENCE = 20
ENTRIES = 24


class Journal:
    """A journal of :data:`ENTRIES` entries, its pages, and the places that were read."""

    def __init__(self, database: Database, center: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self._desk, self._cache, self._database = Writing(center), RightsCache(), database
        self.member = Member(center, self._desk.device, self._desk.device, True, 0)
        self.name = f"{center}/operations"
        database.write(
            lambda work: order(work, self._cache, [Submission(self.member, tuple(self._desk.founding()))], 1)
        )
        self.grow(ENTRIES)
        self.readers = Readers(database)
        self.pages = Pages(self.readers, lambda: 7)
        self.read: list[int] = []
        self.go_on = threading.Event()
        self.go_on.set()
        page_after = reading.page_after

        def counted(work: Work, journal: str, epoch: int, after: int, limit: int) -> Page:
            self.read.append(after)
            assert self.go_on.wait(PATIENCE)
            return page_after(work, journal, epoch, after, limit)

        monkeypatch.setattr(reading, "page_after", counted)

    def grow(self, entries: int) -> None:
        push = [Submission(self.member, tuple(self._desk.entry() for _ in range(entries)))]
        self._database.write(lambda work: order(work, self._cache, push, 1))

    def packed(self, after: int, limit: int = 10) -> asyncio.Task[Message]:
        return asyncio.ensure_future(self.pages.packed(Pull(self.name, after, limit=limit), lambda work: None))


def _end(one: Message) -> int:
    page = from_server.read(unpack(one) if isinstance(one, bytes) else one)
    assert isinstance(page, Page)
    assert page.asked
    assert page.epoch == 7
    return page.end.seq


@pytest.fixture
def journal(database: Database, center: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journal]:
    made = Journal(database, center, monkeypatch)
    yield made
    made.go_on.set()
    made.readers.close()


def test_desks_that_come_back_at_the_same_place_are_read_one_page(journal: Journal) -> None:
    async def run() -> list[Message]:
        return await asyncio.gather(*(journal.packed(after) for _ in range(5) for after in (0, 10)))

    assert [_end(one) for one in asyncio.run(run())] == [10, 20] * 5
    assert journal.read == [0, 10]


def test_where_a_journal_ends_is_read_anew_and_everything_is_after_a_while(journal: Journal) -> None:
    async def run() -> list[int]:
        ends = [_end(await journal.packed(20)), _end(await journal.packed(0))]
        journal.grow(1)
        ends += [_end(await journal.packed(20)), _end(await journal.packed(0))]
        journal.pages.forget()
        return [*ends, _end(await journal.packed(0))]

    assert asyncio.run(run()) == [24, 10, 25, 10, 10]
    assert journal.read == [20, 0, 20, 0]


def test_few_pages_are_kept_the_newest(journal: Journal) -> None:
    async def run() -> None:
        for after in (*range(MOST_KEPT + 1), MOST_KEPT, 0):
            assert _end(await journal.packed(after, 1)) == after + 1

    asyncio.run(run())
    assert journal.read == [*range(MOST_KEPT + 1), 0]


def test_who_may_not_read_a_journal_gets_no_page_that_another_asked_for(journal: Journal) -> None:
    def refuse(_: Work) -> None:
        raise Rejected(403, "not this desk")

    async def run() -> None:
        await journal.packed(0)
        with pytest.raises(Rejected, match="not this desk"):
            await journal.pages.packed(Pull(journal.name, 0, limit=10), refuse)
        await journal.packed(0)

    asyncio.run(run())
    assert journal.read == [0]


def test_who_asks_for_something_else_does_not_wait_for_the_pages_of_those_who_catch_up(journal: Journal) -> None:
    async def run() -> None:
        journal.go_on.clear()
        asked = [journal.packed(after) for after in range(6)]
        head = partial(reading.heads, journals=[journal.name])
        found = await asyncio.wait_for(journal.readers.read(head), PATIENCE)
        assert found[journal.name].seq == ENTRIES
        asked[0].cancel()  # this desk has gone
        journal.go_on.set()
        assert [_end(one) for one in await asyncio.gather(*asked[1:])] == list(range(11, 16))

    asyncio.run(run())
