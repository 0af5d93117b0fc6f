"""A form of 300 questions: to load it, from a key press to what the screen shows then, to score it, to scroll it.

The form has ten sections with a total by formula each, and conditions. The floor evaluates the same formulas on the
same answers with the bare FHIRPath engine: it decides nothing, scores nothing and shows nothing.
"""

import statistics
from collections.abc import Iterator

from benchmarks.measure import Measured, on_disk, percentile
from benchmarks.processes import run_module

GOAL = 16.0
"""Milliseconds: one frame of the screen."""
QUESTIONS, SECTIONS = 300, 10


def measure(quick: bool) -> Iterator[Measured]:
    """Rounds of answering every question once, each beside the bare engine."""
    questions, sections, answers, rounds = (30, 3, 12, 1) if quick else (QUESTIONS, SECTIONS, 220, 3)
    ours, bare = [], []
    for _ in range(rounds):
        with on_disk() as folder:
            ours.append(run_module("answered_form", folder, str(questions), str(sections), str(answers)))
            bare.append(run_module("bare_form", folder, str(questions), str(sections)))
    about = f"form of {questions}"
    floor = [statistics.median(run["formulas"]) for run in bare]
    yield Measured(f"{about}: load", "ms", [run["load"] for run in ours], [run["load"] for run in bare], None)
    yield Measured(
        f"{about}: answer to screen, p99",
        "ms",
        [percentile(run["answers"], 0.99) for run in ours],
        floor,
        GOAL,
        held_alone=True,
        note="from the key to the painted screen; the floor evaluates the formulas of the form and does nothing else",
        more={
            "median_ms": statistics.median(each for run in ours for each in run["answers"]),
            "longest_ms": max(each for run in ours for each in run["answers"]),
            "p99_of_its_thread_ms": statistics.median(percentile(run["worked"], 0.99) for run in ours),
            "longest_between_ms": max(each for run in ours for each in run["between"]),
            "answers": sum(len(run["answers"]) for run in ours),
        },
    )
    yield Measured(
        f"{about}: score",
        "ms",
        [statistics.median(run["score"]) for run in ours],
        floor,
        None,
        note="what is asked and every total of the form, against the formulas alone with the bare engine",
    )
    yield Measured(
        f"{about}: scrolled by a third of the screen, p99",
        "ms",
        [percentile(run["scroll"], 0.99) for run in ours],
        [],
        GOAL,
        note="the same questions in one section; lines are made as they come near",
        more={"longest_ms": max(each for run in ours for each in run["scroll"])},
    )
