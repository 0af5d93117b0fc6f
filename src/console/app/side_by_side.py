"""A drill at two desks that share: two programs, each with a store of its own, and a server that lives as long.

The desk that a person starts is the clinician's: it founds the center, plays CAD, and starts the server and the second
desk, the dispatcher's, which joins empty. Whoever is started ends with its standard input, so nothing outlives the
first desk, however that one ends. Both desks and the server are invented, and thrown away.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QApplication, QStyle, QWidget

from console.actions import drills, homes
from console.actions.stale_drills import FOLDERS
from console.app.opening import look_at
from console.app.program import Program
from console.app.stopping import stay
from console.clock import Clock, SystemClock
from console.errors import KnownError
from console.models.store.desk import Desk
from console.models.store.files import lock_home
from console.models.store.store import Store
from console.off_gui import mark_gui_thread
from console.settings import Settings
from console.sync import joining
from console.sync.membership import Membership, membership
from console.sync.once import bring_center, exchange_once
from console.sync.program import PROGRAM

LEFT, RIGHT = 0, 1
_PATIENCE = 10.0
"""Seconds that a program is given to end by itself."""
_LEAST = (640, 480)


class DrillServer:
    """A regional server in a folder that is thrown away, for as long as this program runs. A context manager."""

    def __init__(self) -> None:
        # Here lies also what the second desk keeps, so that the first one can throw all of it away.
        self._folder = tempfile.TemporaryDirectory(prefix=f"{FOLDERS}server-")
        self._lock = lock_home(Path(self._folder.name))
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    def __enter__(self) -> "DrillServer":
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._lock.release()
        self._folder.cleanup()

    @property
    def folder(self) -> str:
        """What is thrown away at the end."""
        return self._folder.name

    def start(self, listen: str = "127.0.0.1:0") -> None:
        """Serve; raises :class:`KnownError` where it cannot."""
        words = ("serve", "--drill", "--listen", listen)
        self._process = subprocess.Popen(
            self._command(*words),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        self.url = _answer(_output(self._process).readline(), "url")

    def stop(self) -> None:
        """Stop serving; what it keeps stays until the end of the drill."""
        process, self._process = self._process, None
        if process is not None:
            _end(process)

    def code(self, center: str, audience: str) -> str:
        """A one-time code for a desk of the drill."""
        words = self._command("enrol", "--center", center, "--audience", audience)
        made = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        return _answer(made.stdout, "code")

    def _command(self, *words: str) -> list[str]:
        # A program of its own: the console does not know the server, only what both agree on.
        return [sys.executable, "-m", "regional", *words, "--home", self._folder.name, "--json"]


def _answer(line: str, name: str) -> str:
    try:
        return str(json.loads(line)[name])
    except (ValueError, KeyError):
        raise KnownError(
            "The regional server of the drill did not start. Run 'regional-server serve' to see."
        ) from None


def _output(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout


def _end(process: subprocess.Popen[str]) -> None:
    """Close the program's input, which asks it to end, and wait until it has."""
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(BrokenPipeError):
                stream.close()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class SecondDesk(QObject):
    """The other program; signal ``ended`` when it is no more. A context manager, which lets it end and waits."""

    ended = Signal()

    def __init__(self, server: DrillServer, center: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        code = server.code(center, "operations")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "console", "drill", "--second-desk"],
            env=os.environ | {"TMPDIR": server.folder},
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"url": server.url, "code": code}) + "\n")
        self._process.stdin.flush()
        self._waiting = threading.Thread(target=self._wait, name="second-desk")
        self._waiting.start()

    def _wait(self) -> None:
        self._process.wait()
        self.ended.emit()

    @property
    def number(self) -> int:
        """The process's id."""
        return self._process.pid

    def __enter__(self) -> "SecondDesk":
        return self

    def __exit__(self, *_: object) -> None:
        _end(self._process)
        self._waiting.join()


def share_first(desk: Desk, server: DrillServer) -> None:
    """The desk that founded the drill's center joins the server and brings what it has."""
    joining.join(desk.store, server.url, server.code(desk.center_name, "clinical"))
    exchange_once(desk.store, _member(desk.store), desk.clock, PROGRAM)


def second_desk(clock: Clock, url: str, code: str) -> Desk:
    """A desk that joins a drill with nothing of its own."""
    store = homes.joining_drill()
    try:
        joining.join(store, url, code)
        bring_center(store, _member(store), clock, PROGRAM)
        return homes.desk_of(store, clock)
    except BaseException:
        homes.throw_away(store)
        raise


def _member(store: Store) -> Membership:
    with store.read() as connection:
        member = membership(connection)
    assert member is not None
    return member


def place(window: QWidget, side: int, screen: QScreen) -> None:
    """Put a window on the left or right half of the screen."""
    room = screen.availableGeometry()
    wide = room.width() // 2
    title = QApplication.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
    window.setMinimumSize(min(_LEAST[0], wide), min(_LEAST[1], room.height()))
    window.setGeometry(room.x() + side * wide, room.y() + title, wide, room.height() - title)


def run_second(application: QApplication, words: argparse.Namespace) -> int:
    """The dispatcher's desk, as the first desk starts it: until its window is closed, or the first desk ends."""
    told: dict[str, Any] = json.loads(sys.stdin.readline() or "{}")
    if not told:
        raise KnownError("The second desk is started by the first one: clinician-console drill --side-by-side")
    desk = second_desk(SystemClock(), told["url"], told["code"])
    program = Program(application, desk.store.home, Settings(theme="dark"))
    try:
        program.use(look_at(desk))
        mark_gui_thread(threading.get_ident())
        window = program.open_window()
        place(window, RIGHT, application.primaryScreen())
        program.show_work(window, drills.members(desk).dispatcher)
        ender = _Ender()
        ender.over.connect(application.quit, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=ender.watch, name="first-desk", daemon=True).start()
        return stay(application)
    finally:
        program.close()
        mark_gui_thread(None)


class _Ender(QObject):
    """Signal ``over`` when whoever started this program has ended, or wants it to."""

    over = Signal()

    def watch(self) -> None:
        for _ in sys.stdin:
            pass
        self.over.emit()
