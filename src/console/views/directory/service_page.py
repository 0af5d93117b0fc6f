"""One service, whole: what a clinician reads out, and what makes it doubtful."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from console.directory.rank import Hit
from console.models.service import LocalNote
from console.views.directory.note_box import NoteBox
from console.views.directory.opening_badge import OpeningBadge
from console.views.directory.wording import Line, opening, page_lines
from console.views.theme import Icon, Type, current, watch
from console.views.widgets import ActionButton, FocusScrollArea, Look, SectionHeader, Text, Tone, named

NOTE_KEY = "Alt+N"
_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse


class ServicePage(QFrame):
    """Shows the service that is selected. ``picked`` when the person offers it in the call."""

    picked = Signal()

    def __init__(self, zone: tzinfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._hit: Hit | None = None
        named(self, "Service")
        self._name = Text("", Type.TITLE, wrap=True)
        self._organization = Text("", tone=Tone.MUTED, wrap=True)
        self._badge = OpeningBadge()
        self._opening = Text("", Type.MEDIUM)
        self._phone = Text("", Type.TITLE, wrap=True)
        self._verified = Text("", Type.SMALL, Tone.MUTED, wrap=True)
        self._description = Text("", wrap=True)
        self._lines = _Lines()
        self._notes_head = SectionHeader("Notes of this center")
        self._notes = Text("", wrap=True)
        self.note = NoteBox(NOTE_KEY.replace("+", " "))
        self._may_note = True
        self._why = Text("", Type.SMALL, Tone.MUTED, wrap=True)
        for text in (self._name, self._phone, self._description, self._notes):
            text.setTextInteractionFlags(_SELECTABLE)
        self._nothing = Text("", tone=Tone.MUTED, wrap=True)
        self._pick = ActionButton("Offer in the call", key="Enter", look=Look.PRIMARY, icon=Icon.SERVICE)
        self._pick.clicked.connect(self.picked)
        self._pick.hide()
        self._build()
        watch(self._restyle)

    @property
    def hit(self) -> Hit | None:
        """The service that is shown."""
        return self._hit

    @property
    def pick_button(self) -> ActionButton:
        return self._pick

    def offer_picking(self, offered: bool) -> None:
        """Whether there is a call to offer the service in."""
        self._pick.setVisible(offered)

    def allow_notes(self, allowed: bool) -> None:
        """Whether this person may leave a note."""
        self._may_note = allowed
        self.note.setVisible(allowed)
        self._notes_head.setVisible(allowed or bool(self._notes.text()))

    def go_note(self) -> None:
        """Put the focus into the note, where there is a service to leave one on."""
        if self._hit is not None and self._may_note:
            self.note.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._area.ensureWidgetVisible(self.note)

    def invite(self, rows: bool) -> None:
        """Whether there is anything to choose from while nothing is shown."""
        self._nothing.setText("Choose a service to see all of it." if rows else "")

    def show_hit(self, hit: Hit | None, names: Mapping[UUID, str]) -> None:
        """Show a service, or none. ``names`` are those of the people who left notes."""
        same = hit is not None and self._hit is not None and hit.service == self._hit.service
        self._hit = hit
        self.note.ask(hit.service if hit is not None and self._may_note else None)
        self._pick.setEnabled(hit is not None)
        self._nothing.setVisible(hit is None)
        self._inner.setVisible(hit is not None)
        if hit is None:
            return
        described = hit.described
        self._name.setText(described.name)
        _say(self._organization, described.organization)
        self._badge.set_opening(hit.open.state)
        self._opening.setText(opening(hit))
        self._phone.setText(described.phone or "No phone number")
        self._phone.set_tone(Tone.TEXT if described.phone else Tone.WARN)
        _say(self._description, described.description)
        self._lines.show_lines(page_lines(hit))
        notes = "\n".join(self._note(note, names) for note in hit.notes)
        self._notes_head.setVisible(bool(notes) or self._may_note)
        _say(self._notes, notes)
        verified = hit.verified.text[:1].upper() + hit.verified.text[1:]
        self._verified.setText(f"{verified}: check before you rely on it" if hit.verified.stale else verified)
        self._verified.set_tone(Tone.WARN if hit.verified.stale else Tone.MUTED)
        self._why.setText(f"Why here: {hit.why}")
        self._pick.setAccessibleName(f"Offer {described.name} in the call")
        named(self, f"Service: {described.name}")
        if not same:
            self._area.verticalScrollBar().setValue(0)

    def _note(self, note: LocalNote, names: Mapping[UUID, str]) -> str:
        return f"{note.at.astimezone(self._zone):%Y-%m-%d} {names.get(note.by, 'somebody')}: {note.text}"

    def _build(self) -> None:
        self._inner = QWidget()
        self._column = QVBoxLayout(self._inner)
        self._state = QHBoxLayout()
        self._state.addWidget(self._badge)
        self._state.addWidget(self._opening, 1)
        self._column.addWidget(self._name)
        self._column.addWidget(self._organization)
        self._column.addWidget(self._phone)
        self._column.addLayout(self._state)
        self._column.addWidget(self._verified)
        self._column.addWidget(self._description)
        self._column.addWidget(self._lines)
        self._column.addWidget(self._notes_head)
        self._column.addWidget(self._notes)
        self._column.addWidget(self.note)
        self._column.addWidget(self._why)
        self._column.addStretch(1)
        self._area = FocusScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidget(self._inner)
        self._inner.setAutoFillBackground(False)
        self._area.viewport().setAutoFillBackground(False)
        self._inner.hide()
        self._foot = QHBoxLayout()
        self._foot.addWidget(self._pick)
        self._foot.addStretch(1)
        self._whole = QVBoxLayout(self)
        self._whole.addWidget(self._nothing)
        self._whole.addWidget(self._area, 1)
        self._whole.addLayout(self._foot)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), current().tokens.surface)
        painter.end()

    def _restyle(self) -> None:
        space = current().space
        self._whole.setContentsMargins(space.l, space.l, space.s, space.l)
        self._whole.setSpacing(space.m)
        self._column.setContentsMargins(0, 0, space.s, 0)
        self._column.setSpacing(space.s)
        self._state.setSpacing(space.s)


class _Lines(QWidget):
    """Labels at the left, what they say at the right; changed in place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[Text, Text]] = []
        watch(self._restyle)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Become these lines."""
        while len(self._rows) < len(lines):
            label, text = Text("", Type.SMALL, Tone.MUTED), Text("", wrap=True)
            text.setTextInteractionFlags(_SELECTABLE)
            text.setMinimumWidth(1)  # a word that is wider than the page must not make the page wider
            at = len(self._rows)
            self._grid.addWidget(label, at, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            self._grid.addWidget(text, at, 1, Qt.AlignmentFlag.AlignTop)
            self._rows.append((label, text))
        for at, (label, text) in enumerate(self._rows):
            shown = at < len(lines)
            label.setVisible(shown)
            text.setVisible(shown)
            if shown:
                label.setText(lines[at].label)
                text.setText(lines[at].text)
                text.setAccessibleName(f"{lines[at].label}: {lines[at].text}")
                text.set_tone(lines[at].tone)

    def _restyle(self) -> None:
        space = current().space
        self._grid.setContentsMargins(0, space.s, 0, space.s)
        self._grid.setHorizontalSpacing(space.m)
        self._grid.setVerticalSpacing(space.s)
        self._grid.setColumnMinimumWidth(0, current().px(84))


def _say(label: Text, words: str) -> None:
    """Show words, or take no room where there are none."""
    label.setText(words)
    label.setVisible(bool(words))
