"""Changing a password, at this desk and, where desks share, with the server that keeps it for the others."""

from uuid import UUID

from console.actions import people
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.sync import signing_in
from wire.permissions import Role


def change_own_password(desk: Desk, sign_in: SignIn, old: str, new: str) -> None:
    """Change it everywhere. Raises :class:`KnownError`: a wrong old one, or a server that is away; see there."""
    token = signing_in.own_token(desk.store, desk.clock, sign_in.name, old)
    people.change_own_password(desk, sign_in, old, new, signing_in.teller(desk.store, token))


def set_password(desk: Desk, sign_in: SignIn, user: UUID, new: str, roles: tuple[Role, ...]) -> None:
    """An administrator changes somebody's everywhere, by the server's word for them since they signed in.

    Their roles are set in the same act: both, or neither.
    """
    people.set_password(desk, sign_in, user, new, signing_in.teller(desk.store, sign_in.token), roles)
