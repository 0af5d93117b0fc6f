"""The writing thread outlives whoever asked it for something, and whatever one push brings."""

import logging
import queue
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
from tests.regional.desk import NOON, Writing
from wire.administration import DeskEnrolled
from wire.envelope import from_micros
from wire.journals import Audience
from wire.messages import Result

PATIENCE = 20
ENROLLED = DeskEnrolled(from_micros(NOON), "B", (Audience.OPERATIONS,))


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


def test_short_pushes_go_before_the_long_ones_of_others(writer: Writer, center: str, published: list[Ordered]) -> None:
    """13. … The server MUST order the pushes of one connection as they came."""
    live, member = _desk(center)
    back = [Writing(center) for _ in range(4)]
    founding = [*live.founding(), *(live.speaking(desk.device, ENROLLED, by="boss") for desk in back)]
    pushes = [writer.submit(member, tuple(founding))]
    for desk in back:
        returned = Member(center, desk.device, desk.device, True, 0)
        for count in (500, 500, 1):
            pushes.append(writer.submit(returned, tuple(desk.entry() for _ in range(count))))
    short = (live.entry(), live.entry())
    pushes.append(writer.submit(member, short))
    writer.start()
    assert {result.verdict for push in pushes for result in push.result(PATIENCE)} == {"accepted"}
    first, *later = [each for each in published if each.journal.endswith("operations")]
    assert [placed.entry.id for placed in first.entries] == [entry.id for entry in short]
    assert max(len(each.entries) for each in later) <= 550
    assert sum(len(each.entries) for each in (first, *later)) == 4 * 1_001 + 2
    for desk in back:
        counts = [
            placed.entry.n for each in (first, *later) for placed in each.entries if placed.entry.device == desk.device
        ]
        assert counts == list(range(1, 1_002))


def test_long_pushes_go_on_while_short_ones_never_cease(database: Database, center: str) -> None:
    live, member = _desk(center)
    back = Writing(center)
    journal = f"{center}/operations"
    commits: list[int] = []
    ended: queue.Queue[list[Result]] = queue.Queue()

    def published(ordered: list[Ordered]) -> None:
        commits.extend(len(each.entries) for each in ordered if each.journal == journal)
        if len(commits) < 12:
            push = writer.submit(member, (live.entry(),))  # before anything else is looked for
            push.add_done_callback(lambda done: ended.put(done.result()) if len(commits) >= 12 else None)

    writer = Writer(database, RightsCache(), Clock(), Metrics(), published)
    writer.submit(member, (*live.founding(), live.speaking(back.device, ENROLLED, by="boss")))
    returned = Member(center, back.device, back.device, True, 0)
    for _ in range(3):
        writer.submit(returned, tuple(back.entry() for _ in range(500)))
    writer.start()
    try:
        assert ended.get(timeout=PATIENCE)[0].verdict == "accepted"
    finally:
        writer.stop()
    assert sum(count >= 500 for count in commits[:6]) == 3


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
