"""Ctrl+C in the terminal, and being asked to end by whoever started the program: both end it the way closing does."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QApplication

_ASKED_BY = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def asked_to_stop(stop: Callable[[], None]) -> Iterator[None]:
    """``stop`` is called on the GUI thread when a signal asks the program to end, instead of ending it in the middle.

    Python hears a signal when it runs, and what it raises in a slot of Qt is lost. It runs many times a second while Qt
    waits: the watchdog beats.
    """
    before = {number: signal.signal(number, lambda *_: stop()) for number in _ASKED_BY}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def stay(application: QApplication) -> int:
    """Until the last window is closed or a signal asks to end; returns the exit status."""
    with asked_to_stop(application.quit):
        return application.exec()
