"""The first start: the wizard makes the center, its first administrator and the key, or says what is in the way."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.models.store.engine import DATABASE
from console.security import home_key
from console.security.home_key import PASSPHRASE, key_record
from console.settings import Settings
from console.views.entrance.sign_in_page import SignInPage
from console.views.entrance.wizard_page import WizardPage
from console.views.shell.frame import Frame
from tests.support.keyring import FakeKeyring, fake_key_store
from tests.support.sitting import PASSPHRASE as WORDS
from tests.support.sitting import PASSWORD, Person, Sitting, sitting_at
from wire.permissions import Role


def at_the_wizard(sitting: Sitting) -> tuple[Person, WizardPage]:
    first = sitting.start()
    first.until(lambda: isinstance(first.page, WizardPage), "the first start")
    page = first.page
    assert isinstance(page, WizardPage)
    return first, page


def confirm(first: Person, page: WizardPage, center: str = "Westside 911") -> None:
    """Go on from what was typed, see the center's name shown back, and say yes."""
    first.press("Ctrl+Return")
    first.until(lambda: page.asks_to_confirm == center, "the name to be shown back")
    first.press("Ctrl+Return")


def fill(first: Person, *, again: str = PASSWORD) -> None:
    first.type("Westside 911")
    first.fill({"Your name": "S. Whitfield", "Sign-in name": "swhitfield"})
    first.fill({"Password": PASSWORD, "Password again": again})


def test_without_a_key_store_it_asks_for_a_passphrase_from_the_start_and_then_makes_the_home(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with sitting_at(home, qtbot, qapp) as sitting:
        first, page = at_the_wizard(sitting)
        assert page.asks_for_passphrase, "nobody should learn it after everything was typed"
        fill(first)
        first.press("Ctrl+Return")
        assert page.problem == "Type a passphrase: this computer has no key store."
        first.fill({"Passphrase": WORDS, "Passphrase again": WORDS})
        confirm(first, page)
        first.until(lambda: isinstance(first.page, Frame), "the board")
        who = first.frame.sign_in
        assert (who.name, who.display_name) == ("swhitfield", "S. Whitfield")
        assert who.roles == {Role.ADMINISTRATOR, Role.SUPERVISOR}
        assert sitting.desk.center_name == "Westside 911"
    record = key_record(home)
    assert record is not None
    assert record.sealed_by == PASSPHRASE


def test_the_name_that_stands_for_ever_is_shown_back_before_anything_is_made(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with sitting_at(home, qtbot, qapp) as sitting:
        first, page = at_the_wizard(sitting)
        fill(first)
        first.fill({"Passphrase": WORDS, "Passphrase again": WORDS})
        first.press("Ctrl+Return")
        assert page.asks_to_confirm == "Westside 911"
        assert "cannot be changed later" in page.says
        assert PASSWORD not in page.says
        assert not (home / DATABASE).exists()
        first.press("Esc")
        assert page.asks_to_confirm == ""
        assert first.focus.accessibleName() == "Center", "one goes on where the name is typed"
        first.press("Ctrl+A", "Del")
        first.type("Westside County 911")
        confirm(first, page, "Westside County 911")
        first.until(lambda: isinstance(first.page, Frame), "the board")
        assert sitting.desk.center_name == "Westside County 911"


def test_a_desk_that_can_keep_a_key_nowhere_says_so_at_once(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    home = tmp_path / "home"
    with sitting_at(home, qtbot, qapp, settings=Settings(passphrase_allowed=False)) as sitting:
        _, page = at_the_wizard(sitting)
        assert not page.asks_for_passphrase
        assert "no key store" in page.problem


def test_with_a_key_store_nobody_types_a_passphrase(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = fake_key_store(FakeKeyring())
    monkeypatch.setattr(home_key, "system_key_store", lambda: store)
    home = tmp_path / "home"
    with sitting_at(home, qtbot, qapp) as sitting:
        first, page = at_the_wizard(sitting)
        assert not page.asks_for_passphrase
        fill(first)
        confirm(first, page)
        first.until(lambda: first.page is not page, "the board")
        assert isinstance(first.page, Frame)
    with sitting_at(home, qtbot, qapp) as sitting:
        first = sitting.start()
        first.until(lambda: isinstance(first.page, SignInPage), "the sign-in page")
        first.sign_in("swhitfield")


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("Password again", "lantern-orchard-72", "two passwords are not the same"),
        ("Center", "", "center needs a name"),
        ("Time zone", "Westside", "America/Chicago"),
        ("Sign-in name", "", "name you will sign in with"),
        ("Password", "short", "at least 8 are needed"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, field: str, typed: str, says: str
) -> None:
    with sitting_at(tmp_path / "home", qtbot, qapp) as sitting:
        first, page = at_the_wizard(sitting)
        fill(first)
        first.fill({"Passphrase": WORDS, "Passphrase again": WORDS})
        for name in (field, "Password again") if field == "Password" else (field,):
            first.go_to(name)
            first.press("Ctrl+A", "Del")
            first.type(typed)
        first.press("Ctrl+Return")
        if page.asks_to_confirm:  # what only the record knows is refused when it is made
            first.press("Ctrl+Return")
        first.until(lambda: says in page.problem, says)
        assert first.page is page
        first.go_to("Your name")
        assert first.focus.text() == "S. Whitfield"  # type: ignore[attr-defined]
    assert not (tmp_path / "home" / DATABASE).exists()
