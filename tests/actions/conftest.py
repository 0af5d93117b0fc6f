"""A desk for these tests; see tests/support/desk.py."""

from uuid import UUID

import pytest

from tests.support.desk import (
    Cad,
    administrator,
    auditor,
    cad,
    clinician,
    clock,
    desk,
    dispatcher,
    fresh_home,
    home,
    second_clinician,
    store,
    supervisor,
)

__all__ = [
    "administrator",
    "auditor",
    "cad",
    "clinician",
    "clock",
    "desk",
    "dispatcher",
    "fresh_home",
    "home",
    "second_clinician",
    "store",
    "supervisor",
]


@pytest.fixture
def call(cad: Cad) -> UUID:
    return cad.call(place="1 Elm St")
