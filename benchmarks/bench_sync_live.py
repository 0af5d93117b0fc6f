"""Key press to the other desk's row: an act at one desk until it stands in the store and the record of another.

The act is a line in the thread of one of several calls at work. It is durable three times: at the desk where the key
was pressed before its screen says so, at the server, at the other desk before its screens are told. Server and desks
are processes of their own, the desks with Python's collector off as in the desktop program, and share the machine
with whatever else runs there. The peer is PouchDB at both desks with express-pouchdb between them, the same documents
at the same pace, one right after the other; its LevelDB does not wait for the disk. The floor is what waiting for the
disk costs alone: the bare driver committing the same journal row to three encrypted files, one after the other.
"""

import gc
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from benchmarks import pouch
from benchmarks.measure import Measured, Skipped, on_disk, percentile, quiet_disk
from benchmarks.processes import Running
from benchmarks.servers import Server, databases, running
from benchmarks.sharing import ENTRIES_A_CALL, first_desk, person
from benchmarks.stores import CENTER, BareDriver, Written
from console.actions import calls, flags
from console.models.store.journal import COLUMNS, from_row, to_row
from wire.envelope import Entry
from wire.permissions import Role

MEDIAN, LONGEST = 15.0, 60.0
"""Milliseconds: half of all within the first, all but one of a hundred within the second."""
AGAINST_PEER = 1 / 3
PAUSE = (0.06, 0.1)
"""Seconds between two key presses."""


@dataclass
class Seen:
    """Milliseconds of every press, round by round."""

    rounds: list[list[float]] = field(default_factory=list)

    def percentiles(self, share: float) -> list[float]:
        """One a round."""
        return [percentile(each, share) for each in self.rounds]


def measure(quick: bool) -> Iterator[Measured | Skipped]:
    """Latency with each database, held against the goal and against the peer."""
    rounds, presses = (1, 10) if quick else (3, 150)
    absent = pouch.absent()
    peer = Seen()
    with databases() as found:
        product, floor = {kind: Seen() for kind in found.kinds}, {kind: Seen() for kind in found.kinds}
        for number in range(rounds):
            written: Sequence[Entry] = ()
            for kind in found.kinds:
                with on_disk() as folder, running(folder / "server", found.make(kind)) as server:
                    milliseconds, written = _product(folder, server, presses, number)
                    floor[kind].rounds.append(_three_commits(folder, written, number))
                product[kind].rounds.append(milliseconds)
            if not absent:
                with on_disk() as folder:
                    peer.rounds.append(_peer(folder, written, number))
        about = "key press to the other desk's row"
        if found.absent:
            yield Skipped(f"{about}, PostgreSQL", found.absent)
    for kind, seen in product.items():
        every = [each for one in seen.rounds for each in one]
        more = {"presses": len(every), "longest_ms": max(every)}
        note = "each round's median; durable at both desks and at the server"
        yield Measured(f"{about}, {kind}, p50", "ms", seen.percentiles(0.5), [], MEDIAN, note=note, more=more)
        yield Measured(f"{about}, {kind}, p99", "ms", seen.percentiles(0.99), [], LONGEST, note=note, more=more)
        yield Measured(
            f"{about}, {kind}, to three bare commits",
            "ms",
            seen.percentiles(0.5),
            floor[kind].percentiles(0.5),
            None,
            note="each round's median beside the bare driver's, which sends, judges, orders, chains and folds nothing",
        )
        if absent:
            yield Skipped(f"{about}, {kind}, to PouchDB's", absent)
            continue
        yield Measured(
            f"{about}, {kind}, to PouchDB's",
            "ms",
            seen.percentiles(0.5),
            peer.percentiles(0.5),
            AGAINST_PEER,
            note="each round's median beside PouchDB and express-pouchdb's, whose LevelDB does not wait for the disk",
            more={"peer_p99_ms": statistics.median(peer.percentiles(0.99))},
        )


def _product(folder: Path, server: Server, presses: int, number: int) -> tuple[list[float], Sequence[Entry]]:
    chance = Random(number)
    dispatcher, clinician = person(Role.DISPATCHER), person(Role.CLINICIAN)
    with first_desk(folder / "here", server) as here:
        words = (str(folder / "there"), server.url, server.code(CENTER))
        with Running.module("watched_desk", *words) as there:
            there.said()
            at_work = [
                flags.enter_call(here.desk, dispatcher, f"17-{number}", "WELFARE CHECK", "1 ELM ST")[0]
                for number in range(max(1, presses // ENTRIES_A_CALL))
            ]
            pressed = {}
            here.wait_until_settled()
            quiet_disk()
            gc.collect()
            gc.disable()
            for each in range(presses):
                who, call = (dispatcher, clinician)[each % 2], at_work[each % len(at_work)]
                time.sleep(chance.uniform(*PAUSE))
                began = time.monotonic_ns()
                changes = calls.message(here.desk, who, call, f"{each}: unit is on scene and asks what he looks like")
                pressed[str(changes.entries[0])] = began
            there.tell(list(pressed))
            gc.enable()
            told = there.said()
        here.wait_until_settled()
        with here.store.read() as connection:
            rows = connection.exec_driver_sql(f"SELECT {COLUMNS} FROM entry WHERE kind = 'call.messaged'")
            return [(told[entry] - began) / 1e6 for entry, began in pressed.items()], [from_row(row) for row in rows]


def _three_commits(folder: Path, written: Sequence[Entry], number: int) -> list[float]:
    chance = Random(number)
    files = [BareDriver(folder / f"bare {name}") for name in ("here", "server", "there")]
    milliseconds = []
    quiet_disk()
    for entry in written:
        row = Written([to_row(entry)], {})
        time.sleep(chance.uniform(*PAUSE))
        began = time.monotonic_ns()
        for file in files:
            file.write(row)
        milliseconds.append((time.monotonic_ns() - began) / 1e6)
    for file in files:
        file.close()
    return milliseconds


def _peer(folder: Path, written: Sequence[Entry], number: int) -> list[float]:
    chance = Random(number)
    with pouch.serving(folder / "server") as url:
        there = pouch.peer("watch", folder / "there", url, str(len(written)))
        with there, pouch.peer("press", folder / "here", url) as here:
            there.said()
            here.said()
            pressed = {}
            for entry in written:
                time.sleep(chance.uniform(*PAUSE))
                here.tell(pouch.document(entry))
                pressed[str(entry.id)] = here.said()["pressed"]
            told = there.said()
            return [(told[entry] - began) / 1e6 for entry, began in pressed.items()]
