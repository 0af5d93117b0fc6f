"""The two kinds of connection that carry frames: a websocket, and HTTP requests where a websocket cannot be had."""

import asyncio
import logging
from typing import Protocol

import websockets.asyncio.client
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from console.clock import Clock
from console.security.redaction import safe_id
from console.sync.membership import Membership
from console.sync.requests import Requests, ServerAway, ServerRefused
from wire import frames
from wire.envelope import micros
from wire.messages import FRAME_LIMIT, Beat, Frame, FromServer, Hello, Probe, Pull, Push

OPEN_WITHIN = 5.0
"""Seconds for a websocket to open."""
ASK_EVERY = 1.0
"""Seconds between two questions for news over HTTP."""
LIVE_EVERY = 60.0
"""Seconds between two looks whether a websocket can be had by now."""
_log = logging.getLogger(__name__)
_PATHS: dict[type[Frame], str] = {
    Hello: "/sync/v1/hello",
    Push: "/sync/v1/push",
    Pull: "/sync/v1/pull",
    Probe: "/sync/v1/probe",
    Beat: "/sync/v1/beat",
}


class LineLost(Exception):
    """The connection is gone; the text says why, in words for a person. What exactly happened is logged."""

    def __init__(self, says: str, fault: BaseException | None = None) -> None:
        super().__init__(says)
        if fault is not None:
            code = fault.rcvd.code if isinstance(fault, ConnectionClosed) and fault.rcvd else 0
            _log.info("connection lost: %s %d", safe_id(type(fault).__name__), code)


class NoWebsocket(Exception):
    """The server is there, but something between here and there lets no websocket through."""


class Line(Protocol):
    """One connection."""

    async def send(self, frame: Frame) -> None:
        """Say something; raises :class:`LineLost`."""

    async def receive(self) -> FromServer:
        """What the server says next; raises :class:`LineLost`."""

    async def close(self) -> None:
        """End it."""


class Websocket:
    """The live connection."""

    def __init__(self, connection: websockets.asyncio.client.ClientConnection) -> None:
        self._connection = connection

    @classmethod
    async def open(cls, member: Membership, token: str) -> "Websocket":
        """Raises :class:`LineLost`, and :class:`NoWebsocket` where HTTP may still work."""
        try:
            connection = await websockets.asyncio.client.connect(
                member.url.replace("http", "ws", 1) + "/sync/v1/live",
                ssl=member.trust() or None,
                additional_headers={"Authorization": f"Bearer {token}"},
                open_timeout=OPEN_WITHIN,
                close_timeout=1.0,
                ping_interval=None,  # both sides beat, and a beat says more than a ping
                compression=None,
                max_size=FRAME_LIMIT,
                max_queue=64,
                proxy=None,
            )
        except InvalidStatus as refused:
            status = refused.response.status_code
            if status in (401, 403, 429, 503):
                raise LineLost(f"the server answered {status}") from None
            raise NoWebsocket(f"answered {status}") from None
        except (TimeoutError, WebSocketException) as fault:
            raise NoWebsocket(str(fault)) from None
        except OSError as fault:
            raise LineLost("the server cannot be reached", fault) from None
        return cls(connection)

    async def send(self, frame: Frame) -> None:
        data = frames.plain(frame)
        packed = frames.pack(data)
        try:
            await self._connection.send(packed or data, text=packed is None)
        except ConnectionClosed as closed:
            raise LineLost("the connection broke", closed) from None

    async def receive(self) -> FromServer:
        try:
            data = await self._connection.recv()
            plain = frames.unpack(data) if isinstance(data, bytes) else data
            return frames.from_server.read(plain)  # type: ignore[return-value]
        except ConnectionClosed as closed:
            raise LineLost("the connection broke", closed) from None
        except frames.Unreadable as fault:
            raise LineLost("the server said something that this program cannot read", fault) from None

    async def close(self) -> None:
        try:
            await self._connection.close()
        finally:  # a link that passes nothing on never answers the closing
            self._connection.transport.abort()


class Polling:
    """Frames as requests: each is answered at once, and news are asked for. It ends once a websocket can be had."""

    def __init__(self, member: Membership, token: str, clock: Clock) -> None:
        self._member, self._clock = member, clock
        self._requests = Requests(member)
        self._token = token
        self._answers: asyncio.Queue[FromServer | LineLost] = asyncio.Queue()
        self._to_send: asyncio.Queue[Frame] = asyncio.Queue()
        self._tasks = (asyncio.create_task(self._work()), asyncio.create_task(self._look_for_websocket()))

    async def send(self, frame: Frame) -> None:
        self._to_send.put_nowait(frame)

    async def receive(self) -> FromServer:
        answer = await self._answers.get()
        if isinstance(answer, LineLost):
            raise answer
        return answer

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self._requests.__exit__)

    async def _work(self) -> None:
        while True:
            try:
                frame = await asyncio.wait_for(self._to_send.get(), ASK_EVERY)
            except TimeoutError:
                frame = Beat(micros(self._clock.now()))
            try:
                data = await asyncio.to_thread(
                    self._requests.exchange, _PATHS[type(frame)], self._token, frames.plain(frame)
                )
                self._answers.put_nowait(frames.from_server.read(data))  # type: ignore[arg-type]
            except (ServerAway, ServerRefused, frames.Unreadable) as fault:
                self._answers.put_nowait(LineLost(str(fault)))
                return

    async def _look_for_websocket(self) -> None:
        """What stood in the way may have been a server that was slow for a moment."""
        while True:
            await asyncio.sleep(LIVE_EVERY)
            try:
                found = await Websocket.open(self._member, self._token)
            except (NoWebsocket, LineLost):
                continue
            await found.close()
            self._answers.put_nowait(LineLost("a websocket can be had again"))
            return
