"""The desk of the founded center, for tests of the directory's actions and queries."""

import pytest

from console.models.sign_in import SignIn
from tests.support.desk import clinician, clock, desk, home, person

__all__ = ["clinician", "clock", "desk", "home"]


@pytest.fixture
def keeper() -> SignIn:
    """Somebody who may import."""
    return person("only administrator")
