"""The board: tabs, filter, what is new, the calls, the alarms. It shows what it is given and tells what was asked."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from console.bridge.ticker import Ticker
from console.errors import KnownError
from console.models.center import Limits
from console.queries.alarms import Alarm
from console.queries.board import Board, BoardRow, Freshness, View
from console.views.board import wording
from console.views.board.board_parts import BoardParts
from console.views.board.holding import Held, held

BOARD_KEYS = (
    ("↑ ↓", "choose a call"),
    ("Enter", "open it"),
    ("F2", "flag it, or withdraw its flag"),
    ("F3", "claim it"),
    ("F7", "call the fallback"),
    ("F8", "line dropped"),
    ("F9", "acknowledge the alarm"),
    ("F10", "enter a call by hand, when CAD is away"),
    ("F11", "officer no longer waits"),
    ("Del", "dismiss a suggestion"),
    ("N", "show what is new"),
    ("/", "filter"),
    ("1 – 4", "flagged, mine, all open, recent"),
    ("Esc", "let go of the row, clear the filter"),
)
"""Every key of the board, for the overlay that lists them."""

_AIMING = timedelta(seconds=2)
_STILL_MEANT = timedelta(seconds=30)
_TOUCHES = (QEvent.Type.KeyPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel)
_FRESH_FOR = timedelta(seconds=10)


class BoardView(BoardParts):
    """The live queue. Every signal about a call carries its UUID.

    ``flag_requested`` also carries the reason's code and the words, ``withdrawal_requested`` the words;
    ``call_entered`` number, type, place and words of a call typed in; ``keys_requested`` asks for the overlay of keys.
    """

    def __init__(
        self,
        ticker: Ticker,
        limits: Limits,
        reasons: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(ticker, limits, reasons, parent)
        self._board: Board | None = None
        self._held = Held(())
        self._key_at: datetime | None = None
        self._touched_at: datetime | None = None
        self._fresh_until: datetime | None = None

        self._may_withdraw = False
        self._wire(ticker)
        self._bind_keys()

    # -- what is shown ------------------------------------------------------------------------------------------------

    def show_board(self, board: Board) -> None:
        """A new picture of the calls. Rows stand still while somebody aims; another view or filter shows at once."""
        before = self._board
        self._board = board
        self.notice.set_trouble("")
        self.head.show_board(board)
        self.model.set_stale(board.cad.state in ("stale", "down"))
        other = before is None or (before.view, before.filter) != (board.view, board.filter)
        if other or not self.aiming or not self.model.rows:
            self._show_latest(mark_new=not other)
        else:
            self._hold()
        self._settle()

    def show_cad(self, cad: Freshness) -> None:
        """How fresh the source is now: it ages, and shows signs of life, while no row changes."""
        if self._board is not None:
            self._board = replace(self._board, cad=cad)

    def show_loading(self) -> None:
        """Nothing has been read yet."""
        self.pages.setCurrentWidget(self.loading)

    def show_error(self, error: KnownError) -> None:
        """The board could not be read. Rows that are there stay, with the reason above them."""
        if self._board is not None and self.model.rows:
            self.notice.set_trouble(error.message)
            self.model.set_stale(True)
            self._speak()
            return
        self.error.say("The board could not be read.", error.message, action="Try again", key="F5")
        self.pages.setCurrentWidget(self.error)

    def show_alarms(self, alarms: Sequence[Alarm]) -> None:
        """The alerts of now, gravest first. They never wait behind the bar."""
        self.alarms.show_alarms(alarms)

    def allow(self, *, enter: bool, withdraw: bool) -> None:
        """What this person may do beside looking and flagging: enter a call by hand, withdraw a flag."""
        self.notice.may_enter, self._may_withdraw = enter, withdraw

    def set_limits(self, limits: Limits) -> None:
        """The center's limits for the colors of clocks."""
        self._limits = limits
        self.model.set_limits(limits)

    def set_reasons(self, reasons: Sequence[tuple[str, str]]) -> None:
        """The center's reasons for a flag, as (code, label)."""
        self.flag_panel.set_reasons(reasons)

    # -- the row one means --------------------------------------------------------------------------------------------

    @property
    def selected(self) -> UUID | None:
        """The selected call."""
        return self.list.selected

    def select(self, call: UUID | None) -> None:
        """Select a call, or none."""
        self.list.select(call)

    @property
    def aiming(self) -> bool:
        """Whether somebody is about to do something to a row: rows stand still meanwhile."""
        if self.flag_panel.call is not None:
            return True
        quiet = self._now() - self._touched_at if self._touched_at is not None else None
        if self.list.selected is not None or self.list.hovered is not None:
            # Whoever has left the board for another screen means no row any more, though one is selected.
            return self._holds_focus or quiet is None or quiet < _STILL_MEANT
        return self._key_at is not None and self._now() - self._key_at < _AIMING

    @property
    def _holds_focus(self) -> bool:
        """Whether the keyboard is in the board, in the window that is active."""
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def release(self) -> None:
        """Show what was held back (N). The selection stays; the first new row is brought into view."""
        if self._board is None or not self._held.waits:
            return
        new = self._held.new
        self._show_latest(mark_new=True)
        if new:
            self.list.bring_up(new[0].call)
        self._settle()

    # -- acts ---------------------------------------------------------------------------------------------------------

    def flag_selected(self) -> None:
        """Ask for the reason to flag the selected call (F2)."""
        row = self._selected_row()
        if row is None:
            return
        if row.flagged and row.owner is None and self._may_withdraw:
            self.flag_panel.ask_back(row)
            self._place_panel()
            return
        if row.flagged:
            by = f" by {row.flagged_by}" if row.flag_source == "cad" else ""
            self.notice.remark(f"{row.number or 'This call'} is flagged already{by}: {row.flag_reason}")
            return
        self.flag_panel.ask(row)
        self._place_panel()

    def flag_refused(self, call: UUID, why: str) -> bool:
        """A flag, or its withdrawal, was refused: what was chosen and typed stands in the panel again.

        The focus follows only where it is in the board still. False when something else is being asked there.
        """
        here = self._holds_focus
        if not self.flag_panel.give_back(call, why):
            return False
        self._place_panel()
        if here:
            self.flag_panel.take_focus()
        return True

    def enter_call(self) -> None:
        """Ask for a call that CAD cannot give (F10)."""
        if self.notice.may_enter:
            self.flag_panel.dismiss()
            self.entry_panel.ask()
            self._place_panel()

    def claim_selected(self) -> None:
        """Claim the selected call (F3)."""
        self._emit(self.claim_requested)

    def call_fallback(self) -> None:
        """Call the stated fallback for the selected call (F7), where one is offered."""
        row = self._selected_row()
        if row is not None and row.fallback and not row.fallback_taken:
            self.fallback_requested.emit(row.call)

    def mark_dropped(self) -> None:
        """Say that the line of the selected call dropped (F8)."""
        self._emit(self.dropped_requested)

    def officer_no_longer_waits(self) -> None:
        """Say that the officer on the selected call no longer waits for a clinician (F11)."""
        row = self._selected_row()
        if row is not None and row.officer_waiting:
            self.officer_requested.emit(row.call)

    def dismiss_suggestion(self) -> None:
        """Dismiss the rule's suggestion on the selected call (Delete)."""
        row = self._selected_row()
        if row is not None and row.suggestion and not row.flagged:
            self.suggestion_dismissed.emit(row.call)

    def _emit(self, signal: object) -> None:
        row = self._selected_row()
        if row is not None and hasattr(signal, "emit"):
            signal.emit(row.call)

    def _selected_row(self) -> BoardRow | None:
        """The row an act is meant for. Without one the bar says what to do."""
        row = self.model.row(self.list.selected_index())
        if row is None and self.model.rows:
            self.notice.remark("Choose a call first, with the arrow keys or the mouse.")
        return row

    # -- holding and showing ------------------------------------------------------------------------------------------

    def _show_latest(self, *, mark_new: bool) -> None:
        assert self._board is not None
        before = set(self.model.calls())
        self.list.show_rows(self._board.rows)
        fresh = {row.call for row in self._board.rows if row.call not in before} if mark_new and before else set()
        self._fresh_until = self._now() + _FRESH_FOR if fresh else None
        self.model.set_marks(fresh, ())
        self._held = Held(self._board.rows)

    def _hold(self) -> None:
        assert self._board is not None
        self._held = held(self.model.rows, self._board.rows)
        self.list.show_rows(self._held.rows)
        self.model.set_marks(self.model.fresh, self._held.gone)

    def _settle(self) -> None:
        """The page and the bar that fit what is shown now."""
        board = self._board
        if board is None:
            return
        if self.model.rows:
            self.pages.setCurrentWidget(self.list)
        else:
            title, sentence, action, key = wording.empty(board)
            if board.cad.state in ("stale", "down"):
                sentence = f"{sentence} {board.cad.says}".strip()
            if board.cad.state != "fresh" and self.notice.may_enter:
                sentence = f"{sentence} F10 enters a call by hand.".strip()
            self.empty.say(title, sentence, action=action, key=key)
            self.pages.setCurrentWidget(self.empty)
        self._speak()

    def _speak(self) -> None:
        if self._board is not None:
            self.notice.speak(self._board, self._held, self._limits)

    def _tick(self) -> None:
        """Once a second: ages of the rows in view, the bar, and what waited if nobody aims any more."""
        if not self.isVisible():
            return
        self.model.touch(*self.list.visible_rows())
        self.alarms.tick()
        now = self._now()
        if self._fresh_until is not None and now >= self._fresh_until:
            self._fresh_until = None
            self.model.set_marks((), self.model.gone)
        if self._held.waits and not self.aiming:
            self._show_latest(mark_new=True)
            self._settle()
        else:
            self._speak()

    # -- keys ---------------------------------------------------------------------------------------------------------

    def _bind_keys(self) -> None:
        """Function keys act; bare letters only look, and a text field that has the focus gets them first."""
        acts: dict[str, Callable[[], None]] = {
            "F2": self.flag_selected,
            "F3": self.claim_selected,
            "F5": self.retry_requested.emit,
            "F7": self.call_fallback,
            "F8": self.mark_dropped,
            "F9": self.alarms.acknowledge,
            "F10": self.enter_call,
            "F11": self.officer_no_longer_waits,
            "Del": self.dismiss_suggestion,
            "N": self.release,
            "/": self.head.go_filter,
            "?": self.keys_requested.emit,
            "1": self._view_1,
            "2": self._view_2,
            "3": self._view_3,
            "4": self._view_4,
            "Esc": self.let_go,
        }
        for key, act in acts.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _view_1(self) -> None:
        self.head.choose(0)

    def _view_2(self) -> None:
        self.head.choose(1)

    def _view_3(self) -> None:
        self.head.choose(2)

    def _view_4(self) -> None:
        self.head.choose(3)

    def let_go(self) -> None:
        """Escape: the panel, then the filter, then the selection."""
        if self.flag_panel.call is not None:
            self.flag_panel.dismiss()
        elif self.entry_panel.asking:
            self.entry_panel.dismiss()
        elif self.head.clear_filter() or self.head.filter.hasFocus():
            self._to_rows()
        else:
            self.list.select(None)
            self._key_at = None

    def _empty_pressed(self) -> None:
        if self._board is not None and self._board.filter:
            self.let_go()
        elif self._board is not None and self._board.view == View.FLAGGED:
            self._view_3()
        else:
            self._view_1()

    def _to_page(self) -> None:
        page = self.pages.currentWidget()
        if page is not None:
            page.setFocus(Qt.FocusReason.PopupFocusReason)

    def _to_rows(self) -> None:
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress:
            self._key_at = self._now()
        if event.type() in _TOUCHES:
            self._touched_at = self._now()
        return False

    def _selection_moved(self) -> None:
        self._touched_at = self._now()
        self.selection_changed.emit(self.list.selected)

    # -- building -----------------------------------------------------------------------------------------------------

    def _wire(self, ticker: Ticker) -> None:
        ticker.tick.connect(self._tick)
        self.list.opened.connect(self.opened)
        self.list.selectionModel().selectionChanged.connect(self._selection_moved)
        self.head.view_changed.connect(self.view_changed)
        self.head.filter_changed.connect(self.filter_changed)
        self.head.done.connect(self._to_rows)
        self.notice.release_requested.connect(self.release)
        self.notice.retry_requested.connect(self.retry_requested)
        self.flag_panel.flagged.connect(self.flag_requested)
        self.flag_panel.withdrawn.connect(self.withdrawal_requested)
        self.flag_panel.closed.connect(self._to_rows)
        self.entry_panel.entered.connect(self.call_entered)
        self.entry_panel.closed.connect(self._to_page)
        self.notice.entry_requested.connect(self.enter_call)
        self.alarms.acknowledged.connect(self.alarm_acknowledged)
        self.alarms.opened.connect(self.opened)
        self.error.activated.connect(self.retry_requested)
        self.empty.activated.connect(self._empty_pressed)
        for widget in (self.list, self.list.viewport(), self.head.filter, *self.head.tabs.buttons()):
            widget.installEventFilter(self)
