"""Finding the call a person means by its incident number, as people say it: whole, or its last digits."""

from uuid import UUID

from console.errors import KnownError, NotFound
from console.models.sign_in import SignIn
from console.models.store import calls, horizon
from console.models.store.desk import Desk
from console.queries.reading import reader
from wire.journals import Audience


def call_by_number(desk: Desk, sign_in: SignIn, number: str) -> UUID:
    """The call with this number, or the one open call whose number ends with it.

    Raises :class:`NotFound` for none, :class:`KnownError` when several open calls could be meant.
    """
    number = number.strip()
    with desk.store.read() as connection:
        reader(connection, sign_in, Audience.OPERATIONS)
        exact = calls.by_number(connection, number) if number else []
        if exact:
            return exact[0]
        ending = [
            (call, state.picture.number)
            for call, state in calls.open_calls(connection)
            if number and state.picture is not None and state.picture.number.endswith(number)
        ]
        lacks = horizon.whole(connection, desk.zone)
    if not ending:
        raise NotFound(f"There is no open call with the number {number}. {lacks}".rstrip())
    if len(ending) > 1:
        raise KnownError(f"{number} could be {' or '.join(each for _, each in ending[:3])}. Type more of the number.")
    return ending[0][0]
