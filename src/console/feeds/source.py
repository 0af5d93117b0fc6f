"""The seam between a CAD and the console: whatever speaks for a CAD yields events, and nothing below knows which.

A source says, in the order of its own clock, what is true of a call: a picture, a line of narrative, a flag that a
person typed in CAD, a suggestion of a site rule. It never writes: :mod:`console.feeds.derive` turns events into
entries and :mod:`console.feeds.intake` appends them.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from console.feeds.refusals import Reading
from wire.fold import Body
from wire.journals import derived_id, short_name


class SourceEvent(msgspec.Struct, frozen=True, gc=False):
    """What ``source`` says of one call at one moment of its own clock (``at``, aware UTC)."""

    source: str
    at: datetime
    call: UUID
    bodies: tuple[Body, ...]


class CadSource(Protocol):
    """Something that speaks for a CAD."""

    @property
    def name(self) -> str:
        """The name it acts under: part of every id derived from it."""
        ...

    @property
    def origin(self) -> datetime | None:
        """The source time that stands for "now" when it starts; None for that of its first event.

        Events before it are the past and are delivered at once; later ones wait for their turn.
        """
        ...

    @property
    def reading(self) -> Reading:
        """What has been read so far, and what was refused."""
        ...

    def events(self) -> Iterator[SourceEvent]:
        """The events in source-time order. Raises :class:`KnownError` where the source cannot be read at all."""
        ...


def call_id(center: str, source: str, *identity: str) -> UUID:
    """The subject that is one call: the same on every desk of ``center`` that reads ``source``."""
    return derived_id("call", short_name(center), source, *identity)
