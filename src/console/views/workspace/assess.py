"""Assessment: choose an instrument, answer it, complete it. Safety first: the imminent-risk form is the default."""

from collections.abc import Iterable
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from console.actions import assessments
from console.errors import KnownError, TryAgain
from console.forms.library import Library, installed
from console.forms.model import Answer
from console.models.assessment import AssessmentState
from console.queries.assessment import answers_of, form_of
from console.queries.library import Askable
from console.queries.workspace import Workspace as Page
from console.views.theme import Type, current
from console.views.widgets import ActionButton, Card, Look, SectionHeader, Text, Tone, named
from console.views.workspace.form_view import AlertCard, FormView, score_words
from console.views.workspace.section import Section, flowing, settle_tab_order
from console.views.workspace.stated import stated_for
from console.views.workspace.work import Work

FIRST = "imminent-risk"
_ASKED = ("the person", "the caller (third party)", "an officer on scene", "from what was heard")


class AssessSection(Section):
    """The instrument in progress, the ones completed, and those one can begin."""

    CODE, TITLE = "assess", "Assess"
    HAS_PRIMARY = False

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self.view: FormView | None = None
        self.assessment: UUID | None = None
        self._started: dict[str, Text] = {}
        self._start_soon = False
        self._saved = ""
        self._complains = False
        self._asked_whom = ""
        self._low = False
        footer = self.footer = QWidget()
        self._footer = QVBoxLayout(footer)
        space = current().space
        self._footer.setContentsMargins(space.l, 0, space.l, space.s)
        footer.hide()
        self._no_encounter = Text(
            "An assessment belongs to an encounter of your own: claim the call (F3) or start one (F4).",
            tone=Tone.WARN,
            wrap=True,
        )
        self.body.addWidget(self._no_encounter)
        self._title = Text(role=Type.HEADING, wrap=True)
        self._progress = Text(role=Type.SMALL, tone=Tone.MUTED, wrap=True)
        self.body.addWidget(self._title)
        self.body.addWidget(self._progress)
        self._place = QVBoxLayout()
        self.body.addLayout(self._place)
        self.complete = ActionButton("Complete", key="Ctrl Enter")
        self.set_level = ActionButton("Go to the level", key="Alt 4")
        self.aside = ActionButton("Set aside", look=Look.QUIET)
        self.complete.clicked.connect(self.commit)
        self.set_level.clicked.connect(self._go_level)
        self.aside.clicked.connect(self._set_aside)
        self._acts = flowing(self.complete, self.set_level, self.aside)
        self.body.addWidget(self._acts)
        self._done_header = SectionHeader("Done before")
        self._done = QVBoxLayout()
        self._cards: dict[UUID, Card] = {}
        self.body.addWidget(self._done_header)
        self.body.addLayout(self._done)
        self._begin_header = SectionHeader("Begin")
        self.body.addWidget(self._begin_header)
        self.asked_of = named(QComboBox(), "Asked of")
        self.asked_of.addItems(list(_ASKED))
        self._asked = flowing(Text("Asked of", tone=Tone.MUTED), self.asked_of)
        self.body.addWidget(self._asked)
        self.begins: dict[str, ActionButton] = {}
        self._forms = QWidget()
        self._column = QVBoxLayout(self._forms)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._askable: dict[str, Askable] = {}
        self._form_cards: dict[str, Card] = {}
        # Ahead of the first page, which says what else there is and what is withheld.
        self._show_forms(Askable(form.name, form.questionnaire.title, form, "") for form in installed().forms.values())
        self.body.addWidget(self._forms)
        self.body.addStretch(1)

    def _show_forms(self, askable: Iterable[Askable]) -> None:
        """A card for each form that there is; only those of which something else is said now are made anew."""
        wanted = {each.name: each for each in sorted(askable, key=_order)}
        for name in [name for name, each in self._askable.items() if wanted.get(name) != each]:
            card = self._form_cards.pop(name)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
            del self.begins[name]
        changed = self._askable and self._askable != wanted
        self._askable = wanted
        for at, (name, each) in enumerate(wanted.items()):
            if name not in self._form_cards:
                self._form_cards[name] = self._form_card(each)
                self._column.insertWidget(at, self._form_cards[name])
        if changed:
            settle_tab_order(self.tab_before or self, self)

    def _form_card(self, askable: Askable) -> Card:
        card, form = Card(), askable.form
        begin = ActionButton(f"Begin: {askable.title}", key="Ctrl Enter" if askable.name == FIRST else "")
        begin.clicked.connect(partial(self.begin, askable.name))
        begin.setEnabled(not askable.why_not)
        self.begins[askable.name] = begin
        card.body.addWidget(flowing(begin))
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

    def opened(self, page: Page) -> None:
        self._start_soon = False
        self._close_view()
        for card in self._cards.values():
            self._done.removeWidget(card)
            card.deleteLater()
        self._cards.clear()

    def _close_view(self) -> None:
        if self.view is not None:
            self.view.flush()
            self._place.removeWidget(self.view)
            self.view.hide()
            self.view.deleteLater()
        self.view = None
        self.assessment = None
        self._alerted()

    def set_low(self, low: bool) -> None:
        if low != self._low:
            self._low = low
            self._alerted()

    def _alerted(self) -> None:
        """The gravest rule that is met stays in view under the questions, so that nothing moves while one answers."""
        while (item := self._footer.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        alerts = self.view.alerts if self.view else ()
        if alerts:
            severity, text = alerts[0]
            more = f"{len(alerts) - 1} more below the questions." if len(alerts) > 1 else ""
            self._footer.addWidget(AlertCard(severity, text, more, one_line=self._low))
        if self.footer is not None:
            self.footer.setVisible(bool(alerts))

    def show_page(self, page: Page) -> None:
        clinical = page.clinical
        own = self.work.encounter is not None
        self._no_encounter.setVisible(not own)
        held = clinical.assessments if clinical else {}
        if clinical is not None:
            self._show_forms(clinical.askable)
        going = [(each, state) for each, state in held.items() if state.completed_at is None and not state.abandoned]
        if self.assessment is not None and self.assessment not in dict(going):
            self._close_view()
        if self.view is None and clinical is not None and going:
            self._open_view(*going[-1], clinical.library)
        if self.view is not None and self.assessment is not None:
            self.view.setEnabled(own)
            facts = page.state.facts if page.state else {}
            self.view.show_stated(stated_for(self.view.form, facts, self.work.clock))
            self.view.show_answers(answers_of(held[self.assessment]))
            self._say_progress(held[self.assessment])
            if self._start_soon:
                self._start_soon = False
                self.view.start()
        for each, state in held.items():
            if clinical and (state.completed_at is not None or state.abandoned) and each not in self._cards:
                self._cards[each] = self._done_card(state, clinical.library)
                self._done.insertWidget(0, self._cards[each])
        self._arrange(own)

    def _arrange(self, possible: bool) -> None:
        going = self.view is not None
        self._title.setVisible(going)
        self._progress.setVisible(going)
        self._acts.setVisible(going and possible)
        self._done_header.setVisible(bool(self._cards))
        for widget in (self._begin_header, self._asked, self._forms):
            widget.setVisible(possible and not going)

    def _open_view(self, assessment: UUID, state: AssessmentState, library: Library) -> None:
        try:
            form = form_of(library, state.form, state.sha256)
        except KnownError as error:
            self.notice.say(error.message)
            return
        self.assessment = assessment
        self.view = FormView(form)
        self.view.gave.connect(self._gave)
        self.view.typing.connect(self._typing)
        self.view.same.connect(self._same)
        self.view.wrong.connect(self._wrong)
        self.view.rebuilt.connect(self._rebuilt)
        self.view.alerted.connect(self._alerted)
        self.view.finished.connect(self.commit)
        self._place.addWidget(self.view)
        self.view.show()
        self._title.setText(form.questionnaire.title)

    def _done_card(self, state: AssessmentState, library: Library) -> Card:
        card = Card()
        form = library.form(state.form, state.sha256) or library.form(state.form)
        title = form.questionnaire.title if form else state.form
        when = self.work.clock(state.completed_at) if state.completed_at else "set aside"
        card.body.addWidget(Text(f"{title} · {when}", Type.STRONG, wrap=True))
        under = " · ".join(
            part for part in (f"asked of {state.asked_of}" if state.asked_of else "", state.abandoned) if part
        )
        if under:
            card.body.addWidget(Text(under, Type.SMALL, Tone.MUTED, wrap=True))
        for score in state.scores:
            card.body.addWidget(Text(score_words(score.name, score.value, score.band, score.reason), wrap=True))
        for alert in state.alerts:
            tone = Tone.DANGER if alert.severity == "alarm" else Tone.WARN
            card.body.addWidget(Text(f"▲ {alert.text}", Type.SMALL, tone, wrap=True))
        return card

    def _say_progress(self, state: AssessmentState) -> None:
        times = [held.at for held in state.answers.values()]
        self._saved = f"saved {self.work.clock(max(times))}" if times else "nothing answered yet"
        self._asked_whom = f"Asked of {state.asked_of}" if state.asked_of else "Asked"
        self._count()

    def _count(self) -> None:
        if self.view is not None:
            answered, total = self.view.count
            self._progress.setText(f"{self._asked_whom} · {answered} of {total} answered · {self._saved}")

    def start(self) -> None:
        if self.view is not None:
            self.view.start()
        elif FIRST in self.begins and self._forms.isVisibleTo(self):
            self.begins[FIRST].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def begin(self, name: str, *_: object) -> None:
        """Open a form in the encounter."""
        encounter = self.work.encounter
        if encounter is None or self.view is not None:
            return
        askable = self._askable[name]
        form = askable.form
        if form is None or askable.why_not:
            self.notice.say(f"{askable.title} cannot be begun. {askable.why_not}")
            return
        self._start_soon = True
        self.do(assessments.begin, encounter, form, self.asked_of.currentText(), then=self._began)

    def _began(self, result: object) -> None:
        self.work.reread.emit()

    def _gave(self, key: str, answers: tuple[Answer, ...]) -> None:
        view, assessment, seat = self.view, self.assessment, self.work.seat
        if view is None or assessment is None:
            return
        self._count()
        job = partial(assessments.answer, seat.desk, seat.sign_in, assessment, view.form, key, answers)
        self.work.saver.keep(self._name(key), job, partial(self._landed, view, key), self._not_kept)

    def _landed(self, view: FormView, key: str, result: object) -> None:
        if view is self.view:
            view.landed(key)
        if self._complains:
            self._complains = False
            self.notice.say("")

    def _not_kept(self, error: KnownError) -> None:
        self._complains = True
        what_to_do = "" if isinstance(error, TryAgain) else " Give the answer again."
        self.notice.say(f"NOT SAVED: {error.message}{what_to_do}")

    def _name(self, key: str) -> str:
        return f"answer:{self.assessment}:{key}"

    def _typing(self, key: str) -> None:
        self.notice.say("")
        self.work.saver.typed(self._name(key))

    def _same(self, key: str) -> None:
        self.work.saver.unchanged(self._name(key))

    def _wrong(self, key: str, why: str) -> None:
        self.work.saver.refuse(self._name(key), why)

    def _rebuilt(self) -> None:
        if self.view is not None:
            settle_tab_order(self.tab_before or self, self)

    def commit(self) -> None:
        if self.view is None:
            self.begin(FIRST)
            return
        if self.assessment is None:
            return
        self.view.flush()
        self.do(assessments.complete, self.assessment, self.view.form, then=self._completed)

    def _completed(self, result: object) -> None:
        self.work.reread.emit()

    def _set_aside(self) -> None:
        if self.assessment is not None:
            self.do(assessments.abandon, self.assessment, "set aside", then=self._completed)

    def flush(self) -> None:
        super().flush()
        if self.view is not None:
            self.view.flush()

    def _go_level(self) -> None:
        self.work.go.emit("level")


def _order(askable: Askable) -> tuple[bool, str]:
    return askable.name != FIRST, askable.title.casefold()
