"""Opening the sound of this machine, or saying why there is none."""

from collections.abc import Callable
from pathlib import Path

from console.bridge.sound import DevicePlayer, MiniaudioOutput, SilentPlayer, SoundPlayer, SoundState
from console.clock import Clock
from console.errors import KnownError


def open_sound(resources: Path, clock: Clock, changed: Callable[[SoundState], None]) -> SoundPlayer:
    """A player that finds out on its own thread whether anything can be heard, and says so through ``changed``."""
    try:
        return DevicePlayer(resources / "sounds", MiniaudioOutput(), clock.monotonic, changed)
    except KnownError as error:
        return SilentPlayer(error.message)
