"""What a screen is to somebody who does not use a mouse, or does not see it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QRadioButton, QWidget
from shiboken6 import isValid

from tests.support.sitting import Person

_NO_CONTROL = frozenset(
    {QAccessible.Role.NoRole, QAccessible.Role.Client, QAccessible.Role.Pane, QAccessible.Role.Window}
)
_MOST_STOPS = 250
_LOOKS = 4
_SMALLEST_SIDE = 20
_SETTLES = 5


def controls(window: QWidget) -> list[QWidget]:
    """Everything on the screen that Tab or a click can give the focus to."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.window() is window
        and widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.focusProxy() is None
    ]


def tab_stops(window: QWidget) -> list[QWidget]:
    """Everything that Tab is to come to. Of answers that exclude each other, only the chosen one is a stop."""
    stops = []
    for widget in controls(window):
        if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            continue
        if isinstance(widget, QAbstractButton) and not widget.isChecked() and _others_stand_for(widget):
            continue
        stops.append(widget)
    return stops


def _others_stand_for(button: QAbstractButton) -> bool:
    group = button.group()
    if group is not None and group.exclusive():  # type: ignore[redundant-expr]
        return group.checkedButton() is not None
    parent = button.parentWidget()
    if parent is None or not (button.autoExclusive() and isinstance(button, QRadioButton)):
        return False
    beside = parent.findChildren(QRadioButton, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return any(other.isChecked() for other in beside if other.autoExclusive() and other.isVisible())


def nameless(window: QWidget) -> list[str]:
    """The controls that assistive technology has no name or no role for."""
    found = []
    for widget in controls(window):
        interface = QAccessible.queryAccessibleInterface(widget)
        name, role = interface.text(QAccessible.Text.Name).strip(), interface.role()
        stops = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if not name or (stops and role in _NO_CONTROL):
            found.append(f"{_describe(widget)}: name {name!r}, role {role}")
    return found


def walk(person: Person, *, back: bool = False) -> list[QWidget]:
    """Where Tab (or Shift+Tab) comes to until it is where it began; fails when it never is."""
    person.sit()
    QApplication.setCursorFlashTime(0)
    person.press("Shift+Tab" if back else "Tab")
    begin = QApplication.focusWidget()
    assert begin is not None, "Tab leads nowhere"
    seen = [begin]
    for _ in range(_MOST_STOPS):
        before = seen[-1]
        for _ in range(_SETTLES):  # something above it may have come meanwhile and be laid out now
            if not (covered := _covered(before)):
                break
            QApplication.processEvents()
        focused = _picture(before)
        assert not covered, f"{_describe(before)} has the focus and {covered}"
        person.press("Shift+Tab" if back else "Tab")
        alone = QApplication.focusWidget() is before
        if not alone and isValid(before) and before.isVisible() and focused.size() == before.size():
            ring = _differ(focused, _picture(before))
            assert ring >= before.width() + before.height(), f"{_describe(before)} shows no focus: {ring} pixels"
        here = QApplication.focusWidget()
        assert here is not None, f"Tab leads nowhere after {_describe(seen[-1])}"
        if here is begin:
            return seen
        circle = [_describe(each) for each in seen]
        assert here not in seen, f"Tab goes in a circle that leaves out where it began: {circle}, {_describe(here)}"
        seen.append(here)
    raise AssertionError(f"Tab never comes back; last at {_describe(seen[-1])}")


def is_accessible(person: Person) -> int:
    """Fail unless everything has name and role, and Tab comes to all of it, forth and back; how many stops there are.

    What comes or goes by itself meanwhile (an alarm) makes it look again.
    """
    window = person.window
    assert not nameless(window), "\n".join(nameless(window))
    for _ in range(_LOOKS):
        stops = tab_stops(window)
        forth, back = walk(person), walk(person, back=True)
        if tab_stops(window) == stops:
            break
    missed = [_describe(widget) for widget in stops if widget not in forth]
    assert not missed, f"Tab does not come to {missed}"
    missed = [_describe(widget) for widget in stops if widget not in back]
    assert not missed, f"Shift+Tab does not come to {missed}"
    return len(stops)


def _picture(widget: QWidget) -> QImage:
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def _differ(one: QImage, other: QImage) -> int:
    """How many pixels are not the same. A text cursor alone is far fewer than a ring."""
    if one.size() != other.size():
        return one.width() * one.height()
    these, those = bytes(one.constBits()), bytes(other.constBits())
    if these == those:
        return 0
    return sum(these[at : at + 4] != those[at : at + 4] for at in range(0, len(these), 4))


def _covered(widget: QWidget) -> str:
    """Why one does not see the widget, though it has the focus; "" when one does."""
    seen = widget.visibleRegion().boundingRect()
    place = seen.translated(widget.mapTo(widget.window(), seen.topLeft()) - seen.topLeft())
    if not widget.window().rect().contains(place):
        return "is outside the window"
    if seen.width() < min(_SMALLEST_SIDE, widget.width()) or seen.height() < min(_SMALLEST_SIDE, widget.height()):
        return f"is scrolled or covered away: only {seen.width()} by {seen.height()} of it shows"
    return ""


def _describe(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName()!r}"
