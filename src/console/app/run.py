"""Starting the desktop: on the person's own home, or on a drill."""

import argparse
import threading
from pathlib import Path

from PySide6.QtWidgets import QApplication

from console.app.program import TITLE, Program
from console.app.screen import open_screen
from console.app.stopping import stay
from console.off_gui import mark_gui_thread
from console.security.hardening import harden_process, prepare_home
from console.settings import default_home, load_settings


def run(words: argparse.Namespace) -> int:
    """Run the desktop until its last window is closed; returns the exit status."""
    harden_process()
    application = open_screen()
    application.setApplicationName(TITLE)
    if words.command == "drill":
        from console.app import drill  # late: a working day needs none of it

        return drill.run(application, words)
    home = prepare_home(Path(words.home) if words.home else default_home())
    return work(application, Program(application, home, load_settings(home).settings))


def work(application: QApplication, program: Program) -> int:
    """Open the home in a first window and stay until the last window is closed."""
    mark_gui_thread(threading.get_ident())
    try:
        program.open_home(program.open_window())
        return stay(application)
    finally:
        program.close()
        mark_gui_thread(None)
