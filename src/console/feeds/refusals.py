"""What a source could not use, named: nothing that was read is dropped without a line that says so."""

import threading

import msgspec


class Refused(msgspec.Struct, frozen=True):
    """One row that was not taken. ``line`` is where it starts in the file, ``last_line`` where it ends."""

    file: str
    line: int
    last_line: int
    reason: str

    def __str__(self) -> str:
        lines = f"line {self.line}" if self.last_line <= self.line else f"lines {self.line}-{self.last_line}"
        return f"{self.file}, {lines}: {self.reason}"


class Reading:
    """Counts of what was read, readable from any thread while the reading goes on.

    ``rows`` were read in all: each is a ``calls`` row that was taken, one of the ``repeated`` (exactly a row before
    it), one of the ``replaced`` (the same call at the same time, said again otherwise: the later row counts, unless
    rows are updates) or refused. ``ambiguous`` and ``shifted`` count local times that happened twice or never on a day
    the clocks change, ``unplaced`` rows that were taken without their coordinates because those cannot be read.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.rows = 0
        self.calls = 0
        self.repeated = 0
        self.ambiguous = 0
        self.shifted = 0
        self.unplaced = 0
        self._replaced: list[Refused] = []
        self._refused: list[Refused] = []

    def refuse(self, row: Refused) -> None:
        """Name a row that is not taken."""
        with self._lock:
            self._refused.append(row)

    def replace(self, row: Refused) -> None:
        """Name a row that a later row of the same call and time takes the place of."""
        with self._lock:
            self._replaced.append(row)

    @property
    def refused(self) -> tuple[Refused, ...]:
        """Every row that was not taken, with the reason."""
        with self._lock:
            return tuple(self._refused)

    @property
    def refused_count(self) -> int:
        """How many rows were not taken."""
        with self._lock:
            return len(self._refused)

    @property
    def replaced(self) -> tuple[Refused, ...]:
        """Every row whose place a later row took."""
        with self._lock:
            return tuple(self._replaced)

    def sentence(self) -> str:
        """The whole reading in a line for a person."""
        parts = [f"{self.rows:,} rows read", f"{self.calls:,} calls"]
        for count, words in (
            (self.repeated, "repeat a row before them"),
            (len(self.replaced), "replaced by a later row of the same call"),
            (self.refused_count, "refused"),
            (self.ambiguous, "at an hour that the clocks ran through twice"),
            (self.shifted, "at an hour that the clocks skipped"),
            (self.unplaced, "with coordinates that cannot be read"),
        ):
            if count:
                parts.append(f"{count:,} {words}")
        return ", ".join(parts) + "."
