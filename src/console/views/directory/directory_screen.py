"""The Directory screen at work: it asks the queries what its view asks for, and keeps the answers current."""

from datetime import datetime
from functools import partial
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.actions.directory import note_service
from console.bridge.refresher import Refresher
from console.bridge.seat import Seat
from console.directory.rank import Wanted
from console.errors import KnownError
from console.models.changes import Changes
from console.queries.directory import CallPlace, Found, call_place, contents, search
from console.views.directory.directory_view import DirectoryView
from console.views.widgets.kept_words import KeptWords


class DirectoryScreen(QWidget):
    """``picked`` (UUID) carries the service a person offers in the call that :meth:`open_for` named."""

    picked = Signal(object)

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seat = seat
        self._minute: datetime | None = None
        self._asked_for: UUID | None = None
        self.view = DirectoryView(seat.desk.zone)
        self.view.page.allow_notes(seat.sign_in.may("service.noted"))
        note = self.view.page.note
        self._note_words = KeptWords(seat, note.edit.text, note.put, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.setFocusProxy(self.view.head.words)
        self._search = Refresher(seat.bridge, self._question(self.view.wanted), self)
        self._contents = Refresher(seat.bridge, partial(contents, seat.desk, seat.sign_in), self)
        self._wire()
        self.view.show_loading()
        self.read_again()

    def open_for(self, call: UUID | None, encounter: UUID) -> None:
        """Look for a service to offer in ``encounter``, near its call where that has a place."""
        self._asked_for = encounter
        self.view.head.clear()
        self.view.show_call(CallPlace(encounter, "", "", None))
        self.view.head.go_words()
        if call is not None:
            job = partial(call_place, self._seat.desk, self._seat.sign_in, call)
            self._seat.bridge.read(self, job, partial(self._placed, encounter), self._unplaced)

    def let_go(self) -> None:
        """Nothing is looked for a call any more."""
        self._asked_for = None
        self.view.show_call(None)

    def read_again(self) -> None:
        """Read the directory anew."""
        self._search.request()
        self._contents.request()

    def _wire(self) -> None:
        self._search.loaded.connect(self.view.show_found)
        self._search.failed.connect(self.view.show_error)
        self._contents.loaded.connect(self.view.show_contents)
        self._contents.failed.connect(self.view.show_error)
        self.view.asked.connect(self._ask)
        self.view.picked.connect(self._picked)
        self.view.let_go.connect(self.let_go)
        self.view.retry_requested.connect(self.read_again)
        note, words = self.view.page.note, self._note_words
        note.opened.connect(self._asks_for_note)
        note.closed.connect(words.close)
        note.typed.connect(words.typed)
        note.entered.connect(self._leave_note)
        words.resumed.connect(note.resumed)
        words.failed.connect(self._note_refused)
        self._seat.bridge.changed.connect(self._changed)
        self._seat.ticker.tick.connect(self._tick)

    def _question(self, wanted: Wanted) -> "partial[Found]":
        return partial(search, self._seat.desk, self._seat.sign_in, wanted)

    def _ask(self, wanted: Wanted) -> None:
        self._search.ask(self._question(wanted))

    def _picked(self, service: UUID) -> None:
        self.let_go()
        self.picked.emit(service)

    def flush(self) -> None:
        """Keep what is typed, now."""
        self._note_words.flush()

    def _asks_for_note(self, service: UUID) -> None:
        self._note_words.open(_note_draft(service), service)

    def _leave_note(self, service: UUID, text: str) -> None:
        job = partial(note_service, self._seat.desk, self._seat.sign_in, service, text)
        self._seat.bridge.write(self, job, partial(self._note_left, service, text), self._note_refused)

    def _note_left(self, service: UUID, text: str, result: object) -> None:
        self._note_words.done(_note_draft(service))
        self.view.page.note.done(service, text)

    def _note_refused(self, error: KnownError) -> None:
        self.view.page.note.refuse(error.message)

    def _placed(self, encounter: UUID, place: CallPlace) -> None:
        if encounter == self._asked_for:
            self.view.show_call(place)

    def _unplaced(self, error: KnownError) -> None:
        self.view.show_error(error)

    def _changed(self, changes: Changes) -> None:
        if changes.touches("service"):
            self.read_again()

    def _tick(self) -> None:
        """Places open and close on the minute."""
        minute = self._seat.ticker.now().replace(second=0, microsecond=0)
        if self.isVisible() and minute != self._minute:
            self._minute = minute
            self._search.request()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._search.request()


def _note_draft(service: UUID) -> str:
    """The draft of a note on a service."""
    return f"service-note:{service}"
