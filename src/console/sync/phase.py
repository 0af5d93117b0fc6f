"""The stages of one connection."""

from enum import Enum, auto


class Phase(Enum):
    """Where the connection stands."""

    RESTING = auto()
    CONNECTING = auto()
    RECALLING = auto()
    GREETING = auto()
    COMPARING = auto()
    RUNNING = auto()
