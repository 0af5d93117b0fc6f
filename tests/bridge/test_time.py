"""The one timer, and the thread that notices when the screen stands still."""

import logging
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.bridge.ticker import Ticker
from console.bridge.watchdog import Watchdog
from console.security.redaction import LogFormatter
from tests.support.clock import FixedClock


@pytest.fixture
def owner(qapp: QApplication) -> Iterator[QObject]:
    made = QObject()
    yield made
    made.deleteLater()


def test_the_ticker_ticks_and_tells_the_clocks_time(qtbot: QtBot, owner: QObject) -> None:
    clock = FixedClock()
    ticker = Ticker(clock, owner)
    (timer,) = ticker.findChildren(QTimer)
    assert timer.interval() == 1000
    with qtbot.waitSignal(ticker.tick, timeout=10_000):
        timer.setInterval(1)
    before = ticker.now()
    clock.advance(3600)
    assert ticker.now() - before == timedelta(hours=1)
    ticker.stop()
    assert not timer.isActive()


def stand_still(until: threading.Event) -> None:
    """Keep the GUI thread busy until somebody has seen it."""
    assert until.wait(20), "nobody noticed"


class Seen(logging.Handler):
    """Hears what the watchdog says, on whatever thread."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.heard = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(LogFormatter().format(record))  # as it stands in the log: what may be words is withheld
        self.heard.set()


@pytest.fixture
def seen() -> Iterator[Seen]:
    handler, log = Seen(), logging.getLogger("console.watchdog")
    before = log.level
    log.setLevel(logging.INFO)
    log.addHandler(handler)
    yield handler
    log.removeHandler(handler)
    log.setLevel(before)


def test_a_stall_is_reported_once_with_where_it_happened(qtbot: QtBot, owner: QObject, seen: Seen) -> None:
    watchdog = Watchdog(owner, stall_seconds=0.05)
    try:
        qtbot.waitUntil(lambda: watchdog.longest > 0)
        watchdog.reset()
        QTimer.singleShot(0, lambda: stand_still(seen.heard))
        qtbot.waitUntil(seen.heard.is_set)
        qtbot.waitUntil(lambda: watchdog.longest >= 0.05)
    finally:
        watchdog.stop()
    assert len([line for line in seen.lines if "stand_still" in line]) == 1
    assert "bridge/test_time.py:" in seen.lines[0]
    assert "withheld" not in seen.lines[0]
    assert "stood still over 50 ms" in seen.lines[0]


def test_the_watchdog_ends_when_it_is_told(qtbot: QtBot, owner: QObject) -> None:
    watchdog = Watchdog(owner)
    assert "watchdog" in {thread.name for thread in threading.enumerate()}
    watchdog.stop()
    assert "watchdog" not in {thread.name for thread in threading.enumerate()}
