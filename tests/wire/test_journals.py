"""Names of journals, and ids that every desk derives alike."""

from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.journals import (
    NAMESPACE,
    REGION_DIRECTORY,
    Audience,
    audience_of,
    derived_id,
    journal_name,
    short_name,
    source_id,
    user_id,
)


def test_a_journal_is_named_by_its_owner_and_audience() -> None:
    assert journal_name("dallas-ia", Audience.OPERATIONS) == "dallas-ia/operations"
    assert journal_name("lakeside", Audience.CLINICAL) == "lakeside/clinical"


def test_the_directory_is_the_regions_whoever_asks() -> None:
    assert journal_name("dallas-ia", Audience.DIRECTORY) == REGION_DIRECTORY == "region/directory"


@pytest.mark.parametrize("audience", Audience)
def test_the_audience_can_be_read_from_the_name(audience: Audience) -> None:
    assert audience_of(journal_name("dallas-ia", audience)) is audience


@pytest.mark.parametrize("name", ["", "dallas-ia", "dallas-ia/", "dallas-ia/secret", "dallas-ia/clinical/x"])
def test_a_name_without_an_audience_is_refused(name: str) -> None:
    with pytest.raises(ValueError):
        audience_of(name)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Dallas County 911, Iowa", "dallas-county-911-iowa"),
        ("  St. Mary's  ", "st-mary-s"),
        ("Ångström", "ångström"),
        ("—", ""),
    ],
)
def test_a_short_name_holds_letters_digits_and_hyphens(name: str, short: str) -> None:
    assert short_name(name) == short


def test_a_short_name_is_its_own_short_name() -> None:
    assert short_name(short_name("Dallas County 911")) == "dallas-county-911"


def test_ids_from_names_are_these_and_no_others() -> None:
    """Two desks agree on them without asking each other, and so do two versions of the program."""
    assert user_id("Northside 911", "ann") == UUID("db63838a-e94c-57e7-8dbd-f883f6506807")
    assert source_id("Northside 911", "seattle") == UUID("a44611bb-8c8d-58f8-b979-47c86f256eed")
    assert derived_id("call", "northside-911", "1") == UUID("515dd609-d48d-5396-83d3-6ce9bec10fc7")


def test_a_person_is_the_same_however_their_name_is_typed() -> None:
    assert user_id("Northside 911", "Ann") == user_id("northside-911", "ANN")
    assert user_id("northside", "ann") != user_id("southside", "ann")


@given(st.lists(st.text()))
def test_a_derived_id_is_the_version_5_id_of_its_parts(parts: list[str]) -> None:
    assert derived_id(*parts) == uuid5(NAMESPACE, "\0".join(parts))


def test_parts_of_a_derived_id_are_kept_apart() -> None:
    assert derived_id("a", "bc") != derived_id("ab", "c")
