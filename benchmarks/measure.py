"""Measurements and what they are held against.

The machine may be busy with other things. So every benchmark runs in rounds, each round measures the product and its
floor one right after the other, and what counts is the median of the rounds' ratios, not any single time.
"""

import os
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

BUILD = Path(__file__).resolve().parents[1] / "build"


@dataclass(frozen=True)
class Measured:
    """One benchmark: the product's and the floor's values per round, in ``unit``.

    ``goal`` holds for the median ratio product/floor, or, without a floor or with ``held_alone``, for the median of the
    product's own values; None for what is only told. ``at_most`` says whether smaller is better. ``note`` is one line
    on what was measured.
    """

    name: str
    unit: str
    product: list[float]
    floor: list[float]
    goal: float | None
    at_most: bool = True
    held_alone: bool = False
    note: str = ""
    more: dict[str, float] = field(default_factory=dict)

    @property
    def ratios(self) -> list[float]:
        """Product to floor, round by round; nothing without a floor."""
        return [] if not self.floor else [ours / bare for ours, bare in zip(self.product, self.floor, strict=True)]

    @property
    def value(self) -> float:
        """What the goal is held against."""
        return statistics.median(self.ratios if self.floor and not self.held_alone else self.product)

    @property
    def met(self) -> bool:
        """Whether the goal was reached."""
        if self.goal is None:
            return True
        return self.value <= self.goal if self.at_most else self.value >= self.goal


@dataclass(frozen=True)
class Skipped:
    """A benchmark that could not run here, and why."""

    name: str
    why: str


@contextmanager
def on_disk() -> Iterator[Path]:
    """An empty folder on the disk the checkout is on: what is measured there reaches that disk."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=BUILD) as folder:
        yield Path(folder)


def quiet_disk() -> None:
    """Wait until everything written so far is on the disk.

    Whoever does not wait for the disk leaves that to whoever does, and comes next.
    """
    if hasattr(os, "sync"):  # not on Windows
        os.sync()


def percentile(values: list[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of ``values`` lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
