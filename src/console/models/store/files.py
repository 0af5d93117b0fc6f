"""Whole store files: made private, copied durably, put in place in one step; and the home they lie in, taken."""

import contextlib
import os
from pathlib import Path

import filelock

from console.errors import KnownError
from console.security.private_files import give_name, sync_folder

_CHUNK = 1 << 20


def make_private(path: Path) -> None:
    """Make an empty file that only its owner may read. Raises OSError, FileExistsError among them."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def put_in_place(finished: Path, path: Path, *, replace: bool = False) -> None:
    """Flush a finished file to the disk and give it its name, in one step. Raises OSError."""
    descriptor = os.open(finished, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    give_name(finished, path, replace)
    finished.unlink(missing_ok=True)
    sync_folder(path.parent)


def copy_private(source: Path, target: Path, *, replace: bool = False) -> None:
    """Copy a file whole, readable by its owner alone; what is at ``target`` appears complete or not at all."""
    unfinished = unfinished_name(target)
    remove_database(unfinished)
    try:
        make_private(unfinished)
        with source.open("rb") as reader, unfinished.open("wb") as writer:
            while chunk := reader.read(_CHUNK):
                writer.write(chunk)
        put_in_place(unfinished, target, replace=replace)
    finally:
        remove_database(unfinished)


def unfinished_name(path: Path) -> Path:
    """Where a file is written before it gets its name; whatever is there was left by a crash."""
    return path.with_name(f".{path.name}.new")


def companions(database: Path) -> tuple[Path, ...]:
    """The files SQLite keeps beside a database while it is open, or after a crash."""
    return tuple(database.with_name(database.name + suffix) for suffix in ("-wal", "-shm", "-journal"))


def remove_database(database: Path) -> None:
    """Remove an unfinished database and its companions, where there are any."""
    for path in (database, *companions(database)):
        with contextlib.suppress(FileNotFoundError):
            path.unlink()


def lock_home(home: Path) -> filelock.BaseFileLock:
    """Take the home for this process; raises :class:`KnownError` while another one has it."""
    # Not bound to a thread: the thread that closes a store need not be the one that opened it.
    lock = filelock.FileLock(home / "lock", mode=0o600, thread_local=False)
    try:
        lock.acquire(blocking=False)
    except filelock.Timeout:
        raise KnownError(f"Another Clinician Console has {home} open. Close it first, or use that one.") from None
    return lock
