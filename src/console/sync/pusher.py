"""Sending what was entered here: whole acts, in the order they were made, two pushes under way at most.

What the server accepted stays in the outbox until a page brings it back with its place; a mark keeps it from being sent
twice over one connection. After a new connection everything without a place is sent again, and answered "had". While
the server orders one push the next is on its way and the one behind it is read, so that nobody waits for the other's
disk in between; on a link that had to be given smaller pieces, one at a time is enough. What is entered while nothing
waits goes out as it was stored.
"""

from collections import deque
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from console.models.store.outbox import Unsent
from console.sync.events import BecomeNewDevice, Effect, ReadOutbox, Ready, Send, Settle
from console.sync.pace import Pace
from wire.envelope import Entry
from wire.messages import MOST_BYTES, MOST_ENTRIES, Push, Refusal, Results, Verdict, Welcome

RETRY, LONGEST_RETRY = 1.0, 8.0
"""Seconds until entries that came too early are offered again: doubled each time, up to the longest, which is less than
what the core takes for a connection on which nothing moves on."""
LONG: Final = 60.0
"""Seconds after which a person is told that entries still come too early."""
COME_TOO_EARLY = (
    "Some entries wait at the server for others before them that no desk has brought. What the server had ordered once "
    "it takes after an hour. If this stays longer, tell the server's operator."
)
UNDER_WAY: Final = 2
"""Pushes that may wait for their results at the same time."""


class Pusher:
    """The pushes of one connection. Methods yield what is to be done."""

    def __init__(self, welcome: Welcome, pace: Pace | None = None, connection: int = 0) -> None:
        self._pace = pace or Pace()
        self._connection = connection
        self._most = min(welcome.most_entries, MOST_ENTRIES)
        self._most_bytes = min(welcome.most_bytes, MOST_BYTES)
        self._reads = tuple(welcome.reads)
        self._mark = 0
        self._batch = 0
        self._reading = self._again = self._renewing = False
        self._from_first = False
        """Whether what is being read is passed over, because everything is to be sent from the first on."""
        self._under_way: deque[tuple[int, tuple[Entry, ...]]] = deque()
        self._found: deque[tuple[Entry, ...]] = deque()
        """What was read and is sent as soon as less is under way."""
        self._first_again_at: float | None = None
        """When to begin from the first on once more, because something has to wait for what comes before it."""
        self._retry = RETRY
        self._early_since: float | None = None
        self._forked: frozenset[UUID] = frozenset()

    @property
    def forked(self) -> bool:
        """Whether the server has other entries under the counts of what was sent."""
        return bool(self._forked)

    @property
    def busy(self) -> bool:
        """Whether an answer of the server is awaited."""
        return bool(self._under_way)

    @property
    def _at_once(self) -> int:
        return UNDER_WAY if self._pace.entries >= self._most else 1

    def says(self, now: float) -> str:
        """What a person is to know, "" for nothing."""
        return COME_TOO_EARLY if self._early_since is not None and now - self._early_since >= LONG else ""

    def go_on(self, now: float) -> Iterator[Effect]:
        """Look for something to send, unless that is being done, or enough has been found already."""
        if self._reading or len(self._found) >= self._at_once or self.forked:
            self._again = True
            return
        self._reading, self._again = True, False
        yield ReadOutbox(self._mark, *self._bounds, self._connection)

    @property
    def _bounds(self) -> tuple[int, int]:
        """The most entries, and bytes of them, in one push."""
        return min(self._most, self._pace.entries), min(self._most_bytes, self._pace.bytes)

    def entered(self, unsent: Unsent, now: float) -> Iterator[Effect]:
        """Something was entered, and is stored: where all that waited before it is on its way, it goes without being
        read once more."""
        if unsent.last <= self._mark:
            return  # it was read already
        size = len(unsent.entries), sum(len(entry.body or "") for entry in unsent.entries)
        fits = all(much <= most for much, most in zip(size, self._bounds, strict=True))
        if fits and unsent.before <= self._mark and not (self._reading or self._found or self.forked):
            self._mark = unsent.last
            self._found.append(unsent.entries)
            yield from self._send()
        else:
            yield from self.go_on(now)

    def tick(self, now: float) -> Iterator[Effect]:
        """Time passed: go on with what had to wait."""
        idle = not (self._under_way or self._found or self._reading or self.forked)
        if idle and self._first_again_at is None:  # all of it went through
            self._early_since, self._retry = None, RETRY
        if idle and self._first_again_at is not None and now >= self._first_again_at:
            self._first_again_at, self._retry = None, min(LONGEST_RETRY, 2 * self._retry)
            yield from self.offer_all(now)
        elif self._again:
            yield from self.go_on(now)

    def ready(self, found: Ready, now: float) -> Iterator[Effect]:
        """The store found these entries."""
        self._reading = False
        if self.forked:
            return
        if self._from_first:
            self._from_first = False
            yield from self.go_on(now)
        elif found.entries:
            self._mark = found.last
            self._found.append(found.entries)
            yield from self._send()
            if found.left or self._again:
                yield from self.go_on(now)
        elif self._again:
            yield from self.go_on(now)

    def _send(self) -> Iterator[Effect]:
        while self._found and len(self._under_way) < self._at_once:
            self._batch += 1
            self._under_way.append((self._batch, self._found.popleft()))
            yield Send(Push(*self._under_way[-1]))

    def results(self, results: Results, now: float) -> Iterator[Effect]:
        """The server answered a push."""
        if not self._under_way or results.batch != self._under_way[0][0]:
            return
        _, sent = self._under_way.popleft()
        verdicts = {result.verdict for result in results.results}
        taken = {result.id for result in results.results if result.refusal is Refusal.FORK}
        self._forked |= frozenset(entry.device for entry in sent if entry.id in taken)
        if Verdict.WAITS in verdicts:
            # What comes behind it in the outbox is another device's, or waits as well: it is not held up.
            self._first_again_at = now + self._retry
            self._early_since = now if self._early_since is None else self._early_since
        # Nothing to write down of what is in order: pages bring that.
        unread = any(entry.journal not in self._reads for entry in sent)
        if unread or verdicts & {Verdict.REFUSED, Verdict.HAD}:
            yield Settle(sent, results.results, self._reads)
        if not self.forked:
            yield from self._send()
        if self._again:
            yield from self.go_on(now)

    def new_device(self) -> Iterator[Effect]:
        """Everything the server knows has come in: what is left goes out under a new device."""
        if self.forked and not self._under_way and not self._renewing:
            self._renewing = True
            yield BecomeNewDevice(self._forked)

    def offer_all(self, now: float) -> Iterator[Effect]:
        """Send again whatever waits, from the first on."""
        self._mark = 0
        self._found.clear()
        self._from_first = self._reading
        self._forked = frozenset()
        yield from self.go_on(now)
