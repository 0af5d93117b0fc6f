"""Running one command: exit 0 done, 1 the answer is no, 2 wrong use or bad input with one line. Never a traceback."""

import argparse

from console.commands import parser
from console.commands.context import Context
from console.commands.output import Output
from console.errors import KnownError, NotFound
from console.security.redaction import error_line

DONE, NO, BAD = 0, 1, 2


def parse(arguments: list[str]) -> argparse.Namespace | int:
    """The words, or the exit status when they cannot be understood or only asked for help."""
    output = Output(as_json=False)
    try:
        return parser.parse(arguments)
    except parser.UsageError as error:
        output.note(str(error))
        return BAD
    except SystemExit:  # --help, printed
        return _close(output, DONE)


def run(words: argparse.Namespace) -> int:
    """Run the command the words name; returns the exit status."""
    output = Output(as_json=words.json)
    try:
        status = int(words.run(Context(words, output)))
    except NotFound as error:
        output.note(error.message)
        status = NO
    except KnownError as error:
        output.note(error.message)
        status = BAD
    except BrokenPipeError:
        status = DONE  # whoever read the answer has what they wanted (| head)
    except KeyboardInterrupt:
        output.note("Stopped.")
        status = BAD
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        output.note(f"{place}{error.strerror or error}. Check the disk and the permissions, then try again.")
        status = BAD
    except Exception as error:  # noqa: BLE001 - told to the person, whole but for anybody's words
        output.note(f"Something in the program went wrong. Please report this line: {error_line(error)}")
        status = BAD
    return _close(output, status)


def _close(output: Output, status: int) -> int:
    try:
        output.finish()
    except BrokenPipeError:
        output.give_up()
    except KnownError as error:
        output.give_up()
        if status == DONE:
            output.note(error.message)
            return BAD
    return status
