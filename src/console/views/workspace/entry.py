"""What the fields of a question have in common."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from console.forms.model import Answer
from console.views.theme import current

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Entry(QWidget):
    """A field of a question. ``gave`` carries an answer, None when it was taken out.

    Signals: ``went_on`` for Enter, ``finished`` for Ctrl+Enter, ``moved`` (1 or -1) for Down and Up, ``typing`` while
    something stands in it that was not given yet, ``wrong`` (why) when it is no answer, "" when it is one again.
    ``why`` is what it said last. ``one_of_many`` says that what is given goes from the field, or is looked up in a
    list: nothing is given then while it is typed. ``says`` names the words of the row that stand in it.
    """

    one_of_many = False
    says: tuple[str, ...] = ()

    gave = Signal(object)
    went_on = Signal()
    finished = Signal()
    moved = Signal(int)
    typing = Signal()
    wrong = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.why = ""
        self._held: tuple[Answer, ...] = ()
        self._resumed = False
        self.wrong.connect(self._complain)

    def _complain(self, why: str) -> None:
        self.why = why
        self._resumed = False

    def keeps(self, answers: tuple[Answer, ...]) -> bool:
        """Whether what stands in it is no answer and stays, until it is mended or the question is answered anew."""
        if self._held != answers:
            self.why = ""
            self._resumed = False
        return bool(self.why) or self._resumed

    @property
    def words(self) -> str:
        """What is typed in it."""
        return ""

    @property
    def blank(self) -> bool:
        """Whether nothing stands in it."""
        return not self.words

    def go_on(self, words: str) -> None:
        """Have these words in it, which were begun before and are not given by this."""

    def show_answers(self, answers: tuple[Answer, ...], chosen: bool) -> None:
        """Show what is answered; ``chosen`` says that one of the buttons beside it is. What is being typed stays."""
        raise NotImplementedError

    def commit(self) -> None:
        """Give what stands in it."""
        raise NotImplementedError


class Unscrolled(QComboBox):
    """Choices that the wheel scrolls past instead of changing them."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def line_in(widget: QWidget) -> QHBoxLayout:
    """A line for the parts of a field."""
    line = QHBoxLayout(widget)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(current().space.s)
    return line
