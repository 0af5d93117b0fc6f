"""A real server for desks, on both databases, and desks that join it."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.regional.conftest import Start, address, backup, kind, own_postgres, postgres, start
from tests.regional.servers import Server
from tests.support.proxy import Proxy
from tests.support.region import Region
from tests.support.sharing import SharingDesk

__all__ = ["address", "backup", "kind", "own_postgres", "postgres", "start"]


@pytest.fixture
def server(start: Callable[..., Server], address: str) -> Server:
    """A server of this test's own, which may be done any harm."""
    return start(address)


@pytest.fixture
def network(server: Server) -> Iterator[Proxy]:
    """What lies between the desks and the server."""
    with Proxy(int(server.url.rpartition(":")[2])) as proxy:
        yield proxy


EITHER = ("test_faults_network", "test_faults_stopped", "test_faults_versions", "test_a_desk_dies")
"""Where the database behind the server makes no difference: on PostgreSQL these are run in the long runs."""
BOTH = ("test_a_reply_that_is_lost", "test_entries_of_an_unknown_kind")
"""… but for one of each kind; a desk that dies while it offers something again is that of the third."""


@pytest.hookimpl(tryfirst=True)  # before what is marked is looked at
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the everyday run short."""
    for item in items:
        name = item.nodeid
        if "[postgres" in name and any(each in name for each in EITHER) and not any(each in name for each in BOTH):
            item.add_marker("soak")


Join = Callable[..., SharingDesk]


@pytest.fixture
def join(tmp_path: Path, server: Server) -> Iterator[Join]:
    """Makes desks that have joined the server and are connected; the first one brings the center."""
    desks: list[SharingDesk] = []

    def make(audience: str = "clinical", *, url: str = "", **options: object) -> SharingDesk:
        home = tmp_path / f"desk-{len(desks)}-{secrets.token_hex(2)}"
        desk = SharingDesk(home, first=not desks, **options)  # type: ignore[arg-type]
        desks.append(desk)
        return desk.join(url or server.url, server.code("Northside", audience))

    yield make
    for desk in desks:
        desk.close()


@pytest.fixture
def region(start: Start, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Region]:
    """A server on either database, a network that can be bad, and the desks that the test adds."""
    monkeypatch.setattr("console.sync.retry.LONGEST_DELAY", 0.3)
    with Proxy(0) as network:
        made = Region(start, address, network, tmp_path)
        yield made
        for desk in made.desks:
            desk.close()
