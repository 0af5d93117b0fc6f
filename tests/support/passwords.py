"""Password hashing at a cost that suits tests with many sign-ins."""

from argon2 import Parameters
from argon2.low_level import ARGON2_VERSION, Type

CHEAP = Parameters(
    type=Type.ID, version=ARGON2_VERSION, salt_len=16, hash_len=32, time_cost=1, memory_cost=8, parallelism=1
)
"""For ``monkeypatch.setattr(passwords, "COST", CHEAP)``. Proves nothing about guessing; the product's cost has its own
tests."""
