"""Opening the screen, or saying in one line why there is none: Qt itself would end the process with much advice."""

import os
import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

STATUS = 2
"""Exit status of a process that finds no screen, as for any other thing that is not as it should be."""


def open_screen() -> QApplication:
    """The application, connected to the screen. Without one the process says so and ends: Qt gives no other way."""
    said: list[str] = []

    def hear(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if kind == QtMsgType.QtFatalMsg:
            reason = said[0] if said else "Qt gives no reason"
            sys.stderr.write(
                f"The screen cannot be opened ({reason}). Start the console from a desktop; the commands work without "
                "one, see 'clinician-console --help'.\n"
            )
            sys.stderr.flush()
            os._exit(STATUS)
        said.append(" ".join(message.split()))

    before = qInstallMessageHandler(hear)
    try:
        application = QApplication.instance() or QApplication(sys.argv[:1])
    finally:
        qInstallMessageHandler(before)
    for message in said:
        sys.stderr.write(f"{message}\n")
    assert isinstance(application, QApplication)
    return application
