"""The first start: the wizard makes the center, its first administrator and the key, or says what is in the way."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.models.store.engine import DATABASE
from console.security import home_key
from console.security.home_key import PASSPHRASE, key_record
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


def fill(first: Person, *, again: str = PASSWORD) -> None:
    first.type("Westside 911")
    first.fill({"Your name": "S. Whitfield", "Sign-in name": "swhitfield"})
    first.fill({"Password": PASSWORD, "Password again": again})


def test_without_a_key_store_it_asks_for_a_passphrase_and_then_makes_the_home(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with sitting_at(home, qtbot, qapp) as sitting:
        first, page = at_the_wizard(sitting)
        assert not page.asks_for_passphrase
        fill(first)
        first.press("Ctrl+Return")
        first.until(lambda: page.asks_for_passphrase, "the passphrase to be asked for")
        assert "no key store" in page.problem
        assert first.focus.accessibleName() == "Passphrase", "one types on where it is asked for"
        assert not (home / DATABASE).exists()
        first.type(WORDS)
        first.fill({"Passphrase again": WORDS})
        first.press("Ctrl+Return")
        first.until(lambda: isinstance(first.page, Frame), "the board")
        who = first.frame.sign_in
        assert (who.name, who.display_name) == ("swhitfield", "S. Whitfield")
        assert who.roles == {Role.ADMINISTRATOR, Role.SUPERVISOR}
        assert sitting.desk.center_name == "Westside 911"
    record = key_record(home)
    assert record is not None
    assert record.sealed_by == PASSPHRASE


def test_with_a_key_store_nobody_types_a_passphrase(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = fake_key_store(FakeKeyring())
    monkeypatch.setattr(home_key, "system_key_store", lambda: store)
    home = tmp_path / "home"
    with sitting_at(home, qtbot, qapp) as sitting:
        first, page = at_the_wizard(sitting)
        fill(first)
        first.press("Ctrl+Return")
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
        for name in (field, "Password again") if field == "Password" else (field,):
            first.go_to(name)
            first.press("Ctrl+A", "Del")
            first.type(typed)
        first.press("Ctrl+Return")
        first.until(lambda: says in page.problem, says)
        assert first.page is page
        first.go_to("Your name")
        assert first.focus.text() == "S. Whitfield"  # type: ignore[attr-defined]
    assert not (tmp_path / "home" / DATABASE).exists()
