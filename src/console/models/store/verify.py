"""Looking at the whole journal: whether it is what its desks wrote, and all of it as text."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import msgspec

from console.models.store import exchange, journal
from console.models.store.store import Store
from wire.envelope import GENESIS, ChainFault, Entry, verify_chain

MOST_FAULTS = 1_000
"""Faults that a report names; the rest are only counted."""

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Chain:
    """One device's entries in one journal: how many, up to which count, and the chain value of the last as hex."""

    journal: str
    device: UUID
    entries: int
    last: int
    head: str


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What :func:`verify` saw. ``derived`` counts entries without a chain; ``faulty`` all faults, named or not.

    ``disordered`` are the journals of which this desk does not hold what the server ordered.
    """

    entries: int
    derived: int
    chains: tuple[Chain, ...]
    faults: tuple[ChainFault, ...]
    faulty: int
    disordered: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing was changed, removed, put in or moved. A cut-off tail shows only against an older report."""
        return self.faulty == 0 and not self.disordered


def verify(store: Store) -> VerifyReport:
    """Check every entry's digest, every desk's chain and every server's order, in one consistent view of the store.

    Of what other desks of a shared journal wrote, not all need be here: what was refused there, or is older than what
    this desk has come to. What is here is proven by the links of the order, up to the one this desk was shown.
    """
    tally = _Tally()
    faults: list[ChainFault] = []
    faulty = 0
    with store.read() as connection:
        cursors = exchange.cursors(connection)
        own = store.device
        chains = tally.through(journal.chains(connection))
        for fault in verify_chain(chains, lambda entry: entry.journal not in cursors or entry.device == own):
            faulty += 1
            if faulty <= MOST_FAULTS:
                faults.append(fault)
        disordered = tuple(
            name
            for name, cursor in sorted(cursors.items())
            if exchange.links(connection, name, [cursor.point.seq]).get(cursor.point.seq) != cursor.point.link
        )
    return VerifyReport(tally.entries, tally.derived, tally.chains(), tuple(faults), faulty, disordered)


class _Tally:
    """Counts entries as they pass."""

    def __init__(self) -> None:
        self.entries = 0
        self.derived = 0
        self._heads: dict[tuple[str, UUID], tuple[int, int, bytes]] = {}

    def through(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        for entry in entries:
            self.entries += 1
            if entry.n is None:
                self.derived += 1
            else:
                key = entry.journal, entry.device
                seen, _, _ = self._heads.get(key, (0, 0, GENESIS))
                self._heads[key] = (seen + 1, entry.n, entry.chain or GENESIS)
            yield entry

    def chains(self) -> tuple[Chain, ...]:
        return tuple(
            Chain(name, device, entries, last, head.hex())
            for (name, device), (entries, last, head) in sorted(self._heads.items())
        )


class Sink(Protocol):
    """Where :func:`export` writes: a binary file, or whatever takes bytes as one does."""

    def write(self, data: bytes, /) -> object: ...


def export(store: Store, sink: Sink, *, reads: Callable[[str], bool] = lambda journal: True) -> tuple[int, int]:
    """Write every entry as one JSON object a line, each journal in canonical order.

    Journals for which ``reads`` says no are left out; returns how many entries were written, and how many left out.

    Ids are text, bytes are hexadecimal, times are the envelope's integers (microseconds since 1970 UTC), and the body
    is the text that was hashed, as a string: whoever has the file can check every digest and chain again.
    """
    written = left_out = 0
    with store.read() as connection:
        for entry, refused in journal.in_order(connection):
            if reads(entry.journal):
                sink.write(_encode(as_exported(entry, refused)) + b"\n")
                written += 1
            else:
                left_out += 1
    return written, left_out


def as_exported(entry: Entry, refused: str | None) -> dict[str, object]:
    """One line of :func:`export`."""
    return {
        "journal": entry.journal,
        "seq": entry.seq,
        "device": entry.device,
        "n": entry.n,
        "id": entry.id,
        "kind": entry.kind,
        "version": entry.version,
        "subject": entry.subject,
        "act": entry.act,
        "actor": entry.actor,
        "made_at": entry.made_at,
        "offset": entry.offset,
        "received_at": entry.received_at,
        "body": entry.body,
        "salt": _hex(entry.salt),
        "digest": entry.digest.hex(),
        "chain": _hex(entry.chain),
        "refused": refused,
    }


def _hex(value: bytes | None) -> str | None:
    return None if value is None else value.hex()
