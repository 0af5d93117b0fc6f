"""Keeping what a person types before it is an entry. Drafts are the author's own and are no part of the journal."""

from uuid import UUID

from console.actions.acting import NO_CLINICAL
from console.errors import NotAllowed
from console.handoff.fields import FIELD
from console.models.sign_in import SignIn
from console.models.store import drafts, people
from console.models.store.desk import Desk

_OPERATIONAL = frozenset(
    (
        *("call", "flag", "unflag", "thread", "screen", "level", "advise", "sheet", "dispose", "service-note"),
        *("take-over", "release", "override", "whom"),
        *(f"fact.{field}" for field in FIELD),
    )
)
"""Whose words belong to operations or the directory: fields, or the first part of their names."""


def keep(desk: Desk, sign_in: SignIn, name: str, text: str, subject: UUID | None = None) -> None:
    """Keep what the field ``name`` holds now; an empty text discards the draft.

    ``name`` is ``field``, or ``field:subject`` where the field is asked of many. Raises NotAllowed for somebody who was
    disabled or is nobody here, and for a clinical field at a desk that is enrolled for operations.
    """
    if text and not desk.clinical and not _is_operational(name):
        raise NotAllowed(NO_CLINICAL)
    with desk.store.write() as transaction:
        people.as_recorded(transaction.connection, sign_in)
        drafts.keep(transaction.connection, sign_in.user, name, subject, text, desk.clock.now())


def _is_operational(name: str) -> bool:
    field = name.partition(":")[0]
    return field in _OPERATIONAL or field.partition(".")[0] in _OPERATIONAL
