"""The badge that says open, closed or unknown: shape, word and fill."""

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from console.directory.hours import Opening
from console.views.theme import Theme, Type, current
from console.views.widgets import Painted
from console.views.widgets.painting import rounded

OPEN_TINT = 0.14
"""How much of the green lies on the ground: a list where most is open stays calm."""

WORDS = {Opening.OPEN: "OPEN", Opening.CLOSED: "CLOSED", Opening.UNKNOWN: "UNKNOWN"}


def opening_size(theme: Theme) -> QSizeF:
    """How large the badge is: the same for all three, so that a column of them lines up."""
    widest = max(QFontMetricsF(theme.font(Type.LABEL)).horizontalAdvance(word) for word in WORDS.values())
    return QSizeF(theme.px(8) + theme.px(9.5) + theme.px(5) + widest + theme.px(9), theme.px(23))


def paint_opening(painter: QPainter, rect: QRectF, opening: Opening, theme: Theme) -> None:
    """Open is tinted, closed is an empty edge, unknown has a dashed one: one can tell them apart without color."""
    tokens = theme.tokens
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    radius = theme.px(3.5)
    if opening is Opening.OPEN:
        tint = QColor(tokens.good)
        tint.setAlphaF(OPEN_TINT)
        rounded(painter, rect, radius, tint, tokens.good)
        ink = tokens.good
    elif opening is Opening.CLOSED:
        rounded(painter, rect, radius, None, tokens.outline)
        ink = tokens.muted
    else:
        painter.setBrush(tokens.changed_soft)
        painter.setPen(QPen(tokens.changed, 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        ink = tokens.changed
    edge = theme.px(9.5)
    box = QRectF(rect.left() + theme.px(8), rect.center().y() - edge / 2, edge, edge)
    _shape(painter, box, opening, ink, theme)
    painter.setPen(ink)
    painter.setFont(theme.font(Type.LABEL))
    words = QRectF(rect)
    words.setLeft(box.right() + theme.px(5))
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, WORDS[opening])


def _shape(painter: QPainter, box: QRectF, opening: Opening, ink: QColor, theme: Theme) -> None:
    """A full disc for open, a cross for closed, a question mark for unknown."""
    if opening is Opening.OPEN:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(box.center(), box.width() * 0.42, box.width() * 0.42)
    elif opening is Opening.CLOSED:
        painter.setPen(QPen(ink, box.width() * 0.17, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        inner = box.adjusted(*(box.width() * part for part in (0.16, 0.16, -0.16, -0.16)))
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(QPointF(inner.right(), inner.top()), QPointF(inner.left(), inner.bottom()))
    else:
        painter.setPen(ink)
        painter.setFont(theme.font(Type.STRONG))
        painter.drawText(box.adjusted(-2, -4, 2, 4), Qt.AlignmentFlag.AlignCenter, "?")


class OpeningBadge(Painted):
    """The badge as a widget."""

    def __init__(self, opening: Opening = Opening.UNKNOWN, *, parent: QWidget | None = None) -> None:
        self._opening = opening
        super().__init__(parent)
        self.set_opening(opening)

    @property
    def opening(self) -> Opening:
        return self._opening

    def set_opening(self, opening: Opening) -> None:
        """Show another state."""
        self._opening = opening
        self.setAccessibleName(WORDS[opening].lower())
        self.update()

    def sizeHint(self) -> QSize:
        return opening_size(current()).toSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_opening(painter, QRectF(self.rect()), self._opening, current())
        painter.end()
