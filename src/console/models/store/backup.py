"""Encrypted copies of a store: made while it is open, verified by opening them, and put back.

A copy is encrypted with the home's own key and worth nothing without it. Nothing here deletes or overwrites a file that
a person has.
"""

from dataclasses import dataclass
from pathlib import Path

from console.errors import KnownError
from console.models.store import engine as engines
from console.models.store import journal, schema
from console.models.store.contents import Contents, inspect
from console.models.store.files import (
    companions,
    copy_private,
    lock_home,
    make_private,
    put_in_place,
    remove_database,
    unfinished_name,
)
from console.models.store.store import Store
from console.off_gui import refuse_on_gui_thread
from console.security.private_files import sync_folder
from wire.envelope import uuid7


@dataclass(frozen=True, slots=True)
class BackupReport:
    """A backup that was written and read back: its size in bytes and what it holds."""

    file: Path
    size: int
    contents: Contents


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What was put back, and the folder that keeps the store it replaced (None where there was none)."""

    contents: Contents
    kept_aside: Path | None


def backup(store: Store, file: Path) -> BackupReport:
    """Copy the whole store into ``file``, which must not exist yet, and read the copy back, page by page.

    The store may be in use meanwhile. Raises :class:`KnownError`; then there is no ``file``.
    """
    if file.exists():
        raise KnownError(f"{file} exists already and is not overwritten. Choose another name.")
    if not file.parent.is_dir():
        raise KnownError(f"There is no folder {file.parent}. Make it, or choose another place.")
    unfinished = unfinished_name(file)
    with engines.known_errors(file):
        remove_database(unfinished)
        try:
            make_private(unfinished)
            least = _entries(store)
            store.copy_into(unfinished)
            contents = store.inspect_copy(unfinished)
            if not least <= contents.entries <= _entries(store):
                raise KnownError(f"The copy for {file} holds {contents.entries} entries, not {least}. It was removed.")
            size = unfinished.stat().st_size
            put_in_place(unfinished, file)
        finally:
            remove_database(unfinished)
    return BackupReport(file, size, contents)


def restore(home: Path, key: bytes, file: Path) -> RestoreReport:
    """Put a backup in the place of the home's store, which is kept aside, whole, in a folder of the home.

    The restored store continues under a new device id: what this desk did after the backup may be known elsewhere, and
    no count of its entries is ever given twice. Raises :class:`KnownError` before anything is changed: the file is not
    a sound backup that this key opens, was written by a newer program, or the home is in use.
    """
    refuse_on_gui_thread("store")
    engines.refuse_unfit_driver()
    path = home / engines.DATABASE
    if not file.is_file():
        raise KnownError(f"There is no file {file}.")
    if any(beside.exists() for beside in companions(file)):
        raise KnownError(
            f"{file} is a store in use or one that was cut off, not a backup: there are files beside it that belong to "
            "it. Choose a backup made with 'clinician-console store backup FILE'."
        )
    with engines.known_errors(home):
        lock = lock_home(home)
        unfinished = unfinished_name(path)
        try:
            contents = inspect(file, key)
            _refuse_unfit(contents, file)
            remove_database(unfinished)
            copy_private(file, unfinished)
            _begin_anew(unfinished, key)
            kept_aside = _keep_aside(home)
            put_in_place(unfinished, path)
        finally:
            remove_database(unfinished)
            lock.release()
    Store.open(home, key).close()
    return RestoreReport(contents, kept_aside)


def _refuse_unfit(contents: Contents, file: Path) -> None:
    if contents.drill:
        raise KnownError(f"{file} is the store of a drill: invented people. It is not put in the place of real ones.")
    if contents.revision not in schema.known_revisions():
        raise KnownError(
            f"{file} was written by a newer version of Clinician Console (tables {contents.revision}). "
            "Install that version to restore it."
        )


def _begin_anew(path: Path, key: bytes) -> None:
    """Give a restored store a device id of its own."""
    connection = engines.connect(path, key)
    try:
        engines.keep_log(connection)
        connection.execute("UPDATE home SET value = ? WHERE name = 'device'", (str(uuid7()),))
    finally:
        connection.close()


def _keep_aside(home: Path) -> Path | None:
    """Move what is in the store's place into a new folder of the home; a cut-off move is carried on by the next."""
    path = home / engines.DATABASE
    there = [file for file in (path, *companions(path)) if file.exists()]
    if not there:
        return None
    folder = next(place for n in range(1, 10_000) if not (place := home / f"replaced-{n}").exists())
    folder.mkdir(mode=0o700)
    for file in there:
        file.rename(folder / file.name)
    sync_folder(folder)
    sync_folder(home)
    return folder


def _entries(store: Store) -> int:
    with store.read() as connection:
        return journal.count(connection)
