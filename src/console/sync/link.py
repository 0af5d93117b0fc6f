"""The sync thread: it carries out what the core asks, on its own loop, and tells the core what happened.

The loop talks to the network; store work is done in one thread of its own, so that a slow disk holds up no frame, in
the order in which it was asked for. What a person just did is handed over once it is stored; what else waits to be sent
is looked for in a thread beside that of the pages, and waits for none of them. Nothing here decides anything.
"""

import asyncio
import logging
import random
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

from console.clock import Clock
from console.errors import BugError, ConsoleError, KnownError
from console.models.changes import Changes
from console.models.store.outbox import Unsent
from console.models.store.store import Store
from console.security.redaction import safe_id
from console.sync.core import Core
from console.sync.events import (
    Connect,
    Connected,
    Effect,
    Entered,
    Event,
    Hang,
    Lost,
    ReadOutbox,
    Received,
    Report,
    Send,
    Standing,
    State,
    Tick,
)
from console.sync.keeper import carry_out
from console.sync.lines import Line, LineLost, NoWebsocket, Polling, Websocket
from console.sync.membership import Membership
from console.sync.requests import Requests, ServerAway, ServerRefused
from console.sync.said import Said, is_news, note, said
from console.sync.signing_in import bring_verifiers
from wire.envelope import micros
from wire.messages import Beat

TICK = 0.25
"""Seconds between two looks at the time."""
MOMENT = 0.02
"""Seconds in which all that happens is told at once."""
PARTING = 1.0
"""Seconds for the server to answer a desk that leaves."""
STORE_RETRY = 5.0
"""Seconds until the connection is tried again after the store could not take something: a full disk."""
FAULT = "A fault in this program stopped the sharing (report {}). It goes on by itself in a minute; pass the report on."
"""What a person is told of it, with the id that stands in the log."""
_log = logging.getLogger(__name__)


class Link:
    """One desk's sharing at work. :meth:`start` it once, :meth:`stop` it before the store is closed."""

    def __init__(
        self,
        store: Store,
        member: Membership,
        clock: Clock,
        program: str,
        tell: Callable[[Standing], None],
        chance: random.Random | None = None,
    ) -> None:
        self._store, self._member, self._clock, self._tell = store, member, clock, tell
        self._core = Core(program, chance or random.Random())
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._work = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sync-store")
        self._look = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sync-outbox")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready, self._stopping = threading.Event(), asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._bringing: asyncio.Task[None] | None = None
        self._line: Line | None = None
        self._connection = self._brought = 0
        self._store_thread = 0
        self._telling = False
        """Whether a fault is still to be told."""
        self._standing: Standing | None = None
        """What is to be told in a moment."""
        self._said: Said | None = None
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Begin. Returns at once; how it goes is told to ``tell``, on the sync thread."""
        self._unsubscribe = self._store.subscribe(self._changed)
        self._store.sender = self._entered
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """End the connection and both threads; whatever was not sent waits in the store."""
        self._unsubscribe()
        self._store.sender = lambda unsent: None
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()
        self._work.shutdown()
        self._look.shutdown()

    def offered_again(self) -> None:
        """A person offered something again that had been refused."""
        self._post(Entered(again=True))

    # -- from other threads --------------------------------------------------------------------------------------------

    def _changed(self, changes: Changes) -> None:
        if threading.get_ident() != self._store_thread and changes.touches("user", "audit"):
            self._brought = 0  # somebody may have been added, or have another password

    def _entered(self, unsent: Unsent) -> None:
        self._post(Entered(unsent=unsent))

    def _post(self, event: Event) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._step, event)

    # -- on the sync thread --------------------------------------------------------------------------------------------

    def _run(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ready.set()
        while not self._stopping.is_set():
            self._step(Tick())
            try:
                await asyncio.wait_for(self._stopping.wait(), TICK)
            except TimeoutError:
                continue
        self._report()
        if self._bringing is not None:
            await self._bringing
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._line is not None:
            await self._leave(self._line)

    async def _leave(self, line: Line) -> None:
        """End it once the server has noted where this desk stands: its operator sees that until the desk is back."""
        if last := self._core.last_beat(micros(self._clock.now())):
            try:
                async with asyncio.timeout(PARTING):
                    await line.send(last)
                    while not (isinstance(heard := await line.receive(), Beat) and heard.sent_at == last.sent_at):
                        continue
                # It measures the clock as every beat does: of a single exchange it is the only one.
                for effect in self._core.step(Received(heard), self._clock.monotonic(), micros(self._clock.now())):
                    if isinstance(effect, Report):
                        self._work.submit(self._note, effect.standing)
            except (LineLost, TimeoutError):
                _log.info("left without the server's answer")
        await line.close()

    def _step(self, event: Event) -> None:
        if self._stopping.is_set():
            return
        try:
            for effect in self._core.step(event, self._clock.monotonic(), micros(self._clock.now())):
                self._carry_out(effect)
        except Exception as error:  # noqa: BLE001 - our own fault: nothing may end the sharing in silence
            self._broke(error)

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case Connect():
                self._connection += 1
                self._begin(self._connect(self._connection))
            case Hang(why):
                self._drop(why)
            case Send(frame):
                if self._line is not None:
                    self._begin(self._send(self._line, frame))
            case Report(standing):
                if self._standing is None:
                    asyncio.get_running_loop().call_later(MOMENT, self._report)
                self._standing = standing
            case _:
                self._begin(self._answer(self._ask_store(effect)))  # asked now, not when the task has its turn

    def _report(self) -> None:
        """Tell where sharing stands, behind what is to be sent and taken."""
        standing, self._standing = self._standing, None
        if standing is None:
            return
        try:
            if standing.offset is not None:
                self._store.offset = standing.offset
            brought = self._brought == self._connection or not (self._bringing is None or self._bringing.done())
            if standing.state is State.LIVE and not standing.waiting and not brought:
                self._brought = self._connection  # the server knows by now whose they are
                self._bringing = asyncio.create_task(self._guarded(self._bring_verifiers()))
            self._work.submit(self._note, standing)
            self._tell(standing)
            self._telling = False
        except Exception as error:  # noqa: BLE001 - as in a step
            self._broke(error)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - the loop would keep it, and tell nobody
            self._broke(error)

    def _broke(self, error: Exception) -> None:
        """We are at fault: logged without a word of what was exchanged, told, and tried again after a while."""
        report, bare = uuid4().hex[:8], BugError(type(error).__name__).with_traceback(error.__traceback__)
        _log.error("sharing broke, report %s: %s", safe_id(report), safe_id(str(bare)), exc_info=bare)
        if self._telling:
            return  # a fault in telling of a fault
        self._telling = True
        self._lost(self._connection, FAULT.format(report), final=True)

    def _drop(self, why: str) -> None:
        _log.info("connection ended: %s", why)
        self._connection += 1
        line, self._line = self._line, None
        if line is not None:
            self._begin(line.close())

    # -- the network ---------------------------------------------------------------------------------------------------

    async def _connect(self, connection: int) -> None:
        try:
            token = await asyncio.to_thread(self._session)
            line = await self._open(token)
        except ServerRefused as refused:
            self._lost(connection, str(refused), final=True)
            return
        except ServerAway as away:
            self._lost(connection, str(away), retry_after=away.retry_after)
            return
        except (LineLost, KnownError) as lost:
            self._lost(connection, str(lost))
            return
        if connection != self._connection:
            await line.close()
            return
        self._line = line
        self._step(Connected())
        await self._listen(line, connection)

    async def _bring_verifiers(self) -> None:
        try:
            if not await asyncio.to_thread(bring_verifiers, self._store, self._member):
                self._brought = 0
        except KnownError as error:
            _log.info("verifiers are brought with the next connection: %s", error)

    def _session(self) -> str:
        with Requests(self._member) as requests:
            return requests.session(self._store.enrolment, self._store.device).token

    async def _open(self, token: str) -> Line:
        try:
            return await Websocket.open(self._member, token)
        except NoWebsocket as no:
            _log.info("no websocket (%s): going on with requests", no)
            return Polling(self._member, token, self._clock)

    async def _listen(self, line: Line, connection: int) -> None:
        try:
            while connection == self._connection:
                frame = await line.receive()
                if connection == self._connection:
                    self._step(Received(frame))
        except LineLost as lost:
            self._lost(connection, str(lost))

    async def _send(self, line: Line, frame: Any) -> None:
        try:
            await line.send(frame)
        except LineLost as lost:
            if line is self._line:
                self._lost(self._connection, str(lost))

    def _lost(self, connection: int, why: str, *, retry_after: float = 0.0, final: bool = False) -> None:
        if connection == self._connection:
            self._drop(why)
            self._step(Lost(why, retry_after, final))

    # -- the store -----------------------------------------------------------------------------------------------------

    def _ask_store(self, effect: Any) -> asyncio.Future[Event]:
        loop = asyncio.get_running_loop()
        if isinstance(effect, ReadOutbox):
            return loop.run_in_executor(self._look, carry_out, self._store, effect)
        return loop.run_in_executor(self._work, self._do, effect)

    async def _answer(self, asked: asyncio.Future[Event]) -> None:
        try:
            event = await asked
        except KnownError as error:
            # A full disk: nothing was taken, and the cursor says so. The desk says itself that it cannot save.
            self._lost(self._connection, str(error), retry_after=STORE_RETRY)
            return
        self._step(event)

    def _note(self, standing: Standing) -> None:
        self._store_thread = threading.get_ident()
        try:
            if self._said is None:
                with self._store.read() as connection:
                    self._said = said(connection)
            if is_news(standing, self._said):
                self._said = note(self._store, standing, self._said, self._clock.now())
        except ConsoleError as error:  # it is not worth a connection
            _log.warning("what the exchange came to is not noted: %s", error)

    def _do(self, effect: Any) -> Event:
        self._store_thread = threading.get_ident()
        return carry_out(self._store, effect)
