"""While a person types or aims, whatever arrives takes neither the focus, nor a word, nor the row."""

from PySide6.QtWidgets import QApplication

from tests.support.sitting import Person, Sitting, off_gui
from tests.support.traffic import Traffic

CHANGES = 100
UPDATES = 200


def test_typing_goes_on_while_a_hundred_things_happen(sitting: Sitting, first: Person, traffic: Traffic) -> None:
    first.sign_in("rokafor")
    other = sitting.another()
    other.sign_in("dlang")
    call = traffic.calls[0]
    first.press("3")
    first.until(lambda: len(first.board.model.rows) > 50, "the open calls")
    first.board.select(call)
    first.press("F3")
    first.until(lambda: first.workspace.work.encounter is not None, "the encounter")
    pad = first.workspace.frame.pad.box.edit
    first.type("[]")
    first.press("Left")
    other.press("3")
    other.until(lambda: len(other.board.model.rows) > 50, "the open calls")
    first.sit()
    typed = ""
    for turn in range(CHANGES):
        off_gui(lambda turn=turn: traffic.happen(turn, call))
        letter = "abcdefghij"[turn % 10]
        # Straight to whatever has the focus: it is to be the note pad every time.
        assert QApplication.activeWindow() is first.window
        assert QApplication.focusWidget() is pad, f"the focus went after change {turn}"
        first.type(letter)
        typed += letter
        QApplication.processEvents()
        assert pad.toPlainText() == f"[{typed}]"
        assert pad.textCursor().position() == 1 + len(typed)
    talk = first.workspace.frame.talk.lines
    first.until(lambda: talk.lines and talk.lines[-1].text == f"line {CHANGES - CHANGES % 6}", "the last message")
    assert pad.toPlainText() == f"[{typed}]"
    assert pad.textCursor().position() == 1 + len(typed)
    assert QApplication.focusWidget() is pad
    first.press("Return")
    first.until(lambda: first.workspace.frame.pad.lines == (f"[{typed}]",), "the note, whole")


def test_the_row_one_means_stays_under_two_hundred_updates(sitting: Sitting, first: Person, traffic: Traffic) -> None:
    first.sign_in("dlang")
    board = first.board
    first.press("3")
    first.until(lambda: len(board.model.rows) > 50, "the open calls")
    first.press(*["Down"] * 30)
    meant, scrolled = board.selected, board.list.verticalScrollBar().value()
    assert meant is not None
    assert scrolled > 0, "so far down that the list had to scroll"
    standing = [row.call for row in board.model.rows]
    place = board.list.visualRect(board.model.index_of(meant))

    for turn in range(UPDATES):
        off_gui(lambda turn=turn: traffic.happen(turn, traffic.calls[0]))
        if turn % 10 == 0:
            QApplication.processEvents()
            assert board.selected == meant
    newest = f"26-118-{60 + max(turn for turn in range(UPDATES) if turn % 6 == 2):04d}"
    first.until(
        lambda: any(row.number == newest for row in board._held.new), "the last new call to wait behind the bar"
    )
    assert [row.call for row in board.model.rows] == standing
    assert board.selected == meant
    assert board.list.verticalScrollBar().value() == scrolled
    assert board.list.visualRect(board.model.index_of(meant)) == place
    assert QApplication.focusWidget() is board.list

    first.press("N")
    first.until(lambda: any(row.number == newest for row in board.model.rows), "what was held back")
    assert board.selected == meant
