"""The power of a server with the embedded database goes: what it answered is there, a push is there whole or not."""

import random
import shutil
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from regional import rows, schema
from regional.access import Member
from regional.clock import Clock
from regional.database import Database, Work
from regional.homes import DATABASE, open_database
from regional.ordering import Submission, order
from regional.rights import RightsCache
from tests.regional.desk import Writing
from tests.support.power import Disk, cuts
from wire.envelope import Entry
from wire.messages import Result
from wire.order import START, link_after

JOURNALS = ("northside/administration", "northside/operations")
SOAK = [pytest.mark.soak, pytest.mark.timeout(3600)]


def push(database: Database, desk: Writing, entries: list[Entry]) -> list[Result]:
    """One commit, as a push of a desk is."""
    submission = Submission(Member(desk.center, desk.device, desk.device, True, 0), tuple(entries))
    return database.write(lambda work: order(work, RightsCache(), [submission], 1)).results[0]


def read(database: Database) -> list[rows.Placed]:
    """Everything that has a place; every link is proven on the way."""

    def look(work: Work, name: str) -> list[rows.Placed]:
        placed, link = list(rows.after(work, name, 0, 10**6)), START
        for number, each in enumerate(placed, 1):
            link = link_after(link, each.entry)
            assert (each.entry.seq, each.link) == (number, link)
        return placed

    return [each for name in JOURNALS for each in database.read(partial(look, name=name))]


@pytest.mark.parametrize("log_pages", [4_000, 8], ids=["log", "log and checkpoints"])
@pytest.mark.parametrize("count", [3, pytest.param(120, marks=SOAK)])
def test_a_power_cut_between_any_two_pushes_takes_nothing_that_was_answered(
    tmp_path: Path, log_pages: int, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """2. The server MUST NOT answer a push before what it says is durable."""
    monkeypatch.setattr("regional.database.LOG_PAGES", log_pages)
    chance, desk = random.Random(log_pages), Writing()
    home = tmp_path / "home"
    database = open_database("", home)
    schema.prepare(database, Clock().now())
    pushes = [desk.founding(), *([desk.entry(body=f'{{"words":"{"x" * 900}"}}') for _ in range(3)] for _ in range(5))]
    moments: list[tuple[Disk, list[rows.Placed]]] = [(Disk.at(home / DATABASE), [])]
    for each in pushes:
        assert {result.verdict for result in push(database, desk, each)} == {"accepted"}
        moments.append((Disk.at(home / DATABASE), read(database)))
    shutil.copytree(home, tmp_path / "cut")
    database.close()
    lost = 0
    for number, ((before, answered), (after, later)) in enumerate(pairwise(moments)):
        for disk, told in cuts(chance, before, after, count):
            disk.put(tmp_path / "cut" / DATABASE)
            again = open_database("", tmp_path / "cut")
            try:
                there = read(again)
                assert there in ((later,) if told else (answered, later))
                lost += there == answered
                verdicts = {result.verdict for result in push(again, desk, pushes[number])}
                assert verdicts == {"had" if there == later else "accepted"}
                assert read(again) == later
            finally:
                again.close()
    assert lost > 3
    assert (moments[0][0].file != moments[-1][0].file) == (log_pages == 8), "whether there was a checkpoint"


def test_durability_is_what_it_must_be(tmp_path: Path) -> None:
    database = open_database("", tmp_path)
    for read_or_write in (database.read, database.write):
        assert read_or_write(lambda work: work.row("PRAGMA synchronous")) == (2,)
        assert read_or_write(lambda work: work.row("PRAGMA journal_mode")) == ("wal",)
    database.close()
