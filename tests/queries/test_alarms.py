"""The alert ladder: from the state of the record and from nobody having seen it, never from an entry's arrival."""

from uuid import UUID

import pytest

from console.actions import calls, encounters, flags
from console.actions.calls import Disposal
from console.errors import KnownError, NotAllowed
from console.models.assessment import AssessmentCompleted, AssessmentStarted, FrozenAlert
from console.models.call import Level, RollUp
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.queries.alarms import alarms
from console.queries.board import NO_SOURCE, Freshness
from tests.support.clock import FixedClock
from tests.support.desk import Cad, open_desk, person
from tests.support.entries import Author, named
from tests.support.ringing import alerts, tiers


def test_a_flag_is_news_to_others_and_an_alarm_when_nobody_takes_it(
    desk: Desk, call: UUID, clock: FixedClock, dispatcher: SignIn, clinician: SignIn
) -> None:
    flags.flag(desk, dispatcher, call, "suicidal")
    assert tiers(desk, dispatcher) == {}
    assert tiers(desk, clinician) == {"flag": "caution"}
    clock.advance(119)
    assert tiers(desk, dispatcher) == {}
    clock.advance(1)
    assert tiers(desk, dispatcher) == tiers(desk, clinician) == {"unclaimed": "alarm"}
    alarm = alerts(desk, clinician)["unclaimed"]
    assert (alarm.call, alarm.title) == (call, "WELFARE CHECK · 1 Elm St")
    encounters.claim_and_begin(desk, clinician, call)
    assert tiers(desk, dispatcher) == {}


def test_a_claim_without_contact_is_a_caution_after_a_while(
    desk: Desk, call: UUID, clock: FixedClock, dispatcher: SignIn, clinician: SignIn
) -> None:
    encounters.claim_and_begin(desk, clinician, call)
    clock.advance(180)
    assert tiers(desk, dispatcher) == {"quiet": "caution"}
    calls.contact(desk, clinician, call, "no-answer")
    assert tiers(desk, dispatcher) == {"quiet": "caution"}
    calls.contact(desk, clinician, call, "live")
    assert tiers(desk, dispatcher) == {}


@pytest.mark.parametrize(
    ("levels", "tier"),
    [
        ([Level.LOW], None),
        ([Level.HIGH], None),
        ([Level.CRITICAL], "alarm"),
        ([Level.LOW, Level.HIGH], "alarm"),
        ([Level.LOW, Level.MEDIUM], "caution"),
        ([Level.CRITICAL, Level.LOW], None),
    ],
)
def test_a_rise_of_the_level_reaches_everybody_but_who_set_it(
    desk: Desk, call: UUID, dispatcher: SignIn, clinician: SignIn, levels: list[Level], tier: str | None
) -> None:
    encounters.claim_and_begin(desk, clinician, call)
    for level in levels:
        calls.level(desk, clinician, call, level, "r")
    assert tiers(desk, dispatcher).get("rise") == tier
    assert "rise" not in tiers(desk, clinician)


def test_a_dropped_line_an_officer_who_waits_and_a_new_type(
    desk: Desk, cad: Cad, call: UUID, clock: FixedClock, dispatcher: SignIn, clinician: SignIn
) -> None:
    flags.flag(desk, dispatcher, call, "officer-asks")
    encounters.claim_and_begin(desk, clinician, call)
    assert tiers(desk, dispatcher) == {"officer": "caution"}
    calls.line(desk, clinician, call, "dropped")
    clock.advance(5)
    cad.pictures(call, number="1", type_text="CRISIS", behavioral=True)
    assert tiers(desk, dispatcher) == {"officer": "caution", "dropped": "alarm", "retyped": "caution"}
    calls.line(desk, clinician, call, "on")
    flags.officer_waiting(desk, dispatcher, call, False)
    assert tiers(desk, dispatcher) == {"retyped": "caution"}


def test_cad_closing_first_is_an_advisory_for_as_long_as_the_call_is_at_work(
    desk: Desk, cad: Cad, call: UUID, clock: FixedClock, dispatcher: SignIn, clinician: SignIn
) -> None:
    quiet = cad.call("2")
    encounters.claim_and_begin(desk, clinician, call)
    clock.advance(5)
    for each, number in ((call, "1"), (quiet, "2")):
        cad.pictures(each, number=number, closed=True)
    found = alerts(desk, dispatcher)["closed"]
    assert (found.tier, found.call, found.detail) == ("advisory", call, "CAD closed the call")
    assert [alarm.call for alarm in alarms(desk, clinician, NO_SOURCE)] == [call]
    calls.acknowledge_alarm(desk, clinician, call, found.key)
    assert alerts(desk, dispatcher)["closed"].acknowledged_by == "Clinician"
    encounters.dispose_and_end(desk, clinician, call, Disposal("not-behavioral", RollUp.DIVERTED))
    assert alerts(desk, dispatcher) == {}


def test_advice_waits_for_dispatch_alone(desk: Desk, call: UUID, dispatcher: SignIn, clinician: SignIn) -> None:
    encounters.claim_and_begin(desk, clinician, call)
    (advice,) = calls.advise(desk, clinician, call, ("phone",)).entries
    assert tiers(desk, dispatcher) == {"advice": "caution"}
    assert tiers(desk, clinician) == {}
    calls.acknowledge_advice(desk, dispatcher, call, advice)
    assert tiers(desk, dispatcher) == {}


def test_who_saw_an_alarm_is_said_and_it_stays_silent(
    desk: Desk, call: UUID, clock: FixedClock, dispatcher: SignIn, clinician: SignIn
) -> None:
    flags.flag(desk, dispatcher, call, "suicidal")
    clock.advance(200)
    calls.acknowledge_alarm(desk, dispatcher, call, alerts(desk, clinician)["unclaimed"].key)
    assert alerts(desk, clinician)["unclaimed"].acknowledged_by == "Dispatcher"


def test_what_was_acknowledged_stays_so_after_a_restart(
    desk: Desk, call: UUID, clock: FixedClock, dispatcher: SignIn, clinician: SignIn
) -> None:
    flags.flag(desk, dispatcher, call, "suicidal")
    clock.advance(200)
    calls.acknowledge_alarm(desk, clinician, call, alerts(desk, clinician)["unclaimed"].key)
    desk.store.close()
    again = open_desk(desk.store.home, clock)
    assert alerts(again, dispatcher)["unclaimed"].acknowledged_by == "Clinician"
    again.store.close()


def test_catching_up_with_a_day_rings_nothing_old(
    desk: Desk, call: UUID, clock: FixedClock, dispatcher: SignIn, clinician: SignIn
) -> None:
    flags.flag(desk, dispatcher, call, "suicidal")
    encounters.claim_and_begin(desk, clinician, call)
    calls.level(desk, clinician, call, Level.CRITICAL, "r")
    calls.acknowledge_alarm(desk, dispatcher, call, alerts(desk, dispatcher)["rise"].key)
    encounters.dispose_and_end(
        desk, clinician, call, Disposal("phone-resolved", RollUp.UNKNOWN, contact_confirmed=True)
    )
    clock.advance(3600)
    assert tiers(desk, dispatcher) == {}


def test_alarms_come_first_and_the_longest_wait_before_the_others(
    desk: Desk, cad: Cad, clock: FixedClock, dispatcher: SignIn, clinician: SignIn
) -> None:
    seen, first, second = cad.call("seen"), cad.call("first"), cad.call("second")
    for each in (seen, first, second):
        flags.flag(desk, dispatcher, each, "suicidal")
        clock.advance(10)
    clock.advance(200)
    news = cad.call("news")
    flags.flag(desk, dispatcher, news, "other")
    found = alarms(desk, clinician, NO_SOURCE)
    calls.acknowledge_alarm(desk, clinician, seen, found[0].key)
    order = [(alarm.call, alarm.tier) for alarm in alarms(desk, clinician, NO_SOURCE)]
    assert order == [(first, "alarm"), (second, "alarm"), (news, "caution"), (seen, "alarm")]


@pytest.mark.parametrize(("state", "count"), [("fresh", 0), ("none", 0), ("stale", 1), ("down", 1)])
def test_a_cad_that_is_silent_is_a_caution(desk: Desk, dispatcher: SignIn, state: str, count: int) -> None:
    found = alarms(desk, dispatcher, Freshness("cad", None, state, "drill has been silent"))
    assert [(alarm.tier, alarm.detail) for alarm in found] == [("caution", "Drill has been silent")] * count


def test_alerts_of_an_instrument_reach_the_clinician_alone_until_the_level_is_set(
    desk: Desk, call: UUID, clock: FixedClock, dispatcher: SignIn, clinician: SignIn, supervisor: SignIn
) -> None:
    encounter, _ = encounters.start(desk, clinician, "from-board", call)
    author = Author(center="lakeside")
    desk.store.append(
        [
            author.write(
                named("assessment"), AssessmentStarted(clock.now(), encounter, "asq", "1", "abc"), actor=clinician.user
            ),
            author.write(
                named("assessment"),
                AssessmentCompleted(clock.now(), {}, (), (FrozenAlert("acute positive"),)),
                actor=clinician.user,
            ),
        ]
    )
    alarm = alerts(desk, clinician)["assessment"]
    assert (alarm.tier, alarm.detail, alarm.call) == ("alarm", "acute positive", call)
    for who in (dispatcher, supervisor, person("second clinician")):
        assert "assessment" not in tiers(desk, who)
    clock.advance(5)
    encounters.claim_and_begin(desk, clinician, call)
    calls.level(desk, clinician, call, Level.HIGH, "r")
    assert "assessment" not in tiers(desk, clinician)


@pytest.mark.parametrize(
    ("severities", "rings"),
    [
        (("caution",), "caution"),
        (("advisory",), "advisory"),
        (("advisory", "alarm", "caution"), "alarm"),
        (("of a later version", "advisory"), "alarm"),
    ],
)
def test_an_instrument_rings_as_the_gravest_of_what_it_declares(
    desk: Desk, call: UUID, clock: FixedClock, clinician: SignIn, severities: tuple[str, ...], rings: str
) -> None:
    encounter, _ = encounters.start(desk, clinician, "from-board", call)
    found = tuple(FrozenAlert(f"a {severity}", severity) for severity in severities)
    author, subject = Author(center="lakeside"), named("assessment")
    bodies = (
        AssessmentStarted(clock.now(), encounter, "own", "1", "abc"),
        AssessmentCompleted(clock.now(), {}, (), found),
    )
    desk.store.append([author.write(subject, body, actor=clinician.user) for body in bodies])
    alarm = alerts(desk, clinician)["assessment"]
    assert (alarm.tier, alarm.detail) == (rings, "; ".join(each.text for each in found))
    if rings == "advisory":  # it asks nothing of anybody
        encounters.close(desk, clinician, encounter)
    else:
        with pytest.raises(KnownError, match=f"An assessment's {rings} waits"):
            encounters.close(desk, clinician, encounter)


@pytest.mark.parametrize("name", ["auditor", "only administrator"])
def test_who_may_not_read_calls_gets_no_alarms(desk: Desk, name: str) -> None:
    with pytest.raises(NotAllowed):
        alarms(desk, person(name), NO_SOURCE)
