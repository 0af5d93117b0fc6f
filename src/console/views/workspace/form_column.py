"""A column of hundreds of lines of which only those near what is seen have a widget."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QEvent, QMargins, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLayout, QLayoutItem, QScrollArea, QWidget

from console.views.theme import Theme, Type, current, watch
from console.views.workspace.form_lines import Slot

MOST_WIDGETS = 80
"""Widgets that are kept; of more, those farthest from what is seen go."""
_FIRST_WINDOW = 900
_CALM_MS, _SPARE_MS = 40, 10
"""How long after the last change lines are made ahead, not to come before it is painted; and how soon the next one."""
_FAR_AWAY = -100_000
_MOST_FAR = 10**9
_REMEMBERED = 1000


class _Laid(NamedTuple):
    """Where each line begins at one width, how high it is, and how high they are together."""

    tops: Mapping[str, int]
    heights: Mapping[str, int]
    height: int


class _Rows(QLayout):
    """Places what has a widget, and keeps room for what has none yet."""

    _knows = False  # Qt speaks of changes while a layout is still being made

    def __init__(self, column: "FormColumn") -> None:
        super().__init__(column)
        self._column, self._knows = column, True
        self.items: list[QLayoutItem] = []
        self.setContentsMargins(QMargins())

    def addItem(self, item: QLayoutItem) -> None:
        self.items.append(item)

    def count(self) -> int:
        return len(self.items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self.items[index] if 0 <= index < len(self.items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self.items.pop(index) if 0 <= index < len(self.items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._column.height_at(width)

    def invalidate(self) -> None:
        super().invalidate()
        if self._knows:
            self._column.forget()

    def sizeHint(self) -> QSize:
        return QSize(current().px(320), current().px(40))

    def minimumSize(self) -> QSize:
        return QSize(current().px(120), 0)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._column.place(rect.width())


class FormColumn(QWidget):
    """Shows slots one under the other, inside a scroll area further up.

    ``make`` builds the widget of a slot, ``fill`` shows in it what is answered now, ``fits`` says whether a widget can
    go on showing a slot, ``take`` has one become that of another slot and says whether it could: on the screen or off
    it, widgets that are not needed are taken before new ones are made. ``stops_changed`` when widgets came or went, for
    the order of Tab.
    """

    stops_changed = Signal()

    def __init__(
        self,
        make: Callable[[Slot], QWidget],
        fill: Callable[[QWidget, Slot], None],
        fits: Callable[[QWidget, Slot], bool],
        take: Callable[[QWidget, Slot], bool],
    ) -> None:
        super().__init__()
        self._make, self._fill, self._fits, self._take = make, fill, fits, take
        self._slots: tuple[Slot, ...] = ()
        self._ahead: tuple[Slot, ...] = ()
        self._pool: dict[str, QWidget] = {}
        self._leaving: list[str] = []
        self._items: dict[str, QLayoutItem] = {}
        self._heights: dict[int, dict[str, int]] = {}
        self._laid: dict[int, _Laid] = {}
        self._placed: Mapping[str, int] = {}
        self._gap = current().space.s
        self._from_top = False
        self._rows = _Rows(self)
        self._spare = QTimer(self)
        self._spare.setObjectName("lines ahead")
        self._spare.timeout.connect(self._make_one_ahead)
        watch(self._restyle)

    # -- what is shown -------------------------------------------------------------------------------------------------

    @property
    def live(self) -> dict[str, QWidget]:
        """What has a widget and is on the page, in order."""
        return {slot.key: self._pool[slot.key] for slot in self._slots if slot.key in self._items}

    def show_slots(self, slots: Sequence[Slot], ahead: Sequence[Slot] = (), *, from_top: bool = False) -> None:
        """Show these, scrolled to the first with ``from_top``; ``ahead`` are those that will probably be shown next."""
        self._slots, self._ahead = tuple(slots), tuple(ahead)
        self.forget()
        wanted = {slot.key: slot for slot in slots}
        before = list(self._items)
        lost_focus = ""
        for key, widget in list(self._pool.items()):
            slot = wanted.get(key)
            if key not in self._items:
                continue
            if slot is None:
                self._leave(key)
            elif not self._fits(widget, slot) and not self._take(widget, slot):
                if _has_focus(widget):
                    lost_focus = lost_focus or key
                self._drop(key)
        filled = set(self._items)
        self._from_top = from_top
        self._show_seen()
        if self._leaving:
            for key in self._leaving:
                self._pool[key].hide()
            self._leaving.clear()
            self.look()
        for slot in self._slots:
            if slot.key in filled:
                self._fill(self._pool[slot.key], slot)
        if lost_focus:
            self.reach(lost_focus).setFocus(Qt.FocusReason.OtherFocusReason)
        if before != list(self._items):
            self._settle()
        area = area_around(self)
        if from_top and area is not None and (inner := area.widget()) is not None:
            area.verticalScrollBar().setValue(self.mapTo(inner, self.rect().topLeft()).y())
        self._from_top = False
        self._spare.start(_CALM_MS)

    def reach(self, key: str) -> QWidget:
        """The widget of a slot, made now where there is none yet. Raises KeyError for what is not shown."""
        slot = next((each for each in self._slots if each.key == key), None)
        if slot is None:
            raise KeyError(key)
        if key not in self._items:
            self._bring(slot)
            self._settle()
        return self._pool[key]

    def look(self) -> None:
        """What is seen changed: make what came into view."""
        # Not while widgets leave: to hide the one in focus moves that and scrolls, and none is to be taken half hidden.
        if not self._leaving and self._show_seen():
            self._settle()
            self._spare.start(_CALM_MS)

    # -- heights -------------------------------------------------------------------------------------------------------

    def height_at(self, width: int) -> int:
        """How high all lines are together at this width."""
        return self._laid_out(width).height

    def forget(self) -> None:
        """Something became higher or lower, or other lines are shown."""
        self._laid.clear()

    def _laid_out(self, width: int) -> _Laid:
        found = self._laid.get(width)
        if found is not None:
            return found
        heights = self._heights.setdefault(width, {})
        for key, item in self._items.items():
            heights[key] = item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
        tops, top = {}, 0
        for slot in self._slots:
            tops[slot.key] = top
            if slot.key not in heights:
                heights[slot.key] = self._guess(slot, width)
            top += heights[slot.key] + self._gap
        laid = self._laid[width] = _Laid(tops, heights, max(top - self._gap, 0))
        return laid

    def place(self, width: int) -> None:
        """Put every widget where it belongs; what is seen does not move because something above it became higher."""
        anchor = self._anchor()
        before = self._pool[anchor].y() if anchor else 0
        laid = self._laid_out(width)
        for key, item in self._items.items():
            if key in laid.tops:  # else it is on its way out
                item.setGeometry(QRect(0, laid.tops[key], width, laid.heights[key]))
        self._placed = laid.tops
        area = area_around(self)
        if anchor and area is not None and (moved := laid.tops.get(anchor, before) - before):
            area.verticalScrollBar().setValue(area.verticalScrollBar().value() + moved)

    def _anchor(self) -> str:
        """The first line that was placed and is seen, while something above it may still be a guess."""
        area = area_around(self)
        if area is None or not self.isVisible() or area.verticalScrollBar().value() == 0:
            return ""
        top, bottom = self._seen()
        for slot in self._slots:
            widget = self._pool.get(slot.key) if slot.key in self._items else None
            if widget is not None and widget.height() > 1 and top <= widget.y() + widget.height() // 2 < bottom:
                return slot.key if self._placed.get(slot.key) == widget.y() else ""
        return ""

    def _guess(self, slot: Slot, width: int) -> int:
        theme, row = current(), slot.row
        room = max(width - 2 * theme.space.m - (slot.grid.width if slot.grid is not None else 0), 1)
        lines = 1 + _advance(row.text, theme) // room
        height = lines * QFontMetrics(theme.font(Type.MEDIUM)).lineSpacing()
        if not slot.is_question:
            return height
        if slot.grid is not None:
            return max(height, theme.px(30)) + 2 * theme.space.xs
        answers = sum(_advance(each.label, theme) + theme.px(44) for each in (*row.choices, *row.non_answers))
        rows = 1 + (len(row.choices) if row.orientation == "vertical" else answers // room) + (1 if row.open else 0)
        return height + rows * (theme.px(30) + theme.space.s) + 2 * theme.space.m

    # -- making --------------------------------------------------------------------------------------------------------

    def _seen(self) -> tuple[int, int]:
        """From where to where of this column is seen."""
        area = area_around(self)
        inner = area.widget() if area is not None else None
        if area is None or inner is None or not self.isVisible():
            return 0, _FIRST_WINDOW
        if self._from_top:
            return 0, area.viewport().height()
        top = area.verticalScrollBar().value() - self.mapTo(inner, self.rect().topLeft()).y()
        return top, top + area.viewport().height()

    def _around(self, top: int, bottom: int) -> list[Slot]:
        tops, heights, _ = self._laid_out(self.width())
        return [slot for slot in self._slots if tops[slot.key] < bottom and tops[slot.key] + heights[slot.key] > top]

    def head_above(self, key: str) -> int:
        """How far above this row of a grid the words over its columns begin; 0 for any other line."""
        tops, head = self._laid_out(self.width()).tops, ""
        for slot in self._slots:
            head = slot.key if slot.heads else head
            if slot.key == key and slot.grid is not None:
                return tops[key] - tops[head]
        return 0

    def _show_seen(self) -> bool:
        """Make what is seen and has no widget; what is made may be lower than guessed, so more may come into view."""
        made = False
        while True:
            missing = [slot for slot in self._around(*self._seen()) if slot.key not in self._items]
            if not missing:
                return made
            for slot in missing:
                self._bring(slot)
            made = True

    def _bring(self, slot: Slot) -> None:
        """Give a slot its widget and put that on the page."""
        widget = self._ready(slot)
        self._fill(widget, slot)
        self._rows.addWidget(widget)
        item = self._rows.items.pop()
        self._items[slot.key] = item
        order = {each.key: at for at, each in enumerate(self._slots)}
        self._items = dict(sorted(self._items.items(), key=lambda held: order.get(held[0], -1)))
        self._rows.items = list(self._items.values())
        self.forget()
        widget.show()  # now: the focus may go there in this very moment

    def _ready(self, slot: Slot) -> QWidget:
        """A widget for a slot: one that leaves the screen, else its own of before, else any other, else a new one."""
        own = self._pool.get(slot.key)
        ahead = {each.key for each in self._ahead}
        spare = [key for key in self._pool if key not in self._items and key not in self._leaving]
        if slot.key in ahead:
            spare = [key for key in spare if key not in ahead or key == slot.key]
        for key in (*self._leaving, *sorted(spare, key=lambda key: (key != slot.key, key in ahead))):
            widget = self._pool[key]
            if not _has_focus(widget) and (self._fits(widget, slot) or self._take(widget, slot)):
                if key in self._leaving:
                    self._leaving.remove(key)
                if own is not None:
                    self._pool[key] = own
                else:
                    del self._pool[key]
                self._pool[slot.key] = widget
                return widget
        if own is not None:
            self._drop(slot.key)
        widget = self._pool[slot.key] = self._make(slot)
        widget.setParent(self)
        return widget

    def _make_one_ahead(self) -> None:
        """Make one more line, beyond what is seen or of what comes next, while nobody waits for it."""
        self._spare.setInterval(_SPARE_MS)
        top, bottom = self._seen()
        room = bottom - top
        missing = [each for each in self._around(top - room, bottom + room) if each.key not in self._items]
        if missing:
            tops = self._laid_out(self.width()).tops
            near = min(missing, key=lambda each: abs(tops[each.key] - top))
            self._bring(near)
            self._settle()
            return
        ready = next((each for each in self._ahead if each.key not in self._pool), None)
        if ready is not None:
            widget = self._ready(ready)
            self._fill(widget, ready)
            # Shown once where nobody sees it: its looks and sizes are then there.
            widget.setGeometry(0, _FAR_AWAY, self.width(), max(widget.heightForWidth(self.width()), 1))
            widget.show()
            widget.hide()
            return
        if not self._let_one_go(top, bottom):
            self._spare.stop()

    def _let_one_go(self, top: int, bottom: int) -> bool:
        """Of too many widgets, drop the one farthest from what is seen; false when there are not too many."""
        if len(self._pool) <= MOST_WIDGETS:
            return False
        middle, tops = (top + bottom) // 2, self._laid_out(self.width()).tops
        kept = {slot.key for slot in (*self._ahead, *self._around(2 * top - bottom, 2 * bottom - top))}
        far = [key for key, widget in self._pool.items() if key not in kept and not _has_focus(widget)]
        if not far:
            return False
        self._drop(max(far, key=lambda key: abs(tops[key] - middle) if key in self._items else _MOST_FAR))
        return True

    def _leave(self, key: str) -> None:
        """Take a widget off the page; it may come back, or become another's."""
        if self._items.pop(key, None) is not None:
            self._rows.items = list(self._items.values())
            self._leaving.append(key)

    def _drop(self, key: str) -> None:
        if key in self._leaving:
            self._leaving.remove(key)
        # Out of the books first: hiding what has the focus moves that, and what comes into view by it is made at once.
        widget = self._pool.pop(key)
        if self._items.pop(key, None) is not None:
            self._rows.items = list(self._items.values())
        widget.hide()
        widget.deleteLater()

    def _settle(self) -> None:
        self._rows.invalidate()
        self.updateGeometry()
        area = area_around(self)
        if area is not None:
            # Now, not in a later turn: whoever goes to a line is to find it where it stands.
            parent = self.parentWidget()
            while parent is not None and parent is not area.viewport():
                if (layout := parent.layout()) is not None:
                    layout.invalidate()
                parent = parent.parentWidget()
            QApplication.sendEvent(area.viewport(), QEvent(QEvent.Type.LayoutRequest))
            inner = area.widget()
            if inner is not None and (layout := inner.layout()) is not None:
                layout.activate()
        self.stops_changed.emit()

    def _restyle(self) -> None:
        self._gap = current().space.s
        self._heights.clear()
        self._rows.invalidate()


@lru_cache(_REMEMBERED)
def _advance(words: str, theme: Theme) -> int:
    return QFontMetrics(theme.font(Type.MEDIUM)).horizontalAdvance(words)


def area_around(widget: QWidget) -> QScrollArea | None:
    """The scroll area that a widget stands in."""
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    return parent


def _has_focus(widget: QWidget) -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and (focus is widget or widget.isAncestorOf(focus))
