"""One connected desk: a websocket that carries frames both ways at the same time.

One task reads and one sends; a push is under way while pages go out and pulls are answered. Whoever is silent for
longer than the protocol allows is gone.
"""

import asyncio
import contextlib
import logging

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from regional.errors import Rejected
from regional.faults import answered
from regional.http import fault
from regional.hub import Connection
from regional.service import Service
from wire.frames import Unreadable, from_desk, unpack
from wire.messages import SILENT_AFTER, Beat, Bye, Frame, Hello, Probe, Pull, Push

log = logging.getLogger("regional.live")

_AT_ONCE = 8
"""Requests of one desk that are answered at the same time; more are read when one of them is done."""
_SENDING = SILENT_AFTER
_PARTING = 2.0


async def serve(service: Service, websocket: WebSocket, token: str) -> None:
    """Serve one desk until either side ends it."""
    try:
        member, until = await answered(service.running(token))
    except Rejected as rejected:
        await websocket.send_denial_response(fault(rejected))
        return
    await websocket.accept()
    connection = Connection(member, token, until)
    log.info("connected", extra={"desk": str(member.desk)})
    try:
        await _talk(service, websocket, connection)
    finally:
        service.hub.leave(connection)
        log.info("disconnected", extra={"desk": str(member.desk)})
        if websocket.client_state is WebSocketState.CONNECTED:
            with contextlib.suppress(TimeoutError, RuntimeError, WebSocketDisconnect):
                await asyncio.wait_for(websocket.close(), _PARTING)


async def _talk(service: Service, websocket: WebSocket, connection: Connection) -> None:
    sending = asyncio.create_task(_send(websocket, connection))
    reading = asyncio.create_task(_read(service, websocket, connection))
    try:
        await asyncio.wait({sending, reading}, return_when=asyncio.FIRST_COMPLETED)
        if reading.done() and not sending.done():
            await asyncio.wait({sending}, timeout=_PARTING if connection.ending else 0)
    finally:
        for task in (sending, reading):
            task.cancel()
        for outcome in await asyncio.gather(sending, reading, return_exceptions=True):
            if isinstance(outcome, Exception) and not isinstance(outcome, _USUAL):
                log.error("connection-failed", exc_info=outcome)


_USUAL = (WebSocketDisconnect, TimeoutError, RuntimeError, OSError)
"""How connections end: closed, silent, broken while something was being sent."""


async def _send(websocket: WebSocket, connection: Connection) -> None:
    await connection.opened.wait()
    while (one := await connection.next()) is not None:
        async with asyncio.timeout(_SENDING):
            await (websocket.send_bytes(one) if isinstance(one, bytes) else websocket.send_text(one))


async def _read(service: Service, websocket: WebSocket, connection: Connection) -> None:
    member = connection.member
    answering: set[asyncio.Task[None]] = set()

    async def answer(frame: object) -> None:
        found: Frame
        try:
            if isinstance(frame, Push):
                found = await answered(service.push(member, frame))  # in line, as it came, before this waits
            elif isinstance(frame, Pull):
                connection.send(await answered(service.pull_packed(member, frame)))
                return
            elif isinstance(frame, Probe):
                found = await answered(service.probe(member, frame))
            elif isinstance(frame, Beat):
                found = await answered(service.beat(member, connection, frame))
            else:
                raise Rejected(400, "A connection begins with one hello, and only one.")
        except Rejected as rejected:
            connection.end(_bye(rejected))
        else:
            connection.send_frame(found)

    try:
        try:
            hello = await _frame(websocket)
            if not isinstance(hello, Hello):
                raise Rejected(400, "A connection begins with hello.")
            welcome = await answered(service.hello(member, hello))
            await service.hub.join(connection, welcome.reads)
            await service.look_at_sessions([connection])  # it may have ended before the hub knew of it
            if connection.ending is None:
                connection.open(welcome)
            while connection.ending is None:
                frame = await _frame(websocket)
                if connection.ending is not None:
                    break
                task = asyncio.create_task(answer(frame))
                answering.add(task)
                task.add_done_callback(answering.discard)
                if len(answering) >= _AT_ONCE:
                    await asyncio.wait(answering, return_when=asyncio.FIRST_COMPLETED)
        except Unreadable as problem:
            raise Rejected(400, str(problem)) from problem
        except TimeoutError:
            raise Rejected(408, f"Nothing was heard from this desk for {SILENT_AFTER:.0f} s.", 0.1) from None
    except Rejected as rejected:
        connection.end(_bye(rejected))
        connection.opened.set()
    finally:
        for task in answering:
            task.cancel()


async def _frame(websocket: WebSocket) -> object:
    async with asyncio.timeout(SILENT_AFTER):
        got = await websocket.receive()
    if got["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(got.get("code", 1000), got.get("reason"))
    data = got.get("bytes")
    return from_desk.read(unpack(data) if data is not None else got.get("text") or "")


def _bye(rejected: Rejected) -> Bye:
    return Bye(rejected.reason, rejected.retry_after, final=not rejected.retry_after)
