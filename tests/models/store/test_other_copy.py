"""What a server ordered stands in place of another copy of the same entry: in the journal, and once in the record."""

from collections.abc import Sequence
from uuid import UUID

import pytest
from msgspec.structs import replace

from console.models.call import CallEntered, CallMessaged, CallPictured
from console.models.store import exchange
from console.models.store.exchange import BEGINNING
from console.models.store.store import Store
from tests.support.desk import record_of
from tests.support.entries import CENTER, Author, at, named
from wire.envelope import GENESIS, Entry, chain_value
from wire.messages import Page, Point
from wire.order import link_after

JOURNAL = "northside/operations"
CALL = named("call")


@pytest.fixture
def sharing(store: Store) -> Store:
    """A store that shares, with a call that a server has ordered."""
    with store.write() as transaction:
        exchange.begin(transaction, "http://server")
    take(store, [Author("first").write(CALL, CallEntered("26-1", "WELFARE CHECK", "100 Main St", at()))])
    return store


def take(store: Store, entries: Sequence[Entry]) -> Point:
    """The server orders these entries next, and shows them; returns where the journal ends then."""
    with store.write() as transaction:
        held = exchange.cursors(transaction.connection).get(JOURNAL)
        start = point = held.point if held is not None else BEGINNING
        ordered = []
        for entry in entries:
            ordered.append(replace(entry, seq=point.seq + 1, received_at=1))
            point = Point(point.seq + 1, link_after(point.link, ordered[-1]))
        exchange.take(transaction, Page(JOURNAL, 1, start, tuple(ordered), point, point.seq))
    return point


def counted_by(other: Author, entry: Entry) -> Entry:
    """The same act of the same person, as a copy of the home counted it."""
    n, previous = other.heads.get(entry.journal, (0, GENESIS))
    moved = replace(entry, device=other.device, n=n + 1, chain=None)
    return replace(moved, chain=chain_value(previous, moved))


def is_what_it_folds_to(store: Store) -> bool:
    """Whether the record is what the journal amounts to, folded from the first entry on."""
    before = record_of(store)
    with store.write() as transaction:
        rows = transaction.connection.exec_driver_sql("SELECT DISTINCT subject FROM entry").all()
        transaction.refold([UUID(bytes=row[0]) for row in rows])
    return before == record_of(store)


def test_what_a_copy_of_this_home_sent_first_is_said_once(sharing: Store) -> None:
    said = Author("here").write(CALL, CallMessaged(at(1), "he is on the porch"))
    sharing.append([said])
    take(sharing, [counted_by(Author("copy"), said)])
    assert is_what_it_folds_to(sharing)


def test_a_source_that_another_program_read_is_taken_as_the_server_ordered_it(sharing: Store) -> None:
    """Two versions of the program make the same id and the same body, and say another version in the envelope."""
    picture = Author(center=CENTER).derive(CALL, CallPictured("cad", at(1), "26-1", "WELFARE CHECK", at()))
    sharing.append([picture])
    end = take(sharing, [replace(picture, version=picture.version + 1)])
    with sharing.read() as connection:
        assert exchange.links(connection, JOURNAL, [end.seq]) == {end.seq: end.link}
    assert is_what_it_folds_to(sharing)
