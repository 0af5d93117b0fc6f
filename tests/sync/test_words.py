"""What a person is told of a server that cannot be had: a plain sentence, with what exactly happened in the log."""

import asyncio
import logging
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


def test_a_websocket_that_cannot_be_opened_is_said_without_an_errno(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "console.sync")
    with pytest.raises(LineLost) as lost:
        asyncio.run(Websocket.open(NOWHERE, "token"))
    assert str(lost.value) == "the server cannot be reached"
    assert "connection lost" in caplog.text
