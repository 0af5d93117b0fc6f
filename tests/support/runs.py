"""Run tests inside a test, in a process of their own, under this project's own configuration."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run_tests(folder: Path, text: str, *arguments: str) -> str:
    """Run ``text`` as a test module in ``folder``, with our configuration and guards; what the run printed."""
    module = folder / "test_inner.py"
    module.write_text(text, encoding="utf-8")
    options = ["-p", "no:xdist", "-p", "no:cacheprovider", "-p", "tests.conftest"]
    places = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *places, *arguments, str(module)],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "CI" and not name.startswith("PYTEST_")},
        capture_output=True,
        text=True,
    )
    return done.stdout + done.stderr


def blamed(printed: str, outcome: str) -> set[str]:
    """The names of the tests that the summary of a run lists as ``FAILED`` or as ``ERROR``."""
    return set(re.findall(rf"^{outcome} \S*::(\w+)", printed, re.MULTILINE))
