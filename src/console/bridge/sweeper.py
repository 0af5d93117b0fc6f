"""Collecting garbage on the GUI thread only, in sweeps too short to see."""

import gc

from PySide6.QtCore import QObject, QTimer

SWEEP_MILLISECONDS = 500


class Sweeper(QObject):
    """Takes over from Python's own collector, which runs on whatever thread happens to allocate.

    There a Qt object that is part of a cycle would be destroyed off the thread it lives in, which Qt forbids. And
    Python would go through everything the program ever made, which takes longer than a key press may.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setObjectName("sweeper")
        self._timer.setInterval(SWEEP_MILLISECONDS)
        self._timer.timeout.connect(self.sweep)
        self._timer.start()

    def settle(self) -> None:
        """Leave what is there now out of all sweeps: modules, classes and first screens live as long as the program."""
        gc.freeze()

    def sweep(self) -> None:
        """Collect what Python itself would collect by now: the oldest generation that is due, with the younger ones."""
        # A limit of 0 means never.
        due = [0 < limit < made for made, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        for generation in (2, 1, 0):
            if due[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Give the work back to Python; for shut-down."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
