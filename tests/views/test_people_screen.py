"""The screen of people says what became of what was done there."""

import pytest

from console.models.sign_in import SignIn
from console.views.people.people_screen import PeopleScreen
from console.views.widgets import notice
from tests.support.windows import show
from tests.views.workspace_kit import Room


def test_what_came_of_it_is_read_out(room: Room, administrator: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(notice, "announce", lambda widget, words: heard.append(words))
    screen = PeopleScreen(room.seat(administrator))
    show(room.qtbot, screen)
    room.until(lambda: screen._list.count() > 0)
    screen._save.click()
    room.until(lambda: len(heard) == 1)
    assert heard[0] == screen.says
    assert screen._said.isVisible()
    screen._start_new()
    assert not screen._said.isVisible()
    assert len(heard) == 1
