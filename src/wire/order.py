"""The order that a server gives a journal, and the links that let anyone check it.

``link`` at a place is SHA-256 over the link before it, the place, and the entry's envelope and digest. Two copies of a
journal that have the same link at one place hold the same entries up to there, which equal counts alone do not prove
(a reader that skipped an entry has the right cursor and the wrong data). Every desk keeps the last link it saw, and
so is a witness: a server that lost or rewrote entries cannot show that link again.
"""

import hashlib
from collections.abc import Iterable

from wire.envelope import Entry, envelope_bytes

Link = bytes
_DOMAIN = b"clinician-console journal order v1\0"
START: Link = bytes(32)
"""The link before a journal's first entry."""


def link_after(previous: Link, entry: Entry) -> Link:
    """The link at this entry's place; raises ValueError for one that has none."""
    if entry.seq is None:
        raise ValueError("an entry without a place")
    place = entry.seq.to_bytes(8, "big")
    return hashlib.sha256(_DOMAIN + previous + place + envelope_bytes(entry) + entry.digest).digest()


def link_at_end(start: Link, entries: Iterable[Entry]) -> Link:
    """The link after all of ``entries``, which follow each other from ``start``."""
    link = start
    for entry in entries:
        link = link_after(link, entry)
    return link
