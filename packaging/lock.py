"""Write requirements.lock: every package of a checkout for every system and Python we support, with hashes.

Extra arguments go to ``uv pip compile``, e.g. ``--upgrade`` or ``--upgrade-package ruff``. Without them what is locked
stays as it is, as far as pyproject.toml allows. No registry is named in the result: where packages come from is the
business of the machine that installs them, and the hashes say whether they are the right ones.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
NOTE = "# Every package of a checkout, pinned with the hashes of its files. Made by `make lock` from pyproject.toml.\n"
COMPILE = (
    *("uv", "pip", "compile", "pyproject.toml", "--group", "dev", "--output-file", LOCK.name),
    *("--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-header", "--no-annotate", "--no-emit-index-url", "--quiet"),
)


def main() -> int:
    done = subprocess.run([sys.executable, "-m", *COMPILE, *sys.argv[1:]], cwd=ROOT)
    if done.returncode == 0:
        LOCK.write_text(NOTE + LOCK.read_text(encoding="utf-8"), encoding="utf-8")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
