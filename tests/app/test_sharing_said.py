"""What a desk says of sharing does not flicker with every entry that comes in."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from types import SimpleNamespace
from typing import cast

from pytestqt.qtbot import QtBot

from console.app.seats import Seats
from console.app.sharing import Sharing
from console.bridge.bridge import Bridge
from console.models.store.desk import Desk
from console.queries.board import ELSEWHERE
from console.sync.events import Standing, State
from console.sync.status import SyncStatus
from tests.support.clock import FixedClock


class NoDesk:
    """All that is asked of a desk here."""

    zone = UTC


def sharing() -> tuple[Sharing, list[str], Callable[[Standing], None]]:
    made = Sharing(cast(Desk, NoDesk()), FixedClock(), SyncStatus("shared", 0, 0, "shares"), cast(Bridge, None))
    said: list[str] = []
    made.changed.connect(lambda status: said.append(status.says))
    return made, said, made._show


def test_an_entry_that_comes_in_at_once_is_not_catching_up(qtbot: QtBot) -> None:
    made, said, tell = sharing()
    for standing in (Standing(State.LIVE), Standing(State.CATCHING_UP, behind=1), Standing(State.LIVE)):
        tell(standing)
    assert said == ["live", "live"]
    assert not made._soon.isActive()


def test_one_that_does_not_come_is(qtbot: QtBot) -> None:
    made, said, tell = sharing()
    tell(Standing(State.LIVE))
    with qtbot.waitSignal(made.changed):
        tell(Standing(State.CATCHING_UP, behind=1))
    assert said == ["live", "catching up, 1 to come"]


def test_many_are_and_so_is_what_comes_after_being_offline(qtbot: QtBot) -> None:
    _, said, tell = sharing()
    tell(Standing(State.LIVE))
    tell(Standing(State.CATCHING_UP, behind=5000))
    tell(Standing(State.OFFLINE, since=1.0, says="it is away"))
    tell(Standing(State.CATCHING_UP, behind=3))
    assert said[1:] == ["catching up, 5,000 to come", said[2], "catching up, 3 to come"]
    assert said[2].startswith("offline since")


def test_a_desk_that_has_cad_from_another_says_that_it_is_stale_while_it_is_offline() -> None:
    clock = FixedClock()
    status = SyncStatus("live", 0, 0, "live")
    program = SimpleNamespace(feed=None, clock=clock, sharing=SimpleNamespace(status=status))
    shares = SimpleNamespace(desk=SimpleNamespace(store=SimpleNamespace(shares=True)))
    seats = cast(Seats, SimpleNamespace(_program=program, _opened=shares))
    assert Seats.cad(seats) is ELSEWHERE
    program.sharing.status = replace(status, state="offline", since=clock.now())
    clock.advance(120)
    assert Seats.cad(seats).state == "stale"
