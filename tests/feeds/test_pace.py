"""Pace: events wait for their turn by an injected clock, the past comes at once, and stopping is immediate."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from console.errors import KnownError
from console.feeds.pace import MAX_SPEED, paced, parse_speed
from console.feeds.source import SourceEvent
from tests.support.clock import FixedClock

START = datetime(2026, 4, 28, 21, 14, tzinfo=UTC)


def events(*seconds: float) -> Iterator[SourceEvent]:
    return (SourceEvent("cad", START + timedelta(seconds=each), UUID(int=1), ()) for each in seconds)


def played(speed: float | None, origin: datetime | None, *seconds: float) -> list[tuple[float, list[float]]]:
    """What was delivered: at which second of the clock, and which events; idle signs of life left out."""
    clock = FixedClock()

    def wait(length: float) -> bool:
        clock.advance(length)
        return False

    batches = paced(events(*seconds), speed=speed, origin=origin, clock=clock, wait=wait)
    told = ((clock.monotonic(), [(event.at - START).total_seconds() for event in batch]) for batch in batches)
    return [(round(at, 3), batch) for at, batch in told if batch]


def test_at_the_speed_of_the_calls() -> None:
    assert played(1.0, None, 0, 0, 3, 60) == [(0.0, [0, 0]), (3.0, [3]), (60.0, [60])]


def test_sixty_times_as_fast() -> None:
    assert played(60.0, None, 0, 60, 600) == [(0.0, [0]), (1.0, [60]), (10.0, [600])]


def test_what_lies_before_the_origin_comes_at_once() -> None:
    assert played(1.0, START, -600, -5, 0, 7) == [(0.0, [-600, -5, 0]), (7.0, [7])]


def test_as_fast_as_they_can_be_taken() -> None:
    assert played(MAX_SPEED, None, 0, 60, 86_400) == [(0.0, [0, 60, 86_400])]


def test_batches_are_bounded() -> None:
    sizes = [len(batch) for _, batch in played(MAX_SPEED, None, *range(1_000))]

    assert sum(sizes) == 1_000
    assert max(sizes) <= 500


def test_an_idle_source_shows_signs_of_life() -> None:
    clock = FixedClock()
    signs: list[float] = []

    def wait(length: float) -> bool:
        clock.advance(length)
        return False

    for batch in paced(events(0, 60), speed=1.0, origin=None, clock=clock, wait=wait):
        if not batch:
            signs.append(clock.monotonic())

    assert len(signs) >= 10


@pytest.mark.parametrize("speed", [1.0, MAX_SPEED])
def test_stopping_ends_it_before_the_next_event(speed: float | None) -> None:
    many = events(0, *(60 + each for each in range(2_000)))
    taken = [
        event
        for batch in paced(many, speed=speed, origin=None, clock=FixedClock(), wait=lambda _: True)
        for event in batch
    ]

    assert 1 <= len(taken) <= 500
    assert next(many).at  # the rest was never read


@pytest.mark.parametrize(("text", "speed"), [("max", None), ("MAX", None), ("1", 1.0), ("0.5", 0.5), ("60", 60.0)])
def test_speeds_a_person_may_write(text: str, speed: float | None) -> None:
    assert parse_speed(text) == speed


@pytest.mark.parametrize("text", ["", "fast", "0", "-1", "nan", "inf", "1e9"])
def test_speeds_that_are_none(text: str) -> None:
    with pytest.raises(KnownError, match="is no speed"):
        parse_speed(text)
