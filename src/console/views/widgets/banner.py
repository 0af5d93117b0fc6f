"""A banner: one line of constant height that says something calm or something that cannot be overlooked."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from console.models.call import Level
from console.views.theme import Theme, Type, current, watch
from console.views.widgets.access import named, tip
from console.views.widgets.painting import focus_ring, key_size, paint_key, paint_level_shape, rounded
from console.views.widgets.text import Tone


@dataclass(frozen=True, slots=True)
class Run:
    """One stretch of a banner's line: words, whether they weigh more, and the shape of a level before them."""

    text: str
    strong: bool = False
    level: Level | None = None


class BannerBar(QPushButton):
    """The bar under the tabs: what is new, or that what is shown is old. ``activated`` when it is pressed.

    It keeps its height when it has nothing to say, because a line that comes and goes moves every row below it while a
    person aims at one. Without a key it only speaks and cannot be pressed. Whoever owns the key presses it (``click``).
    """

    activated = Signal()

    def __init__(self, name: str, *, parent: QWidget | None = None) -> None:
        self._runs: tuple[Run, ...] = ()
        self._tone = Tone.MUTED
        self._key = self._key_says = self._aside = ""
        self._aside_tone = Tone.MUTED
        super().__init__(parent)
        self._name = name
        named(self, name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self.clicked.connect(self._pressed)
        watch(self._restyle)
        self.say((), Tone.MUTED)

    @property
    def said(self) -> str:
        """What the bar says, as one line of words."""
        words = "".join(run.text for run in self._runs)
        key = f" {self._key} {self._key_says}" if self._key else ""
        return f"{words}{key}"

    @property
    def tone(self) -> Tone:
        return self._tone

    def say(self, runs: Sequence[Run] | str, tone: Tone, *, key: str = "", key_says: str = "") -> None:
        """Say something. ``key`` does what ``key_says`` ("shows them")."""
        said = (Run(runs),) if isinstance(runs, str) else tuple(runs)
        self._runs, self._tone, self._key, self._key_says = said, tone, key, key_says
        self._settle()

    def say_aside(self, text: str, tone: Tone) -> None:
        """The words at the right end, whatever the bar says. They yield only where a key needs the room."""
        if (text, tone) != (self._aside, self._aside_tone):
            self._aside, self._aside_tone = text, tone
            self._settle()

    def _settle(self) -> None:
        spoken = " ".join(part for part in (self.said.strip(), self._aside) if part)
        named(self, f"{self._name}: {spoken}" if spoken else self._name)
        tip(self, self.said.strip())
        self.setEnabled(bool(self._key))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self._key else Qt.FocusPolicy.NoFocus)
        self.update()

    def _pressed(self) -> None:
        if self._key:
            self.activated.emit()

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        theme = current()
        return QSize(theme.px(200), theme.px(28))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        tokens = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        room = rect.adjusted(theme.space.s, 0, -theme.space.s, 0)
        if self._tone is not Tone.MUTED:
            edge = tokens.outline if self._tone is Tone.TEXT else self._tone.color(tokens)
            rounded(painter, rect, theme.space.xs, self._tone.ground(tokens), edge)
        if self._aside and not (self._key and room.width() < theme.px(400)):
            metrics = QFontMetricsF(theme.font(Type.SMALL))
            width = min(metrics.horizontalAdvance(self._aside), room.width())
            painter.setFont(theme.font(Type.SMALL))
            painter.setPen(self._aside_tone.color(tokens))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._aside)
            room.setRight(room.right() - width - theme.space.l)
        self._paint_line(painter, room, theme)
        if self.hasFocus():
            focus_ring(painter, rect, theme)
        painter.end()

    def _paint_line(self, painter: QPainter, room: QRectF, theme: Theme) -> None:
        """The runs, cut where the room ends, then the key, which is never cut."""
        tokens = theme.tokens
        plain, strong = theme.font(Type.SMALL), theme.font(Type.STRONG)
        key = key_size(theme, self._key) if self._key else None
        says = QFontMetricsF(plain).horizontalAdvance(self._key_says)
        end = room.right() - (key.width() + says + 2 * theme.space.s if key else 0)
        x = room.left()
        ink = tokens.muted if self._tone is Tone.MUTED else tokens.text
        for run in self._runs:
            if end - x < theme.px(40):  # no room for a shape and the beginning of a word
                break
            if run.level is not None:
                edge = theme.px(9)
                paint_level_shape(painter, QRectF(x, room.center().y() - edge / 2, edge, edge), run.level, ink)
                x += edge + theme.space.xs
            font = strong if run.strong else plain
            metrics = QFontMetricsF(font)
            words = metrics.elidedText(run.text, Qt.TextElideMode.ElideRight, end - x)
            painter.setFont(font)
            painter.setPen(ink)
            painter.drawText(QRectF(x, room.top(), end - x, room.height()), Qt.AlignmentFlag.AlignVCenter, words)
            x += metrics.horizontalAdvance(words)
            if words != run.text:
                break
        if key is not None:
            x = min(x, end) + theme.space.s
            paint_key(
                painter,
                QRectF(x, room.center().y() - key.height() / 2, key.width(), key.height()),
                self._key,
                theme,
                tokens.accent,
            )
            x += key.width() + theme.space.s * 0.75
            painter.setFont(plain)
            painter.setPen(tokens.accent)
            painter.drawText(
                QRectF(x, room.top(), says + 2, room.height()), Qt.AlignmentFlag.AlignVCenter, self._key_says
            )
