"""Where this desk stands with a regional server, in the words of the status line."""

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from console.models.store import attention, exchange, outbox
from console.models.store.desk import Desk
from console.models.store.store import Store
from console.sync.events import Standing, State
from console.sync.membership import membership
from console.sync.said import said


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """``state`` is "alone" for a desk that never joined a server: it is its own authority and nothing waits.

    Else it is "live", "catching up", "offline" (with ``since``) or "needs attention"; "shared" where no link runs.
    ``says`` is a short line, ``more`` a sentence for the Status screen, or, where no link runs, what the last exchange
    came to, when that is something to act on. ``journals`` holds name, last place and first
    place of what this desk holds of each journal's order. ``offset`` is how far this desk's clock is from the server's,
    in seconds.
    """

    state: str
    waiting: int
    refused: int
    says: str
    more: str = ""
    since: datetime | None = None
    offset: float | None = None
    server: str = ""
    epoch: int = 0
    journals: tuple[tuple[str, int, int], ...] = ()


def status(desk: Desk) -> SyncStatus:
    """The state now, as the store knows it. Whether there is a connection only a running link can tell."""
    return shared_status(desk.store)


def shared_status(store: Store) -> SyncStatus:
    """The state now, of a store."""
    with store.read() as connection:
        refused, _ = attention.counts(connection)
        member = membership(connection)
        if member is None:
            return SyncStatus("alone", 0, refused, "working alone")
        waiting = outbox.count(connection)
        cursors = exchange.cursors(connection)
        epoch = exchange.epoch(connection)
        last = said(connection)
    journals = tuple((name, each.point.seq, each.floor.seq) for name, each in sorted(cursors.items()))
    says = f"shares with {member.url}: {waiting} to send" + (f", {refused} refused" if refused else "")
    more = f"The last exchange, {last.at:%Y-%m-%d %H:%M} UTC: {last.words}" if last.words else ""
    offset = last.offset / 1e6 if last.offset else None
    return SyncStatus("shared", waiting, refused, says, more, None, offset, member.url, epoch, journals)


def clock_words(offset: float) -> str:
    """What to say of a clock that is ``offset`` seconds behind the server's."""
    way = "behind" if offset > 0 else "ahead of"
    return f"This desk's clock is {abs(offset):,.0f} s {way} the server's: correct it."


def of_standing(standing: Standing, before: SyncStatus, now: datetime, zone: tzinfo) -> SyncStatus:
    """The state as a running link tells it; ``before`` is what was said last."""
    state = standing.state.value
    waiting = f"{standing.waiting} to send" if standing.waiting else ""
    since = None
    if standing.since is not None:
        since = before.since or now
        if standing.says:
            began = since.astimezone(zone)
            day = "" if began.date() == now.astimezone(zone).date() else f"{began:%Y-%m-%d} "
            says = f"offline since {day}{began:%H:%M}"
            more = f"No connection: {standing.says.rstrip('.')}. Everything works here, and what you enter waits."
            if standing.state is State.ATTENTION:  # what no waiting mends
                says = f"needs attention, {says}"
                more += " It does not mend itself: somebody has to act."
        else:
            says, more = "connecting", "Looking for the server. Everything works here, and what you enter waits."
    elif standing.behind:
        says = f"catching up, {standing.behind:,} to come"
        more = "Entries of other desks are coming in, the oldest first."
    elif standing.state is State.CATCHING_UP:
        says = "catching up"
        more = "Desk and server look whether they hold the same. Everything works here meanwhile."
    elif standing.older:
        says = "live"
        more = f"Live. {standing.older:,} older entries still come in behind the work."
    else:
        says = "live"
        more = "Live: what one desk enters, the others have."
    if since is None and standing.says:
        more = standing.says
        if standing.state is State.ATTENTION:
            says = "needs attention" + (f", {standing.behind:,} to come" if standing.behind else "")
    if standing.refused:
        more += f" The server refused {standing.refused:,}: see Needs attention."
    held = tuple((name, each.point.seq, each.floor.seq) for name, each in sorted(standing.journals.items()))
    return replace(
        before,
        state=state,
        waiting=standing.waiting,
        refused=standing.refused,
        says=", ".join(filter(None, (says, waiting))),
        more=more,
        since=since,
        offset=None if standing.offset is None else standing.offset / 1e6,
        journals=before.journals if since is not None and before.journals else held,
    )
