"""A shift's work at once: 10,000 entries up from a desk that worked alone, and down into two others, folding included.

Pushed means: each is durable at the server, has its place in the journal's order at the desk that wrote it, and is
folded there in that order. Pulled means: each is durable and folded at a desk that had fallen behind, and at one that
is new. Connecting counts. Beside it, in every round: PouchDB with express-pouchdb and the same documents,
and the bare drivers with the same rows: the server's log, by COPY where there is COPY, and the desk's file.
"""

import gc
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks import pouch
from benchmarks.measure import Measured, Skipped, on_disk, quiet_disk
from benchmarks.servers import Databases, Server, databases, running
from benchmarks.sharing import OPERATIONS, SharingDesk, first_desk, work_alone
from benchmarks.stores import CENTER, BareDriver, Written, written_by
from console.models.changes import Changes
from regional import rows, schema
from regional.clock import Clock
from regional.database import Database, Work
from regional.homes import open_database
from wire.envelope import Entry

PUSH_AGAINST_PEER, PULL_AGAINST_PEER = 3.0, 4.0
PUSHED, CAUGHT_UP, BEGUN = "push", "pull of a desk behind", "pull of a new desk"
_BATCH = 1_000
"""What the peer is fastest with."""
_COMMIT, _PAGE = 500, 1_000
"""Entries in one transaction of the bare drivers: as in a push, and as in a page."""


@dataclass
class Speeds:
    """Entries a second, round by round."""

    product: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    peer: list[float] = field(default_factory=list)


def measure(quick: bool) -> Iterator[Measured | Skipped]:
    """Entries a second up and down, with each database."""
    rounds, count = (1, 1_000) if quick else (3, 10_000)
    absent = pouch.absent()
    with databases() as found:
        speeds = {(kind, way): Speeds() for kind in found.kinds for way in (PUSHED, CAUGHT_UP, BEGUN)}
        for _ in range(rounds):
            entries: Sequence[Entry] = ()
            for kind in found.kinds:
                with on_disk() as folder:
                    entries = _product(folder, found, kind, count, speeds)
            if absent:
                continue
            with on_disk() as folder:
                peer = pouch.carried(folder, entries, _BATCH)
            assert peer["up"] == peer["down"] == count, peer
            for (_, way), speed in speeds.items():
                speed.peer.append(count / peer["push" if way == PUSHED else "pull"])
        if found.absent:
            yield Skipped(f"{count:,} entries, PostgreSQL", found.absent)
    yield from _told(speeds, count, absent)


def _told(speeds: dict[tuple[str, str], Speeds], count: int, absent: str) -> Iterator[Measured | Skipped]:
    for (kind, way), speed in speeds.items():
        name = f"{way}, {count:,} entries, {kind}"
        if absent:
            yield Skipped(f"{name}, to PouchDB's", absent)
        else:
            goal = PUSH_AGAINST_PEER if way == PUSHED else PULL_AGAINST_PEER
            note = f"entries of calls under way; the peer in batches of {_BATCH:,}, its disk not waited for"
            yield Measured(f"{name}, to PouchDB's", "/s", speed.product, speed.peer, goal, at_most=False, note=note)
        note = "the bare drivers are handed the rows: they judge, number, chain, fold and send nothing"
        yield Measured(f"{name}, to the bare drivers'", "/s", speed.product, speed.bare, None, note=note)


def _product(
    folder: Path, found: Databases, kind: str, count: int, speeds: dict[tuple[str, str], Speeds]
) -> Sequence[Entry]:
    def note(way: str, seconds: float, bare: float) -> None:
        speeds[kind, way].product.append(count / seconds)
        speeds[kind, way].bare.append(count / bare)

    with running(folder / "server", found.make(kind)) as server, first_desk(folder / "first", server) as first:
        behind = SharingDesk(folder / "behind").join(server.url, server.code(CENTER)).connect()
        behind.wait_until_settled(1)
        behind.disconnect()
        first.disconnect()
        entries = work_alone(first, count)
        pushed = _until_settled(first, count + 1)
        caught_up = _until_settled(behind, count + 1)
        new = SharingDesk(folder / "new").join(server.url, server.code(CENTER))
        begun = _until_settled(new, count + 1)
        placed = _bare_push(folder / "bare server", found.make(kind), server)
        note(PUSHED, pushed, placed)
        for desk, way, seconds in ((behind, CAUGHT_UP, caught_up), (new, BEGUN, begun)):
            note(way, seconds, _bare_pull(folder / f"bare {way}", server, desk))
            desk.close()
    return entries


def _until_settled(desk: SharingDesk, entries: int) -> float:
    """Seconds from connecting on, with Python's collector off as it is in the desktop program; nobody else is there."""
    quiet_disk()
    gc.collect()
    gc.disable()
    began = time.perf_counter()
    desk.connect().wait_until_settled(entries)
    seconds = time.perf_counter() - began
    gc.enable()
    desk.disconnect()
    return seconds


def _bare_push(folder: Path, address: str, server: Server) -> float:
    """Seconds in which the server's driver writes the rows of the server's log into an empty one."""
    made = open_database(server.database, server.home)
    log = made.read(lambda work: rows.after(work, OPERATIONS, 0, 1_000_000))
    made.close()
    values = [rows.to_row(entry, link) for entry, link in log]
    bare = open_database(address, folder)
    schema.prepare(bare, Clock().now())
    quiet_disk()
    began = time.perf_counter()
    for start in range(0, len(values), _COMMIT):
        _write(bare, values[start : start + _COMMIT])
    seconds = time.perf_counter() - began
    bare.close()
    return seconds


def _write(bare: Database, values: Sequence[tuple[Any, ...]]) -> None:
    def job(work: Work) -> None:
        work.insert("entry", rows.COLUMNS, values)

    bare.write(job)


def _bare_pull(folder: Path, server: Server, desk: SharingDesk) -> float:
    """Seconds in which the bare drivers read the log and write the desk's rows, those of its record as they ended."""
    commits = list(_commits(desk))
    log = open_database(server.database, server.home)
    bare = BareDriver(folder)
    quiet_disk()
    began = time.perf_counter()
    for number, written in enumerate(commits):
        log.read(lambda work, after=number * _PAGE: _select(work, after))  # type: ignore[misc]
        bare.write(written)
    seconds = time.perf_counter() - began
    bare.close()
    log.close()
    return seconds


def _select(work: Work, after: int) -> list[Any]:
    query = f"SELECT {rows.COLUMNS} FROM entry WHERE journal = ? AND seq > ? ORDER BY seq LIMIT ?"
    return work.rows(query, (OPERATIONS, after, _PAGE))


def _commits(desk: SharingDesk) -> Iterator[Written]:
    with desk.store.read() as connection:
        query = "SELECT id, subject FROM entry WHERE journal = ? ORDER BY seq"
        held = connection.exec_driver_sql(query, (OPERATIONS,)).all()
    for start in range(0, len(held), _PAGE):
        part = held[start : start + _PAGE]
        subjects = frozenset(("call", UUID(bytes=row[1])) for row in part)
        yield written_by(desk.store, Changes(subjects, tuple(UUID(bytes=row[0]) for row in part)))
