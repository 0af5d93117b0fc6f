"""Run the program in a process of its own, with a hand that does something as soon as it sees what it waits for."""

import os
import subprocess
import sys

from tests.support.runs import ROOT

_PROGRAM = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from console.views.shell.window import ConsoleWindow
{hand}
from console.app import screen
opened = screen.open_screen
def open_screen():
    application = opened()
    look.timer = QTimer()
    look.timer.timeout.connect(look)
    look.timer.start(20)
    return application
from console.app import run
run.open_screen = open_screen
from console.__main__ import main
sys.exit(main({words!r}))
"""


def run_with(hand: str, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run it with ``words``. ``hand`` is source that defines ``look()``, called over and over while it runs."""
    paths = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    environment = {**os.environ, "PYTHONPATH": paths, "QT_QPA_PLATFORM": "offscreen", **variables}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", _PROGRAM.format(hand=hand, words=list(words))],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
