"""A walk through the drill, the way a clinician would work, that saves a picture of every screen.

It presses the real keys of the real program and waits for what a person would wait for. The pictures in the README are
made by it, so they cannot show what the program does not do.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.actions import calls
from console.actions.drills import Cast
from console.app.program import NOT_THIS_PASSPHRASE, Program
from console.app.walking import Hands, Walk
from console.clock import SystemClock
from console.errors import KnownError
from console.feeds.feed import FeedThread
from console.feeds.health import FeedState
from console.feeds.intake import Intake
from console.feeds.refusals import Reading
from console.feeds.source import SourceEvent
from console.models.call import Level
from console.queries.board import BoardRow
from console.views.entrance.passphrase_page import PassphrasePage
from console.views.entrance.sign_in_page import SignInPage
from console.views.entrance.wizard_page import Founding, WizardPage
from console.views.shell.frame import Frame
from console.views.shell.window import ConsoleWindow
from console.views.theme import Scheme, apply
from console.views.widgets import ErrorState, FocusScrollArea

_SIZE = (1440, 860)
_SMALL = (1366, 768)


class SilentSource:
    """A CAD that says nothing any more, until ``over`` is set."""

    name = "drill"
    origin = None

    def __init__(self) -> None:
        self.reading = Reading()
        self.over = threading.Event()

    def events(self) -> Iterator[SourceEvent]:
        """None."""
        self.over.wait()
        yield from ()


class LaterClock(SystemClock):
    """The system's clock, and ``by`` later."""

    by = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.by


class Tour(Walk):
    """One walk, by the clinician of ``people`` at ``frame``."""

    def __init__(self, program: Program, people: Cast, frame: Frame, folder: str) -> None:
        super().__init__(folder, program)
        self._program = program
        self._people = people
        self._frame = frame
        self._window = frame.window()
        self._hands = Hands(self._window)
        self._application = QApplication.instance()

    def run(self) -> int:
        """Walk to the end; raises :class:`KnownError` naming the step that did not come to pass."""
        self.set_out()
        self._window.resize(*_SIZE)
        QTest.qWaitForWindowExposed(self._window)
        self._window.activateWindow()
        QTest.qWaitForWindowActive(self._window)
        self._board()
        row = self._claim()
        self._work(row)
        self._directory(row)
        self._finish()
        self._other_looks()
        self._others()
        sys.stdout.write(f"{self.taken} pictures of the screens are in {self.folder.absolute()}\n")
        return 0

    # -- the journey ---------------------------------------------------------------------------------------------------

    def _board(self) -> None:
        view = self._frame.board_page.board
        self.until(lambda: len(view.model.rows) >= 5, "calls on the board")
        self.settle()
        self._picture("board")
        for scheme, name in ((Scheme.LIGHT, "board-light"), (Scheme.HIGH_CONTRAST, "board-high-contrast")):
            self._look(scheme)
            self._picture(name)
        self._look(Scheme.DARK, 2.0)
        self._window.resize(*_SMALL)
        self.settle()
        self._picture("board-200-percent")
        self._look(Scheme.DARK)
        self._window.resize(*_SIZE)
        self._hands.press("2")
        self.until(lambda: not view.model.rows, "no calls of one's own")
        self.settle()
        self._picture("board-empty")
        self._hands.press("3")
        self.until(lambda: len(view.model.rows) > 20, "all open calls")
        plain = next(row for row in view.model.rows if not row.flagged and not row.suggestion)
        view.select(plain.call)
        self._hands.press("F2")
        self.until(lambda: view.flag_panel.call is not None, "the reasons for a flag")
        self._picture("flag")
        self._hands.press("Esc")
        self._hands.press("Esc")
        self._hands.press("1")
        self.until(lambda: 0 < len(view.model.rows) < 20, "the flagged calls")

    def _claim(self) -> BoardRow:
        view = self._frame.board_page.board
        row = next(each for each in view.model.rows if "Suicidal" in each.type_text)
        view.select(row.call)
        self._hands.press("F3")
        self.until(lambda: self._frame.board_page.workspace.call == row.call, "the workspace of the claimed call")
        self.settle()
        self._picture("workspace")
        return row

    def _work(self, row: BoardRow) -> None:
        desk, who = self._program.desk, self._people.clinician
        assert desk is not None
        self._hands.press("Alt+N")
        for line in ("goes by Teo, hears poorly on the left", 'firearm "in the house", would not say where'):
            self._hands.type(line)
            self._hands.press("Return")
            self.settle()
        self._hands.type("asks for no lights outside")
        self._hands.press("Alt+1")
        for key in ("2", "2", "2", "2", "2", "2", "1", "1", "2"):
            self._hands.press(key)
        self.settle()
        self._picture("screen")
        facts = (
            ("weapons.reported", "Firearm, reported by sister", "caller"),
            ("weapons.seen", "Not seen", "caller"),
            ("violence.now", "None reported", "caller"),
            ("others.present", "Nobody else in the garage", "person"),
            ("scene.staging", "Oak St, no sirens", "clinician"),
            ("line.who", "Clinician, by conference with the sister", "clinician"),
            ("situation", "Texted goodbye, then stopped answering. Talks now, tearful.", "caller"),
            ("approach.do", "One voice, slowly\nUse his first name", "clinician"),
            ("approach.do_not", "Sirens or lights", "person"),
        )
        self._off(lambda: [calls.contact(desk, who, row.call, "conference", "subject, through his sister")])
        self._off(lambda: [calls.state_fact(desk, who, row.call, *fact) for fact in facts])
        self._hands.press("Alt+2")
        self.settle()
        self._picture("facts")
        self._hands.press("Alt+3")
        self.settle()
        self._hands.press("Ctrl+Return")
        self.settle()
        for key in ("2", "1", "1", "1"):
            self._hands.press(key)
            self.settle()
        self._picture("assess")
        self._hands.press("Alt+4")
        self.settle()
        self._picture("level")
        self._off(
            lambda: [
                calls.level(desk, who, row.call, Level.HIGH, "Said goodbye by text, alone in the garage"),
                calls.level(desk, who, row.call, Level.CRITICAL, "Firearm in the house, place not known"),
                calls.advise(desk, who, row.call, ("stage", "no-sirens", "cit"), "Units wait at Oak, I have him"),
                calls.message(desk, self._people.dispatcher, row.call, "Copy. EMS staged two blocks north."),
            ]
        )
        self._hands.press("Alt+5")
        self.settle()
        self._picture("advise")

    def _directory(self, row: BoardRow) -> None:
        self._hands.press("Ctrl+Shift+F")
        self.until(lambda: self._frame.directory.isVisible(), "the directory")
        services = self._frame.directory.view.list
        self.until(lambda: bool(services.rows), "all services")
        everything = len(services.rows)
        self._hands.type("crisis")
        self.until(lambda: 0 < len(services.rows) < everything, "the services that were looked for")
        self.settle()
        self._picture("directory")
        self._hands.press("Down")
        self._hands.press("Return")
        self.until(lambda: self._frame.board_page.isVisible(), "the workspace again")
        self._hands.press("Alt+6")
        self.settle()
        self._picture("services")

    def _finish(self) -> None:
        for key, name in (("Alt+7", "sheet"), ("Alt+8", "dispose"), ("Alt+9", "history")):
            self._hands.press(key)
            self.settle(40)
            self._picture(name)

    # -- the same in other looks, and what stands around it ------------------------------------------------------------

    def _other_looks(self) -> None:
        self._hands.press("Alt+3")
        self.settle()
        self._picture("under-way")
        for scheme, name in ((Scheme.LIGHT, "light"), (Scheme.HIGH_CONTRAST, "high-contrast")):
            self._look(scheme)
            self._picture(name)
        self._look(Scheme.DARK)
        self._window.resize(*_SMALL)
        self.settle()
        self._picture("1366x768")
        self._look(Scheme.DARK, 2.0)
        self._picture("200-percent")
        self._look(Scheme.DARK)
        self._window.resize(*_SIZE)
        self._hands.press("F1")
        self.settle()
        self._picture("keys")
        self._hands.press("Esc")
        self._frame.show_screen("status")
        self.settle()
        self._picture("status")
        self._lower_half(self._frame, "status-lower-half")
        self._frame.show_screen("board")

    def _others(self) -> None:
        for strip in self._program.strips:
            strip.window.resize(_SIZE[0], strip.window.height())
            self.settle()
            self._picture("strip", strip.window)
        window = self._program.open_window()
        assert isinstance(window, ConsoleWindow)
        window.resize(*_SIZE)
        frame = self._program.show_work(window, self._people.supervisor)
        self.settle()
        frame.show_screen("people")
        self.settle()
        self._picture("people", window)
        frame.show_screen("instruments")
        self.settle()
        self._picture("instruments", window)
        frame.show_screen("status")
        self.settle()
        self._picture("status-administrator", window)
        self._lower_half(frame, "status-administrator-lower-half")
        self._stale()
        self._entrance(window)

    def _lower_half(self, frame: Frame, name: str) -> None:
        """What one scrolls to on the status screen."""
        area = frame.status.findChild(FocusScrollArea)
        assert isinstance(area, FocusScrollArea)
        bar = area.verticalScrollBar()
        bar.setValue(bar.maximum())
        self.settle()
        self._picture(name, frame.window())
        bar.setValue(0)

    def _stale(self) -> None:
        """CAD falls silent: what the board shows then, and what still works."""
        program, desk, silence = self._program, self._program.desk, SilentSource()
        assert program.feed is not None
        assert desk is not None
        program.feed.stop()
        later = LaterClock()
        later.by = timedelta(seconds=-42)  # nobody has to wait for half a minute of silence
        program.feed = FeedThread(silence, Intake(desk.store, desk.center), clock=later)
        program.feed.start()
        try:
            self.until(lambda: self._cad() is FeedState.FRESH, "CAD to begin")
            later.by = timedelta(0)
            self.until(lambda: self._cad() is FeedState.STALE, "CAD to be called stale")
            self.settle(80)
            self._picture("board-stale")
            self._frame.show_screen("status")
            self.settle()
            self._picture("status-stale")
        finally:
            silence.over.set()

    def _cad(self) -> FeedState | None:
        feed = self._program.feed
        return feed.health().state if feed is not None else None

    def _entrance(self, window: ConsoleWindow) -> None:
        """What stands before the work, also where something is in the way."""
        program, desk = self._program, self._program.desk
        assert desk is not None
        wizard, locked = WizardPage(desk.zone_name, passphrase_needed=True), PassphrasePage()
        for name, page in (("sign-in", SignInPage(desk.center_name, drill=True)), ("first-start", wizard)):
            window.show_page(page)
            self.settle()
            self._picture(name, window)
        wizard.fill(Founding("Westside 911", desk.zone_name, "S. Whitfield", "swhitfield", "lantern", "orchard"))
        self.settle()
        self._picture("first-start-looked-at", window)
        window.show_page(locked)
        locked.refuse(NOT_THIS_PASSPHRASE)
        self.settle()
        self._picture("wrong-passphrase", window)
        program.open_home(window)  # the store of a drill opens for nobody else: its key is kept nowhere
        self.until(lambda: isinstance(window.page, ErrorState), "the reason why it does not open")
        self.settle()
        self._picture("error", window)

    # -- hands and eyes ------------------------------------------------------------------------------------------------

    def _off(self, job: Callable[[], object]) -> None:
        """Run acts off the GUI thread and wait for them."""
        done: list[object] = []
        self._program.bridge.write(self._frame, job, done.append, done.append)
        self.until(lambda: bool(done), "acts that were kept")
        if isinstance(done[0], KnownError):
            raise done[0]
        self.settle()

    def _look(self, scheme: Scheme, scale: float = 1.0) -> None:
        assert isinstance(self._application, QApplication)
        apply(self._application, scheme, scale)
        self.settle()

    def _picture(self, name: str, window: QWidget | None = None) -> None:
        self.keep(name, (window or self._window).grab())
