"""What a person is told of a server that cannot be had: a plain sentence, with what exactly happened in the log."""

import asyncio
import logging
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from uuid import uuid4

import pytest

from console.sync.lines import LineLost, Websocket
from console.sync.membership import Membership, new_key
from console.sync.requests import Requests, ServerAway

NOWHERE = Membership("http://127.0.0.1:1", new_key(), "")


def test_a_server_that_is_not_there_is_said_in_one_sentence(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "console.sync")
    with Requests(NOWHERE) as requests, pytest.raises(ServerAway) as away:
        requests.session(uuid4(), uuid4())
    assert away.value.message == "http://127.0.0.1:1 cannot be reached."
    assert away.value.detail.startswith("ConnectError")
    assert "ConnectError" in caplog.text


def test_another_program_at_the_address_makes_a_person_look_at_the_address() -> None:
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as other:
        Thread(target=other.handle_request).start()
        with (
            Requests(Membership(f"http://127.0.0.1:{other.server_port}", new_key(), "")) as requests,
            pytest.raises(ServerAway) as away,
        ):
            requests.session(uuid4(), uuid4())
    assert away.value.message == "127.0.0.1 answered 501 Unsupported method ('POST'). Is the address right?"


def test_a_websocket_that_cannot_be_opened_is_said_without_an_errno(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "console.sync")
    with pytest.raises(LineLost) as lost:
        asyncio.run(Websocket.open(NOWHERE, "token"))
    assert str(lost.value) == "the server cannot be reached"
    assert "connection lost" in caplog.text
