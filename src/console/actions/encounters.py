"""What a clinician keeps in the provider's own record: encounters, notes, clinical facts, referrals."""

from uuid import UUID

from console.actions.acting import Act, acting, one_of, words
from console.actions.calls import claim_within, take_over_within
from console.errors import KnownError
from console.models import encounter as bodies
from console.models import referral as referrals
from console.models.call_fold import CALL
from console.models.changes import Changes
from console.models.encounter import ENCOUNTER, EncounterState
from console.models.referral import REFERRAL
from console.models.service import SERVICE, ServiceState
from console.models.sign_in import SignIn
from console.models.store import clinical, drafts
from console.models.store.desk import Desk
from wire.envelope import uuid7


def start(desk: Desk, sign_in: SignIn, way_in: str, call: UUID | None = None) -> tuple[UUID, Changes]:
    """Start an encounter: its clock and note pad. ``call`` is None when the phone came first. Returns its id."""
    one_of(way_in, bodies.WAYS_IN, "way in")
    encounter = uuid7()
    with acting(desk, sign_in) as act:
        if call is not None:
            act.state(CALL, call, "call")
        act.add(encounter, bodies.EncounterStarted(act.now, way_in, call))
    return encounter, act.changes


def claim_and_begin(desk: Desk, sign_in: SignIn, call: UUID) -> Changes:
    """Take the call and start the encounter with it: one act over two journals, both or neither."""
    with acting(desk, sign_in) as act:
        claim_within(act, call)
        _begin_within(act, call)
    return act.changes


def take_over_and_begin(desk: Desk, sign_in: SignIn, call: UUID, reason: str) -> Changes:
    """Take the call from whoever has it and start an encounter of one's own with it, both or neither."""
    with acting(desk, sign_in) as act:
        take_over_within(act, call, reason)
        _begin_within(act, call)
    return act.changes


def _begin_within(act: Act, call: UUID) -> None:
    """Start an encounter with ``call`` unless this clinician has an open one with it."""
    mine = clinical.open_encounters(act.connection, act.sign_in.user)
    if not any(state.call == call for _, state in mine):
        act.state(CALL, call, "call")
        act.add(uuid7(), bodies.EncounterStarted(act.now, "from-board", call))


def bind(desk: Desk, sign_in: SignIn, encounter: UUID, call: UUID) -> Changes:
    """Say which call the encounter belongs to."""
    with acting(desk, sign_in) as act:
        act.state(ENCOUNTER, encounter, "encounter")
        act.state(CALL, call, "call")
        act.add(encounter, bodies.EncounterBound(act.now, call))
    return act.changes


def note(desk: Desk, sign_in: SignIn, encounter: UUID, text: str, draft: str = "") -> Changes:
    """Add a line to the note pad; the draft it was typed in (by name) is done with in the same transaction."""
    with acting(desk, sign_in) as act:
        act.state(ENCOUNTER, encounter, "encounter")
        act.add(encounter, bodies.EncounterNoted(act.now, words(text, "The note", most=4000)))
        if draft:
            drafts.discard(act.connection, sign_in.user, draft)
    return act.changes


def amend_note(desk: Desk, sign_in: SignIn, encounter: UUID, entry: UUID, text: str) -> Changes:
    """Correct one line; what it read before stays in the record."""
    with acting(desk, sign_in) as act:
        state: EncounterState = act.state(ENCOUNTER, encounter, "encounter")
        if all(each.entry != entry for each in state.notes):
            raise KnownError("This note is not part of the encounter.")
        act.add(encounter, bodies.EncounterNoteAmended(act.now, entry, words(text, "The note", most=4000)))
    return act.changes


def state_fact(desk: Desk, sign_in: SignIn, encounter: UUID, field: str, value: str, source: str) -> Changes:
    """Say what a clinical field holds, and who told it. An empty value makes it unknown again."""
    with acting(desk, sign_in) as act:
        state: EncounterState = act.state(ENCOUNTER, encounter, "encounter")
        known = state.facts.get(field)
        if (known.value if known else "") != value.strip() or (known and known.source != source):
            act.add(encounter, bodies.EncounterFactStated(act.now, field, value.strip(), source))
    return act.changes


def close(desk: Desk, sign_in: SignIn, encounter: UUID) -> Changes:
    """The clinician is done with the encounter."""
    with acting(desk, sign_in) as act:
        state: EncounterState = act.state(ENCOUNTER, encounter, "encounter")
        if state.closed_at is None:
            act.add(encounter, bodies.EncounterClosed(act.now))
    return act.changes


def offer_service(desk: Desk, sign_in: SignIn, encounter: UUID, service: UUID) -> tuple[UUID, Changes]:
    """Pick a service into the encounter. Returns the referral's id."""
    referral = uuid7()
    with acting(desk, sign_in) as act:
        act.state(ENCOUNTER, encounter, "encounter")
        state: ServiceState = act.state(SERVICE, service, "service")
        described = state.described
        act.add(
            referral,
            referrals.ReferralOffered(act.now, encounter, service, described.name, described.phone),
        )
    return referral, act.changes


def answer_referral(desk: Desk, sign_in: SignIn, referral: UUID, answer: str, reason: str = "") -> Changes:
    """The person accepted or declined the service."""
    one_of(answer, referrals.ANSWERS, "answer to an offer")
    with acting(desk, sign_in) as act:
        act.state(REFERRAL, referral, "referral")
        act.add(referral, referrals.ReferralAnswered(act.now, answer, reason.strip()))
    return act.changes


def withdraw_referral(desk: Desk, sign_in: SignIn, referral: UUID) -> Changes:
    """Picked by mistake. Refused once the person has answered."""
    with acting(desk, sign_in) as act:
        if act.state(REFERRAL, referral, "referral").answer:
            raise KnownError("The person has answered this offer; it cannot be taken back.")
        act.add(referral, referrals.ReferralWithdrawn(act.now))
    return act.changes
