"""A TCP proxy between a desk and a server that can do to a connection what networks do."""

import asyncio
import math
import random
import threading
from dataclasses import dataclass, field

_PIECE = 4_096
_SEGMENT = 1_460
"""Bytes of a TCP segment on an Ethernet."""
_SENT_AGAIN = 0.2
"""Seconds after which TCP sends again what was lost, at the least (Linux); what is behind it waits as long."""


@dataclass
class Weather:
    """What the network does. Set its fields at any time; they hold for open connections too.

    ``up`` is from desk to server. ``swallow_*`` takes bytes and passes none on (a half-open link); ``delay`` is in
    seconds, ``jitter`` the most that chance adds to it, and ``rate`` in bytes a second, each way; ``loss`` is the share
    of segments that are lost, which above TCP is a wait. ``cut_up_after`` and ``cut_down_after`` break every connection
    once so many bytes were carried.
    """

    refuse: bool = False
    swallow_up: bool = False
    swallow_down: bool = False
    delay: float = 0.0
    jitter: float = 0.0
    rate: float = 0.0
    loss: float = 0.0
    cut_up_after: int | None = None
    cut_down_after: int | None = None
    carried: dict[str, int] = field(default_factory=lambda: {"up": 0, "down": 0})


class Proxy:
    """Listens on a port of its own; a context manager."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self.target = (host, port)
        self.weather = Weather()
        self.port = 0
        self.lost = 0
        """Segments so far."""
        self._chance = random.Random(port)
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.StreamWriter] = set()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="proxy")
        self._stop = asyncio.Event()

    @property
    def url(self) -> str:
        """Where a desk reaches the server through this network."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "Proxy":
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def cut(self) -> None:
        """Break every connection, as a reset does."""
        self._loop.call_soon_threadsafe(self._reset)

    def clear(self) -> None:
        """Fine weather again; what is broken stays broken."""
        self.weather = Weather()

    def _reset(self) -> None:
        for writer in tuple(self._open):
            writer.transport.abort()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        async with server:
            await self._stop.wait()
        self._reset()
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        await asyncio.sleep(0.01)  # what was aborted is closed in the loop's next turns

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.weather.refuse:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(*self.target)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, far_writer}
        try:
            await asyncio.gather(
                self._carry(reader, far_writer, writer, "up"), self._carry(far_reader, writer, far_writer, "down")
            )
        except asyncio.CancelledError:
            pass  # the proxy ends; a handler that is cancelled is called a failure by the event loop
        finally:
            writer.transport.abort()
            far_writer.transport.abort()
            self._open -= {writer, far_writer}

    def _takes(self, weather: Weather, size: int) -> float:
        lost = sum(self._chance.random() < weather.loss for _ in range(math.ceil(size / _SEGMENT)))
        self.lost += lost
        wait = weather.delay + self._chance.uniform(0.0, weather.jitter) + lost * _SENT_AGAIN
        return wait + (size / weather.rate if weather.rate else 0.0)

    async def _carry(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, other: asyncio.StreamWriter, way: str
    ) -> None:
        try:
            while piece := await source.read(_PIECE):
                weather = self.weather
                if wait := self._takes(weather, len(piece)):
                    await asyncio.sleep(wait)
                limit = weather.cut_up_after if way == "up" else weather.cut_down_after
                if limit is not None and weather.carried[way] + len(piece) >= limit:
                    target.write(piece[: max(0, limit - weather.carried[way])])
                    await target.drain()
                    break
                weather.carried[way] += len(piece)
                if not (weather.swallow_up if way == "up" else weather.swallow_down):
                    target.write(piece)
                    await target.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        target.transport.abort()
        other.transport.abort()
