"""What becomes of a job: in order, to whoever asked if they are still there, as an answer or as one line."""

import logging
import re
import threading
from collections.abc import Iterator
from uuid import UUID

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from console.bridge.bridge import Bridge
from console.errors import BugError, KnownError
from console.models.changes import Changes

SECRET = "caller says her husband has a rifle"


@pytest.fixture
def bridge(qapp: QApplication) -> Iterator[Bridge]:
    made = Bridge()
    yield made
    made.close()
    made.deleteLater()


class Asker(QObject):
    """Somebody who gives jobs and hears of them."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []
        self.threads: set[int] = set()

    def done(self, result: object) -> None:
        self.threads.add(threading.get_ident())
        self.heard.append(result)

    def failed(self, error: KnownError) -> None:
        self.threads.add(threading.get_ident())
        self.heard.append(error.message)


def refuse() -> None:
    raise KnownError("The printer is out of paper.")


def break_down() -> None:
    raise ValueError(SECRET)


def test_a_lane_keeps_the_order_and_answers_on_the_gui_thread(qtbot: QtBot, bridge: Bridge) -> None:
    asker, ran = Asker(), []

    def job(number: int) -> tuple[int, int]:
        ran.append(number)
        return number, threading.get_ident()

    for number in range(50):
        bridge.write(asker, lambda number=number: job(number), asker.done, asker.failed)
    qtbot.waitUntil(lambda: len(asker.heard) == 50)
    assert ran == [number for number, _ in asker.heard] == list(range(50))  # type: ignore[misc]
    assert asker.threads == {threading.get_ident()}
    assert threading.get_ident() not in {thread for _, thread in asker.heard}  # type: ignore[misc]
    assert len({thread for _, thread in asker.heard}) == 1, "one act at a time"  # type: ignore[misc]


def test_a_known_error_comes_as_its_line_and_breaks_nothing(qtbot: QtBot, bridge: Bridge) -> None:
    asker, broke = Asker(), []
    bridge.broke.connect(broke.append)
    bridge.read(asker, refuse, asker.done, asker.failed)
    bridge.read(asker, lambda: "next", asker.done, asker.failed)
    qtbot.waitUntil(lambda: len(asker.heard) == 2)
    assert asker.heard == ["The printer is out of paper.", "next"]
    assert broke == []


@pytest.mark.parametrize("error", [ValueError(SECRET), BugError(SECRET), SystemExit(SECRET), MemoryError(SECRET)])
def test_a_fault_of_ours_comes_as_a_report_without_a_callers_words(
    qtbot: QtBot, bridge: Bridge, caplog: pytest.LogCaptureFixture, error: BaseException
) -> None:
    asker, broke = Asker(), []
    bridge.broke.connect(broke.append)

    def job() -> None:
        raise error

    with caplog.at_level(logging.ERROR):
        bridge.write(asker, job, asker.done, asker.failed)
        bridge.write(asker, lambda: "next", asker.done, asker.failed)
        qtbot.waitUntil(lambda: len(asker.heard) == 2)
    (line, after) = asker.heard
    assert isinstance(line, str)
    found = re.search(r"report ([0-9a-f]{8})", line)
    assert found is not None
    assert broke == [found.group(1)]
    assert after == "next"
    assert SECRET not in line
    assert SECRET not in caplog.text
    assert found.group(1) in caplog.text


def test_an_outcome_for_somebody_who_is_gone_is_dropped(qtbot: QtBot, bridge: Bridge) -> None:
    gone, here, may_end = Asker(), Asker(), threading.Event()
    heard = gone.heard

    def wait() -> str:
        may_end.wait(20)
        return "too late"

    bridge.write(gone, wait, gone.done, gone.failed)
    bridge.write(gone, refuse, gone.done, gone.failed)
    bridge.write(here, lambda: "in time", here.done, here.failed)
    delete(gone)
    may_end.set()
    qtbot.waitUntil(lambda: here.heard == ["in time"])
    assert heard == []


def test_a_fault_is_reported_even_when_nobody_is_there_to_hear(
    qtbot: QtBot, bridge: Bridge, caplog: pytest.LogCaptureFixture
) -> None:
    gone, broke = Asker(), []
    bridge.broke.connect(broke.append)
    with caplog.at_level(logging.ERROR):
        bridge.write(gone, break_down, gone.done, gone.failed)
        delete(gone)
        qtbot.waitUntil(lambda: len(broke) == 1)
    assert SECRET not in caplog.text


def test_after_the_end_nothing_runs_and_nobody_is_told(qtbot: QtBot, qapp: QApplication) -> None:
    bridge, asker, ran, told = Bridge(), Asker(), [], []
    bridge.changed.connect(told.append)
    bridge.write(asker, lambda: ran.append("before"), asker.done, asker.failed)
    assert bridge.close()
    bridge.write(asker, lambda: ran.append("after"), asker.done, asker.failed)
    bridge.notice(Changes())
    qapp.processEvents()
    assert ran == ["before"], "what was given is done, what comes later is not"
    assert asker.heard == []
    assert told == []
    assert bridge.close(), "closing twice does no harm"
    bridge.deleteLater()


def test_changes_from_any_thread_arrive_on_the_gui_thread(qtbot: QtBot, bridge: Bridge) -> None:
    arrived: list[tuple[Changes, int]] = []
    bridge.changed.connect(lambda changes: arrived.append((changes, threading.get_ident())))
    told = Changes(frozenset({("call", UUID(int=7))}))
    thread = threading.Thread(target=bridge.notice, args=(told,))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(arrived) == 1)
    assert arrived == [(told, threading.get_ident())]
