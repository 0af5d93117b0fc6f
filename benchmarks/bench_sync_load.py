"""A region at work: 50 desks at one server, each writing 10 entries a second for a minute and reading those of all.

The desks keep no store, so that what is measured is the server. They run in one process beside it, on the same cores:
what they take is missing at the server, and counts as its delay. Loss is an entry that was not answered as accepted, or
that one of the desks never got; all of them have to end at the same place of the journal, with the same link.
"""

from collections.abc import Iterator
from typing import Any

from benchmarks.measure import Measured, Skipped, on_disk
from benchmarks.processes import Running
from benchmarks.servers import Databases, databases, running
from benchmarks.sharing import first_desk
from benchmarks.stores import CENTER

CLIENTS, PER_SECOND, SECONDS = 50, 10, 60


def measure(quick: bool) -> Iterator[Measured | Skipped]:
    """Loss, delay and memory, with each database."""
    seconds = 5 if quick else SECONDS
    about = f"{CLIENTS} desks, {PER_SECOND} entries/s each, {seconds} s"
    with databases() as found:
        if found.absent:
            yield Skipped(f"{about}, PostgreSQL", found.absent)
        for kind in found.kinds:
            yield from _told(f"{about}, {kind}", _run(found, kind, seconds))


def _run(found: Databases, kind: str, seconds: int) -> dict[str, Any]:
    with on_disk() as folder, running(folder / "server", found.make(kind)) as server:
        before = server.resident()
        with first_desk(folder / "first", server):
            codes = [server.code(CENTER) for _ in range(CLIENTS)]
        with Running.module("thin_clients", server.url, str(PER_SECOND), str(seconds), *codes) as clients:
            clients.said()
            connected = server.resident()
            clients.tell("go")
            found_out: dict[str, Any] = clients.said()
        return found_out | {"memory": {"started": before, "connected": connected, "after": server.resident()}}


def _told(about: str, run: dict[str, Any]) -> Iterator[Measured | Skipped]:
    lost = run["written"] - run["answered"] + run["missed"] + len(run["wrong"]) + run["places"] - 1
    note = "not accepted, or not delivered to one of the desks; and desks that ended at another place"
    more = {"written": run["written"], "seconds": run["seconds"]}
    yield Measured(f"{about}: lost", "", [float(lost)], [], 0.0, note=note, more=more)
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
