"""What was asked for and is not over yet: pressed twice, an act is done once."""

from collections.abc import Callable
from functools import partial
from typing import Any

from console.errors import KnownError

Job = partial[Any]
Done = Callable[[Any], None]
Failed = Callable[[KnownError], None]


class UnderWay:
    """The acts of one screen that are on their way. Two are the same when the same is done with the same."""

    def __init__(self) -> None:
        self._acts: list[tuple[object, ...]] = []

    def begins(self, job: Job) -> bool:
        """Whether ``job`` is to be done: not while the same is under way already."""
        return _what(job) not in self._acts

    def until_over(self, job: Job, done: Done, failed: Failed) -> tuple[Job, Done, Failed]:
        """The job and who hears of it, for the bridge; it is under way until one of them did."""
        what = _what(job)
        self._acts.append(what)

        def over(hears: Callable[[Any], None], outcome: Any) -> None:
            self._acts.remove(what)
            hears(outcome)

        return job, partial(over, done), partial(over, failed)


def _what(job: Job) -> tuple[object, ...]:
    return job.func, job.args, job.keywords
