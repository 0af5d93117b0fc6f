"""Entries for tests: written by a device of the test's own, one at a time, or drawn at random for property tests.

What is random here is whole: every kind of every aggregate with any body its type allows, unknown kinds, newer
versions, bodies that are no body, journals of another audience. Ids and times come from small pools, so that entries
speak of each other, repeat and contradict each other as often as they do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import msgspec
from hypothesis import strategies as st
from msgspec import inspect
from msgspec.structs import replace

from console.models.aggregates import AGGREGATES, aggregate_of
from wire.envelope import GENESIS, Entry, body_digest, chain_value, micros
from wire.fold import Body
from wire.journals import Audience, journal_name
from wire.permissions import DERIVED_KINDS

START = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
CENTER = "northside"
_NAMES = UUID("3c4a3a39-8a3b-5a60-9d52-2f6a3f0a7c11")

BODIES: dict[str, type[Body]] = {
    kind: body for aggregate in AGGREGATES.values() for kind, body in sorted(aggregate.bodies.items())
}
"""Every kind of entry with the type of its body."""


def named(*parts: object) -> UUID:
    """The same id for the same parts."""
    return uuid5(_NAMES, "/".join(map(str, parts)))


def at(seconds: float = 0) -> datetime:
    """A moment of the test's day."""
    return START + timedelta(seconds=seconds)


@dataclass
class Author:
    """A device that writes entries of one person, counted and chained as a desk does it."""

    name: str = "desk"
    center: str = CENTER
    heads: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    written: list[Entry] = field(default_factory=list)

    @property
    def device(self) -> UUID:
        return named("device", self.name)

    @property
    def actor(self) -> UUID:
        return named("person", self.name)

    def write(self, subject: UUID, body: Body, **changed: Any) -> Entry:
        """An entry with ``body`` about ``subject``; ``changed`` are fields of the envelope that are to be otherwise."""
        return self.write_text(subject, body.KIND, body.as_json(), version=body.VERSION, **changed)

    def write_text(
        self, subject: UUID, kind: str, text: str, *, version: int = 1, journal: str = "", actor: UUID | None = None
    ) -> Entry:
        """An entry of any kind with any text for a body."""
        aggregate = aggregate_of(kind)
        name = journal or journal_name(self.center, aggregate.audience if aggregate else Audience.OPERATIONS)
        n, previous = self.heads.get(name, (0, GENESIS))
        count = len(self.written)
        salt = named("salt", self.name, count).bytes
        entry = Entry(
            id=named("entry", self.name, count),
            journal=name,
            kind=kind,
            version=version,
            subject=subject,
            act=named("act", self.name, count),
            actor=actor or self.actor,
            device=self.device,
            n=n + 1,
            made_at=micros(at(count)),
            offset=None,
            body=text,
            salt=salt,
            digest=body_digest(salt, text),
            chain=None,
        )
        entry = replace(entry, chain=chain_value(previous, entry))
        assert entry.chain is not None
        self.heads[name] = (n + 1, entry.chain)
        self.written.append(entry)
        return entry

    def derive(self, subject: UUID, body: Body) -> Entry:
        """An entry as a CAD source makes it: no count, no salt, no chain, and the same for the same content."""
        text = body.as_json()
        source = named("source", self.center)
        aggregate = aggregate_of(body.KIND)
        assert aggregate is not None
        identity = named("derived", subject, body.KIND, text)
        entry = Entry(
            id=identity,
            journal=journal_name(self.center, aggregate.audience),
            kind=body.KIND,
            version=body.VERSION,
            subject=subject,
            act=identity,
            actor=source,
            device=source,
            n=None,
            made_at=micros(START),
            offset=None,
            body=text,
            salt=None,
            digest=body_digest(None, text),
            chain=None,
        )
        self.written.append(entry)
        return entry


def sequenced(entries: Sequence[Entry]) -> list[Entry]:
    """The entries as a server that received them in this order gives them back."""
    heads: dict[str, int] = {}
    ordered = []
    for entry in entries:
        heads[entry.journal] = heads.get(entry.journal, 0) + 1
        ordered.append(replace(entry, seq=heads[entry.journal], received_at=entry.made_at + 1))
    return ordered


# -- at random ---------------------------------------------------------------------------------------------------------

SUBJECTS = tuple(named("subject", number) for number in range(4))
_ENTRY_IDS = tuple(named("entry", "desk", number) for number in range(12))
_WORDS = st.sampled_from(
    ["", "a", "officer-asks", "yes", "no", "accepted", "unknown", "on", "Ω — 𝛀", "x" * 300, "\x00"]
)
_TIMES = st.integers(-3, 3).map(lambda step: at(step * 60))
_ANY: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=3),
    max_leaves=5,
)


def bodies(kind: type[Body]) -> st.SearchStrategy[Body]:
    """Any body of this type."""
    fields = inspect.type_info(kind)
    assert isinstance(fields, inspect.StructType)
    return st.fixed_dictionaries({each.name: _values(each.type) for each in fields.fields}).map(
        lambda values: msgspec.convert(values, kind)
    )


def _values(node: inspect.Type) -> st.SearchStrategy[Any]:
    match node:
        case inspect.UnionType():
            return st.one_of([_values(each) for each in node.types])
        case inspect.VarTupleType():
            return st.lists(_values(node.item_type), max_size=3).map(tuple)
        case inspect.DictType():
            return st.dictionaries(_values(node.key_type), _values(node.value_type), max_size=3)
        case inspect.StructType():
            return st.fixed_dictionaries({each.name: _values(each.type) for each in node.fields})
        case inspect.EnumType():
            return st.sampled_from(list(node.cls))
        case inspect.StrType():
            return _WORDS
        case inspect.DateTimeType():
            return _TIMES
        case inspect.UUIDType():
            return st.sampled_from((*_ENTRY_IDS, *SUBJECTS))
        case inspect.BoolType():
            return st.booleans()
        case inspect.IntType():
            return st.integers(-2, 5)
        case inspect.FloatType():
            return st.floats(-180, 180)
        case inspect.NoneType():
            return st.none()
        case inspect.AnyType():
            return _ANY
    raise TypeError(f"no strategy for {node}")


NONSENSE = st.sampled_from(
    [
        "",
        "null",
        "[]",
        "{}",
        '{"at":',
        '{"at": "2026-11-21T22:00:00", "reason": "a time without a zone", "text": "", "call": 1}',
        '{"at": 5}',
        '{"at": "2026-11-21T22:00:00Z", "level": "purple", "reason": ""}',
        '{"value": 1e999, "at": "2026-11-21T22:00:00Z", "name": "x"}',
        '{"at": "2026-11-21T22:00:00Z", "name": "deep", "value": ' + "[" * 5_000 + "]" * 5_000 + "}",
        '{"at": "0001-01-01T00:00:00+14:00", "reason": "", "text": "", "number": "", "type_text": "", "place": ""}',
    ]
)
_FIRST = ("call.entered", "call.pictured", "encounter.started", "sheet.issued", "assessment.started", "user.added")
_CALL_KINDS = tuple(kind for kind in BODIES if kind.startswith("call."))


@dataclass(frozen=True)
class Drawn:
    """One entry to be written: by which desk, about what."""

    author: int
    subject: UUID
    kind: str
    text: str
    version: int = 1
    journal: str = ""
    derived: Body | None = None


@st.composite
def _drawn(draw: st.DrawFn, authors: int) -> Drawn:
    subject = draw(st.sampled_from(SUBJECTS))
    # Most entries are about calls, so that long histories of one subject come up; every kind comes up somewhere.
    kind = draw(st.sampled_from(_CALL_KINDS) | st.sampled_from(_FIRST) | st.sampled_from(tuple(BODIES)))
    author = draw(st.integers(0, authors - 1))
    body = draw(bodies(BODIES[kind]))
    how = draw(st.integers(0, 19))
    if how == 0:
        return Drawn(author, subject, draw(st.sampled_from(["call.dreamed", "team.sent", "nonsense"])), "{}")
    if how == 1:
        return Drawn(author, subject, kind, body.as_json(), version=body.VERSION + 1)
    if how == 2:
        return Drawn(author, subject, kind, draw(NONSENSE))
    if how == 3:
        return Drawn(author, subject, kind, body.as_json(), journal=f"{CENTER}/audit")
    if kind in DERIVED_KINDS and draw(st.booleans()):
        return Drawn(author, subject, kind, "", derived=body)
    return Drawn(author, subject, kind, body.as_json())


@st.composite
def histories(draw: st.DrawFn, *, desks: Sequence[str] = ("desk",), most: int = 24) -> list[Entry]:
    """Entries as one or more desks write them, about a few subjects, in the order they are written."""
    written_by = [Author(name) for name in desks]
    entries: list[Entry] = []
    seen: set[UUID] = set()
    for each in draw(st.lists(_drawn(len(desks)), max_size=most)):
        author = written_by[each.author]
        if each.derived is not None:
            entry = author.derive(each.subject, each.derived)
        else:
            entry = author.write_text(each.subject, each.kind, each.text, version=each.version, journal=each.journal)
        if entry.id not in seen:
            seen.add(entry.id)
            entries.append(entry)
    return entries
