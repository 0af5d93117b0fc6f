"""The other desk of :mod:`benchmarks.bench_sync_live`: says when each entry stood in its store and its record.

``python -m benchmarks.watched_desk HOME URL CODE``. The first line it prints says that the desk is connected; told a
list of entries, it prints when it saw each, once it has them all. The times are of a clock that all processes of a
machine share, in nanoseconds.
"""

import gc
import json
import sys
import threading
import time
from pathlib import Path

from benchmarks.sharing import PATIENCE, SharingDesk
from console.models.changes import Changes


def main(home: str, url: str, code: str) -> None:
    """Run until every entry that was asked for was seen."""
    desk = SharingDesk(Path(home)).join(url, code).connect()
    desk.wait_until_settled(1)
    seen: dict[str, int] = {}
    more = threading.Condition()

    def told(changes: Changes) -> None:
        now = time.monotonic_ns()
        with more:
            for entry in changes.entries:
                seen.setdefault(str(entry), now)
            more.notify()

    desk.store.subscribe(told)
    gc.collect()
    gc.disable()  # as in the desktop program, whose collector sweeps between
    print(json.dumps({"ready": True}), flush=True)
    wanted = json.loads(sys.stdin.readline())
    with more:
        more.wait_for(lambda: seen.keys() >= set(wanted), PATIENCE)
    print(json.dumps(seen), flush=True)
    desk.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
