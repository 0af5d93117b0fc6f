"""When events are delivered: at the speed of the calls, some times faster, or as fast as they can be taken."""

from collections.abc import Callable, Iterator
from datetime import datetime

from console.clock import Clock
from console.errors import KnownError
from console.feeds.source import SourceEvent

MAX_SPEED = None
"""As fast as the events can be taken."""

Wait = Callable[[float], bool]
"""Wait for some seconds; True when it is time to stop instead. ``threading.Event.wait`` is one."""

_FASTEST = 1_000_000.0
_LONGEST_WAIT = 5.0
_MOST_TOGETHER = 450


def parse_speed(text: str) -> float | None:
    """What a person wrote as a speed: a number of times, or "max". Raises :class:`KnownError` for anything else."""
    if text.strip().casefold() == "max":
        return MAX_SPEED
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed <= _FASTEST:  # "nan" is caught here too
        raise KnownError(f"'{text}' is no speed. Write a number of times, such as 1 or 60, or max.")
    return speed


def paced(
    events: Iterator[SourceEvent],
    *,
    speed: float | None,
    origin: datetime | None,
    clock: Clock,
    wait: Wait,
) -> Iterator[list[SourceEvent]]:
    """The events in lists, each when all of it is due; ends early when ``wait`` says to stop.

    ``origin`` is the source time that is due at once (that of the first event when None); ``speed`` 2 runs two
    minutes of the source in one. An empty list comes at least every few seconds: nothing is due, and the source is
    well.
    """
    began = clock.monotonic()
    due: list[SourceEvent] = []
    for event in events:
        if speed is not None:
            origin = origin or event.at
            moment = began + (event.at - origin).total_seconds() / speed
            while (left := moment - clock.monotonic()) > 0:
                yield due
                due = []
                if wait(min(left, _LONGEST_WAIT)):
                    return
        due.append(event)
        if len(due) >= _MOST_TOGETHER:
            yield due
            due = []
            if wait(0):
                return
    if due:
        yield due
