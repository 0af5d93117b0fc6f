"""A desk with an empty directory, on a real encrypted store."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.models.store.store import Store
from tests.support.clock import FixedClock
from wire.permissions import Role


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    with Store.create(tmp_path / "home", secrets.token_bytes(32)) as store:
        yield Desk(store, clock, "westside", "Westside", "westside", "America/Chicago", {})


@pytest.fixture
def keeper() -> SignIn:
    """Somebody who may import."""
    return SignIn(UUID(int=1), "rok", "R. Okafor", frozenset({Role.ADMINISTRATOR}))


@pytest.fixture
def clinician() -> SignIn:
    return SignIn(UUID(int=2), "mre", "M. Reyes", frozenset({Role.CLINICIAN}))
