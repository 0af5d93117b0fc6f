"""The list of facts: what is asked first, and what police may be told."""

import pytest

from console.handoff.content import SheetAudience
from console.handoff.fields import FIELD, FIELDS, SOURCES, Section, Telling, police_ruling


def test_every_field_has_an_id_of_its_own_and_a_question() -> None:
    assert len(FIELD) == len(FIELDS)
    assert all(field.prompt and field.row for field in FIELDS)
    assert len({field.name for field in FIELDS}) == len(FIELDS)


def test_what_can_hurt_somebody_is_asked_first_and_weapons_before_all() -> None:
    sections = [field.section for field in FIELDS]
    assert sections == sorted(sections, key=list(Section).index)
    assert [field.id for field in FIELDS][:4] == [
        f"weapons.{part}" for part in ("reported", "seen", "access", "secured")
    ]


def test_suggestions_fit_their_field() -> None:
    assert all(len(words) <= field.longest for field in FIELDS for words in (*field.suggestions, field.placeholder))


@pytest.mark.parametrize("source", [source for source in SOURCES if source.police is Telling.WHOLE], ids=lambda s: s.id)
@pytest.mark.parametrize("field", FIELDS, ids=lambda f: f.id)
def test_police_are_told_whole_what_anyone_may_know(field, source) -> None:
    ruling = police_ruling(field.id, source.id)
    assert (ruling.prints, ruling.with_source, ruling.why) == (True, True, "")


@pytest.mark.parametrize("source", ["part2", "cji"])
@pytest.mark.parametrize("field", FIELDS, ids=lambda f: f.id)
def test_program_and_criminal_justice_records_never_print(field, source: str) -> None:
    ruling = police_ruling(field.id, source)
    assert not ruling.prints
    assert ruling.why.endswith(".")


@pytest.mark.parametrize("source", ["confidential", "a neighbor who asked not to be named"])
@pytest.mark.parametrize("field", FIELDS, ids=lambda f: f.id)
def test_of_a_source_that_may_not_be_named_only_what_keeps_people_safe_prints(field, source: str) -> None:
    ruling = police_ruling(field.id, source)
    assert ruling.prints == (field.section is Section.ACT_FIRST)
    assert not ruling.with_source
    assert ruling.why


def test_a_field_that_is_not_listed_does_not_print() -> None:
    assert not police_ruling("health.diagnosis", "caller").prints


def test_every_field_of_the_list_is_for_police() -> None:
    assert all(SheetAudience.POLICE in field.audiences for field in FIELDS)
