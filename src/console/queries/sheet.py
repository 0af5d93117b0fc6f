"""What a police sheet of a call would say now, and what changed since it was last issued."""

from dataclasses import dataclass
from uuid import UUID

from console.errors import NotFound
from console.handoff import assemble as assembling
from console.handoff.content import Clinician, PoliceSheet, from_content, short_code
from console.handoff.versions import says_the_same
from console.models.call import Level
from console.models.call_fold import CALL
from console.models.call_state import CallState
from console.models.sheet import SHEET, SheetState, sheet_subject
from console.models.sign_in import SignIn
from console.models.store import horizon, people, subjects
from console.models.store.desk import Desk
from console.models.store.store import Reading
from console.queries.center import center_of, desk_state
from console.queries.reading import reader
from wire.journals import Audience


@dataclass(frozen=True, slots=True)
class SheetPage:
    """The sheet as it would be issued now, and what the record knows of earlier versions and copies.

    ``stale`` says that what the sheet would say differs from the version last issued.
    """

    sheet: PoliceSheet
    state: SheetState | None
    stale: bool


def sheet_page(desk: Desk, sign_in: SignIn | None, call: UUID) -> SheetPage:
    """What the police sheet of ``call`` would say now. Without a sign-in it is read as operations."""
    with desk.store.read() as connection:
        return make_sheet(desk, sign_in, connection, call)


def make_sheet(desk: Desk, sign_in: SignIn | None, connection: Reading, call: UUID) -> SheetPage:
    """:func:`sheet_page` inside a transaction that is already open."""
    if sign_in is not None:
        reader(connection, sign_in, Audience.OPERATIONS)
    folded = subjects.state(connection, CALL, call)
    if folded is None or folded.state is None:
        raise NotFound(horizon.missing(connection, call))
    state: CallState = folded.state
    issued = subjects.state(connection, SHEET, sheet_subject(call))
    sheet_state = issued.state if issued else None
    center = center_of(desk, connection)
    here = desk_state(desk, connection)
    latest = state.levels[-1] if state.levels else None
    # Whoever prints is not whom responders should ask: an unclaimed call has no clinician, only the desk's number.
    owner = state.claim.owner if state.claim else None
    versions = len(sheet_state.versions) if sheet_state else 0
    sheet = assembling.assemble(
        state.facts,
        center=desk.center_name,
        call_number=state.picture.number if state.picture else "",
        place=state.picture.place if state.picture else "",
        zone=desk.zone_name,
        code=sheet_state.code if sheet_state else short_code(sheet_subject(call)),
        desk=here.code,
        as_of=desk.clock.now(),
        clinician=Clinician(people.display_name(connection, owner) if owner else "", here.callback),
        risk=assembling.risk_level(
            str(latest.level) if latest else str(Level.NOT_SET),
            latest.reason if latest else "",
            latest.at if latest else None,
            source="clinician" if latest else "",
        ),
        version=versions + 1,
        replaces=versions or None,
        handling=center.handling,
        drill=desk.drill,
    )
    if sheet_state is None:
        return SheetPage(sheet, None, False)
    issued_last = from_content(sheet_state.versions[-1].content)
    if says_the_same(sheet, issued_last):
        return SheetPage(issued_last, sheet_state, False)
    return SheetPage(sheet, sheet_state, True)
