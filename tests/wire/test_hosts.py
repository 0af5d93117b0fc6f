"""Only this very machine is spoken to in plain http."""

import pytest

from wire.hosts import is_this_machine


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.0.1", "::1"])
def test_this_machine(host: str) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize(
    "host", ["", "0.0.0.0", "::", "10.0.0.2", "localhost.example.org", "127.0.0.1.example.org", "sync.example.org"]
)
def test_another_machine(host: str) -> None:
    assert not is_this_machine(host)
