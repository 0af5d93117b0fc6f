"""Where the program begins: the desktop, a drill, or one of the commands."""

import contextlib
import gc
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from console.commands.context import Context

_STOPPED = 2


def main(arguments: list[str] | None = None) -> int:
    """Run what the command line asks for; returns the exit status. A person never sees a traceback."""
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:  # before there was anything that could be stopped, or after
        if sys.stderr is not None:
            with contextlib.suppress(OSError):
                sys.stderr.write("Stopped.\n")
        return _STOPPED


def _run(arguments: list[str]) -> int:
    from console.commands import main as commands  # late: most of the time before the first answer goes into imports

    words = commands.parse(arguments)
    if isinstance(words, int):
        return words
    if words.run is None:
        words.run = _desktop
    return commands.run(words)


def _desktop(context: "Context") -> int:
    from console.errors import KnownError

    if sys.platform == "linux" and not any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))):
        # Qt itself would end the process here, with a page of advice about its plug-ins.
        raise KnownError(
            "There is no screen here: neither DISPLAY nor WAYLAND_DISPLAY is set. Start the console from a desktop; "
            "the commands work without one, see 'clinician-console --help'."
        )
    gc.disable()  # nothing that start-up makes is garbage; console.bridge.sweeper takes over
    from console.app.ahead import bring_qt  # late, like all that follows: the commands work without it

    try:
        bring_qt()
        from console.app.run import run
    except ImportError as error:
        if (error.name or "").partition(".")[0] in ("console", "wire"):
            raise
        raise KnownError(
            f"The desktop cannot start: {error}. Install what is missing; the commands work without it, see "
            "'clinician-console --help'."
        ) from error
    return run(context.words)


if __name__ == "__main__":
    sys.exit(main())
