"""What speaks against an instrument with a person, from what is written down of them."""

from datetime import date

import pytest

from console.forms.library import installed
from console.models.encounter import ENCOUNTER, EncounterFactStated, EncounterStarted
from console.queries.validity import age_in, cautions
from tests.support.entries import Author, at, named

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("words", "age"),
    [
        ("6", 6),
        ("about 30", 30),
        ("14yo, in 9th grade", None),
        ("14 y/o", 14),
        ("14yo", 14),
        ("34 years old", 34),
        ("2020-11-21", 6),
        ("11/22/2020", 5),
        ("Mar 3, 2011", 15),
        ("30s", None),
        ("30-35", None),
        ("6 months", None),
        ("born 2011", None),
        ("unknown", None),
        ("350", None),
        ("2030-01-01", None),
    ],
)
def test_an_age_is_read_where_there_is_one(words: str, age: int | None) -> None:
    assert age_in(words, TODAY) == age


def said(way_in: str, *ages: str) -> dict[str, str]:
    author = Author()
    bodies = [EncounterStarted(at(), way_in), *(EncounterFactStated(at(), "age", age, "caller") for age in ages)]
    state = ENCOUNTER.fold([author.write(named("subject"), body) for body in bodies]).state
    assert state is not None
    return cautions(installed().forms.values(), state, TODAY)


def test_what_is_against_an_instrument_follows_from_the_facts_as_they_are_now() -> None:
    assert said("text").get("asq") is None
    assert said("transferred")["asq"] == "Caution: not validated by phone."
    assert said("text", "6")["asq"] == "Caution: valid for 8 and older: this person is 6."
    assert said("text", "6", "8").get("asq") is None
    assert said("text", "2020-01-02")["phq-9"] == "Caution: valid for 18 and older: this person is 6."
    assert said("text", "6", "") == said("text")
