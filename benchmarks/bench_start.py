"""From the launch to a usable board on a store of 100,000 calls, in a process of its own each time, and its memory.

What counts is the time a person waits: from the launch to the sign-in page, and from name and password to the first
rows of the board. Hashing the password is left out, and so is the time somebody types, while the program opens the home
and builds the board; when the home is open is told beside, for whoever types faster. The floor is a process that
imports PySide6 (QtWidgets) and SQLAlchemy, and nothing else.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.large_home import CALLS, large_home
from benchmarks.measure import BUILD, Measured, on_disk
from benchmarks.processes import run_module

GOAL = 2.0
MOST_MEGABYTES = 300.0
TYPING_SECONDS = 3.0
"""How long somebody takes to give name and password. What the program imports meanwhile is not waited for."""
_FLOOR = "import time, PySide6.QtWidgets, sqlalchemy; print(time.monotonic())"
_OTHER_FLOOR = "import time, sqlalchemy, PySide6.QtWidgets; print(time.monotonic())"
"""The same in an order that costs less: PySide6 slows every import after it, as it would the program's."""


def measure(quick: bool) -> Iterator[Measured]:
    """Launch to board against bare imports, and what memory the program then holds."""
    calls, rounds, typing = (600, 1, 0.5) if quick else (CALLS, 9, TYPING_SECONDS)
    home = large_home(BUILD, calls)
    _start(home, typing)  # so that every round finds the files where the first one would have to fetch them
    _bare()
    starts, floor, other = [], [], []
    for _ in range(rounds):
        starts.append(_start(home, typing))
        floor.append(_bare() * 1000)
        other.append(_bare(_OTHER_FLOOR) * 1000)
    with_pause = _median([start["to signing in"] + typing + start["to board"] for start in starts])
    waits = [start["to signing in"] + start["to board"] for start in starts]
    yield Measured(
        f"start to usable board ({calls:,} calls)",
        "ms",
        [wait * 1000 for wait in waits],
        floor,
        GOAL,
        note="launch to sign-in page plus sign-in to painted rows, no hashing; the home is opened and the board built "
        f"in the {typing:g} s that somebody types, {with_pause:.1f} s with them; the floor imports QtWidgets, "
        "SQLAlchemy",
        more={
            "to_sign_in_ms": _median([start["to signing in"] for start in starts]) * 1000,
            "to_board_ms": _median([start["to board"] for start in starts]) * 1000,
            "to_home_open_ms": _median([start["home open"] for start in starts]) * 1000,
            "with_typing_ms": with_pause * 1000,
            "rows": starts[0]["rows"],
            "longest_ms": max(waits) * 1000,
            "floor_in_other_order_ms": _median(other),
        },
    )
    yield Measured(
        f"memory with the board open ({calls:,} calls)",
        "MB",
        [start["memory at most"] for start in starts],
        [],
        MOST_MEGABYTES,
        note="the most that was ever resident, with all open calls on the board, every screen made and a call opened",
        more={
            "at_board_mb": _median([start["memory at board"] for start in starts]),
            "settled_mb": _median([start["memory settled"] for start in starts]),
            "with_all_open_mb": _median([start["memory with all open"] for start in starts]),
            "open_calls": starts[0]["rows of all open"],
            "with_a_call_mb": _median([start["memory with a call"] for start in starts]),
        },
    )


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _start(home: Path, typing: float) -> dict[str, float]:
    """One start of the program, as seconds waited and megabytes held."""
    with on_disk() as settings:
        launched = time.monotonic()
        seen: dict[str, float] = run_module("watched_start", settings, str(home), str(typing))
    seen["to signing in"] = seen["signing in"] - launched
    seen["home open"] -= launched
    seen["to board"] = seen["board"] - seen["submitted"]
    return seen


def _bare(program: str = _FLOOR) -> float:
    """Seconds from the launch of a process to both libraries being imported."""
    launched = time.monotonic()
    done = subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.PIPE, timeout=120)
    return float(done.stdout) - launched
