"""A clinician at a real desk in a process of its own, who types until the process is killed.

``python -m tests.journeys.typist HOME``. Says on standard output what stands on the screen: ``NOTED`` when a line is in
the record, ``TYPED n`` after each character of the next one, ``KEPT n`` whenever the screen says that all of the first
n characters are saved.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.app.program import Program
from console.app.run import work
from console.settings import load_settings
from console.views.entrance.sign_in_page import SignInPage
from console.views.shell.frame import Frame

NAME, PASSWORD = "rokafor", "lantern-orchard-71"
LINE = "says her brother is on the roof"
DRAFT = "he can see the street from there and he has his phone with him, he answers when she calls; " * 20
BURST = 40


def story(program: Program) -> Iterator[None]:
    """Sign in, press F12, enter one line, then type in bursts; each step is one turn of the event loop."""
    while not isinstance(page := program.windows[0].page, SignInPage) or QApplication.focusWidget() is None:
        yield
    press("", NAME)
    press("Return")
    press("", PASSWORD)
    press("Return")
    while not isinstance(page := program.windows[0].page, Frame):
        yield
    press("F12")
    press("1")
    workspace = page.board_page.workspace
    while workspace.work.encounter is None:
        yield
    press("", LINE)
    press("Return")
    while workspace.frame.pad.lines != (LINE,) or not workspace.work.saver.words.startswith("All changes saved"):
        yield
    say("NOTED")
    for count, character in enumerate(DRAFT, 1):
        press("", character)
        say(f"TYPED {count}")
        yield
        if count % BURST == 0:
            while not workspace.work.saver.words.startswith("All changes saved"):
                yield
            say(f"KEPT {count}")


def press(key: str, words: str = "") -> None:
    target = QApplication.focusWidget() or QApplication.activeWindow()
    assert target is not None
    if words:
        QTest.keyClicks(target, words)
    else:
        QTest.keyClick(target, QKeySequence(key)[0].key())  # type: ignore[index]


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201


def main() -> int:
    home = Path(sys.argv[1])
    application = QApplication(sys.argv[:1])
    program = Program(application, home, load_settings(home).settings)
    told = story(program)

    def turn() -> None:
        try:
            next(told)
        except Exception as error:  # noqa: BLE001 (whoever started this process hears of it)
            say(f"FAILED {error!r}")
            application.exit(1)

    turns = QTimer()
    turns.timeout.connect(turn)
    turns.start(5)
    return work(application, program)


if __name__ == "__main__":
    sys.exit(main())
