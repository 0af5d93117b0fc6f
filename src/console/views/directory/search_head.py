"""What is looked for: words, needs, open now, near the call."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from console.directory.rank import Wanted
from console.queries.directory import CallPlace, NeedOffered
from console.views.theme import current, watch
from console.views.widgets import ChoiceRow, KeyHint, Text, Tone, named, numbered

MOST_NEEDS = 9
"""Chips that are shown, one for each number key; words find the rest."""

_WAIT_MS = 150
_DOWN = (Qt.Key.Key_Down, Qt.Key.Key_PageDown)
_PLACEHOLDER = "Find a service: detox, shelter, veterans…"


class SearchHead(QWidget):
    """``asked`` carries what is :class:`Wanted` now, shortly after the last key. ``downward`` and ``entered`` lead to
    the rows."""

    asked = Signal(object)
    downward = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._call: CallPlace | None = None
        self._offered: tuple[str, ...] = ()
        self.words = named(QLineEdit(), "Find a service by words", "key /")
        self.words.setPlaceholderText(_PLACEHOLDER)
        self.words.setClearButtonEnabled(True)
        self.words.setMaxLength(200)
        self._key = KeyHint("/", parent=self.words)
        self.open_now = named(QCheckBox("Open now"), "Open now: hide what is closed", "key Alt+O")
        self.near = named(QCheckBox("Near the call"), "Near the call: nearest first", "key Alt+C")
        self._open_key, self._near_key = KeyHint("Alt O"), KeyHint("Alt C")
        self.needs: ChoiceRow | None = None
        self._wait = QTimer(self)
        self._wait.setObjectName("directory words")
        self._wait.setSingleShot(True)
        self._wait.setInterval(_WAIT_MS)
        self._where = Text("", tone=Tone.MUTED)
        self._build()
        self.words.textChanged.connect(self._edited)
        self.words.returnPressed.connect(self._enter)
        self.words.installEventFilter(self)
        self.open_now.toggled.connect(self.ask)
        self.near.toggled.connect(self.ask)
        self._wait.timeout.connect(self.ask)
        self.show_call(None)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        watch(self._restyle)

    # -- what is asked -------------------------------------------------------------------------------------------------

    @property
    def wanted(self) -> Wanted:
        """What is looked for now."""
        place = self._call.at if self._call is not None and self.near.isChecked() else None
        needs = self.needs.values if self.needs is not None else ()
        return Wanted(self.words.text().strip(), needs, place, self.open_now.isChecked())

    def ask(self) -> None:
        """Ask at once."""
        self._wait.stop()
        self.asked.emit(self.wanted)

    def clear(self) -> bool:
        """Forget the words and the needs; false when there were none."""
        had = bool(self.words.text() or (self.needs is not None and self.needs.values))
        self.words.blockSignals(True)
        self.words.clear()
        self.words.blockSignals(False)
        self._key.setVisible(True)
        if self.needs is not None:
            self.needs.set_values(())
        if had:
            self.ask()
        return had

    def show_call(self, call: CallPlace | None) -> None:
        """The call that a service is looked for, or none."""
        self._call = call
        known = call is not None and call.at is not None
        for widget in (self.near, self._near_key):
            widget.setVisible(known)
        self.near.blockSignals(True)
        self.near.setChecked(known)
        self.near.blockSignals(False)
        if call is not None:
            where = call.place or "the call"
            self.near.setText(f"Near {where if len(where) <= 40 else where[:39] + '…'}")
            named(self.near, f"Near {where}: nearest first", "key Alt+C")
        self._where.setVisible(call is not None and not known)
        self._where.setText("The call's place is not known: no distances")
        self._fit()

    def show_needs(self, offered: Sequence[NeedOffered]) -> None:
        """The needs that the directory's services help with, as chips; what was chosen stays chosen."""
        needs = tuple(need.need for need in offered[:MOST_NEEDS])
        if needs == self._offered:
            return
        chosen = self.needs.values if self.needs is not None else ()
        focused = self.needs is not None and any(chip.hasFocus() for chip in self.needs.findChildren(QWidget))
        if self.needs is not None:
            self._column.removeWidget(self.needs)
            self.needs.hide()
            self.needs.deleteLater()
            self.needs = None
        self._offered = needs
        if needs:
            self.needs = ChoiceRow("What is needed", numbered([(need, need) for need in needs]), multiple=True)
            self.needs.set_values(chosen)
            self.needs.changed.connect(self._needs_changed)
            self._column.addWidget(self.needs)
            self.needs.follow(self.near)
            if focused:
                self.needs.setFocus()
        self._fit()
        if any(need not in needs for need in chosen):
            self.ask()

    def go_words(self) -> None:
        """Give the words the focus, with what is there selected."""
        self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.words.selectAll()

    def go_needs(self) -> None:
        """Give the needs the focus: number keys choose."""
        if self.needs is not None:
            self.needs.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def type_on(self, text: str) -> None:
        """Somebody types while the rows have the focus: they go on looking."""
        self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.words.end(False)
        self.words.insert(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _DOWN:
            self.downward.emit()
            return True
        return False

    def _needs_changed(self) -> None:
        self.ask()

    def _edited(self, text: str) -> None:
        self._key.setVisible(not text)
        self._wait.start()

    def _enter(self) -> None:
        self.ask()
        self.downward.emit()

    # -- building ------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._line = QHBoxLayout()
        self._line.addWidget(self.words, 1)
        self._switches = QHBoxLayout()
        for widget in (self.open_now, self._open_key, self.near, self._near_key, self._where):
            self._switches.addWidget(widget)
        self._switches.addStretch(1)
        self._line.addLayout(self._switches)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        # Chips know how many lines they take only once they are shown; what was asked before that is asked again.
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return done

    def _fit(self) -> None:
        """One line for words and switches where both fit, else two."""
        theme = current()
        narrow = self.width() < self._switches.sizeHint().width() + theme.px(340)
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._line.setDirection(direction)
        # Where the window is low the rows give way, never a line of what is looked for.
        self.setMinimumHeight(max(0, self._column.heightForWidth(self.width())))
        chip = self._key.sizeHint()
        words = self.words.fontMetrics().horizontalAdvance(_PLACEHOLDER)
        self._key.resize(chip)
        self._key.move(words + 2 * theme.space.m, (self.words.sizeHint().height() - chip.height()) // 2)

    def _restyle(self) -> None:
        space = current().space
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(space.s)
        self._line.setSpacing(space.m)
        self._switches.setSpacing(space.s)
        self._fit()
