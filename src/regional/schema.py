"""The version of the server's tables: made at the first start, brought up from a former one, a newer one refused."""

import secrets

from sqlalchemy import inspect

from regional.database import Database, Work
from regional.errors import ServerError
from regional.tables import metadata

VERSION = "2"
_STEPS: dict[str, tuple[str, ...]] = {"1": ("ALTER TABLE desk ADD COLUMN revoked_at BIGINT", "DROP TABLE attempt")}
"""What makes the tables of a former version those of the next. Tables that are new there are made."""
_MAKING = 0x636C696E
"""The number of the lock under which one of several processes makes the tables."""


def prepare(database: Database, now: int, *, drill: bool = False) -> bool:
    """Make the tables of an empty database, or bring those in use up to date; with ``drill`` for drills alone.

    Returns whether it was empty. Raises :class:`ServerError` for tables of a newer version, and for a drill on a server
    that is none.
    """

    def job(work: Work) -> tuple[str, bool]:
        if work.postgres:
            work.row("SELECT pg_advisory_xact_lock(?)", (_MAKING,))
        in_use = inspect(work.connection).has_table("server")
        if not in_use:
            metadata.create_all(work.connection)
            work.run("INSERT INTO server (name, value) VALUES ('version', ?)", (VERSION,))
            work.run("INSERT INTO server (name, value) VALUES ('secret', ?)", (secrets.token_hex(32),))
            work.run("INSERT INTO server (name, value) VALUES ('drill', ?)", ("yes" if drill else "no",))
            work.run(
                "INSERT INTO epoch (number, began_at, journal, seq, desk) VALUES (1, ?, '', 0, ?)", (now, bytes(16))
            )
            return VERSION, True
        version = str(work.row("SELECT value FROM server WHERE name = 'version'")[0])
        while version in _STEPS:
            for statement in _STEPS[version]:
                work.run(statement)
            metadata.create_all(work.connection)
            version = str(int(version) + 1)
            work.run("UPDATE server SET value = ? WHERE name = 'version'", (version,))
        return version, False

    version, is_new = database.write(job)
    if version != VERSION:
        raise ServerError(
            f"{database.where} holds tables of version {version}; this program knows version {VERSION}. Nothing was "
            "changed; start the newer program."
        )
    if drill and not database.read(is_drill):
        raise ServerError(f"{database.where} is no drill's. Name an empty --home for a drill.")
    return is_new


def secret(work: Work) -> bytes:
    """What this server, all its processes, signs challenges with."""
    return bytes.fromhex(work.row("SELECT value FROM server WHERE name = 'secret'")[0])


def is_drill(work: Work) -> bool:
    """Whether everything on this server is invented."""
    row = work.row("SELECT value FROM server WHERE name = 'drill'")
    return row is not None and row[0] == "yes"
