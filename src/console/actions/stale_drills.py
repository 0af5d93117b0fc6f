"""Folders of drills that were killed before they could throw them away.

Each drill holds the lock of its folders for as long as it runs. A folder that nobody holds is of one that was killed.
"""

import logging
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from console.errors import KnownError
from console.models.store.files import lock_home

FOLDERS = "clinician-console-drill-"
"""What the names of all of them begin with, in the folder for temporary files."""
LOCK = "lock"
_log = logging.getLogger(__name__)


def throw_away_stale() -> int:
    """Remove what killed drills left; returns how many folders. What cannot be removed is left for the next time."""
    removed = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDERS}*"):
        # One without a lock is of a drill that begins at this moment, or nobody's that we know.
        if folder.is_symlink() or not (folder / LOCK).is_file():
            continue
        with suppress(KnownError, OSError):  # it runs, or is another person's
            lock_home(folder).release()
            shutil.rmtree(folder)
            removed += 1
    if removed:
        _log.info("%d folders of killed drills removed", removed)
    return removed
