"""The log and the crash report of one home: private files that do not grow without end."""

import contextlib
import faulthandler
import io
import logging
import os
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from console.errors import KnownError
from console.security.redaction import LogFormatter

FOLDER = "logs"
LOG = "console.log"
CRASHES = "crashes.log"
_LOG_BYTES = 2_000_000
_LOGS_KEPT = 5
_CRASH_BYTES = 500_000


class PrivateLog(RotatingFileHandler):
    """A rotating log of mode 0600. A log that cannot be written is said once, on stderr, and stops nothing."""

    def __init__(self, path: Path) -> None:
        self._said = False
        super().__init__(path, maxBytes=_LOG_BYTES, backupCount=_LOGS_KEPT, encoding="utf-8")
        self.setFormatter(LogFormatter())

    def _open(self) -> io.TextIOWrapper:
        return _open_private(Path(self.baseFilename))

    def handleError(self, record: logging.LogRecord) -> None:
        if self._said or sys.stderr is None:
            return
        self._said = True
        error = sys.exc_info()[1]
        reason = error.strerror if isinstance(error, OSError) else type(error).__name__
        sys.stderr.write(f"The log {self.baseFilename} cannot be written ({reason}). The program goes on without it.\n")


class Logs:
    """The running log and crash report of one home; :meth:`stop` takes both down again."""

    def __init__(self, home: Path) -> None:
        """Begin both. Raises :class:`KnownError` when the files cannot be made."""
        folder = home / FOLDER
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            crashes = folder / CRASHES
            with contextlib.suppress(FileNotFoundError):
                if crashes.stat().st_size > _CRASH_BYTES:
                    crashes.replace(crashes.with_name(f"{CRASHES}.1"))
            self._crashes = _open_private(crashes)
            try:
                self._log = PrivateLog(folder / LOG)
            except OSError:
                self._crashes.close()
                raise
        except OSError as error:
            raise KnownError(
                f"The log files in {folder} cannot be made ({error.strerror}). "
                "Free space on the disk or correct the folder's permissions, then start again."
            ) from error
        # Stacks of all threads, by file and line: no values of variables.
        faulthandler.enable(self._crashes, all_threads=True)
        root = logging.getLogger()
        self._level_before = root.level
        root.setLevel(logging.INFO)
        root.addHandler(self._log)

    def stop(self) -> None:
        """Flush and close. Safe to repeat."""
        root = logging.getLogger()
        if self._log in root.handlers:
            root.removeHandler(self._log)
            root.setLevel(self._level_before)
            faulthandler.disable()
        self._log.close()
        self._crashes.close()


def _open_private(path: Path) -> io.TextIOWrapper:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    return io.TextIOWrapper(io.FileIO(descriptor, "a"), encoding="utf-8", write_through=True)
