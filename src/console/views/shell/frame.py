"""What a signed-in person sees: header, navigation, the screens, the status line, and the keys that work everywhere."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from console.bridge.seat import Seat
from console.bridge.sound import Hearing, Ringer, SoundPlayer, SoundState
from console.bridge.spare_time import SpareTime
from console.errors import BugError
from console.models.center import Center
from console.models.sign_in import SignIn
from console.queries.alarms import Alarm
from console.sync.status import SyncStatus
from console.views.board import BOARD_KEYS, BoardView
from console.views.shell.alarm_keeper import AlarmKeeper
from console.views.shell.board_page import BoardPage
from console.views.shell.header import Header
from console.views.shell.navigation import Navigation
from console.views.shell.status_line import StatusLine, server_tone
from console.views.theme import Icon
from console.views.widgets import Tone
from wire.journals import Audience

if TYPE_CHECKING:
    from console.views.directory import DirectoryScreen
    from console.views.shell.keys import KeysOverlay
    from console.views.status.status_screen import StatusScreen

_EVERYWHERE = (
    ("F1", "these keys"),
    ("F12", "the phone came first: start an encounter"),
    ("Shift+F12", "the encounter that waits for its call"),
    ("Ctrl+1 … Ctrl+5", "board, directory, people, status, instruments"),
)


class Frame(QWidget):
    """What one person sees in one window. The board is there at once, the rest when there is time or it is asked for.

    Signals: ``sign_out_requested``, ``strip_requested``; ``joined`` a server, ``offered_again`` what one refused;
    ``preferred`` (name, value) of something of this desk;
    ``ready`` when the first rows were put on the board.
    """

    sign_out_requested = Signal()
    strip_requested = Signal()
    joined = Signal()
    offered_again = Signal()
    preferred = Signal(str, object)
    ready = Signal()

    def __init__(
        self,
        seat: Seat,
        center: Center,
        sound: SoundPlayer,
        ringer: Ringer,
        preferences: Mapping[str, Any],
        parent: QWidget | None = None,
        *,
        board: BoardView | None = None,
    ) -> None:
        super().__init__(parent)
        self._seat = seat
        self._sound = sound
        self._preferences = preferences
        self._server = SyncStatus("alone", 0, 0, "working alone")
        self.header = Header(seat.desk.center_name, seat.desk.zone, drill=seat.desk.drill)
        self.header.show_person(seat.sign_in, clinical=seat.desk.clinical)
        self.status_line = StatusLine(seat.desk.zone)
        # Who may not read operations has no board, and no alarms: they begin where their work is.
        self._board_page = BoardPage(seat, center, board=board) if seat.sign_in.reads(Audience.OPERATIONS) else None
        self._make: dict[str, Callable[[], QWidget]] = {"directory": self._make_directory}
        places = [("directory", Icon.DIRECTORY, "Directory", "Ctrl+2")]
        if self._board_page is not None:
            places.insert(0, ("board", Icon.BOARD, "Board", "Ctrl+1"))
        if seat.sign_in.may("user.added"):
            self._make["people"] = self._make_people
            places.append(("people", Icon.PERSON, "People", "Ctrl+3"))
        self._make["status"] = self._make_status
        places.append(("status", Icon.SETTINGS, "Status", "Ctrl+4"))
        if seat.sign_in.may("form.imported"):
            self._make["instruments"] = self._make_instruments
            places.append(("instruments", Icon.ASSESS, "Instruments", "Ctrl+5"))
        self.navigation = Navigation(places)
        self._stack = QStackedWidget()
        self._screens: dict[str, QWidget] = {}
        self._keys: KeysOverlay | None = None
        self.spare_time = SpareTime(self)
        self.alarm_keeper = AlarmKeeper(seat, ringer, self) if self._board_page is not None else None
        self._lay_out()
        self._wire(places)
        if self._board_page is not None:
            self._screens["board"] = self._board_page
            self._stack.addWidget(self._board_page)
            self._wire_board(self._board_page)
        self.first = next(name for name in ("board", "people", "status") if name in (*self._screens, *self._make))
        self.shown: str = self.first
        self.show_screen(self.first)
        self._tick()

    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.navigation)
        middle.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(middle, 1)
        column.addWidget(self.status_line)

    def _wire(self, places: list[tuple[str, Icon, str, str]]) -> None:
        self.navigation.chosen.connect(self.show_screen)
        self.navigation.keys_requested.connect(self.toggle_keys)
        self.header.sign_out_requested.connect(self.sign_out_requested)
        self.header.phone_first.connect(self._phone_first)
        self.header.strip_requested.connect(self.strip_requested)
        self._seat.ticker.tick.connect(self._tick)
        for _, _, word, key in places:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setObjectName(word.casefold())
            shortcut.activated.connect(self._key_place)
        keys = (("F1", self.toggle_keys), ("F12", self._phone_first), ("Shift+F12", self._waiting_encounter))
        for key, slot in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(slot)

    def _wire_board(self, page: BoardPage) -> None:
        page.board.keys_requested.connect(self.toggle_keys)
        page.said.connect(self.status_line.say)
        page.saved.connect(self.status_line.show_saved)
        page.saving.connect(self.status_line.show_saving)
        page.unsaved.connect(self.status_line.show_unsaved)
        page.find_service.connect(self._find_service)
        page.ready.connect(self.ready)
        if self.alarm_keeper is not None:
            self.alarm_keeper.shown.connect(self._show_alarms)
            self.alarm_keeper.failed.connect(self._alarms_failed)

    def make_ahead(self) -> None:
        """Build what is not there yet between what the person does, so that no key press waits for it."""
        self.spare_time.give(self._making_ahead())

    def _making_ahead(self) -> Iterator[None]:
        if self._board_page is not None:
            yield from self._board_page.making_ahead()
        for name in self._make:
            self.place(name)
            yield

    @property
    def board_page(self) -> BoardPage:
        """The board beside the call; only for who may read operations."""
        if self._board_page is None:
            raise BugError("this person has no board")
        return self._board_page

    def take_focus(self) -> None:
        """Put the keyboard where this person's work begins."""
        self.show_screen(self.first)

    @property
    def sign_in(self) -> SignIn:
        """Who works here."""
        return self._seat.sign_in

    def flush(self) -> None:
        """Keep everything that was typed; before the person leaves."""
        if self._board_page is not None:
            self._board_page.flush()
        if "directory" in self._screens:
            self.directory.flush()

    # -- screens -------------------------------------------------------------------------------------------------------

    def show_screen(self, name: str) -> None:
        """Show one of the screens by its name."""
        if self._keys is not None:
            self._keys.put_away()
        if name == "board" and self._board_page is None:
            return
        self.shown, screen = name, self.place(name)
        self._stack.setCurrentWidget(screen)
        self.navigation.show_place(name)
        if name == "status":
            self.status.look()
        if name == "board":
            self.board_page.take_focus()
        else:
            # Otherwise the keys would go nowhere: what had the focus is hidden now.
            screen.setFocus()

    def place(self, name: str) -> QWidget:
        """One of the screens by its name; raises KeyError for one that this person does not have."""
        if name not in self._screens:
            self._screens[name] = made = self._make[name]()
            self._stack.addWidget(made)
        return self._screens[name]

    @property
    def directory(self) -> "DirectoryScreen":
        """The center's own services."""
        return cast("DirectoryScreen", self.place("directory"))

    @property
    def status(self) -> "StatusScreen":
        """What works at this desk, and its settings."""
        return cast("StatusScreen", self.place("status"))

    def _make_directory(self) -> QWidget:
        from console.views.directory import DirectoryScreen

        made = DirectoryScreen(self._seat)
        made.picked.connect(self._picked)
        return made

    def _make_people(self) -> QWidget:
        from console.views.people.people_screen import PeopleScreen

        return PeopleScreen(self._seat)

    def _make_instruments(self) -> QWidget:
        from console.views.instruments.instruments_screen import InstrumentsScreen
        from console.views.workspace.form_preview import TriedForm

        return InstrumentsScreen(self._seat, partial(TriedForm, now=self._seat.here))

    def _make_status(self) -> QWidget:
        from console.views.status.status_screen import StatusScreen

        made = StatusScreen(self._seat, self._preferences)
        made.preferred.connect(self.preferred)
        made.joined.connect(self.joined)
        made.offered_again.connect(self.offered_again)
        made.show_server(self._server, server_tone(self._server))
        sound = self._sound.state()
        made.show_sound(sound.says, sound.hearing is Hearing.AVAILABLE, sound.hearing is Hearing.MUTED)
        made.cautions_muted.connect(self._mute_cautions)
        return made

    def _mute_cautions(self, muted: bool) -> None:
        self._sound.mute_cautions(muted)
        self.preferred.emit("sound", not muted)

    def toggle_keys(self) -> None:
        if self._keys is None:
            from console.views.directory import DIRECTORY_KEYS
            from console.views.shell.keys import KeysOverlay
            from console.views.strip import STRIP_KEYS
            from console.views.workspace import ASSESSMENT_KEYS, WORKSPACE_KEYS

            groups = [("Everywhere", _EVERYWHERE), ("Directory", DIRECTORY_KEYS)]
            if self._board_page is not None:
                groups[1:1] = [("Board", BOARD_KEYS), ("Call", WORKSPACE_KEYS)]
            if self._seat.sign_in.may("assessment.started"):
                groups.insert(3, ("Assessment", ASSESSMENT_KEYS))
            if "instruments" in self._make:
                from console.views.instruments import INSTRUMENTS_KEYS

                groups.append(("Instruments", INSTRUMENTS_KEYS))
            if self.header.offers_strip:
                groups.append(("Strip", STRIP_KEYS))
            self._keys = KeysOverlay(groups, self, drill=self._seat.desk.drill)
        self._keys.toggle()

    def open_call(self, call: UUID) -> None:
        """Open a call in the board's workspace."""
        if self._board_page is not None:
            self.show_screen("board")
            self._board_page.open_call(call)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page, focus = self._board_page, QApplication.focusWidget()
        around = focus is not None and not self._stack.isAncestorOf(focus)
        if event.key() == Qt.Key.Key_Escape and around and page is not None and page.isVisible():
            page.board.let_go()  # from around the screens too: the filter is seen from there
        else:
            super().keyPressEvent(event)

    def _key_place(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.show_screen(sender.objectName())

    def _phone_first(self) -> None:
        if self._seat.sign_in.may("encounter.started"):
            self.show_screen("board")
            self.board_page.start_encounter()

    def _waiting_encounter(self) -> None:
        if self._board_page is not None:
            self.show_screen("board")
            self._board_page.open_waiting()

    def _find_service(self, call: UUID | None, encounter: UUID) -> None:
        self.directory.open_for(call, encounter)
        self.show_screen("directory")

    def _picked(self, service: UUID) -> None:
        if self._board_page is None:
            return
        self.show_screen("board")
        self._board_page.workspace.picked(service)

    # -- the status line -----------------------------------------------------------------------------------------------

    def show_server(self, status: SyncStatus) -> None:
        """Where the desk stands with a server."""
        self._server = status
        self.status_line.show_server(status)
        if "status" in self._screens:
            self.status.show_server(status, server_tone(status))

    def show_sound(self, state: SoundState) -> None:
        """Whether alarms can be heard at this desk."""
        fine = state.hearing is Hearing.AVAILABLE
        self.status_line.show_sound(state.says[:1].upper() + state.says[1:], fine)
        if "status" in self._screens:
            self.status.show_sound(state.says, fine, state.hearing is Hearing.MUTED)

    def use_printer(self, printer: str) -> None:
        """Print sheets on this printer from now on; "" when none is chosen."""
        self._seat.printer = printer
        self.status_line.show_printer(f"Printer: {printer}" if printer else "No printer chosen", bool(printer))

    def _show_alarms(self, alarms: tuple[Alarm, ...]) -> None:
        self.board_page.show_alarms(alarms)

    def _alarms_failed(self, words: str) -> None:
        self.status_line.say(words, Tone.DANGER)

    def _tick(self) -> None:
        now = self._seat.ticker.now()
        self.header.show_time(now)
        self.status_line.show_cad(self._seat.cad(), now)
        self.status_line.tick()
