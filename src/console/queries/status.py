"""What works at this desk, for the status screen."""

from dataclasses import dataclass

from console.models.sign_in import SignIn
from console.models.store import attention, calls, journal, settled
from console.models.store.desk import Desk
from console.queries.center import desk_state
from console.queries.reading import reader
from wire.journals import Audience

_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Attention:
    """One entry that makes no sense where it stands, that a server refused, or a setting that cannot be read."""

    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeskStatus:
    """The desk's own numbers. ``label`` and ``callback`` are what sheets say of it."""

    home: str
    code: str
    label: str
    callback: str
    calls: int
    open: int
    flagged: int
    entries: int
    bytes: int
    attention: tuple[Attention, ...]


def desk_status(desk: Desk, sign_in: SignIn) -> DeskStatus:
    """The desk's numbers, and what needs attention of what ``sign_in`` may read. The numbers hold nobody's words."""
    with desk.store.read() as connection:
        sign_in = reader(connection, sign_in, Audience.ADMINISTRATION)
        here = desk_state(desk, connection)
        opened, flagged, whole = calls.counts(connection)
        audiences = [audience for audience in Audience if sign_in.reads(audience)]
        unsettled = tuple(Attention(kind, reason) for kind, reason in attention.newest(connection, _SHOWN, audiences))
        entries = journal.count(connection)
        settings = settled.unreadable(connection, desk.defaults, settled.subjects_here(connection, desk.center))
    unsettled = (*(Attention("setting", each.says) for each in settings), *unsettled)
    size = sum(path.stat().st_size for path in desk.store.home.glob("console.db*"))
    return DeskStatus(
        str(desk.store.home), here.code, here.label, here.callback, whole, opened, flagged, entries, size, unsettled
    )
