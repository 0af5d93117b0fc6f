"""The bar of an encounter that no call belongs to yet, or the wrong one: which call is it?"""

from collections import Counter
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout

from console.actions import encounters
from console.bridge.refresher import Refresher
from console.errors import KnownError
from console.models.changes import Changes
from console.queries.board import Board, BoardRow, View, board
from console.queries.workspace import Workspace as Page
from console.views.theme import Icon, Type, current, watch
from console.views.widgets import ActionButton, Look, Notice, Text, Tone, named
from console.views.workspace.section import Ground
from console.views.workspace.work import Work


class BindBar(Ground):
    """Offers the open calls by number; typing finds them, and only an exact number or a chosen line binds."""

    def __init__(self, work: Work) -> None:
        super().__init__("changed_soft")
        self.work = work
        self._words = Text("No call bound yet", Type.STRONG, Tone.CHANGED)
        self.picker = named(QComboBox(), "Open calls, by number")
        self.picker.setEditable(True)
        self.picker.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.picker.setMinimumContentsLength(24)
        self.picker.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        completer = self.picker.completer()
        assert completer is not None
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        line = self.picker.lineEdit()
        assert line is not None
        line.setPlaceholderText("Number, type or place of the call")
        named(line, "Number, type or place of the call")
        self.bind = ActionButton("Bind to this call", icon=Icon.LINK)
        self.bind.clicked.connect(self.do_bind)
        self._leave = ActionButton("Keep the call", look=Look.QUIET)
        self._leave.clicked.connect(self._keep)
        self._wrong: UUID | None = None
        self._numbers: list[str] = []
        self.notice = Notice()
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._words)
        self._row.addWidget(self.picker, 1)
        self._row.addWidget(self.bind)
        self._row.addWidget(self._leave)
        self._row.addWidget(self.notice)
        self._calls = Refresher(work.seat.bridge, self._query, self, rest=500)
        self._calls.loaded.connect(self._show_calls)
        self._calls.failed.connect(self._refused)
        work.seat.bridge.changed.connect(self._changed)
        watch(self._restyle)

    def show_page(self, page: Page) -> None:
        """Show itself while the encounter waits for its call, or for another than the wrong one."""
        if page.call is None or page.call != self._wrong:
            self._wrong = None
        waits = page.clinical is not None and (page.call is None or self._wrong is not None)
        self._words.setText("Which call is it really" if self._wrong else "No call bound yet")
        self._leave.setVisible(self._wrong is not None)
        self.setVisible(waits)
        if waits:
            self._calls.request()

    def _changed(self, changes: Changes) -> None:
        """CAD may have the call now."""
        if self.isVisible() and changes.touches("call"):
            self._calls.request()

    def ask_again(self) -> None:
        """The encounter was bound to a wrong call: offer the others."""
        page = self.work.page
        if page is None or page.call is None or self.work.encounter is None:
            return
        self._wrong = page.call
        self.notice.say("")
        self.show_page(page)
        self.picker.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep(self) -> None:
        self._wrong = None
        if self.work.page is not None:
            self.show_page(self.work.page)

    def _query(self) -> Board:
        return board(self.work.seat.desk, self.work.seat.sign_in, View.OPEN)

    def _show_calls(self, found: Board) -> None:
        popup = self.picker.view()
        line = self.picker.lineEdit()
        # Rows do not move under a person who is choosing or typing.
        if popup.isVisible() or (line is not None and line.hasFocus() and line.text()):
            return
        rows = [row for row in found.rows if row.call != self._wrong]
        wanted = [(row.call, _line(row)) for row in rows]
        said = Counter(words for _, words in wanted)
        clock = self.work.clock
        # Two calls never read the same: a line that is chosen is one call.
        wanted = [
            (call, f"{words} · received {clock(row.reported_at)}" if said[words] > 1 else words)
            for (call, words), row in zip(wanted, rows, strict=True)
        ]
        self._numbers = [row.number for row in rows]
        held = [(self.picker.itemData(at), self.picker.itemText(at)) for at in range(self.picker.count())]
        if wanted == held:
            return
        self.picker.clear()
        for call, words in wanted:
            self.picker.addItem(words, call)
        self.picker.setCurrentIndex(-1)
        self.picker.setEditText("")

    def do_bind(self) -> None:
        """Bind the encounter to the call that was chosen, or whose number was typed; never to one that is guessed."""
        encounter = self.work.encounter
        typed = self.picker.currentText().strip()
        meant = self._meant(typed)
        if encounter is None or len(meant) != 1:
            several = len(meant) > 1
            self.notice.say(f"{len(meant)} calls have that. Choose one." if several else "Choose a call of the list.")
            return
        self.notice.say("")
        call = self.picker.itemData(meant[0])
        self.work.act(encounters.bind, encounter, call, then=partial(self._bound, encounter), refused=self._refused)

    def _meant(self, typed: str) -> list[int]:
        """The places in the list that these words name exactly: a whole line, a number, or the end of a number."""
        places = range(self.picker.count())
        wanted = typed.casefold()
        lines = [at for at in places if wanted and self.picker.itemText(at).casefold() == wanted]
        whole = [at for at in places if wanted and self._numbers[at].casefold() == wanted]
        ends = [at for at in places if wanted and self._numbers[at].casefold().rsplit("-", 1)[-1] == wanted]
        return lines or whole or ends

    def _bound(self, encounter: UUID, result: object) -> None:
        self._wrong = None
        self.picker.setEditText("")
        self.work.moved.emit(encounter)

    def _refused(self, error: KnownError) -> None:
        self.notice.say(error.message)

    def _restyle(self) -> None:
        space = current().space
        self._row.setContentsMargins(space.l, space.s, space.l, space.s)
        self._row.setSpacing(space.s)
        self.update()


def _line(row: BoardRow) -> str:
    return " · ".join(part for part in (row.number, row.type_text, row.place) if part)
