"""The note pad: time-stamped lines, always in view. A line is entered with Enter and can be amended; both stay."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.actions import encounters, lengths
from console.errors import KnownError, TryAgain
from console.models.encounter import Note
from console.queries.workspace import Workspace as Page
from console.views.theme import Type, current, watch
from console.views.widgets import ActionButton, ElidedText, Look, Notice, Text, Tone
from console.views.workspace import keys
from console.views.workspace.line_list import Line, LineList
from console.views.workspace.section import Ground
from console.views.workspace.typing_box import Submitted, WordsBox
from console.views.workspace.work import Work


class NotePad(Ground):
    """Lines above, the line being written below, and whether all of it is kept."""

    def __init__(self, work: Work) -> None:
        super().__init__("surface")
        self.work = work
        self._encounter: UUID | None = None
        self._amends: Note | None = None
        self.most_lines = 5
        self._title = Text("Note pad", Type.STRONG)
        self._state = ElidedText(role=Type.CAPTION, tone=Tone.MUTED)
        self._state.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._clock = Text(role=Type.SMALL, tone=Tone.MUTED)
        self.view = LineList("Notes", "Enter amends the line")
        self._notes: tuple[Note, ...] = ()
        self.view.chosen.connect(self._amend)
        self.view.left_down.connect(self.start)
        self.box = WordsBox(
            work.seat,
            work.saver,
            "note",
            "Note",
            "Write a note; Enter enters it",
            limit=lengths.NOTE,
            most=5,
            enter=True,
        )
        self.box.entered.connect(self.enter)
        self.box.edit.went_up.connect(self._go_up)
        self._cancel = ActionButton("Leave it as it was", look=Look.QUIET, key="Esc")
        self._cancel.clicked.connect(self.stop_amending)
        self._cancel.hide()
        self.notice = Notice()
        self._hindered = False
        work.saver.told.connect(self._told)
        work.saver.saved.connect(self._unhindered)
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self._title)
        head.addWidget(self._clock)
        head.addWidget(self._state, 1)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._head)
        self._column.addWidget(self.view)
        self._column.addWidget(self.box)
        self._column.addWidget(self._cancel, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self.notice)
        watch(self._restyle)

    @property
    def status(self) -> str:
        """What it says about keeping."""
        return self._state.text()

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines as they read now."""
        return tuple(note.text for note in self._notes)

    def open_page(self, page: Page) -> None:
        """Another encounter: its lines, and what was being written in it."""
        self.notice.say("")
        self._hindered = False
        self._end_amending()
        self._encounter = page.clinical.encounter if page.clinical else None
        self._show_notes(())
        self.box.bind(self._encounter, page, self.work.seat.desk.zone)
        self._resume_amending(page)

    def show_page(self, page: Page) -> None:
        """Show the lines; the newest stays in view unless somebody scrolled up."""
        clinical = page.clinical
        encounter = clinical.encounter if clinical else None
        if encounter != self._encounter:
            self.open_page(page)
        own = self.work.encounter is not None
        self.box.setEnabled(own)
        if own:
            self.box.edit.set_hint("Write a note; Enter enters it")
        elif clinical is not None:
            whose = self.work.name(clinical.state.clinician)
            self.box.edit.set_hint(f"The notes of {whose}: start an encounter of your own ({keys.ENCOUNTER}) to write")
        else:
            self.box.edit.set_hint(
                f"Claim the call ({keys.CLAIM}) or start an encounter ({keys.ENCOUNTER}) to take notes"
            )
        if clinical is not None:
            self._show_notes(clinical.state.notes)
            whose = self.work.name(clinical.state.clinician)
            since = self.work.clock(clinical.state.started_at)
            self._clock.setText(f"encounter from {since}" + ("" if whose == "you" else f" by {whose}"))
        else:
            self._clock.setText("")

    def _show_notes(self, notes: tuple[Note, ...]) -> None:
        self._notes = notes
        clock = self.work.clock
        self.view.show_lines(
            [
                Line(
                    note.entry,
                    clock(note.at),
                    note.text + (" (amended)" if note.before else ""),
                    more="Before: " + " → ".join(note.before) if note.before else "",
                )
                for note in notes
            ]
        )
        self.fit()

    def arrange(self, most_lines: int) -> None:
        """Say how many lines the page leaves room for; with none, only the line being written stays."""
        self.most_lines = most_lines
        self._head.setVisible(most_lines > 0)
        self.fit()

    def fit(self) -> None:
        """As many lines as there are, up to the most that the page leaves room for."""
        theme = current()
        line = QFontMetrics(theme.font(Type.BODY)).height() + theme.space.xs
        most = max(1, self.most_lines) * line
        self.view.setFixedHeight(min(max(self.view.content_height(), line), most) + 2)
        self.view.setVisible(bool(self._notes) and (self.most_lines > 0 or self.view.hasFocus()))

    def start(self) -> None:
        """Put the caret into the line being written."""
        self.box.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.fit()

    def enter(self) -> None:
        """Enter the line (or the amendment) into the record."""
        if self._encounter is None or not self.box.text().strip():
            return
        self.notice.say("")
        self._hindered = False
        amends = self._amends
        taken = self.box.take()
        self._end_amending()
        if amends is None:
            self.work.act(
                encounters.note,
                self._encounter,
                taken.text,
                taken.draft,
                entered=partial(self.box.settle, taken),
                not_entered=partial(self._give_back, taken, None),
                then=self._entered,
                refused=partial(self._refused, None),
                again=True,
            )
        else:
            self.work.act(
                encounters.amend_note,
                self._encounter,
                amends.entry,
                taken.text,
                entered=partial(self.box.settle, taken),
                not_entered=partial(self._give_back, taken, amends),
                then=self._entered,
                refused=partial(self._refused, amends),
            )

    def _entered(self, result: object) -> None:
        """It is in the record: it comes with the next page."""

    def stop_amending(self) -> None:
        """Leave the line as it was."""
        if self._amends is not None:
            self.box.settle(self.box.take())
            self._end_amending()
            self.start()

    def _give_back(self, taken: Submitted, amends: Note | None) -> None:
        """The words were refused: they stand where they were typed, or wait there to be resumed."""
        free = self._amends is None and not self.box.text().strip()  # else one line would be mixed with another
        if amends is not None and free and taken.subject == self._encounter:
            self._begin_amending(amends)
        self.box.give_back(taken)

    def _refused(self, amends: Note | None, error: KnownError) -> None:
        self._hindered = isinstance(error, TryAgain)
        waits = "" if self._amends == amends else " The amendment is kept, and comes back with the page."
        self.notice.say(f"{error.message}{waits}")

    def _unhindered(self, at: object) -> None:
        """The line does not go on saying that the disk is full once there is room: it waits for Enter."""
        if self._hindered:
            self._hindered = False
            self.notice.say("There is room again. What you wrote is kept, and not entered yet: Enter enters it.")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._amends is not None:
            self.stop_amending()
        else:
            super().keyPressEvent(event)

    def _go_up(self) -> None:
        if self.box.text() == "" and self._notes:
            self.view.show()
            self.view.go_last()

    def _amend(self, entry: UUID) -> None:
        if self.box.text().strip():
            self.notice.say("Enter the line you are writing first; then amend another.")
            return
        if not self.box.isEnabled():
            return
        note = next(each for each in self._notes if each.entry == entry)
        self._begin_amending(note)
        self.box.put(note.text)
        self.start()

    def _resume_amending(self, page: Page) -> None:
        """An amendment that was being written is one again, of the same line: never a new note."""
        if self.work.encounter is None or page.clinical is None or self.box.text().strip():
            return
        for note in page.clinical.state.notes:
            if self.box.held(_amendment(note), page):
                self._begin_amending(note, page)
                return

    def _begin_amending(self, note: Note, page: Page | None = None) -> None:
        if self._amends is None:
            self.box.turn(_amendment(note), page)
        self._amends = note
        self._title.setText(f"Amend the note of {self.work.clock(note.at)}")
        self._cancel.show()

    def _end_amending(self) -> None:
        if self._amends is not None:
            self.box.turn("note")
        self._amends = None
        self._title.setText("Note pad")
        self._cancel.hide()

    def _told(self, words: str, tone: Tone) -> None:
        self._state.set_tone(tone)
        self._state.setText(words)

    def _restyle(self) -> None:
        theme = current()
        self._column.setContentsMargins(theme.space.l, theme.space.s, theme.space.l, theme.space.s)
        self._column.setSpacing(theme.space.xs)
        self.fit()


def _amendment(note: Note) -> str:
    """The field that the draft of an amendment belongs to: it carries the line it amends."""
    return f"note.{note.entry}"
