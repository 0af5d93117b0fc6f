"""One write transaction: what is appended in it and the record that follows from it.

The record of a subject is the fold of its entries in canonical order. Whether what arrives asks for all of them to be
folded again is told by where it stands in that order: what goes behind everything else goes on from the record, what
only gets the place that it was shown at changes nothing, and everything else is folded anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection

from console.errors import KnownError
from console.models.aggregates import aggregate_of
from console.models.changes import Changes
from console.models.store import journal, outbox, record
from console.models.store.recent import Recent
from console.models.store.subjects import State
from wire.envelope import Entry
from wire.fold import Aggregate, Folded
from wire.journals import Audience, audience_of

FEW = 8
"""Subjects up to which the record is gone on from one by one: the entries of more are sooner read all at once."""


@dataclass
class Arrivals:
    """What arrives of one subject, beside how the order of what the store has of it ends; None when it has nothing."""

    held: journal.Standing | None
    fresh: list[Entry] = field(default_factory=list)
    """Entries that the store has not."""
    ordered: list[Entry] = field(default_factory=list)
    """Entries that the store has, and that have their ``seq`` now."""

    def in_order(self) -> list[Entry]:
        """The fresh ones in canonical order: sequenced ones first, then the others as they came."""
        return sorted(self.fresh, key=lambda entry: (entry.seq is None, entry.seq or 0))

    @property
    def keep_the_order(self) -> bool:
        """Whether nothing is fresh, and what is ordered stood so already, right behind what has its place."""
        if self.fresh or self.held is None:
            return False
        ids = tuple(entry.id.bytes for entry in sorted(self.ordered, key=_seq))
        return self._behind(self.ordered) and ids == self.held.waiting[: len(ids)]

    @property
    def stand_last(self) -> bool:
        """Whether all of it is fresh, and goes behind everything that the store has."""
        if self.ordered or self.held is None:
            return False
        placed = [entry for entry in self.fresh if entry.seq is not None]
        return not placed or (self._behind(placed) and not self.held.waiting)

    def _behind(self, placed: Sequence[Entry]) -> bool:
        return self.held is not None and min(map(_seq, placed)) > self.held.last


def _seq(entry: Entry) -> int:
    return entry.seq or 0


class Transaction:
    """One write: everything in it is committed together. Made by :meth:`Store.write`.

    ``senseless`` holds, per entry that this transaction folded and that changed nothing, the reason. ``shares`` says
    that what is appended is to be sent to a server; ``device`` is what the store's own entries are counted under.
    ``provider`` is whose clinical record is kept from now on, "" for no change.
    """

    def __init__(
        self, connection: Connection, recent: Recent, device: UUID, *, shares: bool = False, clinical: bool = True
    ) -> None:
        self.connection = connection
        self.device = device
        self.shares = shares
        self.clinical = clinical
        self.provider = ""
        self._recent = recent
        self.changes = Changes()
        self.unsent: outbox.Unsent | None = None
        """What was appended, and a server has to order."""
        self.senseless: dict[UUID, str] = {}

    def append(self, entries: Sequence[Entry]) -> Changes:
        """Append entries whose ids are new, in this order, and bring the record of every subject they touch up to them.

        Entries that are here already are passed over, so the same delivery twice changes nothing; the ``seq`` of one
        that had none yet is adopted.
        """
        if not entries:
            return Changes()
        standing = journal.standing(self.connection, {entry.subject for entry in entries})
        places = journal.places(self.connection, {entry.id for entry in entries if entry.subject in standing})
        arrivals: dict[UUID, Arrivals] = {}
        fresh: dict[UUID, Entry] = {}
        ordered: dict[UUID, tuple[int, Entry]] = {}
        for entry in entries:
            its = arrivals.get(entry.subject)
            if its is None:
                its = arrivals[entry.subject] = Arrivals(standing.get(entry.subject))
            held = places.get(entry.id.bytes)
            if held is None:
                if entry.id not in fresh:
                    fresh[entry.id] = entry
                    its.fresh.append(entry)
            elif held[1] is None and entry.seq is not None and entry.id not in ordered:
                ordered[entry.id] = held[0], entry
                its.ordered.append(entry)
        if not fresh and not ordered:
            return Changes()
        self._insert(list(fresh.values()))
        if ordered:
            journal.adopt_order(self.connection, ordered.values())
            outbox.take_out(self.connection, [place for place, _ in ordered.values()])
        return self._bring_up(arrivals, (*fresh, *ordered))

    def enter(self, entry: Entry) -> Changes:
        """Append an entry that this desk makes within this transaction.

        It is new, and the last of its subject in canonical order, so the fold goes on from the record. Where it cannot,
        the subject is folded from all of its entries.
        """
        went_on = self._go_on(entry.subject, [entry])
        if went_on is None:
            return self.append([entry])
        self._insert([entry])
        record.write_on(self.connection, [went_on])
        return self._changed({(went_on.aggregate.name, entry.subject)}, (entry.id,))

    def state(self, aggregate: Aggregate[State], subject: UUID) -> Folded[State] | None:
        """The state of one subject as it stands in this transaction; None when the record has no such subject."""
        return self._recent.state(self.connection, aggregate, subject)

    def refold(self, subjects: Iterable[UUID]) -> Changes:
        """Fold these subjects anew from the journal as it stands."""
        wanted = list(subjects)
        if not wanted:
            return Changes()
        self._recent.forget(wanted)
        standing = journal.of_subjects(self.connection, wanted)
        return self._changed(self._fold({each: standing.get(each, []) for each in wanted}, thorough=True), ())

    def refuse(self, entry: UUID, reason: str, *, code: str = "") -> Changes:
        """An entry of this desk was not accepted by whoever orders its journal: it leaves the fold and stays listed.

        One that the server is only too old for (``code`` :attr:`~wire.messages.Refusal.KIND`) goes on counting here.
        """
        return self._set_refused(entry, reason, code)

    def offer_again(self, entry: UUID) -> Changes:
        """A refused entry takes part again, unchanged, at its former place."""
        return self._set_refused(entry, None, "")

    def forget_recent(self) -> None:
        """Entries were changed in another way than by appending: read them anew."""
        self._recent.clear()

    def _set_refused(self, entry: UUID, reason: str | None, code: str) -> Changes:
        subject = journal.set_refused(self.connection, entry, reason, code)
        if subject is None:
            return Changes()
        if self.shares:
            outbox.fill_one(self.connection, entry)
        return self.refold([subject])

    def _insert(self, entries: Sequence[Entry]) -> None:
        if not self.clinical and any(audience_of(entry.journal) is Audience.CLINICAL for entry in entries):
            raise KnownError("This desk is enrolled for operations: it stores no clinical entry, wherever it is from.")
        unsent = tuple(entry for entry in entries if entry.seq is None) if self.shares else ()
        last, waits = outbox.last_places(self.connection) if unsent else (0, 0)
        journal.insert(self.connection, entries)  # each in the place behind the one before
        if unsent:
            places = [place for place, entry in enumerate(entries, last + 1) if entry.seq is None]
            outbox.add(self.connection, places)
            earlier, _, before = self.unsent or ((), 0, waits)
            self.unsent = outbox.Unsent((*earlier, *unsent), places[-1], before)

    def _bring_up(self, arrivals: Mapping[UUID, Arrivals], entries: tuple[UUID, ...]) -> Changes:
        """Bring the record up to what arrived, with as little folding as its place in the order allows."""
        whole: dict[UUID, Sequence[Entry]] = {}
        anew: list[UUID] = []
        went_on: list[record.WentOn] = []
        subjects: set[tuple[str, UUID]] = set()
        few = len(arrivals) <= FEW
        for subject, its in arrivals.items():
            if not its.fresh and not its.ordered:
                continue
            if its.keep_the_order:
                named = (aggregate_of(entry.kind) for entry in its.ordered)
                subjects |= {(aggregate.name, subject) for aggregate in named if aggregate is not None}
            elif its.held is None:
                whole[subject] = its.in_order()
            elif few and its.stand_last and (gone := self._go_on(subject, its.in_order())):
                went_on.append(gone)
                subjects.add((gone.aggregate.name, subject))
            else:
                anew.append(subject)
        record.write_on(self.connection, went_on)
        if anew:
            whole |= journal.of_subjects(self.connection, anew)
        self._recent.forget(whole)
        subjects |= self._fold(whole)
        return self._changed(subjects, entries)

    def _go_on(self, subject: UUID, entries: Sequence[Entry]) -> record.WentOn | None:
        """What the record says of a subject, with these entries behind it; None where that takes all of its entries."""
        aggregate = aggregate_of(entries[0].kind)
        if aggregate is None or any(entry.journal != entries[0].journal for entry in entries):
            return None
        before = self._recent.before(self.connection, aggregate, entries[0])
        if before is None:
            return None
        folded = aggregate.fold(entries, before)
        if folded.senseless or folded.unread:
            return None
        self._recent.went_on(subject, folded)
        return record.WentOn(subject, aggregate, before, folded)

    def _fold(self, touched: Mapping[UUID, Sequence[Entry]], *, thorough: bool = False) -> set[tuple[str, UUID]]:
        folds = [record.fold_subject(subject, its_entries) for subject, its_entries in touched.items()]
        record.write(self.connection, folds, thorough=thorough)
        for fold in folds:
            for each in fold.senseless:
                self.senseless[each.entry] = each.reason
        return {(name, fold.subject) for fold in folds for name in fold.aggregates}

    def _changed(self, subjects: Iterable[tuple[str, UUID]], entries: tuple[UUID, ...]) -> Changes:
        changes = Changes(frozenset(subjects), entries)
        self.changes |= changes
        return changes
