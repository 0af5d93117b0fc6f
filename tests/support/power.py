"""What a power cut leaves of an SQLite file with a write-ahead log that is synced at every commit.

A commit appends to the log and syncs it; some are followed by a checkpoint, which writes the file and syncs that. So at
the end of each act both are on the disk, and between two acts the power goes either while the log is written or while
the file is. Of what was being written then any sectors are there and any are not, in no order; one in the middle of
which the power went is new from one end and old from the other (https://sqlite.org/atomiccommit.html, 2.0); and what a
file grew by is written, zero, or whatever the disk held there before.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SECTOR = 512


@dataclass(frozen=True)
class Disk:
    """A file and its write-ahead log, as they are synced."""

    file: bytes
    log: bytes

    @classmethod
    def at(cls, path: Path) -> "Disk":
        """As they stand now."""
        log = _log_of(path)
        return cls(path.read_bytes(), log.read_bytes() if log.exists() else b"")

    def put(self, path: Path) -> None:
        """Write them as what the next start finds; the index of the log is never what was synced."""
        path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
        path.write_bytes(self.file)
        _log_of(path).write_bytes(self.log)


def cuts(chance: random.Random, before: Disk, after: Disk, count: int) -> Iterator[tuple[Disk, bool]]:
    """What ``count`` power cuts between two acts may leave, and whether the later act was acknowledged by then."""
    for _ in range(count):
        yield Disk(before.file, _torn(chance, before.log, after.log)), False
        if before.file != after.file:
            yield Disk(_torn(chance, before.file, after.file), after.log), True
    if len(after.log) > len(before.log):  # whole frames are lost, and the last of them alone is torn
        yield Disk(before.file, after.log[: chance.randrange(len(before.log), len(after.log))]), False
        last = min(SECTOR, len(after.log) - len(before.log))
        yield Disk(before.file, after.log[:-last] + chance.randbytes(last)), False


def _torn(chance: random.Random, before: bytes, after: bytes) -> bytes:
    writes = chance.random()  # how far it has come
    found = bytearray()
    for start in range(0, max(len(before), len(after)), SECTOR):
        old, new = before[start : start + SECTOR], after[start : start + SECTOR]
        if old == new or not new:
            found += old
        elif chance.random() < writes:
            found += new
        else:
            grown = old + chance.choice((bytes(SECTOR), chance.randbytes(SECTOR)))[: len(new) - len(old)]
            at = chance.randrange(len(new) + 1)
            found += chance.choice((grown, new[:at] + grown[at:], grown[:at] + new[at:]))
    shortest = min(len(before), len(after))
    return bytes(found[: chance.choice((len(found), chance.randint(shortest, len(found))))])


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")
