"""Pending is what no other desk can have seen; a claim that lost is told to whoever made it, with who has the call."""

from uuid import UUID

import pytest

from console.actions import calls, encounters, flags
from console.actions.calls import Disposal
from console.models.call import CallClaimed, CallDisposed, CallLeveled, CallTakenOver, Level, RollUp
from console.models.call_state import CallState
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.queries.alarms import Alarm, alarms
from console.queries.board import NO_SOURCE, View, board
from console.queries.listing import plain_call, whole_call
from console.queries.workspace import workspace
from tests.support.confirming import confirm, share
from tests.support.desk import Cad, person
from tests.support.entries import Author, at
from wire.envelope import Entry


def pending(desk: Desk, who: SignIn, call: UUID) -> tuple[str, ...]:
    """What the board and the page say is pending; they agree."""
    shown = next(row for row in board(desk, who, View.OPEN).rows if row.call == call)
    page = workspace(desk, who, call).row
    assert page is not None
    assert page.pending == shown.pending
    return shown.pending


def lost(desk: Desk, who: SignIn) -> list[Alarm]:
    return [alarm for alarm in alarms(desk, who, NO_SOURCE) if alarm.key.startswith("lost:")]


def state_of(desk: Desk, who: SignIn, call: UUID) -> CallState:
    state = workspace(desk, who, call).state
    assert state is not None
    return state


def claim_of(other: SignIn, call: UUID) -> Entry:
    """What somebody enters at another desk."""
    return Author("other desk").write_text(call, CallClaimed.KIND, CallClaimed(at(1)).as_json(), actor=other.user)


def test_at_a_desk_that_works_alone_nothing_is_pending(desk: Desk, call: UUID, clinician: SignIn) -> None:
    encounters.claim_and_begin(desk, clinician, call)
    assert pending(desk, clinician, call) == ()


def test_what_waits_is_pending_until_its_page_comes(
    desk: Desk, call: UUID, clinician: SignIn, dispatcher: SignIn
) -> None:
    share(desk)
    flags.flag(desk, dispatcher, call, "suicidal")
    assert pending(desk, clinician, call) == ("flag",)
    confirm(desk)
    assert pending(desk, clinician, call) == ()
    encounters.claim_and_begin(desk, clinician, call)
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
    encounters.claim_and_begin(desk, clinician, call)
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
    encounters.claim_and_begin(desk, clinician, call)
    confirm(desk, claim_of(second_clinician, call))
    encounters.dispose_and_end(
        desk,
        second_clinician,
        call,
        Disposal("phone-resolved", RollUp.UNKNOWN, no_contact_reason="he had rung off before that"),
    )
    assert lost(desk, clinician) == []


def lose(desk: Desk, call: UUID, loser: SignIn, winner: SignIn, to: Level, *, dispose: bool) -> None:
    share(desk)
    encounters.claim_and_begin(desk, loser, call)
    calls.level(desk, loser, call, to, "as he says")
    if dispose:
        encounters.dispose_and_end(
            desk, loser, call, Disposal("phone-resolved", RollUp.DIVERTED, no_contact_reason="rang off")
        )
    made = Author("other desk")
    claim = made.write_text(call, CallClaimed.KIND, CallClaimed(at(1)).as_json(), actor=winner.user)
    medium = CallLeveled(at(2), Level.MEDIUM, "r", claim.id)
    confirm(desk, claim, made.write_text(call, CallLeveled.KIND, medium.as_json(), actor=winner.user))


@pytest.mark.parametrize(
    ("to", "dispose", "uncounted"),
    [
        (Level.LOW, True, "a level you set and your disposition do not count"),
        (Level.LOW, False, "a level you set does not count"),
        (Level.CRITICAL, True, "your disposition does not count"),
        (Level.CRITICAL, False, ""),
    ],
)
def test_who_lost_hears_what_of_their_work_does_not_count(
    desk: Desk, call: UUID, clinician: SignIn, second_clinician: SignIn, to: Level, dispose: bool, uncounted: str
) -> None:
    lose(desk, call, clinician, second_clinician, to, dispose=dispose)
    page = workspace(desk, clinician, call)
    assert page.state is not None
    assert page.row is not None
    assert page.state.disposition is None
    assert page.state.level is max(to, Level.MEDIUM, key=lambda level: level.rank)
    assert (page.lost_claim, page.uncounted) == (True, uncounted)
    assert any("a disposition changes nothing" in reason for reason in page.senseless) == dispose
    shown = "\n".join(plain_call(whole_call(desk, clinician, call)))
    assert ("changed nothing: a disposition changes nothing: it rests on a claim that lost" in shown) == dispose
    (alarm,) = lost(desk, clinician)
    assert alarm.detail == f"{page.row.owner_name} has it" + (f"; {uncounted}" if uncounted else "")
    assert lost(desk, second_clinician) == []
    assert workspace(desk, second_clinician, call).uncounted == ""


def test_an_owner_whose_call_was_taken_over_meanwhile_hears_that_their_disposition_does_not_count(
    desk: Desk, call: UUID, clinician: SignIn, second_clinician: SignIn
) -> None:
    encounters.claim_and_begin(desk, clinician, call)
    share(desk)
    held = state_of(desk, clinician, call).claim
    assert held is not None
    encounters.dispose_and_end(
        desk, clinician, call, Disposal("phone-resolved", RollUp.DIVERTED, no_contact_reason="rang off")
    )
    taken = CallTakenOver(at(2), held.entry, "end of shift")
    confirm(
        desk, Author("other desk").write_text(call, CallTakenOver.KIND, taken.as_json(), actor=second_clinician.user)
    )
    assert state_of(desk, clinician, call).disposition is None
    page = workspace(desk, clinician, call)
    assert (page.lost_claim, page.uncounted) == (False, "your disposition does not count")
    (alarm,) = lost(desk, clinician)
    assert alarm.detail == "Your disposition does not count"
    calls.acknowledge_alarm(desk, clinician, call, alarm.key)
    assert workspace(desk, clinician, call).uncounted == ""
    assert [alarm.acknowledged_by for alarm in lost(desk, clinician)] == ["you"]


def test_a_warning_that_came_after_the_call_was_disposed_of_is_told_until_it_is_seen(
    desk: Desk, call: UUID, clinician: SignIn, second_clinician: SignIn
) -> None:
    share(desk)
    encounters.claim_and_begin(desk, clinician, call)
    calls.level(desk, clinician, call, Level.CRITICAL, "armed")
    made = Author("other desk")
    claim = made.write_text(call, CallClaimed.KIND, CallClaimed(at(1)).as_json(), actor=second_clinician.user)
    done = CallDisposed(at(2), "phone-resolved", RollUp.UNKNOWN, claim=claim.id)
    confirm(desk, claim, made.write_text(call, CallDisposed.KIND, done.as_json(), actor=second_clinician.user))
    assert state_of(desk, clinician, call).disposition is not None
    (alarm,) = lost(desk, clinician)
    assert alarm.detail == "The call was disposed of before your level came"
    assert lost(desk, second_clinician) == [], "who hears the alarm itself"
    assert [each.tier for each in alarms(desk, second_clinician, NO_SOURCE)] == ["alarm"]
    calls.acknowledge_alarm(desk, clinician, call, alarm.key)
    assert lost(desk, clinician) == []
    assert [each.acknowledged_by for each in alarms(desk, second_clinician, NO_SOURCE)] == [""]


def test_a_supervisor_who_acts_on_a_colleague_s_call_rests_on_no_claim(
    desk: Desk, call: UUID, clinician: SignIn
) -> None:
    supervisor = person("clinical supervisor")
    encounters.claim_and_begin(desk, clinician, call)
    share(desk)
    calls.level(desk, supervisor, call, Level.LOW, "calm", override="she asked me to")
    held = state_of(desk, clinician, call).claim
    assert held is not None
    taken = CallTakenOver(at(2), held.entry, "end of shift")
    confirm(desk, Author("other desk").write_text(call, CallTakenOver.KIND, taken.as_json(), actor=supervisor.user))
    assert state_of(desk, clinician, call).level is Level.LOW
    assert workspace(desk, clinician, call).senseless == ()
