"""What people write as opening hours, read or refused, never guessed."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.directory.clock_text import LONGEST_NIGHT
from console.directory.hours import ALWAYS, spoken
from console.directory.hours_text import read_hours
from console.models.service import Hours


@pytest.mark.parametrize(
    "words",
    [
        "24/7", "24-7", "24 / 7 / 365", "24 hours", "Open 24 hours", "24 hours a day, 7 days a week", "24hrs", "always",
        "around the clock", "daily 24 hours", "every day: all day", "daily midnight-midnight", "daily 00:00–24:00",
        "daily 12am-11:59pm", "Mon-Sun 24 hours",
    ],
)  # fmt: skip
def test_around_the_clock(words: str) -> None:
    read = read_hours(words)
    assert read.hours == ALWAYS
    assert read.doubt == ""


@pytest.mark.parametrize(
    ("words", "means"),
    [
        ("Mon-Fri 9am-5pm", "Mon–Fri 09:00–17:00"),
        ("Monday through Friday, 8:00 AM to 5:00 PM", "Mon–Fri 08:00–17:00"),
        ("M-F 8:30a-4:30p", "Mon–Fri 08:30–16:30"),
        ("Mon–Thu 08:00-12:00, 13:00-17:00", "Mon–Thu 08:00–12:00, 13:00–17:00"),
        ("Mon-Fri 8:30-12:00, 13:00-17:00", "Mon–Fri 08:30–12:00, 13:00–17:00"),
        ("daily 18:00-02:00", "daily 18:00–02:00"),
        ("18:00 to 02:00 daily", "daily 18:00–02:00"),
        ("Mon, Wed & Fri 9 a.m. - noon", "Mon 09:00–12:00; Wed 09:00–12:00; Fri 09:00–12:00"),
        ("Fri-Mon 20-8", "Mon 20:00–08:00; Fri–Sun 20:00–08:00"),
        ("Mon 9am-12pm, 1pm-5pm, Tue 10am-2pm", "Mon 09:00–12:00, 13:00–17:00; Tue 10:00–14:00"),
        ("weekdays 0800-1700; closed weekends", "Mon–Fri 08:00–17:00"),
        ("Weekends 10am - 12 midnight", "Sat–Sun 10:00–24:00"),
        ("Tue 1-5pm", "Tue 13:00–17:00"),
        ("Thu 9-5pm", "Thu 09:00–17:00"),
        ("Thurs. 7pm–9pm | Sun: 24 hours", "Thu 19:00–21:00; Sun 24 hours"),
        ("Mon-Fri 9:00:00 AM-5:00:00 PM", "Mon–Fri 09:00–17:00"),
        ("Wed 10:00-11:00", "Wed 10:00–11:00"),
        ("closed", "closed"),
    ],
)
def test_read_with_certainty(words: str, means: str) -> None:
    read = read_hours(words)
    assert spoken(read.hours) == means
    assert read.doubt == ""


@pytest.mark.parametrize(
    ("words", "means"),
    [
        ("Mon-Fri 9-5", "Mon–Fri 09:00–17:00"),
        ("Sat 10-2", "Sat 10:00–14:00"),
        ("Mon–Thu 08:00-12:00, 13:00-17:00; Sat 10-2", "Mon–Thu 08:00–12:00, 13:00–17:00; Sat 10:00–14:00"),
        ("Sat 10:00-2:00", "Sat 10:00–14:00"),
        ("Fri 08:00-17:00; Sat 10:00-2:00", "Fri 08:00–17:00; Sat 10:00–14:00"),
        ("daily 8:30-12", "daily 08:30–12:00"),
        ("Tue 9-11pm", "Tue 21:00–23:00"),
    ],
)
def test_read_as_everybody_does_and_named_as_doubtful(words: str, means: str) -> None:
    read = read_hours(words)
    assert spoken(read.hours) == means
    assert f"“{words}” is read as {means}" in read.doubt
    assert "am or pm" in read.doubt


@pytest.mark.parametrize(
    "words", ["", "  ", "by appointment", "By appointment only.", "call first", "varies", "n/a", "-"]
)
def test_nobody_said(words: str) -> None:
    read = read_hours(words)
    assert read.hours is None
    assert read.doubt == ""


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("9am-5pm", "no day is named"),
        ("Mon 8-8", "“8-8” needs am or pm"),
        ("Tue 1-4", "“1-4” needs am or pm"),
        ("Mon-Fri 09:00-05:00", "would be 20 hours"),
        ("Mon 12:00-10:00", "would be 22 hours"),
        ("Mon 9am-9am", "begins and ends at the same time"),
        ("Mon 25:00-26:00", "“25:00” is not a time of day"),
        ("Mon 13pm-14pm", "not a time of day"),
        ("Mon-Fri 9am-5pm; Wed 10am-2pm", "that begin on Wed overlap"),
        ("Sun 22:00-06:00; Mon 05:00-07:00", "that begin on Sun overlap"),
        ("Mon-Fri 9am-5pm; Fri closed", "Fri is said to be both open and closed"),
        ("Mon-Fri 9am-5pm, closed holidays", "“holidays” is neither a day"),
        ("1st Tue 6pm-8pm", "“1st” is neither a day"),
        ("9am-5pm Mon-Fri, Sat 10am-2pm", "a semicolon"),
        ("Mon 9am-5pm, Sat", "Sat is named without its hours"),
        ("Mon-Fri 9am-5pm by appointment", "“by” is neither a day"),
        ("Mon 4pm", "“4pm” is neither a day"),
        ("ring the bell", "“ring” is neither a day"),
    ],
)
def test_unknown_with_the_reason(words: str, why: str) -> None:
    read = read_hours(words)
    assert read.hours is None
    assert why in read.doubt
    assert f"“{words}” is taken as unknown" in read.doubt


@given(st.text(alphabet="MonTuesat -–:,;0123456789amp/&.hrcld\n", max_size=40) | st.text(max_size=40))
def test_any_words_give_sound_hours_or_a_reason(words: str) -> None:
    read = read_hours(words)
    for hour in read.hours or ():
        assert 0 <= hour.day <= 6
        assert 0 <= hour.opens < 1440
        assert hour.opens < hour.closes <= hour.opens + 1440


def _apart(hours: list[Hours]) -> bool:
    """Whether the stretches leave each other alone, over the end of the week as well."""
    minutes = [(hour.day * 1440 + minute) % (7 * 1440) for hour in hours for minute in range(hour.opens, hour.closes)]
    return len(minutes) == len(set(minutes))


weeks = (
    st.lists(
        st.builds(
            lambda day, opens, length: Hours(day, opens, min(opens + length, 1440 + LONGEST_NIGHT)),
            st.integers(0, 6),
            st.integers(0, 1438),
            st.integers(1, LONGEST_NIGHT),
        ),
        min_size=1,
        max_size=6,
    )
    .map(lambda hours: sorted(hours, key=lambda hour: (hour.day, hour.opens)))
    .filter(_apart)
    # 23:59 is how forms that lack 24:00 say it, and is read so.
    .filter(lambda hours: all(hour.closes % 1440 != 1439 for hour in hours))
)


@given(weeks)
def test_what_is_spoken_is_read_back(hours: list[Hours]) -> None:
    read = read_hours(spoken(tuple(hours)))
    assert read.doubt == ""
    assert read.hours == tuple(hours)


@given(weeks, st.sampled_from(["{:%I:%M %p}", "{:%I:%M%p}"]), st.sampled_from([" - ", "-", " to ", "–"]))
def test_the_twelve_hour_clock_says_the_same(hours: list[Hours], clock: str, to: str) -> None:
    names = ("Monday", "Tues", "Wed.", "thursday", "FRI", "Sa", "Sundays")

    def said(minutes: int) -> str:
        return clock.format(time(minutes // 60 % 24, minutes % 60)).lstrip("0")

    words = "; ".join(f"{names[hour.day]} {said(hour.opens)}{to}{said(hour.closes)}" for hour in hours)
    read = read_hours(words)
    assert read.doubt == ""
    assert read.hours == tuple(hours)
