"""How long the screen stands still: a board of 500 open calls under 100 updates a second, and a person at work on it.

The whole program runs on an encrypted home of its own, in a process of its own each round. CAD speaks through the feed,
each update is durable before the board is told, and the person opens calls, every section and every screen meanwhile.
The floor is a bare table of as many rows that is told as often of a change.
"""

from collections.abc import Iterator
from typing import Any

from benchmarks.measure import Measured, on_disk
from benchmarks.processes import run_module

GOAL = 50.0
"""Milliseconds: what a person who presses a key does not notice."""
CALLS, PER_SECOND = 500, 100
STEP = 0.7
"""Seconds that a person looks at what came before the next key."""
MOST_MEGABYTES = 300.0
_AT_REST = ("making ahead", "no updates", "updates")


def measure(quick: bool) -> Iterator[Measured]:
    """The longest time that the event loop stood still in each round."""
    calls, rounds, seconds, step = (50, 1, 0.5, 0.1) if quick else (CALLS, 5, 20.0, STEP)
    ours, bare = [], []
    for _ in range(rounds):
        with on_disk() as folder:
            ours.append(
                run_module("watched_board", folder, str(folder), str(calls), str(PER_SECOND), str(seconds), str(step))
            )
        with on_disk() as folder:
            bare.append(run_module("bare_board", folder, str(calls), str(PER_SECOND), str(seconds)))
    floor = [_longest(run, ("updates",)) for run in bare]
    about = f"{calls} open calls, {PER_SECOND} updates/s"
    yield _measured(f"longest stall, {about}", ours, ("updates",), floor)
    work = tuple(phase for phase in ours[0]["stalls"] if phase not in _AT_REST)
    yield _measured(f"longest stall, {about}, a person at work", ours, work, floor)
    yield _measured("longest stall, screens made ahead", ours, ("making ahead",), floor)
    memory = [run["memory"] for run in ours]
    note = "the most that was ever resident, after every section and screen was opened"
    yield Measured(f"memory, {about}", "MB", memory, [], MOST_MEGABYTES, note=note)


def _measured(name: str, ours: list[dict[str, Any]], phases: tuple[str, ...], floor: list[float]) -> Measured:
    product = [_longest(run, phases) for run in ours]
    more = {f"{phase}_ms": max(_longest(run, (phase,)) for run in ours) for phase in phases}
    return Measured(
        name,
        "ms",
        product,
        floor,
        GOAL,
        held_alone=True,
        note="one round's longest gap between 5 ms beats; each phase is told with its longest of all rounds",
        more={
            "longest_of_all_ms": max(product),
            "p99_ms": max(run["stalls"][phase]["p99"] for run in ours for phase in phases),
            "without_updates_ms": max(_longest(run, ("no updates",)) for run in ours),
            "rows": ours[0]["rows"],
            "entries": min(run["entries"] for run in ours),
            **more,
        },
    )


def _longest(run: dict[str, Any], phases: tuple[str, ...]) -> float:
    return float(max(run["stalls"][phase]["longest"] for phase in phases))
