"""What is typed for a flag survives: closing the panel, another call, a refusal, the end of the program."""

from uuid import UUID

import pytest
from PySide6.QtCore import Qt

from console.actions import flags, lengths
from console.bridge.sound import Ringer, SilentPlayer
from console.models.sign_in import SignIn
from console.queries.center import read_center
from console.queries.drafts import draft
from console.views.shell.board_page import BoardPage
from console.views.shell.strip_desk import StripDesk
from tests.support.windows import show
from tests.views.workspace_kit import Room, press


def kept(room: Room, who: SignIn, name: str) -> str:
    found = draft(room.desk, who, name)
    return found.text if found else ""


def board(room: Room, who: SignIn) -> BoardPage:
    page = BoardPage(room.seat(who), read_center(room.desk))
    page.resize(1200, 700)
    with room.qtbot.waitSignal(page.ready):
        show(room.qtbot, page)
    return page


def ask(room: Room, page: BoardPage, who: SignIn, call: UUID, *, back: bool = False) -> None:
    row = room.page(who, call).row
    assert row is not None
    panel = page.board.flag_panel
    (panel.ask_back if back else panel.ask)(row)


@pytest.fixture
def two(room: Room) -> tuple[UUID, UUID]:
    return room.cad.call("26-1"), room.cad.call("26-2")


def test_words_of_a_flag_are_a_draft_until_the_flag_is_in_the_record(
    room: Room, dispatcher: SignIn, two: tuple[UUID, UUID]
) -> None:
    first, second = two
    page = board(room, dispatcher)
    panel = page.board.flag_panel
    ask(room, page, dispatcher, first)
    with room.qtbot.waitSignals([page.saving, page.saved], order="strict"):
        room.type(panel.words, "says goodbye")
    room.until(lambda: kept(room, dispatcher, f"flag:{first}") == "says goodbye")
    ask(room, page, dispatcher, second)
    assert panel.words.text() == "", "another call has words of its own"
    panel.dismiss()
    again = board(room, dispatcher)  # as after the program was started again
    panel = again.board.flag_panel
    ask(room, again, dispatcher, first)
    room.until(lambda: panel.words.text() == "says goodbye")
    assert panel._reasons is not None
    panel._reasons.answer("1")
    press(panel.words, Qt.Key.Key_Return)
    room.until(lambda: kept(room, dispatcher, f"flag:{first}") == "")
    flag = room.page(dispatcher, first).state.flag  # type: ignore[union-attr]
    assert flag is not None
    assert flag.words == "says goodbye"


def test_closing_the_panel_keeps_what_was_typed_at_once(room: Room, dispatcher: SignIn, two: tuple[UUID, UUID]) -> None:
    page = board(room, dispatcher)
    panel = page.board.flag_panel
    ask(room, page, dispatcher, two[0])
    room.type(panel.words, "he")
    panel.dismiss()
    ask(room, page, dispatcher, two[0])
    assert panel.words.text() == "he"
    panel.words.clear()
    room.type(panel.words, "x")
    press(panel.words, Qt.Key.Key_Backspace)
    panel.dismiss()
    room.until(lambda: kept(room, dispatcher, f"flag:{two[0]}") == "")


def test_the_reason_of_a_withdrawal_is_a_draft_of_its_own(
    room: Room, dispatcher: SignIn, two: tuple[UUID, UUID]
) -> None:
    room.do(flags.flag, dispatcher, two[0], "other")
    page = board(room, dispatcher)
    panel = page.board.flag_panel
    ask(room, page, dispatcher, two[0], back=True)
    room.type(panel.words, "wrong call")
    page.flush()
    room.until(lambda: kept(room, dispatcher, f"unflag:{two[0]}") == "wrong call")
    press(panel.words, Qt.Key.Key_Return)
    room.until(lambda: kept(room, dispatcher, f"unflag:{two[0]}") == "")
    assert room.page(dispatcher, two[0]).state.flag is None  # type: ignore[union-attr]


def test_words_too_long_for_a_flag_are_not_cut(room: Room, dispatcher: SignIn, two: tuple[UUID, UUID]) -> None:
    page = board(room, dispatcher)
    panel = page.board.flag_panel
    ask(room, page, dispatcher, two[0])
    panel.words.setText("x" * (lengths.FLAG + 1))
    assert panel.complaint.text() == "501 of 500 characters: 1 too many"
    assert panel._reasons is not None
    panel._reasons.answer("1")
    assert panel._reasons.values
    press(panel.words, Qt.Key.Key_Return)
    room.until(lambda: "at most 500 fit" in panel.complaint.text())
    assert len(panel.words.text()) == lengths.FLAG + 1


def test_words_on_the_strip_follow_the_number_and_survive(
    room: Room, dispatcher: SignIn, two: tuple[UUID, UUID]
) -> None:
    strip = StripDesk(room.seat(dispatcher), read_center(room.desk), Ringer(SilentPlayer(), lambda: 0.0), room.bridge)
    show(room.qtbot, strip.window)
    reasons = strip.window.reasons
    reasons.ask("26-9")
    room.type(reasons.words, "on a roof")
    strip.flush()
    room.until(lambda: kept(room, dispatcher, "flag:#26-9") == "on a roof")
    reasons.ask("26-1")
    strip.flush()
    room.until(lambda: kept(room, dispatcher, "flag:#26-1") == "on a roof")
    assert kept(room, dispatcher, "flag:#26-9") == "", "the words went with the number"
    reasons._reasons.answer("1")
    press(reasons.words, Qt.Key.Key_Return)
    room.until(lambda: kept(room, dispatcher, "flag:#26-1") == "")
    assert room.page(dispatcher, two[0]).state.flag.words == "on a roof"  # type: ignore[union-attr]
    strip.window.close()


def test_a_call_typed_in_by_hand_survives_until_it_is_one(room: Room, dispatcher: SignIn) -> None:
    page = board(room, dispatcher)
    panel = page.board.entry_panel
    panel.ask()
    room.type(panel.fields["Type"], "Man on the bridge")
    room.type(panel.fields["Words"], "caller walks beside him")
    room.until(lambda: kept(room, dispatcher, "call.Words") == "caller walks beside him")
    again = board(room, dispatcher)
    panel = again.board.entry_panel
    panel.ask()
    room.until(lambda: panel.fields["Type"].text() == "Man on the bridge")
    room.until(lambda: panel.fields["Words"].text() == "caller walks beside him")
    panel.fields["Place"].setText("y" * (lengths.PLACE + 1))
    assert panel.complaint.text() == "Place: 201 of 200 characters: 1 too many"
    press(panel.fields["Type"], Qt.Key.Key_Return)
    room.until(lambda: "at most 200 fit" in panel.complaint.text())
    assert len(panel.fields["Place"].text()) == lengths.PLACE + 1
    panel.fields["Place"].setText("5th St bridge")
    press(panel.fields["Type"], Qt.Key.Key_Return)
    room.until(lambda: not panel.asking)
    room.until(lambda: kept(room, dispatcher, "call.Type") == kept(room, dispatcher, "call.Words") == "")
