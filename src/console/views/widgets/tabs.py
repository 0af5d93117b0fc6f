"""Tabs with counts: pills that say how many are behind each."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QRadioButton, QSizePolicy, QWidget

from console.views.theme import Type, current, watch
from console.views.widgets.access import named
from console.views.widgets.flow import FlowLayout
from console.views.widgets.painting import focus_ring, rounded


class _Pill(QRadioButton):
    """One tab."""

    def __init__(self, value: str, label: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.value, self.label = value, label
        self.count: int | str | None = None
        self._says = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._name()

    def set_count(self, count: int | str | None) -> None:
        if count != self.count:
            self.count = count
            self._name()
            self.updateGeometry()
            self.update()

    def say(self, name: str) -> None:
        if name != self._says:
            self._says = name
            self._name()

    def _name(self) -> None:
        named(self, self._says or (self.label if self.count is None else f"{self.label}, {self.count}"))

    def _number(self) -> str:
        return "" if self.count is None else str(self.count)

    def sizeHint(self) -> QSize:
        theme = current()
        # Measured in the heavier weight, so that choosing a tab does not move its neighbors.
        words = QFontMetricsF(theme.font(Type.MEDIUM)).horizontalAdvance(self.label)
        number = QFontMetricsF(theme.font(Type.SMALL_CLOCK)).horizontalAdvance(self._number())
        gap = theme.space.xs * 1.5 if self._number() else 0
        return QSize(round(words + gap + number) + 2 * theme.px(11), theme.px(30))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        tokens = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        chosen = self.isChecked()
        if chosen or self.underMouse():
            rounded(painter, rect, theme.space.radius, tokens.raised if chosen else tokens.hover)
        ink = tokens.text if chosen else tokens.muted
        painter.setPen(ink)
        painter.setFont(theme.font(Type.MEDIUM if chosen else Type.BODY))
        left = rect.adjusted(theme.px(11), 0, 0, 0)
        painter.drawText(left, Qt.AlignmentFlag.AlignVCenter, self.label)
        painter.setPen(tokens.muted)
        painter.setFont(theme.font(Type.SMALL_CLOCK))
        right = rect.adjusted(0, 0, -theme.px(11), 0)
        painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._number())
        if chosen:
            # The bar under the chosen tab: fill alone is too faint to be the only sign.
            bar = QRectF(rect.left() + theme.px(11), rect.bottom() - theme.px(2.5), 0, theme.px(2))
            bar.setRight(rect.right() - theme.px(11))
            rounded(painter, bar, 1, tokens.accent)
        if self.hasFocus():
            focus_ring(painter, rect, theme)
        painter.end()


class PillTabs(QWidget):
    """A choice between views, on as many lines as they need. ``chosen`` carries the value a person picked."""

    chosen = Signal(str)

    def __init__(self, name: str, tabs: Sequence[tuple[str, str]], *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, name)
        self._flow = FlowLayout(self)
        self._pills = [_Pill(value, label, self) for value, label in tabs]
        for pill in self._pills:
            pill.clicked.connect(self._clicked)
            self._flow.addWidget(pill)
        if self._pills:
            self._pills[0].setChecked(True)
            self.setFocusProxy(self._pills[0])
        policy = QSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        watch(self._restyle)

    @property
    def value(self) -> str:
        return next((pill.value for pill in self._pills if pill.isChecked()), "")

    def set_value(self, value: str) -> None:
        """Show which view is chosen, without a signal."""
        for pill in self._pills:
            pill.setChecked(pill.value == value)
            if pill.isChecked():
                self.setFocusProxy(pill)

    def set_names(self, names: Mapping[str, str]) -> None:
        """What a screen reader says of the tabs instead of their words and numbers."""
        for pill in self._pills:
            pill.say(names.get(pill.value, ""))

    def set_counts(self, counts: Mapping[str, int] | Mapping[str, str]) -> None:
        """The numbers behind the tabs, or how far each is in a few characters; a tab without one shows none."""
        for pill in self._pills:
            pill.set_count(counts.get(pill.value))

    def step(self, by: int) -> None:
        """Choose the next (1) or the previous (-1) tab, as a person does."""
        shown = [pill for pill in self._pills if not pill.isHidden() or pill.isChecked()]
        here = next(at for at, pill in enumerate(shown) if pill.isChecked())
        there = min(max(here + by, 0), len(shown) - 1)
        if there != here:
            shown[there].click()

    def buttons(self) -> list[QAbstractButton]:
        return list(self._pills)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self.step(step)
            self.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    def _clicked(self) -> None:
        self.setFocusProxy(next(pill for pill in self._pills if pill.isChecked()))
        self.chosen.emit(self.value)

    def _restyle(self) -> None:
        self._flow.set_gap(current().space.xs)
        self.updateGeometry()
