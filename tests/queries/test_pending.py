"""Pending is what no other desk can have seen; a claim that lost is told to whoever made it, with who has the call."""

from uuid import UUID

import pytest

from console.actions import calls, flags
from console.models.call import CallClaimed, Level, RollUp
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.queries.alarms import Alarm, alarms
from console.queries.board import NO_SOURCE, View, board
from console.queries.workspace import workspace
from tests.support.confirming import confirm, share
from tests.support.desk import Cad
from tests.support.entries import Author, at
from wire.envelope import Entry


@pytest.fixture
def call(cad: Cad) -> UUID:
    return cad.call("1", place="1 Elm St")


def pending(desk: Desk, who: SignIn, call: UUID) -> tuple[str, ...]:
    """What the board and the page say is pending; they agree."""
    shown = next(row for row in board(desk, who, View.OPEN).rows if row.call == call)
    page = workspace(desk, who, call).row
    assert page is not None
    assert page.pending == shown.pending
    return shown.pending


def lost(desk: Desk, who: SignIn) -> list[Alarm]:
    return [alarm for alarm in alarms(desk, who, NO_SOURCE) if alarm.key.startswith("lost:")]


def claim_of(other: SignIn, call: UUID) -> Entry:
    """What somebody enters at another desk."""
    return Author("other desk").write_text(call, CallClaimed.KIND, CallClaimed(at(1)).as_json(), actor=other.user)


def test_at_a_desk_that_works_alone_nothing_is_pending(desk: Desk, call: UUID, clinician: SignIn) -> None:
    calls.claim(desk, clinician, call)
    assert pending(desk, clinician, call) == ()


def test_what_waits_is_pending_until_its_page_comes(
    desk: Desk, call: UUID, clinician: SignIn, dispatcher: SignIn
) -> None:
    share(desk)
    flags.flag(desk, dispatcher, call, "suicidal")
    assert pending(desk, clinician, call) == ("flag",)
    confirm(desk)
    assert pending(desk, clinician, call) == ()
    calls.claim(desk, clinician, call)
    calls.level(desk, clinician, call, Level.HIGH, "alone")
    calls.level(desk, clinician, call, Level.CRITICAL, "armed")
    assert pending(desk, clinician, call) == ("claim", "level")
    confirm(desk)
    assert pending(desk, clinician, call) == ()


def test_what_cad_says_is_never_pending(desk: Desk, cad: Cad, call: UUID, clinician: SignIn) -> None:
    share(desk)
    cad.pictures(call, place="2 Elm St")
    assert pending(desk, clinician, call) == ()


def test_a_claim_that_lost_says_who_has_the_call_until_it_is_seen(
    desk: Desk, call: UUID, clinician: SignIn, second_clinician: SignIn
) -> None:
    share(desk)
    calls.claim(desk, clinician, call)
    calls.message(desk, clinician, call, "I have him on the other line")
    assert lost(desk, clinician) == []
    confirm(desk, claim_of(second_clinician, call))
    page = workspace(desk, clinician, call)
    assert page.row is not None
    assert page.state is not None
    assert (page.lost_claim, page.row.owner, page.row.pending) == (True, second_clinician.user, ())
    assert [message.text for message in page.state.thread] == ["I have him on the other line"]
    (alarm,) = lost(desk, clinician)
    assert (alarm.tier, alarm.call, alarm.acknowledged_by) == ("caution", call, "")
    assert alarm.detail == f"{page.row.owner_name} has it"
    assert lost(desk, second_clinician) == []
    assert not workspace(desk, second_clinician, call).lost_claim
    calls.acknowledge_alarm(desk, clinician, call, alarm.key)
    assert [alarm.acknowledged_by for alarm in lost(desk, clinician)] == ["you"]


def test_a_claim_that_lost_is_no_news_once_the_call_is_done(
    desk: Desk, call: UUID, clinician: SignIn, second_clinician: SignIn
) -> None:
    share(desk)
    calls.claim(desk, clinician, call)
    confirm(desk, claim_of(second_clinician, call))
    calls.dispose(
        desk, second_clinician, call, "phone-resolved", RollUp.UNKNOWN, no_contact_reason="he had rung off before that"
    )
    assert lost(desk, clinician) == []
