"""What widgets and delegates paint alike: shapes of levels, badges, key hints, focus rings.

Every function leaves the painter's pen, brush and font as it needs them; callers set their own before they go on.
"""

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from console.models.call import Level
from console.views.theme import Theme, Type

LEVEL_WORDS = {
    Level.CRITICAL: "CRITICAL",
    Level.HIGH: "HIGH",
    Level.MEDIUM: "MEDIUM",
    Level.LOW: "LOW",
    Level.NOT_SET: "NOT SET",
    Level.CLOSED: "CLOSED",
}


def rounded(
    painter: QPainter, rect: QRectF, radius: float, fill: QColor | None, outline: QColor | None = None, width: float = 1
) -> None:
    """A rounded rectangle whose outline lies inside ``rect``, on whole pixels."""
    painter.setPen(QPen(outline, width) if outline is not None else Qt.PenStyle.NoPen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    inset = width / 2 if outline is not None else 0
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)


def focus_ring(painter: QPainter, rect: QRectF, theme: Theme, *, square: bool = False) -> None:
    """The ring around what has the focus: inside ``rect``, as wide as the theme says; square around a row."""
    rounded(painter, rect, 0 if square else theme.space.radius, None, theme.tokens.focus, theme.space.ring)


def level_shape(level: Level, box: QRectF) -> QPainterPath:
    """The shape of a level inside a square: one can tell levels apart without color and without reading."""
    path = QPainterPath()
    center, edge = box.center(), box.width()
    match level:
        case Level.CRITICAL:
            path.addPolygon(
                QPolygonF(
                    [
                        QPointF(center.x(), box.top()),
                        box.bottomRight(),
                        box.bottomLeft(),
                        QPointF(center.x(), box.top()),
                    ]
                )
            )
        case Level.HIGH:
            half = edge * 0.56
            path.addPolygon(
                QPolygonF(
                    [
                        QPointF(center.x(), center.y() - half),
                        QPointF(center.x() + half, center.y()),
                        QPointF(center.x(), center.y() + half),
                        QPointF(center.x() - half, center.y()),
                        QPointF(center.x(), center.y() - half),
                    ]
                )
            )
        case Level.MEDIUM:
            path.addEllipse(center, edge * 0.48, edge * 0.48)
        case Level.LOW:
            path.addRect(QRectF(center.x() - edge * 0.42, center.y() - edge * 0.42, edge * 0.84, edge * 0.84))
        case Level.NOT_SET:
            path.addRect(QRectF(center.x() - edge * 0.45, center.y() - edge * 0.1, edge * 0.9, edge * 0.2))
        case Level.CLOSED:
            stroke = QPainterPath(QPointF(box.left(), center.y()))
            stroke.lineTo(center.x() - edge * 0.12, center.y() + edge * 0.34)
            stroke.lineTo(box.right(), center.y() - edge * 0.36)
            path = stroke
    return path


def paint_level_shape(painter: QPainter, box: QRectF, level: Level, color: QColor) -> None:
    """Paint a level's shape into a square in one color."""
    path = level_shape(level, box)
    if level is Level.CLOSED:
        painter.strokePath(path, QPen(color, max(1.5, box.width() * 0.18)))
    else:
        painter.fillPath(path, color)


def badge_size(theme: Theme, word: str = LEVEL_WORDS[Level.CRITICAL]) -> QSizeF:
    """How large a badge with ``word`` is; by default the widest level's, so that a column of badges lines up."""
    metrics = QFontMetricsF(theme.font(Type.LABEL))
    return QSizeF(
        theme.px(8) + _shape_edge(theme) + theme.px(5) + metrics.horizontalAdvance(word) + theme.px(9), theme.px(23)
    )


def paint_badge(painter: QPainter, rect: QRectF, level: Level, theme: Theme, word: str = "") -> None:
    """Shape, word and fill, with an edge that can be seen on every ground. ``word`` stands in for the level's own."""
    colors = theme.tokens.badges[level]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    rounded(painter, rect, theme.px(3.5), colors.fill, colors.outline)
    edge = _shape_edge(theme)
    box = QRectF(rect.left() + theme.px(8), rect.center().y() - edge / 2, edge, edge)
    paint_level_shape(painter, box, level, colors.text)
    painter.setPen(colors.text)
    painter.setFont(theme.font(Type.LABEL))
    words = QRectF(rect)
    words.setLeft(box.right() + theme.px(5))
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, word or LEVEL_WORDS[level])


def _shape_edge(theme: Theme) -> float:
    return theme.px(9.5)


def key_size(theme: Theme, key: str) -> QSizeF:
    """How large the chip for a key is."""
    metrics = QFontMetricsF(theme.font(Type.CAPTION))
    return QSizeF(max(theme.px(18), metrics.horizontalAdvance(key) + theme.px(10)), theme.px(17))


def paint_key(painter: QPainter, rect: QRectF, key: str, theme: Theme, color: QColor | None = None) -> None:
    """The chip that says which key does it. ``color`` is that of the text it stands beside (muted by default)."""
    ink = color if color is not None else theme.tokens.muted
    edge = QColor(ink)
    edge.setAlphaF(0.55)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    rounded(painter, rect, theme.px(3.5), None, edge)
    painter.setPen(ink)
    painter.setFont(theme.font(Type.CAPTION))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, key)
