"""Drawing on a page measured from its top left corner, in points, in black and white only."""

import math

from reportlab.pdfgen.canvas import Canvas

from console.handoff.flow import FRAME, Line
from console.handoff.fonts import BOLD, REGULAR, printable

_WATERMARK_GRAY = 0.86
_HAIR = 0.6


class Pen:
    """Words, rules, frames and marks on one canvas of this width and height (points)."""

    def __init__(self, canvas: Canvas, width: float, height: float) -> None:
        self._canvas = canvas
        self.width = width
        self.height = height

    def words(self, text: str, x: float, y: float, size: float, *, bold: bool = False, white: bool = False) -> None:
        """``text`` from ``x`` on the baseline ``y``."""
        self._canvas.setFillGray(1 if white else 0)
        self._canvas.setFont(BOLD if bold else REGULAR, size)
        self._canvas.drawString(x, self.height - y, printable(text))

    def line(self, line: Line, x: float, y: float, size: float) -> None:
        """A broken line from ``x`` on the baseline ``y``, framed pieces in their frame."""
        for piece in line.pieces:
            if piece.framed:
                self.box(x + piece.x, y - size * 0.87, piece.width, size * 1.02, thick=0.9)
            self.words(piece.text, x + piece.x + (FRAME if piece.framed else 0), y, size, bold=piece.bold)

    def rule(self, x: float, y: float, length: float, thick: float = _HAIR) -> None:
        self._canvas.setStrokeGray(0)
        self._canvas.setLineWidth(thick)
        self._canvas.line(x, self.height - y, x + length, self.height - y)

    def box(self, x: float, y: float, width: float, height: float, *, thick: float = _HAIR, fill: bool = False) -> None:
        """A frame whose top left corner is ``x``, ``y``; black all over with ``fill``."""
        self._canvas.setStrokeGray(0)
        self._canvas.setFillGray(0)
        self._canvas.setLineWidth(thick)
        self._canvas.rect(x, self.height - y - height, width, height, stroke=int(not fill), fill=int(fill))

    def level_shape(self, level: str, x: float, y: float, side: float, *, white: bool = False) -> None:
        """The level's shape in a square of ``side`` at ``x``, ``y``, as on the board; a dash where no level is set."""
        self._canvas.setFillGray(1 if white else 0)
        top, bottom, middle = self.height - y, self.height - y - side, x + side / 2
        if level == "medium":
            self._canvas.circle(middle, (top + bottom) / 2, side / 2, stroke=0, fill=1)
            return
        corners = {
            "critical": ((x, bottom), (x + side, bottom), (middle, top)),
            "high": ((x, (top + bottom) / 2), (middle, bottom), (x + side, (top + bottom) / 2), (middle, top)),
            "low": ((x, bottom), (x + side, bottom), (x + side, top), (x, top)),
        }.get(level)
        if corners is None:
            self._canvas.rect(x, (top + bottom) / 2 - side / 8, side, side / 4, stroke=0, fill=1)
            return
        path = self._canvas.beginPath()
        path.moveTo(*corners[0])
        for corner in corners[1:]:
            path.lineTo(*corner)
        path.close()
        self._canvas.drawPath(path, stroke=0, fill=1)

    def tick(self, x: float, y: float, side: float) -> None:
        """A check mark in a square of ``side`` whose top left corner is ``x``, ``y``."""
        self._strokes(((x, y + side * 0.55), (x + side * 0.36, y + side * 0.92), (x + side, y + side * 0.1)))

    def cross(self, x: float, y: float, side: float) -> None:
        """A cross in a square of ``side`` whose top left corner is ``x``, ``y``."""
        self._strokes(((x, y), (x + side, y + side)), ((x + side, y), (x, y + side)))

    def watermark(self, text: str) -> None:
        """``text`` large and pale from corner to corner; draw it before anything else."""
        angle = math.degrees(math.atan2(self.height, self.width))
        size = 46
        canvas = self._canvas
        canvas.saveState()
        canvas.setFillGray(_WATERMARK_GRAY)
        canvas.setFont(BOLD, size)
        canvas.translate(self.width / 2, self.height / 2)
        canvas.rotate(angle)
        canvas.drawCentredString(0, -size / 3, text)
        canvas.restoreState()

    def _strokes(self, *strokes: tuple[tuple[float, float], ...]) -> None:
        path = self._canvas.beginPath()
        for first, *rest in strokes:
            path.moveTo(first[0], self.height - first[1])
            for x, y in rest:
                path.lineTo(x, self.height - y)
        self._canvas.setStrokeGray(0)
        self._canvas.setLineWidth(1.8)
        self._canvas.drawPath(path, stroke=1, fill=0)
