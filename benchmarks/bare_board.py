"""The least that shows a queue: a plain table with as many rows, told as often that one changed; a process of its own.

``python -m benchmarks.bare_board CALLS PER_SECOND SECONDS`` prints one line of JSON as :mod:`benchmarks.watched_board`
does. It has no store, no queries and no look of its own: what it stands still is Qt, Python and this machine.
"""

import json
import random
import sys
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer
from PySide6.QtWidgets import QApplication, QTableView

from benchmarks.beats import Beats

_COLUMNS = 8
Index = QModelIndex | QPersistentModelIndex


class _Rows(QAbstractTableModel):
    def __init__(self, calls: int) -> None:
        super().__init__()
        self._rows = [[f"call {row} column {column}" for column in range(_COLUMNS)] for row in range(calls)]

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return _COLUMNS

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self._rows[index.row()][index.column()] if role == Qt.ItemDataRole.DisplayRole else None

    def change_one(self) -> None:
        row = random.randrange(len(self._rows))
        self._rows[row] = [f"{random.randrange(1_000)} {words[:20]}" for words in self._rows[row]]
        self.dataChanged.emit(self.index(row, 0), self.index(row, _COLUMNS - 1))


def main(calls: int, per_second: int, seconds: float) -> int:
    """Show the rows, change them, print."""
    application = QApplication(sys.argv[:1])
    rows = _Rows(calls)
    view = QTableView()
    view.setModel(rows)
    view.resize(1440, 860)
    view.show()
    updates = QTimer()
    updates.setTimerType(Qt.TimerType.PreciseTimer)
    updates.timeout.connect(rows.change_one)
    updates.start(1000 // per_second)
    beats = Beats()
    QTimer.singleShot(1000, lambda: beats.phase("updates"))
    QTimer.singleShot(round((1 + seconds) * 1000), application.quit)
    application.exec()
    print(json.dumps({"rows": calls, "stalls": beats.seen()}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
