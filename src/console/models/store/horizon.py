"""The horizon: calls that nobody worked on lose their content some time after CAD last said anything of them.

What goes is the body of each entry, and with it the call's row in the record. Envelopes, digests and places stay, so
that cursors, links and chains go on holding, and the same picture read once more is known to be here. Only what a CAD
source wrote is ever dropped: such entries have no count and no chain of a desk, and every desk that still holds one can
give it to a server that lost it.
"""

from datetime import datetime, tzinfo
from uuid import UUID

from sqlalchemy import Connection

from console.models.call import CallNarrated, CallPictured
from console.models.store import exchange
from console.models.store.desk import Desk
from console.models.store.store import Store, set_fact
from console.models.store.transaction import Transaction
from wire.envelope import from_micros, micros
from wire.journals import Audience, audience_of

SLICE = 50
"""Calls that one transaction looks at, so that a person who acts meanwhile waits for a moment only."""
DROPPED = (
    "The details of this call are past the horizon: nobody worked on it, and what CAD said of it was dropped for good "
    "some time after CAD's last word."
)
_FACT = "horizon"
_DAY = 86_400 * 1_000_000
_SOURCES_ONLY = (CallPictured.KIND, CallNarrated.KIND)

# A draft, a sheet or an encounter is work, whatever the call's own entries say. What is still to be sent, or was
# refused and may be offered again, needs its body.
_LOOK = """
    SELECT row, touched_at, subject,
        NOT EXISTS (
            SELECT 1 FROM entry WHERE entry.subject = call.subject AND (
                kind NOT IN (?, ?) OR n IS NOT NULL OR made_at >= ? OR refused IS NOT NULL
                OR EXISTS (SELECT 1 FROM outbox WHERE outbox.place = entry.place)
            )
        )
        AND NOT EXISTS (SELECT 1 FROM draft WHERE draft.subject = call.subject)
        AND NOT EXISTS (SELECT 1 FROM sheet WHERE sheet.call = call.subject)
        AND NOT EXISTS (SELECT 1 FROM encounter WHERE encounter.call = call.subject)
    FROM call WHERE (touched_at, row) > (?, ?) AND touched_at < ? AND open = 0 ORDER BY touched_at, row LIMIT ?
"""


class Sweep:
    """One pass over a desk's calls, the longest untouched first, in slices. Not for the GUI thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._before: int | None = None
        self._behind = (-1, 0)
        self.dropped = 0
        """How many calls lost their content so far."""

    def step(self) -> bool:
        """Look at the next slice, and drop what is past the horizon; False when the pass is over.

        Raises what the store raises; nothing of that slice is dropped then.
        """
        store = self._desk.store
        with store.write() as transaction:
            if self._before is None:
                days = self._desk.lists.center(transaction.connection).horizon_days
                if not days or _older_to_come(transaction.connection):
                    return False
                self._before = self._now(transaction.connection) - days * _DAY
            more = self._slice(transaction, self._before)
        if not more and self.dropped:
            store.empty_log()
        return more

    def _now(self, connection: Connection) -> int:
        """By the server's clock where it was heard, but not later than the newest call: no clock alone drops any."""
        newest = connection.exec_driver_sql("SELECT coalesce(max(touched_at), 0) FROM call").scalar_one()
        return min(micros(self._desk.clock.now()) + (self._desk.store.offset or 0), int(newest))

    def _slice(self, transaction: Transaction, before: int) -> bool:
        rows = transaction.connection.exec_driver_sql(
            _LOOK, (*_SOURCES_ONLY, before, *self._behind, before, SLICE)
        ).all()
        untouched = [UUID(bytes=row[2]) for row in rows if row[3]]
        if untouched:
            drop(transaction, untouched)
            earlier = Store.fact(transaction.connection, _FACT)
            set_fact(transaction.connection, _FACT, str(max(before, int(earlier or before))))
            self.dropped += len(untouched)
        if rows:
            self._behind = (rows[-1][1], rows[-1][0])
        return len(rows) == SLICE


def drop(transaction: Transaction, calls: list[UUID]) -> None:
    """Take away what the entries of these calls say, and with it the calls' rows."""
    transaction.connection.exec_driver_sql(
        "UPDATE entry SET body = NULL, salt = NULL WHERE subject = ?", [(call.bytes,) for call in calls]
    )
    transaction.refold(calls)


def is_dropped(connection: Connection, subject: UUID) -> bool:
    """Whether entries of this subject are here, and the content of none of them."""
    says = "SELECT max(body IS NOT NULL) FROM entry WHERE subject = ?"
    return bool(connection.exec_driver_sql(says, (subject.bytes,)).scalar_one() == 0)


def missing(connection: Connection, subject: UUID, what: str = "call") -> str:
    """Why a subject that has no state is not here, in a sentence."""
    return DROPPED if is_dropped(connection, subject) else f"This {what} is not known here."


def dropped_by_id_prefix(connection: Connection, prefix: str) -> list[UUID]:
    """The calls past the horizon whose id begins with these hexadecimal digits (at most three are looked for)."""
    if not Store.fact(connection, _FACT):
        return []
    first, last = (bytes.fromhex(prefix.replace("-", "")[:32].ljust(32, fill)) for fill in "0f")
    rows = connection.exec_driver_sql(
        "SELECT subject FROM entry WHERE subject BETWEEN ? AND ? GROUP BY subject HAVING max(body IS NOT NULL) = 0 "
        "LIMIT 3",
        (first, last),
    )
    return [UUID(bytes=row[0]) for row in rows]


def whole_from(connection: Connection) -> datetime | None:
    """The moment from which all is here: older entries have yet to come, or were dropped. None where nothing lacks."""
    return max(filter(None, (exchange.whole_from(connection), _dropped_before(connection))), default=None)


def whole(connection: Connection, zone: tzinfo) -> str:
    """From which day on totals of this desk are whole, and why not before, in a sentence; "" where nothing lacks."""
    since = whole_from(connection)
    if since is None:
        return ""
    why = ["older entries still come in"] if exchange.whole_from(connection) else []
    if _dropped_before(connection):
        why.append("of older calls those that nobody worked on were dropped")
    return f"This desk is whole from {since.astimezone(zone):%Y-%m-%d %H:%M} on: {', and '.join(why)}."


def _dropped_before(connection: Connection) -> datetime | None:
    text = Store.fact(connection, _FACT)
    return from_micros(int(text)) if text else None


def _older_to_come(connection: Connection) -> bool:
    """Whether this desk lacks the beginning of a journal of calls, which may hold what somebody did about one."""
    cursors = exchange.cursors(connection)
    return any(each.floor.seq for name, each in cursors.items() if audience_of(name) is Audience.OPERATIONS)
