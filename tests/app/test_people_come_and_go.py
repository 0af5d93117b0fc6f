"""Signing in and out: who may, whose words are shown, and that leaving loses nothing."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.actions import people
from console.models.sign_in import SignIn
from console.views.entrance.sign_in_page import SignInPage
from console.views.shell.waiting_bar import WaitingBar
from tests.support.sitting import PASSWORD, Person, Sitting, off_gui, sitting_at
from wire.journals import user_id
from wire.permissions import Role

REFUSED = "This name and password do not go together here."


def at_sign_in(sitting: Sitting) -> tuple[Person, SignInPage]:
    person = sitting.start()
    person.until(lambda: isinstance(person.page, SignInPage), "the sign-in page")
    page = person.page
    assert isinstance(page, SignInPage)
    return person, page


def sign_out(person: Person) -> None:
    person.go_to("Sign out")
    person.press("Space")
    person.until(lambda: isinstance(person.page, SignInPage), "the sign-in page")


def write_without_entering(person: Person, words: str) -> None:
    """The phone first, and words in the note pad that nobody enters."""
    person.press("F12", "1")
    person.until(lambda: person.workspace.work.encounter is not None, "the encounter")
    person.type(words)


def find_again(person: Person) -> str:
    """Go back to the encounter that waits; what its note pad holds."""
    person.until(lambda: person.sees(WaitingBar), "the encounter that waits")
    person.press("Shift+F12")
    person.until(lambda: person.workspace.work.encounter is not None, "the encounter")
    return person.workspace.frame.pad.box.text()


@pytest.mark.parametrize(("name", "password"), [("rokafor", "lantern-orchard-72"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(
    qtbot: QtBot, qapp: QApplication, home: Path, name: str, password: str
) -> None:
    with sitting_at(home, qtbot, qapp) as sitting:
        person, page = at_sign_in(sitting)
        person.press("Return", "Return")
        assert page.problem == "Type your name and your password."
        person.go_to("Name")
        person.type(name)
        person.press("Return")
        person.type(password)
        person.press("Return")
        person.until(lambda: page.problem == REFUSED, "the refusal")
        assert person.focus.accessibleName() == "Password"
        assert person.focus.text() == ""  # type: ignore[attr-defined]
        person.go_to("Name", back=True)
        person.press("Ctrl+A", "Del")
        person.sign_in("rokafor")
        assert person.frame.sign_in.display_name == "R. Okafor"


def test_who_was_disabled_signs_in_no_more(qtbot: QtBot, qapp: QApplication, home: Path) -> None:
    with sitting_at(home, qtbot, qapp) as sitting:
        person, page = at_sign_in(sitting)
        desk = sitting.desk
        first = SignIn(user_id(desk.center, "swhitfield"), "swhitfield", "", frozenset({Role.ADMINISTRATOR}))
        off_gui(lambda: people.set_enabled(desk, first, user_id(desk.center, "rokafor"), False))
        person.type("rokafor")
        person.press("Return")
        person.type(PASSWORD)
        person.press("Return")
        person.until(lambda: page.problem == REFUSED, "the refusal")


def test_signing_out_keeps_every_word_and_shows_it_to_its_author_alone(
    qtbot: QtBot, qapp: QApplication, home: Path
) -> None:
    with sitting_at(home, qtbot, qapp) as sitting:
        person, _ = at_sign_in(sitting)
        person.sign_in("rokafor")
        write_without_entering(person, "says the neighbor has a key")
        sign_out(person)  # at once: no time passed in which a draft keeps itself
        assert sitting.desk.presence.clinicians() == frozenset()

        person.sign_in("mreyes")
        board = person.board
        person.until(lambda: board.pages.currentWidget() is not board.loading, "the board")
        person.press("Shift+F12")
        person.until(lambda: "No other encounter waits" in person.frame.status_line.said, "that nothing waits for her")
        write_without_entering(person, "another call")
        assert person.workspace.frame.pad.box.text() == "another call"
        sign_out(person)

        person.sign_in("rokafor")
        assert find_again(person) == "says the neighbor has a key"
        assert sitting.desk.presence.clinicians() == {person.frame.sign_in.user}


def test_closing_the_window_keeps_every_word(qtbot: QtBot, qapp: QApplication, home: Path) -> None:
    with sitting_at(home, qtbot, qapp) as sitting:
        person, _ = at_sign_in(sitting)
        person.sign_in("rokafor")
        write_without_entering(person, "he is calm now")
        person.window.close()
    with sitting_at(home, qtbot, qapp) as sitting:
        person, _ = at_sign_in(sitting)
        person.sign_in("rokafor")
        assert find_again(person) == "he is calm now"


def test_a_second_window_closes_without_the_first(qtbot: QtBot, qapp: QApplication, home: Path) -> None:
    with sitting_at(home, qtbot, qapp) as sitting:
        first, _ = at_sign_in(sitting)
        first.sign_in("rokafor")
        second = sitting.another()
        second.sign_in("mreyes")
        here = {first.frame.sign_in.user, second.frame.sign_in.user}
        assert sitting.desk.presence.clinicians() == here
        write_without_entering(second, "kept by closing")
        second.window.close()
        assert sitting.desk.presence.clinicians() == {first.frame.sign_in.user}
        third = sitting.another()
        third.sign_in("mreyes")
        assert find_again(third) == "kept by closing"
        first.press("2")
        first.until(lambda: first.board.head.tabs.value == "mine", "the first window to work on")


def test_signing_out_ends_the_strip_and_there_is_only_one(qtbot: QtBot, qapp: QApplication, home: Path) -> None:
    with sitting_at(home, qtbot, qapp) as sitting:
        person, _ = at_sign_in(sitting)
        person.sign_in("dlang")
        for _ in range(2):
            person.go_to("Open the strip that stays on top of other windows")
            person.press("Space")
        assert len(sitting.program.strips) == 1
        bar = sitting.program.strips[0].window
        assert bar.isVisible()
        sign_out(person)
        assert sitting.program.strips == []
        person.sign_in("dlang")
