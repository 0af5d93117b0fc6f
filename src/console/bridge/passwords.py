"""Changing one's own password, at this desk and, where desks share, with the server that keeps it for the others."""

from console.actions import people
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.sync import signing_in


def change_own_password(desk: Desk, sign_in: SignIn, old: str, new: str) -> None:
    """Change it everywhere. Raises :class:`KnownError`: a wrong old one, or a server that is away; see there."""
    token = signing_in.own_token(desk.store, sign_in.name, old)
    people.change_own_password(desk, sign_in, old, new)
    signing_in.tell_own(desk.store, sign_in.user, token)
