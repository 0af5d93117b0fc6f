"""The desktop program: put together from top to bottom, and taken apart in the opposite order.

Nothing else constructs services. What all windows share is here, and what stands before the work: opening the home,
setting it up, signing in. Where signed-in people sit is :mod:`console.app.seats`; what they work with is a
:class:`~console.bridge.seat.Seat`. What a later moment needs is imported then, or ahead of it while nobody waits.
"""

import logging
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from console.app.ahead import BOARD, PAINTED_MILLISECONDS, bring
from console.app.dropping import Dropping
from console.app.sharing import Sharing
from console.app.sound import open_sound
from console.bridge.bridge import Bridge
from console.bridge.faults import FaultKeeper
from console.bridge.sound import Ringer, SoundState
from console.bridge.spare_time import SpareTime
from console.bridge.sweeper import Sweeper
from console.bridge.ticker import Ticker
from console.bridge.watchdog import Watchdog
from console.clock import Clock, SystemClock
from console.errors import KnownError
from console.handoff.printing import system_printers
from console.models.sign_in import SignIn
from console.security.home_key import PassphraseNeeded, opens_unasked, passphrase_from
from console.security.keyring_store import KeyStoreAbsent
from console.security.log_files import Logs
from console.security.preferences import save_preferences
from console.security.sealed_key import WrongPassphrase
from console.settings import Loaded, Settings, resources
from console.views.entrance.passphrase_page import PassphrasePage
from console.views.entrance.sign_in_page import SignInPage
from console.views.entrance.wizard_page import Founding, WizardPage
from console.views.shell.alt_letters import AltLetters
from console.views.shell.window import ConsoleWindow
from console.views.theme import SCALES, Scheme, apply
from console.views.widgets import ErrorState, LoadingState, Tone

if TYPE_CHECKING:
    from console.app.opening import NewHome, Opened
    from console.app.seats import Seats
    from console.feeds.feed import FeedThread
    from console.models.store.desk import Desk
    from console.sync.status import SyncStatus
    from console.views.shell.frame import Frame
    from console.views.shell.strip_desk import StripDesk
    from console.views.strip import StripWindow

log = logging.getLogger(__name__)

TITLE = "Clinician Console"
NOT_THIS_PASSPHRASE = (
    "That is not the passphrase of this desk. Nothing was changed. Look at Caps Lock and the keyboard's language, then "
    "type it again."
)
_NO_PASSPHRASE_HERE = (
    "This computer has no key store, and its settings allow no passphrase in its place: nothing can be set up yet. "
    "Start a key store, or ask whoever looks after this computer."
)
_OPENING = "Opening this desk…"
_SCHEMES = {"high-contrast": Scheme.HIGH_CONTRAST}


class Program(QObject):
    """Everything the windows share.

    Signals: ``working`` (Frame) when somebody has signed in and sees their first screen; ``over`` when the last window
    and the last strip are closed.
    """

    working = Signal(object)
    over = Signal()
    _sound_changed = Signal(object)

    def __init__(self, application: QApplication, home: Path, settings: Settings) -> None:
        super().__init__()
        self.application = application
        self._home = home
        self._settings = settings
        self.clock = SystemClock()
        self.faults = FaultKeeper(self)
        AltLetters(application)
        self.sweeper = Sweeper(self)
        self.bridge = Bridge(self)
        self.ticker = Ticker(self.clock, self)
        self.spare_time = SpareTime(self)
        self.watchdog = Watchdog(self)
        self.sound = open_sound(resources(), self.clock, self._sound_changed.emit)
        self.ringer = Ringer(self.sound, self.clock.monotonic)
        self.printers = system_printers()
        self._closing = threading.Event()
        self.feed: FeedThread | None = None
        self.windows: list[ConsoleWindow] = []
        self._opened: Opened | None = None
        self._seats: Seats | None = None
        self.sharing: Sharing | None = None
        self._logs: Logs | None = None
        self._typed_early: Callable[[], None] | None = None
        self._sound_changed.connect(self._show_sound)
        if not settings.sound:
            self.sound.mute_cautions(True)
        self.faults.broke.connect(self._say_fault)
        self.bridge.broke.connect(self._say_fault)
        # A strip counts as well as a window, so Qt's own count of windows does not end the program.
        application.setQuitOnLastWindowClosed(False)
        self.over.connect(application.quit)
        self._apply_look()

    # -- opening the home ----------------------------------------------------------------------------------------------

    def open_window(self) -> ConsoleWindow:
        """A new window that says it is opening."""
        window = ConsoleWindow(TITLE)
        window.show_page(LoadingState(_OPENING))
        window.closed.connect(partial(self._window_closed, window))
        self.windows.append(window)
        window.show()
        return window

    def _window_closed(self, window: ConsoleWindow) -> None:
        if window in self.windows:
            if self._seats is not None:
                self._seats.leave(window)
            self.windows.remove(window)
            window.deleteLater()
            self.end_when_left()

    def end_when_left(self) -> None:
        """The program ends when nobody has a window or a strip open any more."""
        if not self.windows and not self.strips and not self._closing.is_set():
            self.over.emit()

    def open_home(self, window: ConsoleWindow, passphrase: str | None = None) -> None:
        """Open the home off the GUI thread; then sign-in, set-up, the passphrase, or the reason why not.

        Where nothing has to be asked first, it is opened while somebody types their name and password.
        """
        given = passphrase or passphrase_from()
        if isinstance(window.page, LoadingState) and opens_unasked(self._home, given):
            self._ask_who(window, _OPENING)
            QTimer.singleShot(PAINTED_MILLISECONDS, window, partial(self._open_home, window, given))
        else:
            self._open_home(window, given)

    def _open_home(self, window: ConsoleWindow, passphrase: str | None) -> None:
        job = partial(_open, self._home, self.clock, passphrase)
        self.bridge.entrance(window, job, partial(self._is_open, window), partial(self._not_open, window))

    def _is_open(self, window: ConsoleWindow, opened: "Opened | NewHome") -> None:
        from console.app.opening import Opened  # here by now: the lane brought it

        if not isinstance(opened, Opened):
            self.show_wizard(window, opened.needs_passphrase)
            return
        self.use(opened)
        page = window.page
        if isinstance(page, SignInPage):
            page.say_center(opened.desk.center_name)
            self._make_ready(window)
        else:
            self.show_sign_in(window)
        if self._typed_early is not None:
            self._typed_early()

    def use(self, opened: "Opened") -> None:
        """Work with this desk from now on."""
        self._opened = opened
        self.sharing = Sharing(opened.desk, self.clock, opened.server, self.bridge, self)
        self.sharing.changed.connect(self._show_server)
        self.sharing.begin()
        Dropping(opened.desk, self.bridge, self.sharing, lambda: self._settings.keep_all_calls, self).begin()
        opened.desk.store.subscribe(self.bridge.notice)
        self._logs = Logs(opened.desk.store.home)
        # What a program that folded otherwise wrote last is folded again behind the work, the newest first.
        self.bridge.aside(self, partial(opened.refold, self._closing.is_set), self._refolded, self._not_refolded)

    @property
    def desk(self) -> "Desk | None":
        """The desk, once its home is open."""
        return self._opened.desk if self._opened else None

    def _refolded(self, subjects: int) -> None:
        if subjects:
            log.info("%d subjects folded again after an update", subjects)

    def _not_refolded(self, error: KnownError) -> None:
        for frame in self.frames():
            frame.status_line.say(error.message, Tone.WARN)

    def _not_open(self, window: ConsoleWindow, error: KnownError) -> None:
        self._typed_early = None
        if isinstance(error, PassphraseNeeded | WrongPassphrase):
            self._show_passphrase(window, error)
        else:
            page = ErrorState()
            page.say("This desk could not be opened.", error.message, action="Try again")
            page.activated.connect(partial(self.open_home, window))
            window.show_page(page)

    def _show_passphrase(self, window: ConsoleWindow, error: KnownError) -> None:
        page = window.page
        if isinstance(page, PassphrasePage):
            page.refuse(NOT_THIS_PASSPHRASE if isinstance(error, WrongPassphrase) else error.message)
            return
        page = PassphrasePage()
        page.submitted.connect(partial(self.open_home, window))
        window.show_page(page)

    # -- the first start -----------------------------------------------------------------------------------------------

    def show_wizard(self, window: ConsoleWindow, passphrase_needed: bool) -> None:
        """Set this home up, or join a center with it."""
        from console.actions.homes import system_zone

        allowed = self._settings.passphrase_allowed
        problem = _NO_PASSPHRASE_HERE if passphrase_needed and not allowed else ""
        page = WizardPage(system_zone(), passphrase_needed=passphrase_needed and allowed, problem=problem)
        page.submitted.connect(partial(self._found, window, page))
        page.join_requested.connect(partial(self._show_joining, window, passphrase_needed))
        window.show_page(page)

    def _found(self, window: ConsoleWindow, page: WizardPage, typed: Founding) -> None:
        job = partial(_make, self._home, self.clock, typed, self._settings.passphrase_allowed)
        self.bridge.entrance(page, job, partial(self._founded, window), partial(self._not_founded, page))

    def _founded(self, window: ConsoleWindow, founded: "tuple[Opened, SignIn]") -> None:
        opened, first = founded
        self.use(opened)
        self.show_work(window, first)

    def _not_founded(self, page: WizardPage, error: KnownError) -> None:
        if isinstance(error, KeyStoreAbsent) and self._settings.passphrase_allowed:
            # The key store was there when the page was opened, and is not any more.
            page.need_passphrase(True)
            page.refuse("The key store of this computer does not keep anything. Choose a passphrase instead.")
            return
        page.refuse(error.message)

    def _show_joining(self, window: ConsoleWindow, passphrase_needed: bool) -> None:
        from console.app.joining import show_joining  # late: a desk joins once

        show_joining(self, window, passphrase_needed and self._settings.passphrase_allowed)

    # -- signing in and out --------------------------------------------------------------------------------------------

    def show_sign_in(self, window: ConsoleWindow) -> None:
        """Ask who is there; while they type, what they will work with is made ready."""
        assert self.desk is not None
        self._ask_who(window, self.desk.center_name, drill=self.desk.drill)
        self._make_ready(window)

    def _ask_who(self, window: ConsoleWindow, center: str, *, drill: bool = False) -> None:
        page = SignInPage(center, drill=drill)
        page.submitted.connect(partial(self._sign_in, window, page))
        window.show_page(page)

    def _make_ready(self, window: ConsoleWindow) -> None:
        QTimer.singleShot(0, window, partial(self._import_board, window))

    def _import_board(self, window: ConsoleWindow) -> None:
        self.bridge.read(window, partial(bring, BOARD), partial(self._brought, window), self._not_brought)

    def _brought(self, window: ConsoleWindow, _result: object) -> None:
        self.spare_time.give(self.seats.making_ahead(window))

    def _not_brought(self, error: KnownError) -> None:
        """Nobody waited for it. It is logged, and whoever needs it meets the failure again."""

    def _sign_in(self, window: ConsoleWindow, page: SignInPage, name: str, password: str) -> None:
        if self._opened is None:  # they type faster than the home opens
            self._typed_early = partial(self._sign_in, window, page, name, password)
            return
        self._typed_early = None
        job = partial(self._opened.sign_in, name, password)
        self.bridge.entrance(page, job, partial(self._signed_in, window), partial(self._not_signed_in, page))

    def _signed_in(self, window: ConsoleWindow, sign_in: SignIn) -> None:
        self.show_work(window, sign_in)

    def _not_signed_in(self, page: SignInPage, error: KnownError) -> None:
        page.refuse(error.message)

    # -- where signed-in people sit ------------------------------------------------------------------------------------

    @property
    def seats(self) -> "Seats":
        """The frames and strips of everyone who is signed in."""
        if self._seats is None:
            from console.app.seats import Seats  # late: it brings the board, see show_sign_in

            assert self._opened is not None
            self._seats = Seats(self, self._opened)
        return self._seats

    @property
    def home(self) -> Path:
        """Where this desk's data lives."""
        return self._home

    @property
    def settings(self) -> Settings:
        """What is set at this desk now."""
        return self._settings

    def show_work(self, window: ConsoleWindow, sign_in: SignIn) -> "Frame":
        """Show the board to the person who signed in."""
        frame = self.seats.show_work(window, sign_in)
        self.working.emit(frame)
        return frame

    def open_strip(self, sign_in: SignIn) -> "StripWindow":
        """Seat a dispatcher at the slim strip that stays on top of other windows."""
        return self.seats.open_strip(sign_in)

    @property
    def strips(self) -> "list[StripDesk]":
        """The strips of everyone who sits at one."""
        return self._seats.strips if self._seats else []

    def frames(self) -> "list[Frame]":
        """The frames of everyone who is signed in."""
        return self._seats.frames() if self._seats else []

    # -- what changes while people work --------------------------------------------------------------------------------

    def _show_sound(self, state: SoundState) -> None:
        for frame in self.frames():
            frame.show_sound(state)

    def _show_server(self, status: "SyncStatus") -> None:
        for frame in self.frames():
            frame.show_server(status)

    def _say_fault(self, report: str) -> None:
        for frame in self.frames():
            frame.status_line.say(f"Something in the program went wrong (report {report}). Work goes on.", Tone.DANGER)

    def prefer(self, name: str, value: object) -> None:
        """Keep what a person chose for this desk, and follow it."""
        job = partial(save_preferences, self._home, {name: value})
        self.bridge.aside(self, job, self._preferred, self._not_preferred)

    def _preferred(self, loaded: Loaded) -> None:
        self._settings = loaded.settings
        self._apply_look()
        for frame in self.frames():
            frame.use_printer(self._settings.printer)

    def _not_preferred(self, error: KnownError) -> None:
        for frame in self.frames():
            frame.status_line.say(error.message, Tone.WARN)

    def _apply_look(self) -> None:
        scheme = _SCHEMES.get(self._settings.theme) or Scheme(self._settings.theme)
        scale = min(max(self._settings.text_scale, SCALES[0]), SCALES[1])
        apply(self.application, scheme, scale)

    # -- the end -------------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Take everything apart: feed, windows, lanes, sound, and the store last. A second time it does nothing."""
        if self._closing.is_set():
            return
        self._closing.set()
        if self.feed is not None:
            self.feed.stop()
        self.ticker.stop()
        if self._seats is not None:
            self._seats.close()
        for window in tuple(self.windows):
            window.close()
        self.bridge.close()
        if self.sharing is not None:
            self.sharing.stop()
        self.sound.close()
        self.watchdog.stop()
        if self._opened is not None:
            self._opened.close()
        if self._logs is not None:
            self._logs.stop()
        self.sweeper.stop()
        self.faults.restore()


def _open(home: Path, clock: Clock, passphrase: str | None) -> "Opened | NewHome":
    from console.app.opening import open_home  # on the lane: it brings the libraries of the store

    return open_home(home, clock, passphrase)


def _make(home: Path, clock: Clock, typed: Founding, passphrase_allowed: bool) -> "tuple[Opened, SignIn]":
    from console.app.opening import found_home

    return found_home(
        home,
        clock,
        center_name=typed.center,
        administrator=typed.name,
        password=typed.password,
        display_name=typed.display_name,
        zone_name=typed.zone,
        passphrase=typed.passphrase or passphrase_from(),
        passphrase_allowed=passphrase_allowed,
    )
