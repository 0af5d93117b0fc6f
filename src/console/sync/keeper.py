"""Carrying out what the sync core asks of the store: each effect one transaction, each answered by one event."""

from collections.abc import Callable

from console.models.store import attention, exchange, outbox
from console.models.store.exchange import BEGINNING, Cursor, Diverged
from console.models.store.store import Store
from console.models.store.transaction import Transaction
from console.sync.events import (
    BecomeNewDevice,
    BeginEpoch,
    Doubted,
    Event,
    Noted,
    OwnLinks,
    PutBack,
    ReadLinks,
    ReadOutbox,
    Ready,
    Recall,
    Recalled,
    SetCursor,
    Settle,
    Stands,
    StoreEffect,
    Take,
    TakeOlder,
)
from wire.journals import Audience, audience_of
from wire.messages import Page, Refusal

OF_ADMINISTRATION = (Refusal.PERSON, Refusal.RIGHT, Refusal.KIND)
"""What an entry can be refused for that changes with the administration journal, or with the server's version."""


def carry_out(store: Store, effect: StoreEffect) -> Event:
    """Do what ``effect`` asks; returns the event that answers it. Raises what the store raises."""
    match effect:
        case Recall():
            with store.read() as connection:
                refused, _ = attention.counts(connection)
                waiting = outbox.count(connection)
                return Recalled(exchange.epoch(connection), exchange.cursors(connection), waiting, refused)
        case ReadOutbox(behind, most, most_bytes, asks):
            with store.read() as connection:
                return Ready(*outbox.read(connection, behind, most, most_bytes), asks)
        case ReadLinks(journal, seqs, known):
            with store.read() as connection:
                return OwnLinks(journal, exchange.links(connection, journal, seqs, known))
        case Take(page):
            return _moved(store, page.journal, lambda transaction: exchange.take(transaction, page), page)
        case TakeOlder(page):
            return _moved(store, page.journal, lambda transaction: exchange.take_older(transaction, page))
        case SetCursor(journal, point):
            return _moved(store, journal, lambda transaction: exchange.set_cursor(transaction, journal, point, point))
        case PutBack(journal, last):
            return _moved(store, journal, lambda transaction: exchange.put_back(transaction, journal, last))
        case Settle(entries, results, reads):
            return _noted(store, lambda transaction: exchange.settle(transaction, entries, results, reads))
        case BeginEpoch(epoch, written_only):
            return _noted(store, lambda transaction: exchange.new_epoch(transaction, epoch, written_only), again=True)
        case BecomeNewDevice(others):
            return _noted(store, lambda transaction: exchange.become_new_device(transaction, others), again=True)


def _moved(store: Store, journal: str, step: Callable[[Transaction], object], page: Page | None = None) -> Event:
    offered = 0
    try:
        with store.write() as transaction:
            step(transaction)
            if page is not None and page.entries and audience_of(journal) is Audience.ADMINISTRATION:
                # In the transaction that moves the cursor: no later one would know that there is something to offer.
                offered = exchange.offer_again(transaction, OF_ADMINISTRATION)
            cursor = exchange.cursors(transaction.connection).get(journal, Cursor(BEGINNING, BEGINNING))
            waiting = outbox.count(transaction.connection)
            copied = transaction.device != store.device
    except Diverged as diverged:
        return Doubted(journal, str(diverged))
    return Stands(journal, cursor, waiting, copied, offered)


def _noted(store: Store, step: Callable[[Transaction], object], *, again: bool = False) -> Event:
    with store.write() as transaction:
        step(transaction)
        refused, _ = attention.counts(transaction.connection)
        copied = transaction.device != store.device
        return Noted(outbox.count(transaction.connection), refused, again, copied)
