"""The last resort: an exception nobody caught is logged without a caller's words, told in a line, and survived."""

import logging
import sys
import threading
import uuid
from types import TracebackType

from PySide6.QtCore import QObject, QtMsgType, Signal, qInstallMessageHandler

from console.errors import BugError
from console.security.redaction import safe_id

log = logging.getLogger("console.faults")
_QT_LEVELS = {QtMsgType.QtWarningMsg: logging.INFO, QtMsgType.QtCriticalMsg: logging.ERROR}


class FaultKeeper(QObject):
    """Installs the hooks of Python, of threads and of Qt. Signal ``broke`` (str) with the id of the report."""

    broke = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._before = sys.excepthook, threading.excepthook
        self._telling = False
        sys.excepthook = self._caught
        threading.excepthook = self._caught_in_thread
        qInstallMessageHandler(_from_qt)

    def restore(self) -> None:
        """Put the hooks back."""
        sys.excepthook, threading.excepthook = self._before
        qInstallMessageHandler(None)

    def _caught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        report = uuid.uuid4().hex[:8]
        # The type and the stack, never the message: it may hold what a caller said.
        bare = BugError(kind.__name__).with_traceback(trace)
        log.error("unhandled, report %s: %s", safe_id(report), safe_id(kind.__name__), exc_info=(BugError, bare, trace))
        if self._telling:
            return  # a fault in telling of a fault: logged, and not told in turn without end
        self._telling = True
        try:
            self.broke.emit(report)
        finally:
            self._telling = False

    def _caught_in_thread(self, hook: threading.ExceptHookArgs) -> None:
        if hook.exc_value is not None and hook.exc_type is not SystemExit:
            self._caught(hook.exc_type, hook.exc_value, hook.exc_traceback)


def _from_qt(level: QtMsgType, context: object, message: str) -> None:
    log.log(_QT_LEVELS.get(level, logging.DEBUG), "Qt: %d characters", len(message))
