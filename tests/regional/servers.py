"""The real server in a process of its own, on either kind of database."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import psycopg

from regional.commands import main

ROOT = Path(__file__).parents[2]
PATIENCE = 30
"""Seconds after which a server that was asked for something is called dead."""


def end_sessions(connection: psycopg.Connection) -> None:
    """End every other session with the database of this one."""
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


class Server:
    """A running ``regional-server serve``."""

    def __init__(
        self,
        home: Path,
        database: str = "",
        environment: Mapping[str, str] | None = None,
        *,
        listen: str = "127.0.0.1:0",
        more: tuple[str, ...] = (),
    ) -> None:
        self.home = home
        self.database = database
        self._has_environment = bool(environment)
        self._environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}"} | dict(environment or {})
        home.mkdir(parents=True, exist_ok=True)
        self.log = home / "server.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._words("serve", "--listen", listen, *more),
                stdout=subprocess.PIPE,
                stderr=log,
                env=self._environment,
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"the server did not start: {self.log.read_text()}")
        self.url: str = json.loads(line)["url"]

    def _words(self, *words: str) -> list[str]:
        database = ["--database", self.database] if self.database else []
        return [sys.executable, "-m", "regional", *words, "--json", "--home", str(self.home), *database]

    def command(self, *words: str) -> list[dict[str, Any]]:
        """What a command beside the running server answers."""
        done = subprocess.run(
            self._words(*words), env=self._environment, capture_output=True, text=True, timeout=PATIENCE, check=True
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    def code(self, center: str = "Northside", audience: str = "clinical", *more: str) -> str:
        """A one-time code.

        Made by the command in this process, unless the server has an environment of its own: most tests begin with
        some, and would wait longer for the interpreters of those than for anything else.
        """
        words = ("enrol", "--center", center, "--audience", audience, *more)
        if self._has_environment:
            return str(self.command(*words)[0]["code"])
        said = io.StringIO()
        with redirect_stdout(said):
            assert main(self._words(*words)[3:]) == 0
        return str(json.loads(said.getvalue())["code"])

    def stop(self) -> int:
        """Ask it to end; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.ended()

    def kill(self) -> None:
        """As a power cut does."""
        self.process.kill()
        self.ended()

    def ended(self) -> int:
        """Its exit status, once it has ended."""
        status = self.process.wait(PATIENCE)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return status

    def events(self) -> list[dict[str, Any]]:
        """What it logged."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def close(self) -> None:
        """End it, if it has not ended."""
        if self.process.poll() is None:
            self.kill()
        elif self.process.stdout is not None:
            self.process.stdout.close()
