"""Whoever connects and does not ask takes nobody's place for long; whoever asks slowly is heard."""

import asyncio
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from regional import prompt

HEAD = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\n\r\n"


async def _app(scope: Any, receive: Any, send: Any) -> None:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            break
    await asyncio.sleep(4 * prompt.WAITS if body == b"wait" else 0)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
    await send({"type": "http.response.body", "body": body})


async def _heard(*said: bytes) -> tuple[bytes, bool]:
    """What is answered to this, with a pause before each but the first, and whether the connection is open still."""
    config = uvicorn.Config(_app, log_config=None, lifespan="off")
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: prompt.Prompt(config, state, {}), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    heard, is_open = b"", True
    try:
        for number, part in enumerate(said):
            await asyncio.sleep(0.6 * prompt.WAITS if number else 0)
            writer.write(part)
        async with asyncio.timeout(8 * prompt.WAITS):
            while data := await reader.read(1_000):
                heard += data
            is_open = False
    except TimeoutError:
        pass
    except ConnectionError:
        is_open = False
    writer.close()
    server.close()
    return heard, is_open


@pytest.mark.parametrize(
    ("said", "answer", "stays"),
    [
        ((), b"", False),
        ((HEAD[:20],), b"", False),
        ((HEAD, b"ab"), b"", False),
        ((HEAD + b"abcd",), b"abcd", True),
        ((HEAD[:20], HEAD[20:], b"ab", b"cd"), b"abcd", True),
        ((HEAD + b"wait",), b"wait", True),
        ((HEAD + b"abcd", HEAD[:20]), b"abcd", False),
    ],
    ids=["nothing", "half a head", "half a body", "whole", "slow", "a slow answer", "half of the next"],
)
def test_a_request_that_does_not_come_whole_ends_its_connection(
    said: tuple[bytes, ...], answer: bytes, stays: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompt, "WAITS", 0.2)
    heard, is_open = asyncio.run(_heard(*said))
    assert heard[-4:] == answer
    assert is_open is stays
