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


class Suggestion(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a site rule thinks the call may need a clinician."""

    at: datetime
    rule: str
    why: str
    dismissed_by: UUID | None = None


class Claim(msgspec.Struct, frozen=True):
    """Who owns the call, and the entry that made it so."""

    entry: UUID
    owner: UUID
    at: datetime


class LevelSet(msgspec.Struct, frozen=True):
    """One step of the level's timeline."""

    entry: UUID
    at: datetime
    level: Level
    reason: str
    by: UUID
    rise: bool


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

    ``resurfaced_at`` is the moment CAD changed the type to a behavioral one: the call must come back up on the board.
    ``late`` counts pictures that arrived after a newer one and changed nothing.
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
    changes: tuple[CadChange, ...] = ()
    narrative: tuple[NarrativeLine, ...] = ()
    flag: Flag | None = None
    first_flagged_at: datetime | None = None
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
    disposition: Disposition | None = None
    outcomes: tuple[Outcome, ...] = ()

    @property
    def level(self) -> Level:
        """The level now: the last one set, or ``NOT_SET``."""
        return self.levels[-1].level if self.levels else Level.NOT_SET

    @property
    def suggested(self) -> bool:
        """Whether a rule's suggestion still waits for a person to decide."""
        return (
            self.suggestion is not None
            and self.suggestion.dismissed_by is None
            and self.first_flagged_at is None
            and self.disposition is None
        )

    @property
    def open(self) -> bool:
        """Whether the call still asks for somebody: open in CAD, flagged, owned, or a suggestion undecided."""
        if self.disposition is not None:
            return False
        return self.closed_at is None or self.flag is not None or self.claim is not None or self.suggested
