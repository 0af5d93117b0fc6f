"""The page people spend the shift on: the board at the left, the call they work on at the right."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QLineEdit, QSplitter, QVBoxLayout, QWidget

from console.actions import calls, encounters, flags
from console.bridge.refresher import Refresher
from console.bridge.seat import Seat
from console.errors import KnownError
from console.models.center import Center
from console.models.changes import Changes
from console.queries.alarms import Alarm
from console.queries.board import Board, View
from console.views.board import BoardView
from console.views.shell.acknowledging import acknowledging
from console.views.shell.back_bar import BackBar
from console.views.shell.center_board import board_now, board_view
from console.views.theme import current, watch
from console.views.widgets import Tone
from console.views.widgets.kept_words import KeptWords

if TYPE_CHECKING:
    from console.views.shell.waiting_bar import WaitingBar
    from console.views.workspace import Workspace

_LOOK_AGAIN_SECONDS = 10
_REST_MILLISECONDS = 250
_SIDE_BY_SIDE = 1080
"""The width from which board and call stand beside each other, at 100 % text."""


class BoardPage(QWidget):
    """Wires the board and the workspace to what people may do and see.

    Signals: ``said`` (str, Tone) a calm line; ``saved`` (datetime) when an act was kept; ``saving`` while something is
    on its way to the disk; ``unsaved`` (str) why something typed is not, "" when nothing is in the way any more;
    ``find_service`` (call or None, encounter) when the workspace asks for the directory; ``ready`` when the first rows
    were put on the board.
    """

    said = Signal(str, object)
    saved = Signal(object)
    saving = Signal()
    unsaved = Signal(str)
    find_service = Signal(object, object)
    ready = Signal()

    def __init__(
        self, seat: Seat, center: Center, parent: QWidget | None = None, *, board: BoardView | None = None
    ) -> None:
        super().__init__(parent)
        self._seat = seat
        self._center = center
        self._view, self._words = View.FLAGGED, ""
        self._ticks = 0
        self._cad_shown: str | None = None
        self._opening = True
        self._alarms: tuple[Alarm, ...] = ()
        self.board = board or board_view(seat.ticker, center)
        self._workspace: Workspace | None = None
        self._waiting: WaitingBar | None = None
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.addWidget(self.board)
        self._splitter.setChildrenCollapsible(False)
        self.back_bar = BackBar()
        self.back_bar.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.back_bar)
        column.addWidget(self._splitter, 1)
        self._refresher = Refresher(seat.bridge, self._question(), self, rest=_REST_MILLISECONDS)
        self._wire()
        watch(self._fit)
        self.board.show_loading()
        self._refresher.request()

    def _wire(self) -> None:
        seat, view = self._seat, self.board
        self._refresher.loaded.connect(self._show_board)
        self._refresher.failed.connect(view.show_error)
        seat.bridge.changed.connect(self._changed)
        seat.ticker.tick.connect(self._tick)
        view.opened.connect(self.open_call)
        view.view_changed.connect(self._choose_view)
        view.filter_changed.connect(self._filter)
        view.retry_requested.connect(self._refresher.request)
        may = seat.sign_in.may
        view.allow(enter=may("call.entered"), withdraw=may("call.flag-withdrawn"))
        panel = view.flag_panel
        self._flag_words = self._keep_words(panel.words)
        panel.opened.connect(self._asks_for_flag)
        panel.closed.connect(self._flag_words.close)
        self._call_words = {name: self._keep_words(field) for name, field in view.entry_panel.fields.items()}
        view.entry_panel.opened.connect(self._asks_for_call)
        view.flag_requested.connect(self._flag)
        view.withdrawal_requested.connect(self._withdraw_flag)
        view.call_entered.connect(self._enter_call)
        view.claim_requested.connect(self._claim)
        view.fallback_requested.connect(self._fallback)
        view.dropped_requested.connect(self._dropped)
        view.officer_requested.connect(self._officer_no_longer_waits)
        view.suggestion_dismissed.connect(self._dismiss)
        view.alarm_acknowledged.connect(self._acknowledge)
        to_board = QShortcut(QKeySequence("Alt+B"), self)
        to_board.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        to_board.activated.connect(self._go_to_board)
        self.back_bar.back.connect(self._back_to_board)
        self.back_bar.acknowledged.connect(self._acknowledge)

    # -- the board -----------------------------------------------------------------------------------------------------

    def _question(self) -> Callable[[], Board]:
        seat = self._seat
        return partial(board_now, seat, self._view, self._words)

    def _changed(self, changes: Changes) -> None:
        if changes.touches("call", "user", "setting"):
            self._refresher.request()
        if self._workspace is not None:
            self._workspace.changed(changes)

    def _tick(self) -> None:
        self._ticks += 1
        # CAD falling silent changes no row, so nothing else would tell the board that its rows are old.
        cad = self._seat.cad()
        self.board.show_cad(cad)
        turned = self._cad_shown is not None and cad.state != self._cad_shown
        if turned or self._ticks % _LOOK_AGAIN_SECONDS == 0:
            self._refresher.request()

    def _show_board(self, found: Board) -> None:
        self._cad_shown = found.cad.state
        self.board.show_board(found)
        if self._opening:
            # The list was hidden behind "reading" until now: only from here on can it take the keyboard, unless the
            # person went on to something else meanwhile.
            self._opening = False
            held: QWidget | None = self.window().focusWidget()  # None when nothing has it, whatever its types say
            if held is None or self.board.isAncestorOf(held):
                self.take_focus()
            self._look_for_waiting()
            self.ready.emit()

    def _look_for_waiting(self) -> None:
        """Encounters that began before their call and were left, on this page or by the end of the program."""
        if self._seat.sign_in.may("encounter.started"):
            from console.views.shell.waiting_bar import WaitingBar  # late: the board does not wait for it

            self._waiting = WaitingBar(self._seat)
            self._waiting.opened.connect(self.open_encounter)
            layout = self.layout()
            assert layout is not None
            layout.addWidget(self._waiting)

    def _choose_view(self, view: str) -> None:
        self._view = View(view)
        self._refresher.ask(self._question())

    def _filter(self, words: str) -> None:
        self._words = words
        self._refresher.ask(self._question())

    def show_alarms(self, alarms: tuple[Alarm, ...]) -> None:
        """The alerts of now."""
        self._alarms = alarms
        self.board.show_alarms(alarms)
        self.back_bar.show_alarms(alarms)

    # -- the workspace -------------------------------------------------------------------------------------------------

    @property
    def workspace(self) -> "Workspace":
        """The call beside the board; made when the first one is opened."""
        if self._workspace is None:
            from console.views.workspace import Workspace  # late: the board does not wait for it

            self._workspace = made = Workspace(self._seat)
            # Its keys work while the focus is anywhere inside it, so a click beside everything counts too. Tab does not
            # stop at the whole: the focus goes on to where the work begins, and Tab would never come to what is before.
            made.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            made.hide()
            self._splitter.addWidget(made)
            self._splitter.setStretchFactor(0, 5)
            self._splitter.setStretchFactor(1, 6)
            made.begun.connect(self._begun)
            made.closed.connect(self._back_to_board)
            made.said.connect(self._say)
            made.saved.connect(self.saved)
            made.unsaved.connect(self.unsaved)
            made.work.saver.told.connect(self._told)
            made.work.open_call.connect(self.open_call)
            made.work.open_encounter.connect(self.open_encounter)
            made.find_service_requested.connect(self.find_service)
        return self._workspace

    def making_ahead(self) -> Iterator[None]:
        """Build what opening a call needs before one is opened, a piece with each step."""
        workspace = self.workspace
        yield
        yield from workspace.making_ahead(self._center)

    @property
    def _call_open(self) -> bool:
        return self._workspace is not None and not self._workspace.isHidden()

    def open_call(self, call: UUID) -> None:
        """Open a call beside the board."""
        self.workspace.show_call(call)
        self._show_workspace()

    def open_encounter(self, encounter: UUID) -> None:
        """Open an encounter that has no call yet."""
        self.workspace.show_encounter(encounter)
        self._show_workspace(encounter)

    def open_waiting(self) -> None:
        """Go to the encounter that has waited longest for its call."""
        if self._waiting is not None and not self._waiting.open_first():
            self._say("No other encounter waits for its call")

    def flush(self) -> None:
        """Keep everything that was typed; before this page goes away."""
        for words in (self._flag_words, *self._call_words.values()):
            words.flush()
        if self._workspace is not None:
            self._workspace.flush()

    def take_focus(self) -> None:
        """Put the keyboard where the work is: the call that is open, else the queue."""
        if self._call_open:
            self.workspace.setFocus()
        else:
            self._focus_board()

    def _focus_board(self) -> None:
        """The rows, or what stands in their place: the board's keys work only while the focus is in the board."""
        page = self.board.pages.currentWidget()
        if page is not None:
            page.setFocus()

    def start_encounter(self) -> None:
        """The phone rings before CAD has the call: one key for how, then the clock and the note pad start."""
        self._show_workspace()
        self.workspace.start_by_phone()

    def _begun(self, encounter: UUID) -> None:
        self._kept(encounter)
        self.open_encounter(encounter)
        self._say("Encounter started; bind it to a call when CAD has one")

    def _show_workspace(self, encounter: UUID | None = None) -> None:
        if self.workspace.isHidden():
            self.workspace.show()
            self._share()
        self._fit()
        if self._waiting is not None:
            self._waiting.leave_out(encounter)
        self.workspace.setFocus()

    def _share(self) -> None:
        width = self.width()
        self._splitter.setSizes([width * 5 // 11, width - width * 5 // 11])

    def _back_to_board(self) -> None:
        """The board instead of the call. In a narrow window the call stays open behind it; nothing of it is lost."""
        self.workspace.hide()
        if self._waiting is not None:
            self._waiting.leave_out(None)
        self._fit()
        self._focus_board()

    def _go_to_board(self) -> None:
        """Alt+B: to the rows. Where the board stands beside the call, the call stays open there."""
        if self.board.isHidden():
            self._back_to_board()
        else:
            self._focus_board()

    def _fit(self) -> None:
        """Side by side where both have room, else the open call alone under a bar that leads back to the board."""
        narrow = self.width() < current().px(_SIDE_BY_SIDE)
        alone = narrow and self._call_open
        if self.board.isHidden() != alone:
            self.board.setVisible(not alone)
            if not alone and self._call_open:
                self._share()
        self.back_bar.setVisible(alone)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # -- acts ----------------------------------------------------------------------------------------------------------

    def _act(self, job: Callable[[], Any], done: Callable[[Any], None] | None = None) -> None:
        self._seat.bridge.write(self, job, done or self._kept, self._refused)

    def _kept(self, _result: object) -> None:
        if self._workspace is None or not self._workspace.problem:
            self.saved.emit(self._seat.ticker.now())

    def _told(self, words: str, tone: Tone) -> None:
        """What the page says of its own typing, the line at the bottom says too: never that all is saved meanwhile."""
        if tone is Tone.MUTED and words:
            self.saving.emit()
        elif not words:
            self.unsaved.emit("")  # it was refused, and said where it was done

    def _refused(self, error: KnownError) -> None:
        self.said.emit(error.message, Tone.WARN)

    def _say(self, words: str) -> None:
        self.said.emit(words, Tone.MUTED)

    def _keep_words(self, field: QLineEdit) -> KeptWords:
        words = KeptWords(self._seat, field.text, field.setText, self)
        field.textEdited.connect(words.typed)
        words.keeping.connect(self.saving)
        words.kept.connect(self._words_kept)
        words.failed.connect(self._not_kept)
        return words

    def _asks_for_call(self) -> None:
        for name, words in self._call_words.items():
            words.open(f"call.{name}")

    def _asks_for_flag(self, call: UUID, withdraws: bool) -> None:
        self._flag_words.open(_flag_draft(call, withdraws), call)

    def _not_kept(self, error: KnownError) -> None:
        self.unsaved.emit(error.message)

    def _words_kept(self) -> None:
        self._kept(None)

    def _flag(self, call: UUID, reason: str, words: str) -> None:
        job = partial(flags.flag, self._seat.desk, self._seat.sign_in, call, reason, words)
        done = partial(self._flag_kept, _flag_draft(call, False))
        self._seat.bridge.write(self, job, done, partial(self._flag_refused, call))

    def _withdraw_flag(self, call: UUID, reason: str) -> None:
        job = partial(flags.withdraw_flag, self._seat.desk, self._seat.sign_in, call, reason)
        done = partial(self._flag_kept, _flag_draft(call, True))
        self._seat.bridge.write(self, job, done, partial(self._flag_refused, call))

    def _flag_kept(self, draft: str, result: object) -> None:
        self._flag_words.done(draft)
        self._kept(result)

    def _flag_refused(self, call: UUID, error: KnownError) -> None:
        if not self.board.flag_refused(call, error.message):
            self._refused(error)

    def _enter_call(self, number: str, type_text: str, place: str, words: str) -> None:
        job = partial(flags.enter_call, self._seat.desk, self._seat.sign_in, number, type_text, place, words)
        self._seat.bridge.write(self, job, partial(self._entered, self._whereabouts), self._not_entered)

    def _entered(self, before: object, result: tuple[UUID, Changes]) -> None:
        goes_on = self._whereabouts != before
        self._kept(result)
        self.board.entry_panel.done()
        for name, words in self._call_words.items():
            words.done(f"call.{name}")
        self._open_done(result[0], "The call was entered", goes_on=goes_on)

    def _not_entered(self, error: KnownError) -> None:
        self.board.entry_panel.refuse(error.message)
        if not self.board.entry_panel.asking:
            self._refused(error)

    def _claim(self, call: UUID) -> None:
        done = partial(self._claimed, call, self._whereabouts)
        self._act(partial(encounters.claim_and_begin, self._seat.desk, self._seat.sign_in, call), done)

    def _claimed(self, call: UUID, before: object, result: object) -> None:
        self._kept(result)
        self._open_done(call, "The call is yours", goes_on=self._whereabouts != before)

    @property
    def _whereabouts(self) -> tuple[int, QWidget | None]:
        """Which page is open and where the keyboard is: another when the person went on to something else."""
        return self._workspace.work.turn if self._workspace is not None else 0, self.window().focusWidget()

    def _open_done(self, call: UUID, said: str, *, goes_on: bool) -> None:
        """Open the call of an act; whoever ``goes_on`` with something else is told, and keeps the keyboard."""
        if goes_on:
            self._say(f"{said}; it waits on the board, you went on to something else")
        else:
            self.open_call(call)

    def _fallback(self, call: UUID) -> None:
        self._act(partial(flags.take_fallback, self._seat.desk, self._seat.sign_in, call, self._center.fallback))

    def _dropped(self, call: UUID) -> None:
        self._act(partial(calls.line, self._seat.desk, self._seat.sign_in, call, "dropped"))

    def _officer_no_longer_waits(self, call: UUID) -> None:
        self._act(partial(flags.officer_waiting, self._seat.desk, self._seat.sign_in, call, False))

    def _dismiss(self, call: UUID) -> None:
        self._act(partial(flags.dismiss_suggestion, self._seat.desk, self._seat.sign_in, call))

    def _acknowledge(self, key: str) -> None:
        if (job := acknowledging(self._seat, self._alarms, key)) is None:
            self._say("This stays until its cause ends")
        else:
            self._act(job)


def _flag_draft(call: UUID, withdraws: bool) -> str:
    """The draft of what is said of a call's flag, or of taking it back."""
    return f"{'unflag' if withdraws else 'flag'}:{call}"
