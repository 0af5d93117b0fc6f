"""A board in a real window, for tests: its clock, its pointer, and everything it asked for."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.bridge.ticker import Ticker
from console.queries.board import BoardRow
from console.views.board import BoardView
from tests.support.board_rows import LIMITS, NOW, REASONS, call_id, flagged
from tests.support.clock import FixedClock
from tests.support.windows import focused, show


class BoardDesk:
    """A board in a window, its clock, and everything it asked for."""

    def __init__(self, qtbot: QtBot, qapp: QApplication) -> None:
        self.qtbot, self.clock = qtbot, FixedClock(NOW)
        self.ticker = Ticker(self.clock, qapp)
        self.ticker.stop()
        self.view = BoardView(self.ticker, LIMITS, REASONS)
        self.view.resize(1100, 700)
        self.tester = QAbstractItemModelTester(
            self.view.model, QAbstractItemModelTester.FailureReportingMode.Fatal, self.view
        )
        self.asked: list[tuple[object, ...]] = []
        for name in (
            "opened",
            "flag_requested",
            "withdrawal_requested",
            "call_entered",
            "claim_requested",
            "fallback_requested",
            "dropped_requested",
            "officer_requested",
            "suggestion_dismissed",
            "filter_changed",
            "view_changed",
            "alarm_acknowledged",
            "retry_requested",
            "keys_requested",
        ):
            getattr(self.view, name).connect(self._note(name))
        show(qtbot, self.view)

    def _note(self, name: str) -> Callable[..., None]:
        def note(*values: object) -> None:
            self.asked.append((name, *values))

        return note

    def key(self, key: Qt.Key | str, times: int = 1) -> None:
        for _ in range(times):
            if isinstance(key, str):
                QTest.keyClicks(focused(), key)
            else:
                QTest.keyClick(focused(), key)

    def point(self, number: str | None) -> None:
        """Move the pointer over a row, or off the list."""
        viewport = self.view.list.viewport()
        if number is None:
            QApplication.sendEvent(viewport, QEvent(QEvent.Type.Leave))
            return
        place = self.view.list.visualRect(self.view.model.index_of(call_id(number))).center()
        QTest.mouseMove(viewport, place - QPoint(1, 0))
        QTest.mouseMove(viewport, place)

    def numbers(self) -> list[str]:
        return [call.number for call in self.view.model.rows]

    def pass_seconds(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.ticker.tick.emit()

    def tops(self) -> dict[str, int]:
        """Where each row stands in the window."""
        return {
            call.number: self.view.list.visualRect(self.view.model.index_of(call.call)).top()
            for call in self.view.model.rows
        }


def queue(count: int) -> list[BoardRow]:
    """So many flagged calls, longest waiting first: c0, c1, …"""
    return [flagged(f"c{number}", 1000 - number) for number in range(count)]
