"""One page for one call (or for an encounter that no call exists for yet): everything the reader may see of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from console.models.assessment import ASSESSMENT, AssessmentState
from console.models.call_fold import CALL
from console.models.call_state import CallState
from console.models.center import Center
from console.models.encounter import ENCOUNTER, EncounterState
from console.models.referral import REFERRAL, ReferralState
from console.models.sheet import SHEET, SheetState
from console.models.sign_in import SignIn
from console.models.store import attention, calls, clinical, drafts, horizon, people, subjects
from console.models.store.desk import Desk
from console.models.store.drafts import Draft
from console.models.store.store import Reading
from console.queries.board import NO_SOURCE, BoardRow, Freshness, RowMaker
from console.queries.center import center_of
from console.queries.earlier import Earlier, earlier
from console.queries.lost import lost_claims
from console.queries.pending import pending
from console.queries.reading import reader
from wire.journals import Audience

if TYPE_CHECKING:
    from console.forms.library import Library
    from console.queries.library import Askable


@dataclass(frozen=True, slots=True)
class Clinical:
    """What the provider's own record holds of this work. A dispatcher never receives one.

    ``library`` has the forms that it was, or may be, answered with; ``askable`` what the reader may begin.
    """

    encounter: UUID
    state: EncounterState
    assessments: Mapping[UUID, AssessmentState]
    referrals: Mapping[UUID, ReferralState]
    library: "Library"
    askable: "tuple[Askable, ...]"
    elsewhere: Mapping[UUID, AssessmentState]
    """Assessments of the other encounters on the same call. Nothing here says that they are about the same person."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """The page. ``call`` and ``row`` are None while an encounter has no call; ``names`` shows people by id.

    ``clinical`` is None for readers without the right, and while nobody began an encounter. ``unread`` says that a
    newer desk wrote part of this call: it can be read here, not changed. ``drafts`` are the reader's own.
    """

    call: UUID | None
    row: BoardRow | None
    state: CallState | None
    clinical: Clinical | None
    sheets: Mapping[UUID, SheetState]
    drafts: Mapping[str, Draft]
    names: Mapping[UUID, str]
    center: Center
    unread: int
    senseless: tuple[str, ...]
    cad: Freshness
    as_of: datetime
    lost_claim: bool = False
    """Whether the reader claimed the call too, and somebody else has it."""
    uncounted: str = ""
    """What the reader did on the call and does not count, in words that end a sentence; "" if all of it does."""
    earlier: Earlier | None = None
    """Contacts that may have been with the same person; None for readers without the right to the clinical record."""
    missing: str = ""
    """Why there is no call to show, in a sentence; "" where there is one, or where none was asked for."""

    @property
    def is_dropped(self) -> bool:
        """Whether there is no call to show because its details are past the horizon: for good, so far as is known."""
        return self.missing == horizon.DROPPED

    def name(self, user: UUID) -> str:
        """What others see of a person."""
        return self.names.get(user, "somebody")


@dataclass(frozen=True, slots=True)
class OpenEncounter:
    """An encounter of the reader's that is not closed; ``call`` is None while it waits to be bound."""

    encounter: UUID
    started_at: datetime
    way_in: str
    call: UUID | None


def workspace(
    desk: Desk, sign_in: SignIn, call: UUID | None, encounter: UUID | None = None, cad: Freshness = NO_SOURCE
) -> Workspace:
    """The page of ``call``, or of an ``encounter`` that may have none.

    Of several encounters on a call the reader's own newest comes first. Raises NotAllowed without the right to read.
    """
    return workspace_for(desk, sign_in, call, encounter, cad, on_screen=True)


def workspace_for(
    desk: Desk,
    sign_in: SignIn | None,
    call: UUID | None,
    encounter: UUID | None = None,
    cad: Freshness = NO_SOURCE,
    *,
    on_screen: bool = False,
) -> Workspace:
    """:func:`workspace`; without a sign-in (a command) it is read as operations.

    What is not ``on_screen`` says nothing of whether anybody is free, since a command does not know who is here, nor of
    earlier contacts, which are not handed out.
    """
    with desk.store.read() as connection:
        sign_in = sign_in and reader(connection, sign_in, Audience.OPERATIONS)
        found = _clinical(desk, connection, sign_in, call, encounter)
        if call is None and found is not None:
            call = found.state.call
        folded = subjects.state(connection, CALL, call) if call else None
        state = folded.state if folded else None
        everyone = people.every(connection)
        center = center_of(desk, connection)
        row = None
        if call is not None and state is not None:
            flagged = calls.flagged_calls(connection)
            waiting = pending(desk, connection, call)
            maker = RowMaker(desk, sign_in, center, everyone, flagged, presence_known=on_screen, waiting=waiting)
            row = maker.row(call, state)
        lost = [each for each in lost_claims(connection, sign_in) if each.call == call] if sign_in and call else []
        return Workspace(
            call=call if state else None,
            row=row,
            state=state,
            clinical=found,
            sheets=subjects.belonging(connection, SHEET, "call", call) if call else {},
            drafts={draft.name: draft for draft in drafts.of_author(connection, sign_in.user)} if sign_in else {},
            names={user: person.display_name for user, person in everyone.items()},
            center=center,
            unread=folded.unread if folded else 0,
            senseless=attention.senseless_of(connection, call) if call else (),
            lost_claim=any(each.owner for each in lost),
            uncounted="".join(each.uncounted for each in lost if each.owner or each.key not in each.state.acknowledged),
            missing=horizon.missing(connection, call) if call and state is None else "",
            earlier=earlier(desk, connection, sign_in, center, call, found.encounter if found else None)
            if sign_in and on_screen
            else None,
            cad=cad,
            as_of=desk.clock.now(),
        )


def open_encounters(desk: Desk, sign_in: SignIn) -> tuple[OpenEncounter, ...]:
    """The reader's own encounters that are not closed, newest first; none for who has no clinical record."""
    with desk.store.read() as connection:
        if not people.as_recorded(connection, sign_in).reads(Audience.CLINICAL):
            return ()
        return tuple(
            OpenEncounter(encounter, state.started_at, state.way_in, state.call)
            for encounter, state in clinical.open_encounters(connection, sign_in.user)
        )


def _clinical(
    desk: Desk, connection: Reading, sign_in: SignIn | None, call: UUID | None, encounter: UUID | None
) -> Clinical | None:
    if sign_in is None or not sign_in.reads(Audience.CLINICAL):
        return None
    if encounter is None and call is not None:
        of_call = subjects.belonging(connection, ENCOUNTER, "call", call)
        own = [each for each, state in of_call.items() if state.clinician == sign_in.user]
        encounter = next(iter([*own[::-1], *list(of_call)[::-1]]), None)
    if encounter is None:
        return None
    folded = subjects.state(connection, ENCOUNTER, encounter)
    if folded is None or folded.state is None:
        return None
    from console.queries.library import askable, library_of  # late: the forms are not part of starting the program

    return Clinical(
        encounter,
        folded.state,
        subjects.belonging(connection, ASSESSMENT, "encounter", encounter),
        subjects.belonging(connection, REFERRAL, "encounter", encounter),
        library_of(connection),
        askable(desk, connection, sign_in.user),
        _of_others(connection, folded.state.call or call, encounter),
    )


def _of_others(connection: Reading, call: UUID | None, encounter: UUID) -> dict[UUID, AssessmentState]:
    """The assessments of a call's other encounters."""
    of_call = subjects.belonging(connection, ENCOUNTER, "call", call) if call is not None else {}
    return {
        assessment: state
        for each in of_call
        if each != encounter
        for assessment, state in subjects.belonging(connection, ASSESSMENT, "encounter", each).items()
    }
