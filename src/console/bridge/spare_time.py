"""Work on the GUI thread that nobody waits for yet, done in pieces between what people do."""

from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer

PAUSE_MILLISECONDS = 10


class SpareTime(QObject):
    """Does one piece in a turn of the event loop, then lets everything else have its turn.

    What a person asks for before its pieces are done has to be able to make itself at once.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._work: list[Iterator[None]] = []
        self._timer = QTimer(self)
        self._timer.setObjectName("spare-time")
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MILLISECONDS)
        self._timer.timeout.connect(self._go_on)

    def give(self, pieces: Iterator[None]) -> None:
        """Do these pieces after those given before; each ``next`` is one of them."""
        self._work.append(pieces)
        if not self._timer.isActive():
            self._timer.start()

    @property
    def idle(self) -> bool:
        """Whether everything given is done."""
        return not self._work

    def _go_on(self) -> None:
        pieces = self._work[0]
        try:
            next(pieces)
        except StopIteration:
            self._work.remove(pieces)
        except BaseException:
            self._work.remove(pieces)  # it is not tried again for ever; whoever needs it meets the fault themselves
            raise
        finally:
            if self._work:
                self._timer.start()
