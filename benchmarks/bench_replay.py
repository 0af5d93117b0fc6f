"""A replay of real calls at full speed: read, derive, append, fold, commit.

The floor is the bare driver inserting the same journal rows and writing the same record rows, commit by commit. It
reads no file, derives nothing and folds nothing.
"""

import gc
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Measured, Skipped, on_disk
from benchmarks.stores import CENTER, BareDriver, Written, new_desk, written_by
from console.clock import SystemClock
from console.feeds.feed import Fed, feed
from console.feeds.health import HealthKeeper
from console.feeds.intake import Intake
from console.feeds.profile import load_profile
from console.feeds.replay import ReplaySource
from console.models.changes import Changes
from console.models.store.desk import Desk

GOAL = 0.5
CALLS = 50_000
TURN = 20
"""Commits of the product, and then the same ones of the floor: about half a second of work."""
NAME = "replay of Seattle calls"
FILE = Path(__file__).resolve().parents[2] / "shared/data/cfs-seattle-2015/spd_911_incident_response_2015.csv.gz"


def measure(quick: bool) -> Iterator[Measured | Skipped]:
    """Entries a second, of the product and of the floor."""
    if not FILE.exists():
        yield Skipped(NAME, f"{FILE} is not there")
        return
    calls, rounds = (600, 1) if quick else (CALLS, 5)
    with on_disk() as folder:
        commits, entries = _recorded(folder / "recorded", calls)
        # These rows are the benchmark's own: the product's garbage collections are not to look through them.
        gc.collect()
        gc.freeze()
        product, floor = [], []
        for number in range(rounds):
            desk = new_desk(folder / f"product-{number}")
            following = _Floor(BareDriver(folder / f"floor-{number}"), commits)
            desk.store.subscribe(following.product_committed)
            started = time.perf_counter()
            fed = _replay(desk, calls)
            following.catch_up()
            took = time.perf_counter() - started
            assert fed.entries == entries
            product.append(entries / (took - following.seconds))
            floor.append(entries / following.seconds)
            desk.store.close()
            following.bare.close()
        gc.unfreeze()
        yield Measured(
            f"{NAME} ({calls:,})",
            "entries/s",
            product,
            floor,
            GOAL,
            at_most=False,
            note="the product also reads and sorts the file, derives and folds; the floor only writes",
            more={"entries": entries, "commits": len(commits)},
        )


class _Floor:
    """The bare driver making the same commits, in turns with the product: what else the machine does meets both."""

    def __init__(self, bare: BareDriver, commits: list[Written]) -> None:
        self.bare = bare
        self.seconds = 0.0
        self._commits = commits
        self._committed = self._written = 0

    def product_committed(self, changes: Changes) -> None:
        """The product made its next commit; every few, the floor makes the same ones."""
        self._committed += 1
        if self._committed - self._written >= TURN:
            self.catch_up()

    def catch_up(self) -> None:
        """Write everything that the product has written."""
        started = time.perf_counter()
        self.bare.write_all(self._commits[self._written : self._committed])
        self.seconds += time.perf_counter() - started
        self._written = self._committed


def _replay(desk: Desk, calls: int) -> Fed:
    source = ReplaySource(FILE, load_profile("seattle-2015"), CENTER, limit=calls)
    clock = SystemClock()
    stop = threading.Event()
    return feed(
        source,
        Intake(desk.store, CENTER),
        HealthKeeper(source.name, clock),
        speed=None,
        clock=clock,
        wait=stop.wait,
    )


def _recorded(home: Path, calls: int) -> tuple[list[Written], int]:
    """The rows of each commit of such a replay."""
    desk = new_desk(home)
    commits: list[Written] = []

    def keep(changes: Changes) -> None:
        commits.append(written_by(desk.store, changes))

    desk.store.subscribe(keep)
    fed = _replay(desk, calls)
    desk.store.close()
    return commits, fed.entries
