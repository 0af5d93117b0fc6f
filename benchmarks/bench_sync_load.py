"""A region at work: 50 desks at one server, each writing 10 entries a second for a minute and reading those of all.

The desks keep no store, so that what is measured is the server. They run in one process beside it, on the same cores:
what they take is missing at the server, and counts as its delay. Loss is an entry that was not answered as accepted, or
that one of the desks never got; all of them have to end at the same place of the journal, with the same link.

And the morning after an outage: while ten desks work, twenty come back at once, each with what it entered in eight
hours. What is held against a goal is what those who work notice of it, beside the same desks at work alone.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from benchmarks.measure import Measured, Skipped, on_disk
from benchmarks.processes import Running
from benchmarks.servers import Databases, databases, running
from benchmarks.sharing import first_desk
from benchmarks.stores import CENTER

CLIENTS, PER_SECOND, SECONDS = 50, 10, 60
LIVE, LIVE_PER_SECOND, LIVE_SECONDS = 10, 2, 40
RETURNING, BACKLOG = 20, 5_000
NOTICED_MS = 200.0
"""The most that the 99th of a hundred may wait for an answer meanwhile."""


def measure(quick: bool) -> Iterator[Measured | Skipped]:
    """Loss, delay and memory, with each database."""
    clients, seconds = (5, 2) if quick else (CLIENTS, SECONDS)
    about = f"{clients} desks, {PER_SECOND} entries/s each, {seconds} s"
    with databases() as found:
        if found.absent:
            yield Skipped(f"{about}, PostgreSQL", found.absent)
        for kind in found.kinds:
            yield from _told(f"{about}, {kind}", _run(found, kind, (clients, PER_SECOND, seconds)))
        for kind in found.kinds:
            yield from _after_an_outage(found, kind, quick)


def _after_an_outage(found: Databases, kind: str, quick: bool) -> Iterator[Measured]:
    live, seconds, returning, backlog = (2, 2, 3, 250) if quick else (LIVE, LIVE_SECONDS, RETURNING, BACKLOG)
    load = (live, LIVE_PER_SECOND, seconds)
    alone, run = _run(found, kind, load), _run(found, kind, load, (returning, backlog))
    about = f"{returning} desks come back with {backlog:,} entries each beside {live} at work, {kind}"
    more = {"drained_seconds": run["drained"], "seconds": run["seconds"]}
    yield Measured(
        f"{about}: lost", "", [float(run["lost"])], [], 0.0, note="and until all of it had its place", more=more
    )
    note = "of those at work, from the moment an entry was due; the floor is the same desks at work alone"
    more = {"p50_ms": run["answer"][0], "delivery_p99_ms": run["delivery"][1]}
    floor = [alone["answer"][1]]
    yield Measured(
        f"{about}: p99 to the answer",
        "ms",
        [run["answer"][1]],
        floor,
        NOTICED_MS,
        held_alone=True,
        note=note,
        more=more,
    )


def _run(
    found: Databases, kind: str, load: tuple[int, int, int], returning: tuple[int, int] = (0, 0)
) -> dict[str, Any]:
    """``load`` is how many desks work, how much each enters in a second, and for how long; ``returning`` how many come
    back, with how much each.
    """
    clients, *pace = load
    with on_disk() as folder, running(folder / "server", found.make(kind)) as server, ExitStack() as processes:
        before = server.resident()
        with first_desk(folder / "first", server):
            codes = [server.code(CENTER) for _ in range(clients + returning[0])]
        crowds = [
            processes.enter_context(Running.module("thin_clients", server.url, *map(str, (*pace, backlog)), *those))
            for backlog, those in ((0, codes[:clients]), (returning[1], codes[clients:]))
            if those
        ]
        for crowd in crowds:
            crowd.said()
        connected = server.resident()
        for crowd in crowds:
            crowd.tell("go")
        found_out: list[dict[str, Any]] = [crowd.said() for crowd in crowds]
        memory = {"started": before, "connected": connected, "after": server.resident()}
        lost = sum(each["left"] + _lost(each) for each in found_out)
        return found_out[0] | {"memory": memory, "lost": lost, "drained": found_out[-1]["drained"]}


def _told(about: str, run: dict[str, Any]) -> Iterator[Measured | Skipped]:
    note = "not accepted, or not delivered to one of the desks; and desks that ended at another place"
    more = {"written": run["written"], "seconds": run["seconds"]}
    yield Measured(f"{about}: lost", "", [float(run["lost"])], [], 0.0, note=note, more=more)
    for what, name in (("answer", "to the answer"), ("delivery", "to every other desk")):
        if run[what]:
            median, p99 = run[what]
            note = "from the moment an entry was due; clients and server share the cores"
            yield Measured(f"{about}: p99 {name}", "ms", [p99], [], None, note=note, more={"p50_ms": median})
    memory = run["memory"]
    if memory["after"] is None:
        yield Skipped(f"{about}: server memory", "this system has no /proc to read it from")
    else:
        note = "the server's process, after the load; before it, with nobody and with all desks connected, beside it"
        more = {"started_mb": memory["started"], "connected_mb": memory["connected"]}
        yield Measured(f"{about}: server memory", "MB", [memory["after"]], [], None, note=note, more=more)


def _lost(run: dict[str, Any]) -> int:
    return int(run["written"] - run["answered"] + run["missed"] + len(run["wrong"]) + run["places"] - 1)
