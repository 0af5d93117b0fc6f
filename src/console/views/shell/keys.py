"""The overlay that lists the keys. It covers the window, takes nothing away, and any key or a click closes it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from console.views.theme import Type, current, watch
from console.views.widgets import KeyHint, SectionHeader, Text, named

Keys = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""Groups of (key, what it does), each under a heading."""


_LONG = 60
_HELD = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr)


class KeysOverlay(QWidget):
    """Covers ``window`` while it is shown."""

    def __init__(self, groups: Keys, window: QWidget) -> None:
        super().__init__(window)
        self._covers = window
        self._panel = QWidget(self)
        columns = QGridLayout(self._panel)
        for place, (heading, keys) in enumerate(groups):
            box = QVBoxLayout()
            box.addWidget(SectionHeader(heading))
            grid = QGridLayout()
            grid.setColumnStretch(1, 1)
            grid.setHorizontalSpacing(12)
            grid.setVerticalSpacing(6)
            for row, (key, what) in enumerate(keys):
                grid.addWidget(KeyHint(key), row, 0, Qt.AlignmentFlag.AlignRight)
                what_it_does = Text(what, wrap=len(what) > _LONG)
                grid.addWidget(what_it_does, row, 1)
            box.addLayout(grid)
            box.addStretch(1)
            columns.addLayout(box, place // 3, place % 3)
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(Text("Keys", Type.TITLE), 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addWidget(self._panel, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(2)
        lines = "; ".join(f"{key} {what}" for _, keys in groups for key, what in keys)
        named(self, "Keys", lines)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        window.installEventFilter(self)
        self._before: QWidget | None = None
        self.hide()
        watch(self._restyle)

    def toggle(self) -> None:
        """Show the overlay, or hide it and give the focus back."""
        if self.isVisible():
            self.hide()
            # What had the focus may be gone: things change under the overlay.
            if self._before is not None and isValid(self._before) and self._before.isVisible():
                self._before.setFocus()
            return
        self._before = self.window().focusWidget()
        self.setGeometry(self._covers.rect())
        self.show()
        self.raise_()
        self.setFocus()

    def put_away(self) -> None:
        """Go, and leave the focus to whoever takes it now."""
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._covers.rect())
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in _HELD:
            self.toggle()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 (Qt's name)
        # Tab is a key like any other here, and does not lead to what is covered.
        return not self.isVisible() and super().focusNextPrevChild(next)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.toggle()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), current().tokens.window)
        painter.end()

    def _restyle(self) -> None:
        space = current().space
        layout = self._panel.layout()
        if isinstance(layout, QGridLayout):
            layout.setHorizontalSpacing(space.xl * 2)
            layout.setVerticalSpacing(space.xl)
