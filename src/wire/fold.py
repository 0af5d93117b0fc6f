"""The fold: how the entries of one subject become its state.

An *aggregate* says what a kind of subject looks like (a frozen state), which entries speak of it (their bodies) and
what each of them changes (its steps). Folding is total and pure: it reads its own subject's entries in canonical order
and nothing else. An entry that makes no sense where it stands changes nothing and is listed with the reason; an unknown
kind or a newer version is counted, kept and left alone, because a newer desk may understand it.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated, Any, ClassVar, Generic, TypeVar
from uuid import UUID

import msgspec

from wire.envelope import Entry
from wire.journals import Audience

_encode = msgspec.json.Encoder().encode
_DEEPEST = 200
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time in a body: always with its zone. One without cannot be ordered, so a body that holds one cannot be read."""


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one kind of entry says. ``KIND`` and ``VERSION`` stand in the envelope."""

    KIND: ClassVar[str]
    VERSION: ClassVar[int] = 1

    def as_json(self) -> str:
        """The JSON text that is hashed, stored and sent."""
        return _encode(self).decode()


class Senseless(Exception):
    """Raised by a step: this entry makes no sense where it stands. The message says why, in a sentence."""


class SenselessEntry(msgspec.Struct, frozen=True):
    """An entry that is kept, changes nothing, and is listed with the reason."""

    entry: UUID
    reason: str


State = TypeVar("State")
AnyBody = TypeVar("AnyBody", bound=Body)
Step = Callable[[State | None, Entry, AnyBody], State]


class Folded(msgspec.Struct, Generic[State], frozen=True):
    """What the entries of one subject amount to.

    ``state`` is ``None`` while no entry has begun the subject. ``unread`` counts entries of an unknown kind or a newer
    version: a subject with any is read-only on this desk. ``erased`` counts entries whose body is gone.
    """

    state: State | None
    senseless: tuple[SenselessEntry, ...] = ()
    unread: int = 0
    erased: int = 0


class Aggregate(Generic[State]):
    """One kind of subject: its name, the audience of its journal, its state and its steps.

    ``version`` goes up whenever the same entries would fold to another state; the store refolds older subjects.
    The first part of an entry's kind ("call" in "call.flagged") is the aggregate's name.
    """

    def __init__(self, name: str, audience: Audience, state: type[State], *, version: int = 1) -> None:
        self.name = name
        self.audience = audience
        self.state = state
        self.version = version
        self.bodies: dict[str, type[Body]] = {}
        self._journals = f"/{audience.value}"
        self._steps: dict[str, tuple[int, msgspec.json.Decoder[Any], Step[State, Any]]] = {}
        self._without_body: Callable[[State | None, Entry], State] | None = None

    def step(self, body: type[AnyBody]) -> Callable[[Step[State, AnyBody]], Step[State, AnyBody]]:
        """Register the function that says what an entry with this body changes."""

        def register(function: Step[State, AnyBody]) -> Step[State, AnyBody]:
            self.bodies[body.KIND] = body
            self._steps[body.KIND] = (body.VERSION, msgspec.json.Decoder(body), function)
            return function

        return register

    def without_body(self, function: Callable[[State | None, Entry], State]) -> Callable[[State | None, Entry], State]:
        """Register the function that says what an erased entry still tells, by its envelope; without one, nothing."""
        self._without_body = function
        return function

    def belongs_in(self, journal: str) -> bool:
        """Whether entries about this kind of subject stand in ``journal``."""
        return journal.endswith(self._journals)

    def fold(self, entries: Iterable[Entry], after: State | None = None) -> Folded[State]:
        """The state that ``entries``, one subject's in canonical order, amount to.

        With ``after``, the state that the entries before them left, the fold goes on from there; what is counted and
        listed are these entries only. Entries that are all erased amount to nothing.
        """
        state = after
        senseless: list[SenselessEntry] = []
        unread = erased = 0
        told = after is not None
        for entry in entries:
            if not entry.journal.endswith(self._journals):
                senseless.append(SenselessEntry(entry.id, f"it stands in {entry.journal}, which holds no such entries"))
                continue
            known = self._steps.get(entry.kind)
            if known is None or entry.version > known[0]:
                unread += 1
                continue
            if entry.body is None:
                erased += 1
                if self._without_body is not None:
                    state = self._without_body(state, entry)
                continue
            told = True
            if _too_deep(entry.body):
                senseless.append(SenselessEntry(entry.id, "its body cannot be read: it is nested too deeply"))
                continue
            try:
                state = known[2](state, entry, known[1].decode(entry.body))
            except Senseless as reason:
                senseless.append(SenselessEntry(entry.id, str(reason)))
            except (msgspec.DecodeError, UnicodeEncodeError) as reason:
                senseless.append(SenselessEntry(entry.id, f"its body cannot be read: {reason}"))
        return Folded(state if told or unread else None, tuple(senseless), unread, erased)


def _too_deep(body: str) -> bool:
    """Whether a body nests more than any desk reads. A fixed bound: the parser's own depends on who calls it."""
    if len(body) <= 2 * _DEEPEST or body.count("[") + body.count("{") <= _DEEPEST:
        return False
    depth = 0
    for mark in _STRING.sub("", body):
        if mark in "[{":
            depth += 1
            if depth > _DEEPEST:
                return True
        elif mark in "]}":
            depth -= 1
    return False
