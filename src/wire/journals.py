"""Journals: one ordered list of entries for one audience of one owner, and the names they go by."""

import hashlib
from enum import StrEnum
from functools import lru_cache
from uuid import UUID, uuid5

NAMESPACE = UUID("6f1c6f0e-3f7d-5d6c-9a53-0d0a6a1f9c11")
"""The root of every name-based id this product derives."""
_NAMESPACE_BYTES = NAMESPACE.bytes
_FIXED_BITS = 0xF << 76 | 0x3 << 62
_VERSION_5 = 0x5 << 76 | 0x2 << 62
"""Version and variant as RFC 9562 section 5.5 sets them."""


class Audience(StrEnum):
    """Who may read a journal; the last part of its name."""

    OPERATIONS = "operations"
    CLINICAL = "clinical"
    ADMINISTRATION = "administration"
    AUDIT = "audit"
    DIRECTORY = "directory"


REGION_DIRECTORY = "region/directory"
"""Community services belong to the region, not to one center."""


@lru_cache(maxsize=1_024)  # of few owners, several times for each entry that a server orders
def journal_name(owner: str, audience: Audience) -> str:
    """The journal of ``owner`` (an organization's short name) for ``audience``."""
    return REGION_DIRECTORY if audience is Audience.DIRECTORY else f"{owner}/{audience.value}"


@lru_cache(maxsize=1_024)
def audience_of(journal: str) -> Audience:
    """The audience in a journal's name; raises ValueError for a name that has none."""
    return Audience(journal.rpartition("/")[2])


@lru_cache(maxsize=64)  # of few names, once for each call of a replay
def short_name(name: str) -> str:
    """An organization's short name, from the name people use: lower case, letters, digits and hyphens."""
    kept = "".join(letter if letter.isalnum() else " " for letter in name.casefold())
    return "-".join(kept.split())


def user_id(center: str, sign_in_name: str) -> UUID:
    """The id of a person: the same on every desk of a center that knows them by this sign-in name."""
    return uuid5(NAMESPACE, f"user\0{short_name(center)}\0{sign_in_name.casefold()}")


def source_id(center: str, source: str) -> UUID:
    """The id a CAD source acts under, as actor and as device of the entries derived from it."""
    return uuid5(NAMESPACE, f"source\0{short_name(center)}\0{source}")


def derived_id(*parts: str) -> UUID:
    """The id of a derived entry or subject, a UUIDv5: the same parts give the same id on every desk."""
    # What uuid.uuid5 does, in half the time: a replay derives two ids a call.
    hashed = hashlib.sha1(_NAMESPACE_BYTES + "\0".join(parts).encode(), usedforsecurity=False).digest()
    value = int.from_bytes(hashed[:16], "big")
    return UUID(int=value & ~_FIXED_BITS | _VERSION_5)
