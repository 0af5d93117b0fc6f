"""What the process and its home are allowed: nothing for other users, no memory dumps, no network drives."""

import ctypes
import os
import re
import stat
import sys
from pathlib import Path
from typing import Final

from console.errors import KnownError

PRIVATE_UMASK: Final = 0o077
_PR_SET_DUMPABLE: Final = 4

# Kinds of mount (as in mountinfo(5)) whose locking or ordering of writes a database cannot rely on.
_NETWORK: Final = re.compile(
    r"nfs4?|cifs|smb[23]?|smbfs|ncpfs|afs|coda|ceph|glusterfs|lustre|gpfs|beegfs|davfs"
    r"|fuse\.(sshfs|davfs2?|rclone|s3fs|ceph|glusterfs|gvfsd-fuse|curlftpfs|smbnetfs)"
)


def harden_process() -> None:
    """Files of this process are its owner's only, and a crash leaves no copy of its memory. Safe to repeat.

    The memory holds the database key and what callers said. On Windows error reports are governed by the machine's
    policy, not by the process.
    """
    os.umask(PRIVATE_UMASK)
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # The size limit does not hold where the system pipes dumps to a collector; being undumpable does.
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
            reason = os.strerror(ctypes.get_errno())
            raise KnownError(f"The system does not let this program switch memory dumps off ({reason}).")


def prepare_home(home: Path) -> Path:
    """Make ``home`` a private folder of the person who runs the program, or say why it cannot be one.

    A missing or empty folder becomes 0700. Returns the resolved path.

    Raises :class:`KnownError` when it is no folder, belongs to someone else, is open to other users while it holds
    something, is on a network drive, or cannot be made.
    """
    home = home.expanduser().absolute()
    kind = network_filesystem(home)
    if kind is not None:
        raise KnownError(
            f"{home} is on a network drive ({kind}), where a database can be damaged. Choose a folder on this computer."
        )
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        home = home.resolve(strict=True)
        _refuse_foreign(home)
    except FileExistsError as error:
        raise KnownError(f"{home} is not a folder. Choose another one with --home.") from error
    except OSError as error:
        raise KnownError(
            f"{home} cannot be used as the folder for this desk's data ({error.strerror}). "
            "Correct its permissions, or choose another one with --home.",
            detail=f"errno {error.errno}",
        ) from error
    return home


def _refuse_foreign(home: Path) -> None:
    if sys.platform == "win32":
        return  # a folder in the person's profile inherits a private access list
    status = home.stat()
    if status.st_uid != os.geteuid():
        raise KnownError(f"{home} belongs to another user of this computer. Choose another folder with --home.")
    if not stat.S_IMODE(status.st_mode) & PRIVATE_UMASK:
        return
    if next(home.iterdir(), None) is not None:
        raise KnownError(
            f"{home} can be read by other users of this computer. "
            f"Check who has looked at it, then run “chmod 700 {home}”, or choose another folder with --home."
        )
    home.chmod(0o700)


def network_filesystem(path: Path, mountinfo: str | None = None) -> str | None:
    """The kind of network drive ``path`` is on, or ``None`` where it is on none or that cannot be told.

    ``path`` need not exist. ``mountinfo`` is the text of Linux's ``/proc/self/mountinfo`` and is read when not given.
    """
    if sys.platform == "win32":
        remote = 4  # DRIVE_REMOTE
        anchor = path.absolute().anchor
        on_share = anchor.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(anchor) == remote
        return "Windows share" if on_share else None
    if mountinfo is None:
        if sys.platform != "linux":
            return None
        mountinfo = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape")
    found: tuple[Path, str] | None = None
    place = path.resolve()
    for line in mountinfo.splitlines():
        # 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw: the place is the fifth field, the kind
        # follows the lone hyphen.
        left, hyphen, right = line.partition(" - ")
        fields = left.split(" ")
        if not hyphen or len(fields) < 5:
            continue
        mounted_at = Path(_unescaped(fields[4]))
        # A later line is mounted over an earlier one at the same place.
        if place.is_relative_to(mounted_at) and (found is None or len(mounted_at.parts) >= len(found[0].parts)):
            found = (mounted_at, right.split(" ", 1)[0])
    return found[1] if found is not None and _NETWORK.fullmatch(found[1]) else None


def _unescaped(field: str) -> str:
    """mountinfo writes space, tab, newline and backslash as octal."""
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(code, character)
    return field
