"""What happens to the sync core, and what it asks for. It does nothing itself: a driver carries out its effects.

Every effect that asks something of the store is answered by one event, or by :class:`Lost` where the store could not
do it; in the order of the effects, but for :class:`ReadOutbox`, which is answered beside the others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from console.models.store.exchange import Cursor
from console.models.store.outbox import Unsent
from wire.envelope import Entry
from wire.messages import Frame, FromServer, Page, Point, Result

# -- events: from the transport ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Connected:
    """There is a connection; nothing was said on it yet."""


@dataclass(frozen=True, slots=True)
class Received:
    """The server said this."""

    frame: FromServer


@dataclass(frozen=True, slots=True)
class Lost:
    """There is no connection: it broke, or could not be made. ``final``: not without a person."""

    why: str
    retry_after: float = 0.0
    final: bool = False


# -- events: from the store -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recalled:
    """Answers :class:`Recall`: what the store knows of its exchange with the server."""

    epoch: int
    cursors: Mapping[str, Cursor]
    waiting: int
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Ready:
    """Answers :class:`ReadOutbox`: whole acts to send; ``last`` is the place of the last, ``left`` what is behind.

    ``connection`` is the one that asked.
    """

    entries: tuple[Entry, ...]
    last: int
    left: int
    connection: int = 0


@dataclass(frozen=True, slots=True)
class Stands:
    """Answers :class:`Take`, :class:`TakeOlder`, :class:`SetCursor` and :class:`PutBack`: the cursor as it is now.

    ``copied`` says that the store was found to be a copy, and goes on as a new device; ``offered`` how many refused
    entries were put back among what waits, because the page changed who may do what.
    """

    journal: str
    cursor: Cursor
    waiting: int
    copied: bool = False
    offered: int = 0


@dataclass(frozen=True, slots=True)
class Doubted:
    """Answers :class:`Take` or :class:`TakeOlder`: the page is not what the store holds, or not what it says it is."""

    journal: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class OwnLinks:
    """Answers :class:`ReadLinks`."""

    journal: str
    links: Mapping[int, bytes]


@dataclass(frozen=True, slots=True)
class Noted:
    """Answers :class:`Settle`, :class:`BeginEpoch` and :class:`BecomeNewDevice`.

    ``again`` says that something is to be sent that was passed by already, ``copied`` that the store goes on as a new
    device.
    """

    waiting: int
    refused: int = 0
    again: bool = False
    copied: bool = False


# -- events: from the desk --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entered:
    """Something was entered at this desk, or, with ``again``, offered again: there may be something to send.

    ``unsent`` is what was entered, where that is known.
    """

    again: bool = False
    unsent: Unsent | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passed."""


Event = Connected | Received | Lost | Recalled | Ready | Stands | Doubted | OwnLinks | Noted | Entered | Tick

# -- effects: for the transport ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Connect:
    """Make a connection; answered by :class:`Connected` or :class:`Lost`."""


@dataclass(frozen=True, slots=True)
class Send:
    """Say this to the server."""

    frame: Frame


@dataclass(frozen=True, slots=True)
class Hang:
    """End the connection; nothing that still comes from it counts, and no :class:`Lost` follows."""

    why: str


# -- effects: for the store -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recall:
    """Read where this desk stands."""


@dataclass(frozen=True, slots=True)
class ReadOutbox:
    """Read whole acts to send, behind a place of the outbox, over the connection with this number."""

    behind: int
    most: int
    most_bytes: int
    connection: int = 0


@dataclass(frozen=True, slots=True)
class Take:
    """Store a page of entries that follow what is held."""

    page: Page


@dataclass(frozen=True, slots=True)
class TakeOlder:
    """Store a page of entries that come before what is held."""

    page: Page


@dataclass(frozen=True, slots=True)
class SetCursor:
    """Begin to follow a journal at this point; what is older comes afterwards."""

    journal: str
    point: Point


@dataclass(frozen=True, slots=True)
class Settle:
    """Note what became of pushed entries."""

    entries: tuple[Entry, ...]
    results: tuple[Result, ...]
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadLinks:
    """Work out the links at these places from what is stored, behind a point that is ``known`` where there is one."""

    journal: str
    seqs: tuple[int, ...]
    known: Point | None = None


@dataclass(frozen=True, slots=True)
class PutBack:
    """Everything behind this point is to be sent again: the server lost it."""

    journal: str
    last: Point


@dataclass(frozen=True, slots=True)
class BeginEpoch:
    """Every journal was compared with the server's: go on in its new epoch."""

    epoch: int
    written_only: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BecomeNewDevice:
    """Counts of what is to be sent are taken: count it under a new device, with all that ``others`` made."""

    others: frozenset[UUID] = frozenset()


StoreEffect = (
    Recall | ReadOutbox | Take | TakeOlder | SetCursor | Settle | ReadLinks | PutBack | BeginEpoch | BecomeNewDevice
)

# -- effects: for people ----------------------------------------------------------------------------------------------


class State(StrEnum):
    """Where sharing stands, in the words of the status line."""

    LIVE = "live"
    CATCHING_UP = "catching up"
    OFFLINE = "offline"
    ATTENTION = "needs attention"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the status line says. ``behind`` counts entries still to come, ``older`` older ones, ``waiting`` to go.

    ``since`` is when the connection was lost, in the core's own seconds; ``says`` is for the Status screen.
    """

    state: State
    waiting: int = 0
    behind: int = 0
    older: int = 0
    refused: int = 0
    since: float | None = None
    says: str = ""
    offset: int | None = None
    """How far this desk's clock is from the server's, in microseconds; None until it was measured."""
    journals: Mapping[str, Cursor] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """Sharing stands like this now."""

    standing: Standing


Effect = Connect | Send | Hang | StoreEffect | Report
