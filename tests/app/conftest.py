"""Homes for the program: passwords that cost little, and no passphrase given from outside."""

from pathlib import Path

import pytest

from console.security import passwords
from console.security.home_key import PASSPHRASE_VARIABLE
from tests.support.passwords import CHEAP
from tests.support.sitting import PASSPHRASE, founded_home


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COST", CHEAP)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that was set up, and whose passphrase automation gives."""
    monkeypatch.setenv(PASSPHRASE_VARIABLE, PASSPHRASE)
    return founded_home(tmp_path / "home")


@pytest.fixture
def locked_home(tmp_path: Path) -> Path:
    """A home that was set up, and whose passphrase a person types."""
    return founded_home(tmp_path / "home")
