"""A center's own forms, and what it decided about its instruments."""

from alembic import op

revision = "0003"
down_revision = "0002"

_UP = """
CREATE TABLE form (
    "row" INTEGER NOT NULL,
    subject BLOB NOT NULL,
    state TEXT NOT NULL,
    fold INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    CONSTRAINT pk_form PRIMARY KEY ("row"),
    CONSTRAINT uq_form_subject UNIQUE (subject)
);
CREATE TABLE instrument (
    "row" INTEGER NOT NULL,
    subject BLOB NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    fold INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    CONSTRAINT pk_instrument PRIMARY KEY ("row"),
    CONSTRAINT uq_instrument_subject UNIQUE (subject)
);
"""
_DOWN = """
DROP TABLE instrument;
DROP TABLE form;
"""


def upgrade() -> None:
    _run(_UP)


def downgrade() -> None:
    _run(_DOWN)


def _run(statements: str) -> None:
    for statement in statements.strip().removesuffix(";").split(";\n"):
        op.execute(statement)
