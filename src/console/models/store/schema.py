"""The version of a store's tables: made at head, moved up one revision at a time, never guessed at or repaired.

Before a migration the whole file is copied beside itself, still encrypted. A file of a newer program is refused.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from console.errors import KnownError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0004"
"""The newest revision, so that a start-up needs no Alembic; a test holds it against the migrations."""


def configuration(connection: Connection | None = None) -> "Config":
    """Alembic's settings for ``connection``; without one they serve to look at the migrations only."""
    from alembic.config import Config  # late: only a migration needs it, and it costs start-up time

    config = Config()
    config.set_main_option("script_location", "console.models.store:migrations")
    config.attributes["connection"] = connection
    return config


def current(connection: Connection) -> str:
    """The revision of the open store, "" for a file without one."""
    named = connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")).first()
    if named is None:
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none() or "")


def known_revisions() -> set[str]:
    """Every revision this program has a migration for."""
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}


def upgrade(connection: Connection, target: str = "head") -> None:
    """Bring the tables to ``target`` inside the caller's transaction."""
    from alembic import command

    command.upgrade(configuration(connection), target)


def refuse_newer(revision: str, path: Path) -> None:
    """Raise :class:`KnownError` for a store that this program does not know."""
    if revision not in known_revisions():
        what = f"was written by a newer version of Clinician Console (tables {revision})" if revision else "is foreign"
        raise KnownError(f"{path} {what}. It was not changed; install the newer version or restore a backup.")
