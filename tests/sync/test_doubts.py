"""A desk that does not hold what its cursor says, and a server that shows other entries than its order says."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from console.sync.core import Core
from console.sync.events import Connect, Hang, State, Tick
from tests.support.simulation import Simulation
from tests.support.truths import OPERATIONS


@pytest.fixture
def calm(tmp_path: Path) -> Iterator[Simulation]:
    """Three desks at work, in fine weather."""
    simulation = Simulation(tmp_path, 7)
    simulation.calm = True
    for _ in range(12):
        for desk in simulation.desks:
            simulation.enter(desk)
        simulation.run(0.5)
    simulation.run(20)
    yield simulation
    simulation.close()


@pytest.mark.parametrize("part", [2, 1_000])
def test_an_entry_that_is_missing_behind_the_cursor_is_found_and_comes_again(
    calm: Simulation, part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.sync.follower.MOST_TAKEN", part)
    desk = calm.desks[1]
    with desk.desk.store.write() as transaction:
        transaction.connection.exec_driver_sql("DELETE FROM entry WHERE journal = ? AND seq = 3", (OPERATIONS,))
        transaction.forget_recent()
    calm.run(20)
    with pytest.raises(AssertionError, match="cursor without entries"):
        calm.check_always()  # nothing looks at it yet, and the cursors are equal
    calm.run(700)
    calm.check_always()
    calm.check_end()


def test_a_server_that_shows_another_body_is_not_believed_and_a_person_is_told(calm: Simulation) -> None:
    kept = calm.server.kept.entries[OPERATIONS]
    calm.enter(calm.desks[0])
    calm.enter(calm.desks[2])
    calm.kill(calm.desks[1])
    calm.run(0.001)
    before = len(kept)
    calm.run(5)
    desk = calm.desks[1]
    calm.cut(desk)
    with desk.desk.store.read() as connection:
        held = connection.exec_driver_sql("SELECT max(seq) FROM entry WHERE journal = ?", (OPERATIONS,)).scalar_one()
    calm.cut(desk)
    calm.desks[0].desk.clock.advance(1)
    calm.enter(calm.desks[0])
    forged = None
    while len(kept) == held:
        calm.cut(desk)
        calm.enter(calm.desks[0])
        calm.run(0.2)
    forged = kept[held]
    kept[held] = replace(forged, body='{"text":"never said"}')
    calm.run(60)
    assert before
    assert desk.standing is not None
    assert desk.standing.state is State.ATTENTION
    with desk.desk.store.read() as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM entry WHERE body LIKE '%never said%'").scalar_one()
    assert found == 0
    kept[held] = forged
    calm.run(60)
    calm.check_always()
    calm.check_end()


def test_a_connection_that_neither_comes_about_nor_fails_is_given_up_and_tried_again() -> None:
    core = Core("test", Random(1))
    assert Connect() in core.step(Tick(), 0.0, 0)
    assert not [effect for effect in core.step(Tick(), 59.0, 0) if isinstance(effect, Hang)]
    assert [effect for effect in core.step(Tick(), 61.0, 0) if isinstance(effect, Hang)]
    later = [effect for second in range(62, 100) for effect in core.step(Tick(), float(second), 0)]
    assert Connect() in later
