"""The workspace: one page for one call, or for an encounter that no call exists for yet."""

from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from console.actions import encounters
from console.bridge.refresher import Refresher
from console.bridge.seat import Seat
from console.errors import KnownError
from console.models.center import Center
from console.models.changes import Changes
from console.queries.board import PAST_HORIZON
from console.queries.workspace import Workspace as Page
from console.queries.workspace import workspace
from console.views.theme import Icon, current
from console.views.widgets import EmptyState, ErrorState, LoadingState
from console.views.workspace import keys
from console.views.workspace.frame import ELSEWHERE, PageFrame
from console.views.workspace.header import Header
from console.views.workspace.sheet import SheetSection
from console.views.workspace.strip import Strip
from console.views.workspace.ways import BY_PHONE
from console.views.workspace.work import Work

Wanted = tuple[UUID | None, UUID | None]
"""The call and the encounter a page is asked for by; (None, None) is no page."""
NO_PAGE: Wanted = (None, None)
REST_MS = 100
_CONCERN_ALWAYS = ("user", "setting", "desk", "sheet", "assessment", "referral", "encounter", "instrument")


class Workspace(QWidget):
    """The page of one call. It reads through the bridge, shows changes in place, and never takes the focus by itself.

    Signals: ``begun`` (encounter) when one began before its call; ``closed`` when the person leaves the page;
    ``find_service_requested`` (call or None, encounter); ``said`` a line for the status bar; ``saved`` (datetime) when
    everything typed is on disk, ``unsaved`` (str) why something is not, "" when nothing is in the way any more.
    """

    begun = Signal(object)
    closed = Signal()
    find_service_requested = Signal(object, object)
    said = Signal(str)
    saved = Signal(object)
    unsaved = Signal(str)

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.seat = seat
        self.setAccessibleName("Workspace")
        self.work = Work(seat, self)
        self._wanted = NO_PAGE
        self._shown = NO_PAGE
        self._goes_to = ""
        self._finds_for = NO_PAGE
        self._reader = Refresher(seat.bridge, self._read, self, rest=REST_MS)
        self._reader.loaded.connect(self._loaded)
        self._reader.failed.connect(self._failed)
        self.work.said.connect(self.said)
        self.work.go.connect(self.go)
        self.work.find_service.connect(self.find_service)
        self.work.moved.connect(self._moved)
        self.work.saver.saved.connect(self.saved)
        self.work.saver.unsaved.connect(self.unsaved)
        self._build()
        self._bind_keys()
        self._show_empty()

    def _build(self) -> None:
        self._states = QStackedWidget(self)
        self._empty = EmptyState(Icon.PHONE)
        self._empty.activated.connect(self.start_by_phone)
        self._loading = LoadingState("Reading the call…")
        self._error = ErrorState()
        self._error.activated.connect(self._reader.request)
        self._frame: PageFrame | None = None
        for state in (self._empty, self._loading, self._error):
            self._states.addWidget(state)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self.ways = Strip(self.work)
        self.ways.closed.connect(self._ways_gone)
        around = QVBoxLayout()
        around.setContentsMargins(current().space.l, 0, current().space.l, 0)
        around.addWidget(self.ways)
        whole.addLayout(around)
        whole.addWidget(self._states)

    @property
    def frame(self) -> PageFrame:
        """The page's parts, built when the first page is opened: signing in does not wait for them."""
        if self._frame is None:
            frame = self._frame = PageFrame(self.work)
            frame.header.left.connect(self._back_to_work)
            frame.header.closed.connect(self.close_page)
            frame.wanted.connect(self.go)
            frame.find_service.connect(self.find_service)
            self._states.addWidget(frame)
            frame.arrange(self.width(), self.height())
        return self._frame

    def making_ahead(self, center: Center) -> Iterator[None]:
        """Build what the first call opened will need, a piece with each step."""
        frame = self.frame
        yield
        for code in frame.codes:
            yield from frame.making(code)
            frame.sections[code].expect(center)
            yield
        # Drawn once where nobody sees it: the looks, sizes and letters are then there, for which the first call opened
        # would else wait.
        parts = (frame.header, frame.cad, frame.talk, frame.pad, frame.bar, *frame.sections.values(), frame, self)
        for part in parts:
            part.grab()
            yield

    def _bind_keys(self) -> None:
        self._shortcuts: list[QShortcut] = []
        for at, (code, _) in enumerate(keys.SECTIONS, 1):
            self._key(f"Alt+{at}", partial(self.go, code))
        self._key(keys.CAD, partial(self.go, "cad"))
        self._key(keys.ADVISE, partial(self.go, "advise"))
        self._key(keys.SHEET, partial(self.go, "sheet"))
        self._key(keys.DISPOSE, partial(self.go, "dispose"))
        self._key(keys.SERVICE, self.find_service)
        self._key(keys.PRINT, self.print_sheet)
        self._key("Ctrl+W", self.close_page)
        self._key(keys.NOTE, self.write_note)
        self._key(keys.THREAD, self.write_to_thread)
        self._key(keys.CLAIM, partial(self._head, Header.do_claim))
        self._key(keys.ENCOUNTER, self.start_encounter)
        self._key(keys.CONTACT, partial(self._head, Header.ask_contact))
        self._key(keys.LINE, partial(self._head, Header.do_line))
        self._key(keys.OVERRIDE, partial(self._head, Header.do_override))
        self._key(keys.END, partial(self._head, Header.do_end))

    def _key(self, key: str, slot: object) -> None:
        # Only while the focus is in the page: the board has keys of its own.
        shortcut = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(slot)
        self._shortcuts.append(shortcut)

    # -- what the shell calls ------------------------------------------------------------------------------------------

    @property
    def call(self) -> UUID | None:
        """The call on the page; None when there is none (yet)."""
        return self._wanted[0] or self.work.call

    def show_call(self, call: UUID, encounter: UUID | None = None) -> None:
        """Show the page of a call, with this encounter where a clinician has several on it."""
        if self._wanted[0] == call and encounter in (None, self._wanted[1]):
            self._reader.request()
            return
        self._open(call, encounter)

    def show_encounter(self, encounter: UUID) -> None:
        """Show the page of an encounter that may have no call."""
        if self.work.shown == encounter or self._wanted == (None, encounter):
            self._reader.request()
            return
        self._open(None, encounter)

    def _moved(self, encounter: UUID) -> None:
        """The encounter belongs to another call now: the page follows the encounter, wherever it was opened from."""
        if self._wanted == (None, encounter):
            self._reader.request()
        else:
            self._open(None, encounter)

    def close_page(self) -> None:
        """Leave the page. Everything typed is kept."""
        self.flush()
        if self._wanted != NO_PAGE:
            self._wanted = NO_PAGE
            self._shown = NO_PAGE
            self.work.page = None
            self.work.turn += 1
            self._show_empty()
            self.closed.emit()

    def flush(self) -> None:
        """Hand over everything that was typed and is not on disk yet."""
        if self._frame is not None:
            self._frame.flush()
            self.work.saver.try_again()

    @property
    def problem(self) -> str:
        """Why something that was typed is not on disk; "" when nothing is in the way."""
        return self.work.saver.problem

    def changed(self, changes: Changes) -> None:
        """Something was committed: read the page anew if it can be about it."""
        call, encounter = self.work.call or self._wanted[0], self.work.shown or self._wanted[1]
        if call is None and encounter is None:
            return
        if changes.touches(*_CONCERN_ALWAYS) or (call is not None and call in changes.of("call")):
            self._reader.request()

    def picked(self, service: UUID) -> None:
        """The directory picked a service: offer it where it was looked for, in an encounter that begins if none did."""
        call, encounter = self._finds_for
        if encounter is not None and encounter != self.work.shown:
            self.show_encounter(encounter)  # another page was opened meanwhile
        elif call is not None and call != self.work.call:
            self.show_call(call)
        if into := encounter or self.work.encounter:
            self._offer(encounters.offer_service, into, service)
        elif call is not None:
            self._offer(encounters.begin_and_offer, call, service)

    def start_encounter(self) -> None:
        """F4: start the encounter of this call, or one without a call where no page is open."""
        if self.work.page is None:
            self.start_by_phone()
        else:
            self.frame.header.do_start()

    def find_service(self) -> None:
        """Ask for the directory."""
        if self.work.clinical and self.work.page is not None:
            self._finds_for = self.work.call, self.work.encounter
            self.find_service_requested.emit(*self._finds_for)

    def print_sheet(self) -> None:
        """Ctrl+P: to the sheet; there, print a copy."""
        section = self.frame.sections.get("sheet") if self.work.page is not None else None
        if isinstance(section, SheetSection) and self.frame.tabs.value == "sheet":
            section.do_print()
        else:
            self.go("sheet")

    def write_note(self) -> None:
        """Alt+N: to the note pad."""
        if self.work.page is not None and self.work.clinical:
            self.frame.pad.start()

    def _head(self, act: Callable[[Header], None]) -> None:
        """A key of the header: nothing without a page."""
        if self.work.page is not None:
            act(self.frame.header)

    def write_to_thread(self) -> None:
        """Alt+T: to the thread with the other side."""
        if self.work.page is None:
            return
        if self.frame.narrow:
            self.frame.choose("cad")
        self.frame.talk.start()

    def go(self, code: str) -> None:
        """Go to a section, with the focus where its work begins: a person pressed a key for it.

        Pressed while the page is still read, it goes there as soon as the page is.
        """
        self._goes_to = code if self.work.page is None else ""
        if self.work.page is None or code not in (*self.frame.codes, "cad"):
            return
        if code == "cad" and not self.frame.narrow:
            self.frame.talk.start()
            return
        self.frame.choose(code)
        section = self.frame.sections.get(code)
        if section is not None:
            section.start()
            if not section.isAncestorOf(self.window().focusWidget()):
                self.frame.focus_tabs()

    # -- reading -------------------------------------------------------------------------------------------------------

    def _open(self, call: UUID | None, encounter: UUID | None) -> None:
        self.flush()
        self._wanted = (call, encounter)
        self._shown = NO_PAGE
        self._goes_to = ""
        self.work.page = None
        self.work.turn += 1
        self._states.setCurrentWidget(self._loading)
        self._reader.request()

    def _read(self) -> tuple[Wanted, Page | None]:
        wanted = self._wanted
        if wanted == NO_PAGE:
            return wanted, None
        return wanted, workspace(self.seat.desk, self.seat.sign_in, *wanted, self.seat.cad())

    def _loaded(self, found: tuple[Wanted, Page | None]) -> None:
        wanted, page = found
        if wanted != self._wanted or page is None:
            if wanted != self._wanted:
                self._reader.request()
            return
        if page.call is None and page.clinical is None:
            if page.is_dropped and self.work.page is None:  # nothing failed, and to look again is of no use
                self._error.say(PAST_HORIZON, page.missing)
                self._states.setCurrentWidget(self._error)
            else:
                self._failed(KnownError(page.missing))
            return
        self.frame.notice.say("")
        opened = self._shown != wanted
        bound = not opened and self.work.page is not None and self.work.page.call != page.call
        if bound:
            self.flush()
        self.work.page = page
        if opened or bound:
            self._shown = wanted
            self.frame.open_page(page)
        self.frame.show_page(page)
        if self._states.currentWidget() is not self.frame:
            self._states.setCurrentWidget(self.frame)
            if self.hasFocus():
                self._settle_focus()
        focus: QWidget | None = self.window().focusWidget()  # None when nothing has it, whatever its types say
        if self._goes_to and (focus is None or self.isAncestorOf(focus)):
            self.go(self._goes_to)
        self._goes_to = ""

    def _failed(self, error: KnownError) -> None:
        if self.work.page is not None:
            self.frame.notice.say(
                f"Not read anew: {error.message} What stands here may be old; it is read again by itself."
            )
            return
        self._error.say("This page could not be read", error.message, action="Try again", key="Enter")
        self._states.setCurrentWidget(self._error)

    def _show_empty(self) -> None:
        if self.work.clinical:
            self._empty.say(
                "No call open",
                "Choose a call on the board, or start with the phone: clock and note pad now, the call is bound later.",
                action="The phone came first",
                key=keys.ENCOUNTER,
            )
        else:
            others = "Choose a call on the board to see what the clinician says of it."
            self._empty.say("No call open", ELSEWHERE if self.work.clinician else others)
        self._states.setCurrentWidget(self._empty)

    # -- inside --------------------------------------------------------------------------------------------------------

    def start_by_phone(self) -> None:
        """The phone came first: one key says how the clinician comes in, and the clock starts."""
        if self.work.clinical:
            title = "The phone came first. How do you come in"
            self.ways.ask(title, self._start_as, choices=BY_PHONE)
        elif self.work.clinician:
            self.said.emit(ELSEWHERE)

    def _start_as(self, way_in: str, words: str) -> None:
        # Not an act on the page that is open: that one may be read-only.
        job = partial(encounters.start, self.seat.desk, self.seat.sign_in, way_in, None)
        self.work.saver.act(job, self._phone_started, self._phone_failed)

    def _ways_gone(self) -> None:
        if self.work.page is None:
            self.closed.emit()
        else:
            self._back_to_work()

    def _phone_started(self, result: tuple[UUID, Changes]) -> None:
        self.show_encounter(result[0])
        self.begun.emit(result[0])

    def _phone_failed(self, error: KnownError) -> None:
        self.said.emit(error.message)
        self._empty.say("The encounter was not started", error.message, action="Try again", key=keys.ENCOUNTER)

    def _offer(self, verb: Callable[..., object], into: UUID, service: UUID) -> None:
        self.work.act(verb, into, service, then=self._offered, refused=self._refused)

    def _offered(self, result: object) -> None:
        self.said.emit("The service was picked into the call: record what the person says to it.")
        self.frame.choose("services")

    def _refused(self, error: KnownError) -> None:
        self.frame.notice.say(error.message)

    def _back_to_work(self) -> None:
        """An inline question was answered or left: the focus goes to the note pad, where words belong."""
        if self.work.clinical and self.frame.pad.box.isEnabled():
            self.frame.pad.start()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever opens the page hands it the focus; it goes to where the work begins."""
        super().focusInEvent(event)
        self._settle_focus()

    def _settle_focus(self) -> None:
        if self.work.page is None:
            return
        frame = self.frame
        if not frame.header.claim.isHidden():
            frame.header.claim.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.work.clinical and frame.pad.box.isEnabled():
            frame.pad.start()
        else:
            frame.focus_tabs()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.flush()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._frame is not None:
            self._frame.arrange(self.width(), self.height())
