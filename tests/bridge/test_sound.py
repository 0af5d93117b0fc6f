"""Sounds: what rings when, that a missing device says so, that nothing is left running."""

import array
import threading
import wave
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from console.bridge.sound import (
    DevicePlayer,
    Hearing,
    MiniaudioOutput,
    NoSound,
    Ringer,
    SilentPlayer,
    Sound,
    SoundState,
)
from console.errors import KnownError
from tests.support.clock import FixedClock

SOUNDS = Path(__file__).resolve().parents[2] / "resources" / "sounds"


class HeldOutput:
    """A named fake: notes what it was asked to play; fails when told to."""

    def __init__(self, failing: str = "") -> None:
        self.failing = failing
        self.played: list[str] = []
        self.threads: set[str] = set()

    def probe(self) -> None:
        if self.failing:
            raise NoSound(self.failing)

    def play(self, file: Path, stop: threading.Event) -> None:
        self.threads.add(threading.current_thread().name)
        self.probe()
        self.played.append(file.stem)


class Heard:
    """States in the order they were told, with waiting for the next one."""

    def __init__(self) -> None:
        self.states: list[SoundState] = []
        self._more = threading.Condition()

    def __call__(self, state: SoundState) -> None:
        with self._more:
            self.states.append(state)
            self._more.notify_all()

    def wait(self, count: int) -> None:
        with self._more:
            assert self._more.wait_for(lambda: len(self.states) >= count, timeout=20)


Make = Callable[[HeldOutput], tuple[DevicePlayer, Heard]]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def make(clock: FixedClock) -> Iterator[Make]:
    made: list[DevicePlayer] = []

    def player(output: HeldOutput) -> tuple[DevicePlayer, Heard]:
        heard = Heard()
        made.append(DevicePlayer(SOUNDS, output, clock.monotonic, heard))
        made[-1].begin()
        return made[-1], heard

    yield player
    for one in made:
        one.close()


def test_the_state_is_told_as_soon_as_the_device_was_tried(make: Make) -> None:
    player, heard = make(HeldOutput())
    heard.wait(1)
    assert heard.states == [SoundState(Hearing.AVAILABLE)]
    assert player.state().says == "sound on"


def test_a_missing_device_is_a_line_not_an_error(make: Make) -> None:
    player, heard = make(HeldOutput("no sound device"))
    heard.wait(1)
    player.play(Sound.ALARM)
    player.close()
    assert player.state() == SoundState(Hearing.UNAVAILABLE, "no sound device")
    assert player.state().says == "no sound device: alarms show on screen"


def test_a_device_that_comes_back_rings_again_and_says_so(make: Make, clock: FixedClock) -> None:
    output = HeldOutput("no sound device")
    player, heard = make(output)
    heard.wait(1)
    output.failing = ""
    player.play(Sound.ALARM)
    heard.wait(2)
    assert output.played == ["alarm"]
    assert heard.states[-1].hearing is Hearing.AVAILABLE
    output.failing = "the sound device does not answer"
    clock.advance(5)
    player.play(Sound.ALARM)
    heard.wait(3)
    assert heard.states[-1].says == "the sound device does not answer: alarms show on screen"


def test_playing_happens_on_a_thread_of_its_own_and_close_ends_it(make: Make) -> None:
    output = HeldOutput()
    player, _ = make(output)
    player.play(Sound.CAUTION)
    player._wanted.put(None)
    player._thread.join()
    assert output.threads == {"sound"}
    assert not any(thread.name == "sound" for thread in threading.enumerate())


def test_at_most_one_sound_in_three_seconds_but_an_alarm_does_not_wait_for_a_caution(
    make: Make, clock: FixedClock
) -> None:
    output = HeldOutput()
    player, _ = make(output)
    for sound, after in (
        (Sound.CAUTION, 1),
        (Sound.CAUTION, 0.5),
        (Sound.ALARM, 1),
        (Sound.ALARM, 1),
        (Sound.CAUTION, 1),
        (Sound.ALARM, 0),
    ):
        player.play(sound)
        clock.advance(after)
    player._wanted.put(None)
    player._thread.join()
    assert output.played == ["caution", "alarm", "alarm"]


def test_cautions_can_be_muted_and_alarms_cannot(make: Make, clock: FixedClock) -> None:
    output = HeldOutput()
    player, heard = make(output)
    heard.wait(1)
    player.mute_cautions(True)
    assert player.state().says == "cautions muted: alarms still sound"
    player.play(Sound.CAUTION)
    clock.advance(10)
    player.play(Sound.ALARM)
    player._wanted.put(None)
    player._thread.join()
    assert output.played == ["alarm"]


def test_an_installation_without_its_sounds_is_found_at_the_start(tmp_path: Path, clock: FixedClock) -> None:
    with pytest.raises(KnownError, match=r"alarm\.wav, caution\.wav"):
        DevicePlayer(tmp_path, HeldOutput(), clock.monotonic, lambda state: None)


def test_the_silent_player_says_why() -> None:
    player = SilentPlayer("no sound device")
    player.play(Sound.ALARM)
    player.mute_cautions(True)
    assert player.state().says == "no sound device: alarms show on screen"
    player.close()


def test_a_real_file_goes_through_the_real_library_to_its_end() -> None:
    MiniaudioOutput(["NULL"]).play(SOUNDS / "caution.wav", threading.Event())


def test_closing_does_not_wait_for_a_sound_to_end() -> None:
    stopped = threading.Event()
    stopped.set()
    MiniaudioOutput(["NULL"]).play(SOUNDS / "alarm.wav", stopped)


def test_a_file_that_is_no_sound_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "alarm.wav"
    broken.write_bytes(b"not a sound")
    with pytest.raises(NoSound, match=r"alarm\.wav cannot be read"):
        MiniaudioOutput(["NULL"]).play(broken, threading.Event())


def test_no_backend_is_no_device() -> None:
    with pytest.raises(NoSound, match="no sound device"):
        MiniaudioOutput([]).probe()


def samples(sound: Sound) -> "tuple[array.array[int], int]":
    with wave.open(str(SOUNDS / f"{sound.value}.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return array.array("h", file.readframes(file.getnframes())), file.getframerate()


@pytest.mark.parametrize("sound", list(Sound))
def test_a_sound_is_gentle_short_and_begins_and_ends_without_a_click(sound: Sound) -> None:
    played, rate = samples(sound)
    assert max(abs(sample) for sample in played) <= 32767 * 10 ** (-11.9 / 20)
    assert 0.3 < len(played) / rate < 2
    assert max(abs(sample) for sample in (*played[:20], *played[-20:])) < 200


def test_alarm_and_caution_differ_in_pitch_and_length() -> None:
    def crossings(sound: Sound) -> float:
        played, rate = samples(sound)
        return sum(a < 0 <= b for a, b in pairwise(played)) / (len(played) / rate)

    assert crossings(Sound.ALARM) > 1.4 * crossings(Sound.CAUTION)
    assert len(samples(Sound.ALARM)[0]) > 1.5 * len(samples(Sound.CAUTION)[0])


class NotedPlayer(SilentPlayer):
    def __init__(self) -> None:
        super().__init__()
        self.played: list[Sound] = []

    def play(self, sound: Sound) -> None:
        self.played.append(sound)


def test_an_alarm_rings_every_five_seconds_until_acknowledged(clock: FixedClock) -> None:
    player = NotedPlayer()
    ringer = Ringer(player, clock.monotonic)
    ringer.update(["one"], [])
    for _ in range(11):
        clock.advance(1)
        ringer.tick()
    assert player.played == [Sound.ALARM] * 3
    ringer.update([], [])
    clock.advance(60)
    ringer.tick()
    assert player.played == [Sound.ALARM] * 3


def test_the_same_alarm_told_again_does_not_ring_again(clock: FixedClock) -> None:
    player = NotedPlayer()
    ringer = Ringer(player, clock.monotonic)
    for _ in range(20):
        ringer.update(["one"], [])
    assert player.played == [Sound.ALARM]
    ringer.update(["one", "two"], [])
    assert player.played == [Sound.ALARM] * 2


def test_a_caution_chimes_once_and_never_for_what_was_there_at_the_start(clock: FixedClock) -> None:
    player = NotedPlayer()
    ringer = Ringer(player, clock.monotonic)
    ringer.update([], ["old"])
    ringer.update([], ["old", "new"])
    ringer.update([], ["old", "new"])
    clock.advance(100)
    ringer.tick()
    assert player.played == [Sound.CAUTION]
