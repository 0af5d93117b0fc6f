"""The fold of a call for service: one step for each kind of entry, in the order people meet them."""

from datetime import datetime
from operator import attrgetter
from uuid import UUID

from msgspec.structs import replace

from console.models import call as bodies
from console.models.call import Level
from console.models.call_state import (
    Advice,
    CadChange,
    CallState,
    Claim,
    Contact,
    Disposition,
    Fact,
    Flag,
    LevelSet,
    Message,
    NarrativeLine,
    Outcome,
    Screening,
    Suggestion,
)
from wire.envelope import Entry
from wire.fold import Aggregate, Senseless
from wire.journals import Audience

CALL: Aggregate[CallState] = Aggregate("call", Audience.OPERATIONS, CallState, version=5)

_SHOWN_CHANGES = ("type_text", "priority", "place", "caller", "callback", "disposition")
_shown = attrgetter(*_SHOWN_CHANGES)


def _begun(state: CallState | None) -> CallState:
    if state is None or state.opened_at is None:
        raise Senseless("nothing is known of this call yet")
    return state


def _undisposed(state: CallState | None) -> CallState:
    state = _begun(state)
    if state.disposition is not None:
        raise Senseless("the call is disposed")
    return state


# -- CAD ---------------------------------------------------------------------------------------------------------------


@CALL.step(bodies.CallPictured)
def _pictured(state: CallState | None, entry: Entry, body: bodies.CallPictured) -> CallState:
    if state is None or state.picture is None:
        started = state or CallState()
        if started.past_horizon and started.closed_at is not None and body.source_time < started.closed_at:
            return replace(started, late=started.late + 1)
        return replace(
            started,
            picture=body,
            opened_at=started.opened_at or body.reported_at,
            first_type=started.first_type or body.type_text,
            closed_at=body.source_time if body.closed else None,
        )
    before = state.picture
    if body.source_time < before.source_time:
        return replace(state, late=state.late + 1)
    when = body.source_time
    turned = body.behavioral and not before.behavioral
    if turned and state.disposition is not None and not state.suggested:
        # What the disposition answered was another question: a person must look at this one.
        state = replace(state, suggestion=Suggestion(when, "type", f'type "{body.type_text}" after the disposition'))
    retyped = body.type_text != before.type_text
    return replace(
        state,
        picture=body,
        changes=state.changes + _differences(before, body),
        type_before=before.type_text if retyped else state.type_before,
        type_changed_at=when if retyped else state.type_changed_at,
        resurfaced_at=when if turned else state.resurfaced_at,
        closed_at=(state.closed_at or when) if body.closed else None,
    )


@CALL.without_body
def _past_horizon(state: CallState | None, entry: Entry) -> CallState:
    """What CAD said is gone, but not that there was a call, nor when: whoever works on it again must find it.

    Nothing is dropped of a call that is open, so CAD had closed it.
    """
    state = state or CallState()
    if entry.kind != bodies.CallPictured.KIND or state.picture is not None:
        return replace(state, past_horizon=True)
    return replace(state, past_horizon=True, opened_at=state.opened_at or entry.made, closed_at=entry.made)


def _differences(before: bodies.CallPictured, after: bodies.CallPictured) -> tuple[CadChange, ...]:
    found = [
        CadChange(after.source_time, field, old, new)
        for field, old, new in zip(_SHOWN_CHANGES, _shown(before), _shown(after), strict=True)
        if old != new
    ]
    if before.units != after.units:
        found.append(CadChange(after.source_time, "units", ", ".join(before.units), ", ".join(after.units)))
    if before.closed != after.closed:
        words = {False: "open", True: "closed"}
        found.append(CadChange(after.source_time, "status", words[before.closed], words[after.closed]))
    return tuple(found)


@CALL.step(bodies.CallNarrated)
def _narrated(state: CallState | None, entry: Entry, body: bodies.CallNarrated) -> CallState:
    state = state or CallState()
    line = NarrativeLine(body.source_time, body.line, body.by)
    if state.narrative and state.narrative[-1].at > line.at:
        # A late line takes its place by the source's time; equal times keep the order they came in.
        return replace(state, narrative=tuple(sorted((*state.narrative, line), key=lambda each: each.at)))
    return replace(state, narrative=(*state.narrative, line))


@CALL.step(bodies.CallEntered)
def _entered(state: CallState | None, entry: Entry, body: bodies.CallEntered) -> CallState:
    if state is not None and state.opened_at is not None:
        raise Senseless("the call exists already")
    state = state or CallState()
    picture = bodies.CallPictured("desk", body.at, body.number, body.type_text, body.at, place=body.place)
    words = (NarrativeLine(body.at, body.words),) if body.words else ()
    return replace(
        state,
        picture=picture,
        entered=True,
        opened_at=body.at,
        first_type=body.type_text,
        narrative=state.narrative + words,
    )


# -- flag --------------------------------------------------------------------------------------------------------------


@CALL.step(bodies.CallFlagged)
def _flagged(state: CallState | None, entry: Entry, body: bodies.CallFlagged) -> CallState:
    state = _begun(state)
    if state.disposition is not None:
        # A code that a person typed in CAD, or a person's answer to CAD's news of the call, asks a new question.
        if body.source != "cad" and not state.suggested:
            raise Senseless("the call is disposed")
        state = replace(_undone(state), flag=None, claim=None)
    if state.flag is not None:
        if body.source == "cad":
            return state  # the code was typed once more: nothing new, and nothing to attend to
        raise Senseless("the call is flagged already")
    if state.first_flagged_at is not None:
        state = replace(state, fallback="", fallback_at=None)  # it answered an earlier flag
    return replace(
        _answered(state),
        flag=Flag(entry.id, body.at, entry.actor, body.reason, body.words, body.source, body.by),
        first_flagged_at=state.first_flagged_at or body.at,
        unowned_since=body.at,
    )


def _answered(state: CallState) -> CallState:
    """What a rule asked is decided by what a person did about the call."""
    if state.suggestion is None or not state.suggestion.undecided:
        return state
    return replace(state, suggestion=replace(state.suggestion, answered=True))


def _undone(state: CallState) -> CallState:
    """The disposition no longer stands; it stays in the call's history."""
    assert state.disposition is not None
    return replace(
        state,
        disposition=None,
        earlier_dispositions=(*state.earlier_dispositions, state.disposition),
        responders_left=state.responders_confirmed_at is not None,
    )


@CALL.step(bodies.CallFlagSuggested)
def _suggested(state: CallState | None, entry: Entry, body: bodies.CallFlagSuggested) -> CallState:
    state = state or CallState()
    if state.disposition is not None:
        return state  # words about a call that is done with: only a type that turns behavioral brings it back
    if state.suggestion is not None and state.suggestion.undecided:
        return state  # one suggestion is enough; the first reason stands until a person decides
    return replace(state, suggestion=Suggestion(body.at, body.rule, body.why))


@CALL.step(bodies.CallSuggestionDismissed)
def _dismissed(state: CallState | None, entry: Entry, body: bodies.CallSuggestionDismissed) -> CallState:
    state = _begun(state)
    if state.suggestion is None or not state.suggestion.undecided:
        raise Senseless("there is no suggestion to dismiss")
    return replace(state, suggestion=replace(state.suggestion, dismissed_by=entry.actor))


@CALL.step(bodies.CallFlagWithdrawn)
def _flag_withdrawn(state: CallState | None, entry: Entry, body: bodies.CallFlagWithdrawn) -> CallState:
    state = _undisposed(state)
    if state.flag is None:
        raise Senseless("the call is not flagged")
    if state.claim is not None:
        raise Senseless("a clinician has the call; the claim must be released first")
    return replace(_answered(state), flag=None, unowned_since=None)


@CALL.step(bodies.CallOfficerWaiting)
def _officer_waiting(state: CallState | None, entry: Entry, body: bodies.CallOfficerWaiting) -> CallState:
    return replace(_undisposed(state), officer_waiting_since=body.at if body.waiting else None)


@CALL.step(bodies.CallFallbackTaken)
def _fallback_taken(state: CallState | None, entry: Entry, body: bodies.CallFallbackTaken) -> CallState:
    state = _undisposed(state)
    if state.fallback_at is not None:
        raise Senseless("the fallback was asked for already")
    return replace(state, fallback=body.fallback, fallback_at=body.at)


# -- ownership ---------------------------------------------------------------------------------------------------------


@CALL.step(bodies.CallClaimed)
def _claimed(state: CallState | None, entry: Entry, body: bodies.CallClaimed) -> CallState:
    state = _undisposed(state)
    if state.claim is not None:
        raise Senseless("somebody has the call already")
    return _owned(state, entry, body.at)


def _owned(state: CallState, entry: Entry, at: datetime) -> CallState:
    return replace(
        state,
        claim=Claim(entry.id, entry.actor, at),
        first_claimed_at=state.first_claimed_at or at,
    )


def _current_claim(state: CallState | None, claim: UUID) -> CallState:
    state = _undisposed(state)
    if state.claim is None or state.claim.entry != claim:
        raise Senseless("it rests on a claim that is no longer the current one")
    return state


def _lost(state: CallState, entry: Entry, claim: UUID | None) -> str:
    """Why the claim that an entry rests on does not hold here; "" where it does, or where the entry names none."""
    if claim is None or (state.claim is not None and state.claim.entry == claim):
        return ""
    if state.claim is None:
        return "it rests on a claim that ended: nobody has the call"
    if state.claim.owner == entry.actor:
        return "it rests on a claim that is no longer the current one"
    return "it rests on a claim that lost: somebody else has the call"


@CALL.step(bodies.CallReleased)
def _released(state: CallState | None, entry: Entry, body: bodies.CallReleased) -> CallState:
    return replace(_current_claim(state, body.claim), claim=None, unowned_since=body.at)


@CALL.step(bodies.CallTakenOver)
def _taken_over(state: CallState | None, entry: Entry, body: bodies.CallTakenOver) -> CallState:
    return _owned(_current_claim(state, body.claim), entry, body.at)


# -- the work ----------------------------------------------------------------------------------------------------------


@CALL.step(bodies.CallScreened)
def _screened(state: CallState | None, entry: Entry, body: bodies.CallScreened) -> CallState:
    screening = Screening(body.at, entry.actor, body.answers, body.decision, body.reason)
    return replace(_begun(state), screening=screening)


@CALL.step(bodies.CallFactStated)
def _fact_stated(state: CallState | None, entry: Entry, body: bodies.CallFactStated) -> CallState:
    state = _begun(state)
    facts = dict(state.facts)
    if body.value:
        facts[body.field] = Fact(body.field, body.value, body.source, body.at, entry.actor)
    else:
        facts.pop(body.field, None)
    return replace(state, facts=facts)


@CALL.step(bodies.CallContacted)
def _contacted(state: CallState | None, entry: Entry, body: bodies.CallContacted) -> CallState:
    state = _begun(state)
    reached = body.reached
    return replace(
        state,
        contacts=(*state.contacts, Contact(body.at, body.how, reached, body.whom, entry.actor)),
        contacted_at=state.contacted_at or (body.at if reached else None),
        line="on" if reached else state.line,
        line_at=body.at if reached else state.line_at,
        officer_waiting_since=None if reached and body.how == "officer" else state.officer_waiting_since,
    )


@CALL.step(bodies.CallLineChanged)
def _line_changed(state: CallState | None, entry: Entry, body: bodies.CallLineChanged) -> CallState:
    return replace(_begun(state), line=body.line, line_at=body.at)


@CALL.step(bodies.CallLeveled)
def _leveled(state: CallState | None, entry: Entry, body: bodies.CallLeveled) -> CallState:
    if body.level not in bodies.SETTABLE_LEVELS:
        raise Senseless(f"{body.level} is not a level a person sets")
    higher = body.level.rank > _begun(state).level.rank
    # No desk sets a level of a call that it knows to be disposed of: who set it did not know, and the disposition did
    # not know of the warning. It is told to everybody; whether the call is reopened, a person decides.
    warns = higher and body.level.rank >= Level.HIGH.rank
    state = _begun(state) if warns else _undisposed(state)
    late = state.disposition is not None
    lost = _lost(state, entry, body.claim)
    if lost and not higher:  # a step up counts whoever has the call: the person may be in danger
        raise Senseless(f"a level changes nothing: {lost}")
    # The first level of a call is a rise only where it is grave; after that any step up is. The owner has to hear
    # sooner of one that is not theirs, and everybody of one on a call that was disposed of.
    grave = Level.HIGH if lost or late else Level.CRITICAL
    rise = higher and (bool(state.levels) or body.level.rank >= grave.rank)
    step = LevelSet(entry.id, body.at, body.level, body.reason, entry.actor, rise, late)
    return replace(state, levels=(*state.levels, step))


@CALL.step(bodies.CallAdvised)
def _advised(state: CallState | None, entry: Entry, body: bodies.CallAdvised) -> CallState:
    state = _begun(state)
    return replace(state, advice=(*state.advice, Advice(entry.id, body.at, entry.actor, body.send, body.words)))


@CALL.step(bodies.CallAdviceAcknowledged)
def _advice_acknowledged(state: CallState | None, entry: Entry, body: bodies.CallAdviceAcknowledged) -> CallState:
    state = _begun(state)
    advice = list(state.advice)
    for place, given in enumerate(advice):
        if given.id == body.advice:
            advice[place] = replace(
                given,
                acknowledged_at=given.acknowledged_at or body.at,
                acknowledged_by=given.acknowledged_by or entry.actor,
                passed_at=given.passed_at or (body.at if body.passed else None),
            )
            return replace(state, advice=tuple(advice))
    raise Senseless("the advice it acknowledges is not known")


@CALL.step(bodies.CallMessaged)
def _messaged(state: CallState | None, entry: Entry, body: bodies.CallMessaged) -> CallState:
    state = _begun(state)
    return replace(state, thread=(*state.thread, Message(body.at, entry.actor, body.text)))


@CALL.step(bodies.CallAlarmAcknowledged)
def _alarm_acknowledged(state: CallState | None, entry: Entry, body: bodies.CallAlarmAcknowledged) -> CallState:
    state = _begun(state)
    return replace(state, acknowledged={body.alarm: entry.actor} | state.acknowledged)


@CALL.step(bodies.CallRespondersConfirmed)
def _responders_confirmed(state: CallState | None, entry: Entry, body: bodies.CallRespondersConfirmed) -> CallState:
    return replace(
        _begun(state),
        responders_confirmed=body.who,
        responders_confirmed_at=body.at,
        responders_said_by=body.said_by,
        responders_left=False,
    )


@CALL.step(bodies.CallDisposed)
def _disposed(state: CallState | None, entry: Entry, body: bodies.CallDisposed) -> CallState:
    state = _undisposed(state)
    if lost := _lost(state, entry, body.claim):
        raise Senseless(f"a disposition changes nothing: {lost}")
    if (
        state.level.rank >= Level.HIGH.rank
        and not body.contact_confirmed
        and not state.responders_there
        and not body.no_contact_reason
    ):
        raise Senseless("a high level ends only with responders confirmed or a reason")
    disposition = Disposition(entry.actor, body)
    return replace(_answered(state), disposition=disposition, officer_waiting_since=None, line="ended")


@CALL.step(bodies.CallReopened)
def _reopened(state: CallState | None, entry: Entry, body: bodies.CallReopened) -> CallState:
    state = _begun(state)
    if state.disposition is None:
        raise Senseless("the call is not disposed")
    if state.claim is None:
        state = replace(state, unowned_since=body.at)
    return _answered(_undone(state))


@CALL.step(bodies.CallOutcomeRecorded)
def _outcome_recorded(state: CallState | None, entry: Entry, body: bodies.CallOutcomeRecorded) -> CallState:
    state = _begun(state)
    outcome = Outcome(body.at, entry.actor, body.outcome, body.said_by, body.words)
    return replace(state, outcomes=(*state.outcomes, outcome))
