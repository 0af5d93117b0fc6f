"""The fold itself, on an aggregate made for the test."""

from typing import ClassVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.entries import Author, at, named
from wire.envelope import Entry
from wire.fold import Aggregate, Body, Moment, Senseless
from wire.journals import Audience


class Grown(Body, frozen=True):
    KIND: ClassVar[str] = "plant.grown"
    VERSION: ClassVar[int] = 2
    leaves: int
    at: Moment | None = None


class Plant(msgspec.Struct, frozen=True):
    leaves: int


PLANT: Aggregate[Plant] = Aggregate("plant", Audience.OPERATIONS, Plant)


@PLANT.step(Grown)
def _grow(state: Plant | None, entry: Entry, body: Grown) -> Plant:
    if body.leaves < 0:
        raise Senseless("a plant does not grow backward")
    return Plant((state.leaves if state else 0) + body.leaves)


def grown(*texts: str, version: int = 2, kind: str = "plant.grown", journal: str = "garden/operations") -> list[Entry]:
    author = Author()
    return [author.write_text(named("plant"), kind, text, version=version, journal=journal) for text in texts]


def test_steps_are_taken_in_order() -> None:
    folded = PLANT.fold(grown('{"leaves":1}', '{"leaves":2}'))
    assert folded.state == Plant(3)
    assert (folded.senseless, folded.unread, folded.erased) == ((), 0, 0)


def test_no_entries_are_no_state() -> None:
    assert PLANT.fold([]).state is None


def test_an_entry_that_makes_no_sense_changes_nothing_else_and_is_listed() -> None:
    entries = grown('{"leaves":1}', '{"leaves":-1}', '{"leaves":2}')
    folded = PLANT.fold(entries)
    assert folded.state == Plant(3)
    (listed,) = folded.senseless
    assert (listed.entry, listed.reason) == (entries[1].id, "a plant does not grow backward")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "{}",
        '{"leaves":"many"}',
        '{"leaves":1.5}',
        '{"leaves":1,"at":"2026-11-21T22:00:00"}',
        '{"leaves":1,"at":' + "[" * 3_000 + "]" * 3_000 + "}",
        '{"leaves":1,"more":' + '{"a":' * 500 + "1" + "}" * 500 + "}",
        '{"leaves":1,"more":"\\ud800"}',
        "\ud800",
    ],
)
def test_a_body_that_cannot_be_read_changes_nothing_and_is_listed(text: str) -> None:
    good = grown('{"leaves":1}')
    bad = replace(good[0], id=named("bad"), body=text)
    folded = PLANT.fold([bad, *good])
    assert folded.state == Plant(1)
    assert [listed.entry for listed in folded.senseless] == [bad.id]
    assert "cannot be read" in folded.senseless[0].reason


@given(st.text(st.sampled_from('{}[]",:\\eatlvs1. -'), max_size=60))
def test_no_text_at_all_raises(text: str) -> None:
    entry = replace(grown("{}")[0], body=text)
    folded = PLANT.fold([entry])
    assert len(folded.senseless) == (folded.state is None)


def test_brackets_in_words_are_not_nesting() -> None:
    assert PLANT.fold(grown('{"leaves":1,"more":"' + "[" * 1_000 + '\\"{"}')).state == Plant(1)


def test_width_is_not_nesting() -> None:
    assert PLANT.fold(grown('{"leaves":1,"more":[' + ",".join(["[]"] * 1_000) + "]}")).state == Plant(1)


def test_unknown_kinds_and_newer_versions_are_counted_and_left_alone() -> None:
    known = grown('{"leaves":1}')
    newer = grown("whatever it says", version=3)
    unknown = grown("whatever it says", kind="plant.flowered")
    folded = PLANT.fold([*newer, *known, *unknown])
    assert folded.state == Plant(1)
    assert folded.unread == 2
    assert folded.senseless == ()


def test_an_older_version_is_read() -> None:
    assert PLANT.fold(grown('{"leaves":1}', version=1)).state == Plant(1)


def test_fields_that_only_a_newer_program_knows_are_passed_over() -> None:
    assert PLANT.fold(grown('{"leaves":1,"color":"green"}')).state == Plant(1)


def test_an_erased_entry_is_counted_and_changes_nothing() -> None:
    first, second = grown('{"leaves":1}', '{"leaves":2}')
    folded = PLANT.fold([replace(first, body=None, salt=None), second])
    assert (folded.state, folded.erased) == (Plant(2), 1)


@pytest.mark.parametrize("journal", ["garden/clinical", "operations", "garden/operations/x", ""])
def test_an_entry_in_a_journal_of_another_audience_changes_nothing(journal: str) -> None:
    good = grown('{"leaves":1}')
    bad = replace(good[0], id=named("bad"), journal=journal)
    folded = PLANT.fold([bad, *good])
    assert folded.state == Plant(1)
    assert [listed.entry for listed in folded.senseless] == [bad.id]


def test_an_unknown_kind_in_another_audiences_journal_does_not_make_a_subject_read_only() -> None:
    folded = PLANT.fold([*grown('{"leaves":1}'), *grown("{}", kind="plant.eaten", journal="garden/clinical")])
    assert folded.unread == 0


def test_a_body_says_only_what_is_not_the_default() -> None:
    assert Grown(3).as_json() == '{"leaves":3}'
    assert Grown(3, at(1)).as_json() == '{"leaves":3,"at":"2026-11-21T22:00:01Z"}'
