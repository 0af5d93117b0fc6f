"""Running a part of a benchmark in a process of its own, so that it begins from nothing and leaves nothing behind."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PYTHONPATH = os.pathsep.join([str(ROOT), str(ROOT / "src")])
_LONGEST_SECONDS = 240


def run_module(module: str, folder: Path, *words: str) -> dict[str, Any]:
    """Run a module of the benchmarks in ``folder``, which also holds its settings; returns the JSON that it printed.

    Windows are drawn off screen, or on the platform that ``CONSOLE_BENCH_PLATFORM`` names. What the process says on its
    error stream is passed on; one that fails raises :class:`subprocess.CalledProcessError`.
    """
    environment = {
        **os.environ,
        "PYTHONPATH": PYTHONPATH,
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


class Running:
    """A process beside this one that is told and says one JSON line at a time. A context manager: it ends with it."""

    def __init__(self, *words: str, cwd: Path | None = None) -> None:
        self._words = " ".join(words)
        self._process = subprocess.Popen(
            words,
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": PYTHONPATH},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    @classmethod
    def module(cls, name: str, *words: str) -> "Running":
        """A module of the benchmarks."""
        return cls(sys.executable, "-m", f"benchmarks.{name}", *words)

    def tell(self, what: object) -> None:
        """Say one thing to it."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def said(self) -> Any:
        """The next thing it says; raises :class:`RuntimeError` when it ended without a word."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._words} ended with {self._process.wait()}")
        return json.loads(line)

    def __enter__(self) -> "Running":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.terminate()
        self._process.communicate(timeout=30)
