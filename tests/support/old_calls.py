"""Calls as CAD told them long ago, and what a desk's file holds byte by byte."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from console.feeds.derive import Deriver
from console.feeds.source import SourceEvent
from console.models.call import CallNarrated, CallPictured
from console.models.store.desk import Desk
from console.models.store.horizon import Sweep
from tests.support.entries import CENTER, named
from wire.envelope import Entry

PAGE, RESERVED, WAL_HEAD, FRAME_HEAD = 4096, 80, 32, 24
"""SQLCipher 4: the last 80 bytes of a page are its initialization vector and its seal."""


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


def plain_pages(path: Path, key: bytes) -> Iterator[bytes]:
    """Every page of an encrypted file, or of its write-ahead log, decrypted: unused parts and free pages too."""
    data = path.read_bytes()
    log = path.name.endswith("-wal")
    start, step, skip = (WAL_HEAD, FRAME_HEAD + PAGE, FRAME_HEAD) if log else (0, PAGE, 0)
    for place in range(start, len(data) - step + 1, step):
        page = data[place + skip : place + step]
        salt = 16 if place + skip == 0 else 0  # the first page begins with the key's salt, in the clear
        vector = page[PAGE - RESERVED : PAGE - RESERVED + 16]
        decryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
        yield decryptor.update(page[salt : PAGE - RESERVED])


def holds(home: Path, key: bytes, words: str) -> bool:
    """Whether these words stand anywhere in the file of a home or in its log."""
    files = [path for path in home.glob("console.db*") if not path.name.endswith("-shm")]
    return any(words.encode() in page for path in files for page in plain_pages(path, key))
