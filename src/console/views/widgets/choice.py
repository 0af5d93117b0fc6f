"""Answers one gives with a number key: a row of buttons, each with its number, one or several of them chosen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QImage, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QSizePolicy, QWidget

from console.views.theme import Theme, Type, current, watch
from console.views.widgets.access import named, tab_through, tip
from console.views.widgets.flow import FlowLayout
from console.views.widgets.painting import focus_ring, rounded

_REMEMBERED = 500
"""Sizes and pictures that are remembered: the questions of a form offer the same few answers again and again."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer. ``key`` is one character; ``quiet`` marks those that are not of the form (refused, not asked).

    ``with_ctrl`` says that its key is pressed with Ctrl where one begins, because words are typed there. ``bare`` shows
    the key alone: its words stand over the column.
    """

    value: str
    label: str
    key: str = ""
    quiet: bool = False
    with_ctrl: bool = False
    bare: bool = False

    @property
    def chip(self) -> str:
        """Its key as it stands before the words."""
        return f"Ctrl {self.key}" if self.key and self.with_ctrl else self.key


def numbered(labels: Sequence[tuple[str, str]]) -> tuple[Choice, ...]:
    """Choices from (value, label) with the keys 1 to 9; those after the ninth have none."""
    return tuple(
        Choice(value, label, str(number) if number <= 9 else "") for number, (value, label) in enumerate(labels, 1)
    )


@lru_cache(_REMEMBERED)
def _answer_size(choice: Choice, theme: Theme) -> QSize:
    words = QFontMetricsF(theme.font(Type.MEDIUM)).horizontalAdvance(choice.label)
    key = QFontMetricsF(theme.font(Type.CAPTION)).horizontalAdvance(choice.chip)
    gap = theme.space.s if choice.key else 0
    return QSize(round(words + key + gap) + 2 * theme.space.m, theme.px(30))


@lru_cache(_REMEMBERED)
def _answer_height(choice: Choice, width: int, theme: Theme) -> int:
    """How high an answer is that is too long for one line."""
    left, right = _around(choice, theme)
    metrics = QFontMetricsF(theme.font(Type.MEDIUM))
    room = QRectF(0, 0, max(width - left - right, 1), 10_000)
    words = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), choice.label).height()
    return max(theme.px(30), round(words + theme.px(30) - metrics.lineSpacing()))


@lru_cache(_REMEMBERED)
def _around(choice: Choice, theme: Theme) -> tuple[float, float]:
    """What stands to the left and to the right of an answer's words: its key, and the distance to the edge."""
    key = QFontMetricsF(theme.font(Type.CAPTION)).horizontalAdvance(choice.chip)
    return theme.space.m + (key + theme.space.s if choice.key else 0), theme.space.xs


class _Look(NamedTuple):
    """All that the picture of an answer depends on, its words aside."""

    size: QSize
    sharpness: float
    enabled: bool
    chosen: bool
    over: bool
    focused: bool


def _paint_answer(button: QAbstractButton, choice: Choice) -> None:
    enabled = button.isEnabled()
    over, chosen, focused = enabled and button.underMouse(), button.isChecked(), button.hasFocus()
    look = _Look(button.size(), button.devicePixelRatioF(), enabled, chosen, over, focused)
    painter = QPainter(button)
    if look.sharpness.is_integer():
        painter.drawImage(0, 0, _picture(choice, look, current()))
    else:  # a picture that begins between two pixels of the screen would blur
        _draw_answer(painter, choice, look, current())
    painter.end()


@lru_cache(_REMEMBERED)
def _picture(choice: Choice, look: _Look, theme: Theme) -> QImage:
    picture = QImage(look.size * look.sharpness, QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(look.sharpness)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    _draw_answer(painter, choice, look, theme)
    painter.end()
    return picture


def _draw_answer(painter: QPainter, choice: Choice, look: _Look, theme: Theme) -> None:
    size, _, enabled, chosen, over, focused = look
    tokens = theme.tokens
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    rect = QRectF(QPointF(0, 0), size)
    ink = tokens.muted if choice.quiet else tokens.text
    if not enabled:
        ink = tokens.faint
    if chosen:
        ink = tokens.on_accent
        rounded(painter, rect, theme.space.radius, tokens.accent)
    else:
        rounded(painter, rect, theme.space.radius, tokens.raised if over else None, tokens.outline)
    painter.setPen(ink if chosen else tokens.muted if enabled else tokens.faint)
    if choice.bare:
        painter.setPen(ink)
        painter.setFont(theme.font(Type.MEDIUM))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, choice.chip)
    elif choice.key:
        painter.setFont(theme.font(Type.CAPTION))
        painter.drawText(rect.adjusted(theme.space.m, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, choice.chip)
    if not choice.bare:
        left, right = _around(choice, theme)
        painter.setPen(ink)
        painter.setFont(theme.font(Type.MEDIUM))
        words = rect.adjusted(left, 0, -right, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap), choice.label)
    if focused:
        if chosen:
            gap = theme.space.ring
            inner = rect.adjusted(gap, gap, -gap, -gap)
            rounded(painter, inner, theme.space.radius - gap, None, tokens.on_accent, 1.5)
        else:
            focus_ring(painter, rect, theme)


def _wraps(button: QAbstractButton) -> None:
    """Let it be higher where its words do not fit in one line."""
    policy = button.sizePolicy()
    policy.setHeightForWidth(True)
    button.setSizePolicy(policy)


_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


class _OneOf(QRadioButton):
    """One of several answers; chosen again it stays, and its row may clear it."""

    def __init__(self, choice: Choice, parent: QWidget) -> None:
        super().__init__(parent)
        self.choice = choice
        self.setAutoExclusive(False)  # the row decides: Qt's own groups cannot be cleared
        _wraps(self)

    def sizeHint(self) -> QSize:
        return _answer_size(self.choice, current())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return _answer_height(self.choice, width, current())

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ARROWS:
            event.ignore()  # the row moves along its answers, a form from question to question
        else:
            super().keyPressEvent(event)

    def nextCheckState(self) -> None:
        self.setChecked(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        _paint_answer(self, self.choice)


class _ManyOf(QCheckBox):
    """One of several answers that may stand together."""

    def __init__(self, choice: Choice, parent: QWidget) -> None:
        super().__init__(parent)
        self.choice = choice
        _wraps(self)

    def sizeHint(self) -> QSize:
        return _answer_size(self.choice, current())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return _answer_height(self.choice, width, current())

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ARROWS:
            event.ignore()  # the row moves along its answers, a form from question to question
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        _paint_answer(self, self.choice)


class ChoiceRow(QWidget):
    """A question's answers. Number keys answer while anything in the row has the focus; arrows move; Delete clears.

    ``changed`` carries the chosen values in the order of the choices: one or none, or any number with ``multiple``. It
    is emitted only for what a person did, never for :meth:`set_values`. The first ``stacked`` have a line each. With
    ``columns`` each answer is its key alone, so many pixels wide: rows of them stand under each other.
    """

    changed = Signal(tuple)

    def __init__(
        self,
        question: str,
        choices: Sequence[Choice],
        *,
        multiple: bool = False,
        stacked: int = 0,
        columns: Sequence[int] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._multiple = multiple
        self._flow = FlowLayout(self, stacked=stacked)
        self._buttons: list[_OneOf | _ManyOf] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for at, each in enumerate(choices):
            choice = replace(each, bare=True) if columns else each
            button = _ManyOf(choice, self) if multiple else _OneOf(choice, self)
            button.clicked.connect(self._clicked)
            self._flow.addWidget(button)
            self._buttons.append(button)
            if columns:
                button.setFixedWidth(columns[at])
                tip(button, choice.label)
        self.rename(question)
        if self._buttons:
            self.setFocusProxy(self._buttons[0])
        watch(self._restyle)
        if columns:
            self.setFixedWidth(self._flow.sizeHint().width())

    @property
    def values(self) -> tuple[str, ...]:
        """What is chosen now."""
        return tuple(button.choice.value for button in self._buttons if button.isChecked())

    def set_values(self, values: Sequence[str]) -> None:
        """Show an answer that is already recorded."""
        for button in self._buttons:
            button.setChecked(button.choice.value in values)
        self._settle_focus()

    def rename(self, question: str) -> None:
        """Be the answers to another question."""
        named(self, question)
        for button in self._buttons:
            key, label = button.choice.key, button.choice.label
            name = f"{label}, {question}" if button.choice.bare else label
            named(button, name, f"{question}, key {key}" if key else question)

    def follow(self, widget: QWidget) -> None:
        """Make Tab come from ``widget`` to this row, whichever was built first."""
        tab_through((widget, self, *self._buttons))

    def lead_to(self, widget: QWidget) -> None:
        """Make Tab go from this row to ``widget``, whichever was built first."""
        self.follow(widget)
        if self._buttons:
            QWidget.setTabOrder(self._buttons[-1], widget)

    def answer(self, key: str) -> bool:
        """Do what a number key does; false when no answer has that key."""
        for button in self._buttons:
            if button.choice.key and button.choice.key == key and button.isEnabled():
                button.setFocus(Qt.FocusReason.ShortcutFocusReason)
                button.click()
                return True
        return False

    def event(self, event: QEvent) -> bool:
        # The number keys are the row's while it has the focus, whatever else they mean on the screen around it.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._takes(event):
            event.accept()
            return True
        return super().event(event)

    def _takes(self, event: QKeyEvent) -> bool:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        clears = event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and bool(self.values)
        return clears or any(button.choice.key and button.choice.key == event.text() for button in self._buttons)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if keys == Qt.KeyboardModifier.NoModifier:
            if self.answer(event.text()):
                return
            if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.values:
                self.set_values(())
                self.changed.emit(())
                return
            step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
            if step and self._step(step):
                return
        super().keyPressEvent(event)

    def _step(self, step: int) -> bool:
        here = next((at for at, button in enumerate(self._buttons) if button.hasFocus()), None)
        if here is None or not 0 <= here + step < len(self._buttons):
            return False
        self._buttons[here + step].setFocus(Qt.FocusReason.TabFocusReason)
        self._settle_focus()
        return True

    def _clicked(self) -> None:
        pressed = self.sender()
        if not self._multiple:
            for button in self._buttons:
                button.setChecked(button is pressed)
        self._settle_focus()
        self.changed.emit(self.values)

    def _settle_focus(self) -> None:
        """One stop for Tab, as with any radio group: the answer in focus, else the chosen one, else the first."""
        if not self._buttons:
            return
        focused = next((button for button in self._buttons if button.hasFocus()), None)
        chosen = next((button for button in self._buttons if button.isChecked()), None)
        stop = focused or chosen or self._buttons[0]
        for button in self._buttons:
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if button is stop else Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(stop)

    def showEvent(self, event: QShowEvent) -> None:
        # Not before: whoever builds the screen puts the whole row in the order of Tab first.
        super().showEvent(event)
        self._settle_focus()

    def _restyle(self) -> None:
        self._flow.set_gap(current().space.s)
        self.updateGeometry()
        self.update()
