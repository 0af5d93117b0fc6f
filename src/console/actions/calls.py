"""What a clinician does with a call: own it, reach the person, level, advise, dispose."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from console.actions import lengths
from console.actions.acting import Act, acting, codes, one_of, optional, words
from console.errors import KnownError
from console.handoff.fields import FIELD, SOURCE
from console.models import call as bodies
from console.models.assessment import assessment_of
from console.models.call import Level, RollUp, WouldHave
from console.models.call_fold import CALL
from console.models.call_state import CallState, rise_key
from console.models.center import CLINICIAN_TOOK_IT
from console.models.changes import Changes
from console.models.sign_in import SignIn
from console.models.store import people
from console.models.store.desk import Desk
from wire.fold import Body
from wire.permissions import Role

WAYS_OF_CONTACT = ("live", "conference", "call-back-1", "call-back-2", "call-back-3", "officer", "no-answer")
DECISIONS = ("eligible", "consult-only", "not-eligible")
ANSWERS = ("yes", "no", "unknown")
LINES = ("on", "dropped", "ended")
CHARGE = frozenset({Role.SUPERVISOR, Role.CLINICAL_SUPERVISOR})
"""Who may act on a call that somebody else has, with a reason."""


def claim_within(act: Act, call: UUID) -> None:
    """Take the call, as part of an act. Raises :class:`KnownError` naming the owner when somebody has it."""
    state: CallState = act.state(CALL, call, "call")
    _refuse_disposed(state)
    if state.claim is not None:
        if state.claim.owner == act.sign_in.user:
            raise KnownError("You have this call already.")
        owner = people.display_name(act.connection, state.claim.owner)
        raise KnownError(f"{owner} has this call. Take it over with a reason, or write to them in the thread.")
    if state.flag is None:
        # Taking a call that nobody flagged is the clinician's own flag: the clocks start with it.
        act.add(call, bodies.CallFlagged(CLINICIAN_TOOK_IT, act.now))
    act.add(call, bodies.CallClaimed(act.now))


def release(desk: Desk, sign_in: SignIn, call: UUID, reason: str) -> Changes:
    """Give the call back to the board, with a reason."""
    with acting(desk, sign_in) as act:
        state: CallState = act.state(CALL, call, "call")
        act.require_write(bodies.CallReleased.KIND)
        if state.claim is None or state.claim.owner != sign_in.user:
            raise KnownError("You do not have this call.")
        act.add(call, bodies.CallReleased(act.now, state.claim.entry, words(reason, "The reason", most=lengths.REASON)))
    return act.changes


def take_over_within(act: Act, call: UUID, reason: str) -> None:
    """Take the call from whoever has it, as part of an act, with a reason they will read."""
    state: CallState = act.state(CALL, call, "call")
    _refuse_disposed(state)
    if state.claim is None:
        raise KnownError("Nobody has this call. Claim it.")
    if state.claim.owner == act.sign_in.user:
        raise KnownError("You have this call already.")
    act.add(call, bodies.CallTakenOver(act.now, state.claim.entry, words(reason, "The reason", most=lengths.REASON)))


def screen(
    desk: Desk, sign_in: SignIn, call: UUID, answers: Mapping[str, str], decision: str, reason: str = ""
) -> Changes:
    """Record the eligibility screen. A decision other than eligible needs its reason."""
    one_of(decision, DECISIONS, "decision")
    for answer in answers.values():
        one_of(answer, ANSWERS, "answer")
    reason = optional(reason, "The reason", most=lengths.REASON)
    if decision != "eligible":
        words(reason, "The reason why the call is not (fully) eligible", most=lengths.REASON)
    with acting(desk, sign_in) as act:
        act.state(CALL, call, "call")
        for question in answers:
            one_of(question, codes(act.center.screening), "question of the screen")
        act.add(call, bodies.CallScreened(act.now, dict(answers), decision, reason))
    return act.changes


def state_fact(desk: Desk, sign_in: SignIn, call: UUID, field: str, value: str, source: str) -> Changes:
    """Say what a safety field holds, and who told it. An empty value makes it unknown again."""
    value = value.strip()
    longest = FIELD[one_of(field, tuple(FIELD), "fact of a call")].longest
    if len(value) > longest:
        raise KnownError(f"{FIELD[field].name} has {len(value)} characters; at most {longest} fit on a sheet.")
    if value:
        one_of(source, tuple(SOURCE), "source of a fact")
    with acting(desk, sign_in) as act:
        state: CallState = act.state(CALL, call, "call")
        known = state.facts.get(field)
        if (known.value if known else "") == value and (not known or known.source == source):
            return act.changes
        act.add(call, bodies.CallFactStated(act.now, field, value, source))
    return act.changes


def contact(desk: Desk, sign_in: SignIn, call: UUID, how: str, whom: str = "", *, override: str = "") -> Changes:
    """Record an attempt to reach the person; every way but "no-answer" reached somebody.

    Refused on a colleague's call, unless a supervisor gives the reason in ``override``.
    """
    one_of(how, WAYS_OF_CONTACT, "way of contact")
    whom = optional(whom, "With whom", most=lengths.WHO)
    with acting(desk, sign_in) as act:
        state: CallState = act.state(CALL, call, "call")
        _own(act, call, state, bodies.CallContacted, override)
        act.add(call, bodies.CallContacted(act.now, how, how != "no-answer", whom))
    return act.changes


def line(desk: Desk, sign_in: SignIn, call: UUID, now: str) -> Changes:
    """The line to the caller is on, dropped or ended."""
    one_of(now, LINES, "state of the line")
    with acting(desk, sign_in) as act:
        act.state(CALL, call, "call")
        act.add(call, bodies.CallLineChanged(act.now, now))
    return act.changes


def level(desk: Desk, sign_in: SignIn, call: UUID, to: Level, reason: str, *, override: str = "") -> Changes:
    """Set the risk level of one's own call, with a reason of at most two lines that dispatch reads.

    Refused on a colleague's call, unless a supervisor gives the reason in ``override``.
    """
    if to not in bodies.SETTABLE_LEVELS:
        raise KnownError(f"{to!r} is not a level. Known: {', '.join(bodies.SETTABLE_LEVELS)}.")
    with acting(desk, sign_in) as act:
        state: CallState = act.state(CALL, call, "call")
        _refuse_disposed(state)
        held = _own(act, call, state, bodies.CallLeveled, override, claimed=True)
        reason = words(reason, "The reason for the level", most=lengths.LEVEL_REASON)
        act.add(call, bodies.CallLeveled(act.now, to, reason, held))
    return act.changes


def advise(desk: Desk, sign_in: SignIn, call: UUID, send: tuple[str, ...], said: str = "") -> Changes:
    """Tell dispatch what to send (codes of the center's list), with words they can pass on."""
    said = optional(said, "The advice", most=lengths.ADVICE)
    if not send and not said:
        raise KnownError("The advice is empty. Choose what to send, or say it in words.")
    with acting(desk, sign_in) as act:
        _refuse_disposed(act.state(CALL, call, "call"))
        for code in send:
            one_of(code, codes(act.center.send), "thing to send")
        act.add(call, bodies.CallAdvised(act.now, send, said))
    return act.changes


def acknowledge_advice(desk: Desk, sign_in: SignIn, call: UUID, advice: UUID, *, passed: bool = False) -> Changes:
    """The dispatcher read the advice, and passed it on to the units if ``passed``."""
    with acting(desk, sign_in) as act:
        state: CallState = act.state(CALL, call, "call")
        if all(given.id != advice for given in state.advice):
            raise KnownError("This advice is not known on this call.")
        act.add(call, bodies.CallAdviceAcknowledged(act.now, advice, passed))
    return act.changes


def message(desk: Desk, sign_in: SignIn, call: UUID, text: str) -> Changes:
    """Write a line in the thread between dispatch and clinician. It may become a public record."""
    with acting(desk, sign_in) as act:
        act.state(CALL, call, "call")
        act.add(call, bodies.CallMessaged(act.now, words(text, "The message", most=lengths.MESSAGE)))
    return act.changes


def acknowledge_alarm(desk: Desk, sign_in: SignIn, call: UUID, alarm: str) -> Changes:
    """Say that somebody saw the alarm. The second person to do so changes nothing.

    The alarm of an instrument is clinical: nothing of it is kept with the call (see ``assessments.acknowledge_alert``).
    What is meant for others stays for them: nobody acknowledges the rise of a level that they set, somebody else's
    message, or advice that dispatch has yet to read.
    """
    if assessment_of(alarm) is not None:
        raise KnownError("The alarm of an instrument is acknowledged in the clinical record, not on the call.")
    with acting(desk, sign_in) as act:
        state: CallState = act.state(CALL, call, "call")
        if alarm not in state.acknowledged:
            _refuse_others_alarm(act, state, alarm)
            act.add(call, bodies.CallAlarmAcknowledged(act.now, alarm))
    return act.changes


def _refuse_others_alarm(act: Act, state: CallState, alarm: str) -> None:
    act.require_write(bodies.CallAlarmAcknowledged.KIND)
    me, cause = act.sign_in.user, alarm.partition(":")[0]
    if any(rise_key(step) == alarm and step.by == me for step in state.levels):
        raise KnownError("You set this level. Somebody else acknowledges that it rose.")
    if cause == "message" and not alarm.endswith(f":{me}"):
        raise KnownError("This message is somebody else's to read.")
    if cause == "advice":
        act.require_write(bodies.CallAdviceAcknowledged.KIND)


def confirm_responders(
    desk: Desk, sign_in: SignIn, call: UUID, who: str, *, said_by: str = "", at: datetime | None = None
) -> Changes:
    """Responders are with the person: ``who`` is there, ``said_by`` says so, and it was said at ``at`` (now).

    It lifts what guards the end of a grave call, so a moment before the call, or one still to come, is refused.
    """
    who = words(who, "Who is with the person", most=lengths.WHO)
    said_by = optional(said_by, "Who says so", most=lengths.WHO)
    with acting(desk, sign_in) as act:
        state: CallState = act.state(CALL, call, "call")
        at = at or act.now
        if at > act.now or (state.opened_at is not None and at < state.opened_at):
            raise KnownError("Responders were confirmed between the call and now: correct the time.")
        act.add(call, bodies.CallRespondersConfirmed(at, who, said_by))
    return act.changes


class Disposal(msgspec.Struct, frozen=True):
    """How the work on a call ends.

    ``disposition`` is a code of the center's list. ``contact_confirmed``: responders are with the person, which a call
    at a high or critical level needs. ``no_contact_reason`` is why they are not, or why nobody set a level.
    """

    disposition: str
    roll_up: RollUp
    would_have: WouldHave = WouldHave()
    contact_confirmed: bool = False
    no_contact_reason: str = ""
    said: str = ""


def dispose_within(act: Act, call: UUID, how: Disposal, override: str) -> None:
    """End the work on one's own call, as part of an act. A high or critical level needs responders, or the reason.

    A call that nobody leveled needs a level first, or the reason why none was set, unless the disposition is one by
    which there is nobody to assess. Refused on a colleague's call, unless a supervisor gives the reason in
    ``override``.
    """
    would = how.would_have
    for answer in (would.arrest, would.emergency_department, would.ems):
        one_of(answer, ANSWERS, "answer")
    said_by = optional(would.said_by, "Who says what would have happened", most=lengths.WHO)
    if (would.arrest, would.emergency_department, would.ems) != ("unknown",) * 3:
        words(said_by, "Who says what would have happened", most=lengths.WHO)
    no_contact_reason = optional(how.no_contact_reason, "The reason", most=lengths.REASON)
    said = optional(how.said, "What you say about it", most=lengths.DISPOSITION)
    state: CallState = act.state(CALL, call, "call")
    _refuse_disposed(state)
    act.require_write(bodies.CallDisposed.KIND)
    one_of(how.disposition, codes(act.center.dispositions), "disposition")
    chosen = next(each for each in act.center.dispositions if each.code == how.disposition)
    held = _own(act, call, state, bodies.CallDisposed, override, claimed=True)
    confirmed = how.contact_confirmed or state.responders_there
    if state.level.rank >= Level.HIGH.rank and not confirmed and not no_contact_reason:
        raise KnownError(
            f"A call at level {state.level.upper()} ends only when responders are confirmed with the person. "
            "Confirm it, or give the reason."
        )
    if chosen.misses_level(state) and not no_contact_reason:
        raise KnownError("Nobody set a level for this call. Set it first, or give the reason why none was set.")
    act.add(
        call,
        bodies.CallDisposed(act.now, how.disposition, how.roll_up, would, confirmed, no_contact_reason, said, held),
    )


def reopen(desk: Desk, sign_in: SignIn, call: UUID, reason: str) -> Changes:
    """The disposition was premature."""
    with acting(desk, sign_in) as act:
        if act.state(CALL, call, "call").disposition is None:
            raise KnownError("This call is not disposed.")
        act.add(call, bodies.CallReopened(act.now, words(reason, "The reason", most=lengths.REASON)))
    return act.changes


def record_outcome(desk: Desk, sign_in: SignIn, call: UUID, outcome: str, said_by: str, said: str = "") -> Changes:
    """Record what came of the call on scene, as somebody reports it; "unknown" is an outcome too."""
    outcome = words(outcome, "The outcome", most=lengths.WHO)
    said_by = words(said_by, "Who says so", most=lengths.WHO)
    said = optional(said, "The outcome in words", most=lengths.OUTCOME)
    with acting(desk, sign_in) as act:
        act.state(CALL, call, "call")
        act.add(call, bodies.CallOutcomeRecorded(act.now, outcome, said_by, said))
    return act.changes


def _own(
    act: Act, call: UUID, state: CallState, body: type[Body], override: str, *, claimed: bool = False
) -> UUID | None:
    """Refuse to write ``body`` on a colleague's call, and with ``claimed`` on one that nobody has.

    A supervisor may, with a reason; it stands in the thread, where the owner reads it. What is returned is the actor's
    own claim, on which ``body`` rests; None where there is none.
    """
    act.require_write(body.KIND)
    if state.claim is None:
        if claimed:
            raise KnownError("Claim this call first.")
        return None
    if state.claim.owner == act.sign_in.user:
        return state.claim.entry
    owner = people.display_name(act.connection, state.claim.owner)
    if not override.strip() or CHARGE.isdisjoint(act.sign_in.roles):
        how = "Take it over, or act as supervisor," if CHARGE & act.sign_in.roles else "Take it over"
        raise KnownError(f"{owner} has this call. {how} with a reason.")
    reason = words(override, "The reason", most=lengths.REASON)
    act.add(call, bodies.CallMessaged(act.now, f"Acted as supervisor on {owner}'s call: {reason}"))
    return None


def _refuse_disposed(state: CallState) -> None:
    if state.disposition is not None:
        raise KnownError("This call is disposed. Reopen it first.")
