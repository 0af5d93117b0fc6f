"""What stands around the board: the keys that work from everywhere, what says DRILL, and nothing said twice."""

from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.bridge.sound import Hearing, SoundState
from console.views.board import BOARD_KEYS
from console.views.directory import DIRECTORY_KEYS
from console.views.entrance.sign_in_page import SignInPage
from console.views.shell.keys import KeysOverlay
from console.views.strip import STRIP_KEYS
from console.views.theme import Scheme, apply
from console.views.widgets import SectionHeader, Watermark
from console.views.workspace import WORKSPACE_KEYS
from tests.support.sitting import Person, playing_a_drill
from tests.support.traffic import Traffic


@pytest.fixture
def dispatcher(first: Person, traffic: Traffic) -> Person:
    first.sign_in("dlang")
    first.press("3")
    first.until(lambda: len(first.board.model.rows) > 20, "the open calls")
    return first


def overlay(person: Person) -> KeysOverlay:
    person.press("F1")
    shown = person.focus
    assert isinstance(shown, KeysOverlay)
    return shown


def headings(shown: KeysOverlay) -> list[str]:
    return [each.text().casefold() for each in shown.findChildren(SectionHeader)]


# -- Esc ---------------------------------------------------------------------------------------------------------------

AROUND = ("Flagged", "Filter calls", "Calls", "Sign out", "Directory", "Keys")


@pytest.mark.parametrize("name", AROUND)
def test_escape_clears_the_filter_wherever_around_the_rows_the_focus_is(dispatcher: Person, name: str) -> None:
    board = dispatcher.board
    before = len(board.model.rows)
    dispatcher.press("/")
    dispatcher.type("welfare")
    dispatcher.until(lambda: 0 < len(board.model.rows) < before, "fewer calls")
    controls = [each for each in dispatcher.frame.findChildren(QWidget) if each.isVisible() and each.isEnabled()]
    here = next(each for each in controls if each.accessibleName().split(",")[0] == name)
    here.setFocus()
    assert here.hasFocus()
    dispatcher.press("Esc")
    dispatcher.until(lambda: len(board.model.rows) == before, "all the calls again")
    assert board.head.filter.text() == ""
    assert dispatcher.focus is board.list


# -- keys --------------------------------------------------------------------------------------------------------------


def test_the_list_of_keys_has_every_screen_of_this_person(dispatcher: Person) -> None:
    shown = overlay(dispatcher)
    assert sorted(headings(shown)) == ["board", "call", "directory", "everywhere", "strip"]
    for _, what in (*BOARD_KEYS, *WORKSPACE_KEYS, *DIRECTORY_KEYS, *STRIP_KEYS):
        assert what in shown.accessibleDescription()
    assert not [mark for mark in shown.findChildren(Watermark) if mark.isVisible()]


def test_who_has_no_strip_and_no_board_is_not_told_their_keys(first: Person) -> None:
    first.sign_in("auditor")
    assert headings(overlay(first)) == ["everywhere", "directory"]


def test_who_assesses_is_told_the_keys_of_an_assessment(first: Person) -> None:
    first.sign_in("rokafor")
    assert headings(overlay(first))[:4] == ["everywhere", "board", "call", "assessment"]


@pytest.mark.parametrize(("scale", "width", "height"), [(1.0, 1366, 768), (2.0, 1366, 768), (1.0, 900, 600)])
def test_every_key_can_be_brought_into_view(
    qapp: QApplication, dispatcher: Person, scale: float, width: int, height: int
) -> None:
    apply(qapp, Scheme.DARK, scale)
    dispatcher.window.resize(width, height)
    shown = overlay(dispatcher)
    QApplication.processEvents()
    unseen = {each for each in shown.findChildren(SectionHeader) if each.visibleRegion().isEmpty()}
    assert shown.rect() == dispatcher.frame.rect()
    for _ in range(60):
        unseen -= {each for each in unseen if not each.visibleRegion().isEmpty()}
        if not unseen:
            break
        dispatcher.press("Down")
    assert unseen == set()
    dispatcher.press("End")
    assert shown.isVisible() is (scale == 2.0 or height == 600)


# -- a drill says so ---------------------------------------------------------------------------------------------------


def marked(widget: QWidget) -> bool:
    """Whether the mark of a drill can be seen on ``widget``."""
    marks = [each for each in widget.findChildren(Watermark) if each.isVisible()]
    return any(mark.visibleRegion().boundingRect() == mark.rect() for mark in marks)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_screen_of_a_drill_says_so(qtbot: QtBot, qapp: QApplication, scale: float) -> None:
    with playing_a_drill(qtbot, qapp, seed=7) as (sitting, _):
        apply(qapp, Scheme.DARK, scale)
        person = sitting.first()
        person.window.resize(1366, 768)
        person.until(lambda: person.board.model.rows, "calls")
        QApplication.processEvents()
        for keys in ("Ctrl+1", "Ctrl+2", "Ctrl+4"):
            person.press(keys)
            assert marked(person.window), keys
        assert marked(overlay(person))
        person.press("Esc", "Ctrl+1", "Down", "F3")
        person.until(lambda: person.workspace.work.page is not None, "the call")
        assert marked(person.window)
        assert marked(sitting.program.strips[0].window)
        stranger = sitting.another()
        assert isinstance(stranger.page, SignInPage)
        assert marked(stranger.window)


def test_real_work_is_not_marked_as_a_drill(first: Person) -> None:
    assert not marked(first.window)
    first.sign_in("dlang")
    assert not marked(first.window)


# -- said once ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", ["Ctrl+1", "Ctrl+2"])
def test_that_there_is_no_sound_is_said_in_one_place(dispatcher: Person, keys: str) -> None:
    dispatcher.frame.show_sound(SoundState(Hearing.UNAVAILABLE, "no sound device"))
    dispatcher.press(keys)
    said = [
        each
        for each in dispatcher.frame.findChildren(QWidget)
        if each.isVisible() and "no sound device" in each.accessibleName().casefold()
    ]
    assert len(said) == 1


# -- there is room for it ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "height"), [(900, 600), (1366, 768)])
def test_the_bottom_line_stays_within_the_window(dispatcher: Person, width: int, height: int) -> None:
    dispatcher.window.resize(width, height)
    line = dispatcher.frame.status_line
    line.show_saved(datetime(2026, 11, 22, 3, 14, 8, tzinfo=UTC))
    for why in ("", "The disk is full. " * 20, ""):
        line.show_unsaved(why)
        QApplication.processEvents()
        parts = [each for each in line.findChildren(QWidget) if each.isVisible()]
        assert all(line.rect().contains(each.geometry()) for each in parts), why
        assert line.saved.startswith("NOT SAVED" if why else ("All changes saved", "Saved"))


@pytest.mark.parametrize("why", ["", "The disk that holds /a/long/path is full or failing. " * 4])
def test_a_window_made_wider_gives_the_board_its_share(dispatcher: Person, why: str) -> None:
    dispatcher.window.resize(900, 700)
    dispatcher.press("Down", "Return")
    dispatcher.until(lambda: dispatcher.workspace.work.page is not None, "the call")
    assert not dispatcher.board.isVisible()
    if why:
        dispatcher.workspace.work.saver.refuse("note", why)
    dispatcher.window.resize(1366, 768)
    QApplication.processEvents()
    assert dispatcher.board.isVisible()
    assert dispatcher.board.width() > 500


# -- Alt+B -------------------------------------------------------------------------------------------------------------


def test_alt_b_goes_to_the_board_in_a_wide_window_and_in_a_narrow_one(dispatcher: Person) -> None:
    page, board = dispatcher.frame.board_page, dispatcher.board
    for width in (1400, 800):
        dispatcher.window.resize(width, 800)
        board.select(board.model.rows[0].call)
        dispatcher.press("Return")
        dispatcher.until(lambda: page._call_open and page.workspace.work.page is not None, "the call")
        dispatcher.press("Alt+T")
        assert page.workspace.isAncestorOf(dispatcher.focus)
        dispatcher.press("Alt+Q", "Alt+B")
        assert board.isVisible()
        assert board.isAncestorOf(dispatcher.focus)
        assert page._call_open is (width == 1400)
        assert page.workspace.frame.talk.box.text() == ""
