"""A desk that shares and works until it dies at one place: ``python -m tests.support.desk_until_killed HOME PLACE``.

``PLACE`` is ``before:Take`` or ``after:Take``: it dies when the store has done that effect's work, before or after the
commit, as a power cut would. ``OfferAgain`` is the taking of a page with which refused entries are offered again. Every
line it prints holds the ids of an act that somebody was told is saved.
"""

import os
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from console.models.audit import AuditRecorded
from console.models.call import CallEntered, CallMessaged
from console.models.encounter import EncounterNoted, EncounterStarted
from console.models.store import exchange, outbox
from console.models.store.store import Reading, Store
from console.models.store.transaction import Transaction
from console.sync import keeper, link
from console.sync.events import Event, StoreEffect
from tests.support.entries import at
from tests.support.sharing import SharingDesk
from wire.messages import Refusal

DIED = 86


def die_at(place: str) -> None:
    """From now on the process ends where it comes to ``place``."""
    when, _, name = place.partition(":")
    carry_out, count = keeper.carry_out, outbox.count
    offer_again = exchange.offer_again
    now = threading.local()  # the outbox is read in a thread of its own

    def counting(connection: Reading) -> int:  # the last thing in each transaction
        if when == "before" and getattr(now, "doing", "") == name:
            os._exit(DIED)
        return count(connection)

    def offering(transaction: Transaction, codes: Iterable[Refusal] | None = None) -> int:
        if name == "OfferAgain" and now.doing == "Take":
            now.doing = name
        return offer_again(transaction, codes)

    def carrying(store: Store, effect: StoreEffect) -> Event:
        now.doing = type(effect).__name__
        event = carry_out(store, effect)
        if when == "after" and now.doing == name:
            os._exit(DIED)
        return event

    exchange.offer_again = offering
    outbox.count = counting
    link.carry_out = carrying  # type: ignore[attr-defined]


def main(home: Path, place: str) -> None:
    """Share and work."""
    die_at(place)
    desk = SharingDesk(home, again=True)
    works = desk.people() > 0  # else it is new to the center, and nobody can sign in
    desk.start()
    for number in range(5 if works else 0):
        call, encounter = uuid4(), uuid4()
        ids = desk.enter(
            "clinician",
            (call, CallEntered(f"26-{number}", "WELFARE CHECK", "1 Main St", at())),
            (encounter, EncounterStarted(at(), "flag", call)),
            (call, CallMessaged(at(), "words")),
            (encounter, EncounterNoted(at(), "clinical words")),
            (uuid4(), AuditRecorded(at(), "record.opened", about=call)),
        )
        sys.stdout.write(" ".join(map(str, ids)) + "\n")
        sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
