"""Fifty clinicians at fifty desks take one call at the same moment: it is one's, and all others hear whose."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

from console.models.call import CallClaimed, CallEntered, CallMessaged
from console.models.call_fold import CALL
from console.models.call_state import CallState
from console.models.sign_in import SignIn
from console.models.store import subjects
from console.queries.lost import lost_claims
from tests.regional.conftest import Call, call, make_code
from tests.regional.desk import Caller
from tests.regional.servers import Server
from tests.support.entries import CENTER, at
from tests.support.sharing import SharingDesk, until
from tests.sync.conftest import Join
from wire.administration import UserAdded
from wire.envelope import Entry, uuid7
from wire.journals import user_id
from wire.permissions import Role

__all__ = ["call", "make_code"]
NAMES = [f"clinician {number}" for number in range(50)]
OPERATIONS = f"{CENTER}/operations"


def test_fifty_desks_that_claim_one_call_at_once_give_it_one_owner_and_every_other_is_told_who(
    join: Join, server: Server, call: Call
) -> None:
    """I6, I7: one holder of a call, the same at every desk; what those who came second did stays to be seen."""
    desks = [join(), join("operations")]
    added = (UserAdded(at(), name, name.title(), (Role.CLINICIAN,)) for name in NAMES)
    desks[0].enter("administrator", *((user_id(CENTER, each.name), each) for each in added))
    one = uuid4()
    entered = desks[0].enter("clinician", (one, CallEntered("26-1", "WELFARE CHECK", "1 Main St", at())))
    until(lambda: all(desk.holds(*entered) for desk in desks), "the call")
    callers = {name: call(server, CENTER, "clinical") for name in NAMES}
    ready = Barrier(len(NAMES))

    def claim(name: str) -> list[UUID]:
        mine = _claiming(callers[name], name, one)
        ready.wait(30)
        assert {result.verdict for result in callers[name].push(mine)} == {"accepted"}
        return [entry.id for entry in mine]

    with ThreadPoolExecutor(len(NAMES)) as pool:
        entries = [entry for both in pool.map(claim, NAMES) for entry in both]
    until(lambda: all(desk.holds(*entries) and desk.settled() for desk in desks), "all claims")
    states = [_state(desk, one) for desk in desks]
    assert states[0] == states[1]
    order = callers[NAMES[0]].all_of(OPERATIONS)
    owner = next(entry.actor for entry in order if entry.kind == CallClaimed.KIND)
    assert states[0].claim is not None
    assert states[0].claim.owner == owner
    assert sorted(line.text for line in states[0].thread) == sorted(NAMES), "all keep their words"
    for desk in desks:
        with desk.store.read() as connection:
            told = {name: [each.owner for each in lost_claims(connection, _person(name))] for name in NAMES}
        assert told == {name: [] if user_id(CENTER, name) == owner else [owner] for name in NAMES}


def _claiming(caller: Caller, name: str, one: UUID) -> list[Entry]:
    act = uuid7()
    claimed, said = CallClaimed(at()), CallMessaged(at(), name)
    return [caller.entry(body.KIND, by=name, act=act, subject=one, body=body.as_json()) for body in (claimed, said)]


def _person(name: str) -> SignIn:
    return SignIn(user_id(CENTER, name), name, name.title(), frozenset({Role.CLINICIAN}))


def _state(desk: SharingDesk, one: UUID) -> CallState:
    with desk.store.read() as connection:
        folded = subjects.state(connection, CALL, one)
    assert folded is not None
    assert folded.state is not None
    return folded.state
