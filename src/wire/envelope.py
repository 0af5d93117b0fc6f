"""The entry: one immutable fact, its exact bytes, and the chain that ties a desk's entries together.

An entry's *body* is the JSON text its author made. It is hashed, stored and sent as that text and parsed only to fold,
so that two programs never disagree about the bytes. ``digest`` is SHA-256 over salt and body: dropping both (erasing)
leaves a digest that cannot be guessed back from a short body. ``chain`` ties each entry of a device in one journal to
the one before it: changing, removing or reordering any of them is found by :func:`verify_chain`.

Times in the envelope are integers, microseconds since 1970-01-01 UTC: exact, small and free of formats.
"""

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from wire.permissions import DERIVED_KINDS, SERVER_KINDS

CHAIN_DOMAIN = b"clinician-console entry chain v1\0"
GENESIS = bytes(32)
"""The chain value before a device's first entry in a journal."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_encode = msgspec.json.Encoder().encode


class Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One immutable fact in one journal.

    ``act`` groups the entries of one thing a person did; they are stored together or not at all. ``n`` is the gapless
    count of this device in this journal. Derived entries (see :func:`derived_id`) have no ``n``, ``salt`` or ``chain``:
    any desk that reads the same source makes the same bytes. ``seq`` and ``received_at`` are a server's, if any.
    A body and salt of ``None`` mean that the entry was erased; its envelope and digest stay.
    """

    id: UUID
    journal: str
    kind: str
    version: int
    subject: UUID
    act: UUID
    actor: UUID
    device: UUID
    n: int | None
    made_at: int
    offset: int | None
    body: str | None
    salt: bytes | None
    digest: bytes
    chain: bytes | None
    seq: int | None = None
    received_at: int | None = None

    @property
    def made(self) -> datetime:
        """When the author's desk says this was made, by that desk's clock. For showing, never for order."""
        return from_micros(self.made_at)


def micros(moment: datetime) -> int:
    """Microseconds since 1970 UTC of an aware ``moment``; raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(value: int) -> datetime:
    """The aware UTC datetime of :func:`micros`."""
    return _EPOCH + timedelta(microseconds=value)


def uuid7(milliseconds: int | None = None) -> UUID:
    """A new UUIDv7 (RFC 9562 section 5.7): time in front, so that inserts stay near each other; never for order."""
    moment = time.time_ns() // 1_000_000 if milliseconds is None else milliseconds
    value = (moment & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def new_salt() -> bytes:
    """Sixteen random bytes, fresh for each entry."""
    return os.urandom(16)


def body_digest(salt: bytes | None, body: str) -> bytes:
    """SHA-256 of salt and body. The salt is length-prefixed so that no two pairs share their bytes."""
    salt = salt or b""
    return hashlib.sha256(len(salt).to_bytes(1, "big") + salt + body.encode()).digest()


def envelope_bytes(entry: Entry) -> bytes:
    """The exact bytes of the envelope that the chain covers: everything its author fixed, except the body."""
    return _encode(
        (
            entry.id,
            entry.journal,
            entry.kind,
            entry.version,
            entry.subject,
            entry.act,
            entry.actor,
            entry.device,
            entry.n,
            entry.made_at,
            entry.offset,
        )
    )


def chain_value(previous: bytes, entry: Entry) -> bytes:
    """SHA-256 of the previous chain value of this device in this journal, the envelope and the digest."""
    return hashlib.sha256(CHAIN_DOMAIN + previous + envelope_bytes(entry) + entry.digest).digest()


class ChainFault(msgspec.Struct, frozen=True):
    """One place where the entries of a device are not what the device made."""

    entry: UUID
    journal: str
    device: UUID
    n: int | None
    says: str


def verify_chain(entries: Iterable[Entry], whole: Callable[[Entry], bool] = lambda entry: True) -> Iterator[ChainFault]:
    """Check entries given per journal and device in ``n`` order; yields each fault, nothing when all is whole.

    A missing *tail* leaves a consistent chain: only someone who saw a later head can tell. Where ``whole`` says of an
    entry that those before it need not be here, a missing one is no fault.
    Erased entries are checked by their kept digest; derived entries by their digest and by what a source may write.
    """
    heads: dict[tuple[str, UUID], tuple[int, bytes]] = {}
    for entry in entries:

        def fault(says: str, entry: Entry = entry) -> ChainFault:
            return ChainFault(entry.id, entry.journal, entry.device, entry.n, says)

        if entry.body is not None and body_digest(entry.salt, entry.body) != entry.digest:
            yield fault("the body is not the one that was written")
        if entry.n is None:
            if not is_derived(entry):
                yield fault("it has no count, and no source can have made it")
            continue
        count, previous = heads.get((entry.journal, entry.device), (0, GENESIS))
        if entry.n > count + 1 and not whole(entry):
            pass  # what its chain goes on from is elsewhere
        elif entry.n != count + 1:
            yield fault(f"entry {count + 1} of this desk should stand here")
        elif chain_value(previous, entry) != entry.chain:
            yield fault("the envelope is not the one that was written, or an entry before it was changed")
        heads[entry.journal, entry.device] = (entry.n, entry.chain or GENESIS)


def derived_entry(
    identity: UUID, journal: str, kind: str, version: int, subject: UUID, source: UUID, made_at: int, body: str
) -> Entry:
    """The form that everyone gives an entry derived from a source: no count, salt or chain, the source its author."""
    return Entry(
        id=identity,
        journal=journal,
        kind=kind,
        version=version,
        subject=subject,
        act=identity,
        actor=source,
        device=source,
        n=None,
        made_at=made_at,
        offset=None,
        body=body,
        salt=None,
        digest=body_digest(None, body),
        chain=None,
    )


def is_derived(entry: Entry) -> bool:
    """Whether an entry without a count has the form that everyone gives an entry derived from a source."""
    return (
        entry.kind in DERIVED_KINDS | SERVER_KINDS
        and entry.actor == entry.device
        and entry.salt is None
        and entry.chain is None
    )
