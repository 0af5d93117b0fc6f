"""The call for service: what CAD says of it, and what dispatch and clinicians do about it.

Operational, never clinical: everything here can be seen by dispatch and may become a public record.
"""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from wire.fold import Body, Moment


class Level(StrEnum):
    """The clinician's risk level. CAD's own priority and the response a level points to are other things."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NOT_SET = "not_set"
    CLOSED = "closed"
    """Shown for a disposed call; nobody sets it."""

    @property
    def rank(self) -> int:
        """How grave: a larger number is graver. ``NOT_SET`` counts as below every level."""
        return _GRAVITY.index(self)


_GRAVITY = (Level.CLOSED, Level.NOT_SET, Level.LOW, Level.MEDIUM, Level.HIGH, Level.CRITICAL)
SETTABLE_LEVELS = (Level.CRITICAL, Level.HIGH, Level.MEDIUM, Level.LOW)


class RollUp(StrEnum):
    """What a disposition means for the question programs are asked (Baltimore's terms)."""

    DIVERTED = "diverted"
    CO_NOTIFIED = "co-notified"
    NOT_DIVERTED = "not-diverted"
    UNKNOWN = "unknown"


# -- what CAD says -----------------------------------------------------------------------------------------------------


class CallPictured(Body, frozen=True):
    """One picture of the call as a CAD source shows it: facts only, the whole of them, never a difference.

    ``common_code`` is the APCO ANS 2.103.2 common incident type, "" when the local type maps to none. ``behavioral``
    says that the local type is one the site lists as behavioral health. ``place`` is text as CAD gives it.
    """

    KIND: ClassVar[str] = "call.pictured"
    source: str
    source_time: Moment
    number: str
    type_text: str
    reported_at: Moment
    type_code: str = ""
    common_code: str = ""
    behavioral: bool = False
    priority: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    caller: str = ""
    callback: str = ""
    units: tuple[str, ...] = ()
    closed: bool = False
    disposition: str = ""


class CallNarrated(Body, frozen=True):
    """One line added to the narrative in CAD, at the source's time, by whom the source names ("" when it does not)."""

    KIND: ClassVar[str] = "call.narrated"
    source: str
    source_time: Moment
    line: str
    by: str = ""


class CallEntered(Body, frozen=True):
    """A call typed in by hand at a desk, for when CAD is away."""

    KIND: ClassVar[str] = "call.entered"
    number: str
    type_text: str
    place: str
    at: Moment
    words: str = ""


# -- flag --------------------------------------------------------------------------------------------------------------


class CallFlagged(Body, frozen=True):
    """Someone wants a clinician on this call. ``source`` is "person", or "cad" for a code a person typed in CAD."""

    KIND: ClassVar[str] = "call.flagged"
    reason: str
    at: Moment
    words: str = ""
    source: str = "person"
    by: str = ""


class CallFlagSuggested(Body, frozen=True):
    """A site rule thinks this call may need a clinician; ``why`` names the rule and what it matched."""

    KIND: ClassVar[str] = "call.flag-suggested"
    rule: str
    why: str
    at: Moment


class CallSuggestionDismissed(Body, frozen=True):
    """A person looked at the suggestion and decided against a flag."""

    KIND: ClassVar[str] = "call.suggestion-dismissed"
    at: Moment
    reason: str = ""


class CallFlagWithdrawn(Body, frozen=True):
    """The flag was a mistake or is no longer wanted."""

    KIND: ClassVar[str] = "call.flag-withdrawn"
    at: Moment
    reason: str


class CallOfficerWaiting(Body, frozen=True):
    """An officer on scene waits for a clinician, or no longer does."""

    KIND: ClassVar[str] = "call.officer-waiting"
    at: Moment
    waiting: bool


class CallFallbackTaken(Body, frozen=True):
    """No clinician could take the call and the stated fallback (e.g. a CIT officer) was asked for instead."""

    KIND: ClassVar[str] = "call.fallback-taken"
    at: Moment
    fallback: str


# -- ownership ---------------------------------------------------------------------------------------------------------


class CallClaimed(Body, frozen=True):
    """A clinician takes the call. Takes effect only if nobody owns it at this place in the order."""

    KIND: ClassVar[str] = "call.claimed"
    at: Moment


class CallReleased(Body, frozen=True):
    """The owner gives the call back. ``claim`` is the entry the ownership rests on."""

    KIND: ClassVar[str] = "call.released"
    at: Moment
    claim: UUID
    reason: str


class CallTakenOver(Body, frozen=True):
    """Another clinician takes the call from its owner, with a reason. ``claim`` is the entry it rests on."""

    KIND: ClassVar[str] = "call.taken-over"
    at: Moment
    claim: UUID
    reason: str


# -- the work ----------------------------------------------------------------------------------------------------------


class CallScreened(Body, frozen=True):
    """The eligibility screen: each question's answer ("yes", "no", "unknown") and the decision with its reason."""

    KIND: ClassVar[str] = "call.screened"
    at: Moment
    answers: dict[str, str]
    decision: str
    reason: str = ""


class CallFactStated(Body, frozen=True):
    """One fact that keeps people safe, with who told it. Replaces what the field said; "" makes it unknown again."""

    KIND: ClassVar[str] = "call.fact-stated"
    at: Moment
    field: str
    value: str
    source: str


class CallContacted(Body, frozen=True):
    """An attempt to reach the person: ``how`` is live, conference, call-back-1…3, officer or no-answer."""

    KIND: ClassVar[str] = "call.contacted"
    at: Moment
    how: str
    reached: bool
    whom: str = ""


class CallLineChanged(Body, frozen=True):
    """The line to the caller: on, dropped or ended."""

    KIND: ClassVar[str] = "call.line-changed"
    at: Moment
    line: str


class CallLeveled(Body, frozen=True):
    """The clinician sets the level, with a reason of one or two lines that dispatch reads.

    ``claim`` is the entry the ownership rests on; None where a supervisor set it on a colleague's call, and where an
    older program wrote it.
    """

    KIND: ClassVar[str] = "call.leveled"
    at: Moment
    level: Level
    reason: str
    claim: UUID | None = None


class CallAdvised(Body, frozen=True):
    """What the clinician advises to send. The entry's id is the advice's id."""

    KIND: ClassVar[str] = "call.advised"
    at: Moment
    send: tuple[str, ...]
    words: str = ""


class CallAdviceAcknowledged(Body, frozen=True):
    """The dispatcher read the advice; ``passed`` says whether it was passed on to the units."""

    KIND: ClassVar[str] = "call.advice-acknowledged"
    at: Moment
    advice: UUID
    passed: bool = False


class CallMessaged(Body, frozen=True):
    """A line in the thread between dispatcher and clinician."""

    KIND: ClassVar[str] = "call.messaged"
    at: Moment
    text: str


class CallAlarmAcknowledged(Body, frozen=True):
    """A person saw an alarm of this call; ``alarm`` names the cause and the moment it began."""

    KIND: ClassVar[str] = "call.alarm-acknowledged"
    at: Moment
    alarm: str


class CallRespondersConfirmed(Body, frozen=True):
    """Responders are confirmed to be with the person: ``who`` is there, as ``said_by`` said at ``at``."""

    KIND: ClassVar[str] = "call.responders-confirmed"
    at: Moment
    who: str
    said_by: str = ""


class WouldHave(msgspec.Struct, frozen=True):
    """What would have happened without a clinician: "yes", "no" or "unknown" for each, and who says so."""

    arrest: str = "unknown"
    emergency_department: str = "unknown"
    ems: str = "unknown"
    said_by: str = ""


class CallDisposed(Body, frozen=True):
    """The clinician's work on the call ends. High levels end only with ``contact_confirmed`` or a reason.

    ``claim`` as in :class:`CallLeveled`.
    """

    KIND: ClassVar[str] = "call.disposed"
    at: Moment
    disposition: str
    roll_up: RollUp
    would_have: WouldHave = WouldHave()
    contact_confirmed: bool = False
    no_contact_reason: str = ""
    words: str = ""
    claim: UUID | None = None


class CallReopened(Body, frozen=True):
    """The disposition was premature."""

    KIND: ClassVar[str] = "call.reopened"
    at: Moment
    reason: str


class CallOutcomeRecorded(Body, frozen=True):
    """What came of it on scene, as somebody reports it; "unknown" is an answer."""

    KIND: ClassVar[str] = "call.outcome-recorded"
    at: Moment
    outcome: str
    said_by: str
    words: str = ""
