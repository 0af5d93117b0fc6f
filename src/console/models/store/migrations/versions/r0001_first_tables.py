"""The first tables: journal, record, and what is neither."""

from alembic import op

revision = "0001"
down_revision = None

_UP = """
CREATE TABLE assessment (
    "row" INTEGER NOT NULL,
    subject BLOB NOT NULL,
    encounter BLOB NOT NULL,
    started_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    fold INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    CONSTRAINT pk_assessment PRIMARY KEY ("row"),
    CONSTRAINT uq_assessment_subject UNIQUE (subject)
);
CREATE INDEX ix_assessment_encounter ON assessment (encounter);
CREATE TABLE audit (
    "row" INTEGER NOT NULL,
    subject BLOB NOT NULL,
    at INTEGER NOT NULL,
    actor BLOB NOT NULL,
    state TEXT NOT NULL,
    fold INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    CONSTRAINT pk_audit PRIMARY KEY ("row"),
    CONSTRAINT uq_audit_subject UNIQUE (subject)
);
CREATE TABLE call (
    "row" INTEGER NOT NULL,
    subject BLOB NOT NULL,
    number TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    touched_at INTEGER NOT NULL,
    open INTEGER NOT NULL,
    flagged_at INTEGER,
    suggested_at INTEGER,
    owner BLOB,
    state TEXT NOT NULL,
    fold INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    CONSTRAINT pk_call PRIMARY KEY ("row"),
    CONSTRAINT uq_call_subject UNIQUE (subject)
);
CREATE INDEX ix_call_number ON call (number);
CREATE INDEX ix_call_open ON call (opened_at) WHERE open;
CREATE INDEX ix_call_touched_at ON call (touched_at);
CREATE TABLE credential (
    user BLOB NOT NULL,
    verifier TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    CONSTRAINT pk_credential PRIMARY KEY (user)
);
CREATE TABLE desk (
    "row" INTEGER NOT NULL,
    subject BLOB NOT NULL,
    code TEXT NOT NULL,
    state TEXT NOT NULL,
    fold INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    CONSTRAINT pk_desk PRIMARY KEY ("row"),
    CONSTRAINT uq_desk_subject UNIQUE (subject)
);
CREATE TABLE draft (
    author BLOB NOT NULL,
    name TEXT NOT NULL,
    subject BLOB,
    text TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    CONSTRAINT pk_draft PRIMARY KEY (author, name)
);
CREATE TABLE encounter (
    "row" INTEGER NOT NULL,
    subject BLOB NOT NULL,
    call BLOB,
    clinician BLOB NOT NULL,
    started_at INTEGER NOT NULL,
    closed_at INTEGER,
    state TEXT NOT NULL,
    fold INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    CONSTRAINT pk_encounter PRIMARY KEY ("row"),
    CONSTRAINT uq_encounter_subject UNIQUE (subject)
);
CREATE INDEX ix_encounter_call ON encounter (call);
CREATE INDEX ix_encounter_open ON encounter (clinician, started_at) WHERE closed_at IS NULL;
CREATE TABLE entry (
    place INTEGER NOT NULL,
    id BLOB NOT NULL,
    journal TEXT NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    subject BLOB NOT NULL,
    act BLOB NOT NULL,
    actor BLOB NOT NULL,
    device BLOB NOT NULL,
    n INTEGER,
    made_at INTEGER NOT NULL,
    "offset" INTEGER,
    body TEXT,
    salt BLOB,
    digest BLOB NOT NULL,
    chain BLOB,
    seq INTEGER,
    received_at INTEGER,
    refused TEXT,
    CONSTRAINT pk_entry PRIMARY KEY (place)
);
CREATE INDEX ix_entry_refused ON entry (place) WHERE refused IS NOT NULL;
CREATE INDEX ix_entry_subject ON entry (subject);
CREATE UNIQUE INDEX uq_entry_device_n ON entry (journal, device, n) WHERE n IS NOT NULL;
CREATE UNIQUE INDEX uq_entry_id ON entry (id);
CREATE UNIQUE INDEX uq_entry_seq ON entry (journal, seq) WHERE seq IS NOT NULL;
CREATE TABLE home (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT pk_home PRIMARY KEY (name)
);
CREATE TABLE organization (
    "row" INTEGER NOT NULL,
    subject BLOB NOT NULL,
    state TEXT NOT NULL,
    fold INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    CONSTRAINT pk_organization PRIMARY KEY ("row"),
    CONSTRAINT uq_organization_subject UNIQUE (subject)
);
CREATE TABLE referral (
    "row" INTEGER NOT NULL,
    subject BLOB NOT NULL,
    encounter BLOB NOT NULL,
    offered_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    fold INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    CONSTRAINT pk_referral PRIMARY KEY ("row"),
    CONSTRAINT uq_referral_subject UNIQUE (subject)
);
CREATE INDEX ix_referral_encounter ON referral (encounter);
CREATE TABLE senseless (
    entry BLOB NOT NULL,
    subject BLOB NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_senseless PRIMARY KEY (entry)
);
CREATE INDEX ix_senseless_subject ON senseless (subject);
CREATE TABLE service (
    "row" INTEGER NOT NULL,
    subject BLOB NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    closed INTEGER NOT NULL,
    latitude FLOAT,
    longitude FLOAT,
    state TEXT NOT NULL,
    fold INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    CONSTRAINT pk_service PRIMARY KEY ("row"),
    CONSTRAINT uq_service_subject UNIQUE (subject)
);
CREATE TABLE setting (
    "row" INTEGER NOT NULL,
    subject BLOB NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    fold INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    CONSTRAINT pk_setting PRIMARY KEY ("row"),
    CONSTRAINT uq_setting_subject UNIQUE (subject)
);
CREATE TABLE sheet (
    "row" INTEGER NOT NULL,
    subject BLOB NOT NULL,
    call BLOB NOT NULL,
    code TEXT NOT NULL,
    state TEXT NOT NULL,
    fold INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    CONSTRAINT pk_sheet PRIMARY KEY ("row"),
    CONSTRAINT uq_sheet_subject UNIQUE (subject)
);
CREATE INDEX ix_sheet_call ON sheet (call);
CREATE TABLE user (
    "row" INTEGER NOT NULL,
    subject BLOB NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    fold INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    CONSTRAINT pk_user PRIMARY KEY ("row"),
    CONSTRAINT uq_user_subject UNIQUE (subject)
);
CREATE VIRTUAL TABLE service_search USING fts5(
    name, needs, words, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
INSERT INTO service_search (service_search, rank) VALUES ('secure-delete', 1);
"""

_TABLES = (
    "service_search",
    "assessment",
    "audit",
    "call",
    "credential",
    "desk",
    "draft",
    "encounter",
    "entry",
    "home",
    "organization",
    "referral",
    "senseless",
    "service",
    "setting",
    "sheet",
    "user",
)


def upgrade() -> None:
    for statement in _UP.strip().removesuffix(";").split(";\n"):
        op.execute(statement)


def downgrade() -> None:
    for table in _TABLES:
        op.execute(f'DROP TABLE "{table}"')
