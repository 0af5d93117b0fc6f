"""``python -m benchmarks [NAME…]``: run the benchmarks, print a table, write ``build/bench.json``.

Each module ``benchmarks/bench_*.py`` is one: its ``measure(quick)`` yields what it measured. Exit 1 when a goal was
missed, so that a machine can tell.
"""

import argparse
import importlib
import json
import pkgutil
import platform
import statistics
import sys
import time
from collections.abc import Iterable
from typing import Any

import benchmarks
from benchmarks.measure import BUILD, Measured, Skipped

PREFIX = "bench_"


def names() -> list[str]:
    """Every benchmark there is."""
    found = (module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    return sorted(name.removeprefix(PREFIX) for name in found if name.startswith(PREFIX))


def main(arguments: list[str] | None = None) -> int:
    """Run what was asked for, all of it by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="*", choices=[*names(), []], help=f"one of {', '.join(names())}")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and less data: to see that they run")
    given = parser.parse_args(arguments)
    results: list[Measured | Skipped] = []
    for name in given.name or names():
        print(f"{name} …", file=sys.stderr, flush=True)
        started = time.perf_counter()
        measured: Iterable[Measured | Skipped] = importlib.import_module(f"benchmarks.{PREFIX}{name}").measure(
            given.quick
        )
        results += measured
        print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    print(table(results))
    BUILD.mkdir(exist_ok=True)
    (BUILD / "bench.json").write_text(json.dumps(document(results), indent=2) + "\n", encoding="utf-8")
    return 0 if all(isinstance(result, Skipped) or result.met for result in results) else 1


def document(results: list[Measured | Skipped]) -> dict[str, Any]:
    """Everything measured, for machines."""
    return {
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {platform.system()} {platform.release()}",
        "benchmarks": [_as_json(result) for result in results],
    }


def _as_json(result: Measured | Skipped) -> dict[str, Any]:
    if isinstance(result, Skipped):
        return {"name": result.name, "skipped": result.why}
    return {
        "name": result.name,
        "unit": result.unit,
        "product": result.product,
        "floor": result.floor,
        "ratios": result.ratios,
        "value": result.value,
        "goal": {} if result.goal is None else {"at_most" if result.at_most else "at_least": result.goal},
        "met": result.met,
        "note": result.note,
        **result.more,
    }


def table(results: list[Measured | Skipped]) -> str:
    """Everything measured, for people."""
    rows = [("", "product", "floor", "ratio", "goal", "")]
    for result in results:
        if isinstance(result, Skipped):
            rows.append((result.name, "", "", "", "", f"skipped: {result.why}"))
            continue
        sign = "≤" if result.at_most else "≥"
        spread = f" ({min(result.ratios):.2f}-{max(result.ratios):.2f})" if result.floor else ""
        unit = "" if result.floor and not result.held_alone else f" {result.unit}"
        rows.append(
            (
                result.name,
                f"{statistics.median(result.product):,.2f} {result.unit}",
                f"{statistics.median(result.floor):,.2f} {result.unit}" if result.floor else "",
                f"{statistics.median(result.ratios):.2f}{spread}" if result.floor else "",
                "" if result.goal is None else f"{sign} {result.goal:g}{unit}",
                "" if result.goal is None else "met" if result.met else "MISSED",
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


if __name__ == "__main__":
    sys.exit(main())
