"""Appending and folding: what is written, in what order, and what leaves again."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection

from console.errors import BugError
from console.models.call import CallClaimed, CallEntered, CallFlagged, CallMessaged
from console.models.call_fold import CALL
from console.models.call_state import CallState
from console.models.changes import Changes
from console.models.encounter import ENCOUNTER, EncounterStarted
from console.models.service import ServiceClosed, ServiceDescribed
from console.models.sheet import SheetIssued
from console.models.store import attention, rebuild, subjects
from console.models.store.store import Store
from tests.support.desk import KEY, entry_count, record_of
from tests.support.entries import Author, at, named, sequenced
from wire.envelope import Entry, from_micros
from wire.journals import Audience

CALL_ID = named("call")
ENTERED = CallEntered("26-1", "WELFARE CHECK", "100 Main St", at())


def call_state(store: Store, call: UUID = CALL_ID) -> CallState | None:
    with store.read() as connection:
        folded = subjects.state(connection, CALL, call)
    return folded.state if folded else None


def thread(store: Store) -> list[str]:
    state = call_state(store)
    return [message.text for message in state.thread] if state else []


def listed(connection: Connection) -> list[attention.Listed]:
    return attention.newest(connection, 10, tuple(Audience))


def begun(author: Author, *texts: str) -> list[Entry]:
    return [
        author.write(CALL_ID, ENTERED),
        *(author.write(CALL_ID, CallMessaged(at(number), text)) for number, text in enumerate(texts)),
    ]


def test_an_append_says_what_it_changed(store: Store) -> None:
    entries = begun(Author(), "hello")
    changes = store.append(entries)
    assert changes == Changes(frozenset({("call", CALL_ID)}), tuple(entry.id for entry in entries))
    assert thread(store) == ["hello"]


def test_the_same_delivery_twice_changes_nothing(store: Store) -> None:
    entries = begun(Author(), "hello")
    store.append(entries)
    before = record_of(store)
    assert not store.append(entries)
    assert not store.append(entries[::-1])
    assert (record_of(store), entry_count(store)) == (before, 2)


def test_an_entry_twice_in_one_delivery_is_one_entry(store: Store) -> None:
    entries = begun(Author(), "hello")
    assert len(store.append([*entries, *entries]).entries) == 2
    assert thread(store) == ["hello"]


def test_nothing_to_append_is_nothing(store: Store) -> None:
    assert store.append([]) == Changes()


def test_listeners_are_told_after_the_commit_and_not_of_nothing(store: Store) -> None:
    told: list[tuple[Changes, int]] = []
    undo = store.subscribe(lambda changes: told.append((changes, entry_count(store))))
    entries = begun(Author())
    changes = store.append(entries)
    store.append(entries)
    assert told == [(changes, 1)]
    undo()
    store.append(begun(Author("other")))
    assert len(told) == 1


def test_a_write_that_raises_leaves_nothing_and_tells_nobody(store: Store) -> None:
    told: list[Changes] = []
    store.subscribe(told.append)

    def fail_half_way() -> None:
        with store.write() as transaction:
            transaction.append(begun(Author()))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert (entry_count(store), call_state(store), told) == (0, None, [])


def test_what_a_failed_write_appended_is_not_folded_by_the_next(store: Store) -> None:
    author = Author()
    store.append(begun(author, "one"))
    lost, kept = Author("lost"), Author("kept")

    def fail_half_way() -> None:
        with store.write() as transaction:
            transaction.append([lost.write(CALL_ID, CallMessaged(at(5), "lost"))])
            raise ZeroDivisionError

    store.append([author.write(CALL_ID, CallMessaged(at(4), "two"))])
    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    store.append([kept.write(CALL_ID, CallMessaged(at(6), "three"))])
    assert thread(store) == ["one", "two", "three"]
    assert rebuild.rebuild(store).same


def test_one_write_may_append_several_times_and_commits_once(store: Store) -> None:
    told: list[Changes] = []
    store.subscribe(told.append)
    author = Author()
    with store.write() as transaction:
        transaction.append([author.write(CALL_ID, ENTERED)])
        transaction.append([author.write(CALL_ID, CallMessaged(at(1), "a"))])
        transaction.append([author.write(named("encounter"), EncounterStarted(at(2), "transferred", CALL_ID))])
    assert len(told) == 1
    assert told[0].of("call") == {CALL_ID}
    assert told[0].of("encounter") == {named("encounter")}
    assert told[0].touches("call")
    assert not told[0].touches("sheet")


def test_a_device_never_counts_twice(store: Store) -> None:
    """A cloned store would; its entries are not silently mixed in."""
    first = Author().write(CALL_ID, ENTERED)
    store.append([first])
    with pytest.raises(BugError, match="UNIQUE"):
        store.append([replace(first, id=named("other id"))])
    assert entry_count(store) == 1


# -- order -------------------------------------------------------------------------------------------------------------


def test_sequenced_entries_stand_by_their_sequence_whenever_they_come(store: Store) -> None:
    ordered = sequenced(begun(Author(), "one", "two", "three"))
    for entry in (ordered[3], ordered[1], ordered[0], ordered[2]):
        store.append([entry])
    assert thread(store) == ["one", "two", "three"]


def test_what_is_still_to_be_sent_stands_after_what_is_sequenced(store: Store) -> None:
    mine, theirs = Author("mine"), Author("theirs")
    first = mine.write(CALL_ID, ENTERED)
    store.append([first, mine.write(CALL_ID, CallMessaged(at(1), "mine"))])
    after = [first, theirs.write(CALL_ID, CallMessaged(at(2), "theirs"))]
    store.append(sequenced(after))
    assert thread(store) == ["theirs", "mine"]


def test_a_claim_that_loses_in_the_order_is_listed_and_the_words_beside_it_stay(store: Store) -> None:
    mine, theirs = Author("mine"), Author("theirs")
    first = mine.write(CALL_ID, ENTERED)
    my_claim = mine.write(CALL_ID, CallClaimed(at(1)))
    my_words = mine.write(CALL_ID, CallMessaged(at(2), "I take it"))
    store.append([first, my_claim, my_words])
    state = call_state(store)
    assert state is not None
    assert state.claim is not None
    assert state.claim.owner == mine.actor
    their_claim = theirs.write(CALL_ID, CallClaimed(at(3)))
    store.append(sequenced([first, their_claim, my_claim, my_words]))
    state = call_state(store)
    assert state is not None
    assert state.claim is not None
    assert state.claim.owner == theirs.actor
    assert thread(store) == ["I take it"]
    with store.read() as connection:
        (lost,) = listed(connection)
    assert (lost.kind, lost.actor, lost.refused) == ("call.claimed", mine.actor, False)
    assert lost.reason == "somebody has the call already"


def test_an_own_entry_that_comes_back_with_its_sequence_adopts_it(store: Store) -> None:
    entries = begun(Author(), "one", "two")
    store.append(entries)
    swapped = sequenced([entries[0], entries[2], entries[1]])
    changes = store.append(swapped)
    assert changes.of("call") == {CALL_ID}
    assert thread(store) == ["two", "one"]
    assert not store.append(swapped)
    assert entry_count(store) == 3


def test_the_beginning_may_come_last(store: Store) -> None:
    ordered = sequenced(begun(Author(), "one"))
    store.append([ordered[1]])
    assert call_state(store) is None
    with store.read() as connection:
        assert [each.reason for each in listed(connection)] == ["nothing is known of this call yet"]
    store.append([ordered[0]])
    assert thread(store) == ["one"]
    with store.read() as connection:
        assert listed(connection) == []


# -- refused -----------------------------------------------------------------------------------------------------------


def refuse(store: Store, entry: Entry, reason: str = "the desk may not") -> None:
    with store.write() as transaction:
        transaction.refuse(entry.id, reason)


def test_a_refused_entry_leaves_the_fold_and_stays_listed(store: Store) -> None:
    entries = begun(Author(), "one", "two")
    store.append(entries)
    refuse(store, entries[1])
    assert thread(store) == ["two"]
    with store.read() as connection:
        (refused,) = listed(connection)
        assert attention.counts(connection) == (1, 0)
    assert (refused.reason, refused.refused) == ("the desk may not", True)
    assert (refused.kind, refused.actor, refused.made_at) == (
        "call.messaged",
        Author().actor,
        from_micros(entries[1].made_at),
    )


def test_a_refused_entry_offered_again_takes_its_former_place(store: Store) -> None:
    entries = begun(Author(), "one", "two")
    store.append(entries)
    before = record_of(store)
    refuse(store, entries[1])
    with store.write() as transaction:
        assert transaction.offer_again(entries[1].id).of("call") == {CALL_ID}
    assert record_of(store) == before


def test_what_a_refused_entry_began_is_gone_from_the_record(store: Store) -> None:
    entries = begun(Author())
    store.append(entries)
    refuse(store, entries[0])
    assert record_of(store)["call"] == []
    assert entry_count(store) == 1


def test_a_refused_service_is_gone_from_the_search_too(store: Store) -> None:
    described = Author().write(named("service"), ServiceDescribed(at(), "list", "1", "Harbor House"))
    store.append([described])
    assert record_of(store)["search"] == [(named("service").bytes, "Harbor House ", "", "  ")]
    refuse(store, described)
    assert (record_of(store)["service"], record_of(store)["search"]) == ([], [])


def test_a_refused_entry_delivered_again_is_not_taken_twice(store: Store) -> None:
    entries = begun(Author(), "one")
    store.append(entries)
    refuse(store, entries[1])
    assert not store.append(entries)
    assert thread(store) == []
    assert entry_count(store) == 2


def test_a_refused_entry_that_is_sequenced_after_all_counts(store: Store) -> None:
    entries = begun(Author(), "one")
    store.append(entries)
    refuse(store, entries[1])
    store.append(sequenced(entries))
    assert thread(store) == ["one"]
    with store.read() as connection:
        assert attention.counts(connection) == (0, 0)


def test_only_an_entry_that_is_here_and_without_a_sequence_can_be_refused(store: Store) -> None:
    store.append(sequenced(begun(Author(), "one")))
    with store.write() as transaction:
        assert not transaction.refuse(named("unknown"), "x")
        assert not transaction.refuse(Author().write(CALL_ID, ENTERED).id, "x")
        assert not transaction.offer_again(named("unknown"))
    assert thread(store) == ["one"]


def test_refused_and_senseless_entries_are_told_apart_by_journal(store: Store) -> None:
    author = Author()
    entries = [*begun(author), author.write(named("service"), ServiceClosed(at(), "gone"))]
    store.append(entries)
    refuse(store, entries[0])
    with store.read() as connection:
        (refused,) = attention.newest(connection, 10, [Audience.OPERATIONS])
        (only,) = attention.newest(connection, 10, [Audience.DIRECTORY])
    assert (refused.reason, refused.refused) == ("the desk may not", True)
    assert (only.reason, only.refused) == ("the service is not known", False)


# -- what is not understood --------------------------------------------------------------------------------------------


def test_a_subject_with_entries_of_a_newer_program_says_so(store: Store) -> None:
    author = Author()
    store.append([author.write(CALL_ID, ENTERED), author.write_text(CALL_ID, "call.dreamed", "{}")])
    with store.read() as connection:
        folded = subjects.state(connection, CALL, CALL_ID)
    assert folded is not None
    assert folded.unread == 1


def test_a_subject_that_only_a_newer_program_knows_is_kept_without_a_row(store: Store) -> None:
    changes = store.append([Author().write_text(named("team"), "team.sent", "{}")])
    assert changes.subjects == frozenset()
    assert len(changes.entries) == 1
    assert entry_count(store) == 1


def test_a_subject_is_what_its_first_known_entry_says(store: Store) -> None:
    author = Author()
    store.append([author.write_text(CALL_ID, "call.dreamed", "{}"), author.write(CALL_ID, ENTERED)])
    assert call_state(store) is not None
    store.append([author.write(CALL_ID, SheetIssued(at(), CALL_ID, "police", "A-1", {}))])
    assert len(record_of(store)["call"]) == 1
    assert record_of(store)["sheet"] == []


def test_an_entry_in_another_audiences_journal_never_makes_a_subject(store: Store) -> None:
    """A clinical subject cannot be begun, nor changed, by whoever may write in the operations journal."""
    author = Author()
    misplaced = author.write_text(
        named("e"), "encounter.started", EncounterStarted(at(), "transferred").as_json(), journal="northside/operations"
    )
    store.append([misplaced])
    with store.read() as connection:
        assert subjects.state(connection, ENCOUNTER, named("e")) is None
        (only,) = listed(connection)
    assert "northside/operations" in only.reason


def test_a_subject_that_turns_out_to_be_another_thing_leaves_no_row_behind(store: Store) -> None:
    author = Author()
    entered = author.write(CALL_ID, ENTERED)
    other = author.write(CALL_ID, SheetIssued(at(), CALL_ID, "police", "A-1", {}))
    first, second = sequenced([other, entered])
    store.append([second])
    assert len(record_of(store)["call"]) == 1
    store.append([first])
    record = record_of(store)
    assert (len(record["call"]), len(record["sheet"])) == (0, 1)


def test_a_refusal_that_turns_a_subject_into_another_thing_leaves_no_row_behind(store: Store) -> None:
    author = Author()
    issued = author.write(CALL_ID, SheetIssued(at(), CALL_ID, "police", "A-1", {}))
    store.append([issued, author.write(CALL_ID, ENTERED)])
    assert len(record_of(store)["sheet"]) == 1
    refuse(store, issued)
    record = record_of(store)
    assert (len(record["call"]), len(record["sheet"])) == (1, 0)


def test_entries_of_another_audience_cannot_take_a_call_off_the_board(store: Store) -> None:
    author = Author()
    store.append(begun(author, "one"))
    before = record_of(store)["call"]
    store.append([author.write(CALL_ID, EncounterStarted(at(), "transferred"))])
    assert record_of(store)["call"] == before


def test_a_subject_belongs_to_one_center(store: Store) -> None:
    """Which of two centers it is does not hang on whose entries come first."""
    here, there = Author("here", center="aaa"), Author("there", center="bbb")
    theirs = [there.write(CALL_ID, ENTERED), there.write(CALL_ID, CallMessaged(at(1), "there"))]
    store.append(theirs)
    store.append([here.write(CALL_ID, ENTERED), here.write(CALL_ID, CallMessaged(at(1), "here"))])
    assert thread(store) == ["here"]
    with store.read() as connection:
        found = listed(connection)
    assert [(each.kind, each.actor) for each in found] == [(entry.kind, there.actor) for entry in reversed(theirs)]
    assert {each.reason for each in found} == {"what it is about lives in aaa/operations"}


def test_the_record_survives_closing_and_opening(fresh_home: Callable[[], Path]) -> None:
    home = fresh_home()
    author = Author()
    with Store.open(home, KEY) as store:
        store.append([*begun(author, "one"), author.write(CALL_ID, CallFlagged("other", at(5)))])
        before = record_of(store)
    with Store.open(home, KEY) as store:
        assert record_of(store) == before
        assert not store.append(author.written)
