"""An audit event: something a person read or sent. What they changed is its own entry and needs none of these.

It holds ids and kinds, never names, words or places.
"""

from typing import ClassVar
from uuid import UUID

import msgspec

from wire.envelope import Entry
from wire.fold import Aggregate, Body, Moment, Senseless
from wire.journals import Audience


class AuditRecorded(Body, frozen=True):
    """One event: ``action`` such as "journal.exported", ``about`` its subject, ``outcome`` "done" or "refused"."""

    KIND: ClassVar[str] = "audit.recorded"
    at: Moment
    action: str
    outcome: str = "done"
    about: UUID | None = None
    detail: str = ""


class AuditState(msgspec.Struct, frozen=True):
    """The event, and who caused it."""

    by: UUID
    body: AuditRecorded


AUDIT: Aggregate[AuditState] = Aggregate("audit", Audience.AUDIT, AuditState)


@AUDIT.step(AuditRecorded)
def _record(state: AuditState | None, entry: Entry, body: AuditRecorded) -> AuditState:
    if state is not None:
        raise Senseless("an audit event is recorded once")
    return AuditState(entry.actor, body)
