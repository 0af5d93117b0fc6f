"""Handing on what was ordered: one page for each commit and journal, encoded once, to every desk that reads it.

All of this runs in the event loop. The hub knows for each journal up to where it handed it on; what another process
ordered is read from there, whether a notice, the poll or this process's own next page tells of it. A desk that does not
take its pages is let go: it comes back and pulls.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Final

from regional import reading
from regional.access import Member
from regional.database import Work
from regional.errors import Away
from regional.metrics import Metrics
from regional.ordering import Ordered
from regional.readers import Readers
from regional.rows import Placed
from wire.frames import pack, plain
from wire.messages import Beat, Bye, Frame, Page, Point, Welcome
from wire.order import START

log = logging.getLogger("regional.hub")

MOST_FRAMES: Final = 512
MOST_WAITING: Final = 32 * 1_024 * 1_024
"""Frames, and bytes of them, that may wait for one desk."""
CONNECTIONS_A_DESK: Final = 4
_PAGE = 500

Message = bytes | str


def _parts(placed: Sequence[Placed]) -> Iterator[list[Placed]]:
    """What fits one page after the other."""
    part: list[Placed] = []
    size = 0
    for each in placed:
        size += len(each.entry.body or "") + 400
        if part and (len(part) == _PAGE or size > reading.PAGE_BYTES // 2):
            yield part
            part, size = [], len(each.entry.body or "") + 400
        part.append(each)
    if part:
        yield part


def message(frame: Frame) -> Message:
    """The frame as it goes over a websocket: packed in a binary message, or as text."""
    data = plain(frame)
    return pack(data) or data.decode()


class Connection:
    """What waits for one connected desk."""

    def __init__(self, member: Member, token: str, until: int) -> None:
        self.member = member
        self.token = token
        self.until = until
        """When its session ends."""
        self.reads: tuple[str, ...] = ()
        self._waiting: deque[Message] = deque()
        self._bytes = 0
        self._wake = asyncio.Event()
        self.ending: Bye | None = None
        self.opened = asyncio.Event()
        """Set once the welcome stands in front of everything that waits."""

    def open(self, welcome: Welcome) -> None:
        """Begin to send, with the welcome."""
        one = message(welcome)
        self._waiting.appendleft(one)
        self._bytes += len(one)
        self._wake.set()
        self.opened.set()

    def send_frame(self, frame: Frame) -> None:
        """Put a frame behind those that wait."""
        self.send(message(frame))

    def send(self, one: Message) -> bool:
        """Put a message behind those that wait; False when there are too many and the connection ends."""
        if self.ending is not None:
            return True
        self._waiting.append(one)
        self._bytes += len(one)
        self._wake.set()
        if len(self._waiting) <= MOST_FRAMES and self._bytes <= MOST_WAITING:
            return True
        self._waiting.clear()
        self.end(Bye("slow: this desk does not take what it is sent", 1.0))
        return False

    def end(self, bye: Bye) -> None:
        """Let the desk go, once it has what waits for it."""
        if self.ending is None:
            self.ending = bye
            self._waiting.append(message(bye))
            self._wake.set()

    def cut(self, bye: Bye) -> None:
        """Let the desk go now: what waits for it is not for it any more."""
        self._waiting.clear()
        self._bytes = 0
        self.ending = None
        self.end(bye)
        self.opened.set()

    async def next(self) -> Message | None:
        """The next message to be sent; None when there will be none any more."""
        while not self._waiting:
            if self.ending is not None:
                return None
            self._wake.clear()
            await self._wake.wait()
        one = self._waiting.popleft()
        self._bytes -= len(one)
        return one


def _page(journal: str, epoch: int, after: int, work: Work) -> Page:
    return reading.page_after(work, journal, epoch, after, _PAGE, asked=False)


class Hub:
    """Who is connected to this process, and up to where each journal was handed on."""

    def __init__(self, metrics: Metrics, epoch: Callable[[], int]) -> None:
        self._metrics = metrics
        self._epoch = epoch
        self._database: Readers | None = None
        self._readers: dict[str, set[Connection]] = {}
        self._catching_up: dict[str, asyncio.Task[None]] = {}
        self.points: dict[str, Point] = {}
        self.connections: list[Connection] = []
        self.empty = asyncio.Event()
        """Set while no desk is connected."""
        self.empty.set()
        self.told: Callable[[str, Point], None] = lambda journal, point: None
        """Called with each journal this process ordered entries of, to tell other processes."""
        self.administered: Callable[[str], None] = lambda journal: None
        """Called when an administration journal has grown: what desks may read can be other journals now."""

        self.went_back: Callable[[str, Point, Point], Awaitable[None]] = self._follow
        """Called with a journal, what was handed on of it last, and what stands at this place of it now."""

    def attach(self, database: Readers) -> None:
        """Where to read what another process ordered."""
        self._database = database

    # -- who reads -----------------------------------------------------------------------------------------------------

    async def join(self, connection: Connection, journals: Iterable[str]) -> None:
        """Hand on these journals to ``connection`` from now on."""
        of_desk = [each for each in self.connections if each.member.desk == connection.member.desk]
        for old in of_desk[: max(0, len(of_desk) - CONNECTIONS_A_DESK + 1)]:
            old.end(Bye("this desk has connected again", 1.0))
        self.connections.append(connection)
        self.empty.clear()
        self._metrics.connections.set(len(self.connections))
        await self.subscribe(connection, journals)

    async def subscribe(self, connection: Connection, journals: Iterable[str]) -> None:
        """Change what is handed on to ``connection``."""
        for name in connection.reads:
            self._readers.get(name, set()).discard(connection)
        connection.reads = tuple(journals)
        for name in connection.reads:
            self._readers.setdefault(name, set()).add(connection)
        unknown = [name for name in connection.reads if name not in self.points]
        if unknown and self._database is not None:
            for name, point in (await self._database.read(lambda work: reading.heads(work, unknown))).items():
                self.points.setdefault(name, point)

    def leave(self, connection: Connection) -> None:
        """The connection is gone."""
        for name in connection.reads:
            readers = self._readers.get(name, set())
            readers.discard(connection)
            if not readers:
                self._readers.pop(name, None)
                self.points.pop(name, None)
        if connection in self.connections:
            self.connections.remove(connection)
        if not self.connections:
            self.empty.set()
        self._metrics.connections.set(len(self.connections))

    def end_all(self, bye: Bye) -> None:
        """Let every desk go."""
        for connection in self.connections:
            connection.end(bye)

    def tell_epoch(self, now: int) -> None:
        """Tell every desk that the epoch is another one: a beat that answers none."""
        for connection in self.connections:
            connection.send(message(Beat(0, now, self._epoch(), self.ends(connection))))

    def ends(self, connection: Connection) -> dict[str, Point]:
        """Where the journals of ``connection`` end, as far as this process knows."""
        return {name: self.points.get(name, Point(0, START)) for name in connection.reads}

    # -- what is new ---------------------------------------------------------------------------------------------------

    def publish(self, ordered: list[Ordered]) -> None:
        """Hand on what this process ordered."""
        for journal, start, placed in ordered:
            self.told(journal, Point(placed[-1].entry.seq or 0, placed[-1].link))
            known = self.points.get(journal)
            if journal not in self._readers:
                continue
            if known is not None and known.seq < start.seq:
                self.catch_up(journal, start.seq + len(placed))
                continue
            if known is not None and known != start:
                continue
            for part in _parts(placed):
                end = Point(part[-1].entry.seq or 0, part[-1].link)
                self._hand_on(Page(journal, self._epoch(), start, tuple(each.entry for each in part), end, end.seq))
                start = end

    def catch_up(self, journal: str, head: int) -> None:
        """The journal reaches ``head``: read and hand on what is missing up to there."""
        known = self.points.get(journal)
        if known is not None and known.seq < head and journal not in self._catching_up:
            task = asyncio.get_running_loop().create_task(self._read_on(journal))
            self._catching_up[journal] = task
            task.add_done_callback(lambda _: self._catching_up.pop(journal, None))

    async def _read_on(self, journal: str) -> None:
        database = self._database
        while database is not None and (known := self.points.get(journal)) is not None:
            seq, epoch = known.seq, self._epoch()
            try:
                page = await database.read(partial(_page, journal, epoch, seq))
            except Away:
                log.warning("catching-up-waits", extra={"journal": journal})
                return
            if not page.entries:
                return
            if self.points.get(journal) != known:
                continue
            if page.start == known:
                self._hand_on(page)
                continue
            # The journal is longer than what was handed on, and another one: it was set back, and has grown since.
            try:
                await self.went_back(journal, known, page.start)
            except Away:
                log.warning("catching-up-waits", extra={"journal": journal})
                return

    def _hand_on(self, page: Page) -> None:
        self.points[page.journal] = page.end
        one = message(page)
        author = page.entries[-1].device
        # Whoever wrote it has it on the screen already: the others first.
        for connection in sorted(
            self._readers.get(page.journal, ()), key=lambda connection: connection.member.device == author
        ):
            self._metrics.pages.inc()
            if not connection.send(one):
                self._metrics.slow.inc()
                log.warning("slow-desk", extra={"desk": str(connection.member.desk)})
        if page.journal.endswith("/administration"):
            self.administered(page.journal)

    async def _follow(self, journal: str, _: Point, point: Point) -> None:
        self.set_back(journal, point)

    def set_back(self, journal: str, point: Point) -> None:
        """The journal is not the one that was handed on any more: go on from this place of it."""
        self.points[journal] = point
