"""A workspace in a real window at a real desk: seat, window, and what happens around it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.actions import encounters
from console.bridge.bridge import Bridge
from console.bridge.seat import Seat
from console.bridge.ticker import Ticker
from console.errors import KnownError
from console.forms.library import Library, shipped
from console.handoff.printing import Job, JobState
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.queries.board import Freshness
from console.queries.workspace import Workspace as Page
from console.queries.workspace import workspace
from console.views import theme
from console.views.theme import Scheme
from console.views.workspace import Workspace
from tests.support.desk import Cad
from tests.support.windows import show


def _nothing(*_: object) -> None:
    """For what nobody waits for."""


@dataclass
class MemoryPrinters:
    """Printers that keep what they were given; ``refuses`` is what they say instead."""

    names: tuple[str, ...] = ("Watch Desk",)
    refuses: str = ""
    jobs: list[tuple[bytes, str, str]] = field(default_factory=list)

    def available(self) -> tuple[str, ...]:
        return self.names

    def default(self) -> str | None:
        return None

    def print(self, pdf: bytes, printer: str, title: str) -> Job:
        if self.refuses:
            raise KnownError(self.refuses)
        self.jobs.append((pdf, printer, title))
        return Job(f"{printer}-{len(self.jobs)}", JobState.QUEUED)

    def state(self, job: Job) -> JobState:
        return JobState.PRINTED


@dataclass
class Room:
    """What a test of the workspace works in."""

    qtbot: QtBot
    desk: Desk
    cad: Cad
    bridge: Bridge
    ticker: Ticker
    forms: Library
    printers: MemoryPrinters
    freshness: Freshness
    opened: list[Workspace] = field(default_factory=list)

    def seat(self, who: SignIn, printer: str = "Watch Desk") -> Seat:
        return Seat(self.desk, who, self.bridge, self.ticker, self._cad, self.printers, printer)

    def _cad(self) -> Freshness:
        return self.freshness

    def workspace(self, who: SignIn, width: int = 1000, height: int = 860) -> Workspace:
        """A workspace of this person in a window of its own."""
        self.desk.presence.arrive(who)
        page = Workspace(self.seat(who))
        self.bridge.changed.connect(page.changed)
        page.resize(width, height)
        show(self.qtbot, page)
        self.opened.append(page)
        return page

    def claimed(self, who: SignIn, number: str = "26-118-4471", **facts: Any) -> UUID:
        """A call that this clinician has, with an encounter."""
        call = self.cad.call(number, **facts)
        encounters.claim_and_begin(self.desk, who, call)
        return call

    def page(self, who: SignIn, call: UUID) -> Page:
        """What the record holds of the call, as this person may read it."""
        return workspace(self.desk, who, call)

    def open(self, who: SignIn, call: UUID, **size: int) -> Workspace:
        """A workspace with this call on it."""
        page = self.workspace(who, **size)
        page.show_call(call)
        self.until(lambda: page.work.page is not None)
        return page

    def do(self, verb: Callable[..., Any], who: SignIn, *given: Any, **named: Any) -> Any:
        """Somebody does something at another window of this desk."""
        return verb(self.desk, who, *given, **named)

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until it holds."""
        self.qtbot.waitUntil(holds, timeout=10_000)

    @contextmanager
    def busy_disk(self) -> Iterator[None]:
        """What is done while this lasts is done after it."""
        go_on = Event()
        self.bridge.write(self.ticker, go_on.wait, _nothing, _nothing)
        try:
            yield
        finally:
            go_on.set()

    @contextmanager
    def word_is_late(self) -> Iterator[None]:
        """What is done while this lasts is done, and pages show it; only word of the act itself comes after it."""
        self.bridge.write(self.ticker, _nothing, _nothing, _nothing)  # the lane is there from now on
        lane, late = self.bridge._lanes["write"], []
        deliver, lane._deliver = lane._deliver, late.append
        try:
            yield
        finally:
            lane._deliver = deliver
            for outcome in late:
                deliver(outcome)

    def settled(self, page: Workspace) -> None:
        """Wait until everything is on disk and has been read again."""
        reader, saver = page._reader, page.work.saver
        self.until(  # what is tried again flies while NOT SAVED still stands
            lambda: saver.words != "saving…" and not (saver._flying or reader._under_way or reader._resting.isActive())
        )
        QCoreApplication.processEvents()

    def type(self, edit: QWidget, words: str) -> None:
        """Put the focus there and type."""
        edit.setFocus()
        QTest.keyClicks(edit, words)


@pytest.fixture
def room(qtbot: QtBot, qapp: QApplication, desk: Desk, cad: Cad) -> Iterator[Room]:
    theme.apply(qapp, Scheme.DARK)
    holder = QObject()
    bridge, ticker = Bridge(holder), Ticker(desk.clock, holder)
    unsubscribe = desk.store.subscribe(bridge.notice)
    fresh = Freshness("cad", desk.clock.now(), "fresh", "CAD is fresh")
    made = Room(qtbot, desk, cad, bridge, ticker, shipped(), MemoryPrinters(), fresh)
    yield made
    for page in made.opened:
        page.flush()
    unsubscribe()
    ticker.stop()
    assert bridge.close(), "a lane is still busy"
    for page in made.opened:
        page.close()
        page.deleteLater()
    holder.deleteLater()


def press(widget: QWidget, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the focus is put."""
    QTest.keyClick(widget, key, held)


def inside(widget: QWidget, focus: QWidget | None) -> bool:
    """Whether the focus is in ``widget``."""
    return focus is not None and (focus is widget or widget.isAncestorOf(focus))
