"""Words in a field outside the workspace: kept as a draft within two seconds, resumed when they are asked for again."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from console.actions import drafts
from console.bridge.seat import Seat
from console.errors import KnownError
from console.queries.drafts import Draft, draft

KEEP_MS = 1000
"""From the first key to the draft being handed over: well inside the two seconds that may be lost."""


RETRY_MS = 5000


class KeptWords(QObject):
    """The draft of a field that asks one thing after another. :meth:`open` says what it asks now, and resumes it.

    ``text`` and ``put`` read and fill the field; whoever owns it connects its changes by the person to :meth:`typed`.
    Signals: ``keeping`` while something typed is not on the disk yet, ``kept`` when it is, ``failed`` (KnownError) when
    it could not be; ``resumed`` ("resumed draft 12:03:10").
    """

    keeping = Signal()
    kept = Signal()
    resumed = Signal(str)
    failed = Signal(object)

    def __init__(self, seat: Seat, text: Callable[[], str], put: Callable[[str], None], parent: QObject) -> None:
        super().__init__(parent)
        self._seat, self._text, self._put = seat, text, put
        self._name = ""
        self._subject: UUID | None = None
        self._clean = ""
        self._handed: dict[str, str] = {}
        self._timer = QTimer(self)
        self._timer.setObjectName("kept-words")
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.flush)

    def open(self, name: str, subject: UUID | None = None) -> None:
        """The field asks for ``name`` now. What was left there comes back, unless something stands there already."""
        if self._name != name and self._name and self._text():
            self._discard(self._name)  # the words stand there still: from now on they are for something else
        else:
            self.close()
        self._name, self._subject, self._clean = name, subject, ""
        if self._text():
            self.typed()
        elif name in self._handed:
            self._resume(self._handed[name], "")
        else:
            job = partial(draft, self._seat.desk, self._seat.sign_in, name)
            self._seat.bridge.read(self, job, partial(self._found, name), self._unread)

    def typed(self) -> None:
        """The person changed what the field holds."""
        if self._name and self._text() == self._clean:
            self._timer.stop()
            self.kept.emit()
        elif self._name and not self._timer.isActive():
            self._timer.start(KEEP_MS)
            self.keeping.emit()

    def flush(self) -> None:
        """Keep what the field holds, now."""
        self._timer.stop()
        if self._name and self._text() != self._clean:
            self._clean = self._text()
            self._keep(self._name, self._clean)

    def close(self) -> None:
        """The field asks for nothing any more; what stands there is kept."""
        self.flush()
        self._name = ""

    def done(self, name: str) -> None:
        """The words of ``name`` are in the record: their draft goes."""
        self._discard(name)
        if name == self._name:
            self._clean = ""

    def _discard(self, name: str) -> None:
        if self._handed.get(name):
            self._keep(name, "")

    def _keep(self, name: str, text: str) -> None:
        self._handed[name] = text
        job = partial(drafts.keep, self._seat.desk, self._seat.sign_in, name, text, self._subject)
        self._seat.bridge.write(self, job, self._kept, self._not_kept)

    def _kept(self, _result: object) -> None:
        if not self._timer.isActive():
            self.kept.emit()

    def _not_kept(self, error: KnownError) -> None:
        self._clean = "\0"  # nothing on disk equals what is typed
        self._timer.start(RETRY_MS)
        self.failed.emit(error)

    def _unread(self, error: KnownError) -> None:
        self.failed.emit(error)

    def _found(self, name: str, found: Draft | None) -> None:
        if name == self._name and found is not None and not self._text():
            self._handed[name] = found.text
            self._resume(found.text, f"resumed draft {found.saved_at.astimezone(self._seat.desk.zone):%H:%M:%S}")

    def _resume(self, text: str, says: str) -> None:
        self._clean = text
        self._put(text)
        self.resumed.emit(says)
