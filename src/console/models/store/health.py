"""How the store of a home is: one line for each thing that must be right, with what to do where it is not."""

import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver

from console.errors import KnownError
from console.models.store import attention, journal, schema
from console.models.store import engine as engines
from console.models.store.contents import damaged_pages
from console.models.store.files import companions
from console.models.store.store import Store
from console.off_gui import refuse_on_gui_thread

LOW_SPACE = 500_000_000
"""Bytes of free space below which a person should know of it."""
_RESTORE = "Restore a backup with 'clinician-console store restore FILE'."


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: the thing, whether it is right, and what was seen (where it is not, also what to do)."""

    thing: str
    ok: bool
    says: str


def check(home: Path, key: bytes) -> tuple[Finding, ...]:
    """Look at everything about the store in ``home``, which may be in use. Nothing is changed or repaired."""
    refuse_on_gui_thread("store")
    path = home / engines.DATABASE
    found = [_library(), _space(home)]
    try:
        with engines.known_errors(path):
            if not path.exists():
                return (*found, Finding("file", False, f"There is no store in {home}."))
            engines.refuse_plaintext(path)
            found.append(Finding("file", True, f"{path}, {path.stat().st_size:,} bytes, encrypted"))
            found.append(_modes(home))
            connection = engines.connect(path, key)
            try:
                found += _pages(connection)
            finally:
                connection.close()
            with_store = Store.open(home, key, alone=False)
            try:
                found += _contents(with_store)
            finally:
                with_store.close()
    except KnownError as error:
        found.append(Finding("opening", False, error.message))
    return tuple(found)


def free_space(home: Path) -> int:
    """Bytes that this person can still write on the disk that holds ``home``."""
    return shutil.disk_usage(home).free


def _library() -> Finding:
    try:
        engines.refuse_unfit_driver()
    except KnownError as error:
        return Finding("library", False, error.message)
    return Finding("library", True, f"SQLite {driver.sqlite_version}")


def _space(home: Path) -> Finding:
    if not home.exists():
        return Finding("space", False, f"There is no folder {home}.")
    free = free_space(home)
    if free < LOW_SPACE:
        return Finding("space", False, f"Only {free // 1_000_000:,} MB are free on the disk of {home}. Free space.")
    return Finding("space", True, f"{free // 1_000_000:,} MB free")


def _modes(home: Path) -> Finding:
    if sys.platform == "win32":
        return Finding("permissions", True, "those of the person's own profile folder")
    path = home / engines.DATABASE
    for each, allowed in ((home, 0o700), *((file, 0o600) for file in (path, *companions(path)) if file.exists())):
        mode = stat.S_IMODE(each.stat().st_mode)
        if mode & ~allowed:
            return Finding("permissions", False, f"Others may use {each} (mode {mode:04o}). Set it to {allowed:04o}.")
    return Finding("permissions", True, "only the owner can read the home and its files")


def _pages(connection: Any) -> Iterator[Finding]:
    damage = damaged_pages(connection)
    if damage:
        yield Finding("pages", False, f"{len(damage)} faults; the first: {damage[0]}. {_RESTORE}")
        return
    (count,) = connection.execute("PRAGMA page_count").fetchone()
    yield Finding("pages", True, f"{count:,} pages, each with its own seal intact")
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        yield Finding("references", False, f"{len(broken)} rows point to rows that are gone. {_RESTORE}")


def _contents(store: Store) -> Iterator[Finding]:
    with store.read() as connection:
        entries = journal.count(connection)
        refused, senseless = attention.counts(connection)
    yield Finding("tables", True, f"revision {schema.HEAD}")
    yield Finding("journal", True, f"{entries:,} entries")
    if refused or senseless:
        yield Finding(
            "attention",
            True,
            f"{refused:,} entries were refused and {senseless:,} make no sense where they stand; they change nothing",
        )
