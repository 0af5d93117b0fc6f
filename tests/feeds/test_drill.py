"""The drill: the same seed gives the same drill, and the board it makes is one that people can train on."""

import itertools
import re
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from console.errors import KnownError
from console.feeds.derive import Deriver
from console.feeds.drill import DrillEvent, DrillSource
from console.feeds.scenario import Scenario, Step, Vignette, load_scenario, scenarios
from console.feeds.source import SourceEvent
from console.models.call import CallNarrated, CallPictured
from console.models.call_fold import CALL
from console.models.call_state import CallState
from tests.feeds.making import CENTER
from wire.envelope import Entry

START = datetime(2026, 11, 22, 2, 36, tzinfo=UTC)
PLAN = 'about = "x"\nhour = 5\ncalls_per_day = 1\ncrises_per_day = 1\n'
MEANT_FOR_FICTION = re.compile(r"515-555-01\d\d")


def until(name: str, seconds: float, *, seed: int = 1, start: datetime = START) -> list[SourceEvent]:
    """The drill's events up to so many seconds from its start."""
    end = start + timedelta(seconds=seconds)
    drill = DrillSource(load_scenario(name), CENTER, start, seed=seed)
    return list(itertools.takewhile(lambda event: event.at <= end, drill.events()))


def entries(events: list[SourceEvent]) -> list[Entry]:
    deriver = Deriver(CENTER)
    return [entry for event in events for entry in deriver.entries(event)]


def states(events: list[SourceEvent]) -> list[CallState]:
    """The folded calls; nothing in a drill is senseless."""
    calls: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in entries(events):
        calls[entry.subject].append(entry)
    folded = [CALL.fold(each) for each in calls.values()]
    assert [each.senseless for each in folded if each.senseless] == []
    return [each.state for each in folded if each.state is not None]


@pytest.mark.parametrize("name", ["evening", "quiet-night", "surge"])
def test_the_same_seed_gives_the_same_drill_to_the_byte(name: str) -> None:
    assert entries(until(name, 300)) == entries(until(name, 300))
    assert entries(until(name, 300)) != entries(until(name, 300, seed=2))


@pytest.mark.parametrize("name", ["evening", "quiet-night", "surge"])
@pytest.mark.parametrize("seed", range(5))
def test_events_come_in_order_and_every_call_makes_sense(name: str, seed: int) -> None:
    events = until(name, 2 * 3_600, seed=seed)

    assert [event.at for event in events] == sorted(event.at for event in events)
    for state in states(events):
        assert state.picture is not None
        assert state.picture.place
        assert state.picture.common_code
        assert state.picture.callback == "" or MEANT_FOR_FICTION.fullmatch(state.picture.callback)
        assert re.fullmatch(r"26-\d{3}-\d{4}", state.picture.number)
        assert "{" not in "".join(line.line for line in state.narrative)


def test_an_evening_begins_with_a_board_that_is_already_full() -> None:
    calls = states(until("evening", 0))

    asking = [state for state in calls if state.flag is not None or state.suggested]
    others = [state for state in calls if state.flag is None and not state.suggested and state.open]
    assert len(asking) == 6
    assert len(others) == 40
    assert len([state for state in asking if state.flag is not None]) >= 3
    assert all(state.opened_at is not None and state.opened_at < START for state in calls)
    assert any(len(state.narrative) > 3 for state in asking)


def test_an_evening_comes_alive_within_seconds() -> None:
    live = [event for event in until("evening", 60) if event.at > START]

    assert any(event.at < START + timedelta(seconds=10) for event in live)
    assert len(live) >= 12
    gaps = itertools.pairwise([START, *(event.at for event in live)])
    assert max((after - before).total_seconds() for before, after in gaps) < 20


def test_an_evening_drops_a_line_which_cad_does_not_say() -> None:
    dropped = [event for event in until("evening", 600) if isinstance(event, DrillEvent) and event.line_state]
    assert {event.line_state for event in dropped} == {"dropped"}
    kinds = {body.KIND for event in until("evening", 600) for body in event.bodies}
    assert "call.line-changed" not in kinds


def test_a_line_is_on_or_dropped() -> None:
    scenario = load_scenario("evening")
    wrong = Vignette(
        id="x",
        about="x",
        type="Welfare check",
        place="house",
        person="m",
        caller="c",
        steps=(Step(0, line_state="cut"),),
    )
    with pytest.raises(KnownError, match="a line_state is on or dropped, not 'cut'"):
        Scenario("x", scenario.plan, scenario.city, (wrong, *scenario.vignettes.values()), "x")


def test_an_evening_shows_what_people_train_for() -> None:
    calls = states(until("evening", 1_200))

    assert any(state.resurfaced_at for state in calls), "a call that becomes behavioral mid-call"
    assert any(state.flag and state.flag.source == "cad" and state.flag.by_text for state in calls), "a code from CAD"
    assert any(state.flag and state.closed_at for state in calls), "CAD closes a flagged call first"
    assert any("place" in {change.field for change in state.changes} for state in calls), "an address corrected"
    assert any(len(state.narrative) >= 7 for state in calls), "a narrative that grows line by line"


def test_every_vignette_is_told_before_one_is_told_again() -> None:
    scenario = load_scenario("evening")
    beginnings = {
        name: re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(vignette.steps[0].line)))
        for name, vignette in scenario.vignettes.items()
    }
    told: Counter[str] = Counter()
    for event in until("evening", 45 * 60):
        for body in event.bodies:
            if isinstance(body, CallNarrated):
                told.update(name for name, line in beginnings.items() if line.fullmatch(body.line))

    assert len(scenario.vignettes) == 30
    assert sum(told.values()) >= 30
    assert set(told) == set(scenario.vignettes)
    assert max(told.values()) - min(told.values()) <= 1


def test_a_quiet_night_is_quiet() -> None:
    events = until("quiet-night", 3_600)

    opened = {event.call for event in events if event.at > START} - {e.call for e in events if e.at <= START}
    assert 5 <= len(opened) <= 30
    assert any(state.flag or state.suggested for state in states(events))


def test_a_surge_is_a_thousand_calls_in_a_minute() -> None:
    events = until("surge", 65)

    opened = {event.call for event in events} - {event.call for event in events if event.at <= START}
    assert 1_000 <= len(opened) <= 1_010
    asking = [state for state in states(events) if state.flag or state.suggested]
    assert 10 <= len(asking) <= 60


def test_units_are_on_one_call_at_a_time_and_come_free_again() -> None:
    on_call: dict[str, UUID] = {}
    ended = 0
    for event in until("evening", 3 * 3_600):
        for body in event.bodies:
            if not isinstance(body, CallPictured):
                continue
            for unit in body.units:
                assert on_call.get(unit, event.call) == event.call, f"{unit} is on two calls"
                on_call[unit] = event.call
            if body.closed:
                ended += 1
                on_call = {unit: call for unit, call in on_call.items() if call != event.call}
    assert ended > 100


def test_incident_numbers_rise_with_time_and_begin_anew_with_the_day() -> None:
    before_midnight = datetime(2026, 4, 29, 4, 50, tzinfo=UTC)  # 23:50 in Westside, day 118
    numbers: list[str] = []
    for event in until("evening", 3_600, start=before_midnight):
        for body in event.bodies:
            if isinstance(body, CallPictured) and body.number not in numbers:
                numbers.append(body.number)

    assert numbers == sorted(numbers)
    assert numbers[0].startswith("26-118-4")
    assert "26-119-0001" in numbers or numbers[-1].startswith("26-119-")


def test_two_drills_of_one_center_do_not_share_calls() -> None:
    first = {event.call for event in until("quiet-night", 60)}
    second = {event.call for event in until("quiet-night", 60, start=START + timedelta(hours=1))}

    assert first
    assert first.isdisjoint(second)


def test_the_shipped_scenarios_say_what_they_are() -> None:
    assert set(scenarios()) == {"evening", "quiet-night", "surge"}
    assert all(len(about) > 20 for about in scenarios().values())


def test_the_rhythms_are_shares_of_a_day() -> None:
    rhythm = load_scenario("evening").city.rhythm

    assert sum(rhythm.calls) == pytest.approx(1.0, abs=0.001)
    assert sum(rhythm.crises) == pytest.approx(1.0, abs=0.001)


def test_an_unknown_scenario_lists_the_known_ones() -> None:
    with pytest.raises(KnownError, match=r"no drill 'westside'.*evening, quiet-night, surge"):
        load_scenario("westside")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('about = "x"\nhour = 25\ncalls_per_day = 1\ncrises_per_day = 1', "hour"),
        ('about = "x"\nhour = 5\ncalls_per_day = 1', "crises_per_day"),
        (PLAN + '[[crisis]]\nvignette = "no"\nseconds_ago = 1', "there is no vignette 'no'"),
    ],
)
def test_a_wrong_scenario_file_says_what(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(KnownError) as error:
        load_scenario(str(path))

    assert "mine.toml" in error.value.message
    assert says in error.value.message
