"""The alert ladder: alarms sound until somebody acknowledges them, cautions chime once, advisories are silent.

An alert follows from what the record says now and from nobody having acknowledged it, never from an entry's arrival:
catching up with a day's entries rings nothing old, and an alert whose cause ended is gone by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from console.models.assessment import ALERT_TIERS, ASSESSMENT, alert_key
from console.models.call import Level
from console.models.call_fold import CALL
from console.models.call_state import CallState, message_key, rise_key
from console.models.center import Limits
from console.models.plain import one_line
from console.models.sign_in import SignIn
from console.models.store import calls, clinical, people, subjects
from console.models.store.desk import Desk
from console.models.store.store import Reading
from console.queries.board import Freshness
from console.queries.center import center_of
from console.queries.lost import lost_claims
from console.queries.reading import reader
from wire.journals import Audience

TIERS = ALERT_TIERS


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alert. ``key`` names the cause and the moment it began; acknowledging is per key."""

    key: str
    tier: str
    call: UUID | None
    title: str
    detail: str
    since: datetime
    count: int = 1
    acknowledged_by: str = ""


def alarms(desk: Desk, sign_in: SignIn, cad: Freshness) -> tuple[Alarm, ...]:
    """Every alert ``sign_in`` should know of, gravest first, then oldest. Acknowledged ones stay, silent."""
    now = desk.clock.now()
    found: list[Alarm] = []
    with desk.store.read() as connection:
        sign_in = reader(connection, sign_in, Audience.OPERATIONS)
        limits = center_of(desk, connection).limits
        everyone = people.every(connection)
        for call, state in calls.calls_with_alerts(connection):
            for alarm in _of_call(call, state, now, limits, sign_in):
                by = state.acknowledged.get(alarm.key)
                name = everyone[by].display_name if by in everyone else ("somebody" if by else "")
                found.append(_acknowledged(alarm, name))
        for lost in lost_claims(connection, sign_in):
            owner = everyone[lost.owner].display_name if lost.owner in everyone else "Somebody"
            said = "; ".join(part for part in (f"{owner} has it" if lost.owner else "", lost.uncounted) if part)
            alarm = Alarm(lost.key, "caution", lost.call, _title(lost.state), said[0].upper() + said[1:], lost.at)
            found.append(_acknowledged(alarm, "you" if alarm.key in lost.state.acknowledged else ""))
        if sign_in.reads(Audience.CLINICAL):
            found += _of_assessments(connection, sign_in)
    if cad.state in ("stale", "down"):
        says = cad.says[:1].upper() + cad.says[1:]  # what a source says of itself may begin small
        found.append(Alarm(f"cad:{cad.source}", "caution", None, "CAD feed", says, cad.last_at or now))
    return tuple(sorted(found, key=lambda each: (bool(each.acknowledged_by), TIERS.index(each.tier), each.since)))


def _acknowledged(alarm: Alarm, name: str) -> Alarm:
    return Alarm(
        alarm.key, alarm.tier, alarm.call, alarm.title, alarm.detail, alarm.since, alarm.count, acknowledged_by=name
    )


def _of_call(call: UUID, state: CallState, now: datetime, limits: Limits, sign_in: SignIn) -> Iterator[Alarm]:
    title = _title(state)
    rise = state.standing_rise
    if rise is not None and rise.by == sign_in.user:
        key = f"lost:{rise.entry}"  # the author's own: the alarm is for others to acknowledge
        if rise.late and state.disposition is not None and key not in state.acknowledged:
            yield Alarm(key, "caution", call, title, "The call was disposed of before your level came", rise.at)
    elif rise is not None:
        tier = "alarm" if rise.level.rank >= Level.HIGH.rank else "caution"
        if tier == "alarm" or state.disposition is None:
            ended = ", and the call is disposed of" if state.disposition is not None else ""
            yield Alarm(rise_key(rise), tier, call, title, f"Level raised to {rise.level.upper()}{ended}", rise.at)
    for given in state.advice:
        if given.acknowledged_at is None and sign_in.may("call.advice-acknowledged"):
            yield Alarm(f"advice:{given.id}", "caution", call, title, "Advice waits for dispatch", given.at)
    if state.disposition is None:
        yield from _of_wait(call, state, now, limits, sign_in)
        yield from _of_thread(call, state, sign_in)
    elif unread := state.unread_since_disposal(sign_in.user):
        key = message_key(unread[-1], sign_in.user)
        said = "New message after you disposed of the call" if state.disposition.by == sign_in.user else "New message"
        yield Alarm(key, "caution", call, title, said, unread[-1].at, len(unread))
    yield from _of_cad(call, state)


def _of_wait(call: UUID, state: CallState, now: datetime, limits: Limits, sign_in: SignIn) -> Iterator[Alarm]:
    """What waits for somebody: the flag, the person called about, the officer on scene."""
    title, flag, claim = _title(state), state.flag, state.claim
    if flag is not None and claim is None:
        since = state.unowned_since or flag.at
        given_back = since != flag.at
        if now - since >= timedelta(seconds=limits.unclaimed_alarm):
            said = "Given back and nobody has it" if given_back else "Flagged and nobody has it"
            yield Alarm(f"unclaimed:{flag.entry}:{since.isoformat()}", "alarm", call, title, said, since)
        elif given_back or flag.by != sign_in.user:
            said = "Given back" if given_back else "New flag"
            yield Alarm(f"flag:{flag.entry}:{since.isoformat()}", "caution", call, title, said, since)
    if not state.at_work:
        return
    if state.line == "dropped" and state.line_at is not None:
        at = state.line_at
        yield Alarm(f"dropped:{at.isoformat()}", "alarm", call, title, "Line dropped, call back", at)
    if state.officer_waiting_since is not None:
        since = state.officer_waiting_since
        yield Alarm(f"officer:{since.isoformat()}", "caution", call, title, "Officer waiting on scene", since)
    patience = timedelta(seconds=limits.contact_caution)
    if claim is not None and state.contacted_since_claim is None and now - claim.at >= patience:
        yield Alarm(f"quiet:{claim.entry}", "caution", call, title, "Claimed, no contact yet", claim.at)


def _of_thread(call: UUID, state: CallState, sign_in: SignIn) -> Iterator[Alarm]:
    """What others wrote since the reader last did, for who owns the call, who flagged it, and dispatch.

    The key is the reader's own: that one person saw a message does not mean that the other one did.
    """
    claim, flag = state.claim, state.flag
    concerned = (claim and claim.owner == sign_in.user) or (flag and flag.by == sign_in.user)
    if not concerned and not sign_in.may("call.advice-acknowledged"):
        return
    written = [place for place, message in enumerate(state.thread) if message.by == sign_in.user]
    unanswered = state.thread[written[-1] + 1 if written else 0 :]
    if unanswered:
        last = unanswered[-1]
        key = message_key(last, sign_in.user)
        yield Alarm(key, "caution", call, _title(state), "New message", last.at, len(unanswered))


def _of_cad(call: UUID, state: CallState) -> Iterator[Alarm]:
    """CAD turned the type to a behavioral one after the flag or the disposition, or closed a call that is at work."""
    at, flag = state.resurfaced_at, state.flag
    after_flag = state.at_work and flag is not None and at is not None and at > flag.at
    if at is not None and (after_flag or (state.disposition is not None and state.suggested)):
        said = "CAD changed the type" if state.disposition is None else "CAD changed the type after the disposition"
        yield Alarm(f"retyped:{at.isoformat()}", "caution", call, _title(state), said, at)
    if state.at_work and state.closed_at is not None:
        # The work goes on all the same, so it is only said: nothing sounds.
        closed = state.closed_at
        yield Alarm(f"closed:{closed.isoformat()}", "advisory", call, _title(state), "CAD closed the call", closed)


def _of_assessments(connection: Reading, sign_in: SignIn) -> Iterator[Alarm]:
    """Alerts of instruments in the clinician's own open encounters, until the level was set after them.

    The name of the instrument and its alert are clinical: only who may read the clinical record gets these, and
    who saw them is kept there too.
    """
    for encounter, state in clinical.open_encounters(connection, sign_in.user):
        folded = subjects.state(connection, CALL, state.call) if state.call else None
        levels = folded.state.levels if folded and folded.state else ()
        leveled_at = levels[-1].at if levels else None
        for subject, assessment in subjects.belonging(connection, ASSESSMENT, "encounter", encounter).items():
            completed = assessment.completed_at
            if completed is None or not assessment.alert_stands(leveled_at):
                continue
            seen = "you" if assessment.alarm_acknowledged_by == sign_in.user else ""
            if assessment.alarm_acknowledged_by is not None and not seen:
                seen = people.display_name(connection, assessment.alarm_acknowledged_by)
            tier, title, words = assessment.alert_tier, _form_title(connection, assessment.form), assessment.alert_words
            yield Alarm(alert_key(subject), tier, state.call, title, words, completed, acknowledged_by=seen)


def _form_title(connection: Reading, name: str) -> str:
    from console.queries.library import library_of  # late: the forms are not part of starting the program
    from console.queries.naming import form_title

    return form_title(library_of(connection), name)


def _title(state: CallState) -> str:
    picture = state.picture
    return one_line(" · ".join(part for part in (picture.type_text, picture.place) if part)) if picture else ""
