"""A desk that was stolen, or is enrolled for something else, or whose session has ended, stays connected nowhere."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from regional import identity, sessions
from regional.access import Member
from regional.clock import Clock
from regional.commands import main
from regional.database import Database, Work
from regional.errors import ServerError
from regional.hub import Connection
from regional.service import Service
from tests.regional.conftest import Call, MakeCode, Start, founded
from tests.regional.desk import NOON, PATIENCE, Caller, Live
from tests.regional.servers import Server
from wire.administration import DESK, DeskRetired, DeskState
from wire.envelope import from_micros, uuid7
from wire.frames import from_server, plain
from wire.journals import Audience
from wire.messages import Beat, Bye, Hello, Pull
from wire.permissions import Role


def _ended(live: Live) -> str:
    """Why the server has ended this connection. Nothing comes after that."""
    while not isinstance(frame := live.hear(), Bye):
        pass
    with pytest.raises(ConnectionClosed):
        live.hear()
    return frame.reason


def _session_ends(caller: Caller) -> None:
    got = caller.request("pull", plain(Pull(f"{caller.center}/operations")))
    assert got.status_code == 401, got.text


def test_a_revoked_desk_is_out_at_once_and_may_join_again_with_a_new_code(
    server: Server, first: Caller, call: Call, make_code: MakeCode
) -> None:
    stolen, code = call(server, first.center), make_code(server, first.center)
    stolen.enrolled(code)
    pending = make_code(server, first.center)
    live, other = stolen.live(), first.live()
    (answer,) = server.command("revoke", "--center", first.center.upper(), "--desk", "b")
    assert answer == {"center": first.center, "desk": str(stolen.desk), "code": "B", "sessions": 1}
    _session_ends(stolen)
    assert "Open one" in _ended(live)
    with pytest.raises(AssertionError, match="operator has revoked this desk"):
        stolen.open()
    for void in (code, pending):  # the one it joined with, as if the answer had been lost; one it may have been given
        with pytest.raises(AssertionError, match="not valid"):
            stolen.join(void)
    shown = {line["code"]: line for line in server.command("status") if line.get("center") == first.center}
    assert shown["A"]["revoked_at"] is None
    assert shown["B"]["revoked_at"] is not None
    assert other.beat().time
    stolen.token = ""
    stolen.enrolled(make_code(server, first.center, "operations"))
    assert stolen.live().beat().time
    (line,) = [line for line in server.command("status") if line.get("desk") == str(stolen.desk)]
    assert line["revoked_at"] is None


def _listed(caller: Caller, desk: Caller) -> DeskState | None:
    entries = caller.all_of(f"{caller.center}/administration")
    return DESK.fold([entry for entry in entries if entry.subject == desk.desk]).state


def test_every_desk_is_told_that_one_was_revoked_and_that_it_came_back(
    server: Server, first: Caller, call: Call, make_code: MakeCode
) -> None:
    stolen = call(server, first.center, "operations")
    live = first.live()
    server.command("revoke", "--center", first.center, "--desk", "B")
    page = live.page_of(f"{first.center}/administration")  # by itself, though another process entered it
    assert [(entry.kind, entry.subject) for entry in page.entries] == [("desk.retired", stolen.desk)]
    assert _listed(first, stolen) == DeskState("B", (Audience.OPERATIONS,), retired=True)
    server.command("revoke", "--center", first.center, "--desk", "B")
    stolen.enrolled(make_code(server, first.center, "operations"))
    assert _listed(first, stolen) == DeskState("B", (Audience.OPERATIONS,))
    assert [entry.subject for entry in first.all_of(f"{first.center}/administration")].count(stolen.desk) == 3


def test_a_desk_that_an_administrator_retires_at_any_desk_is_revoked(
    server: Server, first: Caller, call: Call, make_code: MakeCode
) -> None:
    stolen, code = call(server, first.center), make_code(server, first.center)
    stolen.enrolled(code)
    live = stolen.live()
    first.push([first.adding("ann", Role.CLINICIAN)])
    retired = DeskRetired(from_micros(NOON))
    (result,) = first.push([first.speaking(stolen.desk, retired, by="ann")])
    assert result.refusal == "right"
    assert live.beat().time
    (result,) = first.push([first.speaking(stolen.desk, retired)])
    assert result.verdict == "accepted"
    _session_ends(stolen)
    assert "Open one" in _ended(live)
    with pytest.raises(AssertionError, match="administrator of the center has retired this desk"):
        stolen.open()
    with pytest.raises(AssertionError, match="not valid"):
        stolen.join(code)
    (line,) = [line for line in server.command("status") if line.get("desk") == str(stolen.desk)]
    assert line["revoked_at"] is not None
    stolen.token = ""
    stolen.enrolled(make_code(server, first.center))
    state = _listed(first, stolen)
    assert state is not None
    assert not state.retired


def test_a_desk_is_out_of_every_process_that_serves_the_database(
    start: Start, call: Call, postgres: Callable[[], str]
) -> None:
    address = postgres()
    servers = [start(address, name) for name in ("one", "two")]
    founded(call(servers[0], "northside", "clinical"))
    stolen = call(servers[0], "northside", "operations")
    lives = [stolen.live()]
    stolen.url = servers[1].url
    lives.append(stolen.live())
    servers[0].command("revoke", "--center", "northside", "--desk", str(stolen.desk))
    assert all(_ended(live) for live in lives)


def test_a_desk_that_is_revoked_before_it_has_said_hello_is_not_welcomed(
    server: Server, first: Caller, call: Call
) -> None:
    stolen = call(server, first.center, "operations")
    with connect(
        f"{stolen.url.replace('http', 'ws', 1)}/sync/v1/live",
        additional_headers={"Authorization": f"Bearer {stolen.token}"},
    ) as socket:
        server.command("revoke", "--center", first.center, "--desk", "B")
        socket.send(plain(Hello((1, 1), "test", 0, {})).decode())
        got = socket.recv(PATIENCE)
        assert isinstance(got, str)
        assert isinstance(from_server.read(got), Bye)


def test_a_desk_that_joins_for_another_audience_keeps_no_connection_of_the_old_one(
    server: Server, first: Caller, call: Call, make_code: MakeCode
) -> None:
    desk = call(server, first.center, "clinical")
    live, other = desk.live(), first.live()
    clinical = f"{first.center}/clinical"
    assert clinical in live.welcome.reads
    desk.join(make_code(server, first.center, "operations"))
    assert "enrolled for has changed" in _ended(live)
    other.push([first.adding("ann", "clinician"), first.entry("encounter.noted", journal=clinical, by="ann")])
    again = desk.live()
    assert clinical not in again.welcome.reads
    desk.join(make_code(server, first.center, "operations"))
    assert again.beat().time  # joining anew for the same changes nothing


def test_whoever_has_a_desk_s_former_key_has_no_session(
    server: Server, first: Caller, call: Call, make_code: MakeCode
) -> None:
    stolen, again = call(server, first.center, "operations"), call(server, first.center)
    live = stolen.live()
    again.desk = stolen.desk
    again.enrolled(make_code(server, first.center, "operations"))
    _session_ends(stolen)
    assert _ended(live)
    assert again.live().beat().time


class _Time(Clock):
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> int:
        return self.at


def _enrolled(database: Database, center: str, now: int) -> tuple[Member, str]:
    desk = uuid7()

    def job(work: Work) -> str:
        work.run(
            "INSERT INTO desk (center, desk, key, code, clinical, joined_at, seen_at, program, unsent, shown) "
            "VALUES (?, ?, ?, 'A', ?, 0, 0, '', 0, '{}')",
            (center, desk.bytes, bytes(32), True),
        )
        work.run(
            "INSERT INTO device (center, device, desk, beginnings) VALUES (?, ?, ?, 0)",
            (center, desk.bytes, desk.bytes),
        )
        return sessions.new_token(work, now, center, desk, desk)

    return Member(center, desk, desk, True, 0), database.write(job)


def test_a_connection_ends_with_its_session(database: Database, center: str) -> None:
    """Identity. … A connection MUST NOT outlive its session."""
    clock = _Time()
    member, token = _enrolled(database, center, clock.now())

    async def run() -> None:
        service = Service(database, clock)
        try:
            running = await service.running(token)
            connection = Connection(running.member, token, running.until)
            assert running.member == member
            await service.hub.join(connection, ())
            await service.look_around()
            connection.send_frame(Beat(1))
            clock.at += sessions.SESSION_SECONDS * 1_000_000 - 1
            await service.look_around()
            assert connection.ending is None
            clock.at += 1
            await service.look_around()
            assert connection.ending is not None
            assert not connection.ending.final  # the desk opens another
            said = await connection.next()
            assert isinstance(said, str)
            assert isinstance(from_server.read(said), Bye)  # and not what waited
        finally:
            service.readers.close()

    asyncio.run(run())


def test_a_desk_is_named_by_its_code_or_its_id_and_no_other_way(database: Database, center: str) -> None:
    member, _ = _enrolled(database, center, NOON)

    def revoke(center_name: str, named: str) -> UUID:
        return database.write(lambda work: identity.revoke(work, Clock(), center_name, named)).desk

    with pytest.raises(ServerError, match=rf"none of {center}'s desks: A \({member.desk}\)"):
        revoke(center, "Z")
    with pytest.raises(ServerError, match="no desk is enrolled for 'elsewhere'"):
        revoke("elsewhere", "A")
    assert revoke(center, str(member.desk).upper()) == revoke(center, "a") == member.desk


def test_revoking_where_there_is_no_server_makes_none(
    capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("nothing") / "home"
    assert main(["revoke", "--center", "x", "--desk", "A", "--home", str(home)]) == 2
    assert "no server's database" in capsys.readouterr().err
    assert not home.exists()
