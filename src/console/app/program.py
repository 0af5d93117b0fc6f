"""The desktop program: put together from top to bottom, and taken apart in the opposite order.

Nothing else constructs services. What all windows share is here; what a signed-in person works with is a
:class:`~console.bridge.seat.Seat`.
"""

import logging
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from console.actions import homes, people
from console.app.sound import open_sound
from console.bridge.bridge import Bridge
from console.bridge.faults import FaultKeeper
from console.bridge.seat import Seat
from console.bridge.sound import Ringer, SoundState
from console.bridge.ticker import Ticker
from console.bridge.watchdog import Watchdog
from console.clock import SystemClock
from console.errors import KnownError
from console.feeds.feed import FeedThread
from console.forms.library import Library, shipped
from console.handoff.printing import system_printers
from console.models.center import Center
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.models.store.rebuild import refold_outdated
from console.queries.board import NO_SOURCE, Freshness
from console.queries.center import read_center
from console.security.home_key import PassphraseNeeded, passphrase_from
from console.security.keyring_store import KeyStoreAbsent
from console.security.log_files import Logs
from console.security.preferences import save_preferences
from console.security.sealed_key import WrongPassphrase
from console.settings import Loaded, Settings, resources
from console.sync.status import SyncStatus
from console.sync.status import status as sync_status
from console.views.entrance.passphrase_page import PassphrasePage
from console.views.entrance.sign_in_page import SignInPage
from console.views.entrance.wizard_page import Founding, WizardPage
from console.views.shell.frame import Frame
from console.views.shell.strip_desk import StripDesk
from console.views.shell.window import ConsoleWindow
from console.views.strip import StripWindow
from console.views.theme import SCALES, Scheme, apply
from console.views.widgets import ErrorState, LoadingState, Tone

log = logging.getLogger(__name__)

TITLE = "Clinician Console"
_SCHEMES = {"high-contrast": Scheme.HIGH_CONTRAST}


class Program(QObject):
    """Everything the windows share. Signal ``working`` (Frame) when somebody has signed in and sees the board."""

    working = Signal(object)
    _sound_changed = Signal(object)

    def __init__(self, application: QApplication, home: Path, settings: Settings) -> None:
        super().__init__()
        self._application = application
        self._home = home
        self._settings = settings
        self.clock = SystemClock()
        self.faults = FaultKeeper(self)
        self.bridge = Bridge(self)
        self.ticker = Ticker(self.clock, self)
        self.watchdog = Watchdog(self)
        self.sound = open_sound(resources(), self.clock, self._sound_changed.emit)
        self.ringer = Ringer(self.sound, self.clock.monotonic)
        self.printers = system_printers()
        self._closing = threading.Event()
        self.desk: Desk | None = None
        self.feed: FeedThread | None = None
        self.windows: list[ConsoleWindow] = []
        self.strips: list[StripDesk] = []
        self._forms: Library | None = None
        self._center: Center | None = None
        self._logs: Logs | None = None
        self._server: SyncStatus | None = None
        self._sound_changed.connect(self._show_sound)
        self.faults.broke.connect(self._say_fault)
        self.bridge.broke.connect(self._say_fault)
        self._apply_look()

    # -- opening the home ----------------------------------------------------------------------------------------------

    def open_window(self) -> ConsoleWindow:
        """A new window that says it is opening."""
        window = ConsoleWindow(TITLE)
        window.show_page(LoadingState("Opening this desk…"))
        self.windows.append(window)
        window.show()
        return window

    def open_home(self, window: ConsoleWindow, passphrase: str | None = None) -> None:
        """Open the home off the GUI thread; then sign-in, set-up, the passphrase, or the reason why not."""
        given = passphrase or passphrase_from()
        job = partial(self._prepare, partial(homes.open_desk, self._home, self.clock, passphrase=given))
        self.bridge.slow(window, job, partial(self._opened, window), partial(self._not_opened, window))

    def _prepare(self, open_desk: Callable[[], Desk]) -> tuple[Desk, Library, Center, SyncStatus]:
        """On the slow lane: the desk, and what the first screen needs beside it."""
        desk = open_desk()
        return desk, shipped(resources() / "questionnaires"), read_center(desk), sync_status(desk)

    def _opened(self, window: ConsoleWindow, opened: tuple[Desk, Library, Center, SyncStatus]) -> None:
        self.use(*opened)
        self.show_sign_in(window)

    def use(self, desk: Desk, forms: Library, center: Center, server: SyncStatus) -> None:
        """Work with this desk from now on."""
        self.desk, self._forms, self._center, self._server = desk, forms, center, server
        desk.store.subscribe(self.bridge.notice)
        self._logs = Logs(desk.store.home)
        # What a program that folded otherwise wrote last is folded again behind the work, the newest first.
        refold = partial(refold_outdated, desk.store, stop=self._closing.is_set)
        self.bridge.slow(self, refold, self._refolded, self._not_refolded)

    def _refolded(self, subjects: int) -> None:
        if subjects:
            log.info("%d subjects folded again after an update", subjects)

    def _not_refolded(self, error: KnownError) -> None:
        for frame in self.frames():
            frame.status_line.say(error.message, Tone.WARN)

    def _not_opened(self, window: ConsoleWindow, error: KnownError) -> None:
        if isinstance(error, homes.NotFounded):
            self._show_wizard(window)
        elif isinstance(error, PassphraseNeeded | WrongPassphrase):
            self._show_passphrase(window, error)
        else:
            page = ErrorState()
            page.say("This desk could not be opened.", error.message, action="Try again")
            page.activated.connect(partial(self.open_home, window))
            window.show_page(page)

    def _show_passphrase(self, window: ConsoleWindow, error: KnownError) -> None:
        page = window.page
        if isinstance(page, PassphrasePage):
            page.refuse(error.message)
            return
        page = PassphrasePage()
        page.submitted.connect(partial(self.open_home, window))
        window.show_page(page)

    # -- the first start -----------------------------------------------------------------------------------------------

    def _show_wizard(self, window: ConsoleWindow) -> None:
        page = WizardPage(homes.system_zone())
        page.submitted.connect(partial(self._found, window, page))
        window.show_page(page)

    def _found(self, window: ConsoleWindow, page: WizardPage, typed: Founding) -> None:
        self.bridge.slow(
            page, partial(self._make_home, typed), partial(self._founded, window), partial(self._not_founded, page)
        )

    def _make_home(self, typed: Founding) -> tuple[tuple[Desk, Library, Center, SyncStatus], SignIn]:
        desk, first = homes.found_home(
            self._home,
            self.clock,
            center_name=typed.center,
            administrator=typed.name,
            password=typed.password,
            display_name=typed.display_name,
            zone_name=typed.zone,
            passphrase=typed.passphrase or passphrase_from(),
            passphrase_allowed=self._settings.passphrase_allowed,
        )
        return self._prepare(lambda: desk), first

    def _founded(self, window: ConsoleWindow, founded: tuple[tuple[Desk, Library, Center, SyncStatus], SignIn]) -> None:
        opened, first = founded
        self.use(*opened)
        self.show_work(window, first)

    def _not_founded(self, page: WizardPage, error: KnownError) -> None:
        if isinstance(error, KeyStoreAbsent) and self._settings.passphrase_allowed:
            page.need_passphrase(True)
            page.refuse(
                "This computer has no key store to keep the key in. Choose a passphrase; every start will ask for it."
            )
            return
        page.refuse(error.message)

    # -- signing in and out --------------------------------------------------------------------------------------------

    def show_sign_in(self, window: ConsoleWindow) -> None:
        """Ask who is there."""
        assert self.desk is not None
        page = SignInPage(self.desk.center_name)
        page.submitted.connect(partial(self._sign_in, window, page))
        window.show_page(page)

    def _sign_in(self, window: ConsoleWindow, page: SignInPage, name: str, password: str) -> None:
        assert self.desk is not None
        job = partial(people.sign_in, self.desk, name, password)
        self.bridge.slow(page, job, partial(self._signed_in, window), partial(self._not_signed_in, page))

    def _signed_in(self, window: ConsoleWindow, sign_in: SignIn) -> None:
        self.show_work(window, sign_in)

    def _not_signed_in(self, page: SignInPage, error: KnownError) -> None:
        page.refuse(error.message)

    def show_work(self, window: ConsoleWindow, sign_in: SignIn) -> Frame:
        """Show the board to the person who signed in."""
        assert self._center is not None
        seat = self.seat(sign_in)
        seat.desk.presence.arrive(sign_in)
        preferences = {"printer": self._settings.printer, "theme": self._settings.theme}
        preferences |= {"text_scale": self._settings.text_scale}  # type: ignore[dict-item]
        frame = Frame(seat, self._center, self.sound, self.ringer, preferences)
        frame.sign_out_requested.connect(partial(self._sign_out, window, sign_in))
        frame.strip_requested.connect(partial(self.open_strip, sign_in))
        frame.preferred.connect(self._prefer)
        frame.show_sound(self.sound.state())
        if self._server is not None:
            frame.show_server(self._server)
        frame.use_printer(self._settings.printer)
        window.show_page(frame)
        frame.board_page.take_focus()
        self.working.emit(frame)
        return frame

    def open_strip(self, sign_in: SignIn) -> StripWindow:
        """Seat a dispatcher at the slim strip that stays on top of other windows."""
        assert self._center is not None
        seat = self.seat(sign_in)
        strip = StripDesk(seat, self._center, self.ringer, self)
        strip.board_requested.connect(partial(self._open_board, sign_in))
        strip.opened.connect(partial(self._open_call, sign_in))
        self.strips.append(strip)
        strip.window.place_on(self._application.primaryScreen())
        strip.window.show()
        return strip.window

    def _open_board(self, sign_in: SignIn) -> Frame:
        """The board of a person who sits at a strip: the window they have already, or a new one."""
        for window in self.windows:
            page = window.page
            if isinstance(page, Frame) and page.sign_in == sign_in and window.isVisible():
                window.raise_()
                window.activateWindow()
                return page
        return self.show_work(self.open_window(), sign_in)

    def _open_call(self, sign_in: SignIn, call: UUID) -> None:
        self._open_board(sign_in).open_call(call)

    def seat(self, sign_in: SignIn) -> Seat:
        """What this person works with."""
        assert self.desk is not None
        assert self._forms is not None
        return Seat(
            self.desk, sign_in, self.bridge, self.ticker, self.cad, self._forms, self.printers, self._settings.printer
        )

    def _sign_out(self, window: ConsoleWindow, sign_in: SignIn) -> None:
        if self.desk is not None:
            self.desk.presence.leave(sign_in)
        self.show_sign_in(window)

    # -- what changes while people work --------------------------------------------------------------------------------

    def cad(self) -> Freshness:
        """How fresh the CAD feed is now."""
        if self.feed is None:
            return NO_SOURCE
        health = self.feed.health()
        state = {"starting": "none", "ended": "none"}.get(health.state, str(health.state))
        if state == "fresh" and health.alive_at is not None:
            silence = max(0, round((self.clock.now() - health.alive_at).total_seconds()))
            return Freshness(health.source, health.alive_at, "fresh", f"CAD fresh {silence} s")
        return Freshness(health.source, health.alive_at, state, health.says)

    def frames(self) -> list[Frame]:
        """The frames of everyone who is signed in."""
        return [window.page for window in self.windows if isinstance(window.page, Frame)]

    def _show_sound(self, state: SoundState) -> None:
        for frame in self.frames():
            frame.show_sound(state)

    def _say_fault(self, report: str) -> None:
        for frame in self.frames():
            frame.status_line.say(f"Something in the program went wrong (report {report}). Work goes on.", Tone.DANGER)

    def _prefer(self, name: str, value: object) -> None:
        job = partial(save_preferences, self._home, {name: value})
        self.bridge.slow(self, job, self._preferred, self._not_preferred)

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
        apply(self._application, scheme, scale)

    # -- the end -------------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Take everything apart: the feed, the windows, the lanes, the sound, and the store last."""
        self._closing.set()
        if self.feed is not None:
            self.feed.stop()
        self.ticker.stop()
        for strip in self.strips:
            strip.window.close()
        for window in self.windows:
            window.close()
        self.bridge.close()
        self.sound.close()
        self.watchdog.stop()
        if self.desk is not None:
            if self.desk.drill:
                homes.throw_away(self.desk)
            else:
                self.desk.store.close()
        if self._logs is not None:
            self._logs.stop()
        self.faults.restore()
        for strip in self.strips:
            strip.window.deleteLater()
        for window in self.windows:
            window.deleteLater()
        self.strips.clear()
        self.windows.clear()
