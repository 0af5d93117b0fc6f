"""The center's desks; an administrator retires one that was lost."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout

from console.actions import people as acts
from console.bridge.refresher import Refresher
from console.bridge.seat import Seat
from console.errors import KnownError
from console.models.changes import Changes
from console.queries.desks import Workstation, desks
from console.views.widgets import ActionButton, Card, Look, Notice, SectionHeader, Text, Tone, named


class DesksCard(Card):
    """Every desk a line. Retiring is asked for twice: the second press of the button does it."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self._seat = seat
        self._lines = Text("", wrap=True)
        self._which = named(QComboBox(), "Desk to retire")
        self._retire = ActionButton("Retire desk", look=Look.DANGER)
        self._said = Notice()
        self._asked: UUID | None = None
        self.body.addWidget(SectionHeader("Desks of the center"))
        self.body.addWidget(self._lines)
        row = QHBoxLayout()
        row.addWidget(self._which)
        row.addWidget(self._retire)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(self._said)
        for part in (self._which, self._retire):
            part.hide()
        self._which.currentIndexChanged.connect(self._start_anew)
        self._retire.clicked.connect(self.retire)
        self._refresher = Refresher(seat.bridge, partial(desks, seat.desk, seat.sign_in), self)
        self._refresher.loaded.connect(self._loaded)
        self._refresher.failed.connect(self._refused)
        seat.bridge.changed.connect(self._changed)
        self._refresher.request()

    @property
    def lines(self) -> list[str]:
        """The desks as they are listed."""
        return self._lines.text().splitlines()

    @property
    def said(self) -> str:
        """What was said last."""
        return self._said.text()

    def retire(self) -> None:
        """Ask whether it is meant; the second time, do it."""
        chosen: Workstation | None = self._which.currentData(Qt.ItemDataRole.UserRole)
        if chosen is None:
            return
        if self._asked != chosen.desk:
            self._asked = chosen.desk
            self._retire.set_words(f"Yes, retire desk {chosen.code}")
            self._said.say(
                f"Desk {chosen.name} is then shut out by the server, and joins again only with a new code from the "
                "server's operator. What was entered there and has been sent stays."
            )
            return
        self._start_anew()  # one more press asks again
        job = partial(acts.retire_desk, self._seat.desk, self._seat.sign_in, chosen.desk)
        self._seat.bridge.write(self, job, partial(self._retired, chosen), self._refused)

    def _changed(self, changes: Changes) -> None:
        if changes.touches("desk"):
            self._refresher.request()

    def _loaded(self, found: tuple[Workstation, ...]) -> None:
        self._lines.setText("\n".join(each.says for each in found))
        others = [each for each in found if not each.here and not each.retired]
        if [self._which.itemData(place) for place in range(self._which.count())] != others:
            with QSignalBlocker(self._which):  # what was said of a desk stays while the list is made anew
                self._which.clear()
                for each in others:
                    self._which.addItem(f"Desk {each.name}", each)
            if self._asked is not None:
                self._start_anew()
        may = bool(others) and self._seat.sign_in.may("desk.retired")
        self._which.setVisible(may)
        self._retire.setVisible(may)

    def _start_anew(self) -> None:
        self._asked = None
        self._retire.set_words("Retire desk")
        self._said.say("")

    def _retired(self, which: Workstation, _result: object) -> None:
        self._start_anew()
        self._said.say(f"Desk {which.name} is retired.", Tone.GOOD)

    def _refused(self, error: KnownError) -> None:
        self._said.say(error.message, Tone.DANGER)
