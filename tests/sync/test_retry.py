"""How a desk comes back: not so often that a server that is ill has to bear its desks as well, and never not at all."""

import random

import pytest

from console.models.store.exchange import BEGINNING, Cursor
from console.sync.core import NO_PROGRESS, Core
from console.sync.events import Connect, Connected, Effect, Event, Hang, Lost, Recalled, Received, Report, State, Tick
from console.sync.events import Standing as Stands
from console.sync.retry import FIRST_DELAY, LONGEST_DELAY, OPENS_AT, STEADY, Retry
from wire.messages import Beat, FromServer, Point, Welcome

JOURNAL = "northside/operations"
HERE = Cursor(Point(9, b"9"), BEGINNING)


class Driven:
    """A core that is driven by hand; ``reads`` is what the server says of the journal."""

    def __init__(self, cursor: Cursor = HERE) -> None:
        self.core, self.now, self.cursor = Core("test", random.Random(1)), 0.0, cursor
        self.connects: list[float] = []
        self.hung: list[str] = []
        self.standing = Stands(State.OFFLINE)

    def step(self, event: Event) -> list[Effect]:
        effects = self.core.step(event, self.now, 0)
        for effect in effects:
            match effect:
                case Connect():
                    self.connects.append(self.now)
                case Hang(why):
                    self.hung.append(why)
                case Report(standing):
                    self.standing = standing
        return effects

    def welcomed(self) -> None:
        """The server takes the connection and greets."""
        self.step(Connected())
        self.step(Recalled(1, {JOURNAL: self.cursor}, 0))
        self.step(Received(Welcome(1, "test", 1, 0, {JOURNAL: self.cursor.point}, (JOURNAL,))))

    def until(self, end: float, ending: FromServer | None = None, *, ends: bool = True) -> None:
        """Time passes; each connection is greeted, and ended half a second later by ``ending`` or by breaking."""
        while self.now < end:
            self.now += 0.25
            before = len(self.connects)
            self.step(Tick())
            if len(self.connects) > before:
                self.welcomed()
                self.now += 0.5
                if ends:
                    self.step(Received(ending) if ending else Lost("it broke"))


@pytest.mark.parametrize("ending", [None, Beat(0, 1, 1, {})], ids=["breaks", "says-other-journals"])
def test_a_server_that_takes_connections_and_ends_each_at_once_is_tried_twice_a_minute(
    ending: FromServer | None,
) -> None:
    """25. … One whose connections are taken and ended at once, five times in a row … MUST make no more than a trial
    twice a minute, and say so, until one lasts or carries something.
    """
    driven = Driven()
    driven.until(600.0, ending)
    assert OPENS_AT < len(driven.connects) <= OPENS_AT + 600 / LONGEST_DELAY
    assert driven.standing.state is State.ATTENTION
    assert "ended each at once" in driven.standing.says
    driven.until(700.0, ends=False)  # it is well again
    assert driven.now - driven.connects[-1] > STEADY, "the trial is what goes on"
    assert (driven.standing.state, driven.standing.says) == (State.LIVE, "")


def test_a_connection_that_lasted_is_made_again_at_once() -> None:
    driven = Driven()
    for _ in range(3 * OPENS_AT):
        driven.until(driven.now + 30.0, ends=False)
        before = len(driven.connects)
        driven.step(Lost("the server's process was moved"))
        driven.until(driven.now + 1.0, ends=False)
        assert len(driven.connects) == before + 1


def test_a_fault_of_ones_own_is_told_while_nothing_is_connected_either() -> None:
    driven = Driven()
    driven.step(Lost("a fault", final=True))
    assert (driven.standing.state, driven.standing.says) == (State.ATTENTION, "a fault")
    driven.until(59.0)
    assert not driven.connects
    driven.until(61.0, ends=False)
    assert driven.standing.state is State.LIVE


def test_older_entries_that_do_not_come_are_noticed() -> None:
    """23. A desk MUST give up a connection that is silent, or on which nothing it waits for moves on."""
    driven = Driven(Cursor(HERE.point, Point(5, b"5")))
    driven.step(Tick())
    driven.welcomed()
    while driven.now < 2 * NO_PROGRESS and not driven.hung:
        driven.now += 1.0
        driven.step(Received(Beat(0, 1, 1, {JOURNAL: HERE.point})))
        driven.step(Tick())
    assert driven.hung == ["nothing moves on"]


def test_the_wait_after_each_failure_may_be_twice_as_long_and_is_chance() -> None:
    """25. A desk MUST wait longer, by chance, after each failure to connect."""
    desks = [Retry(random.Random(seed)) for seed in range(60)]
    now = 0.0
    longest = []
    for _ in range(9):
        waits = []
        for retry in desks:
            retry.lost(now)
            least, most = 0.0, LONGEST_DELAY
            while most - least > 0.001:
                middle = (least + most) / 2
                least, most = (least, middle) if retry.is_due(now + middle) else (middle, most)
            waits.append(round(most, 3))
        assert len(set(waits)) > 50, "no two desks come back together"
        longest.append(max(waits))
        now += LONGEST_DELAY
    assert all(0.8 * FIRST_DELAY * 2**n < each <= FIRST_DELAY * 2**n + 0.01 for n, each in enumerate(longest[:7]))
    assert longest[-1] <= LONGEST_DELAY


def test_a_desk_that_is_told_of_other_journals_connects_anew_at_once_and_goes_by_them() -> None:
    """22. A desk that is told of other journals than it was welcomed with MUST connect anew."""
    driven = Driven()
    driven.step(Tick())
    driven.welcomed()
    driven.step(Received(Beat(0, 1, 1, {JOURNAL: HERE.point})))
    assert (len(driven.connects), driven.hung) == (1, []), "these are the ones it was welcomed with"
    driven.step(Received(Beat(0, 1, 1, {JOURNAL: HERE.point, "lakeside/clinical": HERE.point})))
    assert len(driven.hung) == 1
    driven.step(Tick())
    assert len(driven.connects) == 2
