"""The console's own icons: one weight, one grid, colored by the theme where they are painted."""

from enum import StrEnum
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from console.errors import BugError
from console.views.theme.assets import resource


class Icon(StrEnum):
    """Every icon, by the name of its file in ``resources/icons``."""

    ADD = "add"
    ADVICE = "advice"
    ALARM = "alarm"
    ARROW_RIGHT = "arrow-right"
    ASSESS = "assess"
    BELL = "bell"
    BELL_OFF = "bell-off"
    BOARD = "board"
    CHANGE = "change"
    CHECK = "check"
    CHEVRON_DOWN = "chevron-down"
    CHEVRON_RIGHT = "chevron-right"
    CLAIM = "claim"
    CLOCK = "clock"
    CLOSE = "close"
    COPY = "copy"
    COVERAGE = "coverage"
    DIRECTORY = "directory"
    DRILL = "drill"
    EDIT = "edit"
    FALLBACK = "fallback"
    FEED = "feed"
    FILTER = "filter"
    FLAG = "flag"
    FOLLOW_UP = "follow-up"
    HANDOFF = "handoff"
    HISTORY = "history"
    INFO = "info"
    KEYS = "keys"
    LEVEL = "level"
    LINK = "link"
    LOCK = "lock"
    MEASURES = "measures"
    NOTE = "note"
    OFFICER = "officer"
    PERSON = "person"
    PHONE = "phone"
    PHONE_OFF = "phone-off"
    PLACE = "place"
    PRINT = "print"
    REVIEW = "review"
    SEARCH = "search"
    SECOND_PERSON = "second-person"
    SEND = "send"
    SERVER = "server"
    SERVICE = "service"
    SETTINGS = "settings"
    SHEET = "sheet"
    SOUND = "sound"
    SOUND_OFF = "sound-off"
    SUGGEST = "suggest"


@lru_cache(maxsize=256)
def _renderer(name: Icon, color: str) -> QSvgRenderer:
    drawing = resource(f"icons/{name.value}.svg").read_text(encoding="utf-8").replace("currentColor", color)
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    if not renderer.isValid():
        raise BugError(f"the icon {name.value} is not a drawing")
    return renderer


def paint_icon(painter: QPainter, rect: QRectF, name: Icon, color: QColor) -> None:
    """Paint an icon into ``rect`` (a square), sharp at any scale."""
    _renderer(name, color.name()).render(painter, rect)


def icon(name: Icon, color: QColor) -> QIcon:
    """A `QIcon` for Qt's own widgets. It keeps its color: ask again after the theme changed."""
    made = QIcon()
    for edge in (16, 20, 24, 32, 48, 64):
        pixmap = QPixmap(QSize(edge, edge))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint_icon(painter, QRectF(0, 0, edge, edge), name, color)
        painter.end()
        made.addPixmap(pixmap)
    return made
