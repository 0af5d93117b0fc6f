"""What anyone on the floor does about a flag: flag a call, take the flag back, judge a suggestion, ask the fallback."""

from datetime import datetime
from uuid import UUID

from console.actions import lengths
from console.actions.acting import acting, codes, one_of, optional, words
from console.errors import KnownError
from console.models import call as bodies
from console.models.call_fold import CALL
from console.models.center import OWN_FLAG_REASONS
from console.models.changes import Changes
from console.models.plain import one_line
from console.models.sign_in import SignIn
from console.models.store import people
from console.models.store.desk import Desk
from wire.envelope import uuid7


def flag(desk: Desk, sign_in: SignIn, call: UUID, reason: str, said: str = "") -> Changes:
    """Ask for a clinician on ``call``. ``reason`` is a code of the center's list; ``said`` are the person's words.

    The reasons that the console and a CAD feed write themselves are refused: they say how a flag came about.
    """
    said = optional(said, "What you say about it", most=lengths.FLAG)
    with acting(desk, sign_in) as act:
        state = act.state(CALL, call, "call")
        if state.disposition is not None and not state.suggested:
            raise KnownError("This call is disposed. Reopen it before it is flagged again.")
        if state.flag is not None and state.disposition is None:
            raise KnownError("This call is flagged already.")
        act.require_write(bodies.CallFlagged.KIND)
        listed = codes(act.center.flag_reasons)
        if reason in OWN_FLAG_REASONS:
            own = f"'{reason}' is written by the console itself ({OWN_FLAG_REASONS[reason]})."
            raise KnownError(f"{own} Give one of {', '.join(listed)}.")
        one_of(reason, listed, "flag reason")
        act.add(call, bodies.CallFlagged(reason, act.now, said))
        if reason == "officer-asks":
            act.add(call, bodies.CallOfficerWaiting(act.now, True))
    return act.changes


def withdraw_flag(desk: Desk, sign_in: SignIn, call: UUID, reason: str) -> Changes:
    """Take the flag back, with the reason. Refused while a clinician has the call."""
    with acting(desk, sign_in) as act:
        state = act.state(CALL, call, "call")
        if state.flag is None:
            raise KnownError("This call is not flagged.")
        if state.claim is not None:
            raise KnownError("A clinician has this call. The claim must be released before the flag is taken back.")
        act.add(call, bodies.CallFlagWithdrawn(act.now, words(reason, "The reason", most=lengths.REASON)))
    return act.changes


def dismiss_suggestion(desk: Desk, sign_in: SignIn, call: UUID, reason: str = "") -> Changes:
    """A person looked at why the console suggests a flag, and decided against it."""
    with acting(desk, sign_in) as act:
        state = act.state(CALL, call, "call")
        if not state.suggested:
            raise KnownError("There is no suggestion on this call.")
        act.add(call, bodies.CallSuggestionDismissed(act.now, optional(reason, "The reason", most=lengths.REASON)))
    return act.changes


def officer_waiting(desk: Desk, sign_in: SignIn, call: UUID, waiting: bool) -> Changes:
    """An officer on scene waits for a clinician (or no longer does)."""
    with acting(desk, sign_in) as act:
        act.state(CALL, call, "call")
        act.add(call, bodies.CallOfficerWaiting(act.now, waiting))
    return act.changes


def take_fallback(desk: Desk, sign_in: SignIn, call: UUID, fallback: str) -> Changes:
    """No clinician can take the call: ``fallback`` is asked for, the one that the center states.

    Refused for another one (the screen may be older than the center's setting), and for a call on which nobody waits
    for a clinician.
    """
    with acting(desk, sign_in) as act:
        state = act.state(CALL, call, "call")
        if state.fallback_at is not None:
            raise KnownError("The fallback was asked for already.")
        if not state.at_work:
            raise KnownError("Nobody asks for a clinician on this call. Flag it before the fallback is asked for.")
        if state.claim is not None:
            raise KnownError(f"{people.display_name(act.connection, state.claim.owner)} has this call.")
        act.require_write(bodies.CallFallbackTaken.KIND)
        if fallback != act.center.fallback:
            raise KnownError(f"The fallback of this center is '{act.center.fallback}', not '{one_line(fallback)}'.")
        act.add(call, bodies.CallFallbackTaken(act.now, fallback))
    return act.changes


def enter_call(
    desk: Desk, sign_in: SignIn, number: str, type_text: str, place: str, said: str = "", at: datetime | None = None
) -> tuple[UUID, Changes]:
    """Type a call in by hand, for when CAD is away. Returns its id."""
    call = uuid7()
    number = optional(number, "The number", most=lengths.NUMBER)
    type_text = words(type_text, "What the call is about", most=lengths.TYPE)
    place = optional(place, "The place", most=lengths.PLACE)
    said = optional(said, "What you say about it", most=lengths.ENTERED)
    with acting(desk, sign_in) as act:
        act.add(call, bodies.CallEntered(number, type_text, place, at or act.now, said))
    return call, act.changes
