"""The line at the bottom that always answers: is CAD fresh, is the server there, does my work wait, what time is it."""

from datetime import datetime, tzinfo

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QSizePolicy, QWidget

from console.queries.board import Freshness
from console.sync.status import SyncStatus
from console.views.theme import Icon, Type, current, watch
from console.views.widgets import ElidedText, StatusDot, Tone
from console.views.widgets.ages import age, rough_text

_CAD_TONES = {"fresh": Tone.GOOD, "stale": Tone.WARN, "down": Tone.DANGER, "none": Tone.MUTED}
_SERVER_TONES = {"live": Tone.GOOD, "catching up": Tone.MUTED, "alone": Tone.MUTED, "shared": Tone.MUTED}
_CALM_TICKS = 30
_ROOM_TO_SAY, _ROOM_FOR_TROUBLE = 200, 300
"""Pixels at 100 % that a calm line, and the reason why something is not saved, are given before others shorten."""


def server_tone(status: SyncStatus) -> Tone:
    """Green for a desk that shares now; nothing to see for one that works alone; a warning for everything between."""
    return _SERVER_TONES.get(status.state, Tone.WARN)


class StatusLine(QFrame):
    """One row of short facts; each also says itself to a screen reader.

    Where there is little room, what matters least gives way first, in the order of :meth:`_fit`: its words become an
    icon, then it goes. Where the desk stands with a server is told whole.
    """

    def __init__(self, zone: tzinfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._cad = StatusDot("CAD: no source")
        self._server = StatusDot("Working alone")
        self._sound = StatusDot("Sound on")
        self._printer = StatusDot("No printer chosen")
        self._said = ElidedText("", Type.SMALL, Tone.MUTED)
        self._saved = ElidedText("", Type.SMALL, Tone.MUTED)
        self._kept = self._kept_shortly = ""
        self._sound_fine = True
        self._said_for: int | None = None
        self._troubled = self._shares = False
        self._said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._said.setMinimumWidth(0)
        self._row = row = QHBoxLayout(self)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
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
        self._fit()

    def say(self, words: str, tone: Tone = Tone.MUTED) -> None:
        """A calm line about something that just happened: for half a minute; bad news stays until the next one."""
        self._said.setText(words)
        self._said.set_tone(tone)
        self._said_for = _CALM_TICKS if tone in (Tone.MUTED, Tone.GOOD) else None
        self._fit()

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
        when = f"{at.astimezone(self._zone):%H:%M:%S}"
        self._kept, self._kept_shortly = f"All changes saved {when}", f"Saved {when}"
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

    def minimumSizeHint(self) -> QSize:
        """However much it has to say, it never keeps the window from becoming narrower."""
        return QSize(0, self._row.minimumSize().height())

    def _fit(self) -> None:
        """Let go of what matters least until the rest has room."""
        px, gap = current().px, current().space.l
        # What all is well with takes its room and no more; what is not takes what there is, and is cut before it widens
        # the window.
        policy = QSizePolicy.Policy.Ignored if self._troubled else QSizePolicy.Policy.Preferred
        self._saved.setSizePolicy(policy, QSizePolicy.Policy.Preferred)
        self._row.setStretchFactor(self._saved, 1 if self._troubled else 0)
        quiet = not self._troubled and self._saved.text() in (self._kept, self._kept_shortly)
        kept, shortly = (self._saved_width(words) for words in (self._kept, self._kept_shortly))
        saved = kept if quiet else self._saved_width(self._saved.text())
        widths: dict[QWidget, int] = {
            dot: dot.width_of_words() for dot in (self._cad, self._server, self._sound, self._printer)
        }
        widths[self._saved] = min(saved, px(_ROOM_FOR_TROUBLE)) if self._troubled else saved
        said = 0 if self._said.isHidden() else min(self._said.sizeHint().width(), px(_ROOM_TO_SAY))
        steps = (
            (self._saved, shortly if quiet else widths[self._saved], said),
            (self._printer, self._printer.width_of_icon(), said),
            (self._sound, self._sound.width_of_icon(), said),
            (self._server, widths[self._server] if self._shares else 0, 0),
            (self._printer, 0, 0),
            (self._sound, 0 if self._sound_fine else self._sound.width_of_icon(), 0),
            (self._saved, widths[self._saved] if self._troubled else 0, 0),
            (self._cad, self._cad.width_of_icon(), 0),
        )
        for part, width, beside in steps:
            if sum(wide + gap for wide in widths.values() if wide) + beside + 2 * gap <= self.width():
                break
            widths[part] = width
        for each, width in widths.items():
            each.setVisible(width > 0)
        sound = Icon.SOUND if self._sound_fine else Icon.SOUND_OFF
        for dot, icon in ((self._cad, Icon.FEED), (self._sound, sound), (self._printer, Icon.PRINT)):
            dot.shorten(icon if widths[dot] < dot.width_of_words() else None)
        if quiet:
            self._saved.setText(self._kept if widths[self._saved] == kept else self._kept_shortly)

    def _saved_width(self, words: str) -> int:
        return self._saved.fontMetrics().horizontalAdvance(words)

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
