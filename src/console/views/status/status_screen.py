"""The status screen: each thing the desk depends on, what still works without it, and the desk's settings."""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from console.actions import people as acts
from console.bridge.refresher import Refresher
from console.bridge.seat import Seat
from console.errors import KnownError
from console.models.changes import Changes
from console.models.doings import DOINGS
from console.queries.board import Freshness
from console.queries.status import DeskStatus, desk_status
from console.sync import again
from console.sync.status import SyncStatus
from console.views.status.desks_card import DesksCard
from console.views.status.own_password import OwnPassword
from console.views.status.sharing_card import SharingCard
from console.views.theme import Type, current, watch
from console.views.widgets import (
    ActionButton,
    Card,
    Fields,
    FocusScrollArea,
    Look,
    Notice,
    SectionHeader,
    StatusDot,
    Text,
    Tone,
    named,
)
from console.views.widgets.fields import LABELS, beside_room

THEMES = (("auto", "Like the desktop"), ("dark", "Dark"), ("light", "Light"), ("high-contrast", "High contrast"))
_SHOWN = 12
"""Entries that need attention, in full."""
SCALES = (1.0, 1.25, 1.5, 1.75, 2.0)
_CAD_TONES = {"fresh": Tone.GOOD, "stale": Tone.WARN, "down": Tone.DANGER, "none": Tone.MUTED}

_CAD_MEANS = {
    "fresh": "{says}. Calls and what CAD says of them come in.",
    "stale": "{says}. Rows stand as they were; everything that is written here is kept.",
    "down": "{says}. Calls can be entered by hand (F10 on the board); everything that is written here is kept.",
    "none": "{says}. Calls can be entered by hand (F10 on the board).",
}


class StatusScreen(QWidget):
    """Signals: ``preferred`` (name, value) when the person sets something of this workstation; ``cautions_muted``;
    ``joined`` when this desk joined a server, ``offered_again`` when what one refused is to be sent once more.
    """

    preferred = Signal(str, object)
    joined = Signal()
    offered_again = Signal()
    cautions_muted = Signal(bool)

    def __init__(self, seat: Seat, preferences: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seat = seat
        self.setAccessibleName("Status and settings of this desk")
        self._dots = {name: StatusDot("") for name in ("cad", "server", "store", "sound", "printer")}
        self._lines = {name: Text("", tone=Tone.MUTED, wrap=True) for name in self._dots}
        self._attention = Text("", wrap=True)
        self._again = ActionButton("Offer again", key="Alt+O", name="Offer what the server refused once more")
        self._again.hide()
        self.sharing = SharingCard(seat)
        self.sharing.joined.connect(self.joined)
        self._printer = named(QComboBox(), "Printer for sheets")
        self._theme = named(QComboBox(), "Colors")
        self._scale = named(QComboBox(), "Text size")
        self._mute = named(QCheckBox("Mute cautions here; alarms always sound"), "Mute cautions at this desk")
        self._mute.clicked.connect(self.cautions_muted)
        self._label = named(QLineEdit(), "Where this desk is")
        self._callback = named(QLineEdit(), "Call-back number on sheets")
        self._said = Notice()
        self._keep = ActionButton("Save desk", look=Look.PRIMARY)
        self._refused_before = 0
        for part in (self._label, self._callback, self._keep):
            part.setEnabled(seat.sign_in.may("desk.described"))
        self._chosen_printer = str(preferences.get("printer", ""))
        self._build(preferences)
        self._refresher = Refresher(seat.bridge, partial(desk_status, seat.desk, seat.sign_in), self, rest=2000)
        self._refresher.loaded.connect(self._loaded)
        self._refresher.failed.connect(self._failed)
        seat.bridge.changed.connect(self._changed)
        watch(self._restyle)

    def look(self) -> None:
        """Look at everything again; asks the printing system too, which may take a moment."""
        self._refresher.request()
        self.show_cad(self._seat.cad())
        self._dots["printer"].set_status("Printer: looking…", Tone.MUTED)
        self._lines["printer"].setText("Asking the print system what there is.")
        self._seat.bridge.printing(self, self._seat.printers.available, self._show_printers, self._no_printers)

    def show_cad(self, cad: Freshness) -> None:
        """How the CAD feed is."""
        self._dots["cad"].set_status(f"CAD: {cad.state}", _CAD_TONES[cad.state])
        self._lines["cad"].setText(_CAD_MEANS[cad.state].format(says=cad.says[:1].upper() + cad.says[1:].rstrip(".")))

    def show_server(self, status: SyncStatus, tone: Tone) -> None:
        """Where the desk stands with a server."""
        self._dots["server"].set_status(f"Server: {status.state}", tone)
        self.sharing.show_server(status)
        if status.state == "alone":
            self._lines["server"].setText("This desk works alone: it shares with no server. Nothing waits.")
            return
        self._lines["server"].setText(f"{status.says[:1].upper()}{status.says[1:]}. See Sharing with other desks.")
        if status.refused != self._refused_before:
            self._refused_before = status.refused
            self._refresher.request()

    def show_sound(self, says: str, fine: bool, muted: bool = False) -> None:
        """Whether alarms can be heard, and whether cautions are muted."""
        self._mute.setChecked(muted)
        self._dots["sound"].set_status("Sound", Tone.GOOD if fine else Tone.WARN)
        self._lines["sound"].setText(says[:1].upper() + says[1:])

    def _build(self, preferences: Mapping[str, Any]) -> None:
        works = Card()
        column = works.body
        column.addWidget(SectionHeader("What works here"))
        self._facts = QGridLayout()
        self._facts.setColumnStretch(1, 1)
        for at, (name, dot) in enumerate(self._dots.items()):
            self._facts.addWidget(dot, at, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(self._lines[name], at, 1)
        column.addLayout(self._facts)
        needs = Card()
        column = needs.body
        column.addWidget(SectionHeader("Needs attention"))
        column.addWidget(self._attention)
        column.addWidget(self._again, 0, Qt.AlignmentFlag.AlignLeft)
        self._again.clicked.connect(self.offer_again)
        shortcut = QShortcut(QKeySequence("Alt+O"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.offer_again)
        chosen = Card()
        column = chosen.body
        column.addWidget(SectionHeader("This workstation"))
        form = Fields(labels=LABELS)
        for value, words in THEMES:
            self._theme.addItem(words, value)
        for scale in SCALES:
            self._scale.addItem(f"{scale:.0%}", scale)
        self._theme.setCurrentIndex(max(0, self._theme.findData(preferences.get("theme", "auto"))))
        self._scale.setCurrentIndex(max(0, self._scale.findData(preferences.get("text_scale", 1.0))))
        for label, widget in (
            ("Colors", self._theme),
            ("Text size", self._scale),
            ("Printer for sheets", self._printer),
            ("Sound", self._mute),
            ("Where this desk is", self._label),
            ("Call-back number", self._callback),
        ):
            form.row(label, widget)
        column.addLayout(beside_room(form))
        column.addWidget(self._keep, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._said)
        self._theme.activated.connect(self._theme_chosen)
        self._scale.activated.connect(self._scale_chosen)
        self._printer.activated.connect(self._printer_chosen)
        self._keep.clicked.connect(self._describe)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.addWidget(Text("Status", Type.TITLE))
        for card in (works, needs, self.sharing, DesksCard(self._seat), chosen, OwnPassword(self._seat)):
            self._column.addWidget(card)
        self._column.addStretch(1)
        area = FocusScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is in it takes the focus, and comes into view
        area.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    # -- what is so ----------------------------------------------------------------------------------------------------

    def _changed(self, changes: Changes) -> None:
        if self.isVisible():
            self._refresher.request()

    def _loaded(self, found: DeskStatus) -> None:
        self._dots["store"].set_status("Store: encrypted", Tone.GOOD)
        calls = "1 call" if found.calls == 1 else f"{found.calls:,} calls"
        self._lines["store"].setText(
            f"{calls}, {found.open:,} open, {found.flagged:,} flagged; {found.entries:,} entries, "
            f"{found.bytes / 1e6:,.1f} MB in {found.home}. Desk code {found.code}."
        )
        self._attention.setText(_needing(found, self._seat.desk.zone))
        self._again.setVisible(found.refused > 0)
        self.sharing.show_desk(found)
        for line, value in ((self._label, found.label), (self._callback, found.callback)):
            if not line.hasFocus() and not line.isModified():
                line.setText(value)

    def _failed(self, error: KnownError) -> None:
        self._dots["store"].set_status("Store", Tone.DANGER)
        self._lines["store"].setText(error.message)

    def _show_printers(self, available: tuple[str, ...]) -> None:
        if [self._printer.itemData(at) for at in range(self._printer.count())] != ["", *available]:
            self._printer.clear()
            self._printer.addItem("None chosen", "")
            for name in available:
                self._printer.addItem(name, name)
        place = self._printer.findData(self._chosen_printer)
        self._printer.setCurrentIndex(max(0, place))
        if self._chosen_printer and place < 0:
            self._dots["printer"].set_status("Printer: missing", Tone.WARN)
            self._lines["printer"].setText(
                f"{self._chosen_printer} is not there. Save sheets as a file or read them out."
            )
        elif not self._chosen_printer:
            self._dots["printer"].set_status("Printer: none chosen", Tone.MUTED)
            self._lines["printer"].setText("Choose one below. Until then sheets are saved as a file or read out.")
        else:
            self._dots["printer"].set_status("Printer", Tone.GOOD)
            self._lines["printer"].setText(self._chosen_printer)

    def _no_printers(self, error: KnownError) -> None:
        self._show_printers(())
        self._dots["printer"].set_status("Printer: none", Tone.WARN)
        self._lines["printer"].setText(error.message)

    # -- what a server refused -----------------------------------------------------------------------------------------

    def offer_again(self) -> None:
        """Send what was refused once more: somebody mended what stood in the way, or wants to see."""
        if not self._again.isHidden() and self._again.isEnabled():
            self._again.setEnabled(False)
            self._seat.bridge.write(self, partial(again.offer_again, self._seat.desk), self._offered, self._not_offered)

    def _offered(self, _entries: object) -> None:
        self._again.setEnabled(True)
        self.offered_again.emit()
        self._refresher.request()

    def _not_offered(self, error: KnownError) -> None:
        self._again.setEnabled(True)
        self._refused(error)

    # -- what the person sets ------------------------------------------------------------------------------------------

    def _theme_chosen(self) -> None:
        self.preferred.emit("theme", self._theme.currentData())

    def _scale_chosen(self) -> None:
        self.preferred.emit("text_scale", self._scale.currentData())

    def _printer_chosen(self) -> None:
        self._chosen_printer = self._printer.currentData()
        self.preferred.emit("printer", self._chosen_printer)

    def _describe(self) -> None:
        seat = self._seat
        given = self._label.text(), self._callback.text()
        job: Callable[[], Any] = partial(acts.describe_desk, seat.desk, seat.sign_in, *given)
        seat.bridge.write(self, job, partial(self._described, given), self._refused)

    def _described(self, given: tuple[str, str], _result: object) -> None:
        for line, saved in zip((self._label, self._callback), given, strict=True):
            line.setModified(line.text() != saved)  # what was typed since stays
        self._said.say("Saved.", Tone.GOOD)

    def _refused(self, error: KnownError) -> None:
        self._said.say(error.message, Tone.DANGER)

    def _restyle(self) -> None:
        space = current().space
        self._column.setContentsMargins(space.xl, space.l, space.xl, space.l)
        self._column.setSpacing(space.m)
        self._facts.setHorizontalSpacing(space.l)
        self._facts.setVerticalSpacing(space.s)


def _needing(found: DeskStatus, zone: tzinfo) -> str:
    """What needs attention, an entry a line; what is settled is one line, and needs nothing."""
    lines = []
    for each in found.attention[:_SHOWN]:
        what = DOINGS.get(each.kind, each.kind)
        who = f" ({each.who}, {each.at.astimezone(zone):%H:%M})" if each.who and each.at else ""
        lines.append(
            f"{what[:1].upper()}{what[1:]}{who}: {each.reason.rstrip('.')}." + (f" {each.do}." if each.do else "")
        )
    if (more := found.needing - len(lines)) > 0:
        lines.append(f"and {more:,} more")
    if found.hidden:
        entries = "1 entry needs" if found.hidden == 1 else f"{found.hidden:,} entries need"
        lines.append(f"{entries} attention that you may not read: somebody who may sees why, signed in here.")
    if not lines:
        lines.append("Nothing: every entry makes sense where it stands.")
    if found.settled:
        lines.append(
            f"{found.settled} entries of this desk are settled: people and settings from before it joined, which come "
            "from the center's first desk, what another copy of its home has sent already, and what the server says "
            "anew of a desk. Nothing is to be done."
        )
    return "\n".join(lines)
