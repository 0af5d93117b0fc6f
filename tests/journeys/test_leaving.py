"""Closing windows: the program goes on while anyone has a window or a strip, and ends with the last of them."""

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.sitting import Person, playing_a_drill


def test_the_strip_outlives_the_window_and_opens_a_board_again(qtbot: QtBot, qapp: QApplication) -> None:
    with playing_a_drill(qtbot, qapp, seed=3) as (sitting, people):
        program, ended = sitting.program, []
        program.over.connect(lambda: ended.append(True))
        assert not qapp.quitOnLastWindowClosed()

        program.windows[0].close()
        assert not program.windows
        assert not ended

        strip = Person(sitting, program.strips[0].window)
        strip.press("F10")
        sitting.until(lambda: bool(program.frames()), "a board")
        assert program.frames()[0].sign_in == people.dispatcher

        program.strips[0].window.close()
        assert not ended

        program.windows[0].close()
        assert ended == [True]
