"""The server's tables.

Every key begins with the journal, or with the center, so that the tables can be spread over machines by it: no
transaction of one center needs another's rows. Ids are 16 bytes, times integer microseconds since 1970 UTC, and bodies
the bytes that were hashed, which no database has to understand.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"},
)

server = Table("server", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))
"""What this server is: the version of its tables, the secret it signs challenges with, the mark of its enrolments."""

epoch = Table(
    "epoch",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("began_at", BigInteger, nullable=False),
    Column("journal", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("desk", LargeBinary, nullable=False),
)
"""When the server's history began anew, and what a desk showed then. The highest number is the epoch."""

journal = Table(
    "journal",
    metadata,
    Column("journal", Text, primary_key=True),
    Column("head", BigInteger, nullable=False),
    Column("link", LargeBinary, nullable=False),
)
"""Where each journal ends. Whoever orders entries holds this row until the commit, so places follow commits."""

entry = Table(
    "entry",
    metadata,
    Column("journal", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("id", LargeBinary, nullable=False),
    Column("kind", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("subject", LargeBinary, nullable=False),
    Column("act", LargeBinary, nullable=False),
    Column("actor", LargeBinary, nullable=False),
    Column("device", LargeBinary, nullable=False),
    Column("n", BigInteger),
    Column("made_at", BigInteger, nullable=False),
    Column("offset", BigInteger),
    Column("body", LargeBinary),
    Column("salt", LargeBinary),
    Column("digest", LargeBinary, nullable=False),
    Column("chain", LargeBinary),
    Column("received_at", BigInteger, nullable=False),
    Column("link", LargeBinary, nullable=False),
)
"""The journals. Nothing here is ever changed."""
Index("uq_entry_id", entry.c.journal, entry.c.id, unique=True)

device_head = Table(
    "device_head",
    metadata,
    Column("journal", Text, primary_key=True),
    Column("device", LargeBinary, primary_key=True),
    Column("n", BigInteger, nullable=False),
    Column("chain", LargeBinary, nullable=False),
)
"""How far each device has come in each journal, refused entries included."""

gap = Table(
    "gap",
    metadata,
    Column("journal", Text, primary_key=True),
    Column("device", LargeBinary, primary_key=True),
    Column("missing", BigInteger, primary_key=True, autoincrement=False),
    Column("since", BigInteger, nullable=False),
    Column("behind", BigInteger),
    Column("passed_at", BigInteger),
)
"""Counts of a device that no desk shows any more. ``behind`` is the count that was taken next, once they were passed
over."""

refusal = Table(
    "refusal",
    metadata,
    Column("center", Text, primary_key=True),
    Column("journal", Text, primary_key=True),
    Column("id", LargeBinary, primary_key=True),
    Column("device", LargeBinary, nullable=False),
    Column("n", BigInteger),
    Column("chain", LargeBinary),
    Column("follows", Boolean, nullable=False),
    Column("refusal", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("desk", LargeBinary, nullable=False),
    Column("refused_at", BigInteger, nullable=False),
    Column("entry", LargeBinary, nullable=False),
)
"""Entries that were refused, whole, with the reason. ``follows``: its chain is right, so that it may be offered
again, unchanged, and take its place."""

center = Table(
    "center",
    metadata,
    Column("center", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("shares_provider", Boolean, nullable=False),
    Column("made_at", BigInteger, nullable=False),
)
"""The centers that the operator made codes for."""

provider = Table(
    "provider",
    metadata,
    Column("center", Text, primary_key=True),
    Column("provider", Text, nullable=False, index=True),
)
"""Whose clinical record a center's clinicians keep, as its founding entry says."""

code = Table(
    "code",
    metadata,
    Column("center", Text, primary_key=True),
    Column("hash", LargeBinary, primary_key=True),
    Column("audience", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("desk", LargeBinary),
)
"""One-time codes, as hashes; ``desk`` is who used it."""

desk = Table(
    "desk",
    metadata,
    Column("center", Text, primary_key=True),
    Column("desk", LargeBinary, primary_key=True),
    Column("key", LargeBinary, nullable=False),
    Column("code", Text, nullable=False),
    Column("clinical", Boolean, nullable=False),
    Column("joined_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("program", Text, nullable=False),
    Column("unsent", BigInteger, nullable=False),
    Column("shown", Text, nullable=False),
    Column("revoked_at", BigInteger),
)
"""Enrolled desks. ``shown`` is the JSON object of the places it said it had come to, by journal."""
Index("ix_desk_desk", desk.c.desk)

device = Table(
    "device",
    metadata,
    Column("center", Text, primary_key=True),
    Column("device", LargeBinary, primary_key=True),
    Column("desk", LargeBinary, nullable=False),
    Column("beginnings", BigInteger, nullable=False),
)
"""What a desk counts its entries under; a desk whose store was copied goes on as another device.
``beginnings`` counts the administration entries the device had made before its desk joined."""
Index("ix_device_device", device.c.device)

session = Table(
    "session",
    metadata,
    Column("center", Text, primary_key=True),
    Column("hash", LargeBinary, primary_key=True),
    Column("desk", LargeBinary, nullable=False),
    Column("device", LargeBinary, nullable=False),
    Column("person", LargeBinary),
    Column("nonce", LargeBinary),
    Column("expires_at", BigInteger, nullable=False),
)
"""Bearer tokens, as hashes, so that any process knows them: of a desk, or of a person at a desk."""
Index("uq_session_nonce", session.c.center, session.c.nonce, unique=True)

verifier = Table(
    "verifier",
    metadata,
    Column("center", Text, primary_key=True),
    Column("person", LargeBinary, primary_key=True),
    Column("verifier", Text, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
)
"""Password verifiers (argon2id)."""

attempt = Table(
    "attempt",
    metadata,
    Column("center", Text, primary_key=True),
    Column("person", LargeBinary, primary_key=True),
    Column("desk", LargeBinary, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("tried_at", BigInteger, nullable=False),
)
"""Wrong passwords for a person at a desk since the last right one there."""
