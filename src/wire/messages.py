"""What a desk and the regional server say to each other: one set of frames, over a websocket or over HTTP.

Every frame is a JSON object with its ``type``. A program ignores members it does not know, so a member may be added
within a protocol version; a new meaning is a new version. :data:`SPOKEN` is the range this program speaks, and
``hello`` settles on the highest that both do. Entries travel whole: of a kind or a body version that one side does not
know, the envelope still says all that ordering and storing need.

A frame of more than :data:`COMPRESS_FROM` bytes travels as zstd, in a binary websocket message or with HTTP's
``Content-Encoding: zstd``; others as UTF-8 text. Neither side reads more than :data:`FRAME_LIMIT` bytes, unpacked.
"""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec

from wire.envelope import Entry
from wire.journals import Audience
from wire.order import Link

SPOKEN = (1, 1)
"""The lowest and the highest protocol version this program speaks."""
COMPRESS_FROM = 2_048
FRAME_LIMIT = 8 * 1_024 * 1_024
MOST_ENTRIES = 500
"""Entries in one push; a page may hold twice as many."""
MOST_BYTES = 1_024 * 1_024
"""Bytes of bodies in one push, unless a single act is larger."""
BEAT_EVERY = 5.0
"""Seconds between two heartbeats of either side."""
SILENT_AFTER = 12.0
"""Seconds without any frame after which either side calls the connection dead."""

Count = Annotated[int, msgspec.Meta(ge=0)]


class Frame(msgspec.Struct, frozen=True, tag_field="type", omit_defaults=True):
    """One message of either side."""


class Point(msgspec.Struct, frozen=True):
    """A place in a journal: everything up to ``seq``, and the link that proves which entries these are."""

    seq: Count
    link: Link


# -- what a desk says ------------------------------------------------------------------------------------------------


class Hello(Frame, frozen=True, tag="hello"):
    """The first frame of a connection. ``journals`` says how far the desk has come in each; ``epoch`` 0 is: never."""

    spoken: tuple[int, int]
    program: str
    epoch: Count
    journals: dict[str, Point]
    unsent: Count = 0


class Push(Frame, frozen=True, tag="push"):
    """Entries to be ordered, each device's in the order of their count; whole acts. Two are under way at most."""

    batch: Count
    entries: tuple[Entry, ...]


class Pull(Frame, frozen=True, tag="pull"):
    """Ask for what stands behind ``after`` in a journal, or, with ``before``, for the last entries in front of it."""

    journal: str
    after: Count = 0
    before: Count | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=2 * MOST_ENTRIES)] = 2 * MOST_ENTRIES


class Probe(Frame, frozen=True, tag="probe"):
    """Ask for the links at some places, to find the last one where desk and server agree."""

    journal: str
    seqs: Annotated[tuple[Count, ...], msgspec.Meta(max_length=256)]


# -- what the server says --------------------------------------------------------------------------------------------


class Welcome(Frame, frozen=True, tag="welcome"):
    """The answer to ``hello``. ``reads`` and ``writes`` name the journals this desk may pull, and push to."""

    protocol: int
    program: str
    epoch: Count
    time: int
    reads: dict[str, Point]
    writes: tuple[str, ...]
    most_entries: int = MOST_ENTRIES
    most_bytes: int = MOST_BYTES


class Verdict(StrEnum):
    """What became of one pushed entry."""

    ACCEPTED = "accepted"
    """It has its place now, durably."""
    HAD = "had"
    """It had its place already."""
    REFUSED = "refused"
    """It is kept by the server, without a place; the desk lists it with the reason and may offer it again."""
    WAITS = "waits"
    """Entries of the same device that come before it are missing: offer it again behind them."""


class Refusal(StrEnum):
    """Why, for programs; the sentence beside it is for people."""

    RIGHT = "right"
    """The actor may not write this kind. Offered again when the administration journal changes."""
    PERSON = "person"
    """The actor is not known, or disabled. Offered again when the administration journal changes."""
    JOURNAL = "journal"
    """This desk may not write to that journal."""
    BYTES = "bytes"
    """The entry is not what its digest or its chain says, or other bytes bear the same id."""
    FORK = "fork"
    """Another entry has this device's count: the store was copied. The desk goes on as a new device."""
    ACT = "act"
    """Another entry of the same act was refused."""
    KIND = "kind"
    """The server is too old to know the kind, in an administration journal. The entry counts at its desk meanwhile."""
    SETTLED = "settled"
    """The center's administration is settled by another desk; this desk's own beginnings do not count."""


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one entry. ``seq`` and ``link`` are there when it has a place."""

    id: UUID
    verdict: Verdict
    seq: int | None = None
    received_at: int | None = None
    link: Link | None = None
    refusal: Refusal | None = None
    reason: str = ""
    expected: int | None = None
    """With WAITS: the count of this device that must come first."""


class Results(Frame, frozen=True, tag="results"):
    """The answer to ``push``, one result an entry, in the same order. Sent only once all is durable."""

    batch: Count
    epoch: Count
    results: tuple[Result, ...]


class Page(Frame, frozen=True, tag="page"):
    """Entries of one journal, contiguous: those behind ``start``. The answer to ``pull``, and sent as they come."""

    journal: str
    epoch: Count
    start: Point
    entries: tuple[Entry, ...]
    end: Point
    head: Count
    asked: bool = False
    """Whether this answers a pull."""


class Links(Frame, frozen=True, tag="links"):
    """The answer to ``probe``: the links there are, by place."""

    journal: str
    epoch: Count
    links: dict[int, Link]


class Bye(Frame, frozen=True, tag="bye"):
    """The last frame of a connection: why, and after how many seconds to try again. ``final``: not without a person."""

    reason: str
    retry_after: float = 0.0
    final: bool = False


# -- both -------------------------------------------------------------------------------------------------------------


class Beat(Frame, frozen=True, tag="beat"):
    """I am here. A desk says when it sent it; the server answers with that, its time, and where its journals end.

    A desk may say how far it has come (``reads``) and how many entries it has still to send (``unsent``); where it
    names no epoch, that is for the operator alone to see. ``last`` says that it leaves with the answer.
    """

    sent_at: int
    time: int = 0
    epoch: Count = 0
    reads: dict[str, Point] = {}
    unsent: Count | None = None
    last: bool = False


FromDesk = Hello | Push | Pull | Probe | Beat
FromServer = Welcome | Results | Page | Links | Beat | Bye


# -- joining and signing in: plain requests, before or beside a connection --------------------------------------------


class JoinRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """A desk uses a one-time code. ``center`` is the short name it was set up under, "" for an empty home.

    ``key`` is the desk's Ed25519 public key, ``proof`` its signature over :func:`join_proof`. With ``look`` nothing is
    joined: the answer says what would be.
    """

    code: str
    desk: UUID
    device: UUID
    key: bytes
    proof: bytes
    center: str = ""
    desk_code: str = ""
    people: tuple[str, ...] = ()
    administration: Count = 0
    """How many entries ``device`` has in the administration journal already: its own beginning. See ``SETTLED``."""
    look: bool = False
    drill: bool = False
    """Whether all of this desk is invented. A drill shares with a drill's server only, and nobody else does."""


class Joined(msgspec.Struct, frozen=True):
    """What a code leads to. ``shared`` are sign-in names that desk and center both know: each becomes one person."""

    center: str
    center_name: str
    audiences: tuple[Audience, ...]
    first: bool
    """Whether the center has no administration yet: this desk brings it."""
    shared: tuple[str, ...] = ()
    desk_code: str = ""
    """What stands on this desk's papers in this center: the code it came with, unless another desk has that."""
    drill: bool = False
    """Whether this is a drill's server."""
    provider: str = ""
    """Whose clinical record the center's clinicians keep; "" while it has no administration yet."""


class ChallengeRequest(msgspec.Struct, frozen=True):
    """A desk wants to connect."""

    desk: UUID


class Challenge(msgspec.Struct, frozen=True):
    """What the desk must sign, see :func:`session_proof`."""

    nonce: bytes


class SessionRequest(msgspec.Struct, frozen=True):
    """The signed challenge. ``device`` is what the desk counts its entries under now."""

    desk: UUID
    device: UUID
    nonce: bytes
    signature: bytes


class Session(msgspec.Struct, frozen=True):
    """A bearer token for this desk, for so many seconds."""

    token: str
    expires_in: int


class SignInRequest(msgspec.Struct, frozen=True):
    """Somebody signs in at this desk for the first time: the server checks the password it knows."""

    name: str
    password: str


class SignedIn(msgspec.Struct, frozen=True):
    """The password was right: its verifier (argon2id), to be kept by the desk, and a token bound to this desk."""

    user: UUID
    verifier: str
    token: str
    expires_in: int


class Verifier(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person's password verifier for the server to keep. ``token`` is theirs or an administrator's.

    None is needed for a person whose verifier the server does not have yet.
    """

    user: UUID
    verifier: str
    changed_at: int
    token: str = ""


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of every HTTP answer of 400 and above: what is wrong and what to do, in a sentence."""

    error: str
    retry_after: float = 0.0


def join_proof(code: str, desk: UUID, key: bytes) -> bytes:
    """The bytes a joining desk signs: it holds the key it names."""
    return b"clinician-console join v1\0" + code.encode() + b"\0" + desk.bytes + key


def session_proof(desk: UUID, device: UUID, nonce: bytes) -> bytes:
    """The bytes a desk signs to open a session."""
    return b"clinician-console session v1\0" + desk.bytes + device.bytes + nonce
