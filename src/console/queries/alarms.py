"""The alert ladder: alarms sound until somebody acknowledges them, cautions chime once, advisories are silent.

An alert follows from what the record says now and from nobody having acknowledged it, never from an entry's arrival:
catching up with a day's entries rings nothing old, and an alert whose cause ended is gone by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from console.models.assessment import ASSESSMENT
from console.models.call import Level
from console.models.call_fold import CALL
from console.models.call_state import CallState
from console.models.center import Limits
from console.models.sign_in import SignIn
from console.models.store import calls, clinical, people, subjects
from console.models.store.desk import Desk
from console.models.store.store import Reading
from console.queries.board import Freshness
from console.queries.center import center_of
from wire.journals import Audience

TIERS = ("alarm", "caution", "advisory")


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
    sign_in.require_read(Audience.OPERATIONS)
    now = desk.clock.now()
    found: list[Alarm] = []
    with desk.store.read() as connection:
        limits = center_of(desk, connection).limits
        everyone = people.every(connection)
        for call, state in calls.flagged_calls(connection):
            for alarm in _of_call(call, state, now, limits, sign_in):
                by = state.acknowledged.get(alarm.key)
                name = everyone[by].display_name if by in everyone else ("somebody" if by else "")
                found.append(_acknowledged(alarm, name))
        if sign_in.reads(Audience.CLINICAL):
            found += _of_assessments(connection, sign_in)
    if cad.state in ("stale", "down"):
        found.append(Alarm(f"cad:{cad.source}", "caution", None, "CAD feed", cad.says, cad.last_at or now))
    return tuple(sorted(found, key=lambda each: (bool(each.acknowledged_by), TIERS.index(each.tier), each.since)))


def _acknowledged(alarm: Alarm, name: str) -> Alarm:
    return Alarm(
        alarm.key, alarm.tier, alarm.call, alarm.title, alarm.detail, alarm.since, alarm.count, acknowledged_by=name
    )


def _of_call(call: UUID, state: CallState, now: datetime, limits: Limits, sign_in: SignIn) -> Iterator[Alarm]:
    title = _title(state)
    flag = state.flag
    if flag is not None and state.claim is None:
        waited = now - flag.at
        if waited >= timedelta(seconds=limits.unclaimed_alarm):
            yield Alarm(f"unclaimed:{flag.entry}", "alarm", call, title, "Flagged and nobody has it", flag.at)
        elif flag.by != sign_in.user:
            yield Alarm(f"flag:{flag.entry}", "caution", call, title, "New flag", flag.at)
    if state.levels and state.levels[-1].rise and state.levels[-1].by != sign_in.user:
        last = state.levels[-1]
        tier = "alarm" if last.level.rank >= Level.HIGH.rank else "caution"
        yield Alarm(f"rise:{last.entry}", tier, call, title, f"Level raised to {last.level.upper()}", last.at)
    if state.line == "dropped" and state.line_at is not None:
        at = state.line_at
        yield Alarm(f"dropped:{at.isoformat()}", "alarm", call, title, "Line dropped, call back", at)
    if state.officer_waiting_since is not None:
        since = state.officer_waiting_since
        yield Alarm(f"officer:{since.isoformat()}", "caution", call, title, "Officer waiting on scene", since)
    claim, patience = state.claim, timedelta(seconds=limits.contact_caution)
    if claim is not None and state.contacted_at is None and now - claim.at >= patience:
        yield Alarm(f"quiet:{claim.entry}", "caution", call, title, "Claimed, no contact yet", claim.at)
    for given in state.advice:
        if given.acknowledged_at is None and sign_in.may("call.advice-acknowledged"):
            yield Alarm(f"advice:{given.id}", "caution", call, title, "Advice waits for dispatch", given.at)
    if state.resurfaced_at is not None and flag is not None and state.resurfaced_at > flag.at:
        at = state.resurfaced_at
        yield Alarm(f"retyped:{at.isoformat()}", "caution", call, title, "CAD changed the type", at)


def _of_assessments(connection: Reading, sign_in: SignIn) -> Iterator[Alarm]:
    """Alerts of instruments in the clinician's own open encounters, until the level was set after them.

    The name of the instrument and its alert are clinical: only who may read the clinical record gets these.
    """
    for encounter, state in clinical.open_encounters(connection, sign_in.user):
        folded = subjects.state(connection, CALL, state.call) if state.call else None
        its_call = folded.state if folded else None
        for subject, assessment in subjects.belonging(connection, ASSESSMENT, "encounter", encounter).items():
            completed = assessment.completed_at
            if not assessment.alerts or completed is None:
                continue
            if its_call and its_call.levels and its_call.levels[-1].at > completed:
                continue
            key = f"assessment:{subject}"
            seen = "you" if its_call and key in its_call.acknowledged else ""
            words = "; ".join(assessment.alerts)
            yield Alarm(key, "alarm", state.call, assessment.form, words, completed, acknowledged_by=seen)


def _title(state: CallState) -> str:
    picture = state.picture
    return " · ".join(part for part in (picture.type_text, picture.place) if part) if picture else ""
