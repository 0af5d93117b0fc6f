"""Where the people sit who are signed in at this desk: each at a frame with the board, or at the slim strip."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from console.app.ahead import PAINTED_MILLISECONDS, REST, bring
from console.app.opening import Opened
from console.bridge.seat import Seat
from console.errors import KnownError
from console.models.changes import Changes
from console.models.sign_in import SignIn
from console.queries.board import NO_SOURCE, Freshness, elsewhere
from console.views.board import BoardView
from console.views.entrance.sign_in_page import SignInPage
from console.views.shell.center_board import board_view
from console.views.shell.frame import Frame
from console.views.shell.window import ConsoleWindow
from console.views.widgets import Tone
from wire.journals import Audience

if TYPE_CHECKING:
    from console.app.program import Program
    from console.views.shell.strip_desk import StripDesk
    from console.views.strip import StripWindow


class Seats(QObject):
    """Made by :class:`~console.app.program.Program` when the first person has signed in."""

    def __init__(self, program: "Program", opened: Opened) -> None:
        super().__init__(program)
        self._program = program
        self._opened = opened
        self.strips: list[StripDesk] = []
        self._made: tuple[ConsoleWindow, BoardView] | None = None
        self._made_for = self._desk_is()
        program.bridge.changed.connect(self._changed)

    def making_ahead(self, window: ConsoleWindow) -> Iterator[None]:
        """Build the board while somebody types their name and password at this window."""
        windows = self._program.windows
        if window not in windows or (self._made is not None and self._made[0] in windows):
            return
        board = board_view(self._program.ticker, self._opened.center, window)
        board.hide()
        made = self._made = (window, board)
        yield
        if self._made is made and window in windows:  # else it was taken, or went with its window, meanwhile
            for part in (board, *board.findChildren(QWidget)):
                part.ensurePolished()

    def _made_ahead(self, window: ConsoleWindow, sign_in: SignIn) -> BoardView | None:
        """The board that was built for this window, if one was and this person may see it."""
        if self._made is None or self._made[0] is not window or not sign_in.reads(Audience.OPERATIONS):
            return None
        board, self._made = self._made[1], None
        return board

    def show_work(self, window: ConsoleWindow, sign_in: SignIn) -> Frame:
        """Show the board to the person who signed in."""
        program, opened = self._program, self._opened
        opened.desk.presence.arrive(sign_in)
        settings = program.settings
        preferences = {"printer": settings.printer, "theme": settings.theme, "text_scale": settings.text_scale}
        frame = Frame(
            self.seat(sign_in),
            opened.center,
            program.sound,
            program.ringer,
            preferences,
            board=self._made_ahead(window, sign_in),
        )
        frame.sign_out_requested.connect(partial(self._sign_out, window, sign_in))
        frame.strip_requested.connect(partial(self.open_strip, sign_in))
        frame.preferred.connect(program.prefer)
        if program.sharing is not None:
            frame.joined.connect(self._desk_joined)
            frame.offered_again.connect(program.sharing.offered_again)
        frame.show_sound(program.sound.state())
        frame.show_server(program.sharing.status if program.sharing else opened.server)
        frame.use_printer(settings.printer)
        window.show_page(frame)
        frame.take_focus()
        frame.ready.connect(partial(QTimer.singleShot, PAINTED_MILLISECONDS, frame, partial(self._bring_rest, frame)))
        return frame

    def _desk_joined(self) -> None:
        """This desk belongs to a server from now on: where it may hold nothing clinical, no window offers it."""
        assert self._program.sharing is not None
        self._program.sharing.begin()
        self._follow()

    def _changed(self, changes: Changes) -> None:
        """A desk that was set up alone may be in a center of another name or time zone, once its people come in."""
        if changes.touches("organization"):
            self._program.bridge.read(self, self._opened.desk.follow, self._follow, self._not_brought)

    def _follow(self, _result: object = None) -> None:
        """Where the desk is another one than the windows were made for, they are made anew."""
        if self._made_for != self._desk_is():
            self._made_for = self._desk_is()
            for frame in self.frames():
                self._seat_anew(frame)
            for window in self._program.windows:
                if isinstance(window.page, SignInPage):
                    window.page.say_center(self._opened.desk.center_name)

    def _desk_is(self) -> tuple[bool, str, str]:
        desk = self._opened.desk
        return desk.clinical, desk.center_name, desk.zone_name

    def _seat_anew(self, frame: Frame) -> None:
        window = next(window for window in self._program.windows if window.page is frame)
        self.leave(window)
        self._program.show_work(window, frame.sign_in).show_screen(frame.shown)

    def open_strip(self, sign_in: SignIn) -> "StripWindow":
        """Seat a dispatcher at the strip; there is one for each."""
        from console.views.shell.strip_desk import StripDesk  # late: most people never sit at one

        for strip in self.strips:
            if strip.sign_in == sign_in:
                strip.window.raise_()
                return strip.window
        program = self._program
        program.sound.begin()
        self._opened.desk.presence.arrive(sign_in)
        strip = StripDesk(self.seat(sign_in), self._opened.center, program.ringer, self)
        strip.board_requested.connect(partial(self._open_board, sign_in))
        strip.opened.connect(partial(self._open_call, sign_in))
        strip.window.closed.connect(partial(self._strip_closed, strip))
        self.strips.append(strip)
        strip.window.place_on(program.application.primaryScreen())
        strip.window.show()
        return strip.window

    def frames(self) -> list[Frame]:
        """The frames of everyone who sits at one."""
        return [window.page for window in self._program.windows if isinstance(window.page, Frame)]

    def seat(self, sign_in: SignIn) -> Seat:
        """What this person works with."""
        program, opened = self._program, self._opened
        return Seat(
            opened.desk,
            sign_in,
            program.bridge,
            program.ticker,
            self.cad,
            program.printers,
            program.settings.printer,
        )

    def cad(self) -> Freshness:
        """How fresh the CAD feed is now."""
        program, opened = self._program, self._opened
        if program.feed is None:
            if not opened.desk.store.shares:
                return NO_SOURCE
            return elsewhere(program.sharing.status.since if program.sharing else None, program.clock.now())
        health = program.feed.health()
        state = {"starting": "none", "ended": "none"}.get(health.state, str(health.state))
        if state == "fresh" and health.alive_at is not None:
            silence = max(0, round((program.clock.now() - health.alive_at).total_seconds()))
            return Freshness(health.source, health.alive_at, "fresh", f"CAD fresh {silence} s")
        return Freshness(health.source, health.alive_at, state, health.says)

    def leave(self, window: ConsoleWindow) -> None:
        """The person at this window signs out or closes it: what they typed is kept."""
        frame = window.page
        if isinstance(frame, Frame):
            frame.flush()
            self._left(frame.sign_in, frame)

    def _left(self, who: SignIn, place: "Frame | StripDesk") -> None:
        """They are here no more, unless they sit at another window or strip too."""
        places: list[Frame | StripDesk] = [*self.frames(), *self.strips]
        if not any(other.sign_in == who for other in places if other is not place):
            self._opened.desk.presence.leave(who)

    def close(self) -> None:
        """Close every strip; the windows are the program's."""
        for strip in tuple(self.strips):
            strip.window.close()

    def _strip_closed(self, strip: "StripDesk") -> None:
        strip.flush()
        self.strips.remove(strip)
        self._left(strip.sign_in, strip)
        self._program.end_when_left()
        strip.window.deleteLater()
        strip.deleteLater()

    def _open_board(self, sign_in: SignIn) -> Frame:
        """The board of a person who sits at a strip: the window they have already, or a new one."""
        for window in self._program.windows:
            page = window.page
            if isinstance(page, Frame) and page.sign_in == sign_in and window.isVisible():
                window.raise_()
                window.activateWindow()
                return page
        return self._program.show_work(self._program.open_window(), sign_in)

    def _open_call(self, sign_in: SignIn, call: UUID) -> None:
        self._open_board(sign_in).open_call(call)

    def _sign_out(self, window: ConsoleWindow, sign_in: SignIn) -> None:
        for strip in tuple(self.strips):
            if strip.sign_in == sign_in:
                strip.window.close()
        self.leave(window)
        self._program.show_sign_in(window)

    def _bring_rest(self, frame: Frame) -> None:
        """The board is there: now there is time for what a person opens from it, and to try the sound."""
        if not frame.isVisible():
            return  # they have left already
        self._program.sound.begin()
        self._program.bridge.aside(self, partial(_rest, self._opened), self._brought, self._not_brought)

    def _brought(self, _result: object) -> None:
        for frame in self.frames():
            frame.make_ahead()
            frame.spare_time.give(self._settling())

    def _settling(self) -> Iterator[None]:
        self._program.sweeper.settle()
        yield

    def _not_brought(self, error: KnownError) -> None:
        for frame in self.frames():
            frame.status_line.say(error.message, Tone.WARN)


def _rest(opened: Opened) -> None:
    bring(REST)
    from console.queries.library import read_shelf  # late: the first to need a form is a call that was opened

    read_shelf(opened.desk)
