"""The rail at the left: which screen is shown."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QVBoxLayout, QWidget

from console.views.theme import Icon, Type, current, paint_icon, watch
from console.views.widgets import named, tip


class _Place(QPushButton):
    """One screen: its icon over its word."""

    def __init__(self, icon: Icon, word: str, key: str, parent: QWidget | None = None) -> None:
        self._icon, self._word = icon, word
        super().__init__(parent)
        self.setCheckable(True)
        self.setFlat(True)
        named(self, word, f"key {key}" if key else "")
        tip(self, f"{word} ({key})" if key else word)

    def sizeHint(self) -> QSize:
        theme = current()
        return QSize(theme.px(72), theme.px(54))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        rect = QRectF(self.rect())
        color = theme.tokens.text if self.isChecked() else theme.tokens.muted
        if self.isChecked():
            painter.fillRect(rect, theme.tokens.selected)
            painter.fillRect(QRectF(0, 0, 3, rect.height()), theme.tokens.accent)
        elif self.underMouse():
            painter.fillRect(rect, theme.tokens.hover)
        edge = theme.px(20)
        paint_icon(painter, QRectF((rect.width() - edge) / 2, theme.px(7), edge, edge), self._icon, color)
        painter.setFont(theme.font(Type.CAPTION))
        painter.setPen(color)
        words = QRectF(0, theme.px(29), rect.width(), theme.px(20))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self._word)
        if self.hasFocus():
            painter.setPen(theme.tokens.focus)
            painter.drawRect(rect.adjusted(2, 2, -3, -3))
        painter.end()


class Navigation(QFrame):
    """Signal ``chosen`` (str) with the name of the screen; ``keys_requested`` for the overlay of keys."""

    chosen = Signal(str)
    keys_requested = Signal()

    def __init__(self, places: Sequence[tuple[str, Icon, str, str]], parent: QWidget | None = None) -> None:
        """``places`` are (name, icon, word, key)."""
        super().__init__(parent)
        self._places: dict[str, _Place] = {}
        group = QButtonGroup(self)
        group.setExclusive(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for name, icon, word, key in places:
            place = _Place(icon, word, key)
            place.setObjectName(name)
            place.clicked.connect(self._clicked)
            group.addButton(place)
            self._places[name] = place
            column.addWidget(place)
        column.addStretch(1)
        keys = _Place(Icon.KEYS, "Keys", "F1")
        keys.setCheckable(False)
        keys.clicked.connect(self.keys_requested)
        column.addWidget(keys)
        watch(self._restyle)

    def show_place(self, name: str) -> None:
        """Mark the screen that is shown."""
        self._places[name].setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
            return
        super().keyPressEvent(event)

    def _clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.chosen.emit(sender.objectName())

    def _restyle(self) -> None:
        palette = self.palette()
        palette.setColor(self.backgroundRole(), current().tokens.surface)
        self.setPalette(palette)
        self.setAutoFillBackground(True)
        self.setFixedWidth(current().px(72))
