"""One fact: suggestions in one key, the words, who told it. What is not known says UNKNOWN."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from console.handoff.fields import SOURCES
from console.views.theme import Type, current, watch
from console.views.widgets import ChoiceRow, Text, Tone, named, numbered, tip
from console.views.widgets.lines_edit import LinesEdit, counted

LABEL_WIDTH = 96
PAUSE_MS = 1500
"""How long typing must rest before a fact is stated; leaving the field or Ctrl+Enter states it at once."""


def source_model(parent: QObject) -> QStandardItemModel:
    """Who can have told a fact: one list for the combos of all rows."""
    model = QStandardItemModel(parent)
    for each in SOURCES:
        item = QStandardItem(each.tag)
        item.setData(each.id, Qt.ItemDataRole.UserRole)
        tip(item, each.label)
        model.appendRow(item)
    return model


class FactRow(QWidget):
    """Asks one thing. ``stated`` carries field, value and source id whenever a person said something new.

    ``typed`` says that something stands here which was not stated yet, ``settled`` that nothing does any more.
    """

    stated = Signal(str, str, str)
    typed = Signal(str)
    settled = Signal(str)

    def __init__(
        self,
        field: str,
        name: str,
        label: str,
        prompt: str,
        suggestions: Sequence[str],
        *,
        sources: QStandardItemModel,
        source: str = "caller",
        longest: int = 400,
        lines: bool = False,
    ) -> None:
        super().__init__()
        self.field = field
        self.setAccessibleName(name)
        self._default, self._longest = source, longest
        self._entered = ""
        self._entered_source = ""
        self._sent = ("", "")
        self._resumed = False
        self._quiet = False
        self._label = Text(label or name, Type.MEDIUM, wrap=True)
        tip(self._label, prompt)
        self._told = Text(role=Type.CAPTION, tone=Tone.MUTED)
        self._under = Text(role=Type.CAPTION, tone=Tone.MUTED, wrap=True)
        self.chips: ChoiceRow | None = None
        if suggestions:
            self.chips = ChoiceRow(f"{name}: {prompt}", numbered([(each, each) for each in suggestions]))
            self.chips.changed.connect(self._picked)
        self.edit = LinesEdit(f"{name}: {prompt}", f"UNKNOWN · {prompt}", least=1, most=6 if lines else 3)
        self.edit.textChanged.connect(self._changed)
        self.edit.left.connect(self.commit)
        self.edit.entered.connect(self._enter)
        self.source = named(QComboBox(), f"{name}: who told it")
        self.source.setModel(sources)
        self.source.setMinimumContentsLength(8)
        self.source.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.source.activated.connect(self.commit)
        self._timer = QTimer(self)
        self._timer.setObjectName(f"fact-{field}")
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.commit)
        self._line = QHBoxLayout()
        self._line.addWidget(self._label, 0, Qt.AlignmentFlag.AlignTop)
        self._line.addWidget(self.edit, 1)
        self._line.addWidget(self.source, 0, Qt.AlignmentFlag.AlignTop)
        self._below = QHBoxLayout()
        if self.chips is not None:
            self._below.addWidget(self.chips, 1)
        else:
            self._below.addStretch(1)
        self._below.addWidget(self._told, 0, Qt.AlignmentFlag.AlignTop)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._line)
        self._column.addLayout(self._below)
        self._column.addWidget(self._under)
        self._told.hide()
        self._under.hide()
        self.show_fact("", "", "")
        watch(self._restyle)

    @property
    def pending(self) -> bool:
        """Whether something stands here that was not stated yet."""
        return self.edit.text().strip() != self._entered

    @property
    def under(self) -> str:
        """What the row says beside the fact: what is wrong, what somebody else said meanwhile, or who stated it."""
        return self._under.text() or self._told.text()

    def clear(self) -> None:
        """Another page: nothing is known yet."""
        self._resumed = False
        self._timer.stop()
        self._entered = self._entered_source = ""
        self._sent = ("", "")
        self._put("")
        self.show_fact("", "", "")

    def show_fact(self, value: str, source: str, told: str) -> None:
        """Show what the record says. Words being typed are left alone; the record's words then stand under them."""
        pending = self.pending
        before = self._entered
        self._entered, self._entered_source = value, source
        if (value, source) != self._sent:
            self._sent = ("", "")
        if not pending or self.edit.text().strip() == value:
            if self.edit.text().strip() != value:
                self._put(value)
            at = self.source.findData(source or self._default)
            if at >= 0 and not self.source.hasFocus():
                self.source.setCurrentIndex(at)
            self._tell(told)
        elif value not in (before, self._sent[0]):
            self._say(f"Meanwhile: {value or 'UNKNOWN'} ({told})", Tone.CHANGED)
        self._show_chips()

    def resume(self, text: str, told: str) -> None:
        """Go on with words that were being typed here when the program ended. Looking at them states nothing."""
        self._resumed = True
        self._put(text)
        self._say(told)
        self._show_chips()

    def commit(self, *_: object) -> None:
        """State what stands here, if it is new and the person's own doing now."""
        self._timer.stop()
        if self._resumed:
            return
        value, source = self.edit.text().strip(), self.source.currentData()
        if len(value) > self._longest:
            self._say(f"{len(value):,} characters; at most {self._longest:,} fit. Shorten it.", Tone.WARN)
            return
        known = value == self._entered and (source == self._entered_source or not value)
        if known:
            self.settled.emit(self.field)
        elif (value, source) != self._sent:  # else it is on its way, and only the record settles it
            self._sent = (value, source)
            self.stated.emit(self.field, value, source)

    def refuse(self, words: str) -> None:
        """The record did not take it: it stays here and says so."""
        self._sent = ("", "")
        self._say(f"NOT SAVED: {words}", Tone.DANGER)

    def _enter(self) -> None:
        """Ctrl+Enter: state it as it stands, resumed or not."""
        self._resumed = False
        self.commit()

    def _picked(self, values: tuple[str, ...]) -> None:
        self._resumed = False
        self._put(values[0] if values else "")
        self.commit()

    def _changed(self) -> None:
        if self._quiet:
            return
        self._resumed = False
        self._show_chips()
        length = len(self.edit.text().strip())
        if count := counted(length, self._longest):
            self._say(count, Tone.WARN if length > self._longest else Tone.MUTED)
        elif "characters" in self._under.text():
            self._say("")
        if self.pending:
            self.typed.emit(self.field)
            self._timer.start()
        else:
            self._timer.stop()
            self.settled.emit(self.field)

    def _show_chips(self) -> None:
        if self.chips is not None:
            text = self.edit.text().strip()
            if self.chips.values != ((text,) if text else ()):
                self.chips.set_values((text,))

    def _put(self, text: str) -> None:
        self._quiet = True
        self.edit.set_text(text)
        self._quiet = False

    def _tell(self, told: str) -> None:
        """Who stated it and when, at the end of the row; what was wrong before is over."""
        self._say("")
        self._told.setText(told)
        self._told.setVisible(bool(told))

    def _say(self, words: str, tone: Tone = Tone.MUTED) -> None:
        self._under.set_tone(tone)
        self._under.setText(words)
        self._under.setVisible(bool(words))

    def _restyle(self) -> None:
        theme = current()
        self._column.setContentsMargins(0, theme.space.xs, 0, theme.space.xs)
        self._column.setSpacing(theme.space.xs)
        self._line.setSpacing(theme.space.s)
        self._label.setFixedWidth(theme.px(LABEL_WIDTH))
        self._label.setContentsMargins(0, theme.space.s, 0, 0)
        self._below.setContentsMargins(theme.px(LABEL_WIDTH) + theme.space.s, 0, 0, 0)
        self._below.setSpacing(theme.space.s)
