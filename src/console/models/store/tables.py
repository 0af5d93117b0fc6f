"""The tables of a desk: the journal, the record folded from it, and the few things that are neither.

Ids are 16-byte blobs and times are integer microseconds since 1970 UTC: exact, and cheap under encryption. A record
table holds a subject's whole state as JSON beside the few columns that readers search and sort by; every column but the
journal's can be made again from the journal.
"""

from collections.abc import Sequence

from sqlalchemy import (
    BLOB,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

entry = Table(
    "entry",
    metadata,
    Column("place", Integer, primary_key=True),
    Column("id", BLOB, nullable=False),
    Column("journal", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("subject", BLOB, nullable=False),
    Column("act", BLOB, nullable=False),
    Column("actor", BLOB, nullable=False),
    Column("device", BLOB, nullable=False),
    Column("n", Integer),
    Column("made_at", Integer, nullable=False),
    Column("offset", Integer),
    Column("body", Text),
    Column("salt", BLOB),
    Column("digest", BLOB, nullable=False),
    Column("chain", BLOB),
    Column("seq", Integer),
    Column("received_at", Integer),
    Column("refused", Text),
    Column("refusal", Text),
    Column("former", Integer),
)
"""The journal. ``place`` is the order in which this desk came to know the entry; ``refused`` says why a server would
not order it, in words, ``refusal`` in a code. ``former`` is the ``seq`` of an entry that a server lost: its rank until
it has a new one. Nothing here is ever updated but these, ``seq``, ``received_at`` and, when an entry is erased,
``body`` and ``salt``; and the device of entries that never left a copied store."""
Index("uq_entry_id", entry.c.id, unique=True)
Index("ix_entry_subject", entry.c.subject)
Index(
    "uq_entry_device_n",
    entry.c.journal,
    entry.c.device,
    entry.c.n,
    unique=True,
    sqlite_where=entry.c.n.is_not(None),
)
Index("uq_entry_seq", entry.c.journal, entry.c.seq, unique=True, sqlite_where=entry.c.seq.is_not(None))
# Nearly always empty: every start asks how many entries were refused, of a journal that may hold a million.
Index("ix_entry_refused", entry.c.place, sqlite_where=entry.c.refused.is_not(None))

outbox = Table("outbox", metadata, Column("place", Integer, primary_key=True))
"""The places of the entries that a server has still to order. Empty at a desk that shares with nobody."""

cursor = Table(
    "cursor",
    metadata,
    Column("journal", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("link", BLOB, nullable=False),
    Column("floor", Integer, nullable=False),
    Column("floor_link", BLOB, nullable=False),
)
"""How far this desk holds a server's order of a journal: every entry behind ``floor`` up to ``seq``, and the links
(:mod:`wire.order`) that prove both ends."""

senseless = Table(
    "senseless",
    metadata,
    Column("entry", BLOB, primary_key=True),
    Column("subject", BLOB, nullable=False, index=True),
    Column("reason", Text, nullable=False),
)
"""Entries that make no sense where they stand: kept, listed, changing nothing."""


def _record(name: str, *columns: Column, later: Sequence[Column] = ()) -> Table:  # type: ignore[type-arg]
    """A record table: one row a subject. ``unread`` counts entries that only a newer version understands.

    ``later`` are columns that a migration put behind the others.
    """
    return Table(
        name,
        metadata,
        Column("row", Integer, primary_key=True),
        Column("subject", BLOB, nullable=False, unique=True),
        *columns,
        Column("state", Text, nullable=False),
        Column("fold", Integer, nullable=False),
        Column("unread", Integer, nullable=False),
        *later,
    )


call = _record(
    "call",
    Column("number", Text, nullable=False),
    Column("opened_at", Integer, nullable=False),
    Column("touched_at", Integer, nullable=False),
    Column("open", Integer, nullable=False),
    Column("flagged_at", Integer),
    Column("suggested_at", Integer),
    Column("owner", BLOB),
    later=(Column("callback", Text), Column("caller", Text)),
)
"""``callback`` and ``caller`` are keys (:mod:`console.models.person_keys`), to find what may be of the same person."""
Index("ix_call_open", call.c.opened_at, sqlite_where=text("open"))
Index("ix_call_touched_at", call.c.touched_at)
Index("ix_call_number", call.c.number)
Index("ix_call_callback", call.c.callback, call.c.opened_at, sqlite_where=call.c.callback.is_not(None))
Index("ix_call_caller", call.c.caller, call.c.opened_at, sqlite_where=call.c.caller.is_not(None))

sheet = _record("sheet", Column("call", BLOB, nullable=False, index=True), Column("code", Text, nullable=False))
encounter = _record(
    "encounter",
    Column("call", BLOB, index=True),
    Column("clinician", BLOB, nullable=False),
    Column("started_at", Integer, nullable=False),
    Column("closed_at", Integer),
    later=(Column("name", Text), Column("alias", Text), Column("born", Text)),
)
"""``name``, ``alias`` and ``born`` are keys as well, of what a clinician wrote down."""
Index("ix_encounter_open", encounter.c.clinician, encounter.c.started_at, sqlite_where=encounter.c.closed_at.is_(None))
Index("ix_encounter_name", encounter.c.name, encounter.c.started_at, sqlite_where=encounter.c.name.is_not(None))
Index("ix_encounter_alias", encounter.c.alias, encounter.c.started_at, sqlite_where=encounter.c.alias.is_not(None))
assessment = _record(
    "assessment", Column("encounter", BLOB, nullable=False, index=True), Column("started_at", Integer, nullable=False)
)
referral = _record(
    "referral", Column("encounter", BLOB, nullable=False, index=True), Column("offered_at", Integer, nullable=False)
)
service = _record(
    "service",
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("closed", Integer, nullable=False),
    Column("latitude", Float),
    Column("longitude", Float),
)
audit = _record("audit", Column("at", Integer, nullable=False), Column("actor", BLOB, nullable=False))
organization = _record("organization")
user = _record("user", Column("name", Text, nullable=False))
desk = _record("desk", Column("code", Text, nullable=False))
setting = _record("setting", Column("name", Text, nullable=False))
form = _record("form")
instrument = _record("instrument", Column("name", Text, nullable=False))

SERVICE_SEARCH = "service_search"
"""The full-text index of services; its rowid is ``service.row``. FTS5 tables are outside SQLAlchemy's vocabulary."""

home = Table("home", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))
"""What this store is: the id of its device, and whether it holds a drill."""

credential = Table(
    "credential",
    metadata,
    Column("user", BLOB, primary_key=True),
    Column("verifier", Text, nullable=False),
    Column("changed_at", Integer, nullable=False),
)
"""Password verifiers. Secrets are never entries."""

draft = Table(
    "draft",
    metadata,
    Column("author", BLOB, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("subject", BLOB),
    Column("text", Text, nullable=False),
    Column("saved_at", Integer, nullable=False),
)
"""Words typed but not yet entered. They follow their author and survive a crash."""
