"""Joining from the status screen, and what it says of sharing: on a real server, in a real window."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.actions import calls, people
from console.actions.acting import acting
from console.models.encounter import EncounterStarted
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.queries.status import desk_status
from console.sync import joining
from console.sync.status import SyncStatus, shared_status
from console.views import theme
from console.views.shell.status_line import server_tone
from console.views.status.status_screen import StatusScreen
from console.views.theme import Scheme
from console.views.widgets import FocusScrollArea
from tests.regional.servers import Server
from tests.support.confirming import share
from tests.support.entries import at
from tests.support.sharing import SharingDesk, until
from tests.support.windows import show
from tests.views.workspace_kit import Room
from wire.messages import Refusal
from wire.permissions import Role


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path / "server")
    yield running
    running.stop()


def screen_of(room: Room, who: SignIn) -> StatusScreen:
    screen = StatusScreen(room.seat(who), {})
    screen.resize(1100, 900)
    show(room.qtbot, screen)
    return screen


def fill(screen: StatusScreen, url: str, code: str, file: str = "") -> None:
    for line, words in zip(screen.sharing._fields, (url, code, file), strict=True):
        line.setText(words)
    QTest.keyClick(screen.sharing._code, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("center", "url", "file", "said"),
    [
        ("Northside", "http://sync.example.org:1", "", "would go over the network unprotected"),
        ("Northside", "http://127.0.0.1:1", "", "cannot be reached"),
        (
            "Northside",
            "{url}",
            "/no/such/file",
            "/no/such/file cannot be read as a certificate: No such file or directory.",
        ),
        ("", "{url}", "", "This code is not valid, or not any more"),
        ("Southside", "{url}", "", "This code is for southside; this desk was set up as northside"),
    ],
    ids=["plain http", "away", "no certificate", "wrong code", "another center"],
)
def test_what_does_not_lead_anywhere_says_why_and_joins_nothing(
    room: Room, administrator: SignIn, server: Server, center: str, url: str, file: str, said: str
) -> None:
    screen = screen_of(room, administrator)
    code = server.code(center) if center else "northside/AAAA-BBBB-CCCC-DDDD"
    fill(screen, url.format(url=server.url), code, file)
    room.until(lambda: said in screen.sharing.says)
    assert not room.desk.store.shares
    assert screen.sharing._code.text() == code, "what was typed stays"


def test_names_that_both_know_are_listed_before_anything_is_joined(
    room: Room, administrator: SignIn, server: Server, tmp_path: Path
) -> None:
    first = SharingDesk(tmp_path / "first", first=True).join(server.url, server.code())
    until(lambda: first.settled() and not first.waiting(), "the first desk's people")
    first.close()
    screen = screen_of(room, administrator)
    code = server.code()
    fill(screen, server.url, code)
    room.until(lambda: screen.sharing._join.isVisible())
    shared = "Known here and there by the same name, and one person from now on: "
    assert shared in screen.sharing.says
    assert administrator.name in screen.sharing.says.partition(shared)[2]
    assert not room.desk.store.shares, "nothing is joined by looking"
    screen.sharing._change.click()
    assert screen.sharing._address.isVisible()
    fill(screen, server.url, code)
    room.until(lambda: screen.sharing._join.isVisible())
    with room.qtbot.waitSignal(screen.joined):
        screen.sharing._join.click()
    assert room.desk.store.shares
    assert not screen.sharing._address.isVisible()
    assert "has joined" in screen.sharing.says


def test_a_desk_that_has_joined_joins_again_with_a_new_code_and_the_keyboard_alone(
    room: Room, administrator: SignIn, server: Server
) -> None:
    joining.join(room.desk.store, server.url, server.code())
    screen = screen_of(room, administrator)
    card, status = screen.sharing, shared_status(room.desk.store)
    screen.show_server(status, server_tone(status))
    assert not card._address.isVisible()
    assert card._again.accessibleName() == "Join again, with a new code from the operator"
    card._again.setFocus()
    QTest.keyClick(card._again, Qt.Key.Key_Space)
    assert "joins again with a new code: after it was revoked" in card.says
    assert card._address.text() == server.url
    assert QApplication.focusWidget() is card._code
    QTest.keyClicks(card._code, "northside/AAAA-BBBB-CCCC-DDDD")
    QTest.keyClick(card._code, Qt.Key.Key_Return)
    room.until(lambda: "not valid" in card.says)
    assert QApplication.focusWidget() is card._code
    card._code.selectAll()
    QTest.keyClicks(card._code, server.code())
    QTest.keyClick(card._code, Qt.Key.Key_Return)
    room.until(lambda: QApplication.focusWidget() is card._join)
    assert "This code is for Northside, as desk" in card.says
    screen.show_server(status, server_tone(status))  # sharing tells of itself meanwhile
    with room.qtbot.waitSignal(screen.joined):
        QTest.keyClick(card._join, Qt.Key.Key_Space)
    assert "This desk has joined Northside. It connects." in card.says
    assert not card._address.isVisible()
    assert QApplication.focusWidget() is card._again


def test_what_a_code_was_refused_for_is_seen_at_twice_the_size(
    room: Room, administrator: SignIn, qapp: QApplication
) -> None:
    share(room.desk)
    theme.apply(qapp, Scheme.DARK, 2.0)
    screen = screen_of(room, administrator)
    screen.resize(1366, 700)
    card, status = screen.sharing, shared_status(room.desk.store)
    screen.show_server(status, server_tone(status))
    card._again.setFocus()
    QTest.keyClick(card._again, Qt.Key.Key_Space)
    fill(screen, "http://127.0.0.1:1", "northside/AAAA-BBBB-CCCC-DDDD")
    view = screen.findChildren(FocusScrollArea)[0].viewport()

    def seen(part: QWidget) -> bool:
        return part.isVisible() and view.rect().contains(QRect(part.mapTo(view, QPoint(0, 0)), part.size()))

    room.until(lambda: "cannot be reached" in card.says and seen(card._problem) and seen(card._code))
    theme.apply(qapp, Scheme.DARK)


def test_who_thinks_better_of_joining_again_leaves_everything_as_it_was(room: Room, administrator: SignIn) -> None:
    share(room.desk)
    screen = screen_of(room, administrator)
    card, status = screen.sharing, shared_status(room.desk.store)
    screen.show_server(status, server_tone(status))
    before = card.says
    card._again.click()
    fill(screen, "http://127.0.0.1:1", "northside/AAAA-BBBB-CCCC-DDDD")
    room.until(lambda: "cannot be reached" in card.says)
    card._leave.setFocus()
    QTest.keyClick(card._leave, Qt.Key.Key_Space)
    assert card.says == before
    assert QApplication.focusWidget() is card._again
    assert shared_status(room.desk.store) == status


def test_only_an_administrator_is_asked_to_join(room: Room, clinician: SignIn) -> None:
    screen = screen_of(room, clinician)
    assert not screen.sharing._address.isVisible()
    assert "An administrator can have this desk join" in screen.sharing.says
    status = SyncStatus("live", 0, 0, "live", server="https://sync.example.org")
    screen.show_server(status, server_tone(status))
    assert not screen.sharing._again.isVisible()


def test_it_says_how_far_the_clock_and_the_journals_are(room: Room, clinician: SignIn) -> None:
    screen = screen_of(room, clinician)
    journals = (("northside/administration", 12, 0), ("northside/operations", 5230, 4100))
    status = SyncStatus("live", 2, 0, "live", "Live.", None, 61.0, "https://sync.example.org", 1, journals)
    screen.show_server(status, server_tone(status))
    says = screen.sharing.says
    assert "Live. 2 to send." in says
    assert "https://sync.example.org" in says
    assert "This desk's clock is 61 s behind the server's: correct it." in says
    calls = "calls (the newest 1,130 of 5,230 entries, the older ones still to come)."
    assert f"Here of what the desks share: people and settings (12 entries); {calls}" in says


def test_a_clock_that_was_not_compared_yet_is_said_to_be_unknown(room: Room, clinician: SignIn) -> None:
    screen = screen_of(room, clinician)
    status = SyncStatus("live", 0, 0, "live", "Live.", server="https://sync.example.org")
    screen.show_server(status, server_tone(status))
    assert "clock is from the server's is not known yet" in screen.sharing.says


def test_what_a_server_refused_is_listed_with_what_to_do_and_offered_again(room: Room, administrator: SignIn) -> None:
    share(room.desk)
    people.add_person(room.desk, administrator, "newcomer", "meadow-gravel-58", (Role.CLINICIAN,))
    refuse_all(room.desk, Refusal.PERSON, "Nobody by this name.")
    screen = screen_of(room, administrator)
    screen.look()
    room.until(lambda: "Nobody by this name." in screen._attention.text())
    assert "An administrator adds the person under People" in screen._attention.text()
    assert "Add people (" in screen._attention.text(), "what was refused is said in the field's words"
    with room.qtbot.waitSignal(screen.offered_again):
        QTest.keyClick(screen, Qt.Key.Key_O, Qt.KeyboardModifier.AltModifier)
    room.until(lambda: not screen._again.isVisible())
    assert desk_status(room.desk, administrator).refused == 0


def test_what_somebody_else_has_to_look_at_is_counted_and_not_called_nothing(
    room: Room, clinician: SignIn, dispatcher: SignIn
) -> None:
    call = room.claimed(clinician)
    share(room.desk)
    for number in range(13):
        calls.message(room.desk, clinician, call, f"line {number}")
    with acting(room.desk, clinician) as act:
        act.add(uuid4(), EncounterStarted(at(), "flag", call))
    refuse_all(room.desk, Refusal.PERSON, "Nobody by this name.")
    found = desk_status(room.desk, dispatcher)
    assert (found.refused, found.needing, found.hidden) == (14, 13, 1)
    screen = screen_of(room, dispatcher)
    screen.look()
    room.until(lambda: "may not read" in screen._attention.text())
    assert screen._attention.text().splitlines()[12:] == [
        "and 1 more",
        "1 entry needs attention that you may not read: somebody who may sees why, signed in here.",
    ]


def test_what_the_desk_had_begun_elsewhere_is_one_line_and_needs_nothing(room: Room, administrator: SignIn) -> None:
    share(room.desk)
    for name in ("one", "two"):
        people.add_person(room.desk, administrator, name, "meadow-gravel-58", (Role.CLINICIAN,))
    refuse_all(room.desk, Refusal.SETTLED, "The center's administration is settled by the desk that founded it.")
    screen = screen_of(room, administrator)
    screen.look()
    room.until(lambda: "entries of this desk are settled" in screen._attention.text())
    lines = screen._attention.text().splitlines()
    assert lines[0] == "Nothing: every entry makes sense where it stands."
    assert len(lines) == 2
    assert not screen._again.isVisible()


def refuse_all(desk: Desk, code: Refusal, reason: str) -> None:
    with desk.store.write() as transaction:
        rows = transaction.connection.exec_driver_sql("SELECT id FROM outbox JOIN entry USING (place)").all()
        for row in rows:
            transaction.refuse(UUID(bytes=row[0]), reason, code=code.value)
