"""The whole program in this process, as people sit at it: real windows, a real encrypted home, hands on the keys.

Whatever these hands do goes through the keyboard. The record is only ever read beside them, off the GUI thread, to see
that what the screen said is so.
"""

import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar
from unittest import mock
from uuid import UUID

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt import exceptions
from pytestqt.qtbot import QtBot

from console.actions import drills, homes, people
from console.actions.directory import import_services
from console.app import program as programs
from console.app.drill import Drill
from console.app.opening import look_at
from console.app.program import Program
from console.app.side_by_side import DrillServer, second_desk, share_first
from console.bridge import faults
from console.bridge.sound import Hearing, Sound, SoundState
from console.clock import SystemClock
from console.errors import KnownError
from console.feeds.feed import FeedThread
from console.feeds.intake import Intake
from console.feeds.scenario import load_scenario
from console.feeds.source import CadSource
from console.handoff.printing import Job, JobState, Printers
from console.models.call_fold import CALL
from console.models.call_state import CallState
from console.models.sign_in import SignIn
from console.models.store import subjects
from console.models.store.desk import Desk
from console.models.store.engine import DATABASE
from console.off_gui import mark_gui_thread
from console.security import passwords
from console.security.home_key import create_key
from console.security.sealed_key import ScryptCost
from console.settings import Settings, load_settings, resources
from console.views.board import BoardView
from console.views.shell.frame import Frame
from console.views.shell.window import ConsoleWindow
from console.views.workspace import Workspace
from tests.support.passwords import CHEAP
from wire.journals import user_id
from wire.permissions import Role

PATIENCE_MILLISECONDS = 15_000
MOST_TABS = 80
PASSPHRASE = "four words of a test"
PASSWORD = "lantern-orchard-71"

Result = TypeVar("Result")
WidgetType = type[QWidget]


STAFF: Mapping[str, tuple[str, tuple[Role, ...]]] = {
    "dlang": ("D. Lang", (Role.DISPATCHER,)),
    "rokafor": ("R. Okafor", (Role.CLINICIAN,)),
    "mreyes": ("M. Reyes", (Role.CLINICIAN,)),
    "auditor": ("A. Pell", (Role.AUDITOR,)),
}
"""Who can sign in to :func:`founded_home` beside the administrator "swhitfield", all with :data:`PASSWORD`."""


@cache
def _founded() -> Path:
    home = Path.home() / "sitting-home"  # a test run has a home of its own, which goes with it
    home.mkdir(mode=0o700)
    create_key(home, database=home / DATABASE, passphrase=PASSPHRASE, cost=ScryptCost(n=2**14))
    with mock.patch.object(passwords, "COST", CHEAP):
        desk, first = homes.found_home(
            home,
            SystemClock(),
            center_name="Westside 911",
            administrator="swhitfield",
            password=PASSWORD,
            display_name="S. Whitfield",
            zone_name="America/Chicago",
            passphrase=PASSPHRASE,
        )
        for name, (shown, roles) in STAFF.items():
            people.add_person(desk, first, name, PASSWORD, roles, shown)
        import_services(desk, first, resources() / "directory" / "westside.csv")
    desk.store.close()
    return home


def founded_home(home: Path) -> Path:
    """A home of its own for a test, set up with :data:`STAFF` and the center's services."""
    shutil.copytree(_founded(), home)
    return home


def staff(desk: Desk, name: str) -> SignIn:
    """The sign-in of one of :data:`STAFF`, for what they do beside the person whose hands are seen."""
    shown, roles = STAFF[name]
    return SignIn(user_id(desk.center, name), name, shown, frozenset(roles))


def off_gui(job: Callable[[], Result]) -> Result:
    """Run ``job`` on a thread of its own, as the program does with everything slow, and wait for it."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(job).result()


class HeardSounds:
    """A sound player that notes what would have been heard."""

    def __init__(self) -> None:
        self.played: list[Sound] = []
        self.closed = False

    def begin(self) -> None:
        """It can be heard."""

    def play(self, sound: Sound) -> None:
        self.played.append(sound)

    def state(self) -> SoundState:
        return SoundState(Hearing.AVAILABLE)

    def mute_cautions(self, muted: bool) -> None:
        raise AssertionError("nobody asked for this")

    def close(self) -> None:
        self.closed = True


@dataclass
class PaperTray:
    """Printers that keep what they were given; ``refuses`` is what they say instead."""

    names: tuple[str, ...] = ("Watch-Desk",)
    refuses: str = ""
    paper: list[bytes] = field(default_factory=list)

    def available(self) -> tuple[str, ...]:
        return self.names

    def default(self) -> str | None:
        return None

    def print(self, pdf: bytes, printer: str, title: str) -> Job:
        if self.refuses:
            raise KnownError(self.refuses)
        self.paper.append(pdf)
        return Job(f"{printer}-{len(self.paper)}", JobState.QUEUED)

    def state(self, job: Job) -> JobState:
        return JobState.LEFT


class Person:
    """One window and the hands of whoever sits at it."""

    def __init__(self, sitting: "Sitting", window: QWidget) -> None:
        self._sitting = sitting
        self.window = window

    # -- what the person sees ------------------------------------------------------------------------------------------

    @property
    def page(self) -> QWidget | None:
        assert isinstance(self.window, ConsoleWindow)
        return self.window.page

    @property
    def frame(self) -> Frame:
        page = self.page
        assert isinstance(page, Frame), f"nobody is signed in here: {type(page).__name__}"
        return page

    @property
    def board(self) -> BoardView:
        return self.frame.board_page.board

    @property
    def workspace(self) -> Workspace:
        return self.frame.board_page.workspace

    # -- hands ---------------------------------------------------------------------------------------------------------

    def sit(self) -> None:
        """Turn to this window."""
        if QApplication.activeWindow() is not self.window:
            self.window.raise_()
            self.window.activateWindow()
            self.until(lambda: QApplication.activeWindow() is self.window, "the window to be the active one")

    @property
    def focus(self) -> QWidget:
        """Where the keys go."""
        self.sit()
        widget = QApplication.focusWidget()
        return widget if widget is not None else self.window

    def press(self, *keys: str) -> None:
        """Press each key or chord, where the focus is."""
        for each in keys:
            combination = QKeySequence(each)[0]  # type: ignore[index]
            QTest.keyClick(self.focus, combination.key(), combination.keyboardModifiers())
            QApplication.processEvents()  # hands are slower than that

    def type(self, words: str) -> None:
        """Type ``words`` where the focus is."""
        QTest.keyClicks(self.focus, words)

    def go_to(self, name: str, *, back: bool = False) -> None:
        """Press Tab until what has the focus is called ``name``, or ``name`` and more after a colon."""
        seen = []
        for _ in range(MOST_TABS):
            here = self.focus.accessibleName()
            if here == name or here.startswith(f"{name}:"):
                return
            seen.append(here)
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"Tab does not lead to {name!r}, only to {list(dict.fromkeys(seen))}")

    def choose(self, call: UUID) -> None:
        """Go down the board to a call."""
        for _ in range(len(self.board.model.rows) + 1):
            if self.board.selected == call:
                return
            self.press("Down")
        raise AssertionError("the arrow keys do not lead to the call")

    def fill(self, fields: Mapping[str, str]) -> None:
        """Go from field to field with Tab and type."""
        for name, words in fields.items():
            self.go_to(name)
            self.type(words)

    def until(self, holds: Callable[[], object], what: str) -> None:
        """Wait for what a person would wait for."""
        self._sitting.until(holds, what)

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        """Name, Enter, password, Enter; then the board."""
        self.type(name)
        self.press("Return")
        self.type(password)
        self.press("Return")
        self.until(lambda: isinstance(self.page, Frame), f"{name} to be signed in")

    def sees(self, kind: WidgetType) -> bool:
        """Whether something of this kind is on the screen."""
        return any(widget.isVisible() for widget in self.window.findChildren(kind))


class Sitting:
    """A running program. Made by :func:`sitting_at`."""

    def __init__(self, qtbot: QtBot, program: Program, sounds: HeardSounds) -> None:
        self.qtbot = qtbot
        self.program = program
        self.sounds = sounds

    @property
    def desk(self) -> Desk:
        """The desk, once its home is open: the sign-in page is there before."""
        self.until(lambda: self.program.desk is not None, "the home to be open")
        assert self.program.desk is not None
        return self.program.desk

    def start(self) -> Person:
        """The first window, as the program opens it."""
        window = self.program.open_window()
        self.program.open_home(window)
        return self._person(window)

    def another(self) -> Person:
        """One more window, at the sign-in page."""
        window = self.program.open_window()
        self.program.show_sign_in(window)
        return self._person(window)

    def work_of(self, who: SignIn) -> Person:
        """One more window, with somebody already signed in."""
        window = self.program.open_window()
        self.program.show_work(window, who)
        return self._person(window)

    def first(self) -> Person:
        """The window that is there already."""
        return self._person(self.program.windows[0])

    def _person(self, window: ConsoleWindow) -> Person:
        person = Person(self, window)
        person.sit()
        return person

    def until(self, holds: Callable[[], object], what: str = "it") -> None:
        """Wait until it holds; fails by name."""

        try:
            self.qtbot.waitUntil(lambda: bool(holds()), timeout=PATIENCE_MILLISECONDS)
        except exceptions.TimeoutError as error:
            raise AssertionError(f"waited in vain for {what}") from error

    def replay(self, source: CadSource) -> None:
        """Let CAD tell all that the source has, on the feed's own thread."""
        desk = self.desk
        feed = FeedThread(source, Intake(desk.store, desk.center), clock=self.program.clock, speed=None)
        self.program.feed = feed
        feed.start()
        self.until(lambda: not feed.running, "the source to come to its end")
        assert feed.failure is None

    def call(self, call: UUID) -> CallState:
        """The call as the record has it."""

        def read() -> CallState:
            with self.desk.store.read() as connection:
                folded = subjects.state(connection, CALL, call)
                assert folded is not None
                assert isinstance(folded.state, CallState)
                return folded.state

        return off_gui(read)


@contextmanager
def sitting_at(
    home: Path,
    qtbot: QtBot,
    qapp: QApplication,
    *,
    printers: Printers | None = None,
    settings: Settings | None = None,
) -> Iterator[Sitting]:
    """The program on ``home``, with this thread as the one that paints; taken apart in order at the end."""
    with _running(home, settings or load_settings(home).settings, qtbot, qapp, printers) as sitting:
        mark_gui_thread(threading.get_ident())
        yield sitting


@contextmanager
def playing_a_drill(
    qtbot: QtBot, qapp: QApplication, *, seed: int, scenario: str = "evening"
) -> Iterator[tuple[Sitting, drills.Cast]]:
    """The program on a drill, as ``clinician-console drill`` begins it: the clinician's window is the first."""
    desk = homes.drill_desk(SystemClock(), drills.CENTER, drills.ZONE)
    with _running(desk.store.home, Settings(theme="dark"), qtbot, qapp, None) as sitting:
        cast = drills.cast(desk)
        drill = Drill(sitting.program, desk, cast, load_scenario(scenario), seed)
        drill.begin()
        drill.seat()
        yield sitting, cast
    assert not desk.store.home.exists(), "a drill's store was not thrown away"


@contextmanager
def sharing_a_drill(
    qtbot: QtBot, qapp: QApplication, *, seed: int, scenario: str = "evening"
) -> Iterator[tuple[Person, Person, DrillServer]]:
    """The clinician's and the dispatcher's desk of a drill, each with a store of its own, sharing by a real server."""
    clock = SystemClock()
    with DrillServer() as server:
        first = homes.drill_desk(clock, drills.CENTER, drills.ZONE)
        cast = drills.cast(first)
        share_first(first, server)
        second = second_desk(clock, server.url, server.code(first.center_name, "operations"))
        with (
            _running(first.store.home, Settings(theme="dark"), qtbot, qapp, None) as here,
            _running(second.store.home, Settings(theme="dark"), qtbot, qapp, None) as there,
        ):
            there.program.use(look_at(second))
            Drill(here.program, first, cast, load_scenario(scenario), seed).begin()
            yield here.work_of(cast.clinician), there.work_of(cast.dispatcher), server
            mark_gui_thread(None)
        assert not first.store.home.exists()
        assert not second.store.home.exists()


@contextmanager
def _running(
    home: Path, settings: Settings, qtbot: QtBot, qapp: QApplication, printers: Printers | None
) -> Iterator[Sitting]:
    sounds = HeardSounds()
    warnings: list[str] = []

    def from_qt(level: object, context: object, message: str) -> None:
        warnings.append(message)

    with (
        mock.patch.object(programs, "open_sound", return_value=sounds),
        mock.patch.object(faults, "_from_qt", from_qt),
    ):
        program = Program(qapp, home, settings)
        program.printers = printers or PaperTray()
        try:
            yield Sitting(qtbot, program, sounds)
        finally:
            program.close()
            mark_gui_thread(None)
            program.deleteLater()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert sounds.closed
    # The platform without a screen cannot raise windows, and says so.
    told = [each for each in warnings if not each.startswith("This plugin does not support")]
    assert not told, f"Qt complained: {told}"
