"""People are added and changed one after another; what is under way disturbs nobody who was gone to meanwhile."""

from typing import Any

import pytest

from console.models.sign_in import SignIn
from console.security import passwords
from console.views.people.people_screen import PeopleScreen
from console.views.widgets import notice
from tests.support.passwords import CHEAP
from tests.support.windows import show
from tests.views.workspace_kit import Room


@pytest.fixture
def screen(room: Room, administrator: SignIn, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(passwords, "COST", CHEAP)
    made = PeopleScreen(room.seat(administrator))
    made.resize(1200, 800)
    show(room.qtbot, made)
    room.until(lambda: made._list.count() > 0)
    return made


def type_person(screen: Any, name: str, display: str) -> None:
    screen._name.setText(name)
    screen._display.setText(display)
    screen._password.setText("lantern-orchard-71")
    next(iter(screen._roles.values())).setChecked(True)


def test_the_next_person_may_be_typed_while_one_is_added(room: Room, screen: Any) -> None:
    with room.busy_disk():
        type_person(screen, "nfirst", "N. First")
        screen._save.click()
        screen._save.click()
        type_person(screen, "nsecond", "N. Second")
    room.until(lambda: screen.says == "N. First was added.")
    assert (screen._name.text(), screen._display.text()) == ("nsecond", "N. Second")
    room.until(lambda: any("nfirst" in screen._list.item(at).text() for at in range(screen._list.count())))


def test_what_is_done_with_somebody_else_meanwhile_is_done_too_and_says_of_whom(room: Room, screen: Any) -> None:
    first, second = (screen._list.item(at) for at in range(2))
    whose = first.text().partition("  (")[0]
    with room.busy_disk():
        screen._list.setCurrentItem(first)
        screen._save.click()
        screen._list.setCurrentItem(second)
        screen._password.setText("being typed")
    room.until(lambda: screen.says == f"{whose}: Saved.")
    assert screen._password.text() == "being typed"


def test_a_press_as_soon_as_the_list_shows_it_is_not_lost(room: Room, screen: Any, clinician: SignIn) -> None:
    item = next(
        screen._list.item(at) for at in range(screen._list.count()) if "(clinician)" in screen._list.item(at).text()
    )
    screen._list.setCurrentItem(item)
    with room.word_is_late():
        screen._off.click()
        room.until(lambda: screen._off.text() == "Enable sign-in")
        screen._off.click()
    room.until(lambda: screen._off.text() == "Disable sign-in")


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
