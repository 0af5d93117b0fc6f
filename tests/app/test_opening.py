"""Opening a home that was set up: unlocking it, and the calm page that says what is in the way and tries again."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from console.models.store.engine import DATABASE
from console.views.entrance.passphrase_page import PassphrasePage
from console.views.entrance.sign_in_page import SignInPage
from console.views.widgets import ErrorState
from tests.support.runs import ROOT
from tests.support.sitting import PASSPHRASE, PASSWORD, Person, sitting_at


@contextmanager
def held_by_another_process(home: Path) -> Iterator[None]:
    """Another console has the home open meanwhile."""
    paths = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    with subprocess.Popen(
        [sys.executable, "-m", "tests.app.holder", str(home)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": paths},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "HELD\n"
        yield  # leaving closes its standard input, and it ends


def error(person: Person) -> ErrorState:
    person.until(lambda: isinstance(person.page, ErrorState), "the reason why not")
    page = person.page
    assert isinstance(page, ErrorState)
    return page


def try_again(person: Person) -> None:
    person.go_to("Try again")
    person.press("Space")


def nothing_is_clipped(page: QWidget) -> None:
    """Every line of words has the height that its words need."""
    QApplication.processEvents()
    for label in page.findChildren(QLabel):
        if label.isVisible() and label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width()), label.text()


def test_a_wrong_passphrase_is_said_and_the_right_one_opens(
    qtbot: QtBot, qapp: QApplication, locked_home: Path
) -> None:
    with sitting_at(locked_home, qtbot, qapp) as sitting:
        person = sitting.start()
        person.until(lambda: isinstance(person.page, PassphrasePage), "the passphrase to be asked for")
        page = person.page
        assert isinstance(page, PassphrasePage)
        person.press("Return")
        assert page.problem == "Type the passphrase."
        person.type("four words of another")
        person.press("Return")
        person.until(
            lambda: "passphrase" in page.problem.lower() and page.problem != "Type the passphrase.", "the refusal"
        )
        assert str(locked_home) not in page.problem, "a path tells a dispatcher nothing"
        nothing_is_clipped(page)
        assert person.focus.text() == "", "it is typed anew"  # type: ignore[attr-defined]
        assert person.focus.accessibleName() == "Passphrase"
        person.type(PASSPHRASE)
        person.press("Return")
        person.until(lambda: isinstance(person.page, SignInPage), "the sign-in page")


def test_a_home_that_another_process_has_open_opens_when_it_is_free(
    qtbot: QtBot, qapp: QApplication, home: Path
) -> None:
    with sitting_at(home, qtbot, qapp) as sitting:
        with held_by_another_process(home):
            person = sitting.start()
            page = error(person)
            assert f"Another Clinician Console has {home} open" in page.sentence
            try_again(person)
            person.until(lambda: person.page is not page, "another look")
            assert "Another Clinician Console" in error(person).sentence, "it is not free yet"
        try_again(person)
        person.until(lambda: isinstance(person.page, SignInPage), "the sign-in page")
        person.sign_in("rokafor")


def truncated(database: Path) -> None:
    database.write_bytes(database.read_bytes()[:100])


def flipped(database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[20] ^= 0xFF
    database.write_bytes(content)


def emptied(database: Path) -> None:
    database.write_bytes(b"")


def in_the_clear(database: Path) -> None:
    database.write_bytes(b"SQLite format 3\0" + bytes(4096))


def gone(database: Path) -> None:
    database.unlink()


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (truncated, "cannot be read with this desk's key"),
        (flipped, "cannot be read with this desk's key"),
        (emptied, "is empty or cut off"),
        (in_the_clear, "is a plaintext SQLite file"),
        (gone, "no store"),
    ],
)
def test_a_damaged_store_is_named_and_left_as_it_is(
    qtbot: QtBot, qapp: QApplication, home: Path, damage: object, says: str
) -> None:
    database = home / DATABASE
    assert callable(damage)
    damage(database)
    before = database.read_bytes() if database.exists() else None
    with sitting_at(home, qtbot, qapp) as sitting:
        page = error(sitting.start())
        assert page.title == "This desk could not be opened."
        assert says in page.sentence
        assert str(home) in page.sentence
    assert (database.read_bytes() if database.exists() else None) == before


def test_nothing_is_open_when_the_window_is_closed_while_it_opens(qtbot: QtBot, qapp: QApplication, home: Path) -> None:
    with sitting_at(home, qtbot, qapp) as sitting:
        sitting.start().window.close()
    with sitting_at(home, qtbot, qapp) as sitting:
        person = sitting.start()
        person.until(lambda: isinstance(person.page, SignInPage), "the sign-in page, at once")


def test_who_signs_in_before_the_home_is_open_is_signed_in_once_it_is(
    qtbot: QtBot, qapp: QApplication, home: Path
) -> None:
    with sitting_at(home, qtbot, qapp) as sitting:
        person = sitting.start()
        page = person.page
        assert isinstance(page, SignInPage), "there at once"
        assert sitting.program.desk is None
        assert "Opening this desk…" in words_on(page)
        person.sign_in("rokafor")
        assert sitting.program.desk is not None


def test_the_sign_in_page_names_the_center_once_the_home_is_open(qtbot: QtBot, qapp: QApplication, home: Path) -> None:
    with sitting_at(home, qtbot, qapp) as sitting:
        person = sitting.start()
        page = person.page
        assert isinstance(page, SignInPage)
        person.type("rokafor")
        assert sitting.desk.center_name in words_on(page)
        assert "Opening this desk…" not in words_on(page)
        assert person.page is page
        assert person.focus.text() == "rokafor", "what was typed meanwhile stays"  # type: ignore[attr-defined]


def test_nobody_is_signed_in_by_what_they_typed_before_the_home_did_not_open(
    qtbot: QtBot, qapp: QApplication, home: Path
) -> None:
    with sitting_at(home, qtbot, qapp) as sitting:
        with held_by_another_process(home):
            person = sitting.start()
            page = person.page
            assert isinstance(page, SignInPage)
            page.submitted.emit("rokafor", PASSWORD)
            error(person)
        try_again(person)
        person.until(lambda: isinstance(person.page, SignInPage), "the sign-in page")
        person.sign_in("rokafor")


def words_on(page: QWidget) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
