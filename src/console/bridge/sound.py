"""Sounds of the alert ladder, and saying so when there are none.

An *alarm* rings every five seconds until a person acknowledges it; a *caution* chimes once; an *advisory* is silent.
Whether something rings follows from what is unacknowledged now, never from an entry's arrival: a desk that catches up
rings nothing old.
"""

import queue
import threading
from collections.abc import Callable, Collection, Generator, Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from console.audio import audible_backends
from console.errors import KnownError


class Sound(StrEnum):
    """What can be played; the value is the name of its file."""

    ALARM = "alarm"
    CAUTION = "caution"


class Hearing(StrEnum):
    """Whether a person can hear an alarm here."""

    AVAILABLE = "available"
    MUTED = "muted"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class SoundState:
    """What the status line says of sound; ``reason`` is why there is none."""

    hearing: Hearing
    reason: str = ""

    @property
    def says(self) -> str:
        """One line for a person."""
        match self.hearing:
            case Hearing.AVAILABLE:
                return "sound on"
            case Hearing.MUTED:
                return "cautions muted: alarms still sound"
            case Hearing.UNAVAILABLE:
                return f"{self.reason}: alarms show on screen"


class SoundPlayer(Protocol):
    """Something that plays sounds without making the caller wait."""

    def begin(self) -> None:
        """Find out whether anything can be heard, now that there is time for it. Safe to repeat."""
        ...

    def play(self, sound: Sound) -> None:
        """Begin to play and return at once. A failure is not raised: it becomes the state."""
        ...

    def state(self) -> SoundState:
        """Whether sounds can be heard, as far as is known now."""
        ...

    def mute_cautions(self, muted: bool) -> None:
        """Silence cautions at this desk. Alarms cannot be muted."""
        ...

    def close(self) -> None:
        """Stop what is playing and end; returns when the thread has ended."""
        ...


class SilentPlayer:
    """The player of a machine that is known to have no sound, and says why."""

    def __init__(self, reason: str = "no sound device") -> None:
        self._state = SoundState(Hearing.UNAVAILABLE, reason)

    def begin(self) -> None:
        """Nothing is to be found out."""

    def play(self, sound: Sound) -> None:
        """Nothing sounds; the state has said so all along."""

    def state(self) -> SoundState:
        return self._state

    def mute_cautions(self, muted: bool) -> None:
        """There is nothing to mute."""

    def close(self) -> None:
        """There is nothing to end."""


# -- the device --------------------------------------------------------------------------------------------------------


class NoSound(KnownError):
    """The device is missing or does not work; the message is the reason, without a full stop."""


class Output(Protocol):
    """Where samples go. Called on the player's own thread only."""

    def probe(self) -> None:
        """Raise :class:`NoSound` when nothing could be played."""
        ...

    def play(self, file: Path, stop: threading.Event) -> None:
        """Play a file to its end or until ``stop`` is set. Raises :class:`NoSound`."""
        ...


_RATE = 22_050
_LATE_SECONDS = 3.0


class MiniaudioOutput:
    """The system's sound, opened for each sound: a headset plugged in at 3 a.m. is then the one that rings.

    ``backends`` are names of miniaudio's backends; by default those of this system that can make a sound. Its own
    default would fall back to a device that plays to nobody.
    """

    def __init__(self, backends: Sequence[str] | None = None) -> None:
        self._backends = tuple(backends) if backends is not None else audible_backends()

    def probe(self) -> None:
        self._open().close()

    def play(self, file: Path, stop: threading.Event) -> None:
        import miniaudio

        try:
            samples = miniaudio.decode_file(str(file), miniaudio.SampleFormat.SIGNED16, 1, _RATE).samples
        except (miniaudio.DecodeError, miniaudio.MiniaudioError) as error:
            raise NoSound(f"the sound {file.name} cannot be read", detail=str(error)) from error
        done = threading.Event()
        feed = _feed(samples.tobytes(), done)
        next(feed)
        device = self._open()
        try:
            device.start(feed)
            waited, step = 0.0, 0.05
            limit = len(samples) / _RATE + _LATE_SECONDS
            while not done.is_set() and not stop.wait(step):
                waited += step
                if waited > limit:
                    raise NoSound("the sound device does not answer")
        except miniaudio.MiniaudioError as error:
            raise NoSound("the sound device does not answer", detail=str(error)) from error
        finally:
            device.close()

    def _open(self) -> Any:
        import miniaudio

        backends = [miniaudio.Backend[name] for name in self._backends]
        if not backends:
            raise NoSound("no sound device")
        try:
            return miniaudio.PlaybackDevice(
                miniaudio.SampleFormat.SIGNED16, 1, _RATE, backends=backends, app_name="Clinician Console"
            )
        except miniaudio.MiniaudioError as error:
            raise NoSound("no sound device", detail=str(error)) from error


def _feed(samples: bytes, done: threading.Event) -> Generator[bytes, int, None]:
    """Give the device what it asks for, then one stretch of silence so that the end is not cut off, then be done."""
    wanted = yield b""
    at = 0
    while at < len(samples):
        part = samples[at : at + wanted * 2]
        at += len(part)
        wanted = yield part
    yield b"\0\0" * wanted
    done.set()


class DevicePlayer:
    """Plays on a thread of its own, one sound at a time, and tells when it can or cannot be heard.

    The thread begins with :meth:`begin` or the first sound: loading the library is not part of starting the program.
    ``changed`` is called with the new state, on whatever thread it changed. A device that failed is tried again with
    the next sound. At most one sound in three seconds, except that an alarm does not wait for a caution.
    """

    SPACING_SECONDS = 3.0

    def __init__(
        self,
        folder: Path,
        output: Output,
        monotonic: Callable[[], float],
        changed: Callable[[SoundState], None],
    ) -> None:
        self._files = {sound: folder / f"{sound.value}.wav" for sound in Sound}
        if missing := [path.name for path in self._files.values() if not path.is_file()]:
            raise KnownError(f"The installation lacks the sounds {', '.join(missing)} in {folder}: install it again.")
        self._output, self._monotonic, self._changed = output, monotonic, changed
        self._lock = threading.Lock()
        self._reason = ""
        self._muted = False
        self._last: tuple[float, Sound] | None = None
        self._stop = threading.Event()
        self._wanted: queue.SimpleQueue[Sound | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        with self._lock:
            if self._thread is None and not self._stop.is_set():
                self._thread = threading.Thread(target=self._run, name="sound")
                self._thread.start()

    def play(self, sound: Sound) -> None:
        now = self._monotonic()
        with self._lock:
            if self._muted and sound is Sound.CAUTION:
                return
            if self._last is not None:
                at, before = self._last
                more_urgent = sound is Sound.ALARM and before is Sound.CAUTION
                if now - at < self.SPACING_SECONDS and not more_urgent:
                    return
            self._last = (now, sound)
        self._wanted.put(sound)
        self.begin()

    def state(self) -> SoundState:
        with self._lock:
            if self._reason:
                return SoundState(Hearing.UNAVAILABLE, self._reason)
            return SoundState(Hearing.MUTED if self._muted else Hearing.AVAILABLE)

    def mute_cautions(self, muted: bool) -> None:
        with self._lock:
            self._muted = muted
        self._changed(self.state())

    def close(self) -> None:
        with self._lock:
            self._stop.set()
        self._wanted.put(None)
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        self._try(self._output.probe, told=False)
        while (sound := self._wanted.get()) is not None and not self._stop.is_set():
            file = self._files[sound]
            self._try(lambda file=file: self._output.play(file, self._stop), told=True)  # type: ignore[misc]

    def _try(self, work: Callable[[], None], *, told: bool) -> None:
        """Do it, and tell when that changed whether anything can be heard; the first time, in any case."""
        try:
            work()
            reason = ""
        except NoSound as error:
            reason = error.message
        with self._lock:
            same = reason == self._reason
            self._reason = reason
        if not (same and told):
            self._changed(self.state())


# -- the ladder --------------------------------------------------------------------------------------------------------


class Ringer:
    """Decides what sounds, from the keys that are unacknowledged now.

    Told by each screen that watches alerts, ticked by the one timer. Several people at one desk see different alerts;
    what any of them sees rings once.
    """

    REPEAT_SECONDS = 5.0

    def __init__(self, player: SoundPlayer, monotonic: Callable[[], float]) -> None:
        self._player, self._monotonic = player, monotonic
        self._alarms: dict[Hashable, frozenset[str]] = {}
        self._cautions: dict[Hashable, frozenset[str]] = {}
        self._rang_at: float | None = None

    def update(self, alarms: Collection[str], cautions: Collection[str], watcher: Hashable = "") -> None:
        """The unacknowledged alarms and cautions that ``watcher`` sees, by key.

        Cautions that a watcher finds there at the start chime for nobody.
        """
        new_alarm = bool(frozenset(alarms).difference(*self._alarms.values()))
        new_caution = watcher in self._cautions and bool(frozenset(cautions).difference(*self._cautions.values()))
        self._alarms[watcher], self._cautions[watcher] = frozenset(alarms), frozenset(cautions)
        if not self._standing:
            self._rang_at = None
        if new_alarm:
            self._ring()
        elif new_caution:
            self._player.play(Sound.CAUTION)

    def forget(self, watcher: Hashable) -> None:
        """A watcher is gone: what only it saw rings no more."""
        self._alarms.pop(watcher, None)
        self._cautions.pop(watcher, None)

    def tick(self) -> None:
        """Ring again when an alarm still stands."""
        if self._standing and (self._rang_at is None or self._monotonic() - self._rang_at >= self.REPEAT_SECONDS):
            self._ring()

    @property
    def _standing(self) -> bool:
        return any(self._alarms.values())

    def _ring(self) -> None:
        self._rang_at = self._monotonic()
        self._player.play(Sound.ALARM)
