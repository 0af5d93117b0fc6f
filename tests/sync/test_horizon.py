"""Desks with different horizons share one order: what one dropped it does not send, and another puts back whole."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from console.actions import calls, encounters
from console.actions.acting import acting
from console.models.call import CallFlagged
from console.models.call_fold import CALL
from console.models.store import exchange, journal, outbox, rebuild, subjects
from console.models.store.verify import verify
from console.queries.board import PAST_HORIZON, View, board
from console.sync.events import Entered
from tests.support.clock import FixedClock
from tests.support.desk import person
from tests.support.entries import at
from tests.support.old_calls import old_call, sweep, told
from tests.support.region import OPERATIONS, Region
from tests.support.sharing import SharingDesk, until
from tests.support.simulation import Simulation
from tests.support.truths import SimDesk
from tests.sync.conftest import Join
from wire.envelope import Entry, body_digest

OLD, NOW = datetime.now(UTC) - timedelta(days=150), datetime.now(UTC)
Backup = Callable[[], Callable[[], str]]


def entries_of(desk: SharingDesk, call: UUID) -> list[Entry]:
    with desk.store.read() as connection:
        return journal.of_subjects(connection, [call]).get(call, [])


def links(desk: SharingDesk) -> tuple[exchange.Point, bytes]:
    with desk.store.read() as connection:
        point = exchange.cursors(connection)[OPERATIONS].point
        return point, exchange.links(connection, OPERATIONS, [point.seq])[point.seq]


def test_two_horizons_one_order_and_work_on_a_dropped_call_reaches_everyone(join: Join) -> None:
    keeps, drops = join(), join()
    until(lambda: drops.people() == keeps.people(), "the people of the center")
    old = told("26-1", OLD)
    keeps.store.append([*old, *told("26-2", NOW)])
    until(lambda: drops.holds(*(entry.id for entry in old)) and keeps.settled(), "the calls")
    until(lambda: not keeps.waiting() and drops.settled(), "rest")
    assert sweep(drops.desk) == 1
    call = old_call("26-1")
    with acting(keeps.desk, person("clinician")) as act:
        flagged = act.add(call, CallFlagged("suicidal", act.now))
    encounters.claim_and_begin(keeps.desk, person("clinician"), call)
    until(lambda: drops.holds(flagged) and keeps.settled() and drops.settled(), "the work")
    until(lambda: links(keeps) == links(drops), "one order")
    (row,) = board(drops.desk, person("dispatcher"), View.FLAGGED).rows
    assert (row.call, row.type_text) == (call, PAST_HORIZON)
    (said,) = calls.message(drops.desk, person("dispatcher"), call, "what is known of it?").entries
    until(lambda: keeps.holds(said), "the answer")
    states = []
    for desk in (keeps, drops):
        assert rebuild.rebuild(desk.store).same
        assert verify(desk.store).whole
        with desk.store.read() as connection:
            folded = subjects.state(connection, CALL, call)
        assert folded
        assert folded.state
        states.append((folded.state.claim, folded.state.flag, folded.state.thread))
    assert states[0] == states[1]


def test_a_new_desk_gets_all_of_it_and_then_drops_what_is_past_the_horizon(join: Join) -> None:
    first = join()
    first.store.append([*told("26-1", OLD), *told("26-2", NOW)])
    until(lambda: not first.waiting() and first.settled(), "everything to go up")
    sweep(first.desk)
    second = join()
    until(lambda: len(second.order(OPERATIONS)) == 6 and second.settled(), "the older calls")
    assert all(entry.body is not None for entry in entries_of(second, old_call("26-1")))
    assert sweep(second.desk) == 1
    assert links(second) == links(first)
    assert entries_of(second, old_call("26-1")) == entries_of(first, old_call("26-1"))


def test_a_server_that_lost_a_call_gets_it_back_from_a_desk_that_holds_it(region: Region, backup: Backup) -> None:
    """27. … A desk that holds the body sends it, and the others adopt the place it gets."""
    keeps, drops = region.desk(), region.desk()
    region.work(keeps, 1)
    region.comes_to_rest()
    assert region.server.stop() == 0
    put_back = backup()
    region.begin()
    keeps.store.append([*told("26-1", OLD), *told("26-2", NOW)])
    region.comes_to_rest()
    assert sweep(drops.desk) == 1
    keeps.stop()
    assert region.server.stop() == 0
    region.address = put_back()
    region.begin()
    until(lambda: not drops.waiting() and drops.settled(), "the one that dropped it to be done first")
    assert not drops.holds(*(entry.id for entry in told("26-1", OLD)))
    assert drops.holds(*(entry.id for entry in told("26-2", NOW)))
    assert not drops.refused()
    keeps.start()
    region.comes_to_rest()
    until(lambda: links(keeps) == links(drops), "one order")
    assert [entry.body for entry in entries_of(drops, old_call("26-1"))] == [None] * 3
    served = {entry.id: entry for entry, _ in region.journals()[OPERATIONS]}
    assert all(served[entry.id].body == entry.body for entry in told("26-1", OLD))


def test_a_desk_that_worked_alone_and_dropped_sends_no_empty_entry(region: Region) -> None:
    """27. A desk may drop the body of an entry without a count … It MUST NOT send such an entry …"""
    first = region.desk(connect=False)
    first.stop()
    with first.store.write() as transaction:
        transaction.append(told("26-2", NOW))
        transaction.shares = False  # as it was before it joined
        transaction.append(told("26-1", OLD))
    assert sweep(first.desk) == 1
    with first.store.write() as transaction:
        exchange.begin(transaction, exchange.Store.fact(transaction.connection, exchange.SHARES))
    first.start()
    region.comes_to_rest()
    assert not first.refused()
    assert len(first.order(OPERATIONS)) == 3


@pytest.mark.parametrize("seed", range(30))
def test_desks_that_drop_agree_whatever_happened(tmp_path: Path, seed: int) -> None:
    simulation = Simulation(tmp_path, seed)
    chance, dropped = Random(seed), 0
    untouched = [told(f"26-{number}", at() - timedelta(days=150)) for number in range(6)]
    try:
        for _ in range(6):
            desk = chance.choice(simulation.desks)
            desk.desk.store.append([*chance.choice(untouched), *told("26-99", at())])
            simulation.step(desk, Entered())
            simulation.trouble(10)
            dropped += sum(map(_sweep, chance.sample(simulation.desks, 2)))
            simulation.check_always()
        simulation.heal()
        simulation.check_always()
        ordered = simulation.server.kept.entries[OPERATIONS]
        assert all(entry.body and body_digest(entry.salt, entry.body) == entry.digest for entry in ordered)
        for each in simulation.desks:
            with each.desk.store.read() as connection:
                assert outbox.count(connection) == 0
                told_here = connection.exec_driver_sql(
                    "SELECT id, seq FROM entry WHERE journal = ? AND seq IS NOT NULL ORDER BY seq", (OPERATIONS,)
                )
                assert [(UUID(bytes=row[0]), row[1]) for row in told_here] == [(each.id, each.seq) for each in ordered]
            assert rebuild.rebuild(each.desk.store).same
            assert verify(each.desk.store).whole
        assert dropped, "something was dropped on the way"
    finally:
        simulation.close()


def _sweep(desk: SimDesk) -> int:
    return sweep(replace(desk.desk, clock=FixedClock(at() + timedelta(hours=2))))
