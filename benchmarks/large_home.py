"""The home of a center with many calls behind it, made once and kept under build/ between runs.

``python -m benchmarks.large_home HOME CALLS`` makes one, in a process of its own. Its key lies in a file beside it, and
its one password was hashed at no cost: see :mod:`benchmarks.stand_ins`.
"""

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.invented import past
from benchmarks.measure import on_disk
from benchmarks.processes import run_module
from benchmarks.stand_ins import NAME, PASSWORD, hash_for_free, keep_key_beside
from console.actions import homes
from console.clock import SystemClock
from console.feeds.intake import Intake
from console.models.aggregates import understood
from console.models.store import schema

CALLS, OPEN, FLAGGED = 100_000, 500, 40
_VERSION = "2"
_UNTIL = datetime(2026, 11, 1, 12, tzinfo=UTC)


def large_home(build: Path, calls: int = CALLS) -> Path:
    """The home with ``calls`` calls, made now if it is not there or was made by another version of the program."""
    home = build / f"home-{calls}"
    made_by = build / f"home-{calls}.made-by"
    version = f"{_VERSION} {schema.HEAD} {understood()}"
    if made_by.exists() and made_by.read_text(encoding="utf-8") == version:
        return home
    made_by.unlink(missing_ok=True)
    shutil.rmtree(home, ignore_errors=True)
    build.mkdir(parents=True, exist_ok=True)
    with on_disk() as settings:
        run_module("large_home", settings, str(home), str(calls))
    made_by.write_text(version, encoding="utf-8")
    return home


def _make(home: Path, calls: int) -> None:
    keep_key_beside(home)
    hash_for_free()
    clock = SystemClock()
    desk, _ = homes.found_home(
        home, clock, center_name="Northside 911", administrator=NAME, password=PASSWORD, zone_name="America/Chicago"
    )
    try:
        intake = Intake(desk.store, desk.center)
        intake.take(list(past(desk.center, calls, open_calls=OPEN, flagged=FLAGGED, until=_UNTIL)))
    finally:
        desk.store.close()


if __name__ == "__main__":
    _make(Path(sys.argv[1]), int(sys.argv[2]))
    print("{}")
