"""What a clinician does with a structured instrument: begin, answer, complete, amend. Every answer is kept at once."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from console.actions import lengths
from console.actions.acting import Act, acting, optional, words
from console.actions.encounters import own_encounter, resume_within
from console.actions.instruments import refuse_unoffered
from console.errors import BugError, KnownError, NotAllowed
from console.forms import exporting
from console.forms.asking import answering, response
from console.forms.checking import signing
from console.forms.checking.validation import validate
from console.forms.deciding.enablement import settle, withdrawn
from console.forms.deciding.layout import lines, place_of
from console.forms.instruments import scoring
from console.forms.library import Form
from console.forms.model import Answer, Questionnaire
from console.forms.values import decoded, encode
from console.models import assessment as bodies
from console.models.assessment import ASSESSMENT, AssessmentState
from console.models.audit import AuditRecorded
from console.models.changes import Changes
from console.models.encounter import ENCOUNTER, EncounterState
from console.models.sign_in import SignIn
from console.models.store import people
from console.models.store.desk import Desk
from wire.envelope import uuid7
from wire.permissions import Role


def begin(
    desk: Desk, sign_in: SignIn, encounter: UUID, form: Form, asked_of: str = "", *, assessment: UUID | None = None
) -> tuple[UUID, Changes]:
    """Open a form in an encounter, which goes on if it had ended. Returns the assessment's id: that given, if one was.

    Answers the form starts with are kept in the same act; whoever signs it signs them too.

    Raises :class:`KnownError` for one that is withdrawn, or whose use is not permitted, or not to this person.
    """
    assessment = assessment or uuid7()
    with acting(desk, sign_in) as act:
        refuse_unoffered(act, form)
        resume_within(act, encounter)
        q = form.questionnaire
        act.add(
            assessment,
            bodies.AssessmentStarted(
                act.now,
                encounter,
                form.name,
                q.version,
                q.sha256,
                optional(asked_of, "Of whom it is asked", most=lengths.WHO),
                form.key,
            ),
        )
        for key, given in answering.initial_answers(q, _here(desk, act)).items():
            act.add(assessment, bodies.AssessmentAnswered(act.now, key, _encoded(q, key, given)))
    return assessment, act.changes


def answer(desk: Desk, sign_in: SignIn, assessment: UUID, form: Form, key: str, given: tuple[Answer, ...]) -> Changes:
    """Keep what the question at ``key`` holds now; nothing given withdraws the answer.

    The entry says which answers it withdraws by leaving their questions unasked, and which it brings back. Where a
    typed answer that has questions of its own is taken away, what was said about it goes in the same act.
    """
    q = form.questionnaire
    if place_of(q, key) is None:
        raise KnownError(f"The form {form.name} has no question {key}.")
    with acting(desk, sign_in) as act:
        state = _own_open(act, assessment)
        before = _answers(state)
        after = answering.put(q, before, key, given)
        here = _here(desk, act)
        unasked, now_unasked = withdrawn(q, before, here), withdrawn(q, after, here)
        held = state.answers.get(key)
        encoded = _encoded(q, key, given)
        if (held.answers if held else ()) != encoded:
            left = tuple(each for each in now_unasked if each not in unasked)
            again = tuple(each for each in unasked if each not in now_unasked and each in after)
            act.add(assessment, bodies.AssessmentAnswered(act.now, key, encoded, left, again))
        for each in dict.fromkeys((*before, *after)):
            if each != key and before.get(each) != after.get(each):
                act.add(assessment, bodies.AssessmentAnswered(act.now, each, _encoded(q, each, after.get(each, ()))))
    return act.changes


def complete(desk: Desk, sign_in: SignIn, assessment: UUID, form: Form) -> Changes:
    """Freeze the response, the scores and the alerts. Unanswered questions stay unanswered; their scores say so.

    Raises :class:`KnownError` where the answers do not satisfy the form: something required has neither an answer nor
    a reason why there is none, or a constraint of the form does not hold (:mod:`console.forms.checking.signing`).
    Where there are alerts, an encounter that had ended goes on: its alarm has to be seen.
    """
    with acting(desk, sign_in) as act:
        state = _own_open(act, assessment)
        answers, here = _answers(state), _here(desk, act)
        unread = [key for key, held in state.answers.items() if len(answers[key]) != len(held.answers)]
        if unread:
            raise KnownError(f"{', '.join(unread)} cannot be read any more. Answer it again before you sign.")
        _refuse_another(state, form)
        q = form.questionnaire
        settled = settle(q, lines(q, answers), answers, here)
        scores = scoring.score(q, answers, form.bound, settled=settled)
        computed = scoring.computed_values(scores)
        held = response.held_in(q, answers, computed, settled)
        if stopped := signing.told(q, validate(q, held, settled=settled)):
            raise KnownError(stopped)
        status = "completed" if state.completed_at is None else "amended"
        document = response.build(q, answers, status=status, authored=here, computed=computed)
        alerts = tuple(bodies.FrozenAlert(alert.text, alert.severity) for alert in scoring.alerts(scores))
        kept = tuple(frozen(score, form) for score in scores)
        left_out = withdrawn(q, answers, here)
        act.add(assessment, bodies.AssessmentCompleted(act.now, document, kept, alerts, left_out))
        if alerts:
            resume_within(act, state.encounter)
    return act.changes


def amend(desk: Desk, sign_in: SignIn, assessment: UUID, reason: str) -> Changes:
    """Take up one's own completed assessment again, to correct it: ``reason`` says what was wrong.

    What was signed stands for everybody until :func:`complete` puts the amended one in its place; :func:`abandon`
    leaves it as it was.
    """
    with acting(desk, sign_in) as act:
        state: AssessmentState = act.state(ASSESSMENT, assessment, "assessment")
        own_encounter(act, state.encounter)
        if state.completed_at is None:
            raise KnownError("This assessment is not completed: there is nothing to amend yet.")
        if state.amending is not None:
            raise KnownError("This assessment is being amended already.")
        act.add(assessment, bodies.AssessmentReopened(act.now, words(reason, "The reason", most=lengths.REASON)))
    return act.changes


def abandon(desk: Desk, sign_in: SignIn, assessment: UUID, reason: str) -> Changes:
    """Opened by mistake or overtaken by events; what was answered stays readable. An amendment is given up."""
    with acting(desk, sign_in) as act:
        _own_open(act, assessment)
        act.add(assessment, bodies.AssessmentAbandoned(act.now, words(reason, "The reason", most=lengths.REASON)))
    return act.changes


def export(desk: Desk, sign_in: SignIn, assessment: UUID, form_of: Callable[[str, str], Form]) -> dict[str, Any]:
    """A completed assessment for another record: a FHIR R4 Bundle. That it was read out is recorded first.

    ``form_of`` finds the form by its short name and hash; it raises :class:`KnownError` when it is not here.
    """
    with acting(desk, sign_in) as act:
        state: AssessmentState = act.state(ASSESSMENT, assessment, "assessment")
        if state.response is None:
            raise KnownError("This assessment is not completed: there is nothing to export yet.")
        form = form_of(state.form, state.sha256)
        act.add(uuid7(), AuditRecorded(act.now, "assessment.exported", "done", assessment))
    return exporting.bundle(
        form.questionnaire,
        state.response,
        state.scores,
        assessment=assessment,
        encounter=state.encounter,
        notes=[alert.text for alert in state.alerts],
    )


def acknowledge_alert(desk: Desk, sign_in: SignIn, assessment: UUID, *, override: str = "") -> Changes:
    """Say that the alerts of a completed instrument were seen. Kept in the clinical record, with or without a call.

    It silences the alarm of whoever works with the person, so it is theirs to say: refused in a colleague's encounter,
    unless a clinical supervisor gives the reason in ``override``.
    """
    with acting(desk, sign_in) as act:
        state: AssessmentState = act.state(ASSESSMENT, assessment, "assessment")
        encounter: EncounterState = act.state(ENCOUNTER, state.encounter, "encounter")
        reason = ""
        if encounter.clinician != act.sign_in.user:
            act.require_write(bodies.AssessmentAlarmAcknowledged.KIND)
            owner = people.display_name(act.connection, encounter.clinician)
            if Role.CLINICAL_SUPERVISOR not in act.sign_in.roles:
                raise NotAllowed(f"This alarm is {owner}'s: {owner} acknowledges it, or a clinical supervisor.")
            if not override.strip():
                raise KnownError(f"This alarm is {owner}'s. Give the reason why you acknowledge it in their place.")
            reason = words(override, "The reason", most=lengths.REASON)
        if state.alarm_acknowledged_at is None:
            act.add(assessment, bodies.AssessmentAlarmAcknowledged(act.now, reason))
    return act.changes


def _here(desk: Desk, act: Act) -> datetime:
    """The time at the center: a form that asks for today means the day that it is here."""
    return act.now.astimezone(desk.zone)


def _answers(state: AssessmentState) -> dict[str, tuple[Answer, ...]]:
    return {key: decoded(held.answers) for key, held in state.answers.items()}


def _encoded(q: Questionnaire, key: str, given: tuple[Answer, ...]) -> tuple[dict[str, Any], ...]:
    place = place_of(q, key)
    kind = q.by_id[place[0]].kind if place else None
    encoded = tuple(encode(each, kind) for each in given)
    if len(decoded(encoded)) != len(given):
        raise KnownError(f"The answer to {key} cannot be kept: its number is too large or too small. Type another one.")
    return encoded


def frozen(score: scoring.Score, form: Form) -> bodies.FrozenScore:
    """A score of a form as it is signed, with the key that gave it."""
    by = form.bound.instrument if form.bound and form.key else None
    return bodies.FrozenScore(
        score.name,
        f"{score.value:f}" if isinstance(score.value, Decimal) else "" if score.value is None else str(score.value),
        score.reason or "",
        score.band or "",
        score.words,
        score.link_id or "",
        isinstance(score.value, int | Decimal),
        score.answered,
        score.of,
        bodies.FrozenKey(by.title, by.version, form.key) if by else None,
    )


def _refuse_another(state: AssessmentState, form: Form) -> None:
    """What was begun with one wording and key is answered and signed with these and no others."""
    if form.questionnaire.sha256 != state.sha256 or state.key not in (None, form.key):
        raise BugError(f"an assessment that was begun with another version of {form.name} is answered with this one")


def _own_open(act: Act, assessment: UUID) -> AssessmentState:
    """An assessment of one's own encounter that has not ended."""
    state: AssessmentState = act.state(ASSESSMENT, assessment, "assessment")
    own_encounter(act, state.encounter)
    if state.abandoned:
        raise KnownError("This assessment was set aside. Begin a new one.")
    if not state.in_progress:
        raise KnownError("This assessment is completed. Amend it, or begin a new one.")
    return state
