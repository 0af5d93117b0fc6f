"""The writing thread outlives whoever asked it for something, and whatever one push brings."""

import logging
from collections.abc import Callable, Iterator

import pytest

from regional import writer as writing
from regional.access import Member
from regional.clock import Clock
from regional.database import Database
from regional.errors import Rejected
from regional.metrics import Metrics
from regional.ordering import Ordered
from regional.rights import RightsCache
from regional.writer import Writer
from tests.regional.desk import Writing

PATIENCE = 20


@pytest.fixture
def published() -> list[Ordered]:
    return []


@pytest.fixture
def writer(database: Database, published: list[Ordered]) -> Iterator[Writer]:
    made = Writer(database, RightsCache(), Clock(), Metrics(), published.extend)
    yield made
    made.stop()


def _desk(center: str) -> tuple[Writing, Member]:
    desk = Writing(center)
    return desk, Member(center, desk.device, desk.device, True, 0)


def test_a_desk_that_left_before_its_push_was_ordered_stops_nobody(writer: Writer, center: str) -> None:
    desk, member = _desk(center)
    left = writer.submit(member, tuple(desk.founding()))
    assert left.cancel()
    desk.heads.clear()
    stayed = writer.submit(member, tuple(desk.founding()))
    writer.start()
    assert [result.verdict for result in stayed.result(PATIENCE)] == ["accepted"] * 3


def test_pushes_that_came_together_are_one_commit(writer: Writer, center: str, published: list[Ordered]) -> None:
    desk, member = _desk(center)
    pushes = [writer.submit(member, tuple(desk.founding()))]
    pushes += [writer.submit(member, (desk.entry(),)) for _ in range(5)]
    writer.start()
    for push in pushes:
        assert {result.verdict for result in push.result(PATIENCE)} == {"accepted"}
    assert [(each.journal, len(each.entries)) for each in published] == [
        (f"{center}/administration", 3),
        (f"{center}/operations", 5),
    ]


@pytest.mark.parametrize("fault", [ValueError, KeyError], ids=["content", "our own"])
def test_a_push_that_cannot_be_ordered_takes_no_other_with_it(
    writer: Writer,
    center: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: type[Exception],
) -> None:
    caplog.set_level(logging.WARNING)
    desk, member = _desk(center)
    good, poison = desk.founding(), [desk.entry()]
    order: Callable[..., object] = writing.order

    def faulty(work: object, cache: object, submissions: list[writing.Submission], now: int) -> object:
        if any(poison[0] in each.entries for each in submissions):
            raise fault("poison")
        return order(work, cache, submissions, now)

    monkeypatch.setattr(writing, "order", faulty)
    pushes = [writer.submit(member, tuple(good)), writer.submit(member, tuple(poison))]
    writer.start()
    assert [result.verdict for result in pushes[0].result(PATIENCE)] == ["accepted"] * 3
    with pytest.raises(Rejected):
        pushes[1].result(PATIENCE)
    assert writer.submit(member, tuple(good)).result(PATIENCE)[0].verdict == "had"
    assert [record.levelname for record in caplog.records] == ["ERROR" if fault is ValueError else "CRITICAL"]
