"""The disk fills up while a clinician works: the screen says so, no word is lost, all is kept once there is room."""

from collections.abc import Callable
from itertools import count
from uuid import UUID

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from console.actions import calls, drafts, flags
from console.errors import TryAgain
from console.models.store.desk import Desk
from console.queries.workspace import Workspace, workspace
from console.views.workspace import saving
from tests.support.sitting import Person, Sitting, off_gui, staff
from tests.support.traffic import Traffic

RETRY_MS = 50
WORDS = "he talks of the rope " * 90
FULL = "NOT SAVED: The disk that holds"


@pytest.fixture(autouse=True)
def _tries_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "RETRY_MS", RETRY_MS)


@pytest.fixture
def call(sitting: Sitting, first: Person, traffic: Traffic) -> UUID:
    desk, made = sitting.desk, traffic.calls[0]
    off_gui(lambda: flags.flag(desk, staff(desk, "dlang"), made, "suicidal", "has a rope"))
    first.sign_in("rokafor")
    first.until(lambda: first.board.model.rows, "the flagged call")
    first.press("Down", "F3")
    first.until(lambda: first.workspace.work.encounter is not None, "the encounter")
    return made


def limit(desk: Desk, pages: int) -> None:
    with desk.store.write() as transaction:
        transaction.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


def fill(desk: Desk, call: UUID) -> None:
    """Leave no room for anything: the store may take no page more, and those it has are filled."""
    with desk.store.read() as connection:
        pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
    limit(desk, pages)
    dispatcher, numbers = staff(desk, "dlang"), count()
    fillings: tuple[Callable[[str], object], ...] = (
        lambda words: calls.message(desk, dispatcher, call, words),
        lambda words: drafts.keep(desk, dispatcher, f"gap {next(numbers)}", words),
    )
    for put in fillings:
        size = 900
        while size:
            try:
                put("x" * size)
            except TryAgain:
                size //= 2


def seen(person: Person, desk: Desk, call: UUID) -> Workspace:
    return off_gui(lambda: workspace(desk, staff(desk, "rokafor"), call))


def paste(words: str, person: Person) -> None:
    QApplication.clipboard().setText(words)
    person.press("Ctrl+V")


def says(person: Person) -> tuple[str, str]:
    """What note pad and bottom line say of saving."""
    return person.workspace.frame.pad.status, person.frame.status_line.saved


def is_full(person: Person) -> bool:
    return all(words.startswith(FULL) for words in says(person))


def is_kept(person: Person) -> bool:
    return all(words.startswith("All changes saved") for words in says(person))


def test_words_stay_and_are_kept_when_there_is_room_again(sitting: Sitting, first: Person, call: UUID) -> None:
    desk, pad = sitting.desk, first.workspace.frame.pad
    first.press("Alt+N")
    first.until(lambda: first.workspace.work.saver.words != "saving…", "everything to be kept")
    off_gui(lambda: fill(desk, call))
    paste(WORDS, first)
    first.until(lambda: is_full(first), "the page to say that it is not kept")
    first.press("Return")
    first.until(lambda: pad.notice.text(), "the refusal")
    assert pad.box.text() == WORDS
    assert pad.lines == ()
    assert pad.box.edit.hasFocus()
    first.type("again")
    first.until(lambda: is_full(first), "the page to say so still")
    assert "note" not in "".join(seen(first, desk, call).drafts)

    off_gui(lambda: limit(desk, 1_000_000))
    first.until(lambda: is_kept(first), "what was typed to be kept by itself")
    kept = [draft.text for draft in seen(first, desk, call).drafts.values()]
    assert kept == [WORDS + "again"]
    assert pad.box.text() == WORDS + "again"
    assert pad.notice.text().startswith("There is room again"), "nothing says any more that the disk is full"
    first.press("Return")
    first.until(lambda: pad.notice.text() == "", "the line to be entered")
    first.until(lambda: pad.lines == (WORDS + "again",), "the note")


def test_facts_and_answers_are_kept_when_there_is_room_again(sitting: Sitting, first: Person, call: UUID) -> None:
    desk, page = sitting.desk, first.workspace
    first.press("Alt+3", "Ctrl+Return")
    assess = page.frame.sections["assess"]
    first.until(lambda: assess.view is not None, "the first question")
    first.press("Alt+2")
    row = page.frame.sections["facts"].rows["animals"]
    first.until(lambda: page.work.saver.words != "saving…", "everything to be kept")
    off_gui(lambda: fill(desk, call))
    first.go_to(row.edit.accessibleName())
    first.type("two dogs, loose")
    first.press("Alt+3")
    first.until(lambda: row.under.startswith(FULL), "the fact to say that it is not kept")
    first.press("2")
    first.until(lambda: assess.notice.text().startswith(FULL), "the answer to say that it is not kept")
    assert is_full(first)
    assert row.edit.text() == "two dogs, loose"
    found = seen(first, desk, call)
    assert found.state is not None
    assert "animals" not in found.state.facts

    off_gui(lambda: limit(desk, 1_000_000))
    first.until(lambda: is_kept(first), "the fact and the answer to be kept by themselves")
    found = seen(first, desk, call)
    assert found.state is not None
    assert found.state.facts["animals"].value == "two dogs, loose"
    assert found.clinical is not None
    (instrument,) = found.clinical.assessments.values()
    assert len(instrument.answers) == 1
    assert found.drafts == {}
    assert assess.notice.text() == ""
    first.press("Alt+2")
    first.until(lambda: not row.under.startswith("NOT SAVED"), "the row to say who stated it")


def test_an_act_elsewhere_does_not_say_that_all_is_saved(sitting: Sitting, first: Person, call: UUID) -> None:
    desk = sitting.desk
    first.press("Alt+N")
    first.until(lambda: first.workspace.work.saver.words != "saving…", "everything to be kept")
    off_gui(lambda: fill(desk, call))
    paste(WORDS, first)
    first.until(lambda: is_full(first), "the page to say that it is not kept")
    first.frame.board_page._kept(None)
    assert is_full(first)


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (900, 600)])
def test_a_long_reason_widens_no_window(first: Person, call: UUID, width: int, height: int) -> None:
    first.window.resize(width, height)
    first.workspace.work.saver.refuse("note", "The disk that holds " + "/a/very/long/path" * 30 + " is full.")
    QApplication.processEvents()
    assert (first.window.width(), first.window.height()) == (width, height)
    status: QWidget = first.frame.status_line
    assert status.width() == width
    assert first.frame.status_line.saved.startswith(FULL)
