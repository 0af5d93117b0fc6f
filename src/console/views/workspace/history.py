"""History: everything with its time, and the note as plain text for the employer's record."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit

from console.actions import encounters
from console.queries.note import note_text
from console.queries.workspace import Workspace as Page
from console.views.theme import Icon, Type, current
from console.views.widgets import ActionButton, Look, SectionHeader, Text, Tone, named
from console.views.workspace.earlier import EarlierPanel
from console.views.workspace.line_list import Line, LineList
from console.views.workspace.moments import moments
from console.views.workspace.section import Section
from console.views.workspace.work import Work


class HistorySection(Section):
    """The timeline; the note that assembled itself, with one key to copy it."""

    CODE, TITLE = "history", "History"
    HAS_PRIMARY = False

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self._problems = Text(tone=Tone.WARN, wrap=True)
        self.body.addWidget(self._problems)
        self.copy = ActionButton("Copy the note as plain text", key="Ctrl Enter", icon=Icon.COPY)
        self.copy.clicked.connect(self.commit)
        self.close_encounter = ActionButton("End the encounter")
        self.close_encounter.clicked.connect(self._close)
        self.show_note = ActionButton("Show the note", look=Look.QUIET)
        self.show_note.setCheckable(True)
        self.show_note.toggled.connect(self._toggle)
        self.buttons([self.copy, self.show_note, self.close_encounter])
        self.note = named(QPlainTextEdit(), "The note as plain text")
        self.note.setReadOnly(True)
        self.note.setTabChangesFocus(True)
        self.note.hide()
        self.body.addWidget(self.note)
        self.earlier = EarlierPanel(work)
        self.body.addWidget(self.earlier)
        self.body.addWidget(SectionHeader("Everything, newest last"))
        self.timeline = LineList("History")
        self.body.addWidget(self.timeline, 1)

    def opened(self, page: Page) -> None:
        self.earlier.opened()

    def show_page(self, page: Page) -> None:
        self.earlier.show_page(page)
        clock = self.work.clock
        counted: dict[tuple[object, ...], int] = {}
        lines = []
        for at, what, by in moments(page):
            # The same may be said twice in one second: each is a line of its own.
            times = counted[at, what, by] = counted.get((at, what, by), 0) + 1
            lines.append(Line((at, what, by, times), clock(at), what, by))
        self.timeline.show_lines(lines)
        self.timeline.setMinimumHeight(current().px(160))
        problems = list(page.senseless)
        if page.unread:
            problems.insert(0, f"{page.unread} entries of this call come from a newer version and are not shown here.")
        self._problems.setText("\n".join(problems))
        self._problems.setVisible(bool(problems))
        clinical = page.clinical
        mine = clinical is not None and clinical.state.clinician == self.work.seat.sign_in.user
        self.close_encounter.setVisible(mine and clinical is not None and clinical.state.closed_at is None)
        text = note_text(page, self.work.seat.desk.zone)
        if self.note.toPlainText() != text:
            bar = self.note.verticalScrollBar()
            place = bar.value()
            self.note.setPlainText(text)
            bar.setValue(place)
        self.note.setMinimumHeight(current().px(220))
        self.note.setFont(current().font(Type.SMALL))

    def start(self) -> None:
        self.copy.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def commit(self) -> None:
        """Copy the note."""
        if self.work.page is None:
            return
        QGuiApplication.clipboard().setText(note_text(self.work.page, self.work.seat.desk.zone))
        self.notice.say("The note is on the clipboard.", Tone.GOOD)

    def _toggle(self, shown: bool) -> None:
        self.note.setVisible(shown)
        self.show_note.set_words("Hide the note" if shown else "Show the note")

    def _close(self) -> None:
        if self.work.encounter is not None:
            self.do(encounters.close, self.work.encounter)
