"""Recording what a person read out of the program, such as an export. What they changed needs no record of its own."""

from uuid import UUID

from console.actions.acting import acting
from console.models.audit import AuditRecorded
from console.models.changes import Changes
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from wire.envelope import uuid7


def record(desk: Desk, sign_in: SignIn, action: str, *, about: UUID | None = None, outcome: str = "done") -> Changes:
    """Write one audit event, before what it speaks of is done. It holds ids and kinds, never anybody's words."""
    with acting(desk, sign_in) as act:
        act.add(uuid7(), AuditRecorded(act.now, action, outcome, about))
    return act.changes
