"""The overlay that lists the keys. It covers the window, takes nothing away, and any key or a click closes it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractSlider, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from console.views.theme import Type, current, watch
from console.views.widgets import KeyHint, SectionHeader, Text, Tone, Watermark, named

Keys = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""Groups of (key, what it does), each under a heading."""


_LONG = 60
_MOST_COLUMNS = 3
_HELD = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr)
_SCROLLS = {
    Qt.Key.Key_Up: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_Down: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_Home: QAbstractSlider.SliderAction.SliderToMinimum,
    Qt.Key.Key_End: QAbstractSlider.SliderAction.SliderToMaximum,
}


class _Group(QWidget):
    """A heading and its keys."""

    def __init__(self, heading: str, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.lines = len(keys) + 2  # the heading, and the gap under the group
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(SectionHeader(heading), 0, 0, 1, 2)
        for row, (key, what) in enumerate(keys, 1):
            self._grid.addWidget(KeyHint(key), row, 0, Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(Text(what, wrap=len(what) > _LONG), row, 1)

    def set_gaps(self, across: int, down: int) -> None:
        self._grid.setHorizontalSpacing(across)
        self._grid.setVerticalSpacing(down)


class KeysOverlay(QWidget):
    """Covers ``window`` while it is shown, in as many columns as it has room for; what is longer scrolls."""

    def __init__(self, groups: Keys, window: QWidget, *, drill: bool = False) -> None:
        super().__init__(window)
        self._covers = window
        self._groups = [_Group(heading, keys) for heading, keys in groups]
        panel = QWidget()
        self._across = QHBoxLayout(panel)
        self._columns = [QVBoxLayout() for _ in range(_MOST_COLUMNS)]
        self._across.addStretch(1)
        for column in self._columns:
            self._across.addLayout(column)
        self._across.addStretch(1)
        for group in self._groups:
            self._columns[0].addWidget(group)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidgetResizable(True)
        self._area.setWidget(panel)
        for ground in (self._area, self._area.viewport(), panel):
            ground.setAutoFillBackground(False)
        self._closes = Text("Any key closes", Type.SMALL, Tone.MUTED)
        self._area.verticalScrollBar().rangeChanged.connect(self._tell_how)
        mark = Watermark()
        mark.setVisible(drill)
        outer = QVBoxLayout(self)
        outer.addWidget(mark, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addWidget(Text("Keys", Type.TITLE), 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addWidget(self._closes, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addWidget(self._area, 1)
        lines = "; ".join(f"{key} {what}" for _, keys in groups for key, what in keys)
        named(self, "Keys", f"Drill, not real calls. {lines}" if drill else lines)
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
        self._cover()
        self._area.verticalScrollBar().setValue(0)
        self.show()
        self.raise_()
        self.setFocus()

    def put_away(self) -> None:
        """Go, and leave the focus to whoever takes it now."""
        self.hide()

    # -- columns -------------------------------------------------------------------------------------------------------

    def _cover(self) -> None:
        self.setGeometry(self._covers.rect())
        self._arrange()

    def _arrange(self) -> None:
        """As many columns as fit, about as long as each other, in the order of the groups."""
        space = current().space
        for count in range(_MOST_COLUMNS, 0, -1):
            columns = _parted(self._groups, count)
            wide = sum(max(group.sizeHint().width() for group in column) for column in columns)
            if count == 1 or wide + (len(columns) - 1) * space.xl * 2 <= self.width() - 4 * space.xl:
                break
        for at, layout in enumerate(self._columns):
            while layout.takeAt(0) is not None:
                pass
            for group in columns[at] if at < len(columns) else ():
                layout.addWidget(group)
            layout.addStretch(1)

    def _tell_how(self, _least: int, most: int) -> None:
        self._closes.setText("↑ ↓ scroll, any other key closes" if most > 0 else "Any key closes")

    # -- events --------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._cover()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        bar = self._area.verticalScrollBar()
        if key in _SCROLLS and bar.maximum() > 0:
            bar.triggerAction(_SCROLLS[key])
        elif key not in _HELD:
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
        self._across.setSpacing(space.xl * 2)
        for column in self._columns:
            column.setSpacing(space.xl)
        for group in self._groups:
            group.set_gaps(space.m, space.s)
        self._area.verticalScrollBar().setSingleStep(current().px(40))
        if self.isVisible():
            self._cover()


def _parted(groups: Sequence[_Group], count: int) -> list[list[_Group]]:
    """The groups in order in at most ``count`` columns, the longest as short as it can be."""
    limit = max(group.lines for group in groups)
    while True:
        columns: list[list[_Group]] = [[]]
        for group in groups:
            if columns[-1] and sum(each.lines for each in columns[-1]) + group.lines > limit:
                columns.append([])
            columns[-1].append(group)
        if len(columns) <= count:
            return columns
        limit += 1
