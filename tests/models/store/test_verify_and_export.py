"""The whole journal checked, and all of it as text."""

import io
import json
from typing import Any
from uuid import UUID

import msgspec
import pytest

from console.errors import KnownError
from console.models.call import CallEntered, CallMessaged, CallPictured
from console.models.encounter import EncounterStarted
from console.models.store import exchange, verify
from console.models.store.store import Store
from tests.support.entries import CENTER, Author, at, named, sequenced
from wire.envelope import Entry, verify_chain
from wire.messages import Page, Point
from wire.order import START, link_at_end

CALL = named("call")
OPERATIONS = f"{CENTER}/operations"
SAID = CallMessaged(at(3), "said")


@pytest.fixture
def written(store: Store) -> list[Entry]:
    author = Author()
    entries = [
        author.write(CALL, CallEntered("26-1", "WELFARE CHECK", "100 Main St", at())),
        author.derive(CALL, CallPictured("cad", at(1), "26-1", "CRISIS", at())),
        author.write(CALL, CallMessaged(at(2), "schön")),
        author.write(named("e"), EncounterStarted(at(3), "transferred", CALL)),
        Author("other").write(CALL, CallMessaged(at(4), "hello")),
    ]
    store.append(entries)
    return entries


def tamper(store: Store, statement: str, *values: Any) -> None:
    """Change the journal as only somebody with the key and another program can."""
    with store.write() as transaction:
        assert transaction.connection.exec_driver_sql(statement, values).rowcount == 1


def test_what_was_written_is_whole(store: Store, written: list[Entry]) -> None:
    report = verify.verify(store)
    assert report.whole
    assert (report.entries, report.derived, report.faulty, report.faults) == (5, 1, 0, ())
    heads = {(chain.journal, chain.device): (chain.entries, chain.last, chain.head) for chain in report.chains}
    assert len(heads) == 3
    assert heads[OPERATIONS, Author().device] == (2, 2, (written[2].chain or b"").hex())


def test_an_empty_journal_is_whole(store: Store) -> None:
    assert verify.verify(store) == verify.VerifyReport(0, 0, (), (), 0)


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE entry SET body = '{}' WHERE id = ?", 2),
        ("UPDATE entry SET actor = zeroblob(16) WHERE id = ?", 2),
        ("UPDATE entry SET made_at = made_at + 1 WHERE id = ?", 0),
        ("UPDATE entry SET kind = 'call.claimed' WHERE id = ?", 2),
        ("UPDATE entry SET chain = NULL WHERE id = ?", 0),
        ("UPDATE entry SET n = NULL WHERE id = ?", 2),
        ('UPDATE entry SET body = \'{"source":"x"}\' WHERE id = ?', 1),
    ],
)
def test_a_changed_entry_is_found_and_named(store: Store, written: list[Entry], statement: str, place: int) -> None:
    tamper(store, statement, written[place].id.bytes)
    report = verify.verify(store)
    assert not report.whole
    assert written[place].id in {fault.entry for fault in report.faults}


def test_a_removed_entry_is_found(store: Store, written: list[Entry]) -> None:
    tamper(store, "DELETE FROM entry WHERE id = ?", written[0].id.bytes)
    (fault,) = verify.verify(store).faults
    assert (fault.entry, fault.says) == (written[2].id, "entry 1 of this desk should stand here")


def test_a_removed_tail_shows_only_against_an_older_report(store: Store, written: list[Entry]) -> None:
    before = verify.verify(store)
    tamper(store, "DELETE FROM entry WHERE id = ?", written[4].id.bytes)
    after = verify.verify(store)
    assert after.whole
    assert (before.entries, after.entries) == (5, 4)
    assert set(after.chains) < set(before.chains)


@pytest.fixture
def shared(store: Store) -> list[Entry]:
    """What a server ordered; another desk's second entry was refused, and its first is older than what is here."""
    mine, theirs = Author(), Author("other")
    first, refused = theirs.write(CALL, CallMessaged(at(), "older")), theirs.write(CALL, CallMessaged(at(1), "refused"))
    own = mine.write(CALL, CallEntered("26-1", "WELFARE CHECK", "100 Main St", at()))
    ordered = sequenced([first, own, theirs.write(CALL, CallMessaged(at(2), "hello")), mine.write(CALL, SAID)])
    floor = Point(1, link_at_end(START, ordered[:1]))
    end = Point(4, link_at_end(START, ordered))
    with store.write() as transaction:
        transaction.device = mine.device
        exchange.set_cursor(transaction, OPERATIONS, floor, floor)
        exchange.take(transaction, Page(OPERATIONS, 1, floor, tuple(ordered[1:]), end, 4))
    assert refused.n == 2
    return ordered[1:]


def test_what_another_desk_was_refused_or_has_yet_to_come_is_no_fault(store: Store, shared: list[Entry]) -> None:
    report = verify.verify(store)
    assert (report.whole, report.entries, report.faults) == (True, 3, ())


@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_was_removed_of_an_order_is_missed(store: Store, shared: list[Entry], place: int) -> None:
    tamper(store, "DELETE FROM entry WHERE id = ?", shared[place].id.bytes)
    report = verify.verify(store)
    assert (report.whole, report.disordered) == (False, (OPERATIONS,))


def test_a_report_names_some_faults_and_counts_them_all(
    store: Store, written: list[Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "MOST_FAULTS", 2)
    with store.write() as transaction:
        transaction.connection.exec_driver_sql("UPDATE entry SET body = body || ' '")
    report = verify.verify(store)
    assert (report.faulty, len(report.faults)) == (5, 2)


def exported(store: Store) -> list[dict[str, Any]]:
    sink = io.BytesIO()
    count, left_out = verify.export(store, sink)
    lines = sink.getvalue().decode().splitlines()
    assert (len(lines), left_out) == (count, 0)
    return [json.loads(line) for line in lines]


def test_every_entry_is_one_line_of_json(store: Store, written: list[Entry]) -> None:
    lines = exported(store)
    assert [line["id"] for line in lines if line["journal"] == OPERATIONS] == [
        str(written[place].id) for place in (0, 1, 2, 4)
    ]
    (line,) = [line for line in lines if line["id"] == str(written[2].id)]
    entry = written[2]
    assert line == {
        "journal": OPERATIONS,
        "seq": None,
        "device": str(entry.device),
        "n": 2,
        "id": str(entry.id),
        "kind": "call.messaged",
        "version": 1,
        "subject": str(CALL),
        "act": str(entry.act),
        "actor": str(entry.actor),
        "made_at": entry.made_at,
        "offset": None,
        "received_at": None,
        "body": '{"at":"2026-11-21T22:00:02Z","text":"schön"}',
        "salt": (entry.salt or b"").hex(),
        "digest": entry.digest.hex(),
        "chain": (entry.chain or b"").hex(),
        "refused": None,
    }


def test_whoever_has_the_export_can_check_it_again(store: Store, written: list[Entry]) -> None:
    back = []
    for line in exported(store):
        line.pop("refused")
        for name in ("salt", "digest", "chain"):
            line[name] = None if line[name] is None else bytes.fromhex(line[name])
        for name in ("id", "subject", "act", "actor", "device"):
            line[name] = UUID(line[name])
        back.append(msgspec.convert(line, Entry))
    back.sort(key=lambda entry: (entry.journal, entry.device, entry.n or 0))
    assert list(verify_chain(back)) == []
    assert sorted(entry.id for entry in back) == sorted(entry.id for entry in written)


def test_the_export_is_in_canonical_order_and_says_what_was_refused(store: Store, written: list[Entry]) -> None:
    with store.write() as transaction:
        transaction.refuse(written[2].id, "not this desk")
    store.append([entry for entry in sequenced([written[4], written[0]]) if entry.journal == OPERATIONS])
    lines = [line for line in exported(store) if line["journal"] == OPERATIONS]
    assert [(line["seq"], line["id"]) for line in lines] == [
        (1, str(written[4].id)),
        (2, str(written[0].id)),
        (None, str(written[1].id)),
        (None, str(written[2].id)),
    ]
    assert [line["refused"] for line in lines] == [None, None, None, "not this desk"]


def test_an_export_holds_only_journals_that_whoever_asks_may_read(store: Store, written: list[Entry]) -> None:
    sink = io.BytesIO()
    assert verify.export(store, sink, reads=lambda journal: journal == OPERATIONS) == (4, 1)
    assert b"clinical" not in sink.getvalue()


def test_an_export_that_cannot_be_written_is_a_clear_line_and_harms_nothing(store: Store, written: list[Entry]) -> None:
    class Full(io.BytesIO):
        def write(self, data: Any) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(KnownError, match="No space left"):
        verify.export(store, Full())
    assert verify.verify(store).whole
