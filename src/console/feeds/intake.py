"""The way in: events become entries and are appended, each batch in one transaction."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from console.feeds.derive import Deriver
from console.feeds.source import SourceEvent
from console.models.changes import Changes
from wire.envelope import Entry

MOST_ENTRIES = 500
"""Entries in one transaction, at most by more than one event's."""


class Journal(Protocol):
    """What takes entries: the store. Entries that it has already are passed over."""

    def append(self, entries: Sequence[Entry]) -> Changes:
        """Append in one transaction."""
        ...


class Intake:
    """Takes the events of one feed into the journal of ``center``. Not for the GUI thread, nor for two at once."""

    def __init__(self, journal: Journal, center: str) -> None:
        self._journal = journal
        self._deriver = Deriver(center)

    def take(self, events: Sequence[SourceEvent]) -> Changes:
        """Append what the events say; returns what changed. The same events again change nothing.

        Raises :class:`KnownError` when the store cannot be written; nothing of that transaction was then taken.
        """
        self._deriver.begin()
        try:
            return Changes.joined(self._journal.append(entries) for entries in self._batches(events))
        except BaseException:
            self._deriver.again()  # pictures that were not taken must be news when they come again
            raise

    def _batches(self, events: Sequence[SourceEvent]) -> Iterator[list[Entry]]:
        entries: list[Entry] = []
        for event in events:
            entries += self._deriver.entries(event)
            if len(entries) >= MOST_ENTRIES:
                yield entries
                entries = []
        if entries:
            yield entries
