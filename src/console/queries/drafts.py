"""What a person typed last and did not enter: their own drafts, nobody else's."""

from console.models.sign_in import SignIn
from console.models.store import drafts, people
from console.models.store.desk import Desk
from console.models.store.drafts import Draft

__all__ = ["Draft", "draft"]


def draft(desk: Desk, sign_in: SignIn, name: str) -> Draft | None:
    """The reader's own draft of the field ``name``; None where nothing was left in it.

    Raises NotAllowed for somebody who was disabled or is nobody here.
    """
    with desk.store.read() as connection:
        people.as_recorded(connection, sign_in)
        return next((each for each in drafts.of_author(connection, sign_in.user) if each.name == name), None)
