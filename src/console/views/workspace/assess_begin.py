"""The forms that can be begun: for whom each is, what withholds one, and a blank one for paper."""

from collections.abc import Iterable, Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from console.forms.library import installed
from console.queries.library import Askable
from console.views.theme import Type
from console.views.widgets import ActionButton, Card, Look, SectionHeader, Text, Tone, named
from console.views.workspace.section import flowing

FIRST = "imminent-risk"
_ASKED = ("the person", "the caller (third party)", "an officer on scene", "from what was heard")


class BeginList(QWidget):
    """Signals: ``begun`` and ``wanted_blank`` (short name of a form); ``changed`` when other forms are listed."""

    begun = Signal(str)
    wanted_blank = Signal(str)
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(SectionHeader("Begin"))
        self.asked_of = named(QComboBox(), "Asked of")
        self.asked_of.addItems(list(_ASKED))
        column.addWidget(flowing(Text("Asked of", tone=Tone.MUTED), self.asked_of))
        self.begins: dict[str, ActionButton] = {}
        self.blanks: dict[str, ActionButton] = {}
        self._askable: dict[str, Askable] = {}
        self._cards: dict[str, Card] = {}
        self._cautions: dict[str, Text] = {}
        self._list = QVBoxLayout()
        column.addLayout(self._list)
        # Ahead of the first page, which says what else there is and what is withheld.
        self.show_forms(Askable(form.name, form.questionnaire.title, form, "") for form in installed().forms.values())

    def form(self, name: str) -> Askable:
        """What is said of a form that is listed."""
        return self._askable[name]

    def show_forms(self, askable: Iterable[Askable]) -> None:
        """A card for each form that there is; only those of which something else is said now are made anew."""
        wanted = {each.name: each for each in sorted(askable, key=_order)}
        for name in [name for name, each in self._askable.items() if wanted.get(name) != each]:
            card = self._cards.pop(name)
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()
            del self.begins[name], self.blanks[name], self._cautions[name]
        changed = bool(self._askable) and self._askable != wanted
        self._askable = wanted
        for at, (name, each) in enumerate(wanted.items()):
            if name not in self._cards:
                self._cards[name] = self._card(each)
                self._list.insertWidget(at, self._cards[name])
        if changed:
            self.changed.emit()

    def show_cautions(self, cautions: Mapping[str, str]) -> None:
        """Say what is against a form with this person, by its short name. It can be begun all the same."""
        for name, line in self._cautions.items():
            line.setText(cautions.get(name, ""))
            line.setVisible(bool(line.text()))

    def _card(self, askable: Askable) -> Card:
        card, form = Card(), askable.form
        begin = ActionButton(f"Begin: {askable.title}", key="Ctrl Enter" if askable.name == FIRST else "")
        begin.clicked.connect(partial(self._begin, askable.name))
        begin.setEnabled(not askable.why_not)
        blank = ActionButton("Blank form…", look=Look.QUIET, name=f"Save a blank form for paper: {askable.title}")
        blank.clicked.connect(partial(self._blank, askable.name))
        self.begins[askable.name], self.blanks[askable.name] = begin, blank
        card.body.addWidget(flowing(begin, blank))
        blank.setHidden(form is None or bool(askable.why_not))
        caution = self._cautions[askable.name] = Text(role=Type.SMALL, tone=Tone.WARN, wrap=True)
        caution.hide()
        card.body.addWidget(caution)
        if askable.why_not:
            card.body.addWidget(Text(askable.why_not, Type.SMALL, Tone.WARN, wrap=True))
        if form is not None and form.bound is not None:
            told = form.bound.instrument.validity
            line = " · ".join(part for part in (told.setting, told.ages, told.phone, told.recall) if part)
            card.body.addWidget(Text(line, Type.SMALL, Tone.TEXT, wrap=True))
            for caveat in told.caveats:
                card.body.addWidget(Text(caveat, Type.SMALL, Tone.MUTED, wrap=True))
            card.body.addWidget(Text(form.bound.instrument.rights.notice, Type.CAPTION, Tone.MUTED, wrap=True))
        return card

    def _begin(self, name: str, *_: object) -> None:
        self.begun.emit(name)

    def _blank(self, name: str, *_: object) -> None:
        self.wanted_blank.emit(name)


def _order(askable: Askable) -> tuple[bool, str]:
    return askable.name != FIRST, askable.title.casefold()
