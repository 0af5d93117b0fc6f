"""A field for long lists: options are found by typing any part of them."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractProxyModel, QEvent, QModelIndex, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QSizePolicy

from console.forms.asking.present import Choice as Option
from console.forms.asking.present import Row
from console.forms.look import Control
from console.forms.model import Answer, NonAnswer
from console.forms.values import equal, values
from console.views.widgets import named
from console.views.workspace.entry import ENTER, Entry, Unscrolled, line_in
from console.views.workspace.typed import as_typed

_LONG_LIST = 12
"""Options beyond which they are found by typing instead of standing beside each other."""


def is_long(row: Row) -> bool:
    """Whether the options of a question are found by typing."""
    listed = row.control in (Control.DROP_DOWN, Control.AUTOCOMPLETE) and len(row.choices) > 6
    return listed or len(row.choices) > _LONG_LIST


class PickBox(Unscrolled):
    """A long list, found by typing any part of an option. ``picked`` (the place of an option in the list)."""

    picked = Signal(int)
    went_on = Signal()
    finished = Signal()
    moved = Signal(int)

    def __init__(self, labels: Sequence[str], name: str, hint: str) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMaxVisibleItems(12)
        self.addItems(list(labels))
        self.setCurrentIndex(-1)
        self._line().setPlaceholderText(hint)
        named(self, name)
        named(self._line(), name)
        finder = QCompleter(self.model(), self)
        finder.setFilterMode(Qt.MatchFlag.MatchContains)
        finder.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        finder.setMaxVisibleItems(12)
        finder.activated[QModelIndex].connect(self._found)  # type: ignore[index]  # the stubs know no overloads
        self.setCompleter(finder)
        self.activated.connect(self.picked)

    def _line(self) -> QLineEdit:
        line = self.lineEdit()
        assert line is not None
        return line

    def _found(self, index: QModelIndex) -> None:
        finder = self.completer()
        assert finder is not None
        proxy = finder.completionModel()
        assert isinstance(proxy, QAbstractProxyModel)
        self.picked.emit(proxy.mapToSource(index).row())

    def meant(self, *, whole: bool) -> int | None:
        """The place of the option that is typed: in other capitals, too, or, unless only the ``whole`` label counts,
        the only one that has what is typed in it. Of several with the same label the one that was picked.
        """
        text = self.currentText().strip().lower()
        labels = [self.itemText(at).strip().lower() for at in range(self.count())]
        if text and 0 <= self.currentIndex() < len(labels) and labels[self.currentIndex()] == text:
            return self.currentIndex()
        same = [at for at, label in enumerate(labels) if label == text]
        if same or not text or whole:
            return same[0] if len(same) == 1 else None
        found = [at for at, label in enumerate(labels) if text in label]
        return found[0] if len(found) == 1 else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        plain, with_control = held == Qt.KeyboardModifier.NoModifier, held == Qt.KeyboardModifier.ControlModifier
        if event.key() in ENTER and (plain or with_control):
            if not event.isAutoRepeat():
                (self.finished if with_control else self.went_on).emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and plain:
            self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif with_control and (event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown) or event.text().isdigit()):
            event.ignore()
        else:
            super().keyPressEvent(event)


class PickEntry(Entry):
    """One, or several, of a long list of options; where the form takes it, something else in words."""

    one_of_many = True

    def __init__(self, row: Row, name: str) -> None:
        super().__init__()
        self._options: tuple[Option, ...] = row.choices
        self._repeats, self._open = row.repeats, row.open
        other = f", or {row.open_label or 'something else'}" if row.open else ""
        hint = row.placeholder or f"Type to find one of {len(row.choices)}{other}"
        self.box = PickBox([each.label for each in row.choices], name, hint)
        self.box.picked.connect(self._picked)
        self.box.went_on.connect(self._enter)
        self.box.finished.connect(self._finish)
        self.box.moved.connect(self.moved)
        self.box.editTextChanged.connect(self._typed)
        self.box.installEventFilter(self)
        line_in(self).addWidget(self.box, 1)
        self.setFocusProxy(self.box)

    @property
    def words(self) -> str:
        return self.box.currentText().strip()

    def go_on(self, words: str) -> None:
        self._put(words)
        self._read(words)
        self._resumed = not self.why

    def show_answers(self, answers: tuple[Answer, ...], chosen: bool) -> None:
        kept = self.keeps(answers)
        self._held = answers
        if not kept and not self._repeats and not self.box.hasFocus():
            self._put(next((each for each in answers if not isinstance(each, NonAnswer)), None))

    def _put(self, answer: Answer | None) -> None:
        at = next((at for at, each in enumerate(self._options) if each.answer == answer), -1)
        with QSignalBlocker(self.box):
            self.box.setCurrentIndex(at)
            self.box.setEditText("" if answer is None else as_typed(answer) if at < 0 else self._options[at].label)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        gone = event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent)
        if gone and isinstance(event, QFocusEvent) and event.reason() != Qt.FocusReason.PopupFocusReason:
            self.commit()
        return False

    def commit(self) -> None:
        text = self.box.currentText().strip()
        if not text:
            self.wrong.emit("")
            if not self._repeats and not any(isinstance(each, NonAnswer) for each in self._held):
                self.gave.emit(None)
            return
        answer = self._read(text)
        if answer is None:
            return
        if self._repeats:
            self._put(None)
            if any(equal(each, answer) for each in values(self._held) if not isinstance(answer, NonAnswer)):
                return
        else:
            self._put(answer)
        self.gave.emit(answer)

    def _read(self, text: str) -> Answer | None:
        """What is typed as an answer; None where it is none, which is said."""
        at = self.box.meant(whole=self._open)
        if at is None and not self._open:
            self.wrong.emit(f"{text!r} is none of the options, or several. Alt+Down shows them all.")
            return None
        self.wrong.emit("")
        return text if at is None else self._options[at].answer

    def _picked(self, at: int) -> None:
        self.box.setCurrentIndex(at)
        self.commit()

    def _enter(self) -> None:
        typed = not self.blank
        self.commit()
        if not (self._repeats and typed):
            self.went_on.emit()

    def _finish(self) -> None:
        self.commit()
        self.finished.emit()

    def _typed(self) -> None:
        if self.box.hasFocus():
            self.typing.emit()
