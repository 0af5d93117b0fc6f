"""Derived entries: the same on every desk, three for FIGHT, CRISIS, FIGHT, none for a picture that says nothing new."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.feeds.derive import Deriver, derive
from console.feeds.intake import MOST_ENTRIES, Intake
from console.feeds.source import SourceEvent, call_id
from console.models.call import CallFlagged, CallFlagSuggested, CallNarrated, CallPictured
from console.models.call_fold import CALL
from console.models.changes import Changes
from console.models.store import journal, subjects
from console.models.store.store import Store
from tests.feeds.making import CENTER
from wire.envelope import Entry, body_digest, micros, verify_chain
from wire.journals import audience_of, source_id
from wire.permissions import DERIVED_KINDS

START = datetime(2026, 4, 28, 21, 14, tzinfo=UTC)
KEY = bytes(range(32))


def picture(type_text: str, minute: float, call: str = "26-118-4471", **facts: object) -> SourceEvent:
    at = START + timedelta(minutes=minute)
    shown = CallPictured("cad", at, call, type_text, START, **facts)  # type: ignore[arg-type]
    return SourceEvent("cad", at, call_id(CENTER, "cad", call), (shown,))


def test_two_desks_make_the_same_bytes() -> None:
    event = picture("FIGHT", 0, place="412 Alder St")

    here = derive(CENTER, event)
    there = derive("westside emergency COMMUNICATIONS", event)

    assert here == there
    assert len(here) == 1


def test_a_derived_entry_is_whole_by_itself() -> None:
    at = START + timedelta(seconds=1)
    call = call_id(CENTER, "cad", "1")
    bodies = (
        CallPictured("cad", at, "1", "CRISIS", START),
        CallNarrated("cad", at, "he says /CLIN", "CT1"),
        CallFlagged("cad-code", at, "he says", "cad", "CT1"),
        CallFlagSuggested("behavioral type", 'type "CRISIS"', at),
    )

    entries = derive(CENTER, SourceEvent("cad", at, call, bodies))

    assert {entry.kind for entry in entries} == DERIVED_KINDS
    assert list(verify_chain(entries)) == []
    for entry in entries:
        assert (entry.n, entry.salt, entry.chain, entry.offset) == (None, None, None, None)
        assert entry.actor == entry.device == source_id(CENTER, "cad")
        assert entry.subject == call
        assert entry.made_at == micros(at)
        assert audience_of(entry.journal) == "operations"
        assert entry.body is not None
        assert entry.digest == body_digest(None, entry.body)
    assert len({entry.act for entry in entries}) == len(entries)  # another desk may derive one without the other


def test_fight_crisis_fight_is_three_entries_and_the_same_picture_again_none() -> None:
    told = ["FIGHT", "FIGHT", "CRISIS", "CRISIS", "FIGHT", "FIGHT"]

    entries = derive(CENTER, [picture(type_text, minute) for minute, type_text in enumerate(told)])

    assert len(entries) == 3
    assert [entry.made_at for entry in entries] == [micros(START + timedelta(minutes=m)) for m in (0, 2, 4)]


def test_fight_crisis_fight_within_one_source_time_is_three_entries_on_every_desk() -> None:
    told = ["FIGHT", "CRISIS", "CRISIS", "FIGHT", "CRISIS", "CRISIS"]
    events = [picture(type_text, 0) for type_text in told]

    entries = derive(CENTER, events)

    assert len({entry.id for entry in entries}) == len(entries) == 4
    assert derive(CENTER, events) == entries
    assert [entry.id for entry in derive(CENTER, [*events, picture("FIGHT", 1)])][:4] == [each.id for each in entries]
    folded = CALL.fold(entries)
    assert folded.state is not None
    assert [change.after for change in folded.state.changes] == ["CRISIS", "FIGHT", "CRISIS"]


def test_the_third_picture_of_a_minute_reaches_the_store_also_after_it_failed_once(tmp_path: Path) -> None:
    events = [picture("FIGHT", 0), picture("CRISIS", 0), picture("FIGHT", 0)]
    with Store.create(tmp_path / "home", KEY) as store:
        sometimes = Sometimes(store)
        intake = Intake(sometimes, CENTER)
        intake.take(events[:2])
        sometimes.fails = True
        with pytest.raises(OSError, match="disk full"):
            intake.take(events[2:])
        sometimes.fails = False
        third = intake.take(events[2:])
        again = Intake(store, CENTER).take(events)
        with store.read() as connection:
            state = subjects.state(connection, CALL, events[0].call)

    assert len(third.entries) == 1
    assert not again
    assert state is not None
    assert state.state is not None
    assert state.state.picture is not None
    assert state.state.picture.type_text == "FIGHT"


class Sometimes:
    """A journal that fails while it is told to."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.fails = False

    def append(self, entries: Sequence[Entry]) -> Changes:
        if self.fails:
            raise OSError("disk full")
        return self.store.append(entries)


def test_words_that_look_like_the_time_of_a_picture_are_not_taken_for_it() -> None:
    deriver = Deriver(CENTER)
    for source in ("cad", '","source_time":"2026'):
        for place, minute, news in (
            ('"source_time":"2026', 0, 1),
            ('"source_time":"2026', 1, 0),
            ('"source_time":"2027', 2, 1),
            ("", 3, 1),
            ("", 4, 0),
        ):
            event = picture("FIGHT", minute, place=place)
            shown = replace(event.bodies[0], source=source)
            assert len(deriver.entries(replace(event, bodies=(shown,)))) == news


def test_another_center_or_source_is_another_call() -> None:
    ids = {call_id(*parts) for parts in (("a", "cad", "1"), ("b", "cad", "1"), ("a", "eido", "1"), ("a", "cad", "2"))}

    assert len(ids) == 4


def test_the_memory_of_pictures_is_bounded_and_forgetting_only_repeats_an_id() -> None:
    deriver = Deriver(CENTER, remember=2)
    first = deriver.entries(picture("FIGHT", 0, "1"))
    for number in ("2", "3"):
        deriver.entries(picture("FIGHT", 1, number))

    again = deriver.entries(picture("FIGHT", 0, "1"))

    assert again == first


@given(st.lists(st.tuples(st.sampled_from("12"), st.sampled_from(["FIGHT", "CRISIS"])), max_size=12), st.randoms())
def test_ids_do_not_depend_on_what_else_was_read(told: list[tuple[str, str]], random: Random) -> None:
    events = [picture(type_text, minute, call) for minute, (call, type_text) in enumerate(told)]
    alone = {entry.id: entry for event in events for entry in derive(CENTER, event)}

    together = derive(CENTER, events)
    random.shuffle(events)
    shuffled = derive(CENTER, events)

    for entry in (*together, *shuffled):
        assert alone[entry.id] == entry


def test_the_same_events_twice_change_nothing_in_the_store(tmp_path: Path) -> None:
    events = [picture("FIGHT", 0), picture("CRISIS", 5, behavioral=True), picture("FIGHT", 9)]
    with Store.create(tmp_path / "home", KEY) as store:
        first = Intake(store, CENTER).take(events)
        second = Intake(store, CENTER).take(events)  # another run of the program
        with store.read() as connection:
            held = journal.count(connection)

    assert len(first.entries) == 3
    assert first.of("call") == {events[0].call}
    assert not second
    assert held == 3


class OneFailure:
    """A journal whose first append fails."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.failed = False

    def append(self, entries: Sequence[Entry]) -> Changes:
        if not self.failed:
            self.failed = True
            raise OSError("disk full")
        self.batches.append(len(entries))
        return Changes(entries=tuple(entry.id for entry in entries))


def test_what_could_not_be_stored_is_news_again() -> None:
    intake = Intake(OneFailure(), CENTER)
    events = [picture("FIGHT", 0)]
    with pytest.raises(OSError, match="disk full"):
        intake.take(events)

    again = intake.take(events)

    assert len(again.entries) == 1


def test_entries_are_appended_in_batches() -> None:
    journal_of_batches = OneFailure()
    journal_of_batches.failed = True
    events = [picture("FIGHT", 0, str(number)) for number in range(MOST_ENTRIES + 1)]

    changes = Intake(journal_of_batches, CENTER).take(events)

    assert journal_of_batches.batches == [MOST_ENTRIES, 1]
    assert len(set(changes.entries)) == MOST_ENTRIES + 1
    assert all(isinstance(each, UUID) for each in changes.entries)
