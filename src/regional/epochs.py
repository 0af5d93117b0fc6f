"""Epochs: the numbered histories of this server.

A place and its link, shown by a desk or remembered by this process, that the journal does not have proves that the
server was set back, by a restored backup or a failover. That begins a new epoch: an alarm for the operator, and the
sign for every desk to look for what the server lost and to put it back.

A new epoch begins at a random distance. Counting on by one, a server that is put back to the same backup twice would
begin the same epoch twice, and a desk that was away in between could not tell the second from the first.
"""

import logging
import secrets
from collections.abc import Collection, Mapping
from typing import Final, NamedTuple
from uuid import UUID

from regional import gaps, reading
from regional.clock import Clock
from regional.database import Database, Work
from regional.errors import Rejected
from regional.metrics import Metrics
from wire.messages import Point

log = logging.getLogger("regional.epochs")

_DISTANCE = 1_000_000
"""The longest way from one epoch to the next."""
_FURTHEST = 1_000 * _DISTANCE
"""How far ahead of ours an epoch that a desk shows may be."""

BETWEEN: Final = 600_000_000
"""Microseconds between two epochs that one desk begins: each has every desk of the region compare its journals."""
_ASK_AGAIN: Final = 30.0
"""Seconds after which a desk that has to wait looks whether another one began the epoch."""
NOBODY: Final = UUID(int=0)
"""Instead of a desk: this process found it out by itself."""


class Lost(NamedTuple):
    """What the server had and has no more: a place of a journal, or "" for an epoch alone."""

    journal: str
    seq: int


def current(work: Work) -> int:
    """The epoch."""
    return int(work.row("SELECT max(number) FROM epoch")[0])


def foreign(work: Work, shown: Mapping[str, Point]) -> str | None:
    """The first journal in which a point that was shown is not ours, None when all are."""
    for journal, shown_point in sorted(shown.items()):
        if shown_point.seq and reading.point(work, journal, shown_point.seq) != shown_point:
            return journal
    return None


class Epochs:
    """The epoch as this process knows it, and who may begin a new one."""

    def __init__(self, database: Database, clock: Clock, metrics: Metrics) -> None:
        self._database = database
        self._clock = clock
        self._metrics = metrics
        self.number = 0

    def refresh(self, work: Work) -> int:
        """Read the epoch anew."""
        self.number = current(work)
        self._metrics.epoch.set(self.number)
        return self.number

    def check(
        self, work: Work, epoch: int, shown: Mapping[str, Point], known: Collection[str]
    ) -> tuple[int, Lost | None]:
        """Look at what a desk shows; returns the epoch, and what was lost when it proves that the server was set back.

        Only ``known`` journals count. What a desk shows of an earlier epoch proves nothing new: it has yet to look for
        what was lost.
        Raises :class:`Rejected` for an epoch that no server of this region can have had.
        """
        number = self.refresh(work)
        if epoch > number + _FURTHEST:
            raise Rejected(400, f"Epoch {epoch} is none of this server's, which is at {number}.")
        if epoch < number:
            return number, None
        journal = foreign(work, {journal: each for journal, each in shown.items() if journal in known})
        if journal is not None:
            return number, Lost(journal, shown[journal].seq)
        return number, Lost("", 0) if epoch > number else None

    def begin(self, seen: int, lost: Lost, desk: UUID = NOBODY, *, at_least: int = 0) -> int:
        """Begin a new epoch, unless one began since ``seen`` was the epoch.

        Raises :class:`Rejected` when ``desk``, which says so, has begun one lately.
        """

        def job(work: Work) -> tuple[int, bool]:
            # Held until the commit: two processes that find the same out begin one epoch.
            work.row("SELECT value FROM server WHERE name = 'secret'" + work.for_update)
            number = current(work)
            if number != seen:
                return number, False
            now = self._clock.now()
            self._require_turn(work, desk, now)
            number = max(number, at_least) + 1 + secrets.randbelow(_DISTANCE)
            work.run(
                "INSERT INTO epoch (number, began_at, journal, seq, desk) VALUES (?, ?, ?, ?, ?)",
                (number, now, lost.journal, min(lost.seq, 2**63 - 1), desk.bytes),
            )
            gaps.forget(work)
            return number, True

        number, began = self._database.write(job)
        self.number = number
        self._metrics.epoch.set(number)
        if began:
            self._metrics.epochs_begun.inc()
            log.critical("server-set-back", extra={"epoch": number, **lost._asdict(), "desk": str(desk)})
        return number

    def _require_turn(self, work: Work, desk: UUID, now: int) -> None:
        """A server is set back once in a while; a desk that says so time and again lies, or its home is damaged."""
        if desk == NOBODY:
            return
        (last,) = work.row("SELECT max(began_at) FROM epoch WHERE desk = ?", (desk.bytes,))
        if last is None or not 0 <= now - last < BETWEEN:  # a clock that was set back holds nobody for longer
            return
        self._metrics.epochs_held.inc()
        log.error("epoch-not-begun", extra={"desk": str(desk)})
        left = (last + BETWEEN - now) / 1_000_000
        raise Rejected(
            429,
            "This desk shows what the server does not have, and began an epoch for that less than "
            f"{BETWEEN // 60_000_000} minutes ago. Another one has to wait.",
            min(left, _ASK_AGAIN),
        )
