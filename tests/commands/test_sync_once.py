"""What one exchange came to is said with its reason: counts alone tell nobody what to do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.clock import SystemClock
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


def test_what_the_last_exchange_came_to_is_told_until_another_came_to_something_else(tmp_path: Path) -> None:
    server, desk = Server(tmp_path / "server"), Program(tmp_path / "desk")
    try:
        assert desk("setup", "--center", "Northside", "--administrator", "boss", "--time-zone", "UTC").status == 0
        assert desk("sync", "join", server.url, server.code("Northside", "operations")).status == 0
        assert desk("sync", "once").status == 0
        assert desk("sync", "status").err == ""
        server.command("revoke", "--center", "Northside", "--desk", "A")
        refused = desk.refuses("sync", "once", says="operator has revoked this desk. It may join again with a new code")
        for words in (("sync", "status"), ("check",)):
            ran = desk(*words)
            said = (ran.out + ran.err).replace("\n", " ")
            assert "1 to send" in said or "0 to send" in said
            assert "The last exchange, " in said
            assert "operator has revoked this desk. It may join again with a new code" in said
        assert desk("sync", "status", "--json").row["says"]
        assert refused.status == 2
        assert desk("sync", "join", server.url, server.code("Northside", "operations")).status == 0
        assert desk("sync", "status").err == "", "it is another desk now, by the server's word"
    finally:
        server.close()
    desk.refuses("sync", "once", says="cannot be reached")
    assert "cannot be reached" in desk("sync", "status").err


def test_a_clock_that_is_off_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server, desk = Server(tmp_path / "server"), Program(tmp_path / "desk")
    try:
        assert desk("setup", "--center", "Northside", "--administrator", "boss", "--time-zone", "UTC").status == 0
        assert desk("sync", "join", server.url, server.code("Northside", "operations")).status == 0
        for ahead, says in ((timedelta(), ""), (timedelta(hours=1), "This desk's clock is 3,"), (timedelta(), "")):
            monkeypatch.setattr(SystemClock, "now", lambda _, ahead=ahead: datetime.now(UTC) + ahead)
            assert desk("sync", "once").status == 0
            assert desk("sync", "status").err.startswith(says) if says else not desk("sync", "status").err
            assert ("s ahead of the server's: correct it" in desk("check").out) is bool(says)
    finally:
        server.close()


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
