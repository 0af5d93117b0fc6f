"""Claims that lost: two desks took one call, the order made one of them its owner, and the other has to hear of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.models.call import CallClaimed, CallTakenOver
from console.models.call_fold import CALL
from console.models.call_state import CallState
from console.models.sign_in import SignIn
from console.models.store import attention, subjects
from console.models.store.store import Reading


@dataclass(frozen=True, slots=True)
class LostClaim:
    """A person's claim on a call that somebody else, ``owner``, has and works on."""

    entry: UUID
    call: UUID
    owner: UUID
    at: datetime
    state: CallState


def lost_claims(connection: Reading, sign_in: SignIn) -> list[LostClaim]:
    """The claims of ``sign_in`` that lost, on calls that are at work and somebody else's."""
    found: list[LostClaim] = []
    for entry, call, at in attention.senseless_of_actor(
        connection, sign_in.user, (CallClaimed.KIND, CallTakenOver.KIND)
    ):
        folded = subjects.state(connection, CALL, call)
        state = folded.state if folded else None
        if state is None or state.claim is None or not state.at_work or state.claim.owner == sign_in.user:
            continue
        found.append(LostClaim(entry, call, state.claim.owner, at, state))
    return found
