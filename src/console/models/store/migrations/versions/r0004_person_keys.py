"""What earlier contacts of perhaps the same person are found by. The columns fill when the subjects are folded anew."""

from alembic import op

revision = "0004"
down_revision = "0003"

_UP = """
ALTER TABLE call ADD COLUMN callback TEXT;
ALTER TABLE call ADD COLUMN caller TEXT;
ALTER TABLE encounter ADD COLUMN name TEXT;
ALTER TABLE encounter ADD COLUMN alias TEXT;
ALTER TABLE encounter ADD COLUMN born TEXT;
CREATE INDEX ix_call_callback ON call (callback, opened_at) WHERE callback IS NOT NULL;
CREATE INDEX ix_call_caller ON call (caller, opened_at) WHERE caller IS NOT NULL;
CREATE INDEX ix_encounter_name ON encounter (name, started_at) WHERE name IS NOT NULL;
CREATE INDEX ix_encounter_alias ON encounter (alias, started_at) WHERE alias IS NOT NULL;
"""
_DOWN = """
DROP INDEX ix_encounter_alias;
DROP INDEX ix_encounter_name;
DROP INDEX ix_call_caller;
DROP INDEX ix_call_callback;
ALTER TABLE encounter DROP COLUMN born;
ALTER TABLE encounter DROP COLUMN alias;
ALTER TABLE encounter DROP COLUMN name;
ALTER TABLE call DROP COLUMN caller;
ALTER TABLE call DROP COLUMN callback;
"""


def upgrade() -> None:
    _run(_UP)


def downgrade() -> None:
    _run(_DOWN)


def _run(statements: str) -> None:
    for statement in statements.strip().removesuffix(";").split(";\n"):
        op.execute(statement)
