"""The encounter: a clinician's own work with a person, in the provider's clinical record.

It may start before any call exists (the phone came first) and be bound to a call later. Content is appended and
amended, never overwritten.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec
from msgspec.structs import replace

from wire.envelope import Entry
from wire.fold import Aggregate, Body, Moment, Senseless
from wire.journals import Audience

WAYS_IN = ("transferred", "conference", "listening", "call-back", "officer", "text", "from-board")
"""How the clinician came to talk with, or about, the person."""


class EncounterStarted(Body, frozen=True):
    """The clock starts. ``way_in`` is one of :data:`WAYS_IN`; ``call`` is None when the phone came first."""

    KIND: ClassVar[str] = "encounter.started"
    at: Moment
    way_in: str
    call: UUID | None = None


class EncounterBound(Body, frozen=True):
    """The encounter belongs to this call; binding again moves it, for a mistaken binding."""

    KIND: ClassVar[str] = "encounter.bound"
    at: Moment
    call: UUID


class EncounterNoted(Body, frozen=True):
    """One line of the note pad, with the moment it was begun."""

    KIND: ClassVar[str] = "encounter.noted"
    at: Moment
    text: str


class EncounterNoteAmended(Body, frozen=True):
    """A correction of one line, by its entry; both versions stay."""

    KIND: ClassVar[str] = "encounter.note-amended"
    at: Moment
    note: UUID
    text: str


class EncounterFactStated(Body, frozen=True):
    """One clinical fact with who told it (name, age, relation, provider…); "" makes it unknown again."""

    KIND: ClassVar[str] = "encounter.fact-stated"
    at: Moment
    field: str
    value: str
    source: str


class EncounterClosed(Body, frozen=True):
    """The clinician is done; notes may still be amended."""

    KIND: ClassVar[str] = "encounter.closed"
    at: Moment


class EncounterResumed(Body, frozen=True):
    """The work with the person goes on after all: the encounter is open again, and so are its alarms."""

    KIND: ClassVar[str] = "encounter.resumed"
    at: Moment


class EncounterMatchJudged(Body, frozen=True):
    """A person says whether an earlier contact was with the same person; None takes that back.

    ``contact`` is the earlier call, or the earlier encounter where it has none. Nothing is merged, and what is recorded
    of the earlier contact stays as it is.
    """

    KIND: ClassVar[str] = "encounter.match-judged"
    at: Moment
    contact: UUID
    same: bool | None = None


class Note(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the note pad as it reads now, and what it read before each amendment."""

    entry: UUID
    at: datetime
    by: UUID
    text: str
    before: tuple[str, ...] = ()


class ClinicalFact(msgspec.Struct, frozen=True):
    """What a clinical field says now."""

    field: str
    value: str
    source: str
    at: datetime
    by: UUID


class Judgment(msgspec.Struct, frozen=True):
    """Whether an earlier contact was with the same person, as somebody says."""

    same: bool
    at: datetime
    by: UUID


class EncounterState(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything of one encounter that is not an assessment or a referral."""

    started_at: datetime
    clinician: UUID
    way_in: str
    call: UUID | None = None
    notes: tuple[Note, ...] = ()
    facts: dict[str, ClinicalFact] = {}
    closed_at: datetime | None = None
    matches: dict[str, Judgment] = {}
    """By the id of the earlier contact."""


ENCOUNTER: Aggregate[EncounterState] = Aggregate("encounter", Audience.CLINICAL, EncounterState, version=3)


def _started(state: EncounterState | None) -> EncounterState:
    if state is None:
        raise Senseless("the encounter has not started")
    return state


@ENCOUNTER.step(EncounterStarted)
def _start(state: EncounterState | None, entry: Entry, body: EncounterStarted) -> EncounterState:
    if state is not None:
        raise Senseless("the encounter has started already")
    return EncounterState(body.at, entry.actor, body.way_in, body.call)


@ENCOUNTER.step(EncounterBound)
def _bind(state: EncounterState | None, entry: Entry, body: EncounterBound) -> EncounterState:
    return replace(_started(state), call=body.call)


@ENCOUNTER.step(EncounterNoted)
def _note(state: EncounterState | None, entry: Entry, body: EncounterNoted) -> EncounterState:
    state = _started(state)
    return replace(state, notes=(*state.notes, Note(entry.id, body.at, entry.actor, body.text)))


@ENCOUNTER.step(EncounterNoteAmended)
def _amend(state: EncounterState | None, entry: Entry, body: EncounterNoteAmended) -> EncounterState:
    state = _started(state)
    notes = list(state.notes)
    for place, note in enumerate(notes):
        if note.entry == body.note:
            notes[place] = replace(note, text=body.text, before=(*note.before, note.text))
            return replace(state, notes=tuple(notes))
    raise Senseless("the note it amends is not known")


@ENCOUNTER.step(EncounterFactStated)
def _state_fact(state: EncounterState | None, entry: Entry, body: EncounterFactStated) -> EncounterState:
    state = _started(state)
    facts = dict(state.facts)
    if body.value:
        facts[body.field] = ClinicalFact(body.field, body.value, body.source, body.at, entry.actor)
    else:
        facts.pop(body.field, None)
    return replace(state, facts=facts)


@ENCOUNTER.step(EncounterClosed)
def _close(state: EncounterState | None, entry: Entry, body: EncounterClosed) -> EncounterState:
    return replace(_started(state), closed_at=body.at)


@ENCOUNTER.step(EncounterResumed)
def _resume(state: EncounterState | None, entry: Entry, body: EncounterResumed) -> EncounterState:
    state = _started(state)
    if state.closed_at is None:
        raise Senseless("the encounter is open")
    return replace(state, closed_at=None)


@ENCOUNTER.step(EncounterMatchJudged)
def _judge(state: EncounterState | None, entry: Entry, body: EncounterMatchJudged) -> EncounterState:
    state = _started(state)
    matches = dict(state.matches)
    if body.same is None:
        matches.pop(str(body.contact), None)
    else:
        matches[str(body.contact)] = Judgment(body.same, body.at, entry.actor)
    return replace(state, matches=matches)
