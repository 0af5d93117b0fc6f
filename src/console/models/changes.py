"""What an append changed: the one thing screens are told."""

from collections.abc import Iterable
from uuid import UUID

import msgspec


class Changes(msgspec.Struct, frozen=True):
    """The subjects whose record was folded anew, each as (aggregate, subject), and the entries that caused it."""

    subjects: frozenset[tuple[str, UUID]] = frozenset()
    entries: tuple[UUID, ...] = ()

    def __or__(self, other: "Changes") -> "Changes":
        return Changes(self.subjects | other.subjects, self.entries + other.entries)

    def __bool__(self) -> bool:
        return bool(self.subjects or self.entries)

    def touches(self, *aggregates: str) -> bool:
        """Whether any subject of these aggregates changed."""
        return any(aggregate in aggregates for aggregate, _ in self.subjects)

    def of(self, aggregate: str) -> frozenset[UUID]:
        """The subjects of one aggregate that changed."""
        return frozenset(subject for name, subject in self.subjects if name == aggregate)

    @staticmethod
    def joined(parts: Iterable["Changes"]) -> "Changes":
        """Everything that several appends changed."""
        subjects: set[tuple[str, UUID]] = set()
        entries: list[UUID] = []
        for part in parts:
            subjects |= part.subjects
            entries += part.entries
        return Changes(frozenset(subjects), tuple(entries))
