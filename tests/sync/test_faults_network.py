"""What networks do: they cut, swallow, repeat, reorder and crawl. Nothing is lost, doubled or taken half."""

import asyncio
import random
from uuid import uuid4

import pytest

from console.models.call import CallEntered
from console.sync.events import State
from console.sync.lines import Websocket
from tests.support.entries import at
from tests.support.proxy import Weather
from tests.support.region import Region
from tests.support.sharing import SharingDesk, until
from wire.messages import FromServer, Page

MODEM = 56_000 / 8
"""Bytes a second."""


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Desks that notice within a second or two what else takes them twelve or fifteen."""
    for name, seconds in (("BEAT_EVERY", 0.3), ("SILENT_AFTER", 1.2), ("NO_PROGRESS", 1.5)):
        monkeypatch.setattr(f"console.sync.core.{name}", seconds)
    monkeypatch.setattr("console.sync.retry.LONGEST_DELAY", 0.1)


def test_a_reply_that_is_lost_after_the_commit_doubles_nothing(region: Region) -> None:
    """3. An entry id MUST have one place at most … an entry that comes again is answered `had`, with the same place."""
    first, second = region.desk(), region.desk()
    for _ in range(3):
        region.comes_to_rest()
        before = len(region.check())
        region.network.weather = Weather(cut_down_after=1)
        ids = region.work(first)
        until(lambda before=before: len(region.check()) > before, "the commit")  # type: ignore[misc]
        until(lambda: first.standing and first.standing.state is State.OFFLINE, "the loss to be noticed")
        assert not first.holds(ids[0]), "nobody told it"
        region.network.clear()
        region.comes_to_rest()
        assert second.holds(ids[0])


@pytest.mark.parametrize("way", ["up", "down"])
def test_a_connection_cut_at_any_byte_leaves_nothing_half(region: Region, way: str, impatient: None) -> None:
    """12. A page is taken only when its start is the cursor … Anything else is passed over, and pulled."""
    first, second = region.desk(), region.desk()
    chance = random.Random(way)
    for _ in range(14):
        k = chance.randrange(1, 6_000)
        region.network.weather = Weather(**{f"cut_{way}_after": k})
        region.work(first)
        region.work(second)
        until(lambda: first.standing and first.standing.state is not State.LIVE, f"a cut {way} at byte {k}")
        region.network.clear()
        region.check()
    region.comes_to_rest()


@pytest.mark.parametrize("way", ["both", "up", "down"])
def test_a_link_that_takes_and_passes_nothing_on_is_noticed(region: Region, way: str, impatient: None) -> None:
    """23. A desk MUST give up a connection that is silent, or on which nothing it waits for moves on."""
    first, second = region.desk(), region.desk()
    region.comes_to_rest()
    region.network.weather = Weather(swallow_up=way != "down", swallow_down=way != "up")
    region.work(first)
    region.work(second)
    until(lambda: first.standing and first.standing.since is not None, "the silence to be noticed")
    region.network.clear()
    region.comes_to_rest()


@pytest.mark.parametrize("weather", [Weather(rate=MODEM), Weather(delay=0.15)], ids=["56 kbit/s", "150 ms"])
def test_a_slow_link_is_only_slower(region: Region, weather: Weather) -> None:
    """12. A page is taken only when its start is the cursor … Anything else is passed over, and pulled."""
    first, second = region.desk(), region.desk()
    region.network.weather = weather
    region.work(first, 20)
    region.work(second, 20)
    region.comes_to_rest()


@pytest.mark.parametrize(
    "weather",
    [
        pytest.param(Weather(loss=0.01), id="1 %"),
        pytest.param(
            Weather(loss=0.01, rate=MODEM, delay=0.05, jitter=0.1), id="1 % at 56 kbit/s", marks=pytest.mark.soak
        ),
    ],
)
def test_a_link_that_loses_is_only_slower(region: Region, weather: Weather, monkeypatch: pytest.MonkeyPatch) -> None:
    """3. An entry id MUST have one place at most …"""
    tell = SharingDesk._tell
    told: list[State] = []
    monkeypatch.setattr(
        SharingDesk, "_tell", lambda self, standing: (told.append(standing.state), tell(self, standing))
    )
    first, second = region.desk(), region.desk()
    region.comes_to_rest()
    told.clear()
    region.network.weather = weather
    while not region.network.lost:
        region.work(first, 4)
        region.work(second, 4)
        region.comes_to_rest()
    assert State.OFFLINE not in told, "no connection was given up for it"


@pytest.mark.parametrize("way", ["down", "up"])
def test_a_link_too_slow_for_whole_pages_and_pushes_carries_smaller_ones(
    region: Region, way: str, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """24. What a connection was too slow for MUST be asked for, and sent, in smaller pieces over the next."""
    monkeypatch.setattr("console.sync.pace.HARD", 0.6)
    monkeypatch.setattr("console.sync.pace.EASY", 0.2)
    first, second = region.desk(), region.desk()
    region.comes_to_rest()
    (second if way == "down" else first).stop()
    for _ in range(200):
        region.enter(
            first, "dispatcher", *[(uuid4(), CallEntered(str(uuid4()), "CHECK", "1 Main St", at())) for _ in range(3)]
        )
    if way == "down":
        until(first.settled, "all of it to go up")
    region.network.weather = Weather(rate=50_000)
    (second if way == "down" else first).start()
    until(lambda: first.settled() and second.settled(), "all of it to be carried")
    region.network.clear()
    region.comes_to_rest()


def test_pages_that_come_twice_late_or_never_are_passed_over_and_pulled(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    """12. A page is taken only when its start is the cursor … Anything else is passed over, and pulled."""
    monkeypatch.setattr("console.sync.core.BEAT_EVERY", 0.3)
    first, second = region.desk(), region.desk()
    chance, receive = random.Random(12), Websocket.receive
    late: dict[Websocket, asyncio.Queue[FromServer]] = {}
    fates = {"twice": 0, "late": 0, "lost": 0}

    async def receiving(self: Websocket) -> FromServer:
        waiting = late.setdefault(self, asyncio.Queue())
        if not waiting.empty() and chance.random() < 0.5:
            return waiting.get_nowait()
        frame = await receive(self)
        fate = chance.choice(["as it is", "twice", "late", "lost"]) if isinstance(frame, Page) else "as it is"
        if fate == "as it is" or (isinstance(frame, Page) and frame.asked and fate != "twice"):
            return frame
        fates[fate] += 1
        if fate != "lost":
            waiting.put_nowait(frame)
        return frame if fate == "twice" else await receiving(self)

    monkeypatch.setattr(Websocket, "receive", receiving)
    for _ in range(25):
        region.work(first)
        region.work(second)
        until(lambda: not first.waiting() or not second.waiting(), "one of them to be heard")
    region.comes_to_rest()
    assert min(fates.values()) > 3, fates
