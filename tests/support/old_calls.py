"""Calls as CAD told them long ago, and what a desk's file holds byte by byte."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from console.feeds.derive import Deriver
from console.feeds.source import SourceEvent
from console.models.call import CallNarrated, CallPictured
from console.models.store.desk import Desk
from console.models.store.engine import DATABASE
from console.models.store.horizon import Sweep
from tests.support.entries import CENTER, named
from tests.support.plain_pages import plain_pages
from wire.envelope import Entry


def told(number: str, when: datetime, words: str = "words", *, closed: bool = True) -> list[Entry]:
    """A call that CAD opened at ``when``, said a line about, and closed an hour later, unless it is to stay open."""
    call = old_call(number)
    place = f"{words} {number} Main St"
    first = CallPictured("cad", when, number, f"{words} type", when, place=place)
    line = CallNarrated("cad", when + timedelta(minutes=1), f"{words} line {number}")
    later = when + timedelta(hours=1)
    last = CallPictured("cad", later, number, f"{words} other type", when, place=place, closed=closed)
    events = [
        SourceEvent("cad", when, call, (first,)),
        SourceEvent("cad", line.source_time, call, (line,)),
        SourceEvent("cad", later, call, (last,)),
    ]
    deriver = Deriver(CENTER)
    return [entry for event in events for entry in deriver.entries(event)]


def old_call(number: str) -> UUID:
    """The subject of such a call."""
    return named("old call", number)


def sweep(desk: Desk) -> int:
    """A whole pass; returns how many calls it dropped."""
    made = Sweep(desk)
    while made.step():
        pass
    return made.dropped


def holds(home: Path, key: bytes, words: str) -> bool:
    """Whether these words stand anywhere in the file of a home or in its log."""
    return words.encode() in plain_pages(home / DATABASE, key)
