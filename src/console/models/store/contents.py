"""What a store file holds, seen without opening it for work: nothing is written, locked or left beside it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlcipher3.dbapi2 as driver

from console.errors import KnownError
from console.models.store import engine as engines


@dataclass(frozen=True, slots=True)
class Contents:
    """The revision of a file's tables, whether it is a drill's, and its count of entries by journal."""

    revision: str
    drill: bool
    journals: Mapping[str, int]

    @property
    def entries(self) -> int:
        """Entries of all journals."""
        return sum(self.journals.values())


def inspect(path: Path, key: bytes) -> Contents:
    """Open a closed file, check every page of it, and say what it holds.

    Raises :class:`KnownError`: no such file, plaintext or cut off, another key, damaged, not a store of this program.
    """
    with engines.known_errors(path):
        engines.refuse_plaintext(path)
        with _opened(path, key) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master")  # another key shows here, and is no damage
            damage = damaged_pages(connection)
            if damage:
                raise KnownError(f"{path} is damaged ({damage[0]}). It was not changed; choose another backup.")
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not {"alembic_version", "entry", "home"} <= tables:
                raise KnownError(f"{path} is no store of Clinician Console, although its key fits. It was not changed.")
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            facts = dict(connection.execute("SELECT name, value FROM home").fetchall())
            journals = dict(connection.execute("SELECT journal, count(*) FROM entry GROUP BY journal").fetchall())
    return Contents(revision[0] if revision else "", facts.get("drill") == "yes", journals)


def damaged_pages(connection: Any) -> list[str]:
    """What SQLCipher and SQLite find wrong in an open file, page by page; empty when all of it is sound."""
    ciphered = [str(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check")]
    if ciphered:
        return ciphered
    return [str(row[0]) for row in connection.execute("PRAGMA quick_check") if row[0] != "ok"]


@contextmanager
def _opened(path: Path, key: bytes) -> Iterator[Any]:
    uri = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
    connection = driver.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    try:
        engines.apply_key(connection, key)
        yield connection
    finally:
        connection.close()
