"""An assessment: one structured instrument answered in an encounter. Clinical.

Each answer is an entry, so that no answer is ever lost and a withdrawn one stays in the history. Completing it freezes
the FHIR QuestionnaireResponse and the scores together with the form's version and hash. What was found wrong later is
amended with a reason: what was signed stands until the amended one is signed in its place.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from msgspec.structs import replace

from wire.envelope import Entry
from wire.fold import Aggregate, Body, Moment, Senseless
from wire.journals import Audience


class AssessmentStarted(Body, frozen=True):
    """A clinician opens a form. ``form`` is its short name, ``sha256`` the hash of what it says.

    ``key`` is the hash of the key that scores it, "" where its own formulas or options do; entries of older programs
    have None and do not say.
    """

    KIND: ClassVar[str] = "assessment.started"
    at: Moment
    encounter: UUID
    form: str
    form_version: str
    sha256: str
    asked_of: str = ""
    key: str | None = None


class AssessmentAnswered(Body, frozen=True):
    """The answers one item holds now: FHIR ``value[x]`` objects or non-answers. Empty withdraws the answer.

    ``left_unasked`` are the items whose answers this one withdraws, because they are no longer asked; they are kept,
    and ``asked_again`` are those that it brings back.
    """

    KIND: ClassVar[str] = "assessment.answered"
    at: Moment
    item: str
    answers: tuple[dict[str, Any], ...] = ()
    left_unasked: tuple[str, ...] = ()
    asked_again: tuple[str, ...] = ()


class FrozenKey(msgspec.Struct, frozen=True):
    """The key that scored: the instrument's title and version, and the hash of all that decides its results."""

    title: str
    version: str
    sha256: str


class FrozenScore(msgspec.Struct, frozen=True, omit_defaults=True):
    """A score as it was when the assessment was completed: a number or a word of the published key.

    ``value`` is "" with the ``reason`` when the instrument was not scored. ``words`` qualify it, ``link_id`` is the
    item of the form that holds it, and ``answered`` of the ``of`` questions that it needs had what it needs. ``key`` is
    None where the form's own formulas or options scored. Of what older programs signed none of these is known, nor
    whether it ``is_number``, which is then None.
    """

    name: str
    value: str
    reason: str = ""
    band: str = ""
    words: str = ""
    link_id: str = ""
    is_number: bool | None = None
    answered: int = 0
    of: int = 0
    key: FrozenKey | None = None


ALERT_TIERS = ("alarm", "caution", "advisory")
"""How an instrument's alert rings, gravest first."""


class FrozenAlert(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an instrument said that must be told, and the ``severity`` that it declares, one of `ALERT_TIERS`."""

    text: str
    severity: str = "alarm"


class AssessmentCompleted(Body, frozen=True):
    """The clinician is done: the response, the scores and the alerts are frozen.

    ``left_out`` are the items that were answered and then no longer asked: their answers are not in the response.
    """

    KIND: ClassVar[str] = "assessment.completed"
    at: Moment
    response: dict[str, Any]
    scores: tuple[FrozenScore, ...] = ()
    alerts: tuple[FrozenAlert, ...] = ()
    left_out: tuple[str, ...] = ()


class AssessmentAbandoned(Body, frozen=True):
    """Opened by mistake or overtaken by events; what was answered stays readable."""

    KIND: ClassVar[str] = "assessment.abandoned"
    at: Moment
    reason: str


class AssessmentReopened(Body, frozen=True):
    """A completed assessment is to be amended, and why. What was signed stands until it is completed again."""

    KIND: ClassVar[str] = "assessment.reopened"
    at: Moment
    reason: str


class AssessmentAlarmAcknowledged(Body, frozen=True):
    """A clinician saw the alerts of the completed instrument; ``reason`` is why, where it is not their own."""

    KIND: ClassVar[str] = "assessment.alarm-acknowledged"
    at: Moment
    reason: str = ""


class Answered(msgspec.Struct, frozen=True):
    """What one item holds, and when it was last answered."""

    at: datetime
    answers: tuple[dict[str, Any], ...]


class Amending(msgspec.Struct, frozen=True):
    """An amendment under way: since when, why, and the answers as they were signed."""

    at: datetime
    reason: str
    signed: dict[str, Answered]
    by: UUID | None = None


class Amendment(msgspec.Struct, frozen=True):
    """An amendment that was signed: when it was begun, why, and what stood before it."""

    at: datetime
    reason: str
    completed_at: datetime
    scores: tuple[FrozenScore, ...]


class GivenUp(msgspec.Struct, frozen=True):
    """An amendment that was given up: when, by whom and why it was begun, and when and by whom it was left."""

    at: datetime
    by: UUID
    reason: str
    left_at: datetime
    left_by: UUID


class AssessmentState(msgspec.Struct, frozen=True, omit_defaults=True):
    """One instrument as answered so far. ``withdrawn`` lists items whose answer was taken back, by hand or by an answer
    that left them unasked, each time it was.

    ``completed_at``, ``response``, ``scores``, ``alerts`` and ``left_out`` are what was signed last, also while it is
    amended.
    """

    encounter: UUID
    clinician: UUID
    form: str
    form_version: str
    sha256: str
    started_at: datetime
    asked_of: str = ""
    key: str | None = None
    answers: dict[str, Answered] = {}
    withdrawn: tuple[str, ...] = ()
    completed_at: datetime | None = None
    response: dict[str, Any] | None = None
    scores: tuple[FrozenScore, ...] = ()
    alerts: tuple[FrozenAlert, ...] = ()
    left_out: tuple[str, ...] = ()
    abandoned: str = ""
    alarm_acknowledged_at: datetime | None = None
    alarm_acknowledged_by: UUID | None = None
    alarm_acknowledged_why: str = ""
    amending: Amending | None = None
    amendments: tuple[Amendment, ...] = ()
    given_up: tuple[GivenUp, ...] = ()

    @property
    def in_progress(self) -> bool:
        """Whether it takes answers."""
        return not self.abandoned and (self.completed_at is None or self.amending is not None)

    @property
    def alert_tier(self) -> str:
        """How its alerts ring together: the gravest of `ALERT_TIERS`; "" with none. A word unknown here is an alarm."""
        found = {each.severity if each.severity in ALERT_TIERS else "alarm" for each in self.alerts}
        return min(found, key=ALERT_TIERS.index, default="")

    @property
    def alert_words(self) -> str:
        """What its alerts say, in one line."""
        return "; ".join(each.text for each in self.alerts)

    def alert_stands(self, leveled_at: datetime | None) -> bool:
        """Whether its alerts still ask for a level: the call's was last set at ``leveled_at``, None for never."""
        if not self.alerts or self.completed_at is None:
            return False
        return leveled_at is None or leveled_at <= self.completed_at


_ALERT = "assessment:"


def alert_key(assessment: UUID) -> str:
    """The key of the alarm that an instrument's alerts raise. It never leaves the clinical side."""
    return f"{_ALERT}{assessment}"


def assessment_of(key: str) -> UUID | None:
    """The instrument whose alarm has this key; None for the key of any other alarm."""
    return UUID(key.removeprefix(_ALERT)) if key.startswith(_ALERT) else None


ASSESSMENT: Aggregate[AssessmentState] = Aggregate("assessment", Audience.CLINICAL, AssessmentState, version=3)


def _in_progress(state: AssessmentState | None) -> AssessmentState:
    if state is None:
        raise Senseless("the assessment has not started")
    if state.completed_at is not None and state.amending is None:
        raise Senseless("the assessment is completed")
    if state.abandoned:
        raise Senseless("the assessment was abandoned")
    return state


@ASSESSMENT.step(AssessmentStarted)
def _start(state: AssessmentState | None, entry: Entry, body: AssessmentStarted) -> AssessmentState:
    if state is not None:
        raise Senseless("the assessment has started already")
    return AssessmentState(
        encounter=body.encounter,
        clinician=entry.actor,
        form=body.form,
        form_version=body.form_version,
        sha256=body.sha256,
        started_at=body.at,
        asked_of=body.asked_of,
        key=body.key,
    )


@ASSESSMENT.step(AssessmentAnswered)
def _answer(state: AssessmentState | None, entry: Entry, body: AssessmentAnswered) -> AssessmentState:
    state = _in_progress(state)
    answers = dict(state.answers)
    withdrawn = body.left_unasked
    if body.answers:
        answers[body.item] = Answered(body.at, body.answers)
    elif answers.pop(body.item, None) is None:
        raise Senseless("there is no answer to withdraw")
    else:
        withdrawn = (body.item, *withdrawn)
    return replace(state, answers=answers, withdrawn=(*state.withdrawn, *withdrawn))


@ASSESSMENT.step(AssessmentCompleted)
def _complete(state: AssessmentState | None, entry: Entry, body: AssessmentCompleted) -> AssessmentState:
    state = _in_progress(state)
    if state.amending is not None and state.completed_at is not None:
        amended = Amendment(state.amending.at, state.amending.reason, state.completed_at, state.scores)
        state = replace(
            state,
            amending=None,
            amendments=(*state.amendments, amended),
            alarm_acknowledged_at=None,  # whoever saw the alarm saw what was signed before
            alarm_acknowledged_by=None,
            alarm_acknowledged_why="",
        )
    return replace(
        state,
        completed_at=body.at,
        response=body.response,
        scores=body.scores,
        alerts=body.alerts,
        left_out=body.left_out,
    )


@ASSESSMENT.step(AssessmentReopened)
def _reopen(state: AssessmentState | None, entry: Entry, body: AssessmentReopened) -> AssessmentState:
    if state is None or state.completed_at is None:
        raise Senseless("the assessment is not completed")
    if state.amending is not None:
        raise Senseless("the assessment is being amended already")
    return replace(state, amending=Amending(body.at, body.reason, state.answers, entry.actor))


@ASSESSMENT.step(AssessmentAbandoned)
def _abandon(state: AssessmentState | None, entry: Entry, body: AssessmentAbandoned) -> AssessmentState:
    state = _in_progress(state)
    if state.amending is not None:  # what was signed stands as it was
        begun = state.amending
        left = GivenUp(begun.at, begun.by or state.clinician, begun.reason, body.at, entry.actor)
        return replace(state, answers=begun.signed, amending=None, given_up=(*state.given_up, left))
    return replace(state, abandoned=body.reason)


@ASSESSMENT.step(AssessmentAlarmAcknowledged)
def _acknowledge_alarm(
    state: AssessmentState | None, entry: Entry, body: AssessmentAlarmAcknowledged
) -> AssessmentState:
    if state is None:
        raise Senseless("the assessment has not started")
    if not state.alerts:
        raise Senseless("the assessment raised no alarm")
    if state.alarm_acknowledged_at is not None:
        return state  # the first person who saw it is named
    return replace(
        state,
        alarm_acknowledged_at=body.at,
        alarm_acknowledged_by=entry.actor,
        alarm_acknowledged_why=body.reason,
    )
