"""Every benchmark runs to its end with little data, and what it measured can be told to people and machines."""

import json
from pathlib import Path

import pytest

import benchmarks.bench_start
import benchmarks.measure
from benchmarks.__main__ import document, names, table
from benchmarks.measure import Measured, Skipped


@pytest.fixture(autouse=True)
def _build_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchmarks.measure, "BUILD", tmp_path)
    monkeypatch.setattr(benchmarks.bench_start, "BUILD", tmp_path)


@pytest.mark.timeout(600)  # several processes at full speed, on a machine that may have other work
@pytest.mark.parametrize("name", names())
def test_a_benchmark_measures_itself_and_its_floor(name: str) -> None:
    module = __import__(f"benchmarks.bench_{name}", fromlist=["measure"])
    results: list[Measured | Skipped] = list(module.measure(True))
    assert results
    for result in results:
        if isinstance(result, Measured):
            counts_losses = result.goal == 0
            assert min(result.product) > 0 or counts_losses
            assert result.goal is not None or result.floor or result.note, "a figure that says nothing"
            assert len(result.ratios) in (0, len(result.product))
        assert result.name in table(results)
        if result.name.startswith("start "):
            assert isinstance(result, Measured)
            more = result.more
            assert more["with_typing_ms"] >= more["to_sign_in_ms"] + more["to_board_ms"] > 0
            assert f"{more['with_typing_ms'] / 1000:.1f} s with them" in result.note
    assert json.loads(json.dumps(document(results)))["benchmarks"]


def test_a_goal_is_held_against_the_ratio_or_against_the_product_alone() -> None:
    slow_machine = Measured("", "ms", [60.0, 40.0, 45.0], [30.0, 20.0, 25.0], 50.0, held_alone=True)
    assert slow_machine.met
    assert slow_machine.value == 45.0
    assert Measured("", "ms", [60.0], [40.0], 2.0).met
    assert not Measured("", "ms", [90.0], [40.0], 2.0).met
    assert not Measured("", "MB", [301.0], [], 300.0).met
