"""Running one command: exit 0 done, 1 the answer is no, 2 wrong use or bad input with one line. Never a traceback."""

import argparse
import logging
import os
import sys
import uuid

from console.commands.context import Context
from console.commands.output import Output
from console.commands.parser import UsageError, build
from console.errors import KnownError, NotFound

DONE, NO, BAD = 0, 1, 2
log = logging.getLogger("console.commands")


def parse(arguments: list[str]) -> argparse.Namespace | int:
    """The words, or the exit status when they cannot be understood or only asked for help."""
    try:
        return build().parse_args(arguments)
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        return BAD
    except SystemExit as asked:  # --help
        return int(asked.code or 0)


def run(words: argparse.Namespace) -> int:
    """Run the command the words name; returns the exit status."""
    output = Output(as_json=words.json)
    try:
        status = words.run(Context(words, output))
        sys.stdout.flush()
        return int(status)
    except NotFound as error:
        output.note(error.message)
        return NO
    except KnownError as error:
        output.note(error.message)
        return BAD
    except BrokenPipeError:
        # Whoever read our output has gone (| head). Nothing more can be said; keep the interpreter from trying.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        output.note("Stopped.")
        return BAD
    except Exception as error:
        report = uuid.uuid4().hex[:8]
        log.debug("report %s", report, exc_info=error)
        where = error.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        place = f"{where.tb_frame.f_code.co_filename.rpartition('/src/')[2]}:{where.tb_lineno}" if where else ""
        output.note(f"Something in the program went wrong ({type(error).__name__} at {place}, report {report}).")
        return BAD
