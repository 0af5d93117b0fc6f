"""Fields that grow with their words, and the count of what fits."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

from console.views.theme import Type, current, watch
from console.views.widgets.access import named, tip


def counted(length: int, limit: int) -> str:
    """How many characters of ``limit`` there are, where that begins to matter: ``228 of 240 characters``."""
    if length <= limit - max(20, limit // 10):
        return ""
    over = f": {length - limit:,} too many" if length > limit else ""
    return f"{length:,} of {limit:,} characters{over}"


class LinesEdit(QPlainTextEdit):
    """Plain words on ``least`` to ``most`` lines; Tab leaves it. With ``enter`` the Enter key enters what it holds.

    Signals: ``entered`` on Enter (with ``enter``) and on Ctrl+Enter, ``left`` when the focus goes, ``went_up`` on Up in
    the first line, ``went_down`` on Down in the last one.
    """

    entered = Signal()
    left = Signal()
    went_up = Signal()
    went_down = Signal()

    _hint, _least, _most = "", 1, 4  # Qt speaks of changes while a field is still being made

    def __init__(self, name: str, placeholder: str = "", *, least: int = 1, most: int = 4, enter: bool = False) -> None:
        super().__init__()
        self._least, self._most, self._enter = least, most, enter
        named(self, name)
        self._hint = placeholder
        self.setTabChangesFocus(True)
        # Qt (6.11) leaves the viewport behind when the field is moved in the order of Tab, and Shift+Tab would come to
        # the field from there. A click needs no proxy: what a viewport does not take goes to the field.
        self.viewport().setFocusProxy(None)  # type: ignore[arg-type]
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().documentSizeChanged.connect(self._resized)
        watch(self._restyle)

    @property
    def hint(self) -> str:
        """What stands in it while it is empty."""
        return self._hint

    def set_hint(self, hint: str) -> None:
        """Say what belongs here. Where one line has no room for all, what follows the last middle dot goes, rather than
        that a word is cut, and the tool tip says it.
        """
        self._hint = hint
        room = max(self.viewport().width() - 2 * round(self.document().documentMargin()), 0)
        metrics = QFontMetricsF(self.font())
        fits = self._least > 1 or metrics.horizontalAdvance(hint) <= room
        shorter = hint if fits else hint.rpartition(" · ")[0] or hint
        tip(self, "" if fits else hint)
        self.setPlaceholderText(hint if fits else metrics.elidedText(shorter, Qt.TextElideMode.ElideRight, room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.set_hint(self._hint)

    def text(self) -> str:
        """What it holds."""
        return self.toPlainText()

    def set_text(self, text: str) -> None:
        """Put ``text`` in, with the caret at its end, unless it is there already."""
        if text != self.toPlainText():
            self.setPlainText(text)
            self.moveCursor(QTextCursor.MoveOperation.End)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if held == Qt.KeyboardModifier.ControlModifier or (self._enter and held == Qt.KeyboardModifier.NoModifier):
                if not event.isAutoRepeat():
                    self.entered.emit()
                return
            if held == Qt.KeyboardModifier.ShiftModifier:
                self.insertPlainText("\n")
                return
        if key == Qt.Key.Key_Up and held == Qt.KeyboardModifier.NoModifier and self.textCursor().blockNumber() == 0:
            self.went_up.emit()
        last = self.document().blockCount() - 1
        if (
            key == Qt.Key.Key_Down
            and held == Qt.KeyboardModifier.NoModifier
            and self.textCursor().blockNumber() == last
        ):
            self.went_down.emit()
        super().keyPressEvent(event)

    def focusOutEvent(self, event: object) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self.left.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # In another place of the page, a style sheet (Qt 6.11) gives a field back the font it remembers, which after a
        # change of text size is the one before.
        moved = event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange)
        if moved and self.font().pointSizeF() != current().font(Type.BODY).pointSizeF():
            self._restyle()

    def _restyle(self) -> None:
        self.setFont(current().font(Type.BODY))
        # The hint is painted in the viewport's font, and that does not follow a change of the field's (Qt 6.11).
        self.viewport().setFont(self.font())
        self.set_hint(self._hint)
        self._resized()

    def _resized(self, *_: object) -> None:
        theme = current()
        lines = min(max(round(self.document().size().height()), self._least), self._most)
        line = QFontMetricsF(self.font()).lineSpacing()
        around = 2 * (theme.space.xs + theme.space.ring + self.document().documentMargin())
        height = round(lines * line + around)
        if height != self.height() or self.minimumHeight() != height:
            self.setFixedHeight(height)
        fits = round(self.document().size().height()) <= self._most
        off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(off if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    def sizeHint(self) -> QSize:
        return QSize(current().px(160), self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(60), self.minimumHeight())
