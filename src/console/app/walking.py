"""What every walk through a drill has: hands at a window, patience, and a folder for its pictures."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QKeySequence, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from console.app.program import Program
from console.errors import KnownError

_PATIENCE_MILLISECONDS = 30_000
_LOOK_MILLISECONDS = 25


class Hands:
    """The hands at one window."""

    def __init__(self, window: QWidget) -> None:
        self.window = window

    @property
    def focused(self) -> QWidget:
        """Where the keys go."""
        widget: QWidget | None = self.window.focusWidget()
        return widget or self.window

    def press(self, *keys: str) -> None:
        """Press keys or chords, one after another, where the focus is."""
        for each in keys:
            combination = QKeySequence(each)[0]  # type: ignore[index]
            QTest.keyClick(self.focused, combination.key(), combination.keyboardModifiers())

    def type(self, words: str) -> None:
        """Type where the focus is."""
        QTest.keyClicks(self.focused, words)


class Walk:
    """``folder`` receives the pictures, numbered in the order of the journey after ``named``.

    A fault in one of the programs ends the walk at the next picture.
    """

    def __init__(self, folder: str, *programs: Program, named: str = "") -> None:
        self.taken = 0
        self.folder = Path(folder)
        self._named = named
        self._broken: list[str] = []
        self._stopped = False
        for program in programs:
            program.faults.broke.connect(self._broken.append)
            program.bridge.broke.connect(self._broken.append)

    def set_out(self) -> None:
        """Make the folder, or raise :class:`KnownError`."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise KnownError(f"{self.folder} cannot be made: {error.strerror or error}.") from error

    def stop(self) -> None:
        """End the walk at the next step."""
        self._stopped = True

    def until(self, happened: Callable[[], object], what: str) -> None:
        """Wait as a person would. Raises :class:`KnownError` when ``what`` does not come to pass."""
        for _ in range(_PATIENCE_MILLISECONDS // _LOOK_MILLISECONDS):
            if happened():
                return
            self._wait()
        raise KnownError(f"The walk waited for {what} in vain.")

    def settle(self, looks: int = 16) -> None:
        """Let queries come back and the screen be painted."""
        for _ in range(looks):
            self._wait()

    def _wait(self) -> None:
        QTest.qWait(_LOOK_MILLISECONDS)
        if self._stopped:
            raise KeyboardInterrupt

    def keep(self, name: str, picture: QPixmap) -> None:
        """Save a picture. Raises :class:`KnownError` where it cannot be written, or something went wrong before it."""
        if self._broken:
            raise KnownError(f"Something in the program went wrong before the picture of {name} ({self._broken[0]}).")
        self.taken += 1
        path = self.folder / f"{self._named}{self.taken:02d}-{name}.png"
        if not picture.save(str(path)):
            raise KnownError(f"{path} could not be written.")
