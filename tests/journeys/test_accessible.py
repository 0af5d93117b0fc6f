"""Every screen of the program by keyboard and by name."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.actions import encounters, flags
from console.app.program import TITLE
from console.views import theme
from console.views.entrance.passphrase_page import PassphrasePage
from console.views.entrance.sign_in_page import SignInPage
from console.views.entrance.wizard_page import WizardPage
from console.views.shell.keys import KeysOverlay
from console.views.shell.waiting_bar import WaitingBar
from console.views.shell.window import ConsoleWindow
from console.views.theme import Scheme
from console.views.widgets import ErrorState
from tests.support.access import is_accessible
from tests.support.sitting import Person, Sitting, off_gui, staff
from tests.support.traffic import Traffic


@pytest.fixture(params=[1.0, 2.0], ids=["100 %", "200 %"])
def sized(request: pytest.FixtureRequest, qapp: QApplication, first: Person) -> Person:
    """The first window on a small screen, at both ends of the scale of text."""
    theme.apply(qapp, Scheme.DARK, request.param)
    first.window.resize(1366, 768)
    return first


@pytest.fixture
def traffic(sitting: Sitting, traffic: Traffic) -> Traffic:
    desk = sitting.desk
    off_gui(lambda: flags.flag(desk, staff(desk, "dlang"), traffic.calls[0], "suicidal", "has a rope"))
    return traffic


def with_an_error() -> ErrorState:
    page = ErrorState()
    page.say("This desk could not be opened.", "The disk is away.", action="Try again")
    return page


def with_a_passphrase() -> WizardPage:
    page = WizardPage("America/Chicago")
    page.need_passphrase(True)
    return page


@pytest.mark.parametrize("make", [lambda: SignInPage("Westside 911"), PassphrasePage, with_a_passphrase, with_an_error])
def test_what_stands_before_the_work(
    qtbot: QtBot, qapp: QApplication, sitting: Sitting, first: Person, make: Callable[[], QWidget]
) -> None:
    window = first.window
    assert isinstance(window, ConsoleWindow)
    window.show_page(make())
    assert is_accessible(first) >= 1


def test_the_board_and_what_opens_on_it(sitting: Sitting, sized: Person, traffic: Traffic) -> None:
    first = sized
    first.sign_in("dlang")
    first.until(lambda: first.board.model.rows, "the flagged calls")
    assert is_accessible(first) > 5
    first.press("Ctrl+1", "3")
    first.until(lambda: len(first.board.model.rows) > 50, "the open calls")
    first.press("Down", "Down", "F2")
    first.until(lambda: first.board.flag_panel.isVisible(), "the reasons")
    assert is_accessible(first) > 8


@pytest.mark.parametrize(
    ("who", "keys"),
    [
        ("swhitfield", "Ctrl+3"),
        ("swhitfield", "Ctrl+5"),
        ("swhitfield", "Ctrl+4"),
        ("rokafor", "Ctrl+2"),
        ("auditor", "Ctrl+4"),
    ],
)
def test_the_other_screens(sitting: Sitting, sized: Person, traffic: Traffic, who: str, keys: str) -> None:
    first = sized
    first.sign_in(who)
    first.press(keys)
    if keys == "Ctrl+2":
        first.until(lambda: first.frame.directory.view.list.isVisible(), "the services")
    if keys == "Ctrl+5":
        first.until(lambda: first.frame.place("instruments").list.isVisible(), "the instruments")  # type: ignore[attr-defined]
    assert is_accessible(first) > 5


@pytest.mark.parametrize("who", ["rokafor", "dlang"])
def test_the_workspace_and_its_sections(sitting: Sitting, sized: Person, traffic: Traffic, who: str) -> None:
    first = sized
    first.sign_in(who)
    first.until(lambda: first.board.model.rows, "the flagged calls")
    first.press("Down", "F3" if who == "rokafor" else "Return")
    first.until(lambda: first.workspace.work.page is not None, "the page")
    if who == "rokafor":
        first.until(lambda: first.workspace.work.encounter is not None, "the encounter")
    for number, code in enumerate(("screen", "facts", "assess", "level", "advise", "services", "sheet", "dispose"), 1):
        if code in first.workspace.frame.codes:
            first.press(f"Alt+{number}")
            first.until(lambda code=code: first.workspace.frame.tabs.value == code, code)
            assert is_accessible(first) > 5, code


def test_an_encounter_without_a_call(sitting: Sitting, first: Person) -> None:
    desk = sitting.desk
    off_gui(lambda: encounters.start(desk, staff(desk, "rokafor"), "transferred"))
    first.sign_in("rokafor")
    first.until(lambda: first.sees(WaitingBar), "the encounter that waits")
    assert is_accessible(first) > 4
    first.press("F12")
    assert is_accessible(first) > 4
    first.press("1")
    first.until(lambda: first.workspace.work.encounter is not None, "the encounter")
    assert is_accessible(first) > 8


def test_the_list_of_keys_speaks_and_lets_go(sitting: Sitting, first: Person) -> None:
    first.sign_in("rokafor")
    first.until(lambda: first.focus is first.board.empty, "the board")
    before = first.focus
    first.press("F1")
    overlay = first.focus
    assert isinstance(overlay, KeysOverlay)
    assert overlay.accessibleName() == "Keys"
    assert "F12" in overlay.accessibleDescription()
    first.press("Tab")
    assert not overlay.isVisible()
    assert first.focus is before
    first.press("F1", "Ctrl+2")
    assert not overlay.isVisible()
    assert first.frame.directory.isVisible()


def test_the_strip(sitting: Sitting, first: Person, traffic: Traffic) -> None:
    sitting.program.open_strip(staff(sitting.desk, "dlang"))
    bar = sitting.program.strips[0].window
    strip = Person(sitting, bar)
    strip.until(lambda: bar.chips.isVisible(), "the strip")
    assert is_accessible(strip) >= 2
    strip.press("F2")
    strip.type("26-118-0001")
    strip.press("Return")
    strip.until(lambda: bar.reasons.isVisible(), "the reasons")
    assert is_accessible(strip) > 4


def test_titles_name_nobody(sitting: Sitting, first: Person, traffic: Traffic) -> None:
    first.sign_in("dlang")
    sitting.program.open_strip(staff(sitting.desk, "dlang"))
    titles = {widget.windowTitle() for widget in QApplication.topLevelWidgets() if widget.isVisible()}
    assert titles == {TITLE, f"{TITLE} strip"}
