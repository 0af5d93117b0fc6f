"""The Status screen offers what the person may do."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QLineEdit

from console.models.sign_in import SignIn
from console.views import theme
from console.views.status.desks_card import DesksCard
from console.views.status.status_screen import StatusScreen
from console.views.theme import Scheme
from console.views.widgets import notice
from tests.support.desk import another_desk
from tests.support.windows import show
from tests.views.workspace_kit import Room


@pytest.mark.parametrize("who", ["administrator", "clinician"])
def test_only_who_may_describe_the_desk_can_type_what_it_is_called(
    room: Room, request: pytest.FixtureRequest, who: str
) -> None:
    sign_in: SignIn = request.getfixturevalue(who)
    screen = StatusScreen(room.seat(sign_in), {})
    show(room.qtbot, screen)
    names = ("Where this desk is", "Call-back number on sheets")
    fields = [field for field in screen.findChildren(QLineEdit) if field.accessibleName() in names]
    assert [field.isEnabled() for field in fields] == [who == "administrator"] * 2


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_fields_of_all_cards_begin_and_end_at_one_edge(
    room: Room, administrator: SignIn, qapp: QApplication, scale: float
) -> None:
    theme.apply(qapp, Scheme.DARK, scale)
    screen = StatusScreen(room.seat(administrator), {})
    screen.resize(1370, 800)
    show(room.qtbot, screen)
    fields = [field for field in screen.findChildren(QLineEdit) if field.isVisible()]
    edges = {(field.mapTo(screen, QPoint()).x(), field.width()) for field in fields}
    assert len(fields) == 8
    assert len(edges) == 1
    theme.apply(qapp, Scheme.DARK)


def test_an_administrator_retires_a_desk_with_the_second_press(
    room: Room, administrator: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(notice, "announce", lambda widget, words: heard.append(words))
    another_desk(room.desk)
    another_desk(room.desk, "C")
    card = DesksCard(room.seat(administrator))
    show(room.qtbot, card)
    room.until(lambda: len(card.lines) == 3)
    card.retire()
    assert "Desk B is then shut out" in card.said
    card._which.setCurrentIndex(1)
    card.retire()
    assert "Desk C is then shut out" in card.said
    assert card.lines == ["A: clinical, this desk", "B: operations", "C: operations"]
    card.retire()
    room.until(lambda: card.said == "Desk C is retired.")
    room.until(lambda: card.lines[-1] == "C: retired")
    assert card.said == heard[-1] == "Desk C is retired."
    assert card._said.isVisible()
    assert "Desk B is then shut out" in heard[0]
    assert card._which.count() == 1


def test_what_becomes_of_the_desks_name_is_read_out(
    room: Room, administrator: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(notice, "announce", lambda widget, words: heard.append(words))
    screen = StatusScreen(room.seat(administrator), {})
    show(room.qtbot, screen)
    screen._label.setText("Front room")
    screen._keep.click()
    room.until(lambda: heard == ["Saved."])
    assert screen._said.isVisible()


def test_who_administers_nothing_sees_the_desks_and_retires_none(room: Room, clinician: SignIn) -> None:
    another_desk(room.desk)
    card = DesksCard(room.seat(clinician))
    show(room.qtbot, card)
    room.until(lambda: card.lines == ["A: clinical, this desk", "B: operations"])
    assert card._retire.isHidden()
    assert card._which.isHidden()


def test_what_is_typed_while_the_desk_is_saved_stays(room: Room, administrator: SignIn) -> None:
    screen = StatusScreen(room.seat(administrator), {})
    show(room.qtbot, screen)
    room.type(screen._label, "Room 3")
    with room.busy_disk():
        screen._keep.click()
        room.type(screen._callback, "555-0100")
        screen._keep.setFocus()
    room.until(lambda: screen._said.text() == "Saved.")
    with room.qtbot.waitSignal(screen._refresher.loaded):
        screen._refresher.request()
    assert (screen._label.text(), screen._callback.text()) == ("Room 3", "555-0100")
