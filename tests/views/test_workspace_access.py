"""What everyone can reach: names for every control, few enough at a time, room at 1366 by 768 and at 200 %."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget

from console.models.call import Level
from console.models.sign_in import SignIn
from console.views import theme
from console.views.theme import Scheme
from console.views.workspace import Workspace
from tests.views.workspace_kit import Room

MOST_CONTROLS = 150
CODES = ("screen", "facts", "assess", "level", "advise", "services", "sheet", "dispose", "history")


def controls(page: Workspace) -> Iterator[QWidget]:
    for widget in page.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.window() is page:
            yield widget


@pytest.mark.parametrize("code", CODES)
def test_every_control_has_a_name_and_there_are_not_too_many(room: Room, clinician: SignIn, code: str) -> None:
    from console.actions import calls

    call = room.claimed(clinician)
    room.do(calls.level, clinician, call, Level.HIGH, "plan")
    page = room.open(clinician, call)
    page.go(code)
    if code == "assess":
        page.frame.sections["assess"].begin("phq-9")  # type: ignore[attr-defined]
        room.until(lambda: page.frame.sections["assess"].view is not None)  # type: ignore[attr-defined]
    room.settled(page)
    found = list(controls(page))
    assert len(found) <= MOST_CONTROLS
    nameless = []
    for widget in found:
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is None or not interface.text(QAccessible.Text.Name).strip():
            nameless.append(type(widget).__name__)
    assert nameless == []


@pytest.mark.parametrize("code", CODES)
def test_tab_goes_through_the_section_in_the_order_it_stands(room: Room, clinician: SignIn, code: str) -> None:
    page = room.open(clinician, room.claimed(clinician))
    page.go(code)
    room.settled(page)
    section = page.frame.sections[code]
    page.frame.focus_tabs()
    stops: list[int] = []
    for _ in range(160):
        page.focusNextChild()
        focus = QApplication.focusWidget()
        assert focus is not None
        if section.isAncestorOf(focus):
            stops.append(focus.mapTo(section, focus.rect().topLeft()).y())
        elif stops:
            break
    assert stops, "Tab never came to the section"
    # Down the page; what stands beside something else in one row may be a little higher.
    assert all(after >= before - 40 for before, after in pairwise(stops))


@pytest.mark.parametrize(("scale", "width", "height"), [(1.0, 660, 660), (2.0, 1366, 700), (2.0, 760, 700)])
def test_the_page_fits(
    room: Room, clinician: SignIn, qapp: QApplication, scale: float, width: int, height: int
) -> None:
    theme.apply(qapp, Scheme.DARK, scale)
    page = room.open(clinician, room.claimed(clinician), width=width, height=height)
    for code in CODES:
        page.go(code)
        room.settled(page)
    QCoreApplication.processEvents()
    assert (page.width(), page.height()) == (width, height)
    assert page.frame.pad.box.isVisible()
    assert page.frame.pad.mapTo(page, page.frame.pad.rect().bottomLeft()).y() <= height


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.HIGH_CONTRAST])
def test_the_scheme_may_change_while_one_works(
    room: Room, clinician: SignIn, qapp: QApplication, scheme: Scheme
) -> None:
    page = room.open(clinician, room.claimed(clinician))
    room.type(page.frame.pad.box.edit, "half a note")
    for code in CODES:
        page.go(code)
    theme.apply(qapp, scheme, 1.5)
    room.settled(page)
    assert page.frame.pad.box.text() == "half a note"
