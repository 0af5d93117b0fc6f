"""The text size of the page follows the person's choice in every part, also in what moves to another place with it."""

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QWidget

from console.models.sign_in import SignIn
from console.views import theme
from console.views.theme import Scheme
from console.views.workspace import Workspace
from tests.views.workspace_kit import Room


def sizes(page: Workspace) -> dict[QWidget, float]:
    """The text size of everything on the page that shows words."""
    return {
        widget: widget.font().pointSizeF()
        for kind in (QLabel, QLineEdit, QPlainTextEdit)
        for widget in page.findChildren(kind)
    }


@pytest.mark.parametrize("shown", [True, False])
def test_text_is_as_it_was_when_its_size_comes_back(
    room: Room, clinician: SignIn, qapp: QApplication, shown: bool
) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    room.settled(page)
    assert page.frame.narrow is False
    before = sizes(page)
    page.setVisible(shown)
    theme.apply(qapp, Scheme.DARK, 2.0)
    QApplication.processEvents()
    assert page.frame.narrow is True
    assert {size / before[widget] for widget, size in sizes(page).items()} == {2.0}
    theme.apply(qapp, Scheme.DARK, 1.0)
    page.show()
    QApplication.processEvents()
    assert page.frame.narrow is False
    assert {widget: size / before[widget] for widget, size in sizes(page).items() if size != before[widget]} == {}
