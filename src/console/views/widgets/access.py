"""What assistive technology is told."""

from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import TypeVar

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QStandardItem, Qt
from PySide6.QtWidgets import QComboBox, QWidget

from console.errors import BugError
from console.views.widgets.access_combo import name_combos

W = TypeVar("W", bound=QWidget)


def named(widget: W, name: str, description: str = "") -> W:
    """Give a widget the name a screen reader says. An interactive one without it is a bug, found when it is made."""
    if not name.strip():
        raise BugError(f"a {type(widget).__name__} needs an accessible name")
    widget.setAccessibleName(name)
    if isinstance(widget, QComboBox):
        name_combos()
    if description:
        widget.setAccessibleDescription(description)
    return widget


def tip(widget: QWidget | QStandardItem, words: str) -> None:
    """Give a widget a tool tip of just these words: Qt would read tags in them, and load what they point to."""
    widget.setToolTip(f"<qt>{escape(words)}</qt>" if Qt.mightBeRichText(words) else words)


def tab_through(widgets: Sequence[QWidget]) -> None:
    """Make Tab go through these in this order, whichever was built first.

    What only hands the focus on to a part of it is named too, followed by its parts: Qt (6.11) would leave it where it
    was built, and Tab would come to the part a second time from there.
    """
    # Qt passes over what has no focus policy, and mixes up the order of what hands the focus on within the list.
    hands_on = [(each, each.focusPolicy(), proxy) for each in widgets if (proxy := each.focusProxy()) is not None]
    for each, _, _ in hands_on:
        each.setFocusProxy(None)  # type: ignore[arg-type]
        each.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    for before, after in pairwise(widgets):
        QWidget.setTabOrder(before, after)
    for each, policy, proxy in hands_on:
        each.setFocusPolicy(policy)
        each.setFocusProxy(proxy)


def announce(widget: QWidget, words: str, *, urgent: bool = False) -> None:
    """Have a screen reader say something now, without moving the focus. ``urgent`` interrupts what it is saying."""
    event = QAccessibleAnnouncementEvent(widget, words)
    if urgent:
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)
