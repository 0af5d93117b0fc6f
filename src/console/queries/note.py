"""The note that writes itself: everything of an encounter as plain text, for pasting into an employer's record."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from console.models.call import Level
from console.models.call_state import CallState
from console.queries.naming import code_in_words, fact_title, form_title, person_title, questions_in_words, source_tag
from console.queries.workspace import Clinical, Workspace


def note_text(page: Workspace, zone: tzinfo) -> str:
    """The page as plain text, times in ``zone``.

    Empty sections are left out; what is unknown is not guessed at.
    """
    return "\n".join(_lines(page, zone)).strip() + "\n"


def _lines(page: Workspace, zone: tzinfo) -> Iterator[str]:
    clock = _Clock(zone)
    state, row = page.state, page.row
    if row is not None and state is not None:
        yield f"CALL {row.number or '(no number)'} · {row.type_text}"
        if row.place:
            yield f"Place: {row.place}"
        yield f"Received: {clock.full(row.reported_at)}"
    if page.clinical is not None:
        begun = page.clinical.state
        yield f"Encounter: {code_in_words(begun.way_in)}, begun {clock.full(begun.started_at)}"
    if state is not None:
        yield from _operations(page, state, clock)
    if page.clinical is not None:
        yield from _clinical(page.clinical, clock)
    if state is not None and state.disposition is not None:
        body = state.disposition.body
        yield ""
        label = page.center.label(page.center.dispositions, body.disposition)
        yield f"DISPOSITION {clock.time(body.at)}: {label} ({body.roll_up})"
        would = body.would_have
        yield (
            f"Would otherwise have been: arrest {would.arrest}, emergency department {would.emergency_department}, "
            f"EMS {would.ems}" + (f" (said by {would.said_by})" if would.said_by else "")
        )
        if body.no_contact_reason:
            missing = "No level was set" if state.level is Level.NOT_SET else "Responders not confirmed with the person"
            yield f"{missing}: {body.no_contact_reason}"
        if body.words:
            yield body.words
    for outcome in state.outcomes if state is not None else ():
        words = f": {outcome.words}" if outcome.words else ""
        yield f"Outcome {clock.time(outcome.at)}, said by {outcome.said_by}: {outcome.outcome}{words}"


def _operations(page: Workspace, state: CallState, clock: "_Clock") -> Iterator[str]:
    if state.suggestion is not None:
        rule = state.suggestion
        yield f"Flag suggested {clock.time(rule.at)} by rule {rule.rule}: {rule.why}"
    if state.flag is not None:
        reason = page.center.flag_label(state.flag.reason)
        who = state.flag.typed_in_cad_by or page.name(state.flag.by)
        said = f" ({state.flag.words})" if state.flag.words else ""
        yield f"Flagged {clock.time(state.flag.at)} by {who}: {reason}{said}"
    if state.claim is not None:
        yield f"Claimed {clock.time(state.claim.at)} by {page.name(state.claim.owner)}"
    for contact in state.contacts:
        reached = "reached" if contact.reached else "not reached"
        yield f"Contact {clock.time(contact.at)}: {code_in_words(contact.how)}, {reached}" + (
            f" ({contact.whom})" if contact.whom else ""
        )
    if state.screening is not None:
        yield f"Screen {clock.time(state.screening.at)}: {code_in_words(state.screening.decision)}"
        for code, answer in state.screening.answers.items():
            yield f"  {page.center.label(page.center.screening, code)} {answer}"
        if state.screening.reason:
            yield f"  {state.screening.reason}"
    if state.levels:
        yield ""
        yield "LEVEL"
        for step in state.levels:
            yield f"{clock.time(step.at)} {step.level.upper()}: {step.reason}"
    if state.facts:
        yield ""
        yield "FACTS"
        for fact in state.facts.values():
            yield f"{fact_title(fact.field)}: {fact.value} ({source_tag(fact.source)}, {clock.time(fact.at)})"
    if state.advice:
        yield ""
        yield "ADVICE"
        for given in state.advice:
            send = ", ".join(page.center.label(page.center.send, code) for code in given.send)
            acknowledged = f"acknowledged {clock.time(given.acknowledged_at)}" if given.acknowledged_at else "pending"
            yield f"{clock.time(given.at)} {send} {given.words}".rstrip() + f" [{acknowledged}]"
    if state.thread:
        yield ""
        yield "THREAD WITH DISPATCH"
        for message in state.thread:
            yield f"{clock.time(message.at)} {page.name(message.by)}: {message.text}"
    yield from _sheets(page, clock)
    if state.responders_confirmed_at is not None:
        yield ""
        said_by = f" (said by {state.responders_said_by})" if state.responders_said_by else ""
        when = clock.time(state.responders_confirmed_at)
        yield f"Responders with the person {when}: {state.responders_confirmed}{said_by}"


def _sheets(page: Workspace, clock: "_Clock") -> Iterator[str]:
    """What was handed to responders: whoever was told of the person has to be accounted for."""
    for sheet in page.sheets.values():
        yield ""
        yield f"SHEET FOR {sheet.audience.upper()}"
        for copy in sheet.copies:
            came = f"did not come out: {copy.failed}" if copy.failed else ""
            came = came or ("not known whether it came out" if copy.in_doubt else "handed over")
            whom = f", for {copy.recipient}" if copy.recipient else ""
            yield f"{clock.time(copy.at)} copy {copy.copy} of version {copy.version} to {copy.to}{whom} [{came}]"
        if sheet.read_back_at is not None:
            when = clock.time(sheet.read_back_at)
            yield f"{when} version {sheet.version_read_back} read back by {sheet.read_back_by}"


def _clinical(found: Clinical, clock: "_Clock") -> Iterator[str]:
    if found.state.facts:
        yield ""
        yield "PERSON"
        for fact in found.state.facts.values():
            yield f"{person_title(fact.field)}: {fact.value} ({source_tag(fact.source)})"
    if found.state.notes:
        yield ""
        yield "NOTES"
        for note in found.state.notes:
            amended = " (amended)" if note.before else ""
            yield f"{clock.time(note.at)} {note.text}{amended}"
    for assessment in found.assessments.values():
        if assessment.abandoned:
            continue
        yield ""
        done = f"completed {clock.time(assessment.completed_at)}" if assessment.completed_at else "not completed"
        yield f"ASSESSMENT {form_title(found.library, assessment.form)}, version {assessment.form_version}, {done}"
        yield from (
            f"amended from {clock.time(each.at)}: {each.reason} (completed before at {clock.time(each.completed_at)})"
            for each in assessment.amendments
        )
        for score in assessment.scores:
            value = score.value or f"not scored: {score.reason}"
            yield f"{score.name}: {value}" + (f" ({score.band})" if score.band else "")
            yield from filter(None, [score.words])
        yield from (f"! {alert.text}" for alert in assessment.alerts)
        if assessment.left_out:
            form = found.library.form(assessment.form, assessment.sha256)
            yield f"Answered, then no longer asked: {questions_in_words(form, assessment.left_out)}"
    offered = [each for each in found.referrals.values() if not each.withdrawn]
    if offered:
        yield ""
        yield "SERVICES"
        for referral in offered:
            why = f": {referral.reason}" if referral.reason else ""
            yield f"{referral.service_name} {referral.service_phone} - {referral.answer or 'offered'}{why}"


class _Clock:
    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone

    def time(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._zone):%H:%M:%S}"

    def full(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._zone):%Y-%m-%d %H:%M:%S %Z}"
