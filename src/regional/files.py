"""The files that the process may open: each connection takes one."""

import asyncio
import contextlib
import errno
import logging
import sys
from typing import Any, Final

if sys.platform != "win32":
    import resource

log = logging.getLogger("regional.files")

SAID_EVERY: Final = 60.0
"""Seconds between two lines in the log that nobody more gets in."""
_NONE_LEFT: Final = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


def open_as_many_as_allowed() -> None:
    """Allow this process as many files as it may allow itself, where the system has such a limit."""
    if sys.platform != "win32":
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        with contextlib.suppress(ValueError, OSError):  # macOS names no limit and takes less: what is set stays
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Unheard:
    """What an event loop does with an exception that nobody else heard of.

    It tries to accept a connection hundreds of times in a row where there is no file left for one, and tells of each.
    """

    def __init__(self) -> None:
        self._said = float("-inf")

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Say so, of connections that are not accepted once a minute at most."""
        error = context.get("exception")
        if "socket" not in context or not isinstance(error, OSError) or error.errno not in _NONE_LEFT:
            loop.default_exception_handler(context)
        elif loop.time() - self._said >= SAID_EVERY:
            self._said = loop.time()
            log.error("no-more-connections", extra={"why": error.strerror})
