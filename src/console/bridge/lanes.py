"""Threads for slow work, without Qt: a lane runs jobs one after another on a thread of its own.

Plain ``threading`` and a queue: a lane that is closed finishes what it was given, then its thread ends. A job's result
or error is handed to ``deliver``, on the lane's thread.
"""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Deliver = Callable[["Outcome"], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one job: its ``ticket``, and a result or an error."""

    ticket: int
    result: Any = None
    error: BaseException | None = None


class Lane:
    """One thread that runs jobs in the order they were given."""

    def __init__(self, name: str, deliver: Deliver) -> None:
        self._deliver = deliver
        self._jobs: queue.SimpleQueue[tuple[int, Callable[[], Any]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=f"lane-{name}", daemon=False)
        self._thread.start()

    def give(self, ticket: int, job: Callable[[], Any]) -> None:
        """Run ``job`` after everything given before it."""
        self._jobs.put((ticket, job))

    def end(self) -> None:
        """Finish what was given, then end; returns at once."""
        self._jobs.put(None)

    def wait(self, seconds: float | None) -> bool:
        """Wait until it has ended; False when it still works after ``seconds``, None for as long as it takes."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (given := self._jobs.get()) is not None:
            ticket, job = given
            try:
                outcome = Outcome(ticket, job())
            except BaseException as error:  # noqa: BLE001  (whoever gave the job hears of it)
                outcome = Outcome(ticket, error=error)
            self._deliver(outcome)
