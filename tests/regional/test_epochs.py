"""Who begins a new epoch, when, and how often."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest

from regional import schema
from regional.clock import Clock
from regional.epochs import BETWEEN, Epochs, Lost
from regional.errors import Rejected
from regional.homes import open_database
from regional.metrics import Metrics
from tests.regional.conftest import Call, Start, again, founded
from wire.frames import plain
from wire.messages import (
    Beat,
    Hello,
    Point,
)

CENTER = "northside"
OPERATIONS = f"{CENTER}/operations"
Backup = Callable[[], Callable[[], str]]


def test_a_server_that_is_set_back_to_one_backup_twice_begins_two_epochs(
    start: Start, call: Call, address: str, backup: Backup
) -> None:
    """A desk that was away in between could not tell the second from the first."""
    server = start(address)
    desk = founded(call(server, CENTER, "clinical"))
    assert server.stop() == 0
    backups = [backup(), backup()]
    server = start(address)
    (lost,) = again(desk, server.url).push([desk.entry()])
    shown = Point(lost.seq or 0, lost.link or b"")
    epochs = []
    for put_back in backups:
        assert server.stop() == 0
        server = start(put_back())
        epochs.append(again(desk, server.url).hello(1, operations=shown).epoch)
    assert len({1, *epochs}) == 3
    # Whoever comes with the first of them is compared anew: it is either another number, or begins a third.
    third = call(server, CENTER, "clinical")
    assert third.hello(epochs[0], operations=shown).epoch != epochs[0]


def test_two_processes_that_find_out_at_once_begin_one_epoch(
    start: Start, call: Call, postgres: Callable[[], str]
) -> None:
    address = postgres()
    servers = [start(address, name) for name in ("one", "two")]
    desk = founded(call(servers[0], CENTER, "clinical"))
    desks = [desk, *(call(servers[number % 2], CENTER, "clinical") for number in range(7))]
    wrong = Hello((1, 1), "x", 1, {OPERATIONS: Point(9, bytes(32))})
    with ThreadPoolExecutor(len(desks)) as at_once:
        said = list(at_once.map(lambda each: each.request("hello", plain(wrong)).json()["epoch"], desks))
    assert len(set(said)) == 1
    begun = [event for server in servers for event in server.events() if event["event"] == "server-set-back"]
    assert len(begun) == 1


def test_a_point_no_server_can_have_given_begins_no_epoch(start: Start, call: Call) -> None:
    server = start()
    desk = founded(call(server, CENTER, "clinical"))
    assert desk.request("hello", plain(Hello((1, 1), "x", 10**12, {}))).status_code == 400
    assert desk.hello(1, directory=Point(10**19, bytes(32))).epoch == 1  # a journal it has nothing to do with
    assert desk.hello(0, operations=Point(9, bytes(32))).epoch == 1
    began = desk.hello(1, operations=Point(10**19, bytes(32))).epoch
    assert began > 1
    later = call(server, CENTER, "clinical").hello(began + 5).epoch  # the server was there once, and is not any more
    assert later > began + 5
    assert server.command("status")[0]["epoch"] == later


def test_a_desk_begins_one_epoch_in_a_while_and_the_operator_sees_which(start: Start, call: Call) -> None:
    """Epochs. … a server MUST answer whoever would begin another with 429 and when to ask again …"""
    server = start()
    desk, other = founded(call(server, CENTER, "clinical")), call(server, CENTER, "operations")
    foreign = {OPERATIONS: Point(9, bytes(32))}
    began = other.hello(1, operations=foreign[OPERATIONS]).epoch
    assert began > 1
    held = other.request("hello", plain(Hello((1, 1), "x", began, foreign)))
    assert held.status_code == 429
    assert 1 <= int(held.headers["retry-after"]) <= 30
    connection = other.live(began)
    connection.say(Beat(7, epoch=began, reads=foreign))
    with pytest.raises(AssertionError, match="Another one has to wait"):
        connection.next(Beat)
    assert other.hello(began).epoch == began, "what it does not show keeps nobody out"
    status = server.command("status")
    assert status[0]["epoch"] == began
    assert {line["desk"]: line["epochs"] for line in status if line["is"] == "desk"} == {
        str(desk.desk): 0,
        str(other.desk): 1,
    }
    assert "regional_epochs_held_total 2.0" in desk.http.get("/metrics").text
    assert {event["desk"] for event in server.events() if event["event"] == "epoch-not-begun"} == {str(other.desk)}
    assert desk.hello(began, operations=foreign[OPERATIONS]).epoch > began, "the others are not held"


def test_a_desk_may_begin_the_next_epoch_after_a_while(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    database, clock = open_database("", tmp_path), _Time()
    schema.prepare(database, clock.now())
    epochs, lost, desk = Epochs(database, clock, Metrics()), Lost(OPERATIONS, 9), UUID(int=7)
    number = epochs.begin(1, lost, desk)
    clock.micros += BETWEEN - 1
    with pytest.raises(Rejected):
        epochs.begin(number, lost, desk)
    assert epochs.begin(1, lost, desk) == number, "one that began since is no new one"
    assert epochs.begin(number, lost) > number, "what the server finds out by itself waits for nobody"
    clock.micros += 1
    number = epochs.number
    assert epochs.begin(number, lost, desk) > number
    database.close()


class _Time(Clock):
    micros = 1_795_000_000_000_000

    def now(self) -> int:
        return self.micros


def test_a_desk_that_beats_with_a_foreign_point_begins_an_epoch(start: Start, call: Call) -> None:
    live = founded(call(start(), CENTER, "clinical")).live(1)
    live.say(Beat(7, epoch=1, reads={OPERATIONS: Point(3, bytes(32))}))
    answers = [live.next(Beat), live.next(Beat)]
    assert len({1, *(answer.epoch for answer in answers)}) == 2
    assert {answer.sent_at for answer in answers} == {0, 7}
