"""Calls that nobody worked on lose their content past the horizon; everything that rests on their envelopes holds."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from console.actions import calls, drafts, flags, people
from console.actions.acting import acting
from console.commands.finding import find_call
from console.errors import NotFound
from console.models.call import CallClaimed, CallFlagged, CallFlagSuggested, CallMessaged, CallPictured
from console.models.call_fold import CALL
from console.models.sign_in import SignIn
from console.models.store import exchange, health, horizon, journal, outbox, rebuild, subjects
from console.models.store.backup import backup
from console.models.store.desk import Desk
from console.models.store.verify import export, verify
from console.queries.board import PAST_HORIZON, View, board
from console.queries.finding import call_by_number
from console.queries.listing import whole_call
from console.queries.status import desk_status
from console.queries.workspace import workspace
from tests.models.store.test_properties import new_home
from tests.support.clock import FixedClock
from tests.support.desk import KEY, open_desk, record_of
from tests.support.entries import Author, histories, sequenced
from tests.support.old_calls import holds, old_call, sweep, told
from wire.envelope import Entry
from wire.order import START, link_after

SECRET = "heliotrope"
DAY = timedelta(days=1)


@pytest.fixture
def filled(desk: Desk, clock: FixedClock) -> Desk:
    """One call past the horizon, and one of today."""
    desk.store.append([*told("26-1", clock.now() - 150 * DAY, SECRET), *told("26-2", clock.now() - DAY)])
    return desk


def bodies(desk: Desk, call: UUID) -> list[str | None]:
    with desk.store.read() as connection:
        return [entry.body for entry in journal.of_subjects(connection, [call])[call]]


def state(desk: Desk, call: UUID) -> object:
    with desk.store.read() as connection:
        folded = subjects.state(connection, CALL, call)
    return folded and folded.state


# -- what is dropped, and what stays -----------------------------------------------------------------------------------


def test_what_nobody_worked_on_goes_and_its_envelopes_stay(filled: Desk) -> None:
    before = verify(filled.store)
    assert sweep(filled) == 1
    assert bodies(filled, old_call("26-1")) == [None, None, None]
    assert state(filled, old_call("26-1")) is None
    assert None not in bodies(filled, old_call("26-2"))
    assert verify(filled.store) == before
    assert before.whole
    assert sweep(filled) == 0


def test_nothing_of_it_is_left_in_the_file_or_its_log(filled: Desk) -> None:
    assert holds(filled.store.home, KEY, SECRET), "the scan finds what is there"
    sweep(filled)
    wal = filled.store.path.with_name(filled.store.path.name + "-wal")
    assert wal.stat().st_size == 0
    assert not holds(filled.store.home, KEY, SECRET)


def test_what_sqlite_left_in_unused_parts_of_pages_goes_when_the_file_is_written_anew(filled: Desk) -> None:
    """Rows that grow are moved, and what they leave is not wiped. Here it is left on purpose."""
    with filled.store.write() as transaction:
        run = transaction.connection.exec_driver_sql
        run("PRAGMA secure_delete = OFF")
        run("INSERT INTO home (name, value) VALUES ('left', ?)", (SECRET * 20,))
        run("DELETE FROM home WHERE name = 'left'")
        run("PRAGMA secure_delete = ON")
    assert sweep(filled) == 1
    assert holds(filled.store.home, KEY, SECRET)
    assert filled.store.empty_log(compact=True)
    assert not holds(filled.store.home, KEY, SECRET)
    assert holds(filled.store.home, KEY, "words 26-2"), "the scan finds what is there"
    assert rebuild.rebuild(filled.store).same


def test_a_log_that_somebody_reads_is_emptied_with_a_later_pass(filled: Desk) -> None:
    with filled.store.read() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM entry").scalar_one()
        assert sweep(filled) == 1
        assert not filled.store.empty_log()
    assert filled.store.empty_log()
    assert not holds(filled.store.home, KEY, SECRET)


def suggested(desk: Desk, who: SignIn, call: UUID) -> None:
    entry = Author().derive(call, CallFlagSuggested("rule", "why", desk.clock.now() - 150 * DAY))
    desk.store.append([entry])


def disposed_of(desk: Desk, who: SignIn, call: UUID) -> None:
    with acting(desk, who) as act:
        act.add(call, CallMessaged(act.now - 149 * DAY, "asked about it"))


def drafted(desk: Desk, who: SignIn, call: UUID) -> None:
    drafts.keep(desk, who, "message", "half a line", call)


@pytest.mark.parametrize("work", [suggested, disposed_of, drafted])
def test_what_anybody_worked_on_stays(filled: Desk, clinician: SignIn, work: object) -> None:
    call = old_call("26-1")
    work(filled, clinician, call)  # type: ignore[operator]
    before = record_of(filled.store)
    assert sweep(filled) == 0
    assert record_of(filled.store) == before


def test_a_call_that_is_open_or_heard_of_lately_stays(desk: Desk, clock: FixedClock) -> None:
    old = clock.now() - 150 * DAY
    again = told("26-4", old) + [
        entry for entry in told("26-4", clock.now() - 99 * DAY, "again") if entry.kind == "call.narrated"
    ]
    desk.store.append([*told("26-3", old, closed=False), *again, *told("26-5", clock.now() - DAY)])
    assert sweep(desk) == 0


def test_how_long_is_the_centers_to_set_and_nought_keeps_all(filled: Desk, administrator: SignIn) -> None:
    people.set_settings(filled, administrator, {"horizon_days": 0})
    assert sweep(filled) == 0
    people.set_settings(filled, administrator, {"horizon_days": 151})
    assert sweep(filled) == 0
    people.set_settings(filled, administrator, {"horizon_days": 120})
    assert sweep(filled) == 1


def test_no_clock_alone_drops_anything(filled: Desk, clock: FixedClock) -> None:
    clock.advance(3650 * 86_400)
    assert sweep(replace(filled, defaults={**filled.defaults, "horizon_days": 151})) == 0
    clock.advance(-2 * 3650 * 86_400)
    assert sweep(filled) == 0
    filled.store.offset = 3650 * 86_400 * 1_000_000  # this desk is behind; the server knows better
    assert sweep(filled) == 1


def test_many_are_dropped_in_slices_past_those_that_stay(
    desk: Desk, clock: FixedClock, clinician: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(horizon, "SLICE", 3)
    same_moment = clock.now() - 150 * DAY
    for number in range(10):
        desk.store.append(told(f"26-{number}", same_moment))
    for number in range(0, 10, 2):
        disposed_of(desk, clinician, old_call(f"26-{number}"))
    desk.store.append(told("26-99", clock.now()))
    made = horizon.Sweep(desk)
    steps = 1
    while made.step():
        steps += 1
    assert (made.dropped, steps) == (5, 4)


# -- what it rests on holds --------------------------------------------------------------------------------------------


@contextmanager
def a_desk_with(entries: list[Entry]) -> Iterator[Desk]:
    with new_home() as home:
        desk = open_desk(home, FixedClock())
        try:
            desk.store.append(entries)
            desk.store.append(told("26-99", desk.clock.now() + 200 * DAY))
            desk.clock.advance(201 * 86_400)  # type: ignore[attr-defined]
            yield desk
        finally:
            desk.store.close()


@given(histories(desks=("desk", "second")), st.booleans())
def test_the_record_is_the_fold_of_what_is_left_and_work_is_untouched(history: list[Entry], ordered: bool) -> None:
    closing = [
        Author().derive(entry.subject, CallPictured("cad", entry.made, "26-1", "CLOSED", entry.made, closed=True))
        for entry in history
        if entry.n is None
    ]
    known = {entry.id for entry in history}
    entries = [*history, *(entry for entry in {each.id: each for each in closing}.values() if entry.id not in known)]
    with a_desk_with(sequenced(entries) if ordered else entries) as desk:
        before = record_of(desk.store)
        sweep(desk)
        after = record_of(desk.store)
        assert rebuild.rebuild(desk.store).same
        assert record_of(desk.store) == after
        assert verify(desk.store).whole
        worked = {entry.subject.bytes for entry in history if entry.n is not None}
        for name, rows in before.items():
            if name not in ("senseless", "search"):
                assert [row for row in rows if row[0] in worked] == [row for row in after[name] if row[0] in worked]
        desk.store.append(entries)  # what comes again is known to be here
        assert record_of(desk.store) == after


@given(histories(desks=("desk", "second")), st.integers(0, 2**24 - 1))
def test_a_subject_of_which_any_part_was_dropped_folds_on_as_it_folds_anew(history: list[Entry], which: int) -> None:
    """Whatever a desk dropped before the rest came: folding is total, and goes on as it would begin again."""
    gone = {entry.id for place, entry in enumerate(history) if which >> place & 1}
    left = [entry if entry.id not in gone else _erased(entry) for entry in history]
    with a_desk_with(left) as desk:
        for entry in left:
            desk.store.append([entry])
        assert rebuild.rebuild(desk.store).same
        assert verify(desk.store).whole


def _erased(entry: Entry) -> Entry:
    return structs.replace(entry, body=None, salt=None)


def test_links_export_check_and_backup_go_on(filled: Desk, tmp_path: object) -> None:
    entries = sequenced(told("26-7", filled.clock.now() - 150 * DAY))
    with filled.store.write() as transaction:
        transaction.append(entries)
        link = START
        for entry in entries:
            link = link_after(link, entry)
        name = entries[0].journal
        exchange.set_cursor(transaction, name, exchange.Point(3, link), exchange.BEGINNING)
    assert sweep(filled) == 2
    with filled.store.read() as connection:
        assert exchange.links(connection, name, [3]) == {3: link}
    sink = io.BytesIO()
    written, _ = export(filled.store, sink)
    lines = [json.loads(line) for line in sink.getvalue().splitlines()]
    assert len(lines) == written
    assert sum(line["body"] is None for line in lines) == 6
    assert all(finding.ok for finding in health.check(filled.store.home, KEY))
    report = backup(filled.store, filled.store.home / "copy.db")
    assert report.contents.entries == written


def test_what_has_nothing_left_is_not_folded_again_after_every_update(filled: Desk) -> None:
    sweep(filled)
    with filled.store.write() as transaction:
        transaction.connection.exec_driver_sql("UPDATE home SET value = '' WHERE name = 'understood'")
    with filled.store.read() as connection:
        assert old_call("26-1") not in set(rebuild._outdated(connection))


# -- a desk that shares ------------------------------------------------------------------------------------------------


def test_what_is_still_to_be_sent_stays(desk: Desk, clock: FixedClock) -> None:
    """27. … MUST NOT drop one that it has still to send …"""
    with desk.store.write() as transaction:
        exchange.begin(transaction, "http://nowhere")
    desk.store.append([*told("26-1", clock.now() - 150 * DAY), *told("26-2", clock.now())])
    assert sweep(desk) == 0
    with desk.store.write() as transaction:
        transaction.connection.exec_driver_sql("DELETE FROM outbox")
    assert sweep(desk) == 1


def test_what_was_refused_stays_for_it_may_be_offered_again(filled: Desk) -> None:
    refused = told("26-1", filled.clock.now() - 150 * DAY, SECRET)[0]
    with filled.store.write() as transaction:
        transaction.refuse(refused.id, "not now")
    assert sweep(filled) == 0


def test_nothing_is_dropped_while_older_entries_are_still_to_come(filled: Desk) -> None:
    name = filled.journal(CALL.audience)
    with filled.store.write() as transaction:
        exchange.set_cursor(transaction, name, exchange.Point(9, START), exchange.Point(5, START))
    assert sweep(filled) == 0
    with filled.store.write() as transaction:
        exchange.set_cursor(transaction, name, exchange.Point(9, START), exchange.BEGINNING)
    assert sweep(filled) == 1


def test_what_was_dropped_is_left_for_others_to_send(filled: Desk) -> None:
    sweep(filled)
    with filled.store.write() as transaction:
        exchange.begin(transaction, "http://nowhere")
    with filled.store.read() as connection:
        waiting = outbox.read(connection, 0, 1_000, 10**9).entries
    assert {entry.subject for entry in waiting} >= {old_call("26-2")}
    assert all(entry.body is not None for entry in waiting)


# -- what people are told ----------------------------------------------------------------------------------------------


def test_who_opens_it_or_looks_for_it_is_told(filled: Desk, clinician: SignIn) -> None:
    sweep(filled)
    call = old_call("26-1")
    page = workspace(filled, clinician, call)
    assert (page.call, page.missing) == (None, horizon.DROPPED)
    with pytest.raises(NotFound, match="past the horizon"):
        whole_call(filled, clinician, find_call(filled, str(call)))
    with pytest.raises(NotFound, match="past the horizon"):
        whole_call(filled, clinician, find_call(filled, str(call)[:8]))
    with pytest.raises(NotFound, match="past the horizon"):
        flags.flag(filled, clinician, call, "suicidal", "")
    with pytest.raises(NotFound, match=r"with the number 26-1\. This desk is whole from 2026-08-1"):
        call_by_number(filled, clinician, "26-1")
    with pytest.raises(NotFound, match=r"There is no call '26-1' here\. This desk is whole from"):
        find_call(filled, "26-1")
    assert [row.call for row in board(filled, clinician, View.RECENT).rows] == [old_call("26-2")]


def test_totals_say_from_which_day_they_are_whole(filled: Desk, clinician: SignIn) -> None:
    assert desk_status(filled, clinician).lacks == ""
    sweep(filled)
    found = desk_status(filled, clinician)
    assert found.calls == 1
    assert found.lacks == (
        "This desk is whole from 2026-08-12 18:00 on: of older calls those that nobody worked on were dropped."
    )


def test_a_dropped_call_that_somebody_works_on_again_is_there_and_says_what_it_lacks(
    filled: Desk, clinician: SignIn
) -> None:
    """Another desk, which dropped nothing, flags it and takes it."""
    sweep(filled)
    call, other = old_call("26-1"), Author("other")
    now = filled.clock.now()
    filled.store.append([other.write(call, CallFlagged("suicidal", now)), other.write(call, CallClaimed(now))])
    (row,) = board(filled, clinician, View.FLAGGED).rows
    assert (row.call, row.type_text, row.flag_reason) == (call, PAST_HORIZON, "Suicidal talk or act")
    assert row.reported_at == now - 150 * DAY
    assert row.closed
    assert workspace(filled, clinician, call).senseless == ()
    assert rebuild.rebuild(filled.store).same
    calls.message(filled, clinician, call, "what was it?")
    assert rebuild.rebuild(filled.store).same
    assert sweep(filled) == 0


def test_what_cad_says_of_a_dropped_call_counts_if_it_is_newer(filled: Desk) -> None:
    sweep(filled)
    call, now = old_call("26-1"), filled.clock.now()
    earlier = CallPictured("cad", now - 150 * DAY, "26-1", "LATE", now - 150 * DAY)
    filled.store.append([Author().derive(call, earlier)])
    assert board(filled, None, View.OPEN).rows == ()
    again = CallPictured("cad", now, "26-1", "AGAIN", now)
    filled.store.append([Author().derive(call, again)])
    (row,) = board(filled, None, View.OPEN).rows
    assert (row.number, row.type_text, row.type_before) == ("26-1", "AGAIN", "")
    assert rebuild.rebuild(filled.store).same
