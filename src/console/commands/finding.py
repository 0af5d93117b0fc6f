"""Finding what a person means: a call by incident number, by id, or by the beginning of the id; others by their id."""

from uuid import UUID

from console.errors import KnownError, NotFound
from console.models.store import calls, horizon
from console.models.store.desk import Desk


def find_call(desk: Desk, named: str) -> UUID:
    """The call; raises :class:`NotFound` for none and :class:`KnownError` when several could be meant."""
    named = named.strip()
    with desk.store.read() as connection:
        # Calls without a number have an empty one, and nobody means all of those.
        found = (calls.by_number(connection, named) or _by_id(connection, named)) if named else []
        lacks = horizon.whole(connection, desk.zone)
    if not found:
        raise NotFound(f"There is no call '{named}' here. {lacks}".rstrip())
    if len(found) > 1:
        some = ", ".join(map(str, found[:3])) + (", …" if len(found) > 3 else "")
        raise KnownError(f"'{named}' could be several calls; give the whole id: {some}.")
    return found[0]


def assessment_id(named: str) -> UUID:
    """The id of an assessment; raises :class:`KnownError` for what is none."""
    try:
        return UUID(named.strip())
    except ValueError:
        raise KnownError(
            f"'{named}' is not the id of an assessment. 'calls show CALL --json --as USER' names those of a call."
        ) from None


def _by_id(connection: calls.Reading, named: str) -> list[UUID]:
    digits = named.replace("-", "").casefold()
    if len(digits) < 4 or any(digit not in "0123456789abcdef" for digit in digits):
        return []
    return calls.by_id_prefix(connection, digits) or horizon.dropped_by_id_prefix(connection, digits)
