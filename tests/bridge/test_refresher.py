"""A picture kept current: a hundred changes cost a few questions, and an answer to an old question is not shown."""

import threading
from collections.abc import Iterator
from itertools import count

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.bridge.bridge import Bridge
from console.bridge.refresher import Refresher
from console.errors import KnownError


class Counter:
    """A query that counts how often it was asked; it waits while it is held."""

    def __init__(self) -> None:
        self.asked = count(1)
        self.last = 0
        self.free = threading.Event()
        self.free.set()
        self.begun = threading.Event()

    def __call__(self) -> int:
        self.last = next(self.asked)
        self.begun.set()
        assert self.free.wait(20)
        return self.last


@pytest.fixture
def owner(qapp: QApplication) -> Iterator[QObject]:
    made = QObject()
    yield made
    made.deleteLater()


@pytest.fixture
def bridge(owner: QObject) -> Iterator[Bridge]:
    made = Bridge(owner)
    yield made
    made.close()


@pytest.mark.parametrize("rest", [0, 30])
def test_a_hundred_changes_cost_a_few_questions_and_the_last_is_seen(
    qtbot: QtBot, bridge: Bridge, owner: QObject, rest: int
) -> None:
    query, shown = Counter(), []
    refresher = Refresher(bridge, query, owner, rest=rest)
    refresher.loaded.connect(shown.append)
    query.free.clear()
    refresher.request()
    assert query.begun.wait(20)
    for _ in range(100):
        refresher.request()
    query.free.set()
    qtbot.waitUntil(lambda: shown == [1, 2])
    refresher.request()
    qtbot.waitUntil(lambda: shown == [1, 2, 3])
    assert query.last == 3
    refresher.stop()


def test_another_question_replaces_the_one_under_way(qtbot: QtBot, bridge: Bridge, owner: QObject) -> None:
    slow, shown = Counter(), []
    refresher = Refresher(bridge, slow, owner)
    refresher.loaded.connect(shown.append)
    slow.free.clear()
    refresher.request()
    assert slow.begun.wait(20)
    refresher.ask(lambda: "what was asked last")
    slow.free.set()
    qtbot.waitUntil(lambda: bool(shown))
    assert shown == ["what was asked last"], "the old answer is not shown, not even for a moment"


def test_another_question_does_not_wait_for_a_rest(qtbot: QtBot, bridge: Bridge, owner: QObject) -> None:
    shown: list[object] = []
    refresher = Refresher(bridge, lambda: "first", owner, rest=60_000)
    refresher.loaded.connect(shown.append)
    refresher.request()
    qtbot.waitUntil(lambda: shown == ["first"])
    refresher.request()
    refresher.ask(lambda: "second")
    qtbot.waitUntil(lambda: shown == ["first", "second"])
    refresher.stop()


def test_a_question_that_fails_is_told_and_the_next_one_works(qtbot: QtBot, bridge: Bridge, owner: QObject) -> None:
    outcomes: Iterator[object] = iter([KnownError("The disk is away."), "there again"])

    def query() -> object:
        outcome = next(outcomes)
        if isinstance(outcome, KnownError):
            raise outcome
        return outcome

    refresher, shown, failed = Refresher(bridge, query, owner), [], []
    refresher.loaded.connect(shown.append)
    refresher.failed.connect(lambda error: failed.append(error.message))
    refresher.request()
    qtbot.waitUntil(lambda: failed == ["The disk is away."])
    refresher.request()
    qtbot.waitUntil(lambda: shown == ["there again"])


def test_changes_during_a_question_that_fails_are_not_lost(qtbot: QtBot, bridge: Bridge, owner: QObject) -> None:
    query, shown, failed = Counter(), [], []

    def flaky() -> int:
        answer = query()
        if answer == 1:
            raise KnownError("The disk is away.")
        return answer

    refresher = Refresher(bridge, flaky, owner)
    refresher.loaded.connect(shown.append)
    refresher.failed.connect(failed.append)
    query.free.clear()
    refresher.request()
    assert query.begun.wait(20)
    refresher.request()
    query.free.set()
    qtbot.waitUntil(lambda: shown == [2])
