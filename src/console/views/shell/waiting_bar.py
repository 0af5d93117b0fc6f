"""The clinician's own encounters that have no call yet: the way back to them after another page, or another start."""

from collections.abc import Sequence
from datetime import tzinfo
from functools import partial
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.bridge.refresher import Refresher
from console.bridge.seat import Seat
from console.models.changes import Changes
from console.queries.workspace import OpenEncounter, open_encounters
from console.views.theme import Icon, Type, current, watch
from console.views.widgets import ActionButton, Look, Text, Tone

KEY = "Shift+F12"
_MOST = 4


class WaitingBar(QWidget):
    """Stands under the board, so that its coming and going moves no row. ``opened`` carries the encounter."""

    opened = Signal(object)

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone: tzinfo = seat.desk.zone
        self._waiting: tuple[OpenEncounter, ...] = ()
        self._on_page: UUID | None = None
        self._buttons: dict[UUID, ActionButton] = {}
        self._says = Text("", Type.SMALL, Tone.CHANGED)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._says)
        self._row.addStretch(1)
        self._reader = Refresher(seat.bridge, partial(open_encounters, seat.desk, seat.sign_in), self, rest=500)
        self._reader.loaded.connect(self._loaded)
        seat.bridge.changed.connect(self._changed)
        self.setAccessibleName("Encounters without a call")
        self.hide()
        self._reader.request()
        watch(self._restyle)

    @property
    def encounters(self) -> tuple[UUID, ...]:
        """The encounters that it offers, oldest first."""
        return tuple(self._buttons)

    def leave_out(self, encounter: UUID | None) -> None:
        """This one is on the page already; None when none is."""
        self._on_page = encounter
        self._show()

    def open_first(self) -> bool:
        """Go to the one that waits longest; says whether there is one."""
        first = next(iter(self._buttons), None)
        if first is not None:
            self.opened.emit(first)
        return first is not None

    def _changed(self, changes: Changes) -> None:
        if changes.touches("encounter"):
            self._reader.request()

    def _loaded(self, found: Sequence[OpenEncounter]) -> None:
        self._waiting = tuple(sorted((each for each in found if each.call is None), key=_since))
        self._show()

    def _show(self) -> None:
        wanted = {each.encounter: each for each in self._waiting if each.encounter != self._on_page}
        shown = dict(list(wanted.items())[:_MOST])
        for gone in [each for each in self._buttons if each not in shown]:
            button = self._buttons.pop(gone)
            self._row.removeWidget(button)
            button.deleteLater()
        for encounter, each in shown.items():
            if encounter not in self._buttons:
                began = f"{each.started_at.astimezone(self._zone):%H:%M:%S}"
                button = ActionButton(
                    began, look=Look.QUIET, icon=Icon.PHONE, name=f"Open the encounter of {began}, no call bound yet"
                )
                button.clicked.connect(partial(self._pressed, encounter))
                self._buttons[encounter] = button
                self._row.insertWidget(self._row.count() - 1, button)
        more = f" (the first {_MOST} of {len(wanted)})" if len(wanted) > len(shown) else ""
        self._says.setText(f"No call bound yet, {KEY}:{more}")
        self.setVisible(bool(shown))

    def _pressed(self, encounter: UUID, *_: object) -> None:
        self.opened.emit(encounter)

    def _restyle(self) -> None:
        space = current().space
        self._row.setContentsMargins(space.l, space.xs, space.m, space.xs)
        self._row.setSpacing(space.s)
        palette = self.palette()
        palette.setColor(self.backgroundRole(), current().tokens.changed_soft)
        self.setPalette(palette)
        self.setAutoFillBackground(True)


def _since(encounter: OpenEncounter) -> float:
    return encounter.started_at.timestamp()
