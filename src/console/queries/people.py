"""Everyone who can sign in here, for the administrator's screen."""

from dataclasses import dataclass
from uuid import UUID

from console.models.sign_in import SignIn
from console.models.store import people
from console.models.store.desk import Desk
from console.queries.reading import reader
from wire.journals import Audience
from wire.permissions import Role


@dataclass(frozen=True, slots=True)
class Person:
    """One person as the list shows them."""

    user: UUID
    name: str
    display_name: str
    roles: tuple[Role, ...]
    disabled: bool


def everyone(desk: Desk, sign_in: SignIn | None) -> tuple[Person, ...]:
    """All people, by their sign-in names. Without a sign-in (a command) they are read as operations."""
    with desk.store.read() as connection:
        if sign_in is not None:
            reader(connection, sign_in, Audience.ADMINISTRATION)
        found = people.every(connection)
    return tuple(
        Person(user, state.name, state.display_name, state.roles, state.disabled)
        for user, state in sorted(found.items(), key=lambda each: each[1].name.casefold())
    )
