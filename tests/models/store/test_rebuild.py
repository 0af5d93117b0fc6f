"""The record compared with the journal and put right; and folded anew after an update."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from console.models.aggregates import AGGREGATES
from console.models.call import CallEntered, CallMessaged
from console.models.changes import Changes
from console.models.service import ServiceDescribed
from console.models.store import rebuild
from console.models.store.store import Store
from tests.support.desk import KEY, Record, record_of
from tests.support.entries import Author, at, named

CALL, SERVICE = named("call"), named("service")
NOW = AGGREGATES["call"].version
NEXT = NOW + 1


@pytest.fixture
def filled(store: Store) -> Store:
    author = Author()
    store.append(
        [
            author.write(CALL, CallEntered("26-1", "WELFARE CHECK", "100 Main St", at())),
            author.write(CALL, CallMessaged(at(1), "hello")),
            author.write(named("second call"), CallMessaged(at(1), "to nobody")),
            author.write(SERVICE, ServiceDescribed(at(), "list", "1", "Harbor House", needs=("housing",))),
            author.write_text(named("team"), "team.sent", "{}"),
        ]
    )
    return store


def damage(store: Store, *statements: str) -> None:
    with store.write() as transaction:
        for statement in statements:
            transaction.connection.exec_driver_sql(statement)


def repaired(store: Store, before: Record) -> list[tuple[str, UUID, str]]:
    """What a rebuild says it put right; afterward the record is what it was, and a second one finds nothing."""
    report = rebuild.rebuild(store)
    assert record_of(store) == before
    assert rebuild.rebuild(store).same
    assert report.differing == len(report.differences)
    return [(each.aggregate, each.subject, each.says) for each in report.differences]


def test_a_record_that_is_right_is_left_alone(filled: Store) -> None:
    before = record_of(filled)
    report = rebuild.rebuild(filled)
    assert report.same
    assert (report.subjects, report.rows) == (4, 2)
    assert record_of(filled) == before


def test_a_changed_row_is_named_by_its_columns(filled: Store) -> None:
    before = record_of(filled)
    damage(filled, "UPDATE call SET number = '26-2', open = 0")
    assert repaired(filled, before) == [("call", CALL, "it differed in number, open")]


def test_a_missing_row_is_made_again(filled: Store) -> None:
    before = record_of(filled)
    damage(filled, "DELETE FROM call")
    assert repaired(filled, before) == [("call", CALL, "it was missing")]


def test_a_row_that_nothing_makes_is_dropped(filled: Store) -> None:
    before = record_of(filled)
    nobody = named("nobody")
    damage(filled, f"INSERT INTO organization (subject, state, fold, unread) VALUES (x'{nobody.hex}', '{{}}', 1, 0)")
    assert repaired(filled, before) == [("organization", nobody, "nothing in the journal makes it")]


def test_a_row_of_another_aggregate_is_dropped(filled: Store) -> None:
    before = record_of(filled)
    damage(filled, f"INSERT INTO organization (subject, state, fold, unread) VALUES (x'{CALL.hex}', '{{}}', 1, 0)")
    assert repaired(filled, before) == [("organization", CALL, "nothing in the journal makes it")]


def test_the_list_of_senseless_entries_is_put_right(filled: Store) -> None:
    before = record_of(filled)
    assert len(before["senseless"]) == 1
    says = "its list of senseless entries differs"
    damage(filled, "DELETE FROM senseless")
    assert repaired(filled, before) == [("call", named("second call"), says)]
    damage(filled, "UPDATE senseless SET reason = 'another'")
    assert repaired(filled, before) == [("call", named("second call"), says)]


def test_what_is_listed_of_no_entry_is_dropped(filled: Store) -> None:
    before = record_of(filled)
    damage(filled, "INSERT INTO senseless (entry, subject, reason) VALUES (x'01', x'02', 'x')")
    rebuild.rebuild(filled)
    assert record_of(filled) == before


def test_the_search_index_is_put_right(filled: Store) -> None:
    before = record_of(filled)
    assert before["search"] == [(SERVICE.bytes, "Harbor House ", "housing", "  ")]
    says = "its words in the search index differ"
    damage(filled, "UPDATE service_search SET name = 'Somewhere else'")
    assert repaired(filled, before) == [("service", SERVICE, says)]
    damage(filled, "DELETE FROM service_search", "INSERT INTO service_search (rowid, name) VALUES (99, 'ghost')")
    assert repaired(filled, before) == [("service", SERVICE, says)]
    with filled.read() as connection:
        found = connection.exec_driver_sql(
            "SELECT service.subject FROM service_search JOIN service ON service.row = service_search.rowid "
            "WHERE service_search MATCH 'harbor'"
        ).scalar_one()
    assert found == SERVICE.bytes


def test_many_subjects_are_done_in_several_transactions(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild, "BATCH", 2)
    before = record_of(filled)
    damage(filled, "DELETE FROM call", "DELETE FROM service", "DELETE FROM senseless")
    assert len(repaired(filled, before)) == 4


def test_screens_are_told_what_was_put_right(filled: Store) -> None:
    told: list[Changes] = []
    filled.subscribe(told.append)
    rebuild.rebuild(filled)
    assert told == []
    damage(filled, "DELETE FROM call")
    rebuild.rebuild(filled)
    assert [changes.subjects for changes in told] == [{("call", CALL)}]


def test_a_report_names_some_differences_and_counts_them_all(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild, "MOST_DIFFERENCES", 1)
    damage(filled, "DELETE FROM call", "DELETE FROM service")
    report = rebuild.rebuild(filled)
    assert (len(report.differences), report.differing) == (1, 3)
    assert not report.same


# -- after an update ---------------------------------------------------------------------------------------------------


def folds(store: Store, name: str) -> dict[UUID, int]:
    with store.read() as connection:
        return {UUID(bytes=row[0]): row[1] for row in connection.exec_driver_sql(f"SELECT subject, fold FROM {name}")}


@pytest.fixture
def updated(home: Path, filled: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Store]:
    """Opens the filled store with a program whose fold of calls is another."""

    def update() -> Store:
        filled.close()
        monkeypatch.setattr(AGGREGATES["call"], "version", NEXT)
        return Store.open(home, KEY)

    return update


def test_a_store_folded_by_this_program_has_nothing_to_do(filled: Store) -> None:
    assert rebuild.refold_outdated(filled) == 0


def test_what_another_version_folded_is_folded_anew_once(updated: Callable[[], Store]) -> None:
    with updated() as store:
        assert folds(store, "call") == {CALL: NOW}
        assert rebuild.refold_outdated(store) > 0
        assert folds(store, "call") == {CALL: NEXT}
        assert folds(store, "service") == {SERVICE: 1}
        assert rebuild.refold_outdated(store) == 0
        assert rebuild.rebuild(store).same


def test_a_refolding_that_was_stopped_is_carried_on(
    updated: Callable[[], Store], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "BATCH", 1)
    with updated() as store:
        assert rebuild.refold_outdated(store, stop=lambda: True) == 0
        assert folds(store, "call") == {CALL: NOW}
    with Store.open(home, KEY) as store:
        rebuild.refold_outdated(store)
        assert folds(store, "call") == {CALL: NEXT}
    with Store.open(home, KEY) as store:
        assert rebuild.refold_outdated(store) == 0


def test_what_an_older_program_wrote_in_between_is_folded_anew(
    updated: Callable[[], Store], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with updated() as store:
        rebuild.refold_outdated(store)
    monkeypatch.setattr(AGGREGATES["call"], "version", NOW)
    with Store.open(home, KEY) as store:
        store.append([Author("other").write(CALL, CallMessaged(at(9), "by the older one"))])
        assert folds(store, "call") == {CALL: NOW}
    monkeypatch.setattr(AGGREGATES["call"], "version", NEXT)
    with Store.open(home, KEY) as store:
        rebuild.refold_outdated(store)
        assert folds(store, "call") == {CALL: NEXT}


def test_the_newest_come_first_and_people_before_calls(
    updated: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    with updated() as store:
        author = Author("other")
        monkeypatch.setattr(AGGREGATES["call"], "version", NOW)
        for number in range(3):
            store.append([author.write(named("call", number), CallEntered(str(number), "X", "Y", at()))])
        store.append(
            [
                author.write_text(
                    named("person"),
                    "user.added",
                    '{"at":"2026-11-21T22:00:00Z","name":"a","display_name":"A","roles":[]}',
                )
            ]
        )
        monkeypatch.setattr(AGGREGATES["call"], "version", NEXT)
        monkeypatch.setattr(AGGREGATES["user"], "version", AGGREGATES["user"].version + 1)
        monkeypatch.setattr(rebuild, "BATCH", 1)
        store.subscribe(lambda changes: told.extend(changes.subjects))
        rebuild.refold_outdated(store)
    assert told[:5] == [
        ("user", named("person")),
        ("call", named("call", 2)),
        ("call", named("call", 1)),
        ("call", named("call", 0)),
        ("call", CALL),
    ]


def test_an_entry_that_was_not_understood_counts_once_the_program_knows_its_kind(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer desk wrote it; this one kept it, and is updated."""
    call = AGGREGATES["call"]
    kinds, steps = dict(call.bodies), dict(call._steps)
    author = Author()
    entries = [
        author.write(CALL, CallEntered("26-1", "WELFARE CHECK", "100 Main St", at())),
        author.write(CALL, CallMessaged(at(1), "hello")),
    ]
    with monkeypatch.context() as patch:
        patch.setattr(call, "bodies", {kind: body for kind, body in kinds.items() if kind != "call.messaged"})
        patch.setattr(call, "_steps", {kind: step for kind, step in steps.items() if kind != "call.messaged"})
        with Store.create(home / "new", KEY) as store:
            store.append(entries)
            assert '"thread"' not in str(record_of(store)["call"])
    with Store.open(home / "new", KEY) as store:
        assert rebuild.refold_outdated(store) == 1
        assert '"thread"' in str(record_of(store)["call"])
        assert rebuild.rebuild(store).same
