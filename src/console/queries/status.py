"""What works at this desk, for the status screen."""

from dataclasses import dataclass

from console.models.sign_in import SignIn
from console.models.store import calls, journal
from console.models.store.desk import Desk
from console.queries.center import desk_state


@dataclass(frozen=True, slots=True)
class Attention:
    """One entry that makes no sense where it stands, or that a server refused."""

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
    """The desk's numbers and what needs attention. Everyone may read them: they hold no caller's words."""
    with desk.store.read() as connection:
        here = desk_state(desk, connection)
        opened, flagged, whole = calls.counts(connection)
        rows = connection.exec_driver_sql(
            "SELECT entry.kind, coalesce(entry.refused, senseless.reason) FROM entry "
            "LEFT JOIN senseless ON senseless.entry = entry.id "
            "WHERE entry.refused IS NOT NULL OR senseless.reason IS NOT NULL ORDER BY entry.place DESC LIMIT 100"
        )
        attention = tuple(Attention(row[0], row[1]) for row in rows)
        entries = journal.count(connection)
    size = sum(path.stat().st_size for path in desk.store.home.glob("console.db*"))
    return DeskStatus(
        str(desk.store.home), here.code, here.label, here.callback, whole, opened, flagged, entries, size, attention
    )
