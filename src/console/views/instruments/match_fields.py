"""Which question of a form each question of a key is, and what its answers mean: filled in as far as can be guessed."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from console.forms.instruments.description import Instrument
from console.forms.instruments.proposing import STATES, Pair, candidates, meaning, needs_answers, options_of
from console.forms.model import Item, Questionnaire
from console.views.theme import Type, current, watch
from console.views.widgets import SectionHeader, Text, Tone, named

NONE = "none of the form's questions"


class MatchFields(QWidget):
    """Signals: ``changed`` when a person chose another question or meaning."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._instrument: Instrument | None = None
        self._q: Questionnaire | None = None
        self._pairs: Sequence[Pair] = ()
        self.items: dict[str, QComboBox] = {}
        self.meanings: dict[str, QComboBox] = {}
        self._questions = QWidget()
        self._answers = QWidget()
        for part in (self._questions, self._answers):
            self._column.addWidget(part)
        watch(self._restyle)

    def show_pairs(self, instrument: Instrument, q: Questionnaire, pairs: Sequence[Pair]) -> None:
        """Show every item of a key with the item of the form that it seems to be."""
        self._instrument, self._q, self._pairs = instrument, q, pairs
        self.items = {}
        self._questions, column = self._anew(self._questions)
        some, every = _listed(candidates(q)), _listed(candidates(q, result=True))
        for pair in pairs:
            words = "The item that takes the result, if there is one" if pair.result else pair.words
            box = self.items[pair.key] = _box(f"Which question is: {words}")
            box.setModel(every if pair.result else some)
            box.setCurrentIndex(max(0, box.findData(pair.item)))
            box.activated.connect(self._chosen)
            column.addWidget(Text(words, Type.STRONG, wrap=True))
            column.addWidget(box)
            found = f"found by {pair.by}" if pair.by else "" if pair.result else "not found: choose it"
            box.setAccessibleDescription(found)
            if found:
                column.addWidget(Text(found, Type.SMALL, Tone.MUTED if pair.by else Tone.WARN))
            column.addSpacing(current().space.s)
        self._show_meanings()

    @property
    def missing(self) -> list[str]:
        """The items of the key that have no question yet."""
        return [pair.key for pair in self._pairs if not pair.result and not self.items[pair.key].currentData()]

    @property
    def links(self) -> dict[str, str]:
        """Item of the key → item of the form, as it is chosen."""
        return {key: box.currentData() for key, box in self.items.items() if box.currentData()}

    @property
    def states(self) -> Mapping[str, tuple[str, ...]]:
        """Meaning → the options that have it, as it is chosen."""
        found: dict[str, tuple[str, ...]] = {}
        for option, box in self.meanings.items():
            if state := box.currentData():
                found[state] = (*found.get(state, ()), option)
        return found

    def _chosen(self) -> None:
        self._show_meanings()
        self.changed.emit()

    def _show_meanings(self) -> None:
        """The answers of the chosen questions; what was said of one stays."""
        assert self._q is not None
        assert self._instrument is not None
        asked = [self.items[pair.key].currentData() for pair in self._pairs if not pair.result]
        options = options_of(self._q, asked) if needs_answers(self._instrument) else {}
        if list(options) == list(self.meanings):
            return
        said = {option: box.currentData() for option, box in self.meanings.items()}
        self.meanings = {}
        self._answers, column = self._anew(self._answers)
        if options:
            column.addWidget(SectionHeader("What the answers mean"))
        for option, label in options.items():
            box = self.meanings[option] = _box(f"What the answer “{label}” means")
            box.addItem("choose what it means", "")
            for state, words in STATES.items():
                box.addItem(words, state)
            box.setCurrentIndex(max(0, box.findData(said.get(option) or meaning(self._instrument, option, label))))
            box.activated.connect(self.changed)
            column.addWidget(Text(f"“{label}” means", Type.STRONG, wrap=True))
            column.addWidget(box)

    def _anew(self, old: QWidget) -> tuple[QWidget, QVBoxLayout]:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current().space.xs)
        self._column.replaceWidget(old, made)
        old.hide()
        old.deleteLater()
        return made, column

    def _restyle(self) -> None:
        self._column.setSpacing(current().space.m)


def _listed(items: Sequence[Item]) -> QStandardItemModel:
    """The questions to choose from: one list for all the boxes."""
    model = QStandardItemModel()
    none = QStandardItem(NONE)
    none.setData("", Qt.ItemDataRole.UserRole)
    model.appendRow(none)
    for item in items:
        row = QStandardItem(f"{item.label}  {item.text}" if item.text else item.label)
        row.setData(item.link_id, Qt.ItemDataRole.UserRole)
        model.appendRow(row)
    return model


def _box(name: str) -> QComboBox:
    box = named(QComboBox(), name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(12)
    return box
