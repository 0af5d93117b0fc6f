"""Where one types: boxes whose words survive anything."""

from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from console.actions import drafts
from console.bridge.seat import Seat
from console.errors import KnownError, TryAgain
from console.queries.workspace import Workspace as Page
from console.views.theme import Type
from console.views.widgets import Text, Tone
from console.views.widgets.lines_edit import LinesEdit, counted
from console.views.workspace.saving import RETRY_MS, Saver

DRAFT_MS = 1000
"""From the first key to the draft being handed over: well inside the two seconds that may be lost."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """Words on their way into the record, the draft that still holds them, and what that is about."""

    draft: str
    text: str
    subject: UUID | None


class WordsBox(QWidget):
    """A free-text field with a draft of its own: kept within two seconds, resumed when the page is opened again.

    ``note`` stands under it for as long as it says something a person must know before typing (who will read it). Near
    ``limit`` (characters) the count stands there too. Nothing is ever cut: what is too long stays, and says so.
    """

    entered = Signal()
    typed = Signal()

    def __init__(
        self,
        seat: Seat,
        saver: Saver,
        field: str,
        name: str,
        placeholder: str = "",
        *,
        limit: int,
        note: str = "",
        least: int = 1,
        most: int = 4,
        enter: bool = False,
    ) -> None:
        super().__init__()
        self._seat, self._saver, self._field, self._note_text = seat, saver, field, note
        self.limit = limit
        self._resumed = ""
        self._subject: UUID | None = None
        self._bound = False
        self._clean = ""
        self._quiet = False
        self.edit = LinesEdit(name, placeholder, least=least, most=most, enter=enter)
        self._note = Text(note, Type.CAPTION, Tone.MUTED, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.edit)
        column.addWidget(self._note)
        self._note.setVisible(bool(note))
        self.setFocusProxy(self.edit)
        self._timer = QTimer(self)
        self._timer.setObjectName(f"draft-{field}")
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.flush)
        self.edit.textChanged.connect(self._changed)
        self.edit.entered.connect(self.entered)

    @property
    def draft(self) -> str:
        """The draft's name: this field of this subject."""
        return f"{self._field}:{self._subject}" if self._subject else self._field

    def text(self) -> str:
        return self.edit.text()

    def bind(self, subject: UUID | None, page: Page | None, zone: tzinfo) -> None:
        """Turn to another subject: what was typed for the last one is kept, the draft of this one is resumed."""
        self.flush()
        if self._bound and subject == self._subject:
            return  # the words that stand here are newer than anything that was read
        self._timer.stop()
        self._bound, self._subject = True, subject
        found = page.drafts.get(self.draft) if page else None
        text = self._saver.handed_over(self.draft, found.text if found else "")
        self._put(text)
        self._clean = self.text()
        self._say(f"resumed draft {found.saved_at.astimezone(zone):%H:%M:%S}" if found and text else "")

    def turn(self, field: str, page: Page | None = None) -> None:
        """Hold another field of the same subject, with its draft as ``page`` has it; the words of the last are kept."""
        self.flush()
        self._timer.stop()
        self._field = field
        self._put(self.held(field, page) if page else "")
        self._clean = self.text()
        self._say("")

    def reuse(self, field: str, subject: UUID | None, page: Page | None, zone: tzinfo, *, limit: int) -> None:
        """Ask for something else in the same box: another field of another subject, with its draft and its limit."""
        self.flush()
        self._field, self.limit = field, limit
        self._bound = False
        self.bind(subject, page, zone)

    def held(self, field: str, page: Page) -> str:
        """What the draft of another field of this subject holds."""
        name = f"{field}:{self._subject}"
        found = page.drafts.get(name)
        return self._saver.handed_over(name, found.text if found else "")

    def take(self) -> Submitted:
        """Hand over the words and empty the field. The draft stays until :meth:`settle`."""
        taken = self.submitted()
        self._saver.hand_over(taken.draft, "")  # not to stand here again while they are on their way
        self._timer.stop()
        self._put("")
        self._clean = ""
        self._saver.unchanged(self.draft)
        self._say("")
        return taken

    def submitted(self) -> Submitted:
        """The words as they go into an act, still standing in the field."""
        return Submitted(self.draft, self.text(), self._subject)

    def done(self, taken: Submitted) -> None:
        """The act is in the record: the words leave the field and their draft goes, unless more was typed since."""
        if not isValid(self):  # what it was asked for went away meanwhile, and the field with it
            self._keep(taken.draft, "", taken.subject)
            return
        if self.draft == taken.draft and self.text() == taken.text:
            self._put("")
            self._clean = ""
            self._timer.stop()
            self._saver.unchanged(self.draft)
            self._say("")
        self.settle(taken)

    def keep_as_entered(self, taken: Submitted) -> None:
        """The act is in the record and the field goes on showing its words; only their draft goes."""
        if self.draft == taken.draft and self.text() == taken.text:
            self._clean = taken.text
            self._timer.stop()
            self._saver.unchanged(self.draft)
            self._say("")
        typed_since = self.draft == taken.draft and self.text() != taken.text
        self._keep(taken.draft, self.text() if typed_since else "", taken.subject)

    def show_entered(self, text: str) -> None:
        """Show words of the record where nothing was typed."""
        if not self.text():
            self._put(text)
            self._clean = text

    def settle(self, taken: Submitted) -> None:
        """The words are in the record: their draft goes, unless more was typed meanwhile."""
        if self.draft != taken.draft or not self.text():
            self._keep(taken.draft, "", taken.subject)

    def give_back(self, taken: Submitted) -> None:
        """The words were refused: they stand in the field again, or in its draft, before anything typed since."""
        here = self.draft == taken.draft
        since = self.text() if here else self._saver.handed_over(taken.draft, "")
        words = "\n".join(part for part in (taken.text, since) if part)
        if here:
            self._put(words)
            self.flush()
        else:
            self._keep(taken.draft, words, taken.subject)

    def put(self, text: str) -> None:
        """Words the person asked for, as if typed."""
        self.edit.set_text(text)

    def flush(self) -> None:
        """Keep what the field holds, now."""
        text = self.text()
        if text != self._clean:
            self._clean = text
            self._timer.stop()
            self._keep(self.draft, text, self._subject)

    def _keep(self, name: str, text: str, subject: UUID | None) -> None:
        self._saver.hand_over(name, text)
        job = partial(drafts.keep, self._seat.desk, self._seat.sign_in, name, text, subject)
        self._saver.keep(name, job, failed=partial(self._not_kept, name))

    def _not_kept(self, name: str, error: KnownError) -> None:
        if isValid(self) and name == self.draft:
            self._clean = "\0"  # nothing on disk equals what is typed
            if not isinstance(error, TryAgain):  # else the saver keeps it as soon as it can
                self._timer.start(RETRY_MS)

    def _put(self, text: str) -> None:
        self._quiet = True
        self.edit.set_text(text)
        self._quiet = False
        self._tell_below()

    def _changed(self) -> None:
        if self._quiet:
            return
        self.typed.emit()
        self._say("")
        if self.text() == self._clean:
            self._timer.stop()
            self._saver.unchanged(self.draft)
            return
        self._saver.typed(self.draft)
        if not self._timer.isActive():
            self._timer.start(DRAFT_MS)

    def _say(self, resumed: str) -> None:
        self._resumed = resumed
        self._tell_below()

    def _tell_below(self) -> None:
        count = counted(len(self.text().strip()), self.limit)
        words = " · ".join(part for part in (count, self._note_text, self._resumed) if part)
        self._note.set_tone(Tone.WARN if len(self.text().strip()) > self.limit else Tone.MUTED)
        self._note.setText(words)
        self._note.setVisible(bool(words))

    @property
    def note(self) -> str:
        """What stands under the field now."""
        return self._note.text()
