"""What sharing with a server needs: cursors, what is to be sent, and what a server lost or refused."""

from alembic import op

revision = "0002"
down_revision = "0001"

_UP = """
CREATE TABLE cursor (
    journal TEXT NOT NULL,
    seq INTEGER NOT NULL,
    link BLOB NOT NULL,
    floor INTEGER NOT NULL,
    floor_link BLOB NOT NULL,
    CONSTRAINT pk_cursor PRIMARY KEY (journal)
);
CREATE TABLE outbox (
    place INTEGER NOT NULL,
    CONSTRAINT pk_outbox PRIMARY KEY (place)
);
ALTER TABLE entry ADD COLUMN refusal TEXT;
ALTER TABLE entry ADD COLUMN former INTEGER;
"""
_DOWN = """
ALTER TABLE entry DROP COLUMN former;
ALTER TABLE entry DROP COLUMN refusal;
DROP TABLE outbox;
DROP TABLE cursor;
"""


def upgrade() -> None:
    _run(_UP)


def downgrade() -> None:
    _run(_DOWN)


def _run(statements: str) -> None:
    for statement in statements.strip().removesuffix(";").split(";\n"):
        op.execute(statement)
