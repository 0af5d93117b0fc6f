"""A fault of the server's own program, and a process without a file left: what desks and the operator are told."""

import asyncio
import logging
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from starlette.websockets import WebSocket

from regional import live, schema
from regional.access import Member
from regional.app import make_app
from regional.clock import Clock
from regional.homes import open_database
from regional.hub import Connection
from regional.logs import JsonLines
from regional.service import Service
from tests.regional.conftest import Start
from tests.regional.servers import Server
from wire.frames import from_server, plain, unpack
from wire.messages import Bye, ChallengeRequest, Fault, Hello, Push

DESK = UUID(int=7)


class _Broken(Service):
    """A program that breaks over what it is told."""

    async def challenge(self, desk: UUID) -> Any:
        raise KeyError("canary-of-a-caller")

    async def running(self, token: str) -> Any:
        return Member("northside", DESK, DESK, True, 0), 2**62

    async def look_at_sessions(self, connections: Sequence[Connection]) -> None:
        pass

    async def push(self, member: Member, push: Push) -> Any:
        raise KeyError("canary-of-a-caller")


@pytest.fixture
def broken(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Service]:
    caplog.set_level(logging.ERROR)
    database = open_database("", tmp_path)
    schema.prepare(database, Clock().now())
    service = _Broken(database, Clock())
    yield service
    service.readers.close()
    database.close()


def _reported(records: list[logging.LogRecord]) -> str:
    """The id under which the one fault stands in the log, which holds nothing of what was said."""
    lines = [JsonLines().format(record) for record in records if record.levelno >= logging.ERROR]
    (line,) = lines
    told: dict[str, Any] = msgspec.json.decode(line)
    assert (told["event"], told["exception"]) == ("fault", "KeyError")
    assert "test_own_faults.py" in "".join(told["where"])
    assert "canary" not in line
    return str(told["report"])


def test_a_fault_of_the_program_is_answered_with_its_id_in_the_log(
    broken: Service, caplog: pytest.LogCaptureFixture
) -> None:
    async def ask() -> tuple[httpx.Response, str]:
        transport = httpx.ASGITransport(make_app(broken, ""))
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            got = await client.post("/sync/v1/challenge", content=plain(ChallengeRequest(DESK)))
            return got, (await client.get("/metrics")).text

    got, metrics = asyncio.run(ask())
    assert (got.status_code, got.headers["content-type"]) == (500, "application/json")
    fault = msgspec.json.decode(got.content, type=Fault)
    assert f"(report {_reported(caplog.records)})" in fault.error
    assert fault.retry_after
    assert 'regional_requests_total{status="500"} 1.0' in metrics


def test_a_fault_over_a_frame_ends_the_connection_with_its_id_in_the_log(
    broken: Service, caplog: pytest.LogCaptureFixture
) -> None:
    said: list[Any] = [{"type": "websocket.connect"}]
    frames = (Hello((1, 1), "test", 0, {}), Push(1, ()))
    said += [{"type": "websocket.receive", "text": plain(each).decode()} for each in frames]
    heard: list[Any] = []

    async def receive() -> Any:
        if not said:
            await asyncio.Event().wait()
        return said.pop(0)

    async def send(message: Any) -> None:
        heard.append(message)

    asyncio.run(live.serve(broken, WebSocket({"type": "websocket", "headers": []}, receive, send), "x"))
    *_, last, close = heard
    assert close["type"] == "websocket.close"
    bye = from_server.read(unpack(last["bytes"]) if last.get("bytes") else last["text"])
    assert isinstance(bye, Bye)
    assert f"(report {_reported(caplog.records)})" in bye.reason
    assert not bye.final


def test_a_server_opens_as_many_files_as_the_system_lets_it() -> None:
    pytest.importorskip("resource", reason="this system has no such limit")
    words = (
        "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (64, 200)); from regional import files; "
        "files.open_as_many_as_allowed(); print(*r.getrlimit(r.RLIMIT_NOFILE))"
    )
    assert (
        subprocess.run([sys.executable, "-c", words], capture_output=True, check=True, text=True).stdout == "200 200\n"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of another process is Linux' to set")
def test_without_a_file_left_one_line_says_that_nobody_gets_in_and_then_they_do(start: Start) -> None:
    import resource

    server = start()
    pid = server.process.pid
    soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    assert soft == hard, "it raised its own"
    used = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (used + 4, hard))
    url = httpx.URL(server.url)
    with ExitStack() as open_until_then:
        for _ in range(40):
            open_until_then.enter_context(socket.create_connection((url.host, url.port or 0)))
        while not _said(server):
            assert server.process.poll() is None
    assert httpx.get(f"{server.url}/health", timeout=20).status_code == 200
    assert [event["event"] for event in _said(server)] == ["no-more-connections"]


def _said(server: Server) -> list[dict[str, Any]]:
    return [event for event in server.events() if event["level"] == "error"]
