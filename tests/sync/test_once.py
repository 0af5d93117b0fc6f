"""One exchange for a command: it outlives a server that begins a connection anew, and gives up without one."""

from dataclasses import replace

import pytest

from console.sync import once
from console.sync.events import Standing, State
from console.sync.lines import NoWebsocket, Websocket
from console.sync.membership import membership
from console.sync.once import PATIENCE, STANDS_STILL, _Away, exchange_once
from tests.support.clock import FixedClock
from tests.support.region import Region
from tests.support.sharing import until

CONNECTING = Standing(State.OFFLINE, since=1.0)
ENDED = replace(CONNECTING, says="what this desk may read has changed")


def test_a_connection_that_is_made_anew_is_waited_for() -> None:
    clock = FixedClock()
    away = _Away(clock)
    for standing in (CONNECTING, Standing(State.LIVE), ENDED, replace(ENDED, waiting=3), Standing(State.LIVE), ENDED):
        away.tell(standing)
        clock.advance(PATIENCE / 3)
        assert not away.for_good


def test_without_a_connection_it_gives_up() -> None:
    clock = FixedClock()
    away = _Away(clock)
    away.tell(ENDED)
    clock.advance(PATIENCE - 1)
    away.tell(replace(ENDED, says="it cannot be reached"))
    assert not away.for_good
    clock.advance(2)
    assert away.for_good


def test_a_server_that_refuses_the_desk_is_the_end() -> None:
    away = _Away(FixedClock())
    away.tell(Standing(State.ATTENTION, since=1.0, says="this desk is not known"))
    assert away.for_good


def test_what_needs_a_person_is_waited_for_no_longer_than_something_else_moves_on() -> None:
    clock = FixedClock()
    away, doubt = _Away(clock), Standing(State.ATTENTION, behind=7, waiting=9, says="the server shows something else")
    for waiting in (9, 6, 3, 0):
        away.tell(replace(doubt, waiting=waiting))
        clock.advance(STANDS_STILL - 1)
        assert not away.for_good
        away.tell(replace(doubt, waiting=waiting, offset=waiting + 1))
    clock.advance(2)
    assert away.for_good
    away.tell(Standing(State.CATCHING_UP, behind=7))
    assert not away.for_good


class LooksAgain:
    """A link that is live, and where the server begins anew while it is being closed."""

    def __init__(self, *given: object) -> None:
        self._tell = given[-1]

    def start(self) -> None:
        self._tell(Standing(State.LIVE))  # type: ignore[operator]

    def stop(self) -> None:
        self._tell(Standing(State.CATCHING_UP))  # type: ignore[operator]


def test_what_begins_while_the_connection_is_closed_changes_nothing(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = region.desk(connected=False)
    with desk.store.read() as connection:
        member = membership(connection)
    assert member is not None
    monkeypatch.setattr(once, "Link", LooksAgain)
    assert exchange_once(desk.store, member, desk.clock, "test").state is State.LIVE


async def _none(*_: object) -> Websocket:
    raise NoWebsocket("a proxy in between")


@pytest.mark.parametrize("way", ["websocket", "requests"])
def test_the_operator_sees_what_was_there_when_a_desk_left(
    region: Region, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if way == "requests":
        monkeypatch.setattr(Websocket, "open", _none)
    first, desk = region.desk(), region.desk(connected=False)
    region.work(first, 2)
    until(lambda: first.settled() and not first.waiting(), "the other desk's work at the server")
    region.work(desk, 3)
    assert desk.waiting() > 0
    with desk.store.read() as connection:
        member = membership(connection)
    assert member is not None
    assert exchange_once(desk.store, member, desk.clock, "test").waiting == 0
    (line,) = [each for each in region.server.command("status") if each.get("desk") == str(desk.store.enrolment)]
    assert (line["unsent"], line["lag"]) == (0, 0)
