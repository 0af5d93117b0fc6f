"""The entries of the subjects that were written last, so that the next act about one of them need not read them again.

Only the writer uses this, inside its transactions, and it is the only one who changes the journal: what is kept here is
what a transaction would read. A write that fails forgets all of it.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection

from console.models.store import journal
from console.models.store.journal import Held

MOST = 32
"""Subjects that are kept: the calls and encounters that people work on at one desk."""


class Recent:
    """Reads subjects for a write; keeps those that are written one at a time."""

    def __init__(self) -> None:
        self._kept: dict[UUID, Held] = {}

    def of_subjects(self, connection: Connection, subjects: set[UUID]) -> Held:
        """What the store has of ``subjects``. Whoever appends to one of them adds its entry to what was returned."""
        if len(subjects) != 1:
            self.forget(subjects)
            return journal.of_subjects(connection, subjects)
        (subject,) = subjects
        held = self._kept.pop(subject, None) or journal.of_subjects(connection, subjects)
        self._kept[subject] = held  # the last one is the newest
        if len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]
        return held

    def forget(self, subjects: Iterable[UUID]) -> None:
        """These are about to change in another way than by an entry at their end."""
        for subject in subjects:
            self._kept.pop(subject, None)

    def clear(self) -> None:
        """Nothing that is kept may be relied on."""
        self._kept.clear()
