"""Running a part of a benchmark in a process of its own, so that it begins from nothing and leaves nothing behind."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[1]
_LONGEST_SECONDS = 240


def run_module(module: str, folder: Path, *words: str) -> dict[str, Any]:
    """Run a module of the benchmarks in ``folder``, which also holds its settings; returns the JSON that it printed.

    Windows are drawn off screen, or on the platform that ``CONSOLE_BENCH_PLATFORM`` names. What the process says on its
    error stream is passed on; one that fails raises :class:`subprocess.CalledProcessError`.
    """
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(_ROOT), str(_ROOT / "src")]),
        "QT_QPA_PLATFORM": os.environ.get("CONSOLE_BENCH_PLATFORM", "offscreen"),
        "XDG_CONFIG_HOME": str(folder),
    }
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}", *words],
        env=environment,
        cwd=folder,
        check=True,
        stdout=subprocess.PIPE,
        timeout=_LONGEST_SECONDS,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found
