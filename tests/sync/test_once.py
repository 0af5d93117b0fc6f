"""One exchange for a command: it outlives a server that begins a connection anew, and gives up without one."""

from dataclasses import replace

from console.sync.events import Standing, State
from console.sync.once import PATIENCE, _Away
from tests.support.clock import FixedClock

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
