"""What is invented and what is real never share a server, whichever of the two somebody mixes up."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console.actions import drills, homes
from console.app.side_by_side import DrillServer, second_desk, share_first
from console.clock import SystemClock
from console.errors import KnownError
from console.models.store.desk import Desk
from console.sync import joining
from tests.regional.conftest import start
from tests.regional.servers import Server
from tests.support.sharing import SharingDesk

__all__ = ["start"]

CLOCK = SystemClock()


@pytest.fixture
def drill() -> Iterator[Desk]:
    desk = homes.drill_desk(CLOCK, drills.CENTER, drills.ZONE)
    drills.cast(desk)
    yield desk
    homes.throw_away(desk.store)


def test_a_drill_never_joins_a_real_server(drill: Desk, start: Callable[..., Server]) -> None:
    server = start()
    code = server.code(drills.CENTER)
    with pytest.raises(KnownError, match="what is invented stays apart"):
        joining.join(drill.store, server.url, code)
    assert not drill.store.shares
    assert not [line for line in server.command("status") if line["is"] == "desk"], "nobody joined"


def test_a_real_desk_never_joins_a_drills_server(tmp_path: Path) -> None:
    desk = SharingDesk(tmp_path / "real", first=True)
    with DrillServer() as server:
        with pytest.raises(KnownError, match="This is a drill's server"):
            joining.join(desk.store, server.url, server.code("Northside 911", "clinical"))
        with pytest.raises(KnownError, match="This is a drill's server"):
            joining.look(desk.store, server.url, server.code("Northside 911", "clinical"))
    assert not desk.store.shares
    desk.close()


def test_two_drill_desks_share_and_both_are_thrown_away(drill: Desk) -> None:
    with DrillServer() as server:
        share_first(drill, server)
        second = second_desk(CLOCK, server.url, server.code(drill.center_name, "operations"))
        folder = Path(server.folder)
        assert second.drill
        assert (second.center, second.center_name) == (drill.center, drill.center_name)
        assert drills.members(second) == drills.members(drill)
        homes.throw_away(second.store)
        assert not second.store.home.exists()
    assert not folder.exists()


def test_a_server_with_real_desks_does_not_become_a_drills(start: Callable[..., Server]) -> None:
    server = start()
    server.stop()
    words = [sys.executable, "-m", "regional", "serve", "--drill", "--home", str(server.home)]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert "is no drill's" in done.stderr
