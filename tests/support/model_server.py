"""A regional server in a hundred lines of plain Python: what the protocol says, with nothing else in the way.

It serves the simulation of :mod:`tests.support.simulation`, and can be given one of the faults that real systems had,
which the simulation must find.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from uuid import UUID

from msgspec.structs import replace

from wire.envelope import GENESIS, Entry
from wire.messages import (
    Beat,
    Frame,
    FromDesk,
    Hello,
    Links,
    Page,
    Point,
    Probe,
    Pull,
    Push,
    Refusal,
    Result,
    Results,
    Verdict,
    Welcome,
)
from wire.order import START, link_after

LONG = 20
"""How often entries wait for a count that nobody brings."""


class Planted(Enum):
    """Faults that the simulation must find."""

    NOTHING = auto()
    NAIVE_SEQUENCE = auto()
    """Pages pass over entries whose transactions had not committed when a later one had."""
    NO_RECEIPTS = auto()
    """An entry that comes again gets another place."""
    NO_EPOCH = auto()
    """A server that was set back does not notice, and says nothing."""


@dataclass
class Journals:
    """Everything the server keeps durably."""

    epoch: int = 1
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    links: dict[str, list[bytes]] = field(default_factory=dict)
    places: dict[UUID, tuple[str, int]] = field(default_factory=dict)
    devices: dict[tuple[str, UUID], tuple[int, bytes]] = field(default_factory=dict)
    refused: dict[UUID, Entry] = field(default_factory=dict)


class ModelServer:
    """Orders, stores and hands out. ``reads`` says per desk which journals it may read."""

    def __init__(self, reads: Mapping[str, frozenset[str]], planted: Planted = Planted.NOTHING) -> None:
        self.reads = dict(reads)
        self.planted = planted
        self.kept = Journals()
        self._begun = 0
        self.forbidden: set[UUID] = set()
        """People who may write nothing now."""
        self.once_refused: set[UUID] = set()
        self._forked: dict[str, set[tuple[str, UUID]]] = {}
        """Per desk, since its hello, of which journals and devices it showed the entries of a copy."""
        self._missing: dict[tuple[str, UUID, int], int] = {}
        """How often each count was missed in front of entries that had a place once."""

    def backup(self) -> Journals:
        """A copy of all it keeps."""
        return copy.deepcopy(self.kept)

    def restore(self, backup: Journals) -> None:
        """Set it back; the epoch stands in the backup too."""
        self.kept = copy.deepcopy(backup)

    def head(self, journal: str) -> Point:
        links = self.kept.links.get(journal, [])
        return Point(len(links), links[-1] if links else START)

    def answer(self, desk: str, frame: FromDesk) -> tuple[list[Frame], dict[str, Page]]:
        """What it says to that desk, and the new page of each journal for everybody who reads it."""
        match frame:
            case Hello():
                self._look_at(frame.epoch, frame.journals)
                self._forked.pop(desk, None)
                reads = {name: self.head(name) for name in sorted(self.reads[desk])}
                writes = tuple(sorted({*reads, "northside/audit"}))
                return [Welcome(1, "model", self.kept.epoch, 0, reads, writes)], {}
            case Push():
                before = {name: self.head(name) for name in {entry.journal for entry in frame.entries}}
                results = self._push(desk, frame.entries)
                pages = {
                    name: self._page(name, start.seq, 1000)
                    for name, start in before.items()
                    if self.head(name).seq > start.seq
                }
                return [Results(frame.batch, self.kept.epoch, results)], pages
            case Pull():
                if frame.before is not None:
                    start = max(0, frame.before - 1 - frame.limit)
                    page = self._page(frame.journal, start, frame.before - 1 - start)
                else:
                    page = self._page(frame.journal, frame.after, frame.limit)
                return [replace(page, asked=True)], {}
            case Probe():
                links = [START, *self.kept.links.get(frame.journal, [])]
                found = {seq: links[seq] for seq in frame.seqs if seq < len(links)}
                return [Links(frame.journal, self.kept.epoch, found)], {}
            case Beat():
                heads = {name: self.head(name) for name in self.reads[desk]}
                return [Beat(frame.sent_at, 1, self.kept.epoch, heads)], {}

    def _look_at(self, epoch: int, journals: Mapping[str, Point]) -> None:
        if self.planted is Planted.NO_EPOCH or epoch < self.kept.epoch:
            return  # of an earlier epoch: it has yet to look for what was lost
        if epoch > self.kept.epoch:
            self._begin_epoch(epoch)
            return
        for name, point in journals.items():
            links = [START, *self.kept.links.get(name, [])]
            if point.seq >= len(links) or links[point.seq] != point.link:
                self._begin_epoch(self.kept.epoch)
                return

    def _begin_epoch(self, after: int) -> None:
        self._begun += 1  # which no backup sets back: put back twice, it begins two
        self.kept.epoch = after + self._begun

    def _page(self, name: str, after: int, limit: int) -> Page:
        links = [START, *self.kept.links.get(name, [])]
        entries = tuple(self.kept.entries.get(name, [])[after : after + limit])
        end = min(len(links) - 1, after + len(entries))
        if self.planted is Planted.NAIVE_SEQUENCE:
            entries = tuple(entry for entry in entries if entry.seq is None or entry.seq % 7)
        start = min(after, end)
        return Page(name, self.kept.epoch, Point(start, links[start]), entries, Point(end, links[end]), len(links) - 1)

    def _push(self, desk: str, entries: tuple[Entry, ...]) -> tuple[Result, ...]:
        acts: dict[UUID, list[Entry]] = {}
        for entry in entries:
            acts.setdefault(entry.act, []).append(entry)
        results: dict[UUID, Result] = {}
        forked = self._forked.setdefault(desk, set())
        for act in acts.values():
            fresh = [entry for entry in act if not self._had(entry, results)]
            if any(self._is_fork(entry, forked) for entry in fresh):
                forked.update((entry.journal, entry.device) for entry in fresh if entry.n is not None)
                results |= {e.id: Result(e.id, Verdict.REFUSED, refusal=Refusal.FORK, reason="a copy") for e in fresh}
            elif early := self._early(fresh):
                results |= {e.id: Result(e.id, Verdict.WAITS, expected=early) for e in fresh}
            elif any(entry.actor in self.forbidden for entry in fresh):
                for entry in fresh:
                    self._link(entry)
                    self.kept.refused[entry.id] = entry
                    self.once_refused.add(entry.id)
                    results[entry.id] = Result(
                        entry.id, Verdict.REFUSED, refusal=Refusal.PERSON, reason="The person is not known here."
                    )
            else:
                for entry in fresh:
                    self._link(entry)
                    results[entry.id] = self._order(entry)
        return tuple(results.get(entry.id, Result(entry.id, Verdict.WAITS, expected=1)) for entry in entries)

    def _had(self, entry: Entry, results: dict[UUID, Result]) -> bool:
        place = self.kept.places.get(entry.id)
        if place is None or self.planted is Planted.NO_RECEIPTS:
            return False
        if self.kept.entries[entry.journal][place[1] - 1].chain != entry.chain:
            self._link(entry)
            results[entry.id] = Result(entry.id, Verdict.REFUSED, refusal=Refusal.BYTES, reason="Another has the id.")
            return True
        results[entry.id] = Result(entry.id, Verdict.HAD, place[1], 0, self.kept.links[entry.journal][place[1] - 1])
        return True

    def _early(self, act: list[Entry]) -> int | None:
        """The count that must come first, if entries of the device before this act are missing."""
        expected: dict[tuple[str, UUID], int] = {}
        for entry in act:
            if entry.n is None or entry.id in self.kept.refused:
                continue
            key = entry.journal, entry.device
            wanted = expected.get(key, self.kept.devices.get(key, (0, GENESIS))[0] + 1)
            if entry.n > wanted and not self._is_given_up(entry, wanted):
                return wanted
            expected[key] = max(wanted, entry.n + 1)
        return None

    def _is_given_up(self, entry: Entry, wanted: int) -> bool:
        """Whether a count that nobody brings, in front of what was ordered once, was missed for long enough."""
        if entry.seq is None:
            return False
        key = entry.journal, entry.device, wanted
        self._missing[key] = self._missing.get(key, 0) + 1
        return self._missing[key] > LONG

    def _is_fork(self, entry: Entry, forked: set[tuple[str, UUID]]) -> bool:
        if entry.n is None or self.planted is Planted.NO_RECEIPTS:
            return False
        kept = self.kept.refused.get(entry.id)
        if kept is not None and kept.device == entry.device:
            return False
        if (entry.journal, entry.device) in forked:
            return True
        return entry.n <= self.kept.devices.get((entry.journal, entry.device), (0, GENESIS))[0]

    def _is_next(self, entry: Entry) -> bool:
        return (entry.n or 0) > self.kept.devices.get((entry.journal, entry.device), (0, GENESIS))[0]

    def _link(self, entry: Entry) -> None:
        if entry.n is not None and entry.chain is not None and self._is_next(entry):
            self.kept.devices[entry.journal, entry.device] = (entry.n, entry.chain)

    def _order(self, entry: Entry) -> Result:
        self.kept.refused.pop(entry.id, None)
        head = self.head(entry.journal)
        placed = replace(entry, seq=head.seq + 1, received_at=head.seq + 1)
        link = link_after(head.link, placed)
        self.kept.entries.setdefault(entry.journal, []).append(placed)
        self.kept.links.setdefault(entry.journal, []).append(link)
        self.kept.places[entry.id] = (entry.journal, head.seq + 1)
        return Result(entry.id, Verdict.ACCEPTED, head.seq + 1, head.seq + 1, link)
