"""By what a form from outside is scored: as it was recognized, by a key it is tied to by hand, or not at all."""

from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout

from console.bridge.seat import Seat
from console.errors import KnownError
from console.forms.instruments.proposing import Pair, can_be_tied, propose
from console.forms.instruments.ties import Tie, tie_of
from console.forms.library import installed
from console.queries.instruments import Preview, tried
from console.views.instruments.match_fields import MatchFields
from console.views.instruments.wording import reworded_words
from console.views.widgets import ActionButton, Card, Notice, SectionHeader, Text, Tone, named

_UNSCORED = " "
"""In the list of keys: asked without a score."""


class ScoringCard(Card):
    """Signals: ``wanted`` (a :class:`Tie`, or None for what the file says) when the person says what it is scored by.

    Whoever hears it reads the form anew and calls :meth:`tell` or :meth:`refuse`.
    """

    wanted = Signal(object)

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self._seat = seat
        self._opened: Preview | None = None
        self._turn = 0
        self._open = self._reworded = False
        self.body.addWidget(SectionHeader("Scored by"))
        self.key = named(QComboBox(), "What it is scored by")
        self.key.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.key.setMinimumContentsLength(12)
        self.key.activated.connect(self._chosen)
        self.body.addWidget(self.key)
        self.match = MatchFields()
        self.match.changed.connect(self._changed)
        self.body.addWidget(self.match)
        self.words = Text(tone=Tone.WARN, wrap=True)
        self.body.addWidget(self.words)
        words = "Score it, and call it reworded"
        self.admit = named(QCheckBox(words), words, "The published validity does not hold")
        self.admit.clicked.connect(self._ask)
        self.body.addWidget(self.admit)
        self.said = Notice()
        self.body.addWidget(self.said)
        self.use = ActionButton("Use this match")
        self.use.clicked.connect(self._use)
        line = QHBoxLayout()
        line.addWidget(self.use)
        line.addStretch(1)
        self.body.addLayout(line)
        self.gives = Text(wrap=True)
        self.body.addWidget(self.gives)

    def begin(self, found: Preview) -> None:
        """A file was opened: say what it is scored by as it came."""
        self._opened = found
        self._turn += 1
        bound = found.package.form.bound
        title = bound.instrument.title if bound else ""
        known = bound is not None and bool(bound.links)
        came = f"{title}, {'as the file beside it says' if found.package.form.description else 'known by its codes'}"
        with QSignalBlocker(self.key):
            self.key.clear()
            own = "What the form says itself" if found.scores else "Nothing: it gives no score"
            self.key.addItem(came if known else own, "")
            if known:
                self.key.addItem("Nothing: ask it without a score", _UNSCORED)
            for name, instrument in installed().instruments.items():
                if can_be_tied(instrument):
                    self.key.addItem(f"{instrument.title}, matched by hand", name)
        self.use.hide()
        self.tell(found)

    def tell(self, found: Preview) -> None:
        """What the form gives as it is scored now."""
        bound = found.package.form.bound
        self._open = False
        self.match.hide()
        self.use.set_words("Change the match")
        self.said.say("")
        words = reworded_words(found)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self._reworded = bound is not None and bool(bound.reworded)
        self.admit.setVisible(bool(words))
        self.admit.setChecked(bound is not None and bound.admitted)
        self._show_gives(found.gives)

    def refuse(self, error: KnownError) -> None:
        """Say why it cannot be scored so."""
        self.said.say(error.message, Tone.DANGER)

    def ask_missing(self) -> bool:
        """Go to what has to be said before the form comes in, say what that is, and whether there is something."""
        if self._open:
            self.use.setFocus()
            self.said.say("Say first which question is which, and press Use this match.")
        elif self._reworded and not self.admit.isChecked():
            self.admit.setFocus()
            self.said.say("Its words are not the published ones. Tick this, or choose above to ask it without a score.")
        else:
            return False
        return True

    def _show_gives(self, lines: tuple[str, ...]) -> None:
        self.gives.setText("\n".join(("What it gives:", *lines)))
        self.gives.setVisible(bool(lines))

    def _chosen(self) -> None:
        opened, key = self._opened, self.key.currentData()
        if opened is None:
            return
        self._turn += 1
        self._open = key not in ("", _UNSCORED)
        for part in (self.match, self.use, self.words, self.admit, self.gives):
            part.hide()
        self.admit.setChecked(False)
        if not self._open:
            self._ask()
            return
        instrument, q = installed().instruments[key], opened.package.form.questionnaire
        job = partial(propose, instrument, installed().published(key), q)
        self._seat.bridge.read(self, job, partial(self._proposed, self._turn, opened), self.refuse)

    def _proposed(self, turn: int, opened: Preview, pairs: tuple[Pair, ...]) -> None:
        if turn == self._turn:
            instrument = installed().instruments[self.key.currentData()]
            self.match.show_pairs(instrument, opened.package.form.questionnaire, pairs)
            self._changed()

    def _changed(self) -> None:
        """Something is matched anew: show what it would give; it counts when the person says so."""
        self._turn += 1
        self._open = True
        self.match.show()
        self.use.show()
        self.use.set_words("Use this match")
        for part in (self.words, self.admit, self.gives):
            part.hide()
        missing = self.match.missing
        if missing or self._opened is None:
            self.said.say(f"Not found: {', '.join(missing)}. Choose the question for each.")
            return
        self.said.say("Check that each question is the right one, then press Use this match.")
        job = partial(tried, self._opened.package.form, self._tie())
        self._seat.bridge.read(self, job, partial(self._tried, self._turn), partial(self._not_tried, self._turn))

    def _tried(self, turn: int, lines: tuple[str, ...]) -> None:
        if turn == self._turn:
            self._show_gives(lines)

    def _not_tried(self, turn: int, error: KnownError) -> None:
        if turn == self._turn:
            self.refuse(error)

    def _tie(self) -> Tie:
        return Tie(self.key.currentData(), self.match.links, dict(self.match.states), reworded=self.admit.isChecked())

    def _use(self) -> None:
        """Use what is matched, or go back to it."""
        if self._open:
            self._ask()
        else:
            self._changed()

    def _ask(self) -> None:
        """Have the form read as what was said of it."""
        opened, key = self._opened, self.key.currentData()
        if opened is None:
            return
        bound = opened.package.form.bound
        reworded = not self.admit.isHidden() and self.admit.isChecked()
        if key == _UNSCORED and bound is not None:
            self.wanted.emit(Tie(bound.instrument.name, unscored=True))
        elif key:
            self.wanted.emit(self._tie())
        elif bound is not None and reworded != bound.admitted:
            self.wanted.emit(replace(tie_of(bound), reworded=reworded))
        else:
            self.wanted.emit(None)
