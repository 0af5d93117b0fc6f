"""Homes and sittings for the journeys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.security import passwords
from console.security.home_key import PASSPHRASE_VARIABLE
from console.views.entrance.sign_in_page import SignInPage
from tests.support.passwords import CHEAP
from tests.support.sitting import PASSPHRASE, Person, Sitting, founded_home, off_gui, sitting_at, staff
from tests.support.traffic import Traffic


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COST", CHEAP)


@pytest.fixture(autouse=True)
def _passphrase_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, PASSPHRASE)


@pytest.fixture
def sitting(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Sitting]:
    """The program on a home that was founded before."""
    with sitting_at(founded_home(tmp_path / "home"), qtbot, qapp) as made:
        yield made


@pytest.fixture
def first(sitting: Sitting) -> Person:
    """Whoever sits at its first window, before the sign-in."""
    person = sitting.start()
    person.until(lambda: isinstance(person.page, SignInPage), "the sign-in page")
    person.until(lambda: sitting.program.desk is not None, "the home to be open")
    return person


@pytest.fixture
def traffic(sitting: Sitting, first: Person) -> Traffic:
    """The calls of a busy night."""
    desk = sitting.desk
    return off_gui(lambda: Traffic(desk, staff(desk, "dlang"), staff(desk, "mreyes")))
