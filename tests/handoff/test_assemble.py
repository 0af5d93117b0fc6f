"""From facts to what the sheet says, and what it does not."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.handoff.assemble import HANDLING, HELD_BACK, risk_level
from console.handoff.content import Statement, to_content
from console.handoff.fields import FIELDS, SOURCES
from tests.handoff.sheets import AS_OF, FACTS, Stated, sheet


def statements(value: object) -> list[Statement]:
    """Every statement in a sheet, in its order."""
    if isinstance(value, Statement):
        return [value]
    if isinstance(value, msgspec.Struct):
        return [found for name in value.__struct_fields__ for found in statements(getattr(value, name))]
    return []


def test_each_fact_stands_in_its_place_with_its_source_and_time() -> None:
    made = sheet()
    assert made.act_first.weapons.reported == Statement("Handgun", "caller", FACTS["weapons.reported"].at)
    assert made.act_first.scene.staging.text == "Oak St, no sirens, no lights on approach"
    assert made.situation.request.source == "person"
    assert made.approach.do.items == ("One voice; speak to his right side", "Give time and space")
    assert made.withheld[:-1] == ()


@pytest.mark.parametrize("field", [field for field in FIELDS if not field.lines], ids=lambda f: f.id)
def test_every_field_of_the_list_reaches_the_sheet(field) -> None:
    made = sheet({field.id: Stated("a word of its own")})
    assert [s.text for s in statements(made) if s.known] == ["a word of its own"]


def test_without_facts_every_statement_is_unknown() -> None:
    made = sheet({}, risk=None)
    assert len(statements(made)) == len([field for field in FIELDS if not field.lines])
    assert all(not statement.known for statement in statements(made))


def test_asked_and_not_known_keeps_who_was_asked() -> None:
    access = sheet().act_first.weapons.access
    assert (access.text, access.source) == ("", "caller")


def test_police_read_topics_never_answers() -> None:
    made = sheet({"asked": Stated("Intentions? yes, tonight\nmeans: a handgun\ndrinking")})
    assert made.asked.items == ("Intentions", "means", "drinking")
    assert [held.field for held in made.withheld] == ["Already asked"]
    assert "tonight" not in str(to_content(made))


def test_a_record_police_may_not_have_is_listed_and_its_place_says_to_ask() -> None:
    made = sheet({"weapons.reported": Stated("Rifle, per RMS", "cji"), "situation": Stated("In program", "part2")})
    assert made.act_first.weapons.reported == Statement(HELD_BACK)
    assert not made.situation.happening.known
    assert [held.field for held in made.withheld] == ["Weapons: reported", "Situation: now"]
    assert "Rifle" not in str(to_content(made))


def test_a_confidential_warning_prints_without_who_gave_it() -> None:
    made = sheet({"weapons.reported": Stated("Handgun", "confidential")})
    assert made.act_first.weapons.reported.text == "Handgun"
    assert made.act_first.weapons.reported.source == ""
    assert "confidential" not in str(to_content(made)["act_first"])
    assert made.withheld[0].why.startswith("Only who told it")


def test_a_fact_outside_the_list_is_withheld_by_default() -> None:
    made = sheet({"health.diagnosis": Stated("F20")})
    assert [held.field for held in made.withheld] == ["health.diagnosis"]
    assert "F20" not in str(to_content(made))


@given(
    st.dictionaries(
        st.sampled_from([field.id for field in FIELDS] + ["health.medicines", "x"]),
        st.tuples(st.text(min_size=1), st.sampled_from([source.id for source in SOURCES] + ["", "RMS"])),
    )
)
def test_every_known_fact_prints_or_is_listed_as_withheld(given_facts: dict[str, tuple[str, str]]) -> None:
    marked = {field: Stated(f"said-{field}-{words}", source) for field, (words, source) in given_facts.items()}
    made = sheet(marked, risk=None)
    names = {field.id: field.name for field in FIELDS}
    withheld = {held.field for held in made.withheld}
    content = {key: value for key, value in to_content(made).items() if key != "withheld"}
    for field in marked:
        prints = f"said-{field}-" in str(content)
        assert prints or names.get(field, field) in withheld


@pytest.mark.parametrize("level", ["", "not_set", "closed", "CRITICAL"])
def test_only_a_level_somebody_set_is_a_level(level: str) -> None:
    assert risk_level(level, "why", AS_OF).level == ""


@pytest.mark.parametrize("handling", ["", "  \n"])
def test_a_blank_handling_line_gives_the_standing_one(handling: str) -> None:
    assert sheet(handling=handling).handling == HANDLING
