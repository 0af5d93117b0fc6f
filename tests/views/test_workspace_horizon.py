"""The page of a call that this desk dropped, and of one that somebody works on again."""

from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from console.models.call import CallFlagged
from console.models.sign_in import SignIn
from console.models.store.horizon import DROPPED
from console.queries.board import PAST_HORIZON
from tests.support.entries import Author, at
from tests.support.old_calls import old_call, sweep, told
from tests.views.workspace_kit import Room, press


def test_a_call_past_the_horizon_says_so_where_it_is_opened(room: Room, clinician: SignIn) -> None:
    room.desk.store.append([*told("26-1", at(-150 * 86_400)), *told("26-2", at())])
    assert sweep(room.desk) == 1
    page = room.workspace(clinician)
    page.show_call(old_call("26-1"))
    room.until(lambda: page._states.currentWidget() is page._error)
    assert (page._error.title, page._error.sentence) == (PAST_HORIZON, DROPPED)
    assert page._error.action is None, "to try again is of no use"
    page.show_call(uuid4())  # another desk's, which may come yet
    room.until(lambda: page._error.action is not None)
    assert "not known here" in page._error.sentence


def test_one_that_a_colleague_takes_up_again_is_a_page_with_what_is_left(room: Room, clinician: SignIn) -> None:
    room.desk.store.append([*told("26-1", at(-150 * 86_400)), *told("26-2", at())])
    sweep(room.desk)
    room.desk.store.append([Author("other").write(old_call("26-1"), CallFlagged("suicidal", at()))])
    page = room.open(clinician, old_call("26-1"))
    said = [label.text() for label in page.findChildren(QLabel)]
    assert any(PAST_HORIZON in words for words in said)
    assert not any("No call is bound" in words for words in said)
    press(page, Qt.Key.Key_F3)
    room.until(lambda: page.work.page is not None and page.work.page.clinical is not None)
