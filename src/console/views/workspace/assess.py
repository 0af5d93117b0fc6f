"""Assessment: choose an instrument, answer it, sign it, amend it. Safety first: imminent risk is the default.

Several can be open at once: an ASQ while imminent risk is. What was answered is in the record at once, so each goes on
where one stopped, also after a restart and at another desk.
"""

from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from console.actions import assessments
from console.errors import KnownError, TryAgain
from console.forms.library import Form
from console.forms.model import Answer
from console.models.assessment import AssessmentState
from console.queries.assessment import answers_of, form_of
from console.queries.workspace import Clinical
from console.queries.workspace import Workspace as Page
from console.views.widgets import ActionButton, Look, Text, Tone
from console.views.workspace.assess_begin import FIRST, BeginList
from console.views.workspace.assess_done import BeforeLines, DoneList, before_lines, title_of
from console.views.workspace.assess_drafts import HalfTyped
from console.views.workspace.assess_files import Files
from console.views.workspace.assess_foot import AssessFoot
from console.views.workspace.assess_head import ANOTHER, AssessHead
from console.views.workspace.form_view import FormView
from console.views.workspace.section import Section, flowing, settle_tab_order
from console.views.workspace.stated import stated_for
from console.views.workspace.strip import Words
from console.views.workspace.typing_box import Submitted
from console.views.workspace.work import Work
from wire.envelope import uuid7


class AssessSection(Section):
    """The instruments in progress, the ones done, and those one can begin."""

    CODE, TITLE = "assess", "Assess"
    HAS_PRIMARY = False

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self.views: dict[UUID, FormView] = {}
        self.assessment: UUID | None = None
        self._stuck: UUID | None = None  # in progress, by a form or a key that is not here any more
        self._awaited: UUID | None = None  # begun here, or amended: shown as soon as a page has it
        self._another = self._complains = False
        self._half = HalfTyped(work)
        self.head = self.header = AssessHead(self)
        self.head.turned.connect(self._turn)
        self.head.spoke.connect(self._speak)
        self.head.sign.clicked.connect(self.commit)
        self.head.parts.chosen.connect(self._enter_part)
        self.foot = self.footer = AssessFoot(self, work)
        self.foot.sign.signed.connect(self._sign)
        self.foot.sign.jumped.connect(self._jump)
        self.foot.sign.unasked.connect(self._say_unasked)
        self.foot.sign.left.connect(self._not_signed)
        self.foot.strip.closed.connect(self._settle_focus)
        self._no_encounter = Text(
            "An assessment belongs to an encounter of your own: claim the call (F3) or start one (F4).",
            tone=Tone.WARN,
            wrap=True,
        )
        self.body.addWidget(self._no_encounter)
        self._place = QVBoxLayout()
        self.body.addLayout(self._place)
        self.before = BeforeLines()
        self.body.addWidget(self.before)
        self.set_level = ActionButton("Go to the level", key="Alt 4")
        self.aside = ActionButton("Set aside", look=Look.QUIET)
        self.set_level.clicked.connect(lambda: work.go.emit("level"))
        self.aside.clicked.connect(self._set_aside)
        self._acts = flowing(self.set_level, self.aside)
        self.body.addWidget(self._acts)
        self.done_list = DoneList()
        self.done_list.amended.connect(self._ask_reason)
        self.done_list.saved.connect(self._ask_bundle)
        self.body.addWidget(self.done_list)
        self.files = Files(work.seat, self)
        self.files.wrote.connect(lambda name: self.notice.say(f"{name} was written.", Tone.GOOD))
        self.files.failed.connect(self.notice.say)
        self.list = BeginList()
        self.list.begun.connect(self.begin)
        self.list.wanted_blank.connect(self._ask_blank)
        self.list.changed.connect(self._settle_tabs)
        self.body.addWidget(self.list)
        self.body.addStretch(1)

    @property
    def view(self) -> FormView | None:
        """The form that is answered; None while the list of forms is shown."""
        return self.views.get(self.assessment) if self.assessment is not None else None

    @property
    def begins(self) -> dict[str, ActionButton]:
        """The buttons that begin a form, by its short name."""
        return self.list.begins

    # -- showing -------------------------------------------------------------------------------------------------------

    def opened(self, page: Page) -> None:
        self._another = False
        self._half.subject = self._subject(page)
        self.assessment = self._awaited = None
        for assessment in list(self.views):
            self._close_view(assessment)
        self.done_list.clear()
        self.foot.rest()

    def set_low(self, low: bool) -> None:
        self.head.set_low(low)
        self.foot.set_low(low)
        self._show_foot()

    def show_page(self, page: Page) -> None:
        clinical, self._stuck = page.clinical, None
        own = self.work.encounter is not None
        self._no_encounter.setVisible(not own)
        held = clinical.assessments if clinical else {}
        if clinical is not None:
            self.list.show_forms(clinical.askable)
            self.done_list.show_done(clinical, own, self.work.clock, self.work.name)
        going = [each for each, state in held.items() if state.in_progress]
        for assessment in [each for each in self.views if each not in going]:
            self._half.forget(assessment, self.views[assessment].half_typed)
            self._close_view(assessment)
        if self.assessment not in going:
            self.assessment = None
        awaited = self._awaited in going
        if awaited:
            self.assessment, self._awaited = self._awaited, None
            self._another = False
        if self.assessment is None and going and not (self._another and own):
            self.assessment = going[-1]
        if clinical is not None and self.assessment is not None:
            self._show_view(self.assessment, clinical, page, own)
        self.head.caution.tell(self.work, clinical, self.list, self.view.form if self.view else None)
        leads_on = awaited and self._has_focus()
        self._arrange(clinical, going, own)
        if leads_on:
            self._resume()

    def _has_focus(self) -> bool:
        """Whether the person is still here, and did not go on to write somewhere else."""
        focus: QWidget | None = self.window().focusWidget()  # None when nothing has it, whatever its types say
        return focus is None or any(part.isAncestorOf(focus) for part in (self, self.head, self.foot))

    def _show_view(self, assessment: UUID, clinical: Clinical, page: Page, own: bool) -> None:
        state = clinical.assessments[assessment]
        view = self.views.get(assessment)
        opens = view is None
        if view is None:
            try:
                form = form_of(clinical.library, state.form, state.sha256, state.key)
            except KnownError as error:
                self._stuck, self.assessment = assessment, None
                self.notice.say(error.message)
                return
            view = self._open_view(assessment, form)
        view.setEnabled(own)
        facts = page.state.facts if page.state else {}
        view.show_stated(stated_for(view.form, facts, self.work.clock))
        view.show_answers(answers_of(state))
        if opens:
            view.show_half(self._half.of(assessment, page))

    def _open_view(self, assessment: UUID, form: Form) -> FormView:
        view = self.views[assessment] = FormView(form, self.work.seat.here)
        view.gave.connect(partial(self._gave, assessment))
        view.typing.connect(partial(self._typing, assessment))
        view.same.connect(partial(self._same, assessment))
        view.wrong.connect(partial(self._wrong, assessment))
        view.half.connect(partial(self._half.keep, assessment))
        view.rebuilt.connect(self._settle_tabs)
        view.shown.connect(self._show_edges)
        view.finished.connect(self.commit)
        self._place.addWidget(view)
        return view

    def _close_view(self, assessment: UUID) -> None:
        view = self.views.pop(assessment)
        self._place.removeWidget(view)
        view.hide()
        view.deleteLater()

    def _arrange(self, clinical: Clinical | None, going: list[UUID], possible: bool) -> None:
        for assessment, view in self.views.items():
            view.setVisible(assessment == self.assessment)
        here = self.view is not None
        self.aside.setVisible(here or self._stuck is not None)
        self._acts.setVisible(possible and (here or self._stuck is not None or bool(self.done_list.cards)))
        self.list.setVisible(possible and not here)
        self.head.setVisible(bool(going) and clinical is not None)
        if clinical is not None and going:
            titles = [(f"{each}", title_of(clinical, clinical.assessments[each])) for each in going]
            self.head.show_open(titles, f"{self.assessment}" if self.assessment else ANOTHER)
        self.head.sign.setEnabled(possible)
        self._show_edges()

    def _show_edges(self) -> None:
        """What does not scroll: how far, which part, what it scores, what came before."""
        view, state = self.view, self._state()
        if view is not None and state is not None:
            self.head.show_standing(view, state, self.work.clock)
            self.aside.set_words("Leave it as it was" if state.amending else "Set aside")
        self._show_foot()

    def _show_foot(self) -> None:
        view = self.view
        before = before_lines(self.work, self.assessment, view.scores) if view and self.assessment else ()
        state = self._state()
        self.foot.show_form(view, before, amends=state is not None and state.amending is not None)
        self.before.show_lines(before)

    def _clinical(self) -> Clinical | None:
        return self.work.page.clinical if self.work.page else None

    def _state(self) -> AssessmentState | None:
        clinical = self._clinical()
        return clinical.assessments.get(self.assessment) if clinical and self.assessment else None

    def _settle_tabs(self) -> None:
        settle_tab_order(self.tab_before or self, self.head, self, self.foot)

    # -- going about ---------------------------------------------------------------------------------------------------

    def start(self) -> None:
        if self.view is not None:
            self._resume()
        elif FIRST in self.begins and self.list.isVisibleTo(self):
            self.begins[FIRST].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _resume(self) -> None:
        view, state = self.view, self._state()
        if view is not None and state is not None:
            view.resume({key: held.at for key, held in state.answers.items()})

    def _turn(self, to: str) -> None:
        """Go to another open assessment, or to the list of forms. What is typed in this one is kept."""
        if self.view is not None:
            self.view.flush()
        self._another = to == ANOTHER
        self.assessment = UUID(to) if to else None
        if self.work.page is not None:
            self.show_page(self.work.page)
        self.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}.get(Qt.Key(event.key()), 0)
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if by and held == Qt.KeyboardModifier.AltModifier and self.head.open_forms is not None:
            self.head.open_forms.step(by)
        elif by and held == Qt.KeyboardModifier.ControlModifier and self.view is not None:
            self.view.go_part(by)
        else:
            super().keyPressEvent(event)

    def _enter_part(self, at: int) -> None:
        if self.view is not None:
            self.view.enter_part(at)

    def _speak(self, language: str) -> None:
        if self.view is not None:
            self.view.speak(language)

    def _settle_focus(self) -> None:
        """The focus is not left on what went away."""
        focus = QApplication.focusWidget()
        if self.isVisible() and (focus is None or not focus.isVisible() or self.foot.isAncestorOf(focus)):
            if self.view is not None:
                self.start()
            else:
                self.set_level.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- answering -----------------------------------------------------------------------------------------------------

    def begin(self, name: str, *_: object) -> None:
        """Open a form in the encounter."""
        encounter, askable = self.work.encounter, self.list.form(name)
        if encounter is None or self.view is not None or self._awaited is not None:
            return
        if askable.form is None or askable.why_not:
            self.notice.say(f"{askable.title} cannot be begun. {askable.why_not}")
            return
        self._awaited = uuid7()  # known before the record has it: a page may come sooner than word of the act
        asked_of = self.list.asked_of.currentText()
        self.do(assessments.begin, encounter, askable.form, asked_of, assessment=self._awaited)

    def refused(self, error: KnownError) -> None:
        self._awaited = None
        super().refused(error)

    def _gave(self, assessment: UUID, key: str, answers: tuple[Answer, ...]) -> None:
        view, seat = self.views.get(assessment), self.work.seat
        if view is None:
            return
        job = partial(assessments.answer, seat.desk, seat.sign_in, assessment, view.form, key, answers)
        self.work.saver.keep(_name(assessment, key), job, partial(self._landed, assessment, key), self._not_kept)

    def _landed(self, assessment: UUID, key: str, result: object) -> None:
        if assessment in self.views:
            self.views[assessment].landed(key)
        if self._complains:
            self._complains = False
            self.notice.say("")

    def _not_kept(self, error: KnownError) -> None:
        self._complains = True
        what_to_do = "" if isinstance(error, TryAgain) else " Give the answer again."
        self.notice.say(f"NOT SAVED: {error.message}{what_to_do}")

    def _typing(self, assessment: UUID, key: str) -> None:
        self.notice.say("")
        self.work.saver.typed(_name(assessment, key))

    def _same(self, assessment: UUID, key: str) -> None:
        self.work.saver.unchanged(_name(assessment, key))

    def _wrong(self, assessment: UUID, key: str, why: str) -> None:
        self.work.saver.refuse(_name(assessment, key), why)

    def flush(self) -> None:
        super().flush()
        self.foot.strip.flush()
        for view in self.views.values():
            view.flush()

    # -- signing -------------------------------------------------------------------------------------------------------

    def commit(self) -> None:
        """Ctrl+Enter: begin the first form, ask whether to sign, or sign."""
        view, state = self.view, self._state()
        if view is None:
            self.begin(FIRST)
        elif state is not None and self.work.encounter is not None:
            if not self.foot.sign.isHidden():
                self.foot.sign.yes.click()
                return
            view.flush()
            view.show_all_wrong()
            who, unsaved = self.work.seat.sign_in.display_name, self.work.saver.problem
            self.foot.ask_to_sign(view, who, amends=bool(state.amending), unsaved=unsaved)
            self._show_foot()
            self._settle_tabs()

    def _sign(self) -> None:
        if self.view is not None and self.assessment is not None:
            self.set_level.setFocus(Qt.FocusReason.OtherFocusReason)  # what comes next, and it does not go away
            self.do(assessments.complete, self.assessment, self.view.form)

    def _not_signed(self) -> None:
        self._show_foot()
        self.start()

    def _jump(self, key: str) -> None:
        self._show_foot()
        if self.view is not None:
            self.view.go_to(key)

    def _say_unasked(self, keys: tuple[str, ...]) -> None:
        if self.view is not None:
            self.view.say_unasked(keys)
            self.commit()

    def _set_aside(self) -> None:
        state = self._state()
        if (leaving := self.assessment or self._stuck) is not None:
            why = "left as it was signed" if state is not None and state.amending else "set aside"
            self.set_level.setFocus(Qt.FocusReason.OtherFocusReason)
            self.do(assessments.abandon, leaving, why)

    # -- what is done --------------------------------------------------------------------------------------------------

    def _ask_reason(self, assessment: UUID) -> None:
        clinical = self._clinical()
        if clinical is None:
            return
        self.foot.strip.ask(
            f"Amend what was signed: {title_of(clinical, clinical.assessments[assessment])}",
            partial(self._amend, assessment),
            words=Words("amend", assessment, "what was wrong"),
            note="What was signed stands until you sign again.",
            ok="Amend",
        )
        self._settle_tabs()

    def _amend(self, assessment: UUID, choice: str, reason: str) -> None:
        given = self.foot.strip.given
        assert given is not None
        self._awaited = assessment
        self.work.act(
            assessments.amend,
            assessment,
            reason,
            entered=partial(self.foot.strip.done, given),
            then=self.done,
            refused=partial(self._not_amended, given),
        )

    def _not_amended(self, given: Submitted, error: KnownError) -> None:
        self._awaited = None
        if not self.foot.strip.refuse(given, error.message):
            self.notice.say(error.message)

    def _ask_bundle(self, assessment: UUID) -> None:
        if (clinical := self._clinical()) is not None:
            self.files.ask_bundle(clinical.library, assessment)

    def _ask_blank(self, name: str) -> None:
        if (form := self.list.form(name).form) is not None:
            self.files.ask_blank(form)


def _name(assessment: UUID, key: str) -> str:
    return f"answer:{assessment}:{key}"
