"""What holds of every aggregate alike."""

import inspect
import json
from typing import Any, get_type_hints

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.models.aggregates import AGGREGATES, aggregate_of, understood
from tests.support.entries import BODIES, Author, at, bodies, histories, named
from wire.envelope import Entry
from wire.fold import Aggregate, Body


def every_body(kind: type[Body] = Body) -> list[type[Body]]:
    """Every type of body the product defines."""
    found = []
    for each in kind.__subclasses__():
        if each.__module__.startswith(("console.", "wire.")):
            found += [each, *every_body(each)]
    return found


def test_every_body_belongs_to_an_aggregate_of_its_name() -> None:
    assert {body.KIND for body in every_body()} == set(BODIES)
    for kind in BODIES:
        aggregate = aggregate_of(kind)
        assert aggregate is not None
        assert kind in aggregate.bodies


def test_a_kind_that_only_a_newer_desk_knows_has_no_aggregate() -> None:
    assert aggregate_of("team.sent") is None
    assert aggregate_of("") is None


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_every_body_says_what_it_means(body: type[Body]) -> None:
    assert inspect.getdoc(body)
    assert body.VERSION >= 1


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_no_body_takes_a_time_without_a_zone(body: type[Body]) -> None:
    hints = get_type_hints(body, include_extras=True)
    times = [name for name, hint in hints.items() if "datetime" in str(hint)]
    for name in times:
        assert "tz=True" in str(hints[name]), name


@given(st.data())
@pytest.mark.parametrize("kind", BODIES)
def test_a_body_is_the_same_after_it_was_text(kind: str, data: st.DataObject) -> None:
    body = data.draw(bodies(BODIES[kind]))
    assert msgspec.json.decode(body.as_json(), type=BODIES[kind]) == body


@given(histories(most=40))
def test_folding_never_raises_and_its_state_is_json(entries: list[Entry]) -> None:
    for aggregate in AGGREGATES.values():
        folded = aggregate.fold(entries)
        assert folded.unread + folded.erased + len(folded.senseless) <= len(entries)
        state: Any = aggregate.state
        if folded.state is not None:
            text = msgspec.json.encode(folded.state, order="deterministic")
            assert msgspec.json.decode(text, type=state) == folded.state


@given(histories(most=40))
def test_a_fold_depends_on_its_entries_alone(entries: list[Entry]) -> None:
    for aggregate in AGGREGATES.values():
        assert aggregate.fold(entries) == aggregate.fold(list(entries))


@given(histories(most=40), st.data())
def test_a_fold_goes_on_from_a_state_that_was_text(entries: list[Entry], data: st.DataObject) -> None:
    """Byte for byte: an act folds its entry onto the row of the record, a rebuild folds everything."""
    place = data.draw(st.integers(0, len(entries)))
    for aggregate in AGGREGATES.values():
        whole, first = aggregate.fold(entries), aggregate.fold(entries[:place])
        kind: Any = aggregate.state
        read = msgspec.json.decode(msgspec.json.encode(first.state, order="deterministic"), type=kind | None)
        rest = aggregate.fold(entries[place:], read)
        assert _text(rest.state) == _text(whole.state)
        assert (*first.senseless, *rest.senseless) == whole.senseless
        assert (first.unread + rest.unread, first.erased + rest.erased) == (whole.unread, whole.erased)


def _text(state: object) -> bytes:
    return msgspec.json.encode(state, order="deterministic")


@given(histories(most=30))
def test_entries_that_make_no_sense_can_be_left_out(entries: list[Entry]) -> None:
    for aggregate in AGGREGATES.values():
        folded = aggregate.fold(entries)
        listed = {each.entry for each in folded.senseless}
        assert aggregate.fold([entry for entry in entries if entry.id not in listed]).state == folded.state


def test_what_is_understood_changes_with_any_version_and_any_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    before = understood()
    assert set(json.loads(before)) == set(AGGREGATES)
    call: Aggregate[Any] = AGGREGATES["call"]
    monkeypatch.setattr(call, "version", call.version + 1)
    raised = understood()
    monkeypatch.setattr(call, "bodies", {**call.bodies, "call.dreamed": Body})
    monkeypatch.setattr(Body, "VERSION", 1)
    assert len({before, raised, understood()}) == 3


def test_an_entry_about_something_else_is_not_read_by_an_aggregate() -> None:
    entry = Author().write_text(named("x"), "sheet.issued", "{}", journal="northside/operations")
    assert AGGREGATES["call"].fold([entry]).unread == 1


def test_times_are_kept_to_the_microsecond() -> None:
    body = BODIES["call.messaged"](at(0.000001), "x")  # type: ignore[call-arg]
    assert '"2026-11-21T22:00:00.000001Z"' in body.as_json()
