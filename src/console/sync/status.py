"""Where this desk stands with a regional server, in the words of the status line."""

from dataclasses import dataclass

from console.models.store import attention
from console.models.store.desk import Desk


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """``state`` is "alone" for a desk that never joined a server: it is its own authority and nothing waits."""

    state: str
    waiting: int
    refused: int
    says: str


def status(desk: Desk) -> SyncStatus:
    """The state now. A desk that joined no server works alone; entries a server refused are counted all the same."""
    with desk.store.read() as connection:
        refused, _ = attention.counts(connection)
    return SyncStatus("alone", 0, refused, "working alone")
