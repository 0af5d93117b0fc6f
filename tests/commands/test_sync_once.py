"""What one exchange came to is said with its reason: counts alone tell nobody what to do."""

from pathlib import Path

import pytest

from console.sync import once
from console.sync.events import Standing, State
from tests.commands.program import Program
from tests.regional.servers import Server


@pytest.mark.parametrize(
    ("standing", "says"),
    [
        (Standing(State.LIVE), ""),
        (Standing(State.ATTENTION, refused=2), "What was refused stands on the desktop's Status screen"),
        (Standing(State.ATTENTION, behind=7, says="The server shows something else."), "The server shows something el"),
    ],
)
def test_an_exchange_that_needs_somebody_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, standing: Standing, says: str
) -> None:
    server = Server(tmp_path / "server")
    try:
        desk = Program(tmp_path / "desk")
        assert desk("setup", "--center", "Northside", "--administrator", "boss", "--time-zone", "UTC").status == 0
        assert desk("sync", "join", server.url, server.code("Northside", "operations")).status == 0
    finally:
        server.close()
    monkeypatch.setattr(once, "exchange_once", lambda *_: standing)
    ran = desk("sync", "once")
    assert ran.out.startswith(f"{standing.state.value}: 0 to send, {standing.behind} to come, {standing.refused} ")
    assert ran.status == (1 if says else 0)
    assert ran.err.startswith(says) if says else not ran.err


def test_a_desk_whose_first_code_was_wrong_has_the_center_once_it_has_joined(tmp_path: Path) -> None:
    server = Server(tmp_path / "server")
    try:
        first, other = Program(tmp_path / "first"), Program(tmp_path / "other")
        assert first("setup", "--center", "Northside", "--administrator", "boss", "--time-zone", "UTC").status == 0
        assert first("sync", "join", server.url, server.code("Northside", "clinical")).status == 0
        assert first("sync", "once").status == 0
        other.refuses("sync", "join", server.url, "northside/WRONG", says="This code is not valid")
        assert other("sync", "join", server.url, server.code("Northside", "operations")).status == 0
    finally:
        server.close()
    assert other("users", "list").out.startswith("boss ")
