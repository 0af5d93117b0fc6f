"""What acts append: the fold goes on from the record, and never from anything else than the record says."""

from uuid import UUID

import pytest
from msgspec.structs import replace

from console.errors import BugError
from console.models.call import CallEntered, CallFlagged, CallMessaged, CallReopened
from console.models.call_fold import CALL
from console.models.changes import Changes
from console.models.encounter import ENCOUNTER, EncounterStarted
from console.models.service import ServiceDescribed
from console.models.store import attention, exchange, outbox, rebuild, recent
from console.models.store.store import Store
from tests.support.desk import folded, record_of
from tests.support.entries import CENTER, Author, at, named, sequenced
from wire.envelope import Entry, from_micros
from wire.journals import Audience
from wire.messages import Point
from wire.order import START

CALL_ID = named("call")
ENTERED = CallEntered("26-1", "WELFARE CHECK", "100 Main St", at())


def enter(store: Store, *entries: Entry) -> Changes:
    with store.write() as transaction:
        for entry in entries:
            transaction.enter(entry)
    return transaction.changes


def thread(store: Store, call: UUID = CALL_ID) -> list[str]:
    return [message.text for message in folded(store, CALL, call).thread]


def test_an_entry_changes_its_subject_alone_and_says_so(store: Store) -> None:
    author = Author()
    store.append([author.write(CALL_ID, ENTERED), author.write(named("other"), ENTERED)])
    said = author.write(CALL_ID, CallMessaged(at(1), "hello"))
    told: list[Changes] = []
    store.subscribe(told.append)
    changes = enter(store, said)
    assert changes == Changes(frozenset({("call", CALL_ID)}), (said.id,))
    assert told == [changes]
    assert (thread(store), thread(store, named("other"))) == (["hello"], [])


def test_an_act_about_a_call_reads_none_of_its_entries(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    author = Author()
    store.append([author.write(CALL_ID, ENTERED), author.write(CALL_ID, CallMessaged(at(1), "one"))])

    def refuse(*_: object) -> None:
        raise AssertionError("the entries were read")

    monkeypatch.setattr("console.models.store.journal.of_subjects", refuse)
    enter(store, author.write(CALL_ID, CallMessaged(at(2), "two")))
    enter(store, author.write(CALL_ID, CallMessaged(at(3), "three")))
    assert thread(store) == ["one", "two", "three"]


def test_an_act_that_changes_nothing_to_search_by_writes_no_index_of_the_record(store: Store) -> None:
    author = Author()
    store.append([author.write(CALL_ID, ENTERED), author.write(CALL_ID, CallMessaged(at(1), "one"))])
    log = store.path.with_name(f"{store.path.name}-wal")

    def pages(entry: Entry) -> int:
        before = log.stat().st_size
        enter(store, entry)
        return (log.stat().st_size - before) // 4_096

    said = pages(author.write(CALL_ID, CallMessaged(at(2), "two")))
    assert pages(author.write(CALL_ID, CallFlagged("risk", at(3)))) >= said + 2
    assert pages(author.write(CALL_ID, CallMessaged(at(4), "three"))) == said
    assert rebuild.rebuild(store).same


def test_what_is_to_be_sent_is_handed_over_as_it_stands_in_the_outbox(store: Store) -> None:
    mine, theirs = Author("mine"), Author("theirs")
    unsent: list[outbox.Unsent] = []
    store.sender = unsent.append
    store.append([mine.write(CALL_ID, ENTERED)])
    assert not unsent, "a desk that shares with nobody sends nothing"
    with store.write() as transaction:
        exchange.begin(transaction, "http://localhost")
    one, two, three = (mine.write(CALL_ID, CallMessaged(at(n), str(n))) for n in (1, 2, 3))
    store.append(sequenced([theirs.write(named("other"), ENTERED)]))
    assert not unsent, "what has its place is not to be sent"
    enter(store, one, two)
    enter(store, three)
    with store.read() as connection:
        waits = outbox.read(connection, 0, 500, 1_000_000)
    assert [each.entries for each in unsent] == [(one, two), (three,)]
    assert waits.entries[1:] == (one, two, three)
    assert (unsent[0].before, unsent[0].last, unsent[1].last) == (1, unsent[1].before, waits.last)


def test_what_arrives_behind_everything_reads_none_of_a_call_and_what_gets_its_place_there_folds_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, theirs = Author("mine"), Author("theirs")
    begun = sequenced([theirs.write(CALL_ID, ENTERED), theirs.write(CALL_ID, CallMessaged(at(1), "one"))])
    store.append(begun)

    def refuse(*_: object) -> None:
        raise AssertionError("the entries were read")

    monkeypatch.setattr("console.models.store.journal.of_subjects", refuse)
    said = theirs.write(CALL_ID, CallMessaged(at(2), "two"))
    assert store.append(sequenced([*begun, said])) == Changes(frozenset({("call", CALL_ID)}), (said.id,))
    own = [mine.write(CALL_ID, CallMessaged(at(3 + place), text)) for place, text in enumerate(("three", "four"))]
    enter(store, *own)
    with_places = sequenced([*begun, said, own[0]])
    assert store.append(with_places) == Changes(frozenset({("call", CALL_ID)}), (own[0].id,)), "it waits no longer"
    monkeypatch.undo()
    assert thread(store) == ["one", "two", "three", "four"]
    assert rebuild.rebuild(store).same


def test_what_arrives_in_front_of_what_waits_here_is_put_there(store: Store) -> None:
    mine, theirs = Author("mine"), Author("theirs")
    begun = sequenced([theirs.write(CALL_ID, ENTERED)])
    store.append(begun)
    own = [mine.write(CALL_ID, CallMessaged(at(1 + place), text)) for place, text in enumerate(("mine", "mine too"))]
    enter(store, *own)
    said = theirs.write(CALL_ID, CallMessaged(at(2), "theirs"))
    store.append(sequenced([*begun, said])[1:])
    assert thread(store) == ["theirs", "mine", "mine too"]
    store.append(sequenced([*begun, said, own[1]])[2:])
    assert thread(store) == ["theirs", "mine too", "mine"]
    assert rebuild.rebuild(store).same


def test_what_is_put_back_stands_by_its_former_place_among_what_waited_already(store: Store) -> None:
    theirs, journal = Author("theirs"), f"{CENTER}/operations"
    begun = sequenced([theirs.write(CALL_ID, ENTERED), theirs.write(CALL_ID, CallMessaged(at(1), "first"))])
    said = replace(theirs.write(CALL_ID, CallMessaged(at(2), "second")), seq=7)
    store.append([*begun, said])
    with store.write() as transaction:
        exchange.begin(transaction, "http://x")
        exchange.put_back(transaction, journal, Point(1, START))  # all but the beginning was lost
        transaction.append([replace(said, seq=2)])  # and comes again in another order
    assert thread(store) == ["second", "first"]
    with store.write() as transaction:
        exchange.put_back(transaction, journal, Point(1, START))  # lost once more
    assert rebuild.rebuild(store).same


def test_a_transaction_sees_the_states_that_it_left(store: Store) -> None:
    author = Author()
    with store.write() as transaction:
        assert transaction.state(CALL, CALL_ID) is None
        transaction.enter(author.write(CALL_ID, ENTERED))
        for text in ("one", "two"):
            transaction.enter(author.write(CALL_ID, CallMessaged(at(1), text)))
            folded = transaction.state(CALL, CALL_ID)
            assert folded is not None
            assert folded.state is not None
            assert folded.state.thread[-1].text == text
        assert transaction.state(ENCOUNTER, CALL_ID) is None


def test_more_subjects_in_turn_than_are_kept(store: Store) -> None:
    author = Author()
    calls = [named("call", number) for number in range(recent.MOST + 5)]
    enter(store, *(author.write(call, ENTERED) for call in calls))
    for text in ("one", "two"):
        for call in calls if text == "one" else calls[::-1]:
            enter(store, author.write(call, CallMessaged(at(1), text)))
    assert {tuple(thread(store, call)) for call in calls} == {("one", "two")}
    assert rebuild.rebuild(store).same


def test_nothing_is_kept_of_a_write_that_failed(store: Store) -> None:
    author = Author()
    enter(store, author.write(CALL_ID, ENTERED), author.write(CALL_ID, CallMessaged(at(1), "one")))
    lost, kept = Author("lost"), Author("kept")

    def fail_half_way() -> None:
        with store.write() as transaction:
            transaction.enter(lost.write(CALL_ID, CallMessaged(at(5), "lost")))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    enter(store, kept.write(CALL_ID, CallMessaged(at(6), "two")))
    assert thread(store) == ["one", "two"]
    assert rebuild.rebuild(store).same


def test_an_entry_that_makes_no_sense_is_listed_beside_the_earlier_ones(store: Store) -> None:
    author = Author()
    enter(store, author.write(CALL_ID, ENTERED))
    first, second = author.write(CALL_ID, CallReopened(at(1), "x")), author.write(CALL_ID, CallReopened(at(2), "x"))
    enter(store, first)
    enter(store, author.write(CALL_ID, CallMessaged(at(1), "one")))
    with store.write() as transaction:
        transaction.enter(second)
        assert transaction.senseless == dict.fromkeys((first.id, second.id), "the call is not disposed")
    enter(store, author.write(CALL_ID, CallFlagged("other", at(5))))
    with store.read() as connection:
        newest = attention.newest(connection, 10, [Audience.OPERATIONS])
    assert [each.made_at for each in newest] == [from_micros(each.made_at) for each in (second, first)]
    assert rebuild.rebuild(store).same


def test_what_an_entry_refused_since_said_is_not_gone_on_from(store: Store) -> None:
    author = Author()
    said = author.write(CALL_ID, CallMessaged(at(1), "refused"))
    enter(store, author.write(CALL_ID, ENTERED), said)
    with store.write() as transaction:
        transaction.refuse(said.id, "the desk may not")
    enter(store, author.write(CALL_ID, CallMessaged(at(2), "kept")))
    assert thread(store) == ["kept"]


def test_what_others_said_meanwhile_is_gone_on_from(store: Store) -> None:
    author = Author()
    enter(store, author.write(CALL_ID, ENTERED), author.write(CALL_ID, CallMessaged(at(1), "one")))
    store.append([Author("theirs").write(CALL_ID, CallMessaged(at(2), "theirs"))])
    enter(store, author.write(CALL_ID, CallMessaged(at(3), "two")))
    assert thread(store) == ["one", "theirs", "two"]


def test_a_row_that_does_not_say_all_is_folded_from_all_entries(store: Store) -> None:
    """Entries of a newer program, of another center's journal, or a row that an older program folded."""
    author, elsewhere = Author(), Author("there", center="zzz")
    unread, two, old = named("unread"), named("two centers"), named("old")
    store.append([author.write(call, ENTERED) for call in (unread, two, old)])
    store.append([author.write_text(unread, "call.dreamed", "{}"), elsewhere.write(two, ENTERED)])
    with store.write() as transaction:
        transaction.connection.exec_driver_sql(
            "UPDATE call SET fold = fold - 1, state = '{}' WHERE subject = ?", (old.bytes,)
        )
    for call in (unread, two, old):
        enter(store, author.write(call, CallMessaged(at(1), "hello")))
        assert thread(store, call) == ["hello"]
    enter(store, elsewhere.write(two, CallMessaged(at(2), "from there")))
    assert thread(store, two) == ["hello"]
    assert rebuild.rebuild(store).same


def test_a_row_that_nothing_makes_is_forgotten_with_its_repair(store: Store) -> None:
    author = Author()
    store.append([author.write(CALL_ID, ENTERED)])
    with store.write() as transaction:
        transaction.connection.exec_driver_sql("UPDATE call SET subject = ?", (named("orphan").bytes,))
        assert transaction.state(CALL, named("orphan")) is not None
    rebuild.rebuild(store)
    with store.write() as transaction:
        assert transaction.state(CALL, named("orphan")) is None
        assert transaction.state(CALL, CALL_ID) is not None


def test_a_service_is_found_by_its_new_words(store: Store) -> None:
    author = Author()
    enter(store, author.write(named("service"), ServiceDescribed(at(), "list", "1", "Harbor House")))
    enter(store, author.write(named("service"), ServiceDescribed(at(1), "list", "1", "Harbor Home")))
    assert [row[1] for row in record_of(store)["search"]] == ["Harbor Home "]


def test_another_audience_does_not_go_on_from_a_call(store: Store) -> None:
    author = Author()
    enter(store, author.write(CALL_ID, ENTERED), author.write(CALL_ID, CallMessaged(at(1), "one")))
    before = record_of(store)["call"]
    enter(store, author.write(CALL_ID, EncounterStarted(at(), "transferred")))
    assert record_of(store)["call"] == before
    enter(store, author.write(CALL_ID, CallMessaged(at(2), "two")))
    assert thread(store) == ["one", "two"]
    assert rebuild.rebuild(store).same


def test_an_entry_that_is_here_already_is_refused(store: Store) -> None:
    author = Author()
    said = author.write(CALL_ID, ENTERED)
    enter(store, said, author.write(CALL_ID, CallMessaged(at(1), "one")))
    with pytest.raises(BugError, match="UNIQUE"):
        enter(store, author.written[1])
    assert thread(store) == ["one"]
