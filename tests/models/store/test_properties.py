"""The record is the fold of the journal, whatever arrives, in whatever order and however often.

Each history holds every kind of entry, sensible or not: see tests/support/entries.py.
"""

import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from console.models.store import rebuild
from console.models.store.store import Store
from console.models.store.verify import verify
from tests.support.desk import KEY, Record, empty_home, entry_count, record_of
from tests.support.entries import histories, sequenced
from wire.envelope import Entry

DESKS = ("desk", "second", "third")
seeds = st.integers(0, 2**32 - 1).map(random.Random)


@contextmanager
def new_home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="console-property-") as folder:
        yield empty_home(Path(folder))


def folded(entries: Sequence[Entry]) -> Record:
    """The record of a store that got these entries at once, in this order."""
    with new_home() as home, Store.open(home, KEY) as store:
        store.append(entries)
        return record_of(store)


def interleaved(entries: Sequence[Entry], chance: random.Random) -> list[Entry]:
    """The same entries with those of each subject in their order, and the subjects mixed anew."""
    waiting: dict[UUID, list[Entry]] = {}
    for entry in entries:
        waiting.setdefault(entry.subject, []).append(entry)
    mixed = []
    while waiting:
        subject = chance.choice(sorted(waiting))
        mixed.append(waiting[subject].pop(0))
        if not waiting[subject]:
            del waiting[subject]
    return mixed


def delivered(entries: Sequence[Entry], chance: random.Random) -> list[list[Entry]]:
    """The entries in batches of any size, with some that came before delivered again among them."""
    batches: list[list[Entry]] = [[]]
    for place, entry in enumerate(entries):
        if chance.random() < 0.4:
            batches.append([])
        batches[-1].append(entry)
        if chance.random() < 0.3:
            batches[-1].append(entries[chance.randrange(place + 1)])
    return batches


def live(home: Path, batches: Sequence[Sequence[Entry]], chance: random.Random) -> Record:
    """The record after the batches, with the store closed and opened again here and there."""
    store = Store.open(home, KEY)
    try:
        for batch in batches:
            store.append(batch)
            if chance.random() < 0.2:
                store.close()
                store = Store.open(home, KEY)
        return record_of(store)
    finally:
        store.close()


@given(histories(), seeds)
def test_interleaving_duplication_and_restarts_do_not_matter(entries: list[Entry], chance: random.Random) -> None:
    with new_home() as home:
        assert live(home, delivered(interleaved(entries, chance), chance), chance) == folded(entries)


@given(histories(desks=DESKS), seeds)
def test_sequenced_entries_may_arrive_in_any_order(entries: list[Entry], chance: random.Random) -> None:
    ordered = sequenced(entries)
    arriving = chance.sample(ordered, len(ordered))
    with new_home() as home:
        assert live(home, delivered(arriving, chance), chance) == folded(ordered)


@given(histories(desks=DESKS, most=30), seeds)
def test_desks_that_hold_the_same_sequenced_entries_hold_the_same_record(
    entries: list[Entry], chance: random.Random
) -> None:
    """Each desk makes its own first, then gets everything back from the server in the server's order."""
    ordered = sequenced(interleaved(entries, chance))
    records = []
    for device in sorted({entry.device for entry in entries}):
        mine = [entry for entry in entries if entry.device == device]
        arriving = chance.sample(ordered, len(ordered))
        with new_home() as home:
            records.append(live(home, [mine, *delivered(arriving, chance)], chance))
    assert all(record == records[0] for record in records)
    assert not records or records[0] == folded(ordered)


@given(histories(desks=("second", "third")), histories(), seeds)
def test_what_is_still_to_be_sent_stands_after_what_is_sequenced(
    theirs: list[Entry], mine: list[Entry], chance: random.Random
) -> None:
    known = {entry.id for entry in mine}
    ordered = sequenced([entry for entry in theirs if entry.id not in known])
    batches = delivered(
        [*mine[: len(mine) // 2], *chance.sample(ordered, len(ordered)), *mine[len(mine) // 2 :]], chance
    )
    with new_home() as home:
        assert live(home, batches, chance) == folded([*ordered, *mine])


@given(histories(), st.data())
def test_refused_entries_leave_the_fold_and_come_back_unchanged(entries: list[Entry], data: st.DataObject) -> None:
    refused = data.draw(st.sets(st.sampled_from(entries).map(lambda entry: entry.id))) if entries else set()
    standing = [entry for entry in entries if entry.id not in refused]
    with new_home() as home, Store.open(home, KEY) as store:
        store.append(entries)
        with store.write() as transaction:
            for entry in sorted(refused):
                transaction.refuse(entry, "not this desk")
        assert record_of(store) == folded(standing)
        assert rebuild.rebuild(store).same
        with store.write() as transaction:
            for entry in sorted(refused):
                transaction.offer_again(entry)
        assert record_of(store) == folded(entries)


@given(histories(desks=("second", "third")), histories(), seeds)
def test_what_acts_enter_is_what_a_delivery_of_the_same_would_be(
    theirs: list[Entry], mine: list[Entry], chance: random.Random
) -> None:
    """Between acts come entries of others; some acts are refused, some fail, and the desk restarts here and there."""
    known = {entry.id for entry in mine}
    ordered = sequenced([entry for entry in theirs if entry.id not in known])
    arriving, entered, refused = chance.sample(ordered, len(ordered)), [], set[UUID]()
    with new_home() as home:
        store = Store.open(home, KEY)
        try:
            for entry in mine:
                if chance.random() < 0.1:
                    store.close()
                    store = Store.open(home, KEY)
                if arriving and chance.random() < 0.3:
                    store.append([arriving.pop()])
                if entered and chance.random() < 0.1:
                    refused.add(chance.choice(entered).id)
                    with store.write() as transaction:
                        for each in refused:
                            transaction.refuse(each, "not this desk")
                if chance.random() < 0.1:
                    fail(store, entry)
                with store.write() as transaction:
                    transaction.enter(entry)
                entered.append(entry)
            store.append(arriving)
            assert record_of(store) == folded([*ordered, *(entry for entry in mine if entry.id not in refused)])
            assert rebuild.rebuild(store).same
        finally:
            store.close()


def fail(store: Store, entry: Entry) -> None:
    """Enter it in a transaction that is not committed."""
    with suppress(ZeroDivisionError), store.write() as transaction:
        transaction.enter(entry)
        raise ZeroDivisionError


@given(histories(desks=DESKS), seeds)
def test_rebuilding_finds_nothing_to_do(entries: list[Entry], chance: random.Random) -> None:
    with new_home() as home:
        before = live(home, delivered(entries, chance), chance)
        with Store.open(home, KEY) as store:
            report = rebuild.rebuild(store)
            assert report.differences == ()
            assert report.subjects == len({entry.subject for entry in entries})
            assert record_of(store) == before
            assert verify(store).whole
            assert entry_count(store) == len(entries)


@given(histories(), seeds)
def test_a_record_that_was_deleted_is_made_again_byte_for_byte(entries: list[Entry], chance: random.Random) -> None:
    with new_home() as home, Store.open(home, KEY) as store:
        store.append(entries)
        before = record_of(store)
        with store.write() as transaction:
            for name in (*rebuild.AGGREGATES, "senseless", "service_search"):
                if chance.random() < 0.7:
                    transaction.connection.exec_driver_sql(f'DELETE FROM "{name}"')
        rebuild.rebuild(store)
        assert record_of(store) == before
        assert rebuild.rebuild(store).same
