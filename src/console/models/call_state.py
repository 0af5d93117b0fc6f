"""The state of a call for service: what all of its entries amount to."""

from datetime import datetime
from uuid import UUID

import msgspec

from console.models.call import CallDisposed, CallPictured, Level


class NarrativeLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of CAD's narrative (or the words of a call entered by hand)."""

    at: datetime
    line: str
    by: str = ""


class CadChange(msgspec.Struct, frozen=True):
    """One fact that CAD changed."""

    at: datetime
    field: str
    before: str
    after: str


class Flag(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why someone wants a clinician."""

    entry: UUID
    at: datetime
    by: UUID
    reason: str
    words: str = ""
    source: str = "person"
    by_text: str = ""

    @property
    def typed_in_cad_by(self) -> str:
        """Who typed the code in CAD, as far as CAD says; "" for a flag that was raised here."""
        if self.source != "cad":
            return ""
        return f"{self.by_text} in CAD" if self.by_text else "somebody in CAD"


class Suggestion(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a site rule thinks the call may need a clinician.

    ``answered`` says that a flag, the flag's withdrawal or the disposition decided the question meanwhile.
    """

    at: datetime
    rule: str
    why: str
    dismissed_by: UUID | None = None
    answered: bool = False

    @property
    def undecided(self) -> bool:
        """Whether nobody has judged it, nor done what it asks for."""
        return self.dismissed_by is None and not self.answered


class Claim(msgspec.Struct, frozen=True):
    """Who owns the call, and the entry that made it so."""

    entry: UUID
    owner: UUID
    at: datetime


class LevelSet(msgspec.Struct, frozen=True, omit_defaults=True):
    """One step of the level's timeline. ``late``: the call had been disposed of when it came."""

    entry: UUID
    at: datetime
    level: Level
    reason: str
    by: UUID
    rise: bool
    late: bool = False


class Contact(msgspec.Struct, frozen=True):
    """One attempt to reach the person."""

    at: datetime
    how: str
    reached: bool
    whom: str
    by: UUID


class Advice(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a clinician advised, and whether dispatch has read it and passed it on."""

    id: UUID
    at: datetime
    by: UUID
    send: tuple[str, ...]
    words: str = ""
    acknowledged_at: datetime | None = None
    acknowledged_by: UUID | None = None
    passed_at: datetime | None = None


class Message(msgspec.Struct, frozen=True):
    """One line of the thread."""

    at: datetime
    by: UUID
    text: str


class Fact(msgspec.Struct, frozen=True):
    """What a field says now, who told it and when."""

    field: str
    value: str
    source: str
    at: datetime
    by: UUID


class Screening(msgspec.Struct, frozen=True):
    """The eligibility screen as last answered."""

    at: datetime
    by: UUID
    answers: dict[str, str]
    decision: str
    reason: str


class Disposition(msgspec.Struct, frozen=True):
    """How the work on the call ended, and who ended it."""

    by: UUID
    body: CallDisposed


class Outcome(msgspec.Struct, frozen=True):
    """What came of it, as somebody reported."""

    at: datetime
    by: UUID
    outcome: str
    said_by: str
    words: str


class CallState(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything known of one call. Times are aware UTC; ids of people are user ids.

    ``unowned_since`` is the moment the flagged call last came to be nobody's: its flag, or when it was given back. It
    stays while somebody has the call, so that the clock from there to the claim can be told.
    ``resurfaced_at`` is the moment CAD changed the type to a behavioral one: the call must come back up on the board.
    ``late`` counts pictures that arrived after a newer one and changed nothing. ``past_horizon`` says that what CAD
    told first was dropped at this desk: the times of it are known, and nothing else.
    """

    picture: CallPictured | None = None
    entered: bool = False
    opened_at: datetime | None = None
    first_type: str = ""
    type_before: str = ""
    type_changed_at: datetime | None = None
    resurfaced_at: datetime | None = None
    closed_at: datetime | None = None
    late: int = 0
    past_horizon: bool = False
    changes: tuple[CadChange, ...] = ()
    narrative: tuple[NarrativeLine, ...] = ()
    flag: Flag | None = None
    first_flagged_at: datetime | None = None
    unowned_since: datetime | None = None
    suggestion: Suggestion | None = None
    officer_waiting_since: datetime | None = None
    fallback: str = ""
    fallback_at: datetime | None = None
    screening: Screening | None = None
    claim: Claim | None = None
    first_claimed_at: datetime | None = None
    contacts: tuple[Contact, ...] = ()
    contacted_at: datetime | None = None
    line: str = ""
    line_at: datetime | None = None
    levels: tuple[LevelSet, ...] = ()
    advice: tuple[Advice, ...] = ()
    thread: tuple[Message, ...] = ()
    facts: dict[str, Fact] = {}
    acknowledged: dict[str, UUID] = {}
    responders_confirmed_at: datetime | None = None
    responders_confirmed: str = ""
    responders_said_by: str = ""
    responders_left: bool = False
    """The call ended and came back since responders were confirmed: they are not with the person any more."""
    disposition: Disposition | None = None
    earlier_dispositions: tuple[Disposition, ...] = ()
    outcomes: tuple[Outcome, ...] = ()

    @property
    def level(self) -> Level:
        """The level now: the last one set, or ``NOT_SET``."""
        return self.levels[-1].level if self.levels else Level.NOT_SET

    @property
    def responders_there(self) -> bool:
        """Whether responders were confirmed to be with the person, and the call has not ended since."""
        return self.responders_confirmed_at is not None and not self.responders_left

    @property
    def suggested(self) -> bool:
        """Whether a rule's suggestion, or CAD's news of a disposed call, still waits for a person to decide."""
        undecided = self.suggestion is not None and self.suggestion.undecided
        return undecided and (self.flag is None or self.disposition is not None)

    @property
    def open(self) -> bool:
        """Whether the call still asks for somebody: open in CAD, flagged, owned, or a suggestion undecided."""
        if self.disposition is not None:
            return self.suggested
        return self.closed_at is None or self.flag is not None or self.claim is not None or self.suggested

    @property
    def at_work(self) -> bool:
        """Whether somebody wants a clinician on the call or has it, and it is not disposed."""
        return self.disposition is None and (self.flag is not None or self.claim is not None)

    @property
    def advice_waiting(self) -> bool:
        """Whether dispatch has yet to read a piece of advice. Disposing of the call does not deliver it."""
        return any(given.acknowledged_at is None for given in self.advice)

    def unread_since_disposal(self, reader: UUID) -> tuple[Message, ...]:
        """What others wrote to ``reader``, who disposed of the call or has it, since it was disposed of.

        Until the reader answers in the thread or acknowledges it, under :func:`message_key`.
        """
        ended = self.disposition
        if ended is None or reader not in self._ended_by:
            return ()
        since = ended.body.at
        # Words of the very act that disposed of a colleague's call are news to the colleague.
        later = [each for each in self.thread if each.at > since or (each.at == since and ended.by != reader)]
        own = [place for place, message in enumerate(later) if message.by == reader]
        waiting = tuple(later[own[-1] + 1 if own else 0 :])
        if waiting and self.acknowledged.get(message_key(waiting[-1], reader)) is not None:
            return ()
        return waiting

    @property
    def _ended_by(self) -> frozenset[UUID]:
        """Whose work it was that the disposition ended."""
        people = {self.disposition.by} if self.disposition else set()
        return frozenset(people | ({self.claim.owner} if self.claim else set()))

    @property
    def standing_rise(self) -> LevelSet | None:
        """The rise of the level that people must know of: acknowledged or not, the newest not undone by a lower level.

        Saying the same level again does not end it. Who acknowledged a later rise has seen the earlier ones as well.
        """
        lowest = Level.CRITICAL.rank
        covered = False
        for step in reversed(self.levels):
            lowest = min(lowest, step.level.rank)
            if step.rise and lowest >= step.level.rank:
                return None if covered else step
            covered = covered or (step.rise and rise_key(step) in self.acknowledged)
        return None

    @property
    def attention(self) -> bool:
        """Whether an alert may still stand on the call: it is open, or ended with something that nobody has seen."""
        if self.open or self.advice_waiting or any(map(self.unread_since_disposal, self._ended_by)):
            return True
        rise = self.standing_rise
        return rise is not None and rise.level.rank >= Level.HIGH.rank and rise_key(rise) not in self.acknowledged

    @property
    def contacted_since_claim(self) -> datetime | None:
        """When the person was first reached since the current claim; without a claim, when they were first reached."""
        if self.claim is None:
            return self.contacted_at
        since = self.claim.at
        return next((each.at for each in self.contacts if each.reached and each.at >= since), None)


def message_key(message: Message, reader: UUID) -> str:
    """The key by which one reader acknowledges the messages up to this one: what one saw, another may not have."""
    return f"message:{message.at.isoformat()}:{reader}"


def rise_key(rise: LevelSet) -> str:
    """The key by which the alert of a raised level is acknowledged."""
    return f"rise:{rise.entry}"
