"""What a clinician keeps in the provider's own record: encounters, notes, clinical facts, referrals."""

from uuid import UUID

from console.actions import lengths
from console.actions.acting import Act, acting, one_of, optional, words
from console.actions.calls import Disposal, claim_within, dispose_within, take_over_within
from console.errors import KnownError, NotAllowed
from console.handoff.fields import SOURCE
from console.models import encounter as bodies
from console.models import referral as referrals
from console.models.assessment import ASSESSMENT, AssessmentState
from console.models.call_fold import CALL
from console.models.changes import Changes
from console.models.clinical_fields import CLINICAL_FIELD
from console.models.encounter import ENCOUNTER, EncounterState
from console.models.referral import REFERRAL, ReferralState
from console.models.service import SERVICE, ServiceState
from console.models.sign_in import SignIn
from console.models.store import clinical, drafts, people, subjects
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
    """Take the call and start the encounter with it: one act over two journals, both or neither.

    At a desk that is enrolled for operations the call alone is taken: the encounter begins at a clinical desk.
    """
    with acting(desk, sign_in) as act:
        claim_within(act, call)
        _begin_within(act, call)
    return act.changes


def take_over_and_begin(desk: Desk, sign_in: SignIn, call: UUID, reason: str) -> Changes:
    """:func:`claim_and_begin` for a call that somebody has."""
    with acting(desk, sign_in) as act:
        take_over_within(act, call, reason)
        _begin_within(act, call)
    return act.changes


def dispose_and_end(
    desk: Desk, sign_in: SignIn, call: UUID, how: Disposal, *, override: str = "", stays: bool = False
) -> Changes:
    """Dispose of the call (see ``calls.dispose_within``) and end one's own encounter with it, both or neither.

    The encounter goes on where the clinician ``stays`` with the person, and where an instrument's alarm waits that
    nobody has seen: disposing does not silence it.
    """
    with acting(desk, sign_in) as act:
        dispose_within(act, call, how, override)
        mine = [] if stays else list(clinical.open_encounters(act.connection, act.sign_in.user))
        for encounter, state in mine:
            if state.call == call and _unseen_alert(act, encounter, state) is None:
                act.add(encounter, bodies.EncounterClosed(act.now))
    return act.changes


def _begin_within(act: Act, call: UUID) -> None:
    """Start an encounter with ``call`` unless this clinician has an open one with it, or none can be had here."""
    if not act.desk.clinical:
        return
    mine = clinical.open_encounters(act.connection, act.sign_in.user)
    if not any(state.call == call for _, state in mine):
        act.state(CALL, call, "call")
        act.add(uuid7(), bodies.EncounterStarted(act.now, "from-board", call))


def bind(desk: Desk, sign_in: SignIn, encounter: UUID, call: UUID) -> Changes:
    """Say which call the encounter belongs to."""
    with acting(desk, sign_in) as act:
        own_encounter(act, encounter)
        act.state(CALL, call, "call")
        act.add(encounter, bodies.EncounterBound(act.now, call))
    return act.changes


def note(desk: Desk, sign_in: SignIn, encounter: UUID, text: str, draft: str = "") -> Changes:
    """Add a line to the note pad; the draft it was typed in (by name) is done with in the same transaction."""
    with acting(desk, sign_in) as act:
        own_encounter(act, encounter)
        act.add(encounter, bodies.EncounterNoted(act.now, words(text, "The note", most=lengths.NOTE)))
        if draft:
            drafts.discard(act.connection, sign_in.user, draft)
    return act.changes


def amend_note(desk: Desk, sign_in: SignIn, encounter: UUID, entry: UUID, text: str) -> Changes:
    """Correct one line; what it read before stays in the record."""
    with acting(desk, sign_in) as act:
        state = own_encounter(act, encounter)
        if all(each.entry != entry for each in state.notes):
            raise KnownError("This note is not part of the encounter.")
        act.add(encounter, bodies.EncounterNoteAmended(act.now, entry, words(text, "The note", most=lengths.NOTE)))
    return act.changes


def state_fact(desk: Desk, sign_in: SignIn, encounter: UUID, field: str, value: str, source: str) -> Changes:
    """Say what a clinical field holds, and who told it. An empty value makes it unknown again."""
    value = optional(value, "This fact", most=lengths.FACT)
    if value:
        one_of(source, tuple(SOURCE), "source of a fact")
    with acting(desk, sign_in) as act:
        state = own_encounter(act, encounter)
        one_of(field, tuple(CLINICAL_FIELD), "clinical fact")
        known = state.facts.get(field)
        if (known.value if known else "") != value or (known and known.source != source):
            act.add(encounter, bodies.EncounterFactStated(act.now, field, value, source))
    return act.changes


def judge_match(desk: Desk, sign_in: SignIn, encounter: UUID, contact: UUID, same: bool | None) -> Changes:
    """Say whether an earlier contact (a call, or an encounter without one) was with the same person; None: not decided.

    Nothing is merged: it says how this encounter sees the other contact, and can be said otherwise at any time.
    """
    with acting(desk, sign_in) as act:
        state = own_encounter(act, encounter)
        if contact in (encounter, state.call):
            raise KnownError("This is the contact itself, not an earlier one.")
        if not act.exists(CALL, contact) and not act.exists(ENCOUNTER, contact):
            raise KnownError("This earlier contact is not known here.")
        known = state.matches.get(str(contact))
        if (known.same if known else None) is not same:
            act.add(encounter, bodies.EncounterMatchJudged(act.now, contact, same))
    return act.changes


def close(desk: Desk, sign_in: SignIn, encounter: UUID) -> Changes:
    """The clinician is done with the encounter."""
    with acting(desk, sign_in) as act:
        state = own_encounter(act, encounter)
        if state.closed_at is None:
            if (unseen := _unseen_alert(act, encounter, state)) is not None:
                raise KnownError(
                    f"An assessment's {unseen.alert_tier} waits: {unseen.alert_words}. "
                    "Acknowledge it, or set the level, before the encounter is closed."
                )
            act.add(encounter, bodies.EncounterClosed(act.now))
    return act.changes


def resume(desk: Desk, sign_in: SignIn, encounter: UUID) -> Changes:
    """The work with the person goes on after all."""
    with acting(desk, sign_in) as act:
        resume_within(act, encounter)
    return act.changes


def resume_within(act: Act, encounter: UUID) -> None:
    """:func:`resume` as part of a larger act; an encounter that is open stays so."""
    if own_encounter(act, encounter).closed_at is not None:
        act.add(encounter, bodies.EncounterResumed(act.now))


def _unseen_alert(act: Act, encounter: UUID, state: EncounterState) -> AssessmentState | None:
    """An instrument whose alarm stands and that nobody has seen: an encounter does not end over it."""
    call = subjects.state(act.connection, CALL, state.call) if state.call is not None else None
    levels = call.state.levels if call is not None and call.state is not None else ()
    leveled_at = levels[-1].at if levels else None
    for instrument in subjects.belonging(act.connection, ASSESSMENT, "encounter", encounter).values():
        rings = instrument.alert_tier in ("alarm", "caution")
        if rings and instrument.alert_stands(leveled_at) and instrument.alarm_acknowledged_at is None:
            return instrument
    return None


def offer_service(desk: Desk, sign_in: SignIn, encounter: UUID, service: UUID) -> tuple[UUID, Changes]:
    """Pick a service into the encounter. Returns the referral's id."""
    with acting(desk, sign_in) as act:
        own_encounter(act, encounter)
        referral = _offer_within(act, encounter, service)
    return referral, act.changes


def begin_and_offer(desk: Desk, sign_in: SignIn, call: UUID, service: UUID) -> tuple[UUID, Changes]:
    """:func:`offer_service` in an encounter that starts with it, on a call that has none; both or neither."""
    with acting(desk, sign_in) as act:
        act.state(CALL, call, "call")
        encounter = uuid7()
        act.add(encounter, bodies.EncounterStarted(act.now, "from-board", call))
        referral = _offer_within(act, encounter, service)
    return referral, act.changes


def _offer_within(act: Act, encounter: UUID, service: UUID) -> UUID:
    state: ServiceState = act.state(SERVICE, service, "service")
    described, referral = state.described, uuid7()
    act.add(referral, referrals.ReferralOffered(act.now, encounter, service, described.name, described.phone))
    return referral


def answer_referral(desk: Desk, sign_in: SignIn, referral: UUID, answer: str, reason: str = "") -> Changes:
    """The person accepted or declined the service."""
    one_of(answer, referrals.ANSWERS, "answer to an offer")
    reason = optional(reason, "The reason", most=lengths.REASON)
    with acting(desk, sign_in) as act:
        _own_referral(act, referral)
        act.add(referral, referrals.ReferralAnswered(act.now, answer, reason))
    return act.changes


def withdraw_referral(desk: Desk, sign_in: SignIn, referral: UUID) -> Changes:
    """Picked by mistake. Refused once the person has answered."""
    with acting(desk, sign_in) as act:
        if _own_referral(act, referral).answer:
            raise KnownError("The person has answered this offer; it cannot be taken back.")
        act.add(referral, referrals.ReferralWithdrawn(act.now))
    return act.changes


def own_encounter(act: Act, encounter: UUID) -> EncounterState:
    """The encounter, for its own clinician to write in; nobody writes in a colleague's, NotAllowed says so."""
    state: EncounterState = act.state(ENCOUNTER, encounter, "encounter")
    if state.clinician != act.sign_in.user:
        owner = people.display_name(act.connection, state.clinician)
        raise NotAllowed(f"This is {owner}'s encounter: only {owner} writes in it.")
    return state


def _own_referral(act: Act, referral: UUID) -> ReferralState:
    state: ReferralState = act.state(REFERRAL, referral, "referral")
    own_encounter(act, state.encounter)
    return state
