"""The program as people and scripts run it: in a process of its own, or in this one where many runs are wanted."""

import contextlib
import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from console.__main__ import main
from console.actions import homes
from console.clock import SystemClock
from console.models.store.desk import Desk

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "four words of a test"
PASSWORD = "lantern-orchard-71"
_SECRETS = {"CLINICIAN_CONSOLE_PASSPHRASE": PASSPHRASE, "CLINICIAN_CONSOLE_PASSWORD": PASSWORD}

START = ("-m", "console")
"""How the interpreter starts the program."""


def after(code: str) -> tuple[str, ...]:
    """Start the program after ``code``, in the same process."""
    return ("-c", f"{code}\nimport runpy, sys\nrunpy.run_module('console', run_name='__main__', alter_sys=True)")


@dataclass(frozen=True)
class Ran:
    """What one run came to. Whatever it was asked, nobody saw a traceback and the exit status is one of three."""

    status: int
    out: str
    err: str

    def __post_init__(self) -> None:
        assert "Traceback" not in self.err + self.out, self.err
        assert self.status in (0, 1, 2), self

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The lines of the answer as JSON."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def row(self) -> dict[str, Any]:
        """The one line of the answer."""
        (row,) = self.rows
        return row

    @property
    def line(self) -> str:
        """The one line for a person."""
        assert self.err.endswith("\n")
        assert self.err.count("\n") == 1, self.err
        return self.err[:-1]


@dataclass(frozen=True)
class Program:
    """The program on one home. Every call is one run; ``by`` names the person who acts."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __call__(self, *words: str, by: str = "", **environment: str | None) -> Ran:
        """Run it in this process. ``environment`` adds variables, or takes them away with None."""
        return run_here(self._words(words, by), self._environment(environment))

    def process(
        self,
        *words: str,
        by: str = "",
        start: tuple[str, ...] = START,
        cwd: Path | None = None,
        **environment: str | None,
    ) -> Ran:
        """Run it in a process of its own, the way the installed program starts."""
        done = subprocess.run(
            [sys.executable, *start, *self._words(words, by)],
            env=self._environment(environment),
            cwd=cwd,
            capture_output=True,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    def refuses(self, *words: str, says: str, by: str = "", status: int = 2, **environment: str | None) -> Ran:
        """Run it and see that it says one line that holds ``says``, answers nothing and ends with ``status``."""
        ran = self(*words, by=by, **environment)
        assert (ran.status, ran.out) == (status, ""), ran
        assert says in ran.line, ran.line
        return ran

    def entries(self) -> int:
        """How many entries the journal holds."""
        count = self("journal", "verify", "--json").row["entries"]
        assert isinstance(count, int)
        return count

    def _words(self, words: tuple[str, ...], by: str) -> list[str]:
        return ["--home", str(self.home), *(("--as", by) if by else ()), *words]

    def _environment(self, changes: dict[str, str | None]) -> dict[str, str]:
        paths = {"PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}
        wanted = {**os.environ, **paths, **_SECRETS, **self.environment, **changes}
        return {name: value for name, value in wanted.items() if value is not None}


@contextlib.contextmanager
def at_desk(program: Program) -> Iterator[Desk]:
    """The home's desk as the desktop has it, for what no command does."""
    desk = homes.open_desk(program.home, SystemClock(), passphrase=PASSPHRASE)
    try:
        yield desk
    finally:
        desk.store.close()


def run_here(words: list[str], environment: dict[str, str]) -> Ran:
    """Run the program in this process, with ``environment`` and no other variable."""
    out, err = _stream(), _stream()
    with (
        mock.patch.dict(os.environ, environment, clear=True),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        status = main(words)
    return Ran(status, _text(out), _text(err))


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), "utf-8", errors="surrogateescape", newline="\n")


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    held = stream.buffer
    assert isinstance(held, io.BytesIO)
    return held.getvalue().decode()


def bytes_of(folder: Path) -> dict[str, str]:
    """Every file below ``folder`` but the lock, with a digest of what it holds."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "lock"
    }
