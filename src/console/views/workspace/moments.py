"""Everything that happened on a page, in the order of its times."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from console.models.assessment import AssessmentState, FrozenScore
from console.queries.naming import code_in_words, fact_title, form_title, person_title, source_tag
from console.queries.workspace import Workspace as Page
from console.views.workspace.screen import DECISION_WORDS

Said = tuple[datetime, str, str]
"""When, what, by whom ("" when nobody in particular)."""


def moments(page: Page) -> tuple[Said, ...]:
    """The history of ``page``, oldest first.

    Equal times keep the order of the work.
    """
    return tuple(sorted((*_operations(page), *_sheets(page), *_clinical(page)), key=_when))


def _when(said: Said) -> datetime:
    return said[0]


def _operations(page: Page) -> Iterator[Said]:
    state, center, name = page.state, page.center, page.name
    if state is None:
        return
    if state.opened_at is not None:
        yield state.opened_at, f"Call received: {state.first_type}", "typed in by hand" if state.entered else "CAD"
    for change in state.changes:
        yield (
            change.at,
            f"CAD changed {change.field.replace('_', ' ')}: {change.before or '(none)'} → {change.after}",
            "CAD",
        )
    for line in state.narrative:
        yield line.at, f"CAD: {line.line}", line.by
    if state.suggestion is not None:
        yield state.suggestion.at, f"Flag suggested: {state.suggestion.why}", f"rule {state.suggestion.rule}"
    if state.flag is not None:
        reason = center.flag_label(state.flag.reason)
        words = f": {state.flag.words}" if state.flag.words else ""
        yield state.flag.at, f"Flagged, {reason}{words}", state.flag.typed_in_cad_by or name(state.flag.by)
    if state.officer_waiting_since is not None:
        yield state.officer_waiting_since, "An officer waits on scene", ""
    if state.fallback_at is not None:
        yield state.fallback_at, f"Fallback asked for: {state.fallback}", ""
    if state.claim is not None:
        yield state.claim.at, "Claimed", name(state.claim.owner)
    if state.screening is not None:
        why = f": {state.screening.reason}" if state.screening.reason else ""
        decision = DECISION_WORDS.get(state.screening.decision, state.screening.decision)
        yield state.screening.at, f"Screened, {decision.lower()}{why}", name(state.screening.by)
    for contact in state.contacts:
        reached = "" if contact.reached else ", not reached"
        whom = f" with {contact.whom}" if contact.whom else ""
        yield contact.at, f"Contact, {code_in_words(contact.how)}{whom}{reached}", name(contact.by)
    if state.line_at is not None:
        yield state.line_at, f"Line {state.line}", ""
    for step in state.levels:
        yield step.at, f"Level {step.level.upper()}: {step.reason}", name(step.by)
    for fact in state.facts.values():
        yield fact.at, f"{fact_title(fact.field)}: {fact.value} ({source_tag(fact.source)})", name(fact.by)
    for given in state.advice:
        send = ", ".join(center.label(center.send, code) for code in given.send)
        yield given.at, "Advised: " + ". ".join(part for part in (send, given.words) if part), name(given.by)
        if given.acknowledged_at is not None and given.acknowledged_by is not None:
            yield given.acknowledged_at, "Advice acknowledged", name(given.acknowledged_by)
        if given.passed_at is not None:
            yield given.passed_at, "Advice passed to the units", ""
    for message in state.thread:
        yield message.at, f"Thread: {message.text}", name(message.by)
    if state.responders_confirmed_at is not None:
        said_by = state.responders_said_by
        yield state.responders_confirmed_at, f"Responders with the person: {state.responders_confirmed}", said_by
    if state.closed_at is not None:
        yield state.closed_at, "Closed in CAD", "CAD"
    if state.disposition is not None:
        body = state.disposition.body
        label = center.label(center.dispositions, body.disposition)
        words = f": {body.words}" if body.words else ""
        yield body.at, f"Disposed, {label} ({body.roll_up}){words}", name(state.disposition.by)
    for outcome in state.outcomes:
        words = f": {outcome.words}" if outcome.words else ""
        yield outcome.at, f"Outcome, {outcome.outcome} (says {outcome.said_by}){words}", name(outcome.by)


def _sheets(page: Page) -> Iterator[Said]:
    for sheet in page.sheets.values():
        for number, version in enumerate(sheet.versions, 1):
            yield version.at, f"Sheet version {number} issued", page.name(version.by)
        for copy in sheet.copies:
            failed = f", FAILED: {copy.failed}" if copy.failed else ""
            failed = failed or (", not known whether it came out" if copy.in_doubt else "")
            whom = f" for {copy.recipient}" if copy.recipient else ""
            yield (
                copy.at,
                f"Sheet copy {copy.copy} of version {copy.version} to {copy.to}{whom}{failed}",
                page.name(copy.by),
            )
        if sheet.read_back_at is not None:
            yield sheet.read_back_at, f"Sheet version {sheet.version_read_back} read back by {sheet.read_back_by}", ""


def _signed_and_amended(page: Page, title: str, state: AssessmentState) -> Iterator[Said]:
    name, who, again = page.name, page.name(state.clinician), "completed"
    for one in state.amendments:
        yield one.completed_at, f"Assessment {title} {again}: {_scored(one.scores)}", who
        yield one.at, f"Amendment of {title} begun: {one.reason}", who
        again = "amended"
    if state.completed_at is not None:
        yield state.completed_at, f"Assessment {title} {again}: {_scored(state.scores)}", who
    for left in state.given_up:
        yield left.at, f"Amendment of {title} begun: {left.reason}", name(left.by)
        what = f"Amendment of {title} given up ({left.reason}): it stands as it was signed"
        yield left.left_at, what, name(left.left_by)
    if (now := state.amending) is not None:
        yield now.at, f"Amendment of {title} begun: {now.reason}", name(now.by or state.clinician)


def _scored(scores: Iterable[FrozenScore]) -> str:
    said = (f"{score.name} {score.value or 'not scored: ' + score.reason}" for score in scores)
    return "; ".join(said) or "no score"


def _clinical(page: Page) -> Iterator[Said]:
    found = page.clinical
    if found is None:
        return
    state, name = found.state, page.name
    whose = name(state.clinician)
    yield state.started_at, f"Encounter started, {code_in_words(state.way_in)}", whose
    for note in state.notes:
        yield (
            note.at,
            f"Note: {note.text}" + (f" (before: {' → '.join(note.before)})" if note.before else ""),
            name(note.by),
        )
    for fact in state.facts.values():
        told = f"{fact.value} ({source_tag(fact.source)})"
        yield fact.at, f"Person, {person_title(fact.field).lower()}: {told}", name(fact.by)
    earlier = {str(each.contact): each.number for each in page.earlier.contacts} if page.earlier else {}
    for contact, judged in state.matches.items():
        number = earlier.get(contact, "")
        which = f"Earlier contact {number}".rstrip()
        yield judged.at, f"{which}: {'the same person' if judged.same else 'not the same person'}", name(judged.by)
    for assessment in found.assessments.values():
        who: UUID = assessment.clinician
        title = form_title(found.library, assessment.form)
        yield assessment.started_at, f"Assessment {title} begun", name(who)
        yield from _signed_and_amended(page, title, assessment)
        if assessment.alarm_acknowledged_at is not None and assessment.alarm_acknowledged_by is not None:
            why = f": {assessment.alarm_acknowledged_why}" if assessment.alarm_acknowledged_why else ""
            seen_by = name(assessment.alarm_acknowledged_by)
            yield assessment.alarm_acknowledged_at, f"Alarm of {title} acknowledged{why}", seen_by
    for referral in found.referrals.values():
        yield referral.offered_at, f"Offered {referral.service_name}", whose
        if referral.answered_at is not None:
            why = f": {referral.reason}" if referral.reason else ""
            yield referral.answered_at, f"{referral.service_name} {referral.answer}{why}", whose
    if state.closed_at is not None:
        yield state.closed_at, "Encounter closed", whose
