"""Where the program begins: the desktop, a drill, or one of the commands."""

import sys

from console.commands import main as commands
from console.errors import KnownError


def main(arguments: list[str] | None = None) -> int:
    """Run what the command line asks for; returns the exit status. A person never sees a traceback."""
    words = commands.parse(sys.argv[1:] if arguments is None else arguments)
    if isinstance(words, int):
        return words
    if words.run is not None:
        return commands.run(words)
    from console.app.run import run  # late: the commands work without Qt

    try:
        return run(words)
    except KnownError as error:
        sys.stderr.write(error.message + "\n")
        return commands.BAD


if __name__ == "__main__":
    sys.exit(main())
