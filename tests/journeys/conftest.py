"""Homes and sittings for the journeys."""

import pytest

from console.security import passwords
from console.security.home_key import PASSPHRASE_VARIABLE
from tests.support.passwords import CHEAP
from tests.support.sitting import PASSPHRASE


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COST", CHEAP)


@pytest.fixture(autouse=True)
def _passphrase_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, PASSPHRASE)
