"""The version of the server's tables: made at the first start, never guessed at, a newer one refused."""

import secrets

from sqlalchemy import inspect

from regional.database import Database, Work
from regional.errors import ServerError
from regional.tables import metadata

VERSION = "1"
_MAKING = 0x636C696E
"""The number of the lock under which one of several processes makes the tables."""


def prepare(database: Database, now: int) -> None:
    """Make the tables of an empty database, or look at the version of one in use.

    Raises :class:`ServerError` for tables of another version.
    """

    def job(work: Work) -> str:
        if work.postgres:
            work.row("SELECT pg_advisory_xact_lock(?)", (_MAKING,))
        in_use = inspect(work.connection).has_table("server")
        if not in_use:
            metadata.create_all(work.connection)
            work.run("INSERT INTO server (name, value) VALUES ('version', ?)", (VERSION,))
            work.run("INSERT INTO server (name, value) VALUES ('secret', ?)", (secrets.token_hex(32),))
            work.run(
                "INSERT INTO epoch (number, began_at, journal, seq, desk) VALUES (1, ?, '', 0, ?)", (now, bytes(16))
            )
            return VERSION
        return str(work.row("SELECT value FROM server WHERE name = 'version'")[0])

    version = database.write(job)
    if version != VERSION:
        raise ServerError(
            f"{database.where} holds tables of version {version}; this program knows version {VERSION}. Nothing was "
            "changed; start the newer program."
        )


def secret(work: Work) -> bytes:
    """What this server, all its processes, signs challenges with."""
    return bytes.fromhex(work.row("SELECT value FROM server WHERE name = 'secret'")[0])
