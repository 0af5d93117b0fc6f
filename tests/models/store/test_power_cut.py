"""The power goes: what was acknowledged is there, what was not is there whole or not at all, and the store opens."""

import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest

from console.actions import calls, drafts, encounters, flags
from console.models.changes import Changes
from console.models.store import drafts as kept_drafts
from console.models.store import rebuild, verify
from console.models.store.engine import DATABASE
from console.models.store.store import Store
from tests.support.desk import KEY, founded_home, open_desk, person
from tests.support.power import Disk, cuts

TYPED = "typed, and kept as a draft"
SOAK = [pytest.mark.soak, pytest.mark.timeout(3600)]


def at_work(home: Path, log_pages: int) -> list[tuple[Disk, frozenset[UUID]]]:
    """A desk works; what is on its disk before it and after each act, and the entries acknowledged by then."""
    desk = open_desk(founded_home(home))
    dispatcher, clinician = person("dispatcher"), person("clinician")
    call, encounter = UUID(int=0), UUID(int=0)

    def enter() -> Changes:
        nonlocal call
        call, changes = flags.enter_call(desk, dispatcher, "26-1", "WELFARE CHECK", "1 Elm St", "x" * 700)
        return changes

    def claim() -> Changes:
        nonlocal encounter
        changes = encounters.claim_and_begin(desk, clinician, call)
        (encounter,) = changes.of("encounter")
        return changes

    acts: list[Callable[[], Changes | None]] = [
        enter,
        claim,
        lambda: drafts.keep(desk, clinician, "note", TYPED, encounter),
        lambda: calls.message(desk, dispatcher, call, "m" * 900),
        lambda: encounters.note(desk, clinician, encounter, "n" * 1_500),
        lambda: calls.message(desk, dispatcher, call, "the last word"),
    ]
    moments: list[tuple[Disk, frozenset[UUID]]] = []
    with desk.store as store:
        store._raw_writer().execute(f"PRAGMA wal_autocheckpoint = {log_pages}")
        moments.append((Disk.at(store.path), _there(store)))
        for act in acts:
            changes = act()
            new = changes.entries if changes else ()
            moments.append((Disk.at(store.path), moments[-1][1] | set(new)))
        assert moments[-1][1] == _there(store)
    return moments


@pytest.mark.parametrize("log_pages", [4_000, 8], ids=["log", "log and checkpoints"])
@pytest.mark.parametrize("count", [2, pytest.param(60, marks=SOAK)])
def test_a_power_cut_between_any_two_acts_takes_nothing_that_was_acknowledged(
    tmp_path: Path, log_pages: int, count: int
) -> None:
    """10. What a person was told is saved MUST be in the desk's own store first …"""
    chance = random.Random(log_pages)
    moments = at_work(tmp_path / "home", log_pages)
    home = founded_home(tmp_path / "cut")
    seen = {"before": 0, "after": 0}
    for number, ((before, acknowledged), (after, later)) in enumerate(pairwise(moments)):
        for disk, told in cuts(chance, before, after, count):
            disk.put(home / DATABASE)
            with Store.open(home, KEY) as store:
                there = _there(store)
                assert there in ((later,) if told else (acknowledged, later)), f"after act {number}"
                seen["before" if there == acknowledged else "after"] += 1
                assert verify.verify(store).whole
                assert rebuild.rebuild(store).same
                with store.read() as connection:
                    kept = kept_drafts.of_author(connection, person("clinician").user)
                assert [each.text for each in kept] == [TYPED] or number <= 2
    assert seen["before"] > 3, seen
    assert (moments[0][0].file != moments[-1][0].file) == (log_pages == 8), "whether there was a checkpoint"


def test_a_desk_goes_on_behind_a_power_cut_and_the_next_one(tmp_path: Path) -> None:
    chance = random.Random(7)
    home, told = founded_home(tmp_path / "home"), set[UUID]()
    for number in range(6):
        desk = open_desk(home)
        call, changes = flags.enter_call(desk, person("dispatcher"), f"26-{number}", "WELFARE CHECK", "1 Elm St")
        told |= set(changes.entries)
        before = Disk.at(desk.store.path)
        calls.message(desk, person("dispatcher"), call, "the power goes while this is saved " * 20)
        (disk, _), *_ = cuts(chance, before, Disk.at(desk.store.path), 1)
        desk.store.close()
        disk.put(home / DATABASE)
    with Store.open(home, KEY) as store:
        assert told <= _there(store)
        assert verify.verify(store).whole


def _there(store: Store) -> frozenset[UUID]:
    with store.read() as connection:
        return frozenset(UUID(bytes=row[0]) for row in connection.exec_driver_sql("SELECT id FROM entry"))
