"""Assessments that are done, as cards, and the results of the same instrument beside the one that is answered."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.forms.instruments.scoring import Score
from console.models.assessment import AssessmentState, FrozenScore
from console.queries.earlier import EarlierContact
from console.queries.workspace import Clinical
from console.views.theme import Type
from console.views.widgets import ActionButton, Card, Look, SectionHeader, Text, Tone
from console.views.workspace.earlier import match_words, why_words
from console.views.workspace.form_results import frozen_words, score_words
from console.views.workspace.section import flowing
from console.views.workspace.work import Work

Clock = Callable[[datetime], str]
NameOf = Callable[[UUID], str]
_MOST_BEFORE = 5


class DoneCard(Card):
    """An assessment that was signed or set aside. Signals: ``amended`` and ``saved`` when its buttons are pressed."""

    amended = Signal(object)
    saved = Signal(object)

    def __init__(self, assessment: UUID, state: AssessmentState, title: str, clock: Clock, name: NameOf) -> None:
        super().__init__()
        self.shown = state
        who = name(state.clinician)
        signed = f"signed {clock(state.completed_at)} by {who}" if state.completed_at else "set aside"
        again = ", amended" if state.amendments else ""
        self.body.addWidget(Text(f"{title} · {signed}{again}", Type.STRONG, wrap=True))
        asked = f"asked of {state.asked_of}" if state.asked_of else ""
        if under := " · ".join(part for part in (asked, state.abandoned) if part):
            self.body.addWidget(Text(under, Type.SMALL, Tone.MUTED, wrap=True))
        for score in state.scores:
            self.body.addWidget(Text(score_words(score.name, score.value, score.band, score.reason), wrap=True))
            if score.words:
                self.body.addWidget(Text(score.words, Type.SMALL, wrap=True))
        for alert in state.alerts:
            tone = Tone.DANGER if alert.severity == "alarm" else Tone.WARN
            self.body.addWidget(Text(f"▲ {alert.text}", Type.SMALL, tone, wrap=True))
        stood = [*(each.scores for each in state.amendments), state.scores]
        for each, then in zip(state.amendments, stood[1:], strict=True):
            words = f"Amended, begun {clock(each.at)} by {who}: {each.reason}."
            change = f" {frozen_words(each.scores)} → {frozen_words(then)}"
            self.body.addWidget(Text(words + change, Type.SMALL, Tone.CHANGED, wrap=True))
        self.amend = ActionButton("Amend…", look=Look.QUIET, name=f"Amend {title}")
        self.save = ActionButton("Save as FHIR…", look=Look.QUIET, name=f"Save {title} as FHIR")
        self.amend.clicked.connect(partial(self.amended.emit, assessment))
        self.save.clicked.connect(partial(self.saved.emit, assessment))
        self._acts = flowing(self.amend, self.save)
        self.body.addWidget(self._acts)

    def allow(self, possible: bool) -> None:
        """Offer what can be done with it, to whoever may."""
        signed = self.shown.completed_at is not None
        self._acts.setVisible(signed and possible)
        self.amend.setVisible(self.shown.amending is None)


class DoneList(QWidget):
    """All assessments of an encounter that were signed or set aside, the newest first. Signals as :class:`DoneCard`."""

    amended = Signal(object)
    saved = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.cards: dict[UUID, DoneCard] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(SectionHeader("Done before"))
        self.hide()

    def show_done(self, clinical: Clinical, own: bool, clock: Clock, name: NameOf) -> None:
        """Show them; ``own`` says that whoever looks may change them."""
        for each, state in clinical.assessments.items():
            if state.completed_at is None and not state.abandoned:
                continue
            card = self.cards.get(each)
            if card is None or card.shown != state:
                if card is not None:
                    self._drop(card)
                form = clinical.library.form(state.form, state.sha256) or clinical.library.form(state.form)
                card = DoneCard(each, state, form.questionnaire.title if form else state.form, clock, name)
                card.amended.connect(self.amended)
                card.saved.connect(self.saved)
                self.cards[each] = card
                self._column.insertWidget(1, card)
            card.allow(own)
        self.setVisible(bool(self.cards))

    def clear(self) -> None:
        """Another page is shown."""
        for card in self.cards.values():
            self._drop(card)
        self.cards.clear()
        self.hide()

    def _drop(self, card: DoneCard) -> None:
        self._column.removeWidget(card)
        card.hide()
        card.deleteLater()


def title_of(clinical: Clinical, state: AssessmentState) -> str:
    """What an assessment is called in a narrow place: by its instrument, else by its form."""
    form = clinical.library.form(state.form, state.sha256) or clinical.library.form(state.form)
    if form is None:
        return state.form
    return (form.bound.instrument.title if form.bound else "") or form.questionnaire.title


def results_before(clinical: Clinical, here: UUID, form: str) -> list[tuple[UUID, AssessmentState]]:
    """Signed assessments with the same instrument in this encounter and the call's others, the newest first."""
    found = [
        (each, state)
        for each, state in (*clinical.assessments.items(), *clinical.elsewhere.items())
        if state.form == form and state.completed_at is not None and (each != here or state.amending is not None)
    ]
    return sorted(found, key=lambda held: held[1].completed_at or held[1].started_at, reverse=True)


def before_lines(work: Work, here: UUID, now: Sequence[Score]) -> tuple[str, ...]:
    """The newest of :func:`results_before` in words, beside the scores as they stand ``now``.

    Behind them stand those of earlier contacts that may have been with the same person.
    """
    page = work.page
    clinical = page.clinical if page else None
    state = clinical.assessments.get(here) if clinical else None
    if page is None or clinical is None or state is None:
        return ()
    found = results_before(clinical, here, state.form)[:_MOST_BEFORE]
    lines = [before_words(each, now, state, work.clock, work.name) for _, each in found]
    earlier = [
        (result, contact)
        for contact in (page.earlier.standing if page.earlier else ())
        for result in list(contact.results.values())[::-1]
        if result.form == state.form
    ]
    return (*lines, *(earlier_words(result, contact, state, work) for result, contact in earlier[:_MOST_BEFORE]))


def earlier_words(result: AssessmentState, contact: EarlierContact, here: AssessmentState, work: Work) -> str:
    """``Possible match: PHQ-9: 14 (moderate), 2026-03-02 · same call-back number``.

    What it is stands first, so that a narrow line does not cut it off; a difference to the present score is never told,
    since nobody knows for certain whose it is.
    """
    signed = f", {work.day(result.completed_at)}" if result.completed_at else ""
    asked = f", asked of {result.asked_of}" if result.asked_of else ""
    version = " (another version of the form)" if _scored_otherwise(result, here) else ""
    why = f" · {why_words(contact)}" if contact.reasons else ""
    return f"{match_words(contact, work)}: {frozen_words(result.scores)}{signed}{asked}{version}{why}"


def before_words(
    state: AssessmentState, now: Sequence[Score], here: AssessmentState, clock: Clock, name: NameOf
) -> str:
    """One earlier result in a line: when, who, what it scored, and how the present score, of the assessment ``here``,
    differs from it."""
    signed = clock(state.completed_at) if state.completed_at else ""
    again = ", amended" if state.amendments else ""
    asked = f", asked of {state.asked_of}" if state.asked_of else ""
    words = f"Before, {signed} by {name(state.clinician)}{again}{asked}: {frozen_words(state.scores)}"
    if _scored_otherwise(state, here):
        return f"{words} (another version of the form)"
    changes = [
        change for one in now for held in state.scores if held.name == one.name and (change := _change(one, held))
    ]
    return f"{words}. Now {'; '.join(changes)}" if changes else words


def _scored_otherwise(one: AssessmentState, other: AssessmentState) -> bool:
    """Whether two results came from different versions of the form or its key."""
    return one.sha256 != other.sha256 or (None not in (one.key, other.key) and one.key != other.key)


def _change(now: Score, before: FrozenScore) -> str:
    """``+3``, ``the same``; "" where one of them is no number: nothing is ever taken for zero."""
    if not isinstance(now.value, int | Decimal):
        return ""
    try:
        by = Decimal(now.value) - Decimal(before.value)
    except InvalidOperation:
        return ""
    return f"{by:+f}" if by else "the same"


class BeforeLines(QWidget):
    """Earlier results, a line each."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[str, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._shown: list[Text] = []

    def show_lines(self, lines: Sequence[str]) -> None:
        """Show these and no others."""
        if tuple(lines) == self.lines:
            return
        self.lines = tuple(lines)
        for text in self._shown:
            self._column.removeWidget(text)
            text.hide()
            text.deleteLater()
        self._shown = [Text(line, Type.SMALL, Tone.MUTED, wrap=True) for line in lines]
        for text in self._shown:
            self._column.addWidget(text)
        self.setVisible(bool(lines))
