"""Work in spare time: a piece in a turn, everything else in between, and no fault that stops the rest."""

import itertools
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.bridge.spare_time import SpareTime


@pytest.fixture
def owner(qapp: QApplication) -> Iterator[QObject]:
    made = QObject()
    yield made
    made.deleteLater()


def pieces(done: list[str], *names: str) -> Iterator[None]:
    for name in names:
        done.append(name)
        yield


def test_everything_else_has_its_turn_between_two_pieces(qtbot: QtBot, owner: QObject) -> None:
    done: list[str] = []
    other = QTimer(owner)
    other.timeout.connect(lambda: done.append("a key"))
    other.start(0)
    spare = SpareTime(owner)
    spare.give(pieces(done, "first", "second", "third"))
    assert done == [], "nothing is done where it is given"
    qtbot.waitUntil(lambda: spare.idle)
    other.stop()
    at = [done.index(name) for name in ("first", "second", "third")]
    assert at == sorted(at)
    assert all("a key" in done[one:two] for one, two in itertools.pairwise(at))


def test_what_is_given_later_comes_after(qtbot: QtBot, owner: QObject) -> None:
    done: list[str] = []
    spare = SpareTime(owner)
    spare.give(pieces(done, "one", "two"))
    spare.give(pieces(done, "three"))
    qtbot.waitUntil(lambda: spare.idle)
    spare.give(pieces(done, "four"))
    qtbot.waitUntil(lambda: spare.idle)
    assert done == ["one", "two", "three", "four"]


def test_a_piece_that_fails_is_heard_of_and_the_rest_goes_on(qtbot: QtBot, owner: QObject) -> None:
    def failing() -> Iterator[None]:
        yield
        raise LookupError("no such section")

    done: list[str] = []
    spare = SpareTime(owner)
    with qtbot.captureExceptions() as heard:
        spare.give(failing())
        spare.give(pieces(done, "after it"))
        qtbot.waitUntil(lambda: spare.idle)
    assert done == ["after it"]
    assert [type(error) for _, error, _ in heard] == [LookupError]
