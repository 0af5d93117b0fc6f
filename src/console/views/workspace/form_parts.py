"""The parts of a form above its questions: which one is shown, how far each is, and where something is open."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from console.views.widgets import PillTabs, named
from console.views.workspace.form_state import Part

_ALARM, _OPEN = "▲", "!"
_FEW, _FEWEST = 20, 12
"""Characters of a part's name that are seen at least, and where all shares one line."""


def standing(part: Part) -> str:
    """How far a part is, in a few characters: ``3/4``, with ▲ for a rule that is met and ! for a required gap."""
    marks = "".join((_ALARM if part.alarmed else "", _OPEN if part.open_required and part.passed else ""))
    return f"{part.answered}/{part.total} {marks}".strip()


def standing_in_words(part: Part) -> str:
    """The same for who hears it."""
    said = [f"{part.answered} of {part.total} answered"]
    if part.alarmed:
        said.append("a rule is met")
    if part.open_required:
        count = len(part.open_required)
        said.append(f"{count} required {'question is' if count == 1 else 'questions are'} open")
    return ", ".join(said)


class PartsBar(QWidget):
    """Chooses among parts: tabs where they fit in one line, else one field. ``chosen`` (which); hidden for one part."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Sections of the form")
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._keys: tuple[tuple[str, str], ...] = ()
        self._shown: object = None
        self._narrow = False
        self.tabs: PillTabs | None = None
        self.chooser = named(QComboBox(), "Section of the form")
        self.chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.chooser.setMinimumContentsLength(_FEW)
        self.chooser.activated.connect(self.chosen)
        self._line.addWidget(self.chooser, 1)
        self._line.addStretch(0)
        self.hide()

    def show_parts(self, parts: Sequence[Part], at: int) -> None:
        """Show how these stand, and which one is shown."""
        shown = ([(part.key, part.title, standing(part)) for part in parts], at)
        if shown == self._shown:
            return
        self._shown = shown
        keys = tuple((part.key, part.title) for part in parts)
        if keys != self._keys:
            self._keys = keys
            self._rebuild(parts)
        assert self.tabs is not None
        self.tabs.set_value(parts[at].key)
        self.tabs.set_counts({part.key: standing(part) for part in parts})
        self.tabs.set_names({part.key: f"{part.heading}, {standing_in_words(part)}" for part in parts})
        for number, part in enumerate(parts):
            words = f"{number + 1} of {len(parts)}: {part.title} · {standing(part)}"
            if self.chooser.itemText(number) != words:
                self.chooser.setItemText(number, words)
        self.chooser.setCurrentIndex(at)
        self.setVisible(len(parts) > 1)
        self._arrange()

    def _rebuild(self, parts: Sequence[Part]) -> None:
        if self.tabs is not None:
            self._line.removeWidget(self.tabs)
            self.tabs.hide()
            self.tabs.deleteLater()
        self.tabs = PillTabs("Sections of the form", [(part.key, part.title) for part in parts], parent=self)
        self.tabs.chosen.connect(self._chose)
        self._line.insertWidget(0, self.tabs)
        self.chooser.clear()
        self.chooser.addItems([part.title for part in parts])

    def _chose(self, key: str) -> None:
        self.chosen.emit(next(at for at, (each, _) in enumerate(self._keys) if each == key))

    def set_narrow(self, narrow: bool) -> None:
        """Keep to one line, whatever the room."""
        self._narrow = narrow
        self.chooser.setMinimumContentsLength(_FEWEST if narrow else _FEW)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        if self.tabs is None:
            return
        fits = self.tabs.sizeHint().width() <= self.width() and not self._narrow
        self.tabs.setVisible(fits)
        self.chooser.setVisible(not fits)
