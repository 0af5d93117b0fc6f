"""What the server does for a desk, whichever way the frame came: over a websocket or over HTTP."""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import msgspec

from regional import __version__, access, enrolments, identity, reading, sessions, sign_ins
from regional.access import Member
from regional.clock import Clock
from regional.database import Database, Work
from regional.epochs import Epochs, Lost
from regional.errors import Away, Rejected
from regional.hub import Connection, Hub, Message
from regional.metrics import Metrics
from regional.ordering import Ordered
from regional.pages import Pages
from regional.readers import Readers
from regional.rights import RightsCache
from regional.writer import Writer
from wire.messages import (
    MOST_BYTES,
    MOST_ENTRIES,
    SPOKEN,
    Beat,
    Bye,
    Challenge,
    Hello,
    Joined,
    JoinRequest,
    Links,
    Page,
    Point,
    Probe,
    Pull,
    Push,
    Results,
    Session,
    SessionRequest,
    SignedIn,
    SignInRequest,
    Verifier,
    Welcome,
)

log = logging.getLogger("regional.service")

PROGRAM = f"regional-server {__version__}"
_SEEN_EVERY = 30_000_000
"""Microseconds between two notes of when a connected desk was last heard of."""
_FEW = 1_000
"""Entries that are found soon by any plan."""


class Service:
    """One process of the server, without its sockets."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self.metrics = Metrics()
        self.cache = RightsCache()
        self.readers = Readers(database)
        self.epochs = Epochs(database, clock, self.metrics)
        self.hub = Hub(self.metrics, lambda: self.epochs.number)
        self.writer = Writer(database, self.cache, clock, self.metrics, self._published)
        self.pages = Pages(self.readers, lambda: self.epochs.number)
        self.hub.attach(self.readers)
        self.hub.administered = self._administered
        self.hub.went_back = self._was_set_back
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._hashing = asyncio.Semaphore(2)
        self._told_epoch = 0
        self._seen: dict[UUID, int] = {}
        self._mark = ""
        self._counted = 0

    def start(self) -> None:
        """Begin to serve, in the running event loop."""
        self._loop = asyncio.get_running_loop()
        self._told_epoch = self.epochs.number
        self.writer.start()

    async def stop(self) -> None:
        """Order what waits, then give everything back."""
        await asyncio.get_running_loop().run_in_executor(None, self.writer.stop)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.readers.close()
        self.database.close()

    # -- joining, sessions, people -------------------------------------------------------------------------------------

    async def join(self, request: JoinRequest) -> Joined:
        """A desk uses its code, or looks at what it leads to."""
        joined = await self.readers.write(lambda work: identity.join(work, self.cache, self.clock, request))
        if not request.look:
            log.info("desk-joined", extra={"center": joined.center, "desk": str(request.desk), "first": joined.first})
            if not joined.first:
                await self._enter_desks(Member(joined.center, request.desk, request.device, False, 0))
        return joined

    async def challenge(self, desk: UUID) -> Challenge:
        """Something for the desk to sign."""
        return await self.readers.read(lambda work: sessions.challenge(work, self.clock, desk))

    async def session(self, request: SessionRequest) -> Session:
        """A session for the desk that signed."""
        session, center = await self.readers.write(lambda work: sessions.open_session(work, self.clock, request))
        await self._enter_desks(Member(center, request.desk, request.device, False, 0))
        return session

    async def _enter_desks(self, member: Member) -> None:
        """See to it that every desk of the center is in its administration journal."""

        def complete(work: Work) -> bool:
            rights = self.cache.of(work, member.center)
            return rights.organization is None or not enrolments.missing(work, rights)

        if not await self.readers.read(complete):
            await asyncio.wrap_future(self.writer.submit(member, ()))

    async def running(self, token: str) -> sessions.Running:
        """The session with this token."""
        return await self.readers.read(lambda work: sessions.running(work, self.clock, token))

    async def sign_in(self, member: Member, request: SignInRequest) -> SignedIn:
        """A person at a desk that does not know their password yet."""
        user, verifier = await self.readers.write(
            lambda work: sign_ins.begin(work, self.cache, self.clock, member, request)
        )
        async with self._hashing:  # each takes 64 MiB
            right = await asyncio.to_thread(sign_ins.verify, verifier, request.password)
        log.info("sign-in", extra={"desk": str(member.desk), "person": str(user), "right": right})
        return await self.readers.write(lambda work: sign_ins.finish(work, self.clock, member, user, verifier, right))

    async def keep_verifier(self, member: Member, given: Verifier) -> None:
        """Keep a person's verifier."""
        await self.readers.write(lambda work: sign_ins.keep_verifier(work, self.cache, self.clock, member, given))

    # -- frames --------------------------------------------------------------------------------------------------------

    async def hello(self, member: Member, hello: Hello) -> Welcome:
        """Settle on a protocol, look at what the desk shows, say where everything is."""
        protocol = min(hello.spoken[1], SPOKEN[1])
        if protocol < max(hello.spoken[0], SPOKEN[0]):
            raise Rejected(
                400,
                f"This desk speaks the protocol's versions {hello.spoken[0]} to {hello.spoken[1]}, the server "
                f"{SPOKEN[0]} to {SPOKEN[1]}. Update the older one.",
            )
        rights = await self.readers.read(lambda work: self.cache.of(work, member.center))
        readable = access.reads(member, rights)
        known = access.writes(member, rights)  # those that it only writes are witnessed by nobody else
        epoch = await self._compare(member, hello.epoch, hello.journals, known)
        reads = await self.readers.read(lambda work: reading.heads(work, readable))
        await self._note(member, hello.journals, hello.program, hello.unsent)
        return Welcome(protocol, PROGRAM, epoch, self.clock.now(), reads, known, MOST_ENTRIES, MOST_BYTES)

    async def _compare(self, member: Member, epoch: int, shown: Mapping[str, Point], known: Collection[str]) -> int:
        """The epoch, a new one when what a desk shows proves that the server was set back."""
        number, lost = await self.readers.read(lambda work: self.epochs.check(work, epoch, shown, known))
        if lost is not None:
            number = await self.readers.change(lambda: self.epochs.begin(number, lost, member.desk, at_least=epoch))
        self._tell_epoch()
        return number

    async def push(self, member: Member, push: Push) -> Results:
        """Order entries; answered once all of it is durable."""
        count, size = len(push.entries), sum(len(entry.body or "") for entry in push.entries)
        if (count > MOST_ENTRIES or size > MOST_BYTES) and len({entry.act for entry in push.entries}) > 1:
            reason = f"{count} entries of {size} bytes in one push of several acts; {MOST_ENTRIES} of {MOST_BYTES} are"
            raise Rejected(413, f"{reason} taken.")  # one act cannot be sent in parts: the frame's own bound is its
        results = await asyncio.wrap_future(self.writer.submit(member, push.entries)) if push.entries else []
        return Results(push.batch, self.epochs.number, tuple(results))

    async def pull(self, member: Member, pull: Pull) -> Page:
        """A page of a journal."""
        return await self.pages.page(pull, lambda work: self._require(work, member, pull.journal))

    async def pull_packed(self, member: Member, pull: Pull) -> Message:
        """The same as it goes over a websocket."""
        return await self.pages.packed(pull, lambda work: self._require(work, member, pull.journal))

    async def probe(self, member: Member, probe: Probe) -> Links:
        """Links of a journal."""

        def job(work: Work) -> Links:
            self._require(work, member, probe.journal)
            return Links(probe.journal, self.epochs.number, reading.links(work, probe.journal, probe.seqs))

        return await self.readers.read(job)

    def _require(self, work: Work, member: Member, journal: str) -> None:
        if journal not in access.reads(member, self.cache.of(work, member.center)):
            raise Rejected(403, "This desk is not enrolled for that journal.")

    async def beat(self, member: Member, connection: Connection, beat: Beat) -> Beat:
        """The answer to a desk's beat."""
        if beat.reads:
            shown = beat.reads
            behind = any(point != self.hub.points.get(journal) for journal, point in shown.items())
            if behind and beat.epoch >= self.epochs.number:
                await self._compare(member, beat.epoch, shown, connection.reads)
            await self._note_beat(member, beat)
        return Beat(beat.sent_at, self.clock.now(), self.epochs.number, self.hub.ends(connection))

    async def news(self, member: Member, beat: Beat) -> Beat:
        """The answer to the beat of a desk that asks over HTTP and is told of nothing in between."""

        def job(work: Work) -> Beat:
            reads = reading.heads(work, access.reads(member, self.cache.of(work, member.center)))
            return Beat(beat.sent_at, self.clock.now(), self.epochs.refresh(work), reads)

        if beat.reads:
            await self._note_beat(member, beat)
        return await self.readers.read(job)

    async def _note_beat(self, member: Member, beat: Beat) -> None:
        if beat.last or self.clock.now() - self._seen.get(member.desk, 0) > _SEEN_EVERY:
            await self._note(member, beat.reads, None, beat.unsent)

    async def _note(self, member: Member, shown: dict[str, Point], program: str | None, unsent: int | None) -> None:
        """Note, for the operator, when the desk was here and how far it had come."""
        now = self._seen[member.desk] = self.clock.now()
        places = {journal[:200].replace("\0", ""): min(point.seq, 2**63 - 1) for journal, point in shown.items()}
        text = msgspec.json.encode(dict(list(places.items())[:32])).decode()
        values: list[object] = [now, text]
        extra = ""
        if program is not None:
            extra += ", program = ?"
            values.append(program[:100].replace("\0", ""))
        if unsent is not None:
            extra += ", unsent = ?"
            values.append(min(unsent, 2**63 - 1))
        values += [member.center, member.desk.bytes]
        await self.readers.write(
            lambda work: work.run(
                f"UPDATE desk SET seen_at = ?, shown = ?{extra} WHERE center = ? AND desk = ?", values
            )
        )

    # -- what happens by itself ----------------------------------------------------------------------------------------

    def _published(self, ordered: list[Ordered]) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.hub.publish, ordered)

    def _tell_epoch(self) -> None:
        if self.epochs.number != self._told_epoch:
            self._told_epoch = self.epochs.number
            self.hub.tell_epoch(self.clock.now())

    def _administered(self, journal: str) -> None:
        """What the desks of this center may read can have changed."""
        center = journal.rpartition("/")[0]
        for connection in self.hub.connections:
            if connection.member.center == center:
                task = asyncio.get_running_loop().create_task(self._look_again(connection))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _look_again(self, connection: Connection) -> None:
        member = connection.member
        try:
            rights = await self.readers.read(lambda work: self.cache.of(work, member.center))
            readable = access.reads(member, rights)
            if readable != connection.reads and connection in self.hub.connections:
                await self.hub.subscribe(connection, readable)
                connection.send_frame(Beat(0, self.clock.now(), self.epochs.number, self.hub.ends(connection)))
        except Away:
            connection.end(Bye("The server's database cannot be reached or is full. Try again.", 2.0))

    async def look_at_sessions(self, connections: Sequence[Connection]) -> None:
        """End those connections whose session has ended, or whose desk is enrolled for something else now."""

        def job(work: Work) -> list[tuple[Connection, Bye]]:
            found = []
            for each in connections:
                try:
                    if sessions.running(work, self.clock, each.token).member == each.member:
                        continue
                    reason = "What this desk is enrolled for has changed."
                except Rejected as rejected:
                    reason = rejected.reason
                found.append((each, Bye(reason, 0.1)))
            return found

        for connection, bye in await self.readers.read(job):
            connection.cut(bye)

    async def forget(self) -> None:
        """Take out of the database what has ended by itself."""

        def job(work: Work) -> None:
            sessions.forget(work, self.clock.now())
            sign_ins.forget(work, self.clock.now())

        await self.readers.write(job)

    async def look_around(self) -> None:
        """Compare with the database: who may connect, a new epoch, what others ordered, and whether it was set back."""
        self.pages.forget()
        watched = dict(self.hub.points)

        def job(work: Work) -> tuple[str, dict[str, Point]]:
            self.epochs.refresh(work)
            return sessions.mark(work), reading.heads(work, watched)

        mark, heads = await self.readers.read(job)
        self._tell_epoch()
        now = self.clock.now()
        if doubtful := [each for each in self.hub.connections if mark != self._mark or each.until <= now]:
            await self.look_at_sessions(doubtful)
        self._mark = mark
        for journal, head in heads.items():
            handed_on = watched[journal]
            if head.seq < handed_on.seq or (head.seq == handed_on.seq and head.link != handed_on.link):
                await self._was_set_back(journal, handed_on, head)
            elif head.seq > handed_on.seq:
                self.hub.catch_up(journal, head.seq)
        await self._count(sum(head.seq for head in heads.values()))

    async def _count(self, entries: int) -> None:
        """Have PostgreSQL count anew what has doubled: it does so once a minute, and until then goes on by plans that
        were made for a few entries, which read all of a journal to find one."""
        if self.database.postgres and entries > 2 * self._counted + _FEW:
            self._counted = entries
            await self.readers.write(lambda work: work.run("ANALYZE entry"))

    async def _was_set_back(self, journal: str, handed_on: Point, now_there: Point) -> None:
        epoch = self.epochs.number
        await self.readers.change(lambda: self.epochs.begin(epoch, Lost(journal, handed_on.seq)))
        self.hub.set_back(journal, now_there)
        self._tell_epoch()
