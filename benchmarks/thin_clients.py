"""Desks without a store, many in one process: each writes at its pace, reads all, and keeps only where it stands.

``python -m benchmarks.thin_clients URL PER_SECOND SECONDS BACKLOG CODE…``, one client to a code. A client
sends each entry at its moment, or behind a push of its own that is not answered yet; what it waits then counts. The
same page goes to every client, so it is read once for all of them.

With a ``BACKLOG`` they are desks that were away, and write nothing new: after a quarter of the time all of them come
back at once, each with so many entries to send, and with the whole journal to read.
"""

import asyncio
import contextlib
import json
import random
import sys
import time
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import httpx
import msgspec
import websockets.asyncio.client
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.measure import percentile
from benchmarks.sharing import OPERATIONS, Hand, person
from console.models.call import CallMessaged
from wire.envelope import Entry, from_micros, uuid7
from wire.frames import from_server, pack, plain, unpack
from wire.messages import (
    BEAT_EVERY,
    MOST_ENTRIES,
    SPOKEN,
    Beat,
    Challenge,
    ChallengeRequest,
    Hello,
    JoinRequest,
    Page,
    Point,
    Pull,
    Push,
    Results,
    Session,
    SessionRequest,
    Verdict,
    Welcome,
    join_proof,
    session_proof,
)
from wire.order import START
from wire.permissions import Role

LONGEST = 60.0
"""Seconds after the last entry within which everything has to be everywhere."""
_ACTOR = person(Role.DISPATCHER).user
_CALLS = [uuid7() for _ in range(40)]


class Crowd:
    """What all clients together wrote and saw."""

    def __init__(self, clients: int, wanted: int) -> None:
        self.wanted, self._clients = wanted, clients
        self.done = asyncio.Event()
        """Set once all that is wanted was answered, and delivered to every client, and all are at the same place."""
        self.everybody: list[Client] = []
        self.written: dict[UUID, float] = {}
        self.answered: list[float] = []
        self.delivered: list[float] = []
        self._read: dict[bytes | str, object] = {}

    def look(self) -> None:
        """Whether that was the last."""
        if len(self.answered) < self.wanted or len(self.delivered) < self.wanted * self._clients:
            return
        if not any(client.left for client in self.everybody) and len({client.point for client in self.everybody}) == 1:
            self.done.set()

    def read(self, data: bytes | str) -> Any:
        """The frame, read once for all who get the same bytes."""
        frame = self._read.get(data)
        if frame is None:
            frame = from_server.read(unpack(data) if isinstance(data, bytes) else data)
            if isinstance(frame, Page):
                if len(self._read) >= 256:
                    self._read.clear()
                self._read[data] = frame
        return frame


class Client:
    """One desk: how far it came, what it still has to send."""

    def __init__(self, url: str, code: str, crowd: Crowd) -> None:
        self.desk = uuid7()
        self._url, self._crowd = url, crowd
        self._hand = Hand(self.desk)
        self._token = self._join(code)
        self._waiting: list[Entry] = []
        self._sent: tuple[Entry, ...] = ()
        self._batch = 0
        self._asked = False
        self.point = Point(0, START)
        self.seen = 0
        self.left = 0
        """Entries of a time away that are not accepted yet."""
        self.wrong: list[str] = []

    def _join(self, code: str) -> str:
        key = Ed25519PrivateKey.generate()
        public = key.public_key().public_bytes_raw()
        with httpx.Client(base_url=self._url, timeout=30.0, trust_env=False) as http:

            def ask(path: str, asked: msgspec.Struct, answer: Any) -> Any:
                return msgspec.json.decode(http.post(f"/sync/v1/{path}", content=plain(asked)).content, type=answer)

            proof = key.sign(join_proof(code, self.desk, public))
            http.post("/sync/v1/join", content=plain(JoinRequest(code, self.desk, self.desk, public, proof)))
            nonce = ask("challenge", ChallengeRequest(self.desk), Challenge).nonce
            signature = key.sign(session_proof(self.desk, self.desk, nonce))
            token: str = ask("session", SessionRequest(self.desk, self.desk, nonce, signature), Session).token
            return token

    async def open(self) -> None:
        """Connect, and read to the end of the journal."""
        self._line = await websockets.asyncio.client.connect(
            f"{self._url.replace('http', 'ws', 1)}/sync/v1/live",
            additional_headers={"Authorization": f"Bearer {self._token}"},
            compression=None,
            max_size=None,
            ping_interval=None,
            proxy=None,
        )
        await self._say(Hello(SPOKEN, "benchmark", 0, {}))
        welcome = self._crowd.read(await self._line.recv())
        assert isinstance(welcome, Welcome), welcome
        self.point = welcome.reads[OPERATIONS]
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._beat())]

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_EVERY)
            await self._say(Beat(time.time_ns() // 1_000))

    async def _say(self, frame: msgspec.Struct) -> None:
        data = plain(frame)
        await self._line.send(pack(data) or data.decode())

    async def _listen(self) -> None:
        async for data in self._line:
            frame = self._crowd.read(data)
            match frame:
                case Page(journal=journal) if journal == OPERATIONS:
                    await self._page(frame)
                case Results():
                    await self._answered(frame)
                case Beat() | Page():
                    pass
                case _:
                    self.wrong.append(str(frame))

    async def _page(self, page: Page) -> None:
        self._asked = self._asked and not page.asked
        if page.start != self.point:
            if page.end.seq > self.point.seq and not self._asked:  # a gap: what is missing is asked for
                self._asked = True
                await self._say(Pull(OPERATIONS, self.point.seq))
            return
        now, written, delivered = time.perf_counter(), self._crowd.written, self._crowd.delivered
        for entry in page.entries:
            began = written.get(entry.id)
            if began is not None:
                self.seen += 1
                delivered.append(now - began)
        self.point = page.end
        self._crowd.look()

    async def _answered(self, results: Results) -> None:
        now = time.perf_counter()
        for entry, result in zip(self._sent, results.results, strict=True):
            if result.verdict is not Verdict.ACCEPTED:
                self.wrong.append(f"{result.verdict}: {result.reason}")
            self._crowd.answered.append(now - self._crowd.written[entry.id])
        self._crowd.look()
        self._sent = ()
        await self._push()

    async def _push(self) -> None:
        if self._waiting and not self._sent:
            self._sent, self._waiting = tuple(self._waiting[:MOST_ENTRIES]), self._waiting[MOST_ENTRIES:]
            self._batch += 1
            await self._say(Push(self._batch, self._sent))

    async def write(self, per_second: float, count: int) -> None:
        """Write ``count`` entries, each at its moment."""
        began = time.perf_counter() + random.uniform(0, 1 / per_second)
        for nth in range(count):
            moment = began + nth / per_second
            await asyncio.sleep(max(0.0, moment - time.perf_counter()))
            now = time.time_ns() // 1_000
            words = f"{nth}: unit is on scene and asks what he looks like, and which door is the best to use"
            entry = self._hand.write(_ACTOR, random.choice(_CALLS), CallMessaged(from_micros(now), words), now)
            self._crowd.written[entry.id] = moment
            self._waiting.append(entry)
            await self._push()

    async def close(self) -> None:
        """Hang up."""
        for task in self._tasks:
            task.cancel()
        await self._line.close()


class Returning(Client):
    """A desk that was away: it has much to send, and all of the journal to read."""

    def __init__(self, url: str, code: str, crowd: Crowd, backlog: int) -> None:
        super().__init__(url, code, crowd)
        now = time.time_ns() // 1_000
        said = [CallMessaged(from_micros(now), f"{nth}: written while there was no server") for nth in range(backlog)]
        self._waiting = [self._hand.write(_ACTOR, random.choice(_CALLS), each, now) for each in said]
        self.left = backlog
        self._is_answered = asyncio.Event()

    async def come_back(self) -> None:
        """Connect, send all of it and read to the end; until everything that was to be sent is answered."""
        await self.open()
        self.point = Point(0, START)
        self._asked = True
        await self._say(Pull(OPERATIONS, 0))
        await self._push()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._is_answered.wait(), 5 * LONGEST)

    async def _page(self, page: Page) -> None:
        self._asked = self._asked and not page.asked
        if page.start == self.point:
            self.point = page.end
        if page.head > self.point.seq and not self._asked:
            self._asked = True
            await self._say(Pull(OPERATIONS, self.point.seq))
        self._crowd.look()

    async def _answered(self, results: Results) -> None:
        self.left -= sum(result.verdict is Verdict.ACCEPTED for result in results.results)
        self._sent = ()
        await self._push()
        if not self._waiting and not self._sent:
            self._is_answered.set()


async def crowd(url: str, per_second: float, seconds: float, backlog: int, codes: Iterable[str]) -> dict[str, Any]:
    """Run all clients; what came of it."""
    codes, count = list(codes), 0 if backlog else round(per_second * seconds)
    told = Crowd(len(codes), count * len(codes))
    clients: list[Client] = told.everybody
    clients += [Returning(url, code, told, backlog) if backlog else Client(url, code, told) for code in codes]
    if not backlog:
        await asyncio.gather(*(client.open() for client in clients))
    print(json.dumps({"ready": True}), flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    began = time.perf_counter()
    if backlog:
        await asyncio.sleep(seconds / 4)
        await asyncio.gather(*(client.come_back() for client in clients if isinstance(client, Returning)))
    else:
        await asyncio.gather(*(client.write(per_second, count) for client in clients))
    drained = time.perf_counter() - began - seconds / 4
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(told.done.wait(), LONGEST)
    lasted = time.perf_counter() - began
    for client in clients:
        await client.close()
    return {
        "written": len(told.written),
        "answered": len(told.answered),
        "missed": sum(told.wanted - client.seen for client in clients),
        "places": 1 if told.done.is_set() else len({client.point for client in clients}),
        "wrong": [each for client in clients for each in client.wrong][:5],
        "seconds": lasted,
        "answer": [percentile(told.answered, share) * 1000 for share in (0.5, 0.99)] if told.answered else [],
        "delivery": [percentile(told.delivered, share) * 1000 for share in (0.5, 0.99)] if told.delivered else [],
        "left": sum(client.left for client in clients),
        "drained": drained,
    }


def main(url: str, per_second: str, seconds: str, backlog: str, *codes: str) -> None:
    """Run, and print what came of it."""
    ran = crowd(url, float(per_second), float(seconds), int(backlog), codes)
    print(json.dumps(asyncio.run(ran)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
