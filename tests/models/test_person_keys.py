"""What may be of one person gets one key however it was typed, and what tells of nobody gets none."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.models.person_keys import birth_date, is_full, name_keys, phone_key

DIGITS = st.text("23456789", min_size=10, max_size=10).filter(lambda text: len(set(text)) > 1)
WORD = st.text("bcdfghjkmoprstvw", min_size=3, max_size=8).filter(lambda word: name_keys(word) != ())
NAME = st.tuples(WORD, WORD).filter(lambda name: bool(name_keys(" ".join(name))) and name[0] != name[1])
WAYS_TO_WRITE_A_NUMBER = ("{}{}{}", "({}) {}-{}", "{}-{}-{}", "{}.{}.{}", "1{}{}{}", "+1 {} {} {}", "1-{}-{}-{} x42")


@given(DIGITS, st.sampled_from(WAYS_TO_WRITE_A_NUMBER))
def test_a_number_has_one_key_however_it_is_written(digits: str, way: str) -> None:
    assert phone_key(way.format(digits[:3], digits[3:6], digits[6:])) == digits


@given(st.text())
def test_a_key_of_a_key_is_itself(text: str) -> None:
    for key in filter(None, (phone_key(text),)):
        assert phone_key(key) in (key, key.removeprefix("1"), None)
    for key in name_keys(text):
        assert key == key.strip()
        assert name_keys(key) == (key,)


@pytest.mark.parametrize("text", ["", "911", "unknown", "4511", "0000000000", "911-555-0142", "9" * 20])
def test_what_nobody_can_be_called_back_on_has_no_key(text: str) -> None:
    assert phone_key(text) is None


@given(NAME)
def test_a_name_has_one_key_however_it_is_written(name: tuple[str, str]) -> None:
    first, last = name
    (key,) = name_keys(f"{first} {last}")
    assert is_full(key)
    for way in (
        f"{last}, {first}",
        f"{first.upper()}  {last.title()}",
        f"Mr. {first} Q. {last}",
        f"{first} {last}, 34",
    ):
        assert name_keys(way) == (key,), way


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Reyes, Daniel J (likes Danny)", ("daniel reyes", "danny")),
        ("José Álvarez aka Pepe", ("alvarez jose", "pepe")),
        ("O'Brien, Seán", ("obrien sean",)),
        ("Smith-Jones, Anna", ("anna jones smith",)),
        ("Daniel, called Danny", ("daniel", "danny")),
        ("李 明", ("明 李",)),
        ("M. Reyes", ("m reyes",)),
        ("𝑨na Brandt", ("ana brandt",)),
    ],
)
def test_names_and_aliases(text: str, keys: tuple[str, ...]) -> None:
    assert name_keys(text) == keys


@pytest.mark.parametrize(
    "text",
    [
        "",
        ",",
        "unknown",
        "A NEIGHBOR",
        "John Doe",
        "DOE, JANE",
        "VERIZON WIRELESS",
        "34",
        "white male",
        "FNU LNU",
        "pt",
    ],
)
def test_what_stands_for_a_name_is_none(text: str) -> None:
    assert name_keys(text) == ()


@pytest.mark.parametrize(
    ("key", "full"), [("daniel reyes", True), ("danny", False), ("m reyes", False), ("明 李", True)]
)
def test_a_first_name_alone_is_not_full(key: str, full: bool) -> None:
    assert is_full(key) is full


@given(st.dates(min_value=date(1900, 1, 2)), st.sampled_from(("", "34, born ", "DOB: ")))
def test_a_date_of_birth_is_found_in_what_was_typed(day: date, before: str) -> None:
    ways = (day.isoformat(), f"{day.month}/{day.day}/{day.year}", f"{day:%m-%d-%Y}", f"{day:%B} {day.day}, {day.year}")
    for way in (*ways, f"{day.day} {day:%b} {day.year}"):
        assert birth_date(before + way) == day.isoformat(), way


@pytest.mark.parametrize(
    "text", ["", "34", "1987", "2/29/2001", "13/40/1987", "3/2/87", "3/2/1987 or 3/4/1987", "01/01/1900"]
)
def test_what_is_no_whole_date_is_none(text: str) -> None:
    assert birth_date(text) is None
