"""The two kinds of error: what the world did to us, and what we did wrong."""


class ConsoleError(Exception):
    """Base of every error this program raises on purpose."""


class KnownError(ConsoleError):
    """The environment or the input is at fault: disk full, key store locked, a malformed row.

    The message is one line for a person: what happened, where, and what to do. ``detail`` is for the log only.
    It never holds what a caller said.
    """

    def __init__(self, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


class NotAllowed(KnownError):
    """The person who is signed in may not do or see this."""


class TryAgain(KnownError):
    """Nothing is wrong with what was asked: the disk is full or the store is held. The same may succeed in a moment."""


class NotFound(KnownError):
    """What was asked for is not here (exit status 1 on the command line, not 2)."""


class BugError(ConsoleError):
    """We are at fault. Shown to a person as a short report with an id, never with a caller's data."""
