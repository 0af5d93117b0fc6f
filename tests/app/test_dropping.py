"""A running desk drops what is past the horizon by itself, behind the work, when it may."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from console.app import dropping
from console.app.dropping import AGAIN_MILLISECONDS, FIRST_MILLISECONDS, PAUSE_MILLISECONDS, Dropping
from console.app.sharing import Sharing
from console.bridge.bridge import Bridge
from console.models.store import horizon
from console.models.store.desk import Desk
from tests.support.clock import FixedClock
from tests.support.desk import founded_home, open_desk
from tests.support.entries import at
from tests.support.old_calls import told


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = open_desk(founded_home(tmp_path / "home"), FixedClock())
    for number in range(5):
        opened.store.append(told(f"26-{number}", at(-150 * 86_400 + number)))
    opened.store.append(told("26-99", at()))
    yield opened
    opened.store.close()


@pytest.fixture
def bridge(qtbot: QtBot) -> Iterator[Bridge]:
    made = Bridge()
    yield made
    made.close()


def left(desk: Desk) -> int:
    with desk.store.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM call").scalar_one())


def at_desk(desk: Desk, bridge: Bridge, state: str = "alone", *, keeps_all: bool = False) -> tuple[Dropping, QTimer]:
    sharing = cast(Sharing, SimpleNamespace(status=SimpleNamespace(state=state)))
    made = Dropping(desk, bridge, sharing, lambda: keeps_all)
    timer = made.findChild(QTimer, "dropping")
    assert isinstance(timer, QTimer)
    return made, timer


@pytest.mark.parametrize("state", ["alone", "live"])
def test_it_begins_after_the_start_goes_slice_by_slice_and_looks_again_later(
    qtbot: QtBot, desk: Desk, bridge: Bridge, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(horizon, "SLICE", 3)
    made, timer = at_desk(desk, bridge, state)
    made.begin()
    assert (timer.isActive(), timer.interval()) == (True, FIRST_MILLISECONDS)
    timer.stop()
    made.go_on()
    qtbot.waitUntil(timer.isActive)
    assert (timer.interval(), left(desk)) == (PAUSE_MILLISECONDS, 3)
    timer.stop()
    made.go_on()
    qtbot.waitUntil(timer.isActive)
    assert (timer.interval(), left(desk)) == (AGAIN_MILLISECONDS, 1)


@pytest.mark.parametrize("state", ["offline", "catching up", "shared", "needs attention"])
def test_a_desk_that_may_lack_what_others_did_waits(desk: Desk, bridge: Bridge, state: str) -> None:
    made, timer = at_desk(desk, bridge, state)
    made.go_on()
    assert (timer.interval(), left(desk)) == (AGAIN_MILLISECONDS, 6)


def test_a_desk_for_reports_keeps_all(desk: Desk, bridge: Bridge) -> None:
    made, timer = at_desk(desk, bridge, keeps_all=True)
    made.go_on()
    assert (timer.interval(), left(desk)) == (AGAIN_MILLISECONDS, 6)


def test_a_store_that_cannot_be_written_is_tried_again_later(
    qtbot: QtBot, desk: Desk, bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise dropping.KnownError("The disk is full.")

    monkeypatch.setattr(horizon.Sweep, "step", full)
    made, timer = at_desk(desk, bridge)
    made.go_on()
    qtbot.waitUntil(timer.isActive)
    assert (timer.interval(), left(desk)) == (AGAIN_MILLISECONDS, 6)
