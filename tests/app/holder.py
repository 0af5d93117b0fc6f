"""Another console that has a home open, in a process of its own, until its standard input ends.

``python -m tests.app.holder HOME``; says ``HELD`` when it has it.
"""

import sys
from pathlib import Path

from console.models.store.files import lock_home

if __name__ == "__main__":
    held = lock_home(Path(sys.argv[1]))
    print("HELD", flush=True)  # noqa: T201
    sys.stdin.read()
    held.release()
