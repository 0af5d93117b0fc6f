"""What stands above the questions of an assessment and does not scroll: which form, how far, which part, and Sign."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QLocale, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout

from console.models.assessment import AssessmentState
from console.views.theme import Type, current, watch
from console.views.widgets import ActionButton, Card, ElidedText, FewLines, PillTabs, Tone, named
from console.views.workspace.assess_caution import Caution
from console.views.workspace.form_parts import PartsBar
from console.views.workspace.form_view import FormView
from console.views.workspace.section import Edge, Section

ANOTHER = ""
TIGHT_UNDER = 560
"""The height of the section under which what can be missed gives way to the questions."""
_MOST_LINES = 3
"""That the banner takes: a reason of any length leaves room for the questions."""


class AssessHead(Edge):
    """The head of the form that is answered.

    Signals: ``turned`` (id of an open assessment, "" for the list of forms), ``spoke`` (language).
    """

    turned = Signal(str)
    spoke = Signal(str)

    def __init__(self, section: Section) -> None:
        super().__init__(section)
        self.setAccessibleName("Assessment")
        self._open: tuple[tuple[str, str], ...] = ()
        self._low = False
        self._settled: tuple[bool, bool, bool] | None = None
        self.open_forms: PillTabs | None = None
        self.banner = Card(Tone.WARN)
        self._amending = FewLines(role=Type.STRONG, tone=Tone.WARN, most=_MOST_LINES)
        self.banner.body.addWidget(self._amending)
        self.banner.hide()
        self.language = named(QComboBox(), "Language of the form")
        self.language.activated.connect(self._speak)
        self.sign = ActionButton("Sign", key="Ctrl Enter")
        self.progress = ElidedText(role=Type.SMALL, tone=Tone.MUTED)
        self.caution = Caution()
        self.parts = PartsBar()
        self._column = QVBoxLayout(self)
        self._line = QHBoxLayout()
        self._line.addStretch(1)
        self._line.addWidget(self.language)
        self._line.addWidget(self.sign)
        self._column.addLayout(self._line)
        for part in (self.banner, self.progress, self.caution, self.parts):
            self._column.addWidget(part)
        self.language.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.language.setMinimumContentsLength(7)
        self.setMinimumWidth(1)  # it is cut before it would widen the page
        self.hide()
        watch(self._restyle)

    def show_open(self, forms: Sequence[tuple[str, str]], here: str) -> None:
        """The open assessments by id and title, and which one is shown; "" is the list of forms to begin."""
        tabs = (*forms, (ANOTHER, "Another" if self._low else "Begin another"))
        if tabs != self._open:
            self._open = tabs
            if self.open_forms is not None:
                self.open_forms.hide()
                self.open_forms.deleteLater()
            self.open_forms = PillTabs("Open assessments", tabs, parent=self)
            self.open_forms.chosen.connect(self.turned)
            self._settled = None
        assert self.open_forms is not None
        self.open_forms.set_value(here)
        self._arrange(here)

    def _arrange(self, here: str) -> None:
        self.sign.setVisible(here != ANOTHER)
        self.progress.setVisible(here != ANOTHER and not self._low)
        self.language.setVisible(here != ANOTHER and self.language.count() > 1)
        if here == ANOTHER:
            self.parts.hide()
            self.banner.hide()
        self._settle()

    def show_standing(self, view: FormView, state: AssessmentState, clock: Callable[[datetime], str]) -> None:
        """How the form stands that is answered: its parts, how far it is, and whether it amends what was signed."""
        self._show_languages(view.form.questionnaire.languages, view.state.language)
        self.parts.show_parts(view.parts, view.at)
        times = [held.at for held in state.answers.values()]
        newest = f"last answer {clock(max(times))}" if times else "nothing answered yet"
        whom = f"asked of {state.asked_of}" if state.asked_of else "asked"
        answered, total = view.count
        amends = "AMENDING · " if state.amending and self._tight else ""
        self.progress.setText(f"{amends}{answered} of {total} answered · {whom} · {newest} · {view.state.page.title}")
        self.progress.set_tone(Tone.WARN if amends else Tone.MUTED)
        signed = clock(state.completed_at) if state.completed_at else ""
        reason = state.amending.reason if state.amending else ""
        standing = f"AMENDING what was signed {signed}: {reason}. That stands until you sign again."
        self._show_amending(standing if state.amending else "")
        self._settle()

    def _show_languages(self, languages: Sequence[str], spoken: str) -> None:
        """The languages the form has words in; a choice only where there are several."""
        if [self.language.itemData(at) for at in range(self.language.count())] != list(languages):
            self.language.clear()
            for each in languages:
                self.language.addItem(QLocale.languageToString(QLocale(each.replace("-", "_")).language()), each)
        self.language.setCurrentIndex(max(self.language.findData(spoken), 0))

    def _show_amending(self, words: str) -> None:
        """Say that what was signed is being amended; "" when it is not."""
        self._amending.setText(words)
        self.banner.setAccessibleName(words)
        self.banner.setVisible(bool(words))
        self.sign.set_words("Sign the amendment" if words and not self._low else "Sign")

    def set_low(self, low: bool) -> None:
        """Say whether there is little height."""
        if low != self._low:
            self._low = low
            self.parts.set_narrow(low)
            self.sign.show_key(not low)
            self.progress.setHidden(low or self.sign.isHidden())
        self._settle()
        self._restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle()

    @property
    def _tight(self) -> bool:
        place = self.parentWidget()
        return self._low or (place is not None and place.height() < current().px(TIGHT_UNDER))

    def _fits(self) -> bool:
        """Whether the open assessments stand in one line with what is done with the one that is shown."""
        forms = self.open_forms.sizeHint().width() if self.open_forms is not None else 0
        beside = [each.sizeHint().width() for each in (self.language, self.sign) if not each.isHidden()]
        gaps = current().space.s * (len(beside) + 1) + 2 * current().space.l
        return forms + sum(beside) + gaps <= self.width()

    def _settle(self) -> None:
        """Put the parts where there is room for them.

        Where there is little, a caution and what is said of an amendment scroll with the questions; the line of the
        progress, or the foot, keeps a word of it. Where there is least, all else is one line.
        """
        beside, tight = self._low or self._fits(), self._tight
        if self.open_forms is None or (self._low, beside, tight) == self._settled:
            return
        self._settled = self._low, beside, tight
        if beside:
            self._line.insertWidget(0, self.open_forms, 20)
            self._column.addWidget(self.progress)
        else:
            self._column.insertWidget(0, self.open_forms)
            self._line.insertWidget(0, self.progress, 20)
        if tight:
            self._section.body.insertWidget(1, self.banner)
            self._section.body.insertWidget(2, self.caution)
        else:
            self._column.insertWidget(self._column.indexOf(self._line) + 1, self.banner)
            self._column.addWidget(self.caution)
        if self._low:
            self._line.insertWidget(self._line.indexOf(self.language), self.parts, 10)
        else:
            self._column.addWidget(self.parts)

    def _speak(self, at: int) -> None:
        self.spoke.emit(self.language.itemData(at))

    def _restyle(self) -> None:
        space = current().space
        edge = space.xs if self._low else space.s
        self._column.setContentsMargins(space.l, edge, space.l, edge)
        self._column.setSpacing(space.xs)
        self.banner.body.setContentsMargins(space.m, space.s, space.m, space.s)
        self._line.setSpacing(space.s)
        self.setMaximumWidth(current().px(Section.WIDEST))
