"""Open, closed or unknown at one moment: split days, nights, and the two nights a year that have another length."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.directory.hours import ALWAYS, Opening, merged_week, open_state, spoken, zone_name
from console.directory.hours_text import read_hours
from console.models.service import Hours

CHICAGO = "America/Chicago"


def local(text: str, *, fold: int = 0) -> datetime:
    """A moment by Chicago's wall clock, e.g. "2026-11-20 17:00" (a Friday)."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(CHICAGO), fold=fold)


def hours_of(words: str) -> tuple[Hours, ...]:
    hours = read_hours(words).hours
    assert hours is not None
    return hours


# Monday first; never a whole day longer than a day.
weeks = st.lists(
    st.builds(
        lambda day, opens, length: Hours(day, opens, opens + length),
        st.integers(0, 6),
        st.integers(0, 1439),
        st.integers(1, 1440),
    ),
    max_size=8,
).map(tuple)
# No clock in Chicago changes between these.
quiet_moments = st.timedeltas(timedelta(), timedelta(days=90)).map(
    lambda since: datetime(2026, 11, 20, tzinfo=UTC) + since
)
any_moments = st.timedeltas(timedelta(), timedelta(days=730)).map(
    lambda since: datetime(2026, 1, 1, tzinfo=UTC) + since
)


def on_the_door(hours: tuple[Hours, ...], wall: datetime) -> bool:
    """Straight from the definition: some stretch of today, or of yesterday over midnight, holds this minute."""
    minute = wall.hour * 60 + wall.minute
    return any(
        (hour.day == wall.weekday() and hour.opens <= minute < hour.closes)
        or ((hour.day + 1) % 7 == wall.weekday() and hour.opens <= minute + 1440 < hour.closes)
        for hour in hours
    )


@given(weeks, quiet_moments)
def test_open_is_what_the_sign_on_the_door_says(hours: tuple[Hours, ...], at: datetime) -> None:
    state = open_state(hours, CHICAGO, at)
    assert (state.state is Opening.OPEN) == on_the_door(hours, at.astimezone(ZoneInfo(CHICAGO)))


@given(weeks, any_moments)
def test_the_next_change_is_the_next_change(hours: tuple[Hours, ...], at: datetime) -> None:
    state = open_state(hours, CHICAGO, at)
    change = state.until or state.opens
    if change is None:
        assert merged_week(hours) in ((), ((0, 7 * 1440),))
        return
    assert change > at
    before = open_state(hours, CHICAGO, change - timedelta(microseconds=1))
    after = open_state(hours, CHICAGO, change)
    assert before.state is state.state
    assert after.state is not state.state


@given(weeks, any_moments)
def test_hours_without_a_zone_are_unknown_unless_they_never_change(hours: tuple[Hours, ...], at: datetime) -> None:
    known = open_state(hours, CHICAGO, at)
    expected = Opening.UNKNOWN if known.until or known.opens else known.state
    assert open_state(hours, "", at).state is expected
    assert open_state(hours, "Mars/Olympus", at).state is expected


def test_hours_that_nobody_stated_are_unknown() -> None:
    state = open_state(None, CHICAGO, local("2026-11-20 12:00"))
    assert (state.state, state.until, state.opens, state.text) == (Opening.UNKNOWN, None, None, "hours not known")


def test_around_the_clock_never_closes() -> None:
    state = open_state(ALWAYS, CHICAGO, local("2026-11-20 03:00"))
    assert (state.state, state.until, state.text) == (Opening.OPEN, None, "open 24/7")


def test_no_hours_at_all_is_closed_for_good() -> None:
    state = open_state((), CHICAGO, local("2026-11-20 03:00"))
    assert (state.state, state.opens, state.text) == (Opening.CLOSED, None, "closed, no opening hours")


@pytest.mark.parametrize(
    ("words", "at", "text"),
    [
        ("Mon-Fri 9am-5pm", "2026-11-20 09:00", "open until 17:00"),
        ("Mon-Fri 9am-5pm", "2026-11-20 08:59", "closed, opens 09:00"),
        ("Mon-Fri 9am-5pm", "2026-11-20 17:00", "closed, opens Mon 09:00"),
        ("Mon-Fri 9am-5pm", "2026-11-19 17:00", "closed, opens tomorrow 09:00"),
        ("Mon-Fri 08:00-12:00, 13:00-17:00", "2026-11-20 12:30", "closed, opens 13:00"),
        ("daily 18:00-02:00", "2026-11-20 23:00", "open until 02:00"),
        ("daily 18:00-02:00", "2026-11-21 01:59", "open until 02:00"),
        ("daily 18:00-02:00", "2026-11-21 02:00", "closed, opens 18:00"),
        ("Sun 22:00-06:00", "2026-11-23 05:00", "open until 06:00"),
        ("Fri-Sun 24 hours", "2026-11-20 12:00", "open until Sun 24:00"),
        ("Fri 9am-midnight", "2026-11-20 09:00", "open until 24:00"),
        ("Fri 24 hours", "2026-11-19 12:00", "closed, opens tomorrow 00:00"),
        ("daily 20:00-08:00", "2026-11-20 22:20", "open until 08:00"),
        ("daily 06:00-20:00", "2026-11-20 20:30", "closed, opens 06:00"),
        ("Mon-Thu 24 hours; Fri 00:00-20:00", "2026-11-19 12:00", "open until tomorrow 20:00"),
        ("Wed 10:00-11:00", "2026-11-18 11:00", "closed, opens Wed 10:00"),
    ],
)
def test_what_a_person_reads(words: str, at: str, text: str) -> None:
    assert open_state(hours_of(words), CHICAGO, local(at)).text == text


def test_the_text_names_the_zone_of_a_place_whose_clock_differs_from_the_desks() -> None:
    hours, at = hours_of("Mon-Fri 9am-5pm"), local("2026-11-20 12:00")
    assert open_state(hours, "America/Denver", at, desk_zone=CHICAGO).text == "open until 17:00 MST"
    assert open_state(hours, "America/Winnipeg", at, desk_zone=CHICAGO).text == "open until 17:00"


def test_a_night_that_skips_an_hour_is_shorter() -> None:
    night = hours_of("Sat 22:00-06:00")
    state = open_state(night, CHICAGO, local("2026-03-07 22:00"))  # 02:00 becomes 03:00 on the 8th
    assert state.until == local("2026-03-08 06:00")
    assert state.until - local("2026-03-07 22:00").astimezone(UTC) == timedelta(hours=7)


def test_a_night_that_has_an_hour_twice_is_longer() -> None:
    night = hours_of("Sat 22:00-06:00")
    state = open_state(night, CHICAGO, local("2026-10-31 22:00"))  # 02:00 becomes 01:00 on November 1
    assert state.until is not None
    assert state.until - local("2026-10-31 22:00").astimezone(UTC) == timedelta(hours=9)


def test_a_closing_time_that_comes_twice_is_the_first_one() -> None:
    late = hours_of("Sat 18:00-01:30")
    assert open_state(late, CHICAGO, local("2026-11-01 01:15")).state is Opening.OPEN
    assert open_state(late, CHICAGO, local("2026-11-01 01:45")).state is Opening.CLOSED
    assert open_state(late, CHICAGO, local("2026-11-01 01:15", fold=1)).state is Opening.CLOSED


def test_an_opening_time_that_is_skipped_takes_the_offset_from_before() -> None:
    early = hours_of("Sun 02:30-05:00")
    state = open_state(early, CHICAGO, local("2026-03-08 01:00"))
    assert state.opens == local("2026-03-08 03:30")
    assert open_state(hours_of("Sun 02:00-03:00"), CHICAGO, local("2026-03-08 03:00")).state is Opening.CLOSED


def test_stretches_that_a_skipped_hour_makes_overlap_are_one() -> None:
    hours = (Hours(6, 60, 150), Hours(6, 180, 300))  # 01:00-02:30 and 03:00-05:00
    assert open_state(hours, CHICAGO, local("2026-03-08 01:15")).until == local("2026-03-08 05:00")


def test_the_summer_of_a_zone_is_its_own() -> None:
    hours = hours_of("daily 9am-5pm")
    at = datetime(2026, 7, 1, 16, 30, tzinfo=UTC)  # 09:30 in Phoenix all year, 10:30 in Denver
    assert open_state(hours, "America/Phoenix", at).until == datetime(2026, 7, 2, 0, 0, tzinfo=UTC)
    assert open_state(hours, "America/Denver", at).until == datetime(2026, 7, 1, 23, 0, tzinfo=UTC)


def test_a_zone_is_known_by_its_name_and_not_by_an_abbreviation() -> None:
    assert zone_name(" america/new york ") == "America/New_York"
    assert zone_name("UTC") == "UTC"
    for words in ("", "EST", "MST", "Central", "../../etc/passwd", "America"):
        assert zone_name(words) is None


@given(weeks)
def test_merged_stretches_are_in_order_and_apart(hours: tuple[Hours, ...]) -> None:
    week = merged_week(hours)
    for (_, closes), (opens, _) in pairwise(week):
        assert closes < opens
    if week and week != ((0, 7 * 1440),):
        assert week[-1][1] < week[0][0] + 7 * 1440


def test_spoken_hours_are_short() -> None:
    assert spoken(None) == "hours not known"
    assert spoken(()) == "closed"
    assert spoken(ALWAYS) == "24/7"
    assert spoken(hours_of("Mon-Fri 9am-noon, 1pm-5pm; Sat 6pm-midnight; Sun 24 hours")) == (
        "Mon–Fri 09:00–12:00, 13:00–17:00; Sat 18:00–24:00; Sun 24 hours"
    )
