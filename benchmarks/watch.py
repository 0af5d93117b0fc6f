"""Looking on while the program starts: when a person could see what, and what memory it held."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.stand_ins import NAME, PASSWORD, hash_for_free


class Watch(QObject):
    """Looks on as the program paints, signs in, opens a call, ends it, and keeps what it saw in ``seen``.

    ``pause`` seconds lie between the steps: whatever the program does when it has time is to be done by then.
    """

    def __init__(self, application: QApplication, program: Any, pause: float) -> None:
        super().__init__()
        self.seen: dict[str, float] = {}
        self._application = application
        self._program = program
        self._pause = pause
        self._page: Any = None
        self._rows: Any = None
        self._use = program.use
        program.use = self._opened_home
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            page = self._program.windows[0].page
            # Asked again once the painting that begins here is done.
            if "signing in" not in self.seen and hasattr(page, "submitted"):
                self.seen["signing in"] = 0.0
                self._page = page
                QTimer.singleShot(0, self._sign_in_shown)
            elif "board" not in self.seen and hasattr(page, "board_page") and page.board_page.board.model.rows:
                self._rows = page.board_page
                if watched is page.board_page.board.list.viewport():
                    self.seen["board"] = 0.0
                    self._application.removeEventFilter(self)
                    QTimer.singleShot(0, self._board_shown)
        return False

    def _sign_in_shown(self) -> None:
        self.seen["signing in"] = time.monotonic()
        self._later(self._submit)

    def _opened_home(self, opened: Any) -> None:
        self._use(opened)
        self.seen["home open"] = time.monotonic()

    def _submit(self) -> None:
        self.seen["submitted"] = time.monotonic()
        hash_for_free()  # here, because here the product first needs what it imports
        self._page.submitted.emit(NAME, PASSWORD)

    def _board_shown(self) -> None:
        self.seen["board"] = time.monotonic()
        self.seen["processor"] = time.process_time()
        self.seen["rows"] = len(self._rows.board.model.rows)
        self.seen["memory at board"] = memory("VmRSS")
        self._later(self._all_open)

    def _all_open(self) -> None:
        self.seen["memory settled"] = memory("VmRSS")
        self._rows.board.view_changed.emit("open")
        self._later(self._settled)

    def _settled(self) -> None:
        self.seen["memory with all open"] = memory("VmRSS")
        self.seen["rows of all open"] = len(self._rows.board.model.rows)
        self._rows.open_call(self._rows.board.model.rows[0].call)
        self._later(self._opened)

    def _opened(self) -> None:
        self.seen["memory with a call"] = memory("VmRSS")
        self.seen["memory at most"] = memory("VmHWM")
        self._application.quit()

    def _later(self, step: Callable[[], None]) -> None:
        QTimer.singleShot(round(self._pause * 1000), step)


def memory(which: str) -> float:
    """Megabytes of this process by the kernel's count, resident (VmRSS) or the most there ever were (VmHWM)."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name == which:
            return int(value.split()[0]) * 1024 / 1e6
    raise LookupError(which)
