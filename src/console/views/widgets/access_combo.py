"""The name of a combo box where Qt gives none: on Linux it says what is chosen in the place of the name."""

import sys
from functools import cache

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAccessibleWidget, QComboBox


class _NamedCombo(QAccessibleWidget):
    """What a combo box tells: its name as every other field does, and what is chosen or typed as its value.

    Qt (6.11) expects a label beside it on Linux, to which assistive technology follows a relation, and when it is asked
    for the name it gives what is chosen: a question that is answered in a list would be called by its answer.
    """

    def __init__(self, box: QComboBox) -> None:
        super().__init__(box, QAccessible.Role.ComboBox)
        self._box = box

    def text(self, what: QAccessible.Text) -> str:
        return self._box.currentText() if what == QAccessible.Text.Value else super().text(what)

    def state(self) -> QAccessible.State:
        state = super().state()
        state.expandable = state.hasPopup = True
        state.expanded = self._box.view().isVisible()
        state.editable = self._box.isEditable()
        return state


def _made(kind: str, widget: QObject) -> QAccessibleWidget | None:
    if kind == "QComboBox" and isinstance(widget, QComboBox) and widget.accessibleName():
        return _NamedCombo(widget)
    return None


@cache
def name_combos() -> None:
    """Have every combo box with a name of its own tell it."""
    if sys.platform not in ("win32", "darwin"):
        QAccessible.installFactory(_made)
