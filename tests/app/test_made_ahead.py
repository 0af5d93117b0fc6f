"""What is built before somebody asks for it is what they then get, and nobody else's."""

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.views.board import BoardView
from console.views.entrance.sign_in_page import SignInPage
from tests.support.sitting import Person, Sitting, sitting_at


def at_sign_in(sitting: Sitting) -> tuple[Person, BoardView]:
    """Somebody at the sign-in page, and the board that was built meanwhile."""
    person = sitting.start()
    person.until(lambda: isinstance(person.page, SignInPage), "the sign-in page")
    window = person.window
    person.until(lambda: bool(window.findChildren(BoardView)), "the board made ahead")
    (board,) = window.findChildren(BoardView)
    return person, board


def test_who_signs_in_gets_the_board_that_was_made_meanwhile(qtbot: QtBot, qapp: QApplication, home: Path) -> None:
    with sitting_at(home, qtbot, qapp) as sitting:
        person, board = at_sign_in(sitting)
        assert not board.isVisible()
        assert board.model.rows == []
        person.sign_in("rokafor")
        assert person.board is board
        assert person.window.findChildren(BoardView) == [board]


def test_somebody_who_is_quicker_than_the_pieces_harms_nothing(qtbot: QtBot, qapp: QApplication, home: Path) -> None:
    with sitting_at(home, qtbot, qapp) as sitting:
        person, _ = at_sign_in(sitting)
        seats = sitting.program.seats
        person.sign_in("rokafor")
        other = sitting.program.open_window()
        pieces = seats.making_ahead(other)
        next(pieces)
        (board,) = other.findChildren(BoardView)
        frame = sitting.program.show_work(other, person.frame.sign_in)
        assert frame.board_page.board is board
        assert list(pieces) == []


def test_the_other_screens_are_there_before_they_are_asked_for(qtbot: QtBot, qapp: QApplication, home: Path) -> None:
    with sitting_at(home, qtbot, qapp) as sitting:
        person, _ = at_sign_in(sitting)
        person.sign_in("rokafor")
        frame = person.frame
        person.until(lambda: {"board", "directory", "status"} <= set(frame._screens), "the screens")
        made = dict(frame._screens)
        assert set(frame.board_page.workspace.frame.sections) == set(frame.board_page.workspace.frame.codes)
        assert frame._stack.currentWidget() is frame.board_page, "nothing is shown that nobody asked for"
        assert frame.board_page.workspace.isHidden()
        frame.show_screen("status")
        assert frame.status is made["status"]
