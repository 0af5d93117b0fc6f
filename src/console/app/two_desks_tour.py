"""A walk through a drill at two desks that share, which saves pictures of both side by side.

Both desks run in this program, each with a store of its own and a sync thread of its own; the server between them is
the real one, and is stopped and started as a network would be.
"""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QTest

from console.app.program import Program
from console.app.side_by_side import DrillServer
from console.app.walking import Hands, Walk
from console.queries.board import BoardRow
from console.views.board import BoardView
from console.views.shell.frame import Frame

_SIZE = QSize(960, 700)
_SMALL = QSize(683, 740)


class _Desk(Hands):
    """One of the two windows, and the hands at it."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame.window())
        self.frame = frame

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


class TwoDesksTour(Walk):
    """One walk; each picture shows both desks."""

    def __init__(self, clinician: Frame, dispatcher: Frame, programs: tuple[Program, Program], folder: str) -> None:
        super().__init__(folder, *programs, named="two-desks-")
        self._clinician, self._dispatcher = self._desks = _Desk(clinician), _Desk(dispatcher)

    def run(self, server: DrillServer) -> int:
        """Walk to the end; raises :class:`KnownError` naming the step that did not come to pass."""
        self.set_out()
        clinician, dispatcher = self._clinician, self._dispatcher
        self._resize(_SIZE)
        self._until_both(lambda desk: len(desk.board.model.rows) >= 4, "calls on both boards")
        self._until_both(lambda desk: desk.server == "Live", "both desks to be live")
        row = self._flag("sister: he gave his dog away")
        self.until(lambda: clinician.rows(lambda each: each.call == row.call), "the flag at the other desk")
        self.settle()
        self._picture("flag")
        self._claim(row)
        self.until(lambda: clinician.frame.board_page.workspace.call == row.call, "the page of the claimed call")
        self.until(lambda: dispatcher.rows(lambda each: each.call == row.call and bool(each.owner_name)), "who took it")
        self.settle()
        self._picture("claim")
        self._advise(row)
        self._without_the_server(server)
        return 0

    def _flag(self, words: str) -> BoardRow:
        dispatcher = self._dispatcher
        dispatcher.sit()
        dispatcher.frame.board_page.take_focus()
        dispatcher.press("3")
        self.until(lambda: dispatcher.rows(_plain), "a call that is not flagged")
        row = dispatcher.rows(_plain)[0]
        dispatcher.board.select(row.call)
        dispatcher.press("F2")
        self.until(lambda: dispatcher.board.flag_panel.call is not None, "the reasons for a flag")
        dispatcher.press("1", "Tab")
        dispatcher.type(words)
        dispatcher.press("Return")
        self.until(lambda: dispatcher.rows(lambda each: each.flag_words == words), "one's own flag")
        dispatcher.press("1")
        self.until(lambda: 0 < len(dispatcher.board.model.rows) < 20, "the flagged calls")
        return row

    def _claim(self, row: BoardRow) -> None:
        clinician = self._clinician
        clinician.sit()
        clinician.press("Ctrl+W")
        self.settle()
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
        self.until(lambda: dispatcher.rows(lambda each: each.call == row.call and each.advice_waiting), "the advice")
        dispatcher.sit()
        dispatcher.frame.open_call(row.call)
        self.until(lambda: dispatcher.frame.board_page.workspace.call == row.call, "the call's page")
        dispatcher.sit()
        self.settle()
        dispatcher.press("Alt+5")
        self.settle(40)
        self._picture("advice")
        dispatcher.press("Ctrl+W")

    def _without_the_server(self, server: DrillServer) -> None:
        clinician = self._clinician
        address = server.url.removeprefix("http://")
        server.stop()
        self._until_both(lambda desk: desk.server.startswith("Offline since"), "both to be offline")
        self._flag("caller hung up, would not say where he is")
        waiting = clinician.rows(lambda each: each.flagged and each.owner is None)[0]
        self._claim(waiting)
        self.until(lambda: clinician.frame.board_page.workspace.call == waiting.call, "the page of the claimed call")
        self.until(lambda: clinician.rows(lambda each: "claim" in each.pending), "the pending claim")
        self.settle(40)
        self._picture("offline-and-pending")
        self._resize(_SMALL)
        self._picture("offline-and-pending-1366x768")
        self._resize(_SIZE)
        for desk in self._desks:
            desk.frame.show_screen("status")
        self.settle()
        self._picture("status-offline")
        server.start(address)
        self._until_both(lambda desk: desk.server == "Live", "both desks to be live again")
        self.settle(40)
        self._picture("status-live")
        for desk in self._desks:
            desk.frame.show_screen("board")
        self.until(lambda: not clinician.rows(lambda each: bool(each.pending)), "everything to be confirmed")
        self.settle(40)
        self._picture("confirmed")

    # -- hands and eyes ------------------------------------------------------------------------------------------------

    def _until_both(self, happened: Callable[[_Desk], object], what: str) -> None:
        self.until(lambda: all(happened(desk) for desk in self._desks), what)

    def _resize(self, size: QSize) -> None:
        for desk in self._desks:
            desk.window.setMinimumSize(640, 480)
            desk.window.resize(size)
        self.settle()

    def _picture(self, name: str) -> None:
        both = [desk.window.grab() for desk in self._desks]
        whole = QPixmap(both[0].width() + both[1].width(), max(each.height() for each in both))
        painter = QPainter(whole)
        painter.drawPixmap(QPoint(0, 0), both[0])
        painter.drawPixmap(QPoint(both[0].width(), 0), both[1])
        painter.end()
        self.keep(name, whole)


def _plain(row: BoardRow) -> bool:
    return not row.flagged and not row.suggestion and not row.closed
