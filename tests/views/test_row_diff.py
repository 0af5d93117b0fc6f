"""Rows follow any change in the fewest steps, and a real view over them keeps its place."""

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QListView

from console.views.widgets.keyed_list_model import CLOCK_ROLE, KeyedListModel
from console.views.widgets.row_diff import Insert, Move, Remove, steps
from console.views.widgets.steady_list import SteadyList

keys = st.lists(st.integers(0, 30), unique=True, max_size=20)


def follow(old: list[int], new: list[int]) -> list[int]:
    rows = list(old)
    for step in steps(old, new):
        match step:
            case Remove(first, last):
                del rows[first : last + 1]
            case Insert(first, last):
                rows[first:first] = new[first : last + 1]
            case Move(origin, target):
                rows.insert(target, rows.pop(origin))
    return rows


@given(old=keys, new=keys)
def test_the_steps_lead_from_any_list_to_any_other(old: list[int], new: list[int]) -> None:
    assert follow(old, new) == new


@given(old=keys, new=keys)
def test_no_more_rows_move_than_must(old: list[int], new: list[int]) -> None:
    kept = [key for key in old if key in new]
    target = [key for key in new if key in old]

    def longest_common(one: list[int], other: list[int]) -> int:
        table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
        for i, a in enumerate(one):
            for j, b in enumerate(other):
                table[i + 1][j + 1] = table[i][j] + 1 if a == b else max(table[i][j + 1], table[i + 1][j])
        return table[-1][-1]

    moves = [step for step in steps(old, new) if isinstance(step, Move)]
    assert len(moves) <= len(kept) - longest_common(kept, target)


@given(rows=keys)
def test_the_same_list_takes_no_step(rows: list[int]) -> None:
    assert steps(rows, rows) == []


def test_the_worst_row_going_to_the_end_is_one_move() -> None:
    assert steps([1, 2, 3, 4], [2, 3, 4, 1]) == [Move(0, 3)]


def test_neighbors_come_and_go_together() -> None:
    assert steps([1, 2, 3, 4, 5], [1, 5]) == [Remove(1, 3)]
    assert steps([1, 5], [1, 2, 3, 4, 5]) == [Insert(1, 3)]


@dataclass(frozen=True)
class Row:
    key: int
    words: str


lists = st.lists(st.builds(Row, st.integers(0, 15), st.sampled_from("abc")), max_size=12, unique_by=lambda row: row.key)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=lists, then=st.lists(lists, min_size=1, max_size=4), chosen=st.integers(0, 11))
def test_selection_and_current_row_survive_anything(
    qapp: QApplication, first: list[Row], then: list[list[Row]], chosen: int
) -> None:
    model: KeyedListModel[Row] = KeyedListModel(lambda row: row.key, lambda row: row.words)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    resets: list[bool] = []
    model.modelReset.connect(lambda: resets.append(True))
    view = QListView()
    view.setModel(model)
    model.show(first)
    selected = first[chosen].key if chosen < len(first) else None
    if selected is not None:
        view.selectionModel().setCurrentIndex(
            model.index_of(selected), QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
    for rows in then:
        model.show(rows)
        assert list(model.rows) == rows
        present = {row.key for row in rows}
        if selected in present:
            current = model.row(view.currentIndex())
            assert current is not None
            assert current.key == selected
            assert [model.row(index) for index in view.selectedIndexes()] == [current]
        else:
            selected = None
            view.clearSelection()
    assert resets == []
    view.deleteLater()
    tester.deleteLater()
    model.deleteLater()


def told(model: KeyedListModel[Row], rows: list[Row]) -> list[tuple[int, int]]:
    heard: list[tuple[int, int]] = []

    def note(top, bottom, roles) -> None:
        heard.append((top.row(), bottom.row()))

    model.dataChanged.connect(note)
    model.show(rows)
    model.dataChanged.disconnect(note)
    return heard


def test_only_rows_that_differ_are_told(qapp: QApplication) -> None:
    model: KeyedListModel[Row] = KeyedListModel(lambda row: row.key, lambda row: row.words)
    rows = [Row(key, "a") for key in range(6)]
    model.show(rows)
    changed = [Row(row.key, "b") if row.key in (1, 2, 5) else row for row in rows]
    assert told(model, changed) == [(1, 2), (5, 5)]
    assert told(model, [Row(row.key, row.words) for row in changed]) == []


def test_ages_touch_only_the_rows_named(qtbot) -> None:
    model: KeyedListModel[Row] = KeyedListModel(lambda row: row.key, lambda row: row.words)
    model.show([Row(key, "a") for key in range(500)])
    with qtbot.waitSignal(model.dataChanged) as heard:
        model.touch(3, 12)
    top, bottom, roles = heard.args
    assert (top.row(), bottom.row(), list(roles)) == (3, 12, [CLOCK_ROLE])
    with qtbot.assertNotEmitted(model.dataChanged):
        model.touch(-1, -1)


def test_a_key_that_comes_twice_stands_once(qapp: QApplication) -> None:
    model: KeyedListModel[Row] = KeyedListModel(lambda row: row.key, lambda row: row.words)
    model.show([Row(1, "first"), Row(2, "a"), Row(1, "second")])
    assert [row.words for row in model.rows] == ["first", "a"]


@pytest.mark.parametrize("count", [0, 1])
def test_an_index_out_of_range_has_no_row(qapp: QApplication, count: int) -> None:
    model: KeyedListModel[Row] = KeyedListModel(lambda row: row.key, lambda row: row.words)
    model.show([Row(key, "a") for key in range(count)])
    assert model.row(model.index_of(99)) is None
    assert model.data(model.index(count)) is None


def test_when_the_selected_row_goes_no_other_is_selected(qtbot) -> None:
    model: KeyedListModel[Row] = KeyedListModel(lambda row: row.key, lambda row: row.words)
    view = SteadyList()
    qtbot.addWidget(view)
    view.setModel(model)
    rows = [Row(key, "a") for key in range(5)]
    for gone, beside in ((2, 3), (4, 3)):
        model.show(rows)
        view.selectionModel().setCurrentIndex(model.index_of(gone), QItemSelectionModel.SelectionFlag.ClearAndSelect)
        model.show([row for row in rows if row.key != gone])
        assert view.selectedIndexes() == []
        assert model.row(view.currentIndex()) == Row(beside, "a")
    model.show([])
    assert not view.currentIndex().isValid()
