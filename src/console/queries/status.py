"""What works at this desk, for the status screen."""

from dataclasses import dataclass
from datetime import datetime

from console.models.sign_in import SignIn
from console.models.store import attention, calls, horizon, journal, people, settled
from console.models.store.desk import Desk
from console.queries.center import desk_state
from console.queries.reading import reader
from wire.journals import Audience
from wire.messages import Refusal

_SHOWN = 100


_DO = {
    Refusal.RIGHT: "An administrator gives them the role; then it goes up by itself",
    Refusal.PERSON: "An administrator adds the person under People; then it goes up by itself",
    Refusal.JOURNAL: "This desk is not enrolled for it: ask the server's operator for another code",
    Refusal.KIND: "It counts at this desk. Once the server is updated, offer it again and every desk has it",
    Refusal.ACT: "It goes with another entry in this list",
    Refusal.BYTES: "Tell whoever looks after the server; the entry stays here",
    Refusal.FORK: "This home was copied; the desk goes on by itself under a new number",
}
"""What a person can do about a refusal."""


@dataclass(frozen=True, slots=True)
class Attention:
    """One entry that makes no sense where it stands, that a server refused, or a setting that cannot be read.

    ``who`` and ``at`` are of the entry, ``do`` is what a person can do; "" and None where there is nothing to say.
    """

    kind: str
    reason: str
    who: str = ""
    at: datetime | None = None
    do: str = ""


@dataclass(frozen=True, slots=True)
class DeskStatus:
    """The desk's own numbers. ``label`` and ``callback`` are what sheets say of it.

    ``settled`` counts what a server did not take and nobody has to do anything about. ``lacks`` is a
    sentence on the day from which these numbers are whole, "" where nothing is missing. ``needing`` counts what
    ``attention`` lists the newest of, and ``hidden`` what stands in journals that the person does not read.
    """

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
    needing: int
    hidden: int
    refused: int
    settled: int
    lacks: str


def desk_status(desk: Desk, sign_in: SignIn) -> DeskStatus:
    """The desk's numbers, and what needs attention of what ``sign_in`` may read. The numbers hold nobody's words."""
    with desk.store.read() as connection:
        sign_in = reader(connection, sign_in, Audience.ADMINISTRATION)
        here = desk_state(desk, connection)
        opened, flagged, whole = calls.counts(connection)
        audiences = [audience for audience in Audience if sign_in.reads(audience)]
        unsettled = tuple(
            Attention(each.kind, each.reason, people.display_name(connection, each.actor), each.made_at, _do(each))
            for each in attention.newest(connection, _SHOWN, audiences)
        )
        entries = journal.count(connection)
        settings = settled.unreadable(connection, desk.defaults, settled.subjects_here(connection, desk.center))
        refused, senseless = attention.counts(connection)
        readable = attention.count(connection, audiences)
        beginnings = attention.settled(connection)
        lacks = horizon.whole(connection, desk.zone)
    unsettled = (*(Attention("setting", each.says) for each in settings), *unsettled)
    size = sum(path.stat().st_size for path in desk.store.home.glob("console.db*"))
    return DeskStatus(
        str(desk.store.home),
        here.code,
        here.label,
        here.callback,
        whole,
        opened,
        flagged,
        entries,
        size,
        unsettled,
        len(settings) + readable,
        refused + senseless - readable,
        refused,
        beginnings,
        lacks,
    )


def _do(listed: attention.Listed) -> str:
    if not listed.refused:
        return ""
    try:
        return _DO.get(Refusal(listed.code), "")
    except ValueError:  # a newer server's reason
        return ""
