"""One start of the program, watched from inside; a process of its own, started by :mod:`benchmarks.bench_start`.

``python -m benchmarks.watched_start HOME SECONDS`` starts the desktop as ``clinician-console --home HOME`` does, signs
in ``SECONDS`` after the sign-in page was painted, and prints one line of JSON: readings of the monotonic clock when
the sign-in page was painted, when the home was open, when name and password were given, when the first rows of the
board were painted, and what memory the process held then, with every open call on the board, and after one was opened.

Nothing that the product would import late is imported here before it does.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import console.__main__ as program_start
from benchmarks.stand_ins import keep_key_beside
from console.app.ahead import bring_qt


def main(home: str, pause: float) -> int:
    """Start, watch, print."""
    desktop = program_start._desktop
    watches: list[Any] = []

    def watched(context: Any) -> int:
        bring_qt()  # as the product begins
        from benchmarks.watch import Watch
        from console.app import run as starting

        work = starting.work

        def watched_work(application: Any, program: Any) -> int:
            keep_key_beside(Path(home))
            watches.append(Watch(application, program, pause))
            return work(application, program)

        starting.work = watched_work
        return desktop(context)

    program_start._desktop = watched
    status = program_start.main(["--home", home])
    print(json.dumps(watches[0].seen), flush=True)
    return status


if __name__ == "__main__":
    words = argparse.ArgumentParser()
    words.add_argument("home")
    words.add_argument("pause", type=float)
    given = words.parse_args()
    sys.exit(main(given.home, given.pause))
