"""A walk through a drill at two desks that share, which saves pictures of both side by side.

Both desks run in this program, each with a store of its own and a sync thread of its own; the server between them is
the real one, and is stopped and started as a network would be.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QKeySequence, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from console.app.program import Program
from console.app.side_by_side import DrillServer
from console.errors import KnownError
from console.queries.board import BoardRow
from console.views.board import BoardView
from console.views.shell.frame import Frame
from console.views.shell.window import ConsoleWindow

_SIZE = QSize(960, 700)
_SMALL = QSize(683, 740)
_PATIENCE_MILLISECONDS = 30_000
_LOOK_MILLISECONDS = 25


class _Desk:
    """One of the two windows, and the hands at it."""

    def __init__(self, program: Program, frame: Frame) -> None:
        self.program, self.frame = program, frame
        window = frame.window()
        assert isinstance(window, ConsoleWindow)
        self.window = window

    @property
    def board(self) -> BoardView:
        """The board of who sits here."""
        return self.frame.board_page.board

    @property
    def server(self) -> str:
        """What the bottom line says of the server."""
        return self.frame.status_line.server

    def rows(self, holds: Callable[[BoardRow], bool]) -> list[BoardRow]:
        """The rows on the board for which it holds."""
        return [row for row in self.board.model.rows if holds(row)]

    def sit(self) -> None:
        """Turn to this window."""
        self.window.raise_()
        self.window.activateWindow()
        QTest.qWaitForWindowActive(self.window)

    def press(self, *keys: str) -> None:
        """Press keys where the focus of this window is."""
        for each in keys:
            combination = QKeySequence(each)[0]  # type: ignore[index]
            QTest.keyClick(self.focused, combination.key(), combination.keyboardModifiers())

    def type(self, words: str) -> None:
        """Type where the focus of this window is."""
        QTest.keyClicks(self.focused, words)

    @property
    def focused(self) -> QWidget:
        """Where the keys go in this window."""
        widget: QWidget | None = self.window.focusWidget()
        return widget or self.window


class TwoDesksTour:
    """One walk; ``folder`` receives the pictures, each of both desks."""

    def __init__(self, clinician: Frame, dispatcher: Frame, programs: tuple[Program, Program], folder: str) -> None:
        self._clinician = _Desk(programs[0], clinician)
        self._dispatcher = _Desk(programs[1], dispatcher)
        self._folder = Path(folder)
        self._taken = 0
        self._broken: list[str] = []
        for program in programs:
            program.faults.broke.connect(self._broken.append)
            program.bridge.broke.connect(self._broken.append)

    def run(self, server: DrillServer) -> int:
        """Walk to the end; raises :class:`KnownError` naming the step that did not come to pass."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise KnownError(f"{self._folder} cannot be made: {error.strerror or error}.") from error
        clinician, dispatcher = self._clinician, self._dispatcher
        self._resize(_SIZE)
        for desk in (clinician, dispatcher):
            self._until(lambda desk=desk: len(desk.board.model.rows) >= 4, "calls on both boards")  # type: ignore[misc]
            self._until(lambda desk=desk: desk.server == "Live", "both desks to be live")  # type: ignore[misc]
        row = self._flag("sister: he gave his dog away")
        self._until(lambda: clinician.rows(lambda each: each.call == row.call), "the flag at the other desk")
        self._settle()
        self._picture("flag")
        self._claim(row)
        self._until(lambda: clinician.frame.board_page.workspace.call == row.call, "the page of the claimed call")
        self._until(
            lambda: dispatcher.rows(lambda each: each.call == row.call and bool(each.owner_name)), "who took it"
        )
        self._settle()
        self._picture("claim")
        self._advise(row)
        self._without_the_server(server)
        return 0

    def _flag(self, words: str) -> BoardRow:
        dispatcher = self._dispatcher
        dispatcher.sit()
        dispatcher.frame.board_page.take_focus()
        dispatcher.press("3")
        self._until(lambda: dispatcher.rows(_plain), "a call that is not flagged")
        row = dispatcher.rows(_plain)[0]
        dispatcher.board.select(row.call)
        dispatcher.press("F2")
        self._until(lambda: dispatcher.board.flag_panel.call is not None, "the reasons for a flag")
        dispatcher.press("1", "Tab")
        dispatcher.type(words)
        dispatcher.press("Return")
        self._until(lambda: dispatcher.rows(lambda each: each.flag_words == words), "one's own flag")
        dispatcher.press("1")
        self._until(lambda: 0 < len(dispatcher.board.model.rows) < 20, "the flagged calls")
        return row

    def _claim(self, row: BoardRow) -> None:
        clinician = self._clinician
        clinician.sit()
        clinician.press("Ctrl+W")
        self._settle()
        clinician.frame.board_page.take_focus()
        clinician.board.select(row.call)
        clinician.press("F3")

    def _advise(self, row: BoardRow) -> None:
        clinician, dispatcher = self._clinician, self._dispatcher
        clinician.sit()
        clinician.press("Alt+5", "4")
        for _ in range(30):
            if clinician.focused.accessibleName().startswith("Words for dispatch"):
                break
            clinician.press("Tab")
        clinician.type("Units wait out of sight, I have him on the phone")
        clinician.press("Ctrl+Return")
        self._until(lambda: dispatcher.rows(lambda each: each.call == row.call and each.advice_waiting), "the advice")
        dispatcher.sit()
        dispatcher.frame.open_call(row.call)
        self._until(lambda: dispatcher.frame.board_page.workspace.call == row.call, "the call's page")
        dispatcher.sit()
        self._settle()
        dispatcher.press("Alt+5")
        self._settle(40)
        self._picture("advice")
        dispatcher.press("Ctrl+W")

    def _without_the_server(self, server: DrillServer) -> None:
        clinician, dispatcher = self._clinician, self._dispatcher
        address = server.url.removeprefix("http://")
        server.stop()
        for desk in (clinician, dispatcher):
            self._until(lambda desk=desk: desk.server.startswith("Offline since"), "both to be offline")  # type: ignore[misc]
        self._flag("caller hung up, would not say where he is")
        waiting = clinician.rows(lambda each: each.flagged and each.owner is None)[0]
        self._claim(waiting)
        self._until(lambda: clinician.frame.board_page.workspace.call == waiting.call, "the page of the claimed call")
        self._until(lambda: clinician.rows(lambda each: "claim" in each.pending), "the pending claim")
        self._settle(40)
        self._picture("offline-and-pending")
        self._resize(_SMALL)
        self._picture("offline-and-pending-1366x768")
        self._resize(_SIZE)
        for desk in (clinician, dispatcher):
            desk.frame.show_screen("status")
        self._settle()
        self._picture("status-offline")
        server.start(address)
        for desk in (clinician, dispatcher):
            self._until(lambda desk=desk: desk.server == "Live", "both desks to be live again")  # type: ignore[misc]
        self._settle(40)
        self._picture("status-live")
        for desk in (clinician, dispatcher):
            desk.frame.show_screen("board")
        self._until(lambda: not clinician.rows(lambda each: bool(each.pending)), "everything to be confirmed")
        self._settle(40)
        self._picture("confirmed")

    # -- hands and eyes ------------------------------------------------------------------------------------------------

    def _resize(self, size: QSize) -> None:
        for desk in (self._clinician, self._dispatcher):
            desk.window.setMinimumSize(640, 480)
            desk.window.resize(size)
        self._settle()

    def _until(self, happened: Callable[[], object], what: str) -> None:
        for _ in range(_PATIENCE_MILLISECONDS // _LOOK_MILLISECONDS):
            if happened():
                return
            QTest.qWait(_LOOK_MILLISECONDS)
        raise KnownError(f"The walk waited for {what} in vain.")

    def _settle(self, looks: int = 16) -> None:
        for _ in range(looks):
            QTest.qWait(_LOOK_MILLISECONDS)

    def _picture(self, name: str) -> None:
        if self._broken:
            raise KnownError(f"Something in the program went wrong before the picture of {name} ({self._broken[0]}).")
        self._taken += 1
        both = [desk.window.grab() for desk in (self._clinician, self._dispatcher)]
        whole = QPixmap(both[0].width() + both[1].width(), max(each.height() for each in both))
        painter = QPainter(whole)
        painter.drawPixmap(QPoint(0, 0), both[0])
        painter.drawPixmap(QPoint(both[0].width(), 0), both[1])
        painter.end()
        path = self._folder / f"two-desks-{self._taken:02d}-{name}.png"
        if not whole.save(str(path)):
            raise KnownError(f"{path} could not be written.")


def _plain(row: BoardRow) -> bool:
    return not row.flagged and not row.suggestion and not row.closed
