"""One thread that writes: it takes what several desks pushed meanwhile into one transaction.

Group commit is for speed only; the head rows make any number of writers right. Short pushes go before the long ones of
other desks, in commits of their own, and take turns with them: after an outage nobody's work waits until all have
caught up, and all do catch up. When a transaction fails for its content, each push is tried alone, so that one cannot
take the others with it. Nothing is answered, and nothing handed on, before the commit has returned.
"""

import contextlib
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from uuid import UUID

import psycopg
import sqlcipher3.dbapi2 as sqlcipher

from regional.access import Member
from regional.clock import Clock
from regional.database import Database, Work
from regional.errors import Away, Rejected
from regional.failing import Failing
from regional.failpoints import failpoint
from regional.metrics import Metrics
from regional.ordering import Ordered, Outcome, Submission, order
from regional.rights import RightsCache
from wire.envelope import Entry
from wire.messages import Result

log = logging.getLogger("regional.writer")

_MOST_ENTRIES = 2_000
_FEW, _MOST_OF_MANY = 50, 500
"""Entries of a push that is not made to wait for the long ones of desks that come back, and how much of those goes into
a commit, which the next short one waits for."""
_MOST_WAITING = 512
_CONTENT = (psycopg.Error, sqlcipher.Error, ValueError, OverflowError)
"""What a transaction can fail with for the sake of something in it."""

Pushed = tuple[Submission, "Future[list[Result]]"]


class Writer:
    """Orders pushes. ``published`` is called after each commit, from the writing thread, with what is new."""

    def __init__(
        self,
        database: Database,
        cache: RightsCache,
        clock: Clock,
        metrics: Metrics,
        published: Callable[[list[Ordered]], None],
    ) -> None:
        self._database = database
        self._cache = cache
        self._clock = clock
        self._metrics = metrics
        self._published = published
        self.failing = Failing(clock)
        """Of pushes alone: a full disk can have room for a small write and none for what desks send."""
        self._forked: dict[Member, set[tuple[str, UUID]]] = {}
        """What a desk is told of one push holds for those on their way behind it, until it comes as a new device."""
        self._queue: queue.Queue[Pushed | None] = queue.Queue(_MOST_WAITING)
        self._waiting: list[Pushed] = []
        """What was taken out of the queue and not written yet, in its order."""
        self._was_short = False
        """Whether what went into the last commit was short, and what is long is next."""
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, then end."""
        self._queue.put(None)
        self._thread.join(10)

    def submit(self, member: Member, entries: tuple[Entry, ...]) -> "Future[list[Result]]":
        """Order ``entries``; the future holds one result an entry, in their order, or :class:`Rejected`."""
        future: Future[list[Result]] = Future()
        try:
            self._queue.put_nowait((Submission(member, entries, self._forked.setdefault(member, set())), future))
        except queue.Full:
            raise Rejected(503, "The server has more to order than it can take now. Try again.", 1.0) from None
        return future

    def _run(self) -> None:
        ends = False
        while not ends or self._waiting:
            ends = self._fetch() or ends
            # From here on nobody can call it off: a desk that left meanwhile must not end this thread.
            group = [each for each in self._gather() if each[1].set_running_or_notify_cancel()]
            if group:
                self._write(group)

    def _fetch(self) -> bool:
        """Bring in what was pushed, waiting for it where there is nothing; returns whether that was the last."""
        with contextlib.suppress(queue.Empty):
            while len(self._waiting) < _MOST_WAITING:
                pushed = self._queue.get(block=not self._waiting)
                if pushed is None:
                    return True
                self._waiting.append(pushed)
        return False

    def _gather(self) -> list[Pushed]:
        """What goes into the next commit: what is short, alone, but for every other time."""
        group = [] if self._was_short else self._take(0)
        self._was_short = bool(group)
        return group or self._take(_MOST_OF_MANY)

    def _take(self, many: int) -> list[Pushed]:
        """What is short, and what is long until there are ``many`` entries. Each desk's pushes stay in their order."""
        group: list[Pushed] = []
        behind: list[Pushed] = []
        passed_over: set[Member] = set()
        count = 0
        for each in self._waiting:
            submission, entries = each[0], len(each[0].entries)
            has_room = count < (_MOST_ENTRIES if entries <= _FEW else many)
            if has_room and submission.member not in passed_over:
                group.append(each)
                count += entries
            else:
                behind.append(each)
                passed_over.add(submission.member)
        self._waiting = behind
        return group

    def _write(self, group: list[Pushed]) -> None:
        began = self._clock.monotonic()
        submissions = [submission for submission, _ in group]

        def job(work: Work) -> Outcome:
            outcome = order(work, self._cache, submissions, self._clock.now())
            failpoint("before-commit")
            return outcome

        try:
            outcome = self._database.write(job, again=True)
        except Away as away:
            centers = {submission.member.center for submission in submissions}
            if away.held and len(centers) > 1:
                for center in sorted(centers):
                    self._write([each for each in group if each[0].member.center == center])
                return
            self.failing.failed(away)
            log.error("database-away", extra={"detail": away.detail})
            for _, future in group:
                future.set_exception(away)
            return
        except _CONTENT as error:
            if len(group) > 1:
                for each in group:
                    self._write([each])
                return
            log.error("push-failed", extra={"desk": str(submissions[0].member.desk), "detail": type(error).__name__})
            group[0][1].set_exception(Rejected(400, "This push cannot be stored. Report it to the operator."))
            return
        except Exception:  # a fault of ours: it is reported, and the next push is not made to wait for ever
            if len(group) > 1:
                for each in group:
                    self._write([each])
                return
            log.critical("ordering-failed", extra={"desk": str(submissions[0].member.desk)}, exc_info=True)
            group[0][1].set_exception(Rejected(503, "The server failed to order this. Report it to the operator.", 30))
            return
        self.failing.stored()
        failpoint("after-commit-before-reply")
        took = self._clock.monotonic() - began
        for rights in outcome.rights:
            self._cache.keep(rights)
        if outcome.ordered:
            self._published(outcome.ordered)
        self._metrics.committed(outcome, took)
        for gap in outcome.passed:
            log.critical("gap-passed-over", extra=gap._asdict() | {"device": str(gap.device)})
        for (submission, future), results in zip(group, outcome.results, strict=True):
            for result in results:
                if result.refusal is not None:
                    log.warning(
                        "entry-refused",
                        extra={"desk": str(submission.member.desk), "entry": str(result.id), "refusal": result.refusal},
                    )
            future.set_result(results)
