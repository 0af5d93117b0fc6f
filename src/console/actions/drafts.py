"""Keeping what a person types before it is an entry. Drafts are the author's own and are no part of the journal."""

from uuid import UUID

from console.models.sign_in import SignIn
from console.models.store import drafts, people
from console.models.store.desk import Desk


def keep(desk: Desk, sign_in: SignIn, name: str, text: str, subject: UUID | None = None) -> None:
    """Keep what the field ``name`` holds now; an empty text discards the draft.

    Raises NotAllowed for somebody who was disabled or is nobody here.
    """
    with desk.store.write() as transaction:
        people.as_recorded(transaction.connection, sign_in)
        drafts.keep(transaction.connection, sign_in.user, name, subject, text, desk.clock.now())
