"""Events into entries, derived whole: every desk that reads the same source makes the same ids and the same bytes.

An entry's id is the UUIDv5 of center, source, call (itself derived from the columns that identify it), source time,
kind and content. A picture that a call shows again within one source time, with another in between, counts how often it
stood there before, so FIGHT, CRISIS, FIGHT within one minute are three entries too. Each derived entry is an act of
its own, because another desk may derive it without its neighbors. Its author and its device are the source; it has no
count, no salt and no chain.
"""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from console.feeds.source import SourceEvent
from console.models.call import CallPictured
from wire.envelope import Entry, derived_entry, micros
from wire.journals import Audience, derived_id, journal_name, short_name, source_id

REMEMBERED_CALLS = 20_000
"""How many calls' last pictures are kept to pass over a picture that says nothing new (about 4 MB)."""


Shown = tuple[int, tuple[bytes, ...]]
"""A source time in microseconds, and the digests of the pictures a call has shown at it, in turn; the last stands."""


class Deriver:
    """Makes the entries of one center from events in source-time order; passes over a picture that changes nothing.

    What it passes over depends on the pictures it was given before; what it makes depends on no other call, and of the
    same call only on what the source showed at the same source time.
    """

    def __init__(self, center: str, *, remember: int = REMEMBERED_CALLS) -> None:
        self._owner = short_name(center)
        self._journal = journal_name(self._owner, Audience.OPERATIONS)
        self._remember = remember
        self._sources: dict[str, UUID] = {}
        self._shown: dict[UUID, Shown] = {}
        self._before: dict[UUID, Shown | None] = {}

    def begin(self) -> None:
        """What is derived from here on may come again: see :meth:`again`."""
        self._before = {}

    def again(self) -> None:
        """Forget what was derived since :meth:`begin`: it was not stored, so the same events will come once more."""
        for call, shown in self._before.items():
            if shown is None:
                self._shown.pop(call, None)
            else:
                self._shown[call] = shown
        self._before = {}

    def entries(self, event: SourceEvent) -> list[Entry]:
        """The entries of one event, in the order of its bodies."""
        source = event.source
        author = self._sources.get(source)
        if author is None:
            author = self._sources[source] = source_id(self._owner, source)
        made_at = micros(event.at)
        subject = event.call
        identity = f"{self._owner}\0{source}\0{subject.hex}\0{made_at}"
        made = []
        for body in event.bodies:
            kind = body.KIND
            text = body.as_json()
            nth = self._news(subject, made_at, text) if kind == CallPictured.KIND else 0
            if nth is None:
                continue
            entry_id = derived_id(identity, kind, text, *((str(nth),) if nth else ()))
            made.append(derived_entry(entry_id, self._journal, kind, body.VERSION, subject, author, made_at, text))
        return made

    def _news(self, call: UUID, at: int, picture: str) -> int | None:
        """How often the call showed this picture at this source time before; None where it stands as the last one."""
        # Without the picture's own time. No value can hold what is looked for here: its quotes would be escaped.
        start, _, rest = picture.partition('"source_time":"')
        content = start + rest[rest.index('"') :]
        seen = hashlib.blake2b(content.encode(), digest_size=16).digest()
        before = self._shown.pop(call, None)
        self._before.setdefault(call, before)
        when, turn = before or (at, ())
        if turn and turn[-1] == seen:
            self._shown[call] = (when, turn)
            return None
        if when != at:
            turn = ()
        self._shown[call] = (at, (*turn, seen))
        if len(self._shown) > self._remember:
            del self._shown[next(iter(self._shown))]
        return turn.count(seen)


def derive(center: str, events: SourceEvent | Iterable[SourceEvent]) -> list[Entry]:
    """The entries of one event, or of several in source-time order, for a center that has seen nothing before."""
    deriver = Deriver(center)
    if isinstance(events, SourceEvent):
        return deriver.entries(events)
    return [entry for event in events for entry in deriver.entries(event)]
