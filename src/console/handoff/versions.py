"""When a sheet is a new version: whenever it tells responders something else, and only then."""

from msgspec.structs import replace

from console.handoff.content import PoliceSheet


def says_the_same(one: PoliceSheet, other: PoliceSheet) -> bool:
    """Whether two sheets tell responders the same; when, where and as what version they were made is left aside."""
    return replace(one, as_of=other.as_of, version=other.version, replaces=other.replaces, desk=other.desk) == other
