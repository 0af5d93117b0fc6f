"""Whatever happens to desks, network and server: nothing is lost or doubled, and all copies become equal."""

from pathlib import Path

import pytest

from tests.support.entries import named
from tests.support.model_server import Planted
from tests.support.simulation import Simulation

STEPS = 60
QUICK, LONG = range(200), range(200, 2_200)
FOUND = (316, 428, 431, 983, 990, 1208, 1449, 1709, 2151)
"""Of the long run, what found something once."""


def story(folder: Path, seed: int, planted: Planted = Planted.NOTHING, *, early: bool = False) -> None:
    """Some work and trouble, then peace; raises AssertionError when anything is not as it must be."""
    simulation = Simulation(folder, seed, planted=planted, early=early)
    try:
        for _ in range(6):
            simulation.trouble(STEPS // 6)
            simulation.check_always()
        simulation.heal()
        simulation.check_always()
        simulation.check_end()
    finally:
        simulation.close()


@pytest.mark.parametrize("seed", [*QUICK, *FOUND])
def test_desks_agree_whatever_happened(tmp_path: Path, seed: int) -> None:
    story(tmp_path, seed)


@pytest.mark.parametrize("seed", range(40))
def test_a_desk_that_joins_late_brings_its_own_and_no_clock_matters(tmp_path: Path, seed: int) -> None:
    simulation = Simulation(tmp_path, seed)
    try:
        for _ in range(3):
            simulation.trouble(6)
            for desk in simulation.desks:
                simulation.jump(desk)
        late = simulation.join(tmp_path, "late", entries=1 + seed % 4)
        for _ in range(3):
            simulation.trouble(6)
            simulation.jump(late)
            simulation.check_always()
        simulation.heal()
        simulation.check_always()
        simulation.check_end()
        alone = [entry for entry in simulation.entries(late) if entry.subject == named("call", "late", 0)]
        assert alone
        assert all(entry.seq for entry in alone), "what it entered alone came with it"
    finally:
        simulation.close()


@pytest.mark.parametrize("seed", range(40))
def test_a_desk_and_its_copy_that_work_side_by_side_lose_nothing(tmp_path: Path, seed: int) -> None:
    """18. A store whose counts are taken is a copy: it MUST go on as a new device, with all that has no place yet."""
    simulation = Simulation(tmp_path, seed)
    try:
        simulation.trouble(10)
        copied = simulation.desks[seed % 2]
        copy = simulation.copy(copied, tmp_path)
        for _ in range(4):
            simulation.enter(copied)
            simulation.enter(copy)
            simulation.trouble(8)
            simulation.check_always()
        simulation.heal()
        simulation.check_always()
        simulation.check_end()
    finally:
        simulation.close()


@pytest.mark.soak
@pytest.mark.parametrize("seed", LONG)
def test_desks_agree_in_the_long_run(tmp_path: Path, seed: int) -> None:
    story(tmp_path, seed)


@pytest.mark.parametrize("planted", [Planted.NAIVE_SEQUENCE, Planted.NO_RECEIPTS, Planted.NO_EPOCH])
def test_a_faulty_server_is_found_out(tmp_path: Path, planted: Planted) -> None:
    found = _found_out(tmp_path, planted=planted)
    assert found, f"{planted.name} went through unseen"


def test_a_desk_that_forgets_before_the_server_answered_is_found_out(tmp_path: Path) -> None:
    assert _found_out(tmp_path, early=True), "lost entries went through unseen"


def _found_out(folder: Path, planted: Planted = Planted.NOTHING, *, early: bool = False) -> bool:
    for seed in range(12):
        try:
            story(folder / str(seed), seed, planted, early=early)
        except AssertionError:
            return True
    return False
