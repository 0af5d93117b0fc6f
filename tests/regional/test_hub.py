"""Handing on: every desk is sent each place once, in order, whoever ordered it."""

import asyncio
import logging
from functools import partial
from itertools import pairwise
from uuid import UUID

import pytest

from regional import reading
from regional.access import Member
from regional.clock import Clock
from regional.database import Database, Work
from regional.epochs import current
from regional.hub import Connection, Hub
from regional.metrics import Metrics
from regional.ordering import Ordered, Outcome, Submission, order
from regional.readers import Readers
from regional.rights import RightsCache
from regional.service import Service
from tests.regional.desk import Writing
from wire.frames import from_server, unpack
from wire.messages import Page, Point, Welcome


def _ordered(database: Database, center: str, pushes: int) -> list[Ordered]:
    """What was ordered of a center's operations: one page a commit."""
    desk, cache = Writing(center), RightsCache()
    member = Member(center, desk.device, desk.device, True, 0)
    database.write(lambda work: order(work, cache, [Submission(member, tuple(desk.founding()))], 1))
    found = []
    for _ in range(pushes):
        push = [Submission(member, (desk.entry(), desk.entry()))]
        found += database.write(partial(_order, cache, push)).ordered
    return found


def _order(cache: RightsCache, submissions: list[Submission], work: Work) -> Outcome:
    return order(work, cache, submissions, 1)


async def _pages(connection: Connection, until: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    while not found or found[-1][1] < until:
        one = await asyncio.wait_for(connection.next(), 20)
        assert one is not None
        frame = from_server.read(unpack(one) if isinstance(one, bytes) else one)
        if isinstance(frame, Page):
            found.append((frame.start.seq, frame.end.seq))
    return found


def _hand_on(database: Database, center: str, order_of: list[int], *, start: int) -> list[tuple[int, int]]:
    """The pages a desk gets when these commits are published in this order to a hub that stands at ``start``."""
    journal = f"{center}/operations"
    ordered = _ordered(database, center, 4)

    async def run() -> list[tuple[int, int]]:
        readers, hub = Readers(database), Hub(Metrics(), lambda: 1)
        hub.attach(readers)
        desk = ordered[0].entries[0].entry.device
        connection = Connection(Member(center, desk, desk, True, 0), "", 0)
        try:
            point = await readers.read(lambda work: reading.point(work, journal, start))
            assert point is not None
            hub.points[journal] = point
            await hub.join(connection, [journal])
            connection.open(Welcome(1, "", 1, 0, {}, ()))
            for number in order_of:
                hub.publish([ordered[number]])
            return await _pages(connection, 8)
        finally:
            readers.close()

    return asyncio.run(run())


def test_what_was_handed_on_already_is_not_handed_on_again(database: Database, center: str) -> None:
    assert _hand_on(database, center, [0, 0, 1, 0, 2, 1, 3], start=0) == [(0, 2), (2, 4), (4, 6), (6, 8)]


def test_what_another_process_ordered_in_between_is_read_and_handed_on_first(database: Database, center: str) -> None:
    pages = _hand_on(database, center, [3], start=2)
    assert pages[0][0] == 2
    assert all(one[1] == other[0] for one, other in pairwise(pages))
    assert pages[-1][1] == 8


def test_a_journal_that_was_set_back_and_has_outgrown_what_was_handed_on_begins_a_new_epoch(
    database: Database, center: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A database that fails over loses its last commits, and what others push meanwhile hides that."""
    journal = f"{center}/operations"
    _ordered(database, center, 4)

    async def run() -> tuple[int, int, list[tuple[int, int]]]:
        service = Service(database, Clock())
        desk = UUID(int=1)
        connection = Connection(Member(center, desk, desk, True, 0), "", 2**62)
        try:
            before = await service.readers.read(service.epochs.refresh)
            service.hub.points[journal] = Point(4, b"lost".ljust(32))
            await service.hub.join(connection, [journal])
            connection.open(Welcome(1, "", before, 0, {}, ()))
            service.hub.catch_up(journal, 8)
            pages = await _pages(connection, 8)
            return before, await service.readers.read(current), pages
        finally:
            service.readers.close()

    with caplog.at_level(logging.CRITICAL, "regional.epochs"):
        before, after, pages = asyncio.run(run())
    assert after > before
    assert [record.message for record in caplog.records if record.levelno == logging.CRITICAL] == ["server-set-back"]
    assert pages == [(4, 8)]
