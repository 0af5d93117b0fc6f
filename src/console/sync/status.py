"""Where this desk stands with a regional server, in the words of the status line."""

from dataclasses import dataclass

from console.models.store import attention, exchange, outbox
from console.models.store.desk import Desk
from console.models.store.store import Store
from console.sync.membership import membership


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """``state`` is "alone" for a desk that never joined a server: it is its own authority and nothing waits.

    ``journals`` holds name, last place and first place of what this desk holds of each journal's order.
    """

    state: str
    waiting: int
    refused: int
    says: str
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
    journals = tuple((name, each.point.seq, each.floor.seq) for name, each in sorted(cursors.items()))
    says = f"shares with {member.url}: {waiting} to send" + (f", {refused} refused" if refused else "")
    return SyncStatus("shared", waiting, refused, says, member.url, epoch, journals)
