"""Claims that lost: two desks took one call, the order made one of them its owner, and the other has to hear of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from console.models.call import CallClaimed, CallDisposed, CallLeveled, CallTakenOver
from console.models.call_fold import CALL
from console.models.call_state import CallState
from console.models.sign_in import SignIn
from console.models.store import attention, subjects
from console.models.store.store import Reading

_CLAIMS: Final = (CallClaimed.KIND, CallTakenOver.KIND)
_WORK: Final = {CallLeveled.KIND: "a level you set", CallDisposed.KIND: "your disposition"}


@dataclass(frozen=True, slots=True)
class LostClaim:
    """What a person did on a call and does not count there; ``entry``, made at ``at``, is the last of it.

    ``owner`` has the call if a claim lost to somebody, and is None if the person's level or disposition alone does not
    count. ``work`` names these, as the person is told of them.
    """

    entry: UUID
    call: UUID
    owner: UUID | None
    work: tuple[str, ...]
    at: datetime
    state: CallState

    @property
    def key(self) -> str:
        """Under which it is acknowledged."""
        return f"lost:{self.entry}"

    @property
    def uncounted(self) -> str:
        """What of the person's work does not count, as the end of a sentence; "" if there is no such work."""
        return f"{' and '.join(self.work)} {'do' if len(self.work) > 1 else 'does'} not count" if self.work else ""


def lost_claims(connection: Reading, sign_in: SignIn) -> list[LostClaim]:
    """What ``sign_in`` did and has to hear that it does not count, by call.

    Claims on calls that are at work and somebody else's; dispositions of calls that are at work; levels, also of a call
    that is disposed of, until this is acknowledged: a level may have been meant as a warning.
    """
    done: dict[UUID, list[tuple[UUID, str, datetime]]] = {}
    for entry, call, kind, at in attention.senseless_of_actor(connection, sign_in.user, (*_CLAIMS, *_WORK)):
        done.setdefault(call, []).append((entry, kind, at))
    found: list[LostClaim] = []
    for call, entries in done.items():
        folded = subjects.state(connection, CALL, call)
        if folded is None or (state := folded.state) is None:
            continue
        told = [each for each in entries if _is_news(each[1], state, sign_in.user)]
        if not told:
            continue
        kinds = {kind for _, kind, _ in told}
        owner = state.claim.owner if state.claim and not kinds.isdisjoint(_CLAIMS) else None
        entry, _, at = told[-1]
        lost = LostClaim(entry, call, owner, tuple(said for kind, said in _WORK.items() if kind in kinds), at, state)
        if state.at_work or lost.key not in state.acknowledged:
            found.append(lost)
    return found


def _is_news(kind: str, state: CallState, user: UUID) -> bool:
    if kind in _CLAIMS:
        return state.at_work and state.claim is not None and state.claim.owner != user
    return state.at_work or kind == CallLeveled.KIND
