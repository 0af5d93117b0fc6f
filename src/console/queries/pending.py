"""What of a call no other desk can have seen yet: entries of this desk that wait for their place in the order."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from console.models.call import (
    CallAdviceAcknowledged,
    CallAdvised,
    CallClaimed,
    CallContacted,
    CallDisposed,
    CallEntered,
    CallFactStated,
    CallFallbackTaken,
    CallFlagged,
    CallFlagWithdrawn,
    CallLeveled,
    CallLineChanged,
    CallMessaged,
    CallOfficerWaiting,
    CallOutcomeRecorded,
    CallReleased,
    CallReopened,
    CallRespondersConfirmed,
    CallScreened,
    CallTakenOver,
)
from console.models.store import outbox
from console.models.store.desk import Desk
from console.models.store.store import Reading

CLAIM: Final = "claim"
_SAID: Final[Mapping[str, str]] = {
    CallClaimed.KIND: CLAIM,
    CallTakenOver.KIND: CLAIM,
    CallReleased.KIND: "release",
    CallDisposed.KIND: "disposition",
    CallReopened.KIND: "reopening",
    CallLeveled.KIND: "level",
    CallFlagged.KIND: "flag",
    CallFlagWithdrawn.KIND: "withdrawal",
    CallAdvised.KIND: "advice",
    CallAdviceAcknowledged.KIND: "acknowledgement",
    CallMessaged.KIND: "message",
    CallContacted.KIND: "contact",
    CallLineChanged.KIND: "line",
    CallRespondersConfirmed.KIND: "responders",
    CallOfficerWaiting.KIND: "officer waiting",
    CallFallbackTaken.KIND: "fallback",
    CallScreened.KIND: "screen",
    CallFactStated.KIND: "facts",
    CallOutcomeRecorded.KIND: "outcome",
    CallEntered.KIND: "call",
}
"""What people do on a call, gravest first. What CAD said is no act that waits for anybody."""


def pending(desk: Desk, connection: Reading, call: UUID | None = None) -> dict[UUID, tuple[str, ...]]:
    """By call (or of one), what waits to be confirmed, in people's words; nothing at a desk that works alone."""
    if not desk.store.shares:
        return {}
    order = list(dict.fromkeys(_SAID.values()))
    return {
        subject: tuple(sorted({_SAID[kind] for kind in kinds}, key=order.index))
        for subject, kinds in outbox.kinds(connection, tuple(_SAID), call).items()
    }
