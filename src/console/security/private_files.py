"""Small files that only their owner may read, written whole or not at all."""

import contextlib
import os
import stat
import sys
from pathlib import Path

from console.errors import KnownError

SMALL = 64 * 1024
"""No file read here is larger than this many bytes; a larger one is foreign."""


def write_private(path: Path, data: bytes, *, replace: bool = True) -> None:
    """Put ``data`` at ``path`` with mode 0600, durably and in one step.

    The bytes are written beside the target, flushed to the disk and then given its name, so a crash or a full disk
    leaves what was there before. With ``replace=False`` an existing file is never touched.

    Raises :class:`KnownError` when the file cannot be written, or exists and must not be replaced. A device or a pipe
    never is: the new file would stand in its place.
    """
    temporary = path.with_name(f".{path.name}.new")
    try:
        if not _may_give_way(path):
            raise KnownError(f"{path} is a device or a pipe, not a file. Choose another name.")
        temporary.unlink(missing_ok=True)  # left by a crash; never followed, it may be a link
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            give_name(temporary, path, replace)
        finally:
            with contextlib.suppress(FileNotFoundError):
                temporary.unlink()
        sync_folder(path.parent)
    except FileExistsError as error:
        raise KnownError(f"{path} exists already and is not replaced.") from error
    except OSError as error:
        raise KnownError(
            f"{path} could not be written ({error.strerror}). What was there before is unchanged. "
            "Free space on the disk or correct the folder's permissions, then try again.",
            detail=f"errno {error.errno}",
        ) from error


def _may_give_way(path: Path) -> bool:
    """Whether nothing stands there, or what another file may take the name of. A folder is refused by the system."""
    if not os.path.lexists(path):
        return True
    mode = path.lstat().st_mode
    return stat.S_ISREG(mode) or stat.S_ISLNK(mode) or stat.S_ISDIR(mode)


def read_private(path: Path) -> bytes | None:
    """What ``path`` holds, or ``None`` where there is no such file.

    Raises :class:`KnownError` when it cannot be read or is larger than :data:`SMALL`.
    """
    try:
        with path.open("rb") as file:
            data = file.read(SMALL + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KnownError(
            f"{path} cannot be read ({error.strerror}). Correct its permissions, then try again.",
            detail=f"errno {error.errno}",
        ) from error
    if len(data) > SMALL:
        raise KnownError(f"{path} is larger than {SMALL} bytes, so it is not a file this program wrote.")
    return data


def give_name(temporary: Path, path: Path, replace: bool) -> None:
    """Give a finished file its name; with ``replace`` False raises FileExistsError where the name is taken."""
    if replace:
        os.replace(temporary, path)
    elif sys.platform == "win32":
        os.rename(temporary, path)  # on Windows a rename never replaces
    else:
        os.link(temporary, path)  # fails where the name is taken, in one step


def sync_folder(folder: Path) -> None:
    """Make the new name itself durable; Windows has no such call."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
