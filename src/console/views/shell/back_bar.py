"""The bar over a call when the window is too narrow for the board beside it: the way back, and what rings there."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.queries.alarms import Alarm
from console.views.theme import Icon, Type, current, watch
from console.views.widgets import ActionButton, ElidedText, Look, Tone


class BackBar(QWidget):
    """Signals: ``back`` to the board, ``acknowledged`` (key) for the gravest alarm."""

    back = Signal()
    acknowledged = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = ""
        self._back = ActionButton("Board", key="Alt+B", icon=Icon.BOARD, look=Look.QUIET, name="Back to the board")
        self._back.clicked.connect(self.back)
        self._says = ElidedText("", Type.SMALL)
        self._seen = ActionButton("Acknowledge", key="F9", look=Look.QUIET)
        self._seen.clicked.connect(self.acknowledge)
        row = QHBoxLayout(self)
        row.addWidget(self._back)
        row.addWidget(self._says, 1)
        row.addWidget(self._seen)
        self.show_alarms(())
        watch(self._restyle)

    def show_alarms(self, alarms: Sequence[Alarm]) -> None:
        """Say the gravest alarm that nobody has acknowledged, and how many there are."""
        waiting = [alarm for alarm in alarms if not alarm.acknowledged_by and alarm.tier != "advisory"]
        self._key = waiting[0].key if waiting else ""
        self._seen.setVisible(bool(waiting))
        if not waiting:
            self._says.setText("No alarms")
            self._says.set_tone(Tone.MUTED)
            return
        first = waiting[0]
        more = f" · {len(waiting) - 1} more" if len(waiting) > 1 else ""
        self._says.setText(f"{first.detail} · {first.title}{more}")
        self._says.set_tone(Tone.DANGER if first.tier == "alarm" else Tone.WARN)

    def acknowledge(self) -> None:
        """Somebody saw the gravest alarm."""
        if self._key:
            self.acknowledged.emit(self._key)

    def _restyle(self) -> None:
        theme = current()
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(theme.space.s, theme.space.xs, theme.space.s, theme.space.xs)
            layout.setSpacing(theme.space.s)
        palette = self.palette()
        palette.setColor(self.backgroundRole(), theme.tokens.surface)
        self.setPalette(palette)
        self.setAutoFillBackground(True)
