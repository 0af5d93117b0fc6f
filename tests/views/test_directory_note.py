"""A note on a service: left by key, kept while it is typed, never cut, and read by everyone here."""

from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.actions import lengths
from console.actions.directory import import_services
from console.directory.rank import Wanted
from console.models.sign_in import SignIn
from console.queries.directory import search
from console.queries.drafts import draft
from console.views.directory import DirectoryScreen
from tests.support.desk import person
from tests.support.windows import show
from tests.views.test_directory_screen import WESTSIDE
from tests.views.workspace_kit import Room, inside, press

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def directory(room: Room) -> Room:
    import_services(room.desk, person("only administrator"), WESTSIDE)
    return room


def opened(room: Room, who: SignIn) -> Any:
    """The directory in a window, its first service selected."""
    screen = DirectoryScreen(room.seat(who))
    screen.resize(1300, 860)
    show(room.qtbot, screen)
    room.until(lambda: len(screen.view.list.rows) == 32)
    screen.view.list.setFocus()
    screen.view.list.setCurrentIndex(screen.view.list.model().index(0, 0))
    return screen


def notes(room: Room, who: SignIn, service: UUID) -> list[str]:
    found = search(room.desk, who, Wanted())
    return [note.text for hit in found.hits if hit.service == service for note in hit.notes]


def test_a_note_is_left_by_key_and_stands_with_the_service(
    directory: Room, dispatcher: SignIn, clinician: SignIn
) -> None:
    room, screen = directory, opened(directory, dispatcher)
    page, service = screen.view.page, screen.view.selected.service
    press(screen.view.list, Qt.Key.Key_N, ALT)
    assert inside(page.note, QApplication.focusWidget())
    QTest.keyClicks(page.note.edit, "side door / after 22:00")
    press(page.note.edit, Qt.Key.Key_Return, CTRL)
    room.until(lambda: "side door / after 22:00" in page._notes.text())
    assert "Dispatcher" in page._notes.text()
    assert page.note.edit.text() == ""
    assert notes(room, clinician, service) == ["side door / after 22:00"]
    room.until(lambda: draft(room.desk, dispatcher, f"service-note:{service}") is None)
    press(page.note.edit, Qt.Key.Key_Escape)
    assert screen.view.list.hasFocus()


def test_what_is_typed_of_a_service_stays_with_it(directory: Room, clinician: SignIn) -> None:
    room, screen = directory, opened(directory, clinician)
    note, view = screen.view.page.note, screen.view
    first = view.selected.service
    note.edit.setFocus()
    QTest.keyClicks(note.edit, "full on Fridays")
    view.list.setCurrentIndex(view.list.model().index(1, 0))
    assert note.edit.text() == ""
    room.until(lambda: draft(room.desk, clinician, f"service-note:{first}") is not None)
    again = opened(room, clinician)
    room.until(lambda: again.view.page.note.edit.text() == "full on Fridays")
    assert "resumed draft" in again.view.page.note.says
    assert notes(room, clinician, first) == []


def test_the_note_comes_into_view_where_the_window_is_low(directory: Room, clinician: SignIn) -> None:
    screen = opened(directory, clinician)
    screen.resize(1300, 330)
    QApplication.processEvents()
    note = screen.view.page.note
    assert note.visibleRegion().isEmpty()
    press(screen.view.list, Qt.Key.Key_N, ALT)
    assert not note.edit.visibleRegion().isEmpty()


def test_reading_the_directory_again_leaves_what_is_typed(directory: Room, clinician: SignIn) -> None:
    room, screen = directory, opened(directory, clinician)
    note = screen.view.page.note
    note.edit.setFocus()
    QTest.keyClicks(note.edit, "full on")
    shown: list[object] = []
    screen._search.loaded.connect(shown.append)
    screen.read_again()
    room.until(lambda: bool(shown))
    QTest.keyClicks(QApplication.focusWidget(), " Fridays")
    assert note.edit.text() == "full on Fridays"


def test_a_note_too_long_is_counted_refused_and_stays(directory: Room, clinician: SignIn) -> None:
    room, screen = directory, opened(directory, clinician)
    note = screen.view.page.note
    note.edit.set_text("x" * (lengths.SERVICE_NOTE + 2))
    assert note.says.startswith("1,002 of 1,000 characters: 2 too many")
    note.add.click()
    room.until(lambda: "at most 1,000 fit" in note.says)
    assert len(note.edit.text()) == lengths.SERVICE_NOTE + 2
    assert note.add.isEnabled()


def test_who_may_not_leave_a_note_has_no_box(directory: Room) -> None:
    screen = opened(directory, person("auditor"))
    page = screen.view.page
    assert page.note.isHidden()
    assert page._notes_head.isHidden()
    press(screen.view.list, Qt.Key.Key_N, ALT)
    assert screen.view.list.hasFocus()
