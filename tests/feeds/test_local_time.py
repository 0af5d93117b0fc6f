"""Local times into UTC on the two days a year that are not ordinary."""

import contextlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.feeds.local_time import ReadTime, TimeReader, Unreadable
from console.feeds.profile import Times
from wire.envelope import from_micros, micros

ZONE = "America/Los_Angeles"


def reader(**how: str) -> TimeReader:
    times = Times(ZONE, ("%m/%d/%y %H:%M", "%Y-%m-%dT%H:%M:%S%z"), **how)  # type: ignore[arg-type]
    return TimeReader(times, ZoneInfo(ZONE))


def utc(read: ReadTime) -> str:
    return from_micros(read.micros).isoformat()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12/30/15 20:42", "2015-12-31T04:42:00+00:00"),  # winter, eight hours
        ("7/4/15 20:42", "2015-07-05T03:42:00+00:00"),  # summer, seven
        ("2015-07-04T20:42:00-04:00", "2015-07-05T00:42:00+00:00"),  # its own offset wins over the zone
    ],
)
def test_ordinary_days(text: str, expected: str) -> None:
    read = reader().read(text)

    assert utc(read) == expected
    assert not read.ambiguous
    assert not read.shifted


@pytest.mark.parametrize(
    ("ambiguous", "expected"),
    [("first", "2015-11-01T08:30:00+00:00"), ("second", "2015-11-01T09:30:00+00:00")],
)
def test_an_hour_that_comes_twice(ambiguous: str, expected: str) -> None:
    read = reader(ambiguous=ambiguous).read("11/1/15 1:30")

    assert utc(read) == expected
    assert read.ambiguous


def test_an_hour_that_never_was_is_the_hour_after() -> None:
    read = reader().read("3/8/15 2:30")

    assert utc(read) == "2015-03-08T10:30:00+00:00"  # 3:30 by the clock on the wall
    assert read.shifted


@pytest.mark.parametrize(
    ("how", "text"), [({"ambiguous": "refuse"}, "11/1/15 1:30"), ({"nonexistent": "refuse"}, "3/8/15 2:30")]
)
def test_a_profile_may_refuse_such_hours(how: dict[str, str], text: str) -> None:
    with pytest.raises(Unreadable, match="the clocks went"):
        reader(**how).read(text)


@pytest.mark.parametrize("text", ["", "yesterday", "13/45/15 20:42", "12/30/15", "1/1/1 99:99"])
def test_what_is_no_time_is_said_to_be_none(text: str) -> None:
    with pytest.raises(Unreadable, match="is no time in the form"):
        reader().read(text)


@given(st.text())
def test_any_text_is_a_time_or_none(text: str) -> None:
    with contextlib.suppress(Unreadable):
        assert isinstance(reader().read(text), ReadTime)


@given(st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2068, 12, 30)))  # noqa: DTZ001  (local times)
def test_a_local_time_survives_the_way_to_utc_and_back(moment: datetime) -> None:
    local = moment.replace(second=0, microsecond=0)

    read = reader().read(local.strftime("%m/%d/%y %H:%M"))

    back = from_micros(read.micros).astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
    assert read.shifted or back == local


@pytest.mark.parametrize(
    ("text", "year"),
    [("0001-01-01T00:00:00+23:59", 1), ("1969-12-31T23:59:00+0000", 1969), ("9999-12-31T23:59:00-1200", 9999)],
)
def test_a_year_that_no_call_was_in_is_refused(text: str, year: int) -> None:
    with pytest.raises(Unreadable, match=f"is in the year {year}"):
        reader().read(text)


FORMS = (
    "%m/%d/%y %H:%M",
    "%Y-%m-%d %H:%M:%S.%f",
    "%d %b %Y %H:%M",
    "%B-%d-%Y %I:%M %p",
    "%m/%d/%y %H:%M %Y",
    "%H:%M %Y-%m-%d",
    "%Y-%m-%dT%H:%M:%S%z",
    "%Y-%m-%d %H:%M:%S%z",
    "%Y%%%j %H:%M",
)


@given(
    st.sampled_from(FORMS),
    st.datetimes(datetime(1970, 1, 1), datetime(2068, 1, 1)),  # noqa: DTZ001  (local)
    st.sampled_from(["", " ", "x", "24:00", "2/30/15"]),
    st.booleans(),
)
def test_a_time_is_what_its_form_says_however_it_is_read(
    form: str, moment: datetime, other: str, spoiled: bool
) -> None:
    text = moment.replace(tzinfo=UTC).strftime(form) if not spoiled else moment.strftime(form) + other
    reader = TimeReader(Times("UTC", (form,)), ZoneInfo("UTC"))
    try:
        read = datetime.strptime(text, form)  # noqa: DTZ007
    except ValueError:
        with pytest.raises(Unreadable):
            reader.read(text)
    else:
        assert reader.read(text).micros == micros(read.replace(tzinfo=read.tzinfo or UTC))
