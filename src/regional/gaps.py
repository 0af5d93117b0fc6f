"""Counts that nobody can show any more, and when what stands behind them is taken all the same.

A refused entry is kept by the server and by its author only. Where the server was set back and the author is gone, no
desk can put it back, and everything of that author behind it would wait for ever. So such a gap is noted when it is
first seen; nothing of it being shown for an hour, the first entry behind it, put back by a desk that had it ordered, is
taken as the chain's new beginning. docs/decisions/0014 says why nobody gains by lying here.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple
from uuid import UUID

from regional.database import Work

WAITS: Final = 3_600_000_000
"""Microseconds for which a missing count is waited for, from when it was first missed in this epoch."""

Key = tuple[str, UUID]
"""A journal, and a device that counts its entries there."""


class Passed(NamedTuple):
    """A gap that was passed over: the first count that is missing, since when, and the count of the entry behind it."""

    journal: str
    device: UUID
    missing: int
    since: int
    behind: int


def waiting(work: Work, keys: Collection[Key]) -> dict[Key, tuple[int, int]]:
    """The gaps that are waited for of these devices: the count that is missing, and since when it is."""
    if not keys:
        return {}
    in_journals, journals = work.within("journal", sorted({journal for journal, _ in keys}))
    in_devices, devices = work.within("device", [device.bytes for device in {device for _, device in keys}])
    rows = work.rows(
        f"SELECT journal, device, missing, since FROM gap WHERE {in_journals} AND {in_devices} AND passed_at IS NULL",
        [*journals, *devices],
    )
    return {(row[0], UUID(bytes=row[1])): (row[2], row[3]) for row in rows}


def due(noted: Mapping[Key, tuple[int, int]], now: int) -> dict[Key, int]:
    """The missing counts that need not be waited for any longer."""
    return {key: missing for key, (missing, since) in noted.items() if now - since >= WAITS}


def keep(
    work: Work,
    noted: Mapping[Key, tuple[int, int]],
    counts: Mapping[Key, int],
    behind: Mapping[Key, int],
    passed: Iterable[Passed],
    now: int,
) -> None:
    """Note what is missing now: in front of what waits (``behind``, by the highest count) of devices at ``counts``.

    A count that came in between begins another wait for the next; so does a clock that was set back.
    """
    over = [key for key, (missing, since) in noted.items() if counts[key] + 1 != missing or since > now]
    fresh = [key for key, n in behind.items() if n > counts[key] + 1 and (key not in noted or key in over)]
    work.many(
        "DELETE FROM gap WHERE journal = ? AND device = ? AND passed_at IS NULL",
        [(journal, device.bytes) for journal, device in sorted(over)],
    )
    work.many(
        "INSERT INTO gap (journal, device, missing, since, behind, passed_at) VALUES (?, ?, ?, ?, ?, ?)",
        [
            *((key[0], key[1].bytes, counts[key] + 1, now, None, None) for key in sorted(fresh)),
            *((gap.journal, gap.device.bytes, gap.missing, gap.since, gap.behind, now) for gap in passed),
        ],
    )


def forget(work: Work) -> None:
    """A new epoch: every desk puts back what it has, and what was missed before is waited for anew."""
    work.run("DELETE FROM gap WHERE passed_at IS NULL")
