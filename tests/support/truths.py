"""What must be true of simulated desks and their server, whatever happened: the invariants that sharing promises."""

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from console.models.call import CallClaimed
from console.models.call_fold import CALL
from console.models.store import exchange, journal, outbox, rebuild, subjects
from console.models.store.desk import Desk
from console.queries.lost import lost_claims
from console.sync.core import Core
from console.sync.events import Standing, StoreEffect
from tests.support.desk import Record, person, record_of
from tests.support.entries import CENTER
from tests.support.model_server import ModelServer
from wire.envelope import Entry, body_digest, chain_value
from wire.order import START, link_after

OPERATIONS, CLINICAL = f"{CENTER}/operations", "lakeside/clinical"
ADMINISTRATION, AUDIT = f"{CENTER}/administration", f"{CENTER}/audit"
CLINICIANS = ("clinician", "second clinician")
ON_OPERATIONS = frozenset({OPERATIONS, ADMINISTRATION})
ON_CLINICAL = ON_OPERATIONS | {CLINICAL}


@dataclass
class SimDesk:
    """One desk: its store outlives its program."""

    name: str
    desk: Desk
    core: Core
    life: int = 0
    line: int | None = None
    standing: Standing | None = None
    writing: list[StoreEffect] = field(default_factory=list)
    looking: list[StoreEffect] = field(default_factory=list)
    """What the store is asked for beside what it writes; the first of each is being done."""
    copies: list[Path] = field(default_factory=list)


class Truths:
    """The state of a run, and what is checked of it."""

    server: ModelServer
    desks: list[SimDesk]
    oracle: dict[UUID, Entry]

    @staticmethod
    def entries(desk: SimDesk) -> list[Entry]:
        """All that the desk holds."""
        with desk.desk.store.read() as connection:
            return [entry for entry, _ in journal.in_order(connection)]

    def check_always(self) -> None:
        """I3, I4, I8: what holds at every moment."""
        for each in self.desks:
            with each.desk.store.read() as connection:
                for name, cursor in exchange.cursors(connection).items():
                    if name in self.server.reads[each.name]:
                        held = exchange.links(connection, name, [cursor.point.seq])
                        assert held.get(cursor.point.seq) == cursor.point.link, f"{each.name}: cursor without entries"
                if CLINICAL not in self.server.reads[each.name]:
                    told = "SELECT count(*) FROM entry WHERE journal = ?"
                    assert connection.exec_driver_sql(told, (CLINICAL,)).scalar_one() == 0, "clinical at operations"

    def check_end(self) -> None:
        """I1, I2, I5, I6, I7, I11, I12: what holds once everything has come to rest."""
        kept = self.server.kept
        for identity, entry in self.oracle.items():
            assert identity in kept.places, f"lost: {entry.kind} {identity}"
        for name, entries in kept.entries.items():
            ids = [entry.id for entry in entries]
            assert len(set(ids)) == len(ids), f"doubled in {name}"
            assert [entry.seq for entry in entries] == list(range(1, len(ids) + 1))
            heads: dict[UUID, int] = {}
            for entry in entries:
                if entry.n is not None and entry.id not in self.server.once_refused:
                    assert entry.n > heads.get(entry.device, 0), f"{name}: out of the device's order"
                    heads[entry.device] = entry.n
        for each in self.desks:
            with each.desk.store.read() as connection:
                assert outbox.count(connection) == 0, f"{each.name}: something was never sent"
                cursors = exchange.cursors(connection)
                for name in self.server.reads[each.name]:
                    theirs = [(entry.id, entry.seq) for entry in kept.entries.get(name, [])]
                    found = connection.exec_driver_sql(
                        "SELECT id, seq FROM entry WHERE journal = ? ORDER BY seq", (name,)
                    )
                    assert [(UUID(bytes=row[0]), row[1]) for row in found] == theirs, f"{each.name}: {name} differs"
                    assert not theirs or cursors[name].point == self.server.head(name)
            again = rebuild.rebuild(each.desk.store)
            assert again.same, f"{each.name}: its record is not what its journal folds to: {again.differences[:3]}"
        self._check_proofs()
        calls = [record_of(each.desk.store)["call"] for each in self.desks]
        assert all(each == calls[0] for each in calls), "I6: another holder, or another call, at another desk"
        for each in self.desks:
            assert rebuild.rebuild(each.desk.store).same, f"{each.name}: the record is not the fold of the journal"
            self._check_overlaps(each)
        for audience in (ON_CLINICAL, ON_OPERATIONS):
            records = [self._shared_record(each) for each in self.desks if self.server.reads[each.name] == audience]
            assert all(record == records[0] for record in records[1:]), "the same entries, and another record"

    def _check_overlaps(self, desk: SimDesk) -> None:
        """I7: whoever took a call that is another's hears of it, at whatever desk they sit; and nobody else does."""
        with desk.desk.store.read() as connection:
            kept = self.server.kept.entries.get(OPERATIONS, [])
            calls = subjects.states(connection, CALL, {entry.subject for entry in kept})
            for name in CLINICIANS:
                who = person(name)
                took = {entry.subject for entry in kept if entry.kind == CallClaimed.KIND and entry.actor == who.user}
                others = {
                    call
                    for call, state in calls.items()
                    if call in took and state.claim is not None and state.claim.owner != who.user
                }
                told = {each.call for each in lost_claims(connection, who) if each.owner is not None}
                assert told == others, f"I7: {desk.name} tells {name} of {len(told)} overlaps, not of {len(others)}"

    def _check_proofs(self) -> None:
        """I9, I10, I13: nothing that was saved is changed, all of it is proven, and no count was given to two."""
        kept = self.server.kept
        for name, entries in kept.entries.items():
            link, counted = START, dict[tuple[UUID, int], Entry]()
            for entry, theirs in zip(entries, kept.links[name], strict=True):
                link = link_after(link, entry)
                assert link == theirs, f"I10: the link of {name} at {entry.seq} proves something else"
                assert entry.body is not None
                assert body_digest(entry.salt, entry.body) == entry.digest, f"I10: {entry.id} has another body"
                if entry.n is not None:
                    assert (entry.device, entry.n) not in counted, f"I13: a fork went in: {name} {entry.id}"
                    counted[entry.device, entry.n] = entry
            for (device, n), entry in counted.items():
                if (before := counted.get((device, n - 1))) is not None and before.chain is not None:
                    assert chain_value(before.chain, entry) == entry.chain, f"I10: the chain breaks at {entry.id}"
        for holder, entries in [("server", [each for name in kept.entries.values() for each in name])] + [
            (each.name, self.entries(each)) for each in self.desks
        ]:
            for entry in entries:
                if (saved := self.oracle.get(entry.id)) is not None:
                    assert _what_was_said(entry) == _what_was_said(saved), f"I9: {holder} has another {entry.id}"

    @staticmethod
    def _shared_record(desk: SimDesk) -> Record:
        """What desks of one audience must all say; the audit of each is its own."""
        return {table: rows for table, rows in record_of(desk.desk.store).items() if table != "audit"}


def _what_was_said(entry: Entry) -> tuple[object, ...]:
    """What nothing may change of an entry: which desk counts it, and where it stands, may become another's."""
    return entry.kind, entry.version, entry.subject, entry.act, entry.actor, entry.made_at, entry.body, entry.digest
