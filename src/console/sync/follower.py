"""Following one journal: asking for pages, taking them in order, and finding out what a server that was set back lost.

A page is taken only when it begins where this desk stands; what does not fit is passed over and pulled again. So
nothing depends on how, how often or in which order pages arrive. While one page is taken the next is asked for already.
"""

from collections import deque
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from console.models.store.exchange import BEGINNING, Cursor
from console.sync.events import Effect, PutBack, ReadLinks, Send, Take, TakeOlder
from console.sync.pace import Pace
from wire.messages import MOST_ENTRIES, Page, Point, Probe, Pull

_MOST_PAGES = 64
_MOST_PROBES = 48
MOST_TAKEN = 2 * MOST_ENTRIES
"""Entries that are stored in one transaction: as many as one page may hold."""
CHECK_EVERY = 600.0
"""Seconds between two checks that what is stored is what the cursors say; one follows each connection too."""
_NOT_KNOWN = b""  # the link of a place in between, which no cursor says
_AHEAD = 2
"""Pages at hand, the one being taken not counted, from which on no further one is asked for."""


class Follower:
    """One journal that this desk reads. Methods yield what is to be done."""

    def __init__(self, name: str, cursor: Cursor | None, head: Point, pace: Pace | None = None) -> None:
        self._pace = pace or Pace()
        self.name = name
        self.cursor = cursor or Cursor(BEGINNING, BEGINNING)
        self.head = head.seq
        self._pages: deque[Page] = deque()
        self._older: deque[Page] = deque()
        self._asked = self._asked_older = False
        self._taking: Page | None = None
        self._theirs: Mapping[int, bytes] | None = None
        self._probed: tuple[int, ...] = ()
        self._checked: Point | None = None
        self._checking: Point | None = None
        self._checked_at: float | None = None
        self.stopped = False
        """Whether the server's entries were found to be wrong: nothing more of this journal is taken for now."""

    @property
    def behind(self) -> int:
        """How many entries are still to come."""
        return max(0, self.head - self.cursor.point.seq)

    @property
    def older(self) -> int:
        """How many entries from before this desk began to follow are still to come."""
        return self.cursor.floor.seq

    # -- pages ---------------------------------------------------------------------------------------------------------

    def go_on(self) -> Iterator[Effect]:
        """Take the next page that fits, and ask for the one behind those at hand."""
        if self.stopped:
            return
        if self._taking is None and (page := self._next_page()) is not None:
            self._taking = page
            yield Take(page)
        reach = self._reach()
        if reach < self.head and not self._asked and len(self._pages) < _AHEAD:
            self._asked = True
            yield Send(Pull(self.name, after=reach, limit=self._pace.entries))
        if not self.behind:
            yield from self._go_back()

    def _next_page(self) -> Page | None:
        """The next page that fits, joined with those that follow it, as far as one transaction takes them.

        While many write, pages of one entry come faster than a disk commits them one by one.
        """
        joined: Page | None = None
        reach = self.cursor.point.seq
        while self._pages:
            page = self._pages[0]
            if joined is None:
                joined = page if page.start.seq <= reach < page.end.seq else None
            elif page.start == joined.end and len(joined.entries) + len(page.entries) <= MOST_TAKEN:
                joined = replace(joined, entries=(*joined.entries, *page.entries), end=page.end)
            elif page.end.seq > joined.end.seq:
                break
            self._pages.popleft()
        return joined

    def _reach(self) -> int:
        """The place up to which there is a page at hand, if it is not held already."""
        reach = self.cursor.point.seq
        for page in (self._taking, *self._pages):
            if page is not None and page.start.seq <= reach < page.end.seq:
                reach = page.end.seq
        return reach

    def _go_back(self) -> Iterator[Effect]:
        """The same for what came before this desk began to follow."""
        if self._older and self._taking is None:
            self._taking = self._older[0]
            yield TakeOlder(self._taking)
        before = self._older[-1].start.seq if self._older else self.older
        if before and not self._asked_older and len(self._older) <= _AHEAD:
            self._asked_older = True
            yield Send(Pull(self.name, before=before + 1, limit=self._pace.entries))

    def page(self, page: Page) -> Iterator[Effect]:
        """The server sent entries."""
        self.head = max(self.head, page.head)
        if self.stopped:
            return
        floor = self._older[-1].start if self._older else self.cursor.floor
        if page.asked and page.end == floor and page.start.seq < page.end.seq:
            self._asked_older = False
            self._older.append(page)
        else:
            if page.asked:
                self._asked = False
            if len(self._pages) < _MOST_PAGES:
                self._pages.append(page)
        yield from self.go_on()

    def stands(self, cursor: Cursor) -> Iterator[Effect]:
        """The store took a page: this is where the desk stands now."""
        while self._older and self._older[0].end.seq > cursor.floor.seq:
            self._older.popleft()
        self.cursor = cursor
        self._taking = None
        yield from self.go_on()

    def stop(self) -> None:
        """Take no more of it."""
        self.stopped = True
        self._taking, self._asked, self._asked_older = None, False, False
        self._pages.clear()
        self._older.clear()

    def at(self, head: Point) -> bool:
        """The server's journal ends there; False when that cannot be the journal this desk followed."""
        self.head = max(self.head, head.seq)
        point = self.cursor.point
        return head.seq > point.seq or head == point

    # -- whether all of it is here -------------------------------------------------------------------------------------

    def check(self, now: float) -> Iterator[Effect]:
        """Now and then, work out from what is stored the link that the cursor says: a part with each call, so that
        pages are taken in between."""
        if self._checking is not None or (self._checked is None and self._rests(now)):
            return
        if self._checked is None:
            self._checked, self._checked_at = self.cursor.floor, now
        end = self.cursor.point
        if self._checked.seq + MOST_TAKEN < end.seq:
            end = Point(self._checked.seq + MOST_TAKEN, _NOT_KNOWN)
        if end.seq > self._checked.seq:
            self._checking = end
            yield ReadLinks(self.name, (end.seq,), self._checked)
        else:
            self._checked = None

    def _rests(self, now: float) -> bool:
        return self._checked_at is not None and now - self._checked_at < CHECK_EVERY

    def checked(self, links: Mapping[int, bytes]) -> bool:
        """The store worked out a part; False when it is not what the cursor says, or something is missing."""
        end, self._checking, self._checked = self._checking, None, None
        if end is None:
            return True
        found = links.get(end.seq)
        if found is not None and end.link == _NOT_KNOWN:
            self._checked = Point(end.seq, found)
            return True
        return found == end.link

    # -- after the server was set back ---------------------------------------------------------------------------------

    def compare(self) -> Iterator[Effect]:
        """Look for the last place where desk and server agree: ask for links, ever further back."""
        low, high = self.cursor.floor.seq, self.cursor.point.seq
        yield from self._probe({high, low, *(high - 2**step for step in range(_MOST_PROBES) if high - 2**step > low)})

    def theirs(self, links: Mapping[int, bytes]) -> Iterator[Effect]:
        """The server told its links; what this desk has at these places is worked out from its store."""
        self._theirs = links
        yield ReadLinks(self.name, self._probed)

    def ours(self, links: Mapping[int, bytes]) -> Iterator[Effect]:
        """This desk's links: either the place is found, or it lies between two that were asked for."""
        theirs = self._theirs or {}
        same = [seq for seq in self._probed if seq in links and links[seq] == theirs.get(seq)]
        other = [seq for seq in self._probed if seq not in same]
        last = max(same, default=0)
        first = min((seq for seq in other if seq > last), default=last + 1)
        if first - last > 1 and same:
            step = max(1, (first - last) // _MOST_PROBES)
            yield from self._probe({last, *range(last + 1, first, step), first})
        else:
            yield PutBack(self.name, Point(last, links[last]) if same else BEGINNING)

    def _probe(self, seqs: set[int]) -> Iterator[Effect]:
        self._probed = tuple(sorted(seqs))
        yield Send(Probe(self.name, self._probed))
