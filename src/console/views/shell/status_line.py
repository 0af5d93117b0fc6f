"""The line at the bottom that always answers: is CAD fresh, is the server there, does my work wait, what time is it."""

from datetime import datetime, tzinfo

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from console.queries.board import Freshness
from console.sync.status import SyncStatus
from console.views.theme import Type, current, watch
from console.views.widgets import ElidedText, StatusDot, Tone
from console.views.widgets.ages import age, rough_text

_CAD_TONES = {"fresh": Tone.GOOD, "stale": Tone.WARN, "down": Tone.DANGER, "none": Tone.MUTED}
_SERVER_TONES = {"live": Tone.GOOD, "catching up": Tone.MUTED, "alone": Tone.MUTED, "shared": Tone.MUTED}
_CALM_TICKS = 30
_ROOM_FOR_PRINTER, _ROOM_FOR_SERVER, _ROOM_FOR_SOUND = 900, 780, 640


def server_tone(status: SyncStatus) -> Tone:
    """Green for a desk that shares now; nothing to see for one that works alone; a warning for everything between."""
    return _SERVER_TONES.get(status.state, Tone.WARN)


class StatusLine(QFrame):
    """One row of short facts; each also says itself to a screen reader."""

    def __init__(self, zone: tzinfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._cad = StatusDot("CAD: no source")
        self._server = StatusDot("Working alone")
        self._sound = StatusDot("Sound on")
        self._printer = StatusDot("No printer chosen")
        self._said = ElidedText("", Type.SMALL, Tone.MUTED)
        self._saved = ElidedText("", Type.SMALL, Tone.MUTED)
        self._kept = ""
        self._sound_fine = True
        self._said_for: int | None = None
        self._troubled = self._shares = False
        self._said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._row = row = QHBoxLayout(self)
        for dot in (self._cad, self._server, self._sound, self._printer):
            row.addWidget(dot)
        row.addWidget(self._said, 1)
        row.addWidget(self._saved)
        self._saved.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName("Status")
        watch(self._restyle)

    @property
    def printer(self) -> str:
        """What it says of the printer."""
        return self._printer.accessibleName()

    @property
    def said(self) -> str:
        """The calm line."""
        return self._said.text()

    @property
    def cad(self) -> str:
        """What it says of CAD."""
        return self._cad.accessibleName()

    def show_cad(self, cad: Freshness, now: datetime) -> None:
        """How fresh the CAD feed is, in a word and its age; the sentence stands on the board and the status screen."""
        words = "No live CAD" if cad.source else cad.says[:1].upper() + cad.says[1:]
        if cad.state != "none":
            old = f" {rough_text(age(cad.last_at, now))}" if cad.last_at is not None else ""
            words = f"CAD {cad.state}{old}"
        self._cad.set_status(words, _CAD_TONES[cad.state])
        self._fit()

    def show_server(self, status: SyncStatus) -> None:
        """Where the desk stands with a server, what waits to be sent, and how many entries a server refused."""
        says = status.says
        if status.refused and status.since is None:  # without a server that is said first
            needs = "1 entry needs" if status.refused == 1 else f"{status.refused:,} entries need"
            says = f"{needs} attention" + (f", {status.waiting:,} to send" if status.waiting else "")
        self._shares = status.state != "alone"
        self._server.set_status(says[:1].upper() + says[1:], Tone.WARN if status.refused else server_tone(status))
        self._fit()

    @property
    def server(self) -> str:
        """What it says of the server; "" where there is no room for it."""
        return "" if self._server.isHidden() else self._server.accessibleName()

    def show_sound(self, says: str, fine: bool) -> None:
        """Whether alarms can be heard."""
        self._sound_fine = fine
        self._sound.set_status(says, Tone.MUTED if fine else Tone.WARN)
        self._fit()

    def show_printer(self, says: str, fine: bool) -> None:
        """Which printer sheets go to."""
        self._printer.set_status(says, Tone.MUTED if fine else Tone.WARN)

    def say(self, words: str, tone: Tone = Tone.MUTED) -> None:
        """A calm line about something that just happened: for half a minute; bad news stays until the next one."""
        self._said.setText(words)
        self._said.set_tone(tone)
        self._said_for = _CALM_TICKS if tone in (Tone.MUTED, Tone.GOOD) else None

    def tick(self) -> None:
        """A second has passed: what was done a while ago is no news any more."""
        if self._said_for is not None:
            self._said_for -= 1
            if self._said_for <= 0:
                self.say("")
                self._said_for = None

    @property
    def saved(self) -> str:
        """What it says of the work's way to the disk."""
        return self._saved.text()

    def show_saving(self) -> None:
        """Something that was typed is not on disk yet."""
        self._troubled = False
        self._saved.setText("saving…")
        self._saved.set_tone(Tone.MUTED)
        self._fit()

    def show_saved(self, at: datetime) -> None:
        """When the last act was durably kept."""
        narrow = self.width() / current().px(1) < _ROOM_FOR_PRINTER
        self._kept = f"{'Saved' if narrow else 'All changes saved'} {at.astimezone(self._zone):%H:%M:%S}"
        self.show_unsaved("")

    def show_unsaved(self, why: str) -> None:
        """Why something is not kept; "" when nothing is in the way any more."""
        self._troubled = bool(why)
        self._saved.setText(f"NOT SAVED: {why}" if why else self._kept)
        self._saved.set_tone(Tone.DANGER if why else Tone.MUTED)
        # A reason may be long: it takes the room of what was said before, and is cut before it widens the window.
        self._said.setVisible(not why)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where there is little room, what matters least goes first; the freshness of CAD is never cut short."""
        room = self.width() / current().px(1)
        # What all is well with takes its room and no more; what is not takes what there is, and is cut before it widens
        # the window.
        policy = QSizePolicy.Policy.Ignored if self._troubled else QSizePolicy.Policy.Preferred
        self._saved.setSizePolicy(policy, QSizePolicy.Policy.Preferred)
        self._saved.setMinimumWidth(0 if self._troubled else self._saved.sizeHint().width())
        self._row.setStretchFactor(self._saved, 1 if self._troubled else 0)
        self._printer.setVisible(room >= _ROOM_FOR_PRINTER)
        self._server.setVisible(self._shares or room >= _ROOM_FOR_SERVER)
        self._sound.setVisible(not self._shares or room >= _ROOM_FOR_SOUND or not self._sound_fine)
        # Where a desk stands with its server is told whole: what waits is its last word.
        self._server.setMinimumWidth(min(self._server.sizeHint().width(), self.width() // 2) if self._shares else 0)
        self._cad.setMinimumWidth(min(self._cad.sizeHint().width(), self.width() // 2))

    def _restyle(self) -> None:
        self._fit()
        space = current().space
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(space.l, space.xs, space.l, space.xs)
            layout.setSpacing(space.l)
        tokens = current().tokens
        palette = self.palette()
        palette.setColor(self.backgroundRole(), tokens.surface)
        self.setPalette(palette)
        self.setAutoFillBackground(True)
