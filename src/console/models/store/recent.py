"""The states that acts used last, so that the next act about the same call reads nothing again.

Only the writer uses this, inside its transactions, and nobody else changes the record: what is kept here is what a
transaction would read. A write that fails forgets all of it.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from console.models.store import subjects
from console.models.store.subjects import State
from wire.envelope import Entry
from wire.fold import Aggregate, Folded

MOST = 32
"""Subjects that are kept: the people at one desk, and the calls and encounters that they work on."""


class _Kept(NamedTuple):
    """A subject as the record has it. ``journal`` is the one that its row is the fold of, "" for none."""

    aggregate: Aggregate[Any]
    folded: Folded[Any]
    journal: str


class Recent:
    """Reads subjects for acts, and keeps what it read."""

    def __init__(self) -> None:
        self._kept: dict[UUID, _Kept] = {}

    def state(self, connection: Connection, aggregate: Aggregate[State], subject: UUID) -> Folded[State] | None:
        """The state of one subject; None when the record has no such subject."""
        kept = self._kept.pop(subject, None)
        if kept is None or kept.aggregate is not aggregate:
            read = subjects.whole_state(connection, aggregate, subject)
            if read is None:
                return None
            kept = _Kept(aggregate, *read)
        self._keep(subject, kept)
        return kept.folded

    def before(self, connection: Connection, aggregate: Aggregate[State], entry: Entry) -> State | None:
        """The state that ``entry``, the last of its subject, goes on from; None when no row of the record says it.

        A row says it when it is all that the subject's entries amount to: this program understood each of them and
        folded the row, and they stand in one journal.
        """
        folded = self.state(connection, aggregate, entry.subject)
        if folded is None or self._kept[entry.subject].journal != entry.journal:
            return None
        return folded.state

    def went_on(self, subject: UUID, folded: Folded[Any]) -> None:
        """What :meth:`before` gave is now this."""
        self._keep(subject, self._kept.pop(subject)._replace(folded=folded))

    def _keep(self, subject: UUID, kept: _Kept) -> None:
        self._kept[subject] = kept  # the last one is the newest
        if len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]

    def forget(self, changing: Iterable[UUID]) -> None:
        """These are about to change in another way than by an entry at their end."""
        for subject in changing:
            self._kept.pop(subject, None)

    def clear(self) -> None:
        """Nothing that is kept may be relied on."""
        self._kept.clear()
