"""The board: the live call queue, worst and longest-waiting first.

A call that nobody has leveled yet, or with an officer waiting on scene, stands right under CRITICAL: what is not known
is treated as grave until somebody has looked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from console.models.call import Level
from console.models.call_state import CallState
from console.models.center import Center
from console.models.plain import one_line
from console.models.sign_in import SignIn
from console.models.store import calls, people
from console.models.store.desk import Desk
from console.queries.center import center_of
from console.queries.pending import pending
from console.queries.reading import reader
from wire.administration import UserState
from wire.journals import Audience


class View(StrEnum):
    """Which calls the board shows."""

    FLAGGED = "flagged"
    MINE = "mine"
    OPEN = "open"
    RECENT = "recent"


@dataclass(frozen=True, slots=True)
class Freshness:
    """How fresh a source is: ``state`` is fresh, stale, down or none, ``says`` the words for it."""

    source: str
    last_at: datetime | None
    state: str
    says: str


NO_SOURCE = Freshness("", None, "none", "no CAD source")
ELSEWHERE = Freshness("", None, "none", "CAD comes by another desk")
"""At a desk that shares: whichever desk has the feed sends on what CAD says."""
_SILENT = timedelta(seconds=30)
"""Without a server for as long as makes a feed of this desk stale, what CAD says elsewhere is missing here."""


def elsewhere(away_since: datetime | None, now: datetime) -> Freshness:
    """How fresh CAD is where another desk has the feed; ``away_since`` is since when there is no server, if so."""
    if away_since is None or now - away_since < _SILENT:
        return ELSEWHERE
    says = (
        "CAD comes by another desk, and this desk is offline. Calls may be missing here: look at CAD, and enter a call "
        "by hand (F10 on the board)"
    )
    return Freshness("", away_since, "stale", says)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One call as the board shows it. Times are aware UTC.

    A flag is a person's (``flagged_by``), also where they typed its code in CAD (``flag_source`` "cad"); ``suggestion``
    is why a site rule suggests one, until somebody decides.

    ``flagged_at``, ``claimed_at`` and ``contacted_at`` are of the current flag and claim: a call that was given back
    waits anew, and who takes it over has yet to reach the person.
    """

    call: UUID
    number: str
    level: Level
    flagged: bool
    flag_reason: str
    flag_words: str
    flag_source: str
    flagged_by: str
    suggestion: str
    officer_waiting: bool
    type_text: str
    type_before: str
    type_changed_at: datetime | None
    resurfaced_at: datetime | None
    place: str
    headline: str
    reported_at: datetime
    flagged_at: datetime | None
    claimed_at: datetime | None
    contacted_at: datetime | None
    disposed_at: datetime | None
    owner: UUID | None
    owner_name: str
    mine: bool
    on_line: bool
    line_dropped: bool
    advice_waiting: bool
    fallback: str
    fallback_taken: bool
    closed: bool
    cad_priority: str
    units: str
    unread: int = 0
    """Messages since the reader disposed of the call, or somebody else disposed of theirs."""
    pending: tuple[str, ...] = ()
    """What this desk entered and no other can have seen, see :mod:`console.queries.pending`."""


@dataclass(frozen=True, slots=True)
class Board:
    """The rows of one view in board order, and how many calls each view is about.

    "flagged" counts the calls that are flagged; what is suggested, and advice unread on a call that was disposed of,
    stands under them and counts by itself. ``cad_ahead`` is how far ahead of this desk's clock CAD dates its calls.
    """

    rows: tuple[BoardRow, ...]
    counts: Mapping[str, int]
    view: str
    filter: str
    cad: Freshness
    as_of: datetime
    older_suggestions: int
    cad_ahead: timedelta = timedelta(0)


def board(desk: Desk, sign_in: SignIn | None, view: View, words: str = "", cad: Freshness = NO_SOURCE) -> Board:
    """The board as ``sign_in`` may see it; without one (a command) it is read as operations.

    ``words`` keeps the calls in which every word occurs somewhere. Raises NotAllowed without the right to read calls.
    """
    now = desk.clock.now()
    with desk.store.read() as connection:
        sign_in = sign_in and reader(connection, sign_in, Audience.OPERATIONS)
        center = center_of(desk, connection)
        everyone = people.every(connection)
        waiting = pending(desk, connection)
        attended = list(calls.calls_with_alerts(connection))
        recent = list(calls.recent_calls(connection)) if view is View.RECENT else []
    states = [(call, state) for call, state in attended if state.open]
    maker = RowMaker(desk, sign_in, center, everyone, states, waiting=waiting)
    kept: dict[View, list[tuple[UUID, CallState]]] = {View.FLAGGED: [], View.MINE: [], View.OPEN: states}
    older = 0
    newest = _newest_told(states)
    fresh = timedelta(hours=center.limits.suggestion_hours)
    horizon = min(now, newest or now) - fresh
    live = bool(cad.source) and cad.state != "none"
    for call, state in attended:
        if state.at_work or state.advice_waiting:
            kept[View.FLAGGED].append((call, state))
        elif state.suggested:
            # What CAD closed before the desk's own day waits for nobody, unless a feed is living that day again.
            over = not live and state.closed_at is not None and state.closed_at < now - fresh
            if state.suggestion is not None and (over or state.suggestion.at < horizon):
                older += 1
            else:
                kept[View.FLAGGED].append((call, state))
        mine = sign_in is not None and state.claim is not None and state.claim.owner == sign_in.user
        unread = sign_in is not None and bool(state.unread_since_disposal(sign_in.user))
        if (mine and state.open) or unread:
            kept[View.MINE].append((call, state))
    shown = recent if view is View.RECENT else kept[view]
    rows = [maker.row(call, state) for call, state in shown]
    if view is not View.RECENT:
        rows.sort(key=board_order)
    wanted = words.casefold().split()
    if wanted:
        rows = [row for row in rows if _holds(row, wanted)]
    counted = {each.value: len(found) for each, found in kept.items()}
    counted[View.FLAGGED.value] = sum(state.at_work for _, state in kept[View.FLAGGED])
    ahead = max(newest - now, timedelta(0)) if newest is not None else timedelta(0)
    return Board(tuple(rows), counted, view.value, words, cad, now, older, ahead)


def _newest_told(states: Iterable[tuple[UUID, CallState]]) -> datetime | None:
    """CAD's own time: that of the newest picture. None without CAD: a call typed in at a desk says nothing of it.

    In a replay of old calls the newest of them is now: from there on a suggestion is recent.
    """
    told = (state.picture for _, state in states if state.picture is not None and state.picture.source != "desk")
    return max((picture.source_time for picture in told), default=None)


def board_order(row: BoardRow) -> tuple[int, float, bytes]:
    """Worst first, then longest waiting. Not yet leveled, or an officer waiting, ranks right under CRITICAL."""
    if row.flagged:
        if row.level is Level.CRITICAL:
            rank = 0
        elif row.level is Level.NOT_SET or row.officer_waiting:
            rank = 1
        else:
            rank = 2 + Level.HIGH.rank - row.level.rank
    elif row.suggestion:
        rank = 6
    else:
        rank = 7
    since = (row.flagged_at if row.flagged else None) or row.resurfaced_at or row.reported_at
    # Calls nobody flagged: the newest first, they are glanced at, not waited for.
    waited = since.timestamp() if rank < 6 else -since.timestamp()
    return rank, waited, row.call.bytes


def _holds(row: BoardRow, words: Iterable[str]) -> bool:
    text = " ".join(
        (row.number, row.type_text, row.place, row.headline, row.owner_name, row.flag_words, row.units, row.level)
    ).casefold()
    return all(word in text for word in words)


class RowMaker:
    """Turns states into rows for one reader: who is "you", who is free, what the fallback is."""

    def __init__(
        self,
        desk: Desk,
        sign_in: SignIn | None,
        center: Center,
        everyone: Mapping[UUID, UserState],
        states: Iterable[tuple[UUID, CallState]],
        *,
        presence_known: bool = True,
        waiting: Mapping[UUID, tuple[str, ...]] = MappingProxyType({}),
    ) -> None:
        self._waiting = waiting
        self._sign_in = sign_in
        self._center = center
        self._everyone = everyone
        busy = {state.claim.owner for _, state in states if state.claim is not None and state.at_work}
        # Who does not know who is here (a command, or one of several desks) does not say that nobody is free.
        self._somebody_free = not presence_known or desk.store.shares or bool(desk.presence.clinicians() - busy)

    def name(self, user: UUID) -> str:
        """What others see of a person."""
        known = self._everyone.get(user)
        return known.display_name if known else "somebody"

    def row(self, call: UUID, state: CallState) -> BoardRow:
        """The row of one call."""
        picture, claim, flag = state.picture, state.claim, state.flag
        unowned = state.at_work and claim is None
        return BoardRow(
            call=call,
            number=one_line(picture.number) if picture else "",
            level=Level.CLOSED if state.disposition else state.level,
            flagged=state.at_work,
            flag_reason=self._center.flag_label(flag.reason) if flag else "",
            flag_words=flag.words if flag else "",
            flag_source=flag.source if flag else "",
            flagged_by=(flag.typed_in_cad_by or self.name(flag.by)) if flag else "",
            suggestion=state.suggestion.why if state.suggested and state.suggestion else "",
            officer_waiting=state.officer_waiting_since is not None,
            type_text=one_line(picture.type_text) if picture else PAST_HORIZON if state.past_horizon else "",
            type_before=one_line(state.type_before),
            type_changed_at=state.type_changed_at,
            resurfaced_at=state.resurfaced_at,
            place=one_line(picture.place) if picture else "",
            headline=headline(state),
            reported_at=state.opened_at or (picture.source_time if picture else _NEVER),
            flagged_at=(state.unowned_since or flag.at) if flag else (claim.at if claim else None),
            claimed_at=claim.at if claim else None,
            contacted_at=state.contacted_since_claim,
            disposed_at=state.disposition.body.at if state.disposition else None,
            owner=claim.owner if claim else None,
            owner_name=self.name(claim.owner) if claim else "",
            mine=bool(claim and self._sign_in and claim.owner == self._sign_in.user),
            on_line=state.line == "on",
            line_dropped=state.line == "dropped",
            advice_waiting=state.advice_waiting,
            fallback=self._center.fallback if unowned and not self._somebody_free else "",
            fallback_taken=state.fallback_at is not None,
            closed=state.closed_at is not None,
            cad_priority=picture.priority if picture else "",
            units=", ".join(picture.units) if picture else "",
            pending=self._waiting.get(call, ()),
            unread=len(state.unread_since_disposal(self._sign_in.user)) if self._sign_in else 0,
        )


def headline(state: CallState) -> str:
    """The newest thing worth a line: the flag's own words first, else CAD's last narrative line."""
    if state.flag is not None and state.flag.words:
        return one_line(state.flag.words)
    return one_line(state.narrative[-1].line) if state.narrative else ""


PAST_HORIZON = "Details past the horizon"
"""Stands for the type of a call that somebody works on after this desk dropped what CAD said of it."""
_NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
