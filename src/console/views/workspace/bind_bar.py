"""The bar of an encounter that no call belongs to yet: which call is it?"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout

from console.actions import encounters
from console.bridge.refresher import Refresher
from console.errors import KnownError
from console.queries.board import Board, View, board
from console.queries.workspace import Workspace as Page
from console.views.theme import Icon, Type, current, watch
from console.views.widgets import ActionButton, Text, Tone, named
from console.views.workspace.section import Ground, Notice
from console.views.workspace.work import Work


class BindBar(Ground):
    """Offers the open calls by number; typing finds one."""

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
        self.notice = Notice()
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._words)
        self._row.addWidget(self.picker, 1)
        self._row.addWidget(self.bind)
        self._row.addWidget(self.notice)
        self._calls = Refresher(work.seat.bridge, self._query, self)
        self._calls.loaded.connect(self._show_calls)
        self._calls.failed.connect(self._refused)
        watch(self._restyle)

    def show_page(self, page: Page) -> None:
        """Show itself while the encounter waits for its call."""
        waits = page.call is None and page.clinical is not None
        self.setVisible(waits)
        if waits:
            self._calls.request()

    def _query(self) -> Board:
        return board(self.work.seat.desk, self.work.seat.sign_in, View.OPEN)

    def _show_calls(self, found: Board) -> None:
        popup = self.picker.view()
        line = self.picker.lineEdit()
        # Rows do not move under a person who is choosing or typing.
        if popup.isVisible() or (line is not None and line.hasFocus() and line.text()):
            return
        wanted = [
            (row.call, " · ".join(part for part in (row.number, row.type_text, row.place) if part))
            for row in found.rows
        ]
        held = [(self.picker.itemData(at), self.picker.itemText(at)) for at in range(self.picker.count())]
        if wanted == held:
            return
        self.picker.clear()
        for call, words in wanted:
            self.picker.addItem(words, call)
        self.picker.setCurrentIndex(-1)
        self.picker.setEditText("")

    def do_bind(self) -> None:
        """Bind the encounter to the chosen call."""
        at = self.picker.findText(self.picker.currentText(), Qt.MatchFlag.MatchFixedString)
        if at < 0:
            at = self.picker.findText(self.picker.currentText(), Qt.MatchFlag.MatchContains)
        encounter = self.work.encounter
        if at < 0 or not self.picker.currentText() or encounter is None:
            self.notice.say("Choose a call of the list.")
            return
        self.notice.say("")
        self.work.act(encounters.bind, encounter, self.picker.itemData(at), then=self._bound, refused=self._refused)

    def _bound(self, result: object) -> None:
        self.work.reread.emit()

    def _refused(self, error: KnownError) -> None:
        self.notice.say(error.message)

    def _restyle(self) -> None:
        space = current().space
        self._row.setContentsMargins(space.l, space.s, space.l, space.s)
        self._row.setSpacing(space.s)
        self.update()
