"""Offering what a server refused once more: a person mended what stood in the way, or wants to see whether it goes."""

from console.models.store import exchange
from console.models.store.desk import Desk
from wire.messages import Refusal

_OF_USE = tuple(code for code in Refusal if code is not Refusal.SETTLED)
"""A later desk's own beginnings are settled for good: to offer them again would only refuse them again."""


def offer_again(desk: Desk) -> int:
    """Put what was refused back among what is to be sent; returns how many entries. A running link is to be told."""
    with desk.store.write() as transaction:
        return exchange.offer_again(transaction, _OF_USE)
